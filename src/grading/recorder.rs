//! Hears the events of a run, grants each test its budget, and keeps what it heard over all instances of a submission.

use super::outcome::Stop;
use super::protocol::{self, Ended};
use crate::domain::limits::Limits;
use crate::domain::report::{Diagnostic, Usage, milliseconds};
use crate::domain::verdict::TestStatus;
use crate::sandbox::contract::{Event, Planned};
use crate::sandbox::{Control, Observer};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Most tests that a plan may name; a run that names more is refused.
const MAX_TESTS: usize = 5000;

/// Most bytes of all texts in a report.
const MAX_TEXT_BYTES: usize = 4 << 20;

/// Most bytes that a run which grades nothing may print.
pub const MAX_OUTPUT_OF_TOOLS: usize = 64 << 10;

/// One test's result, with what the host measured and took.
pub struct Recorded {
    /// The result as the runtime told it, or as the host made it.
    pub ended: Ended,
    /// Printed during the test.
    pub output: String,
    /// Used during the test.
    pub usage: Usage,
}

impl Recorded {
    /// Takes the bytes of its texts from what a report has room for, and gives the texts up where they do not fit.
    fn fit(&mut self, room: &mut usize) {
        let Ended {
            message,
            expected,
            actual,
            traceback,
            subtests,
            ..
        } = &mut self.ended;
        let optional = [&*expected, &*actual, &*traceback];
        let parts = subtests.iter().map(|part| part.params.len() + part.message.len());
        let bytes = message.len()
            + self.output.len()
            + optional.into_iter().flatten().map(String::len).sum::<usize>()
            + parts.sum::<usize>();
        if bytes <= *room {
            *room -= bytes;
            return;
        }
        "What this test said is left out, because the report is too long.".clone_into(message);
        (*expected, *actual, *traceback) = (None, None, None);
        subtests.clear();
        self.output.clear();
    }
}

struct Running {
    name: String,
    used: u64,
    since: Instant,
}

/// What is known of a submission so far.
pub struct Recorder {
    limits: Limits,
    /// Every test found, in file order.
    pub plan: Vec<Planned>,
    /// Results, in the order of their ending.
    pub results: Vec<Recorded>,
    /// Test files that could not be imported, with the reason.
    pub load_errors: Vec<(String, Diagnostic)>,
    /// Printed outside the tests.
    pub output: String,
    /// Used by all instances.
    pub usage: Usage,
    planned: bool,
    running: Option<Running>,
    used_before: u64,
    logged: u32,
    room: usize,
}

/// Most lines of a grader that are logged in one run.
const MAX_LOGGED: u32 = 20;

fn check_plan(tests: &[Planned]) -> Result<(), String> {
    if tests.len() > MAX_TESTS {
        return Err(format!("{} tests; at most {MAX_TESTS} are graded", tests.len()));
    }
    let mut names = BTreeSet::new();
    for test in tests {
        if test.name.is_empty() || test.name.chars().count() > 1000 || !names.insert(test.name.as_str()) {
            return Err(format!(
                "a test's name is unique and has 1 to 1000 characters: {:?}",
                test.name
            ));
        }
        if test.points.is_some_and(|points| !(0.0..=1e6).contains(&points)) {
            return Err(format!("test {:?}: points are a number from 0 to 1000000", test.name));
        }
    }
    Ok(())
}

impl Recorder {
    /// Nothing heard yet.
    pub fn new(limits: Limits) -> Self {
        let usage = Usage {
            peak_memory_bytes: Some(0),
            cpu_ms: Some(0.0),
            ..Usage::default()
        };
        Self {
            limits,
            plan: Vec::new(),
            results: Vec::new(),
            load_errors: Vec::new(),
            output: String::new(),
            usage,
            planned: false,
            running: None,
            used_before: 0,
            logged: 0,
            room: MAX_TEXT_BYTES,
        }
    }

    /// Instructions that the submission may still use.
    pub fn left(&self) -> u64 {
        self.limits.whole_instructions().saturating_sub(self.used_before)
    }

    /// An instance has ended: adds up what it used.
    pub fn ended(&mut self, instructions: u64, peak_memory: u64, wall: Duration, output: String) {
        let wall_ms = milliseconds(wall);
        if let Some(running) = self.running.take() {
            let usage = Usage {
                instructions: instructions.saturating_sub(running.used),
                wall_ms: milliseconds(running.since.elapsed()),
                ..Usage::default()
            };
            let ended = Ended {
                name: running.name,
                status: TestStatus::Error,
                share: None,
                message: String::new(),
                expected: None,
                actual: None,
                traceback: None,
                kind: None,
                subtests: Vec::new(),
            };
            let fits = output.len() <= self.room;
            let output = if fits { output } else { String::new() };
            self.room -= output.len();
            self.results.push(Recorded { ended, output, usage });
        } else {
            self.keep_output(&output);
        }
        self.used_before += instructions;
        self.usage.instructions += instructions;
        self.usage.wall_ms += wall_ms;
        self.usage.cpu_ms = self.usage.cpu_ms.map(|ms| ms + wall_ms);
        self.usage.peak_memory_bytes = self.usage.peak_memory_bytes.max(Some(peak_memory));
    }

    /// The instance ended before its job was done: the test that was at hand, if any, ended so too.
    pub fn stopped(&mut self, stop: &Stop) {
        if let Some(Recorded { ended, .. }) = self.results.last_mut()
            && ended.message.is_empty()
            && ended.kind.is_none()
            && ended.status == TestStatus::Error
        {
            ended.status = stop.status;
            ended.message.clone_from(&stop.message);
            ended.kind = Some(stop.kind.to_owned());
        }
    }

    /// Names of the tests that have a result.
    pub fn reported(&self) -> BTreeSet<String> {
        self.results
            .iter()
            .map(|recorded| recorded.ended.name.clone())
            .collect()
    }

    /// Whether there was a plan, be it of no test, or a file that could not be loaded.
    pub fn has_heard_anything(&self) -> bool {
        self.planned || !self.load_errors.is_empty()
    }

    /// Whether every test found has a result.
    pub fn all_reported(&self) -> bool {
        let reported = self.reported();
        !self.plan.is_empty() && self.plan.iter().all(|test| reported.contains(&test.name))
    }

    fn keep_output(&mut self, output: &str) {
        let room = self.limits.output_bytes().saturating_sub(self.output.len());
        let mut end = room.min(output.len());
        while !output.is_char_boundary(end) {
            end -= 1;
        }
        self.output.push_str(&output[..end]);
    }

    fn grant(&self, control: &mut dyn Control) {
        let left = self.left().saturating_sub(control.used());
        control.grant(self.limits.test_instructions().min(left));
    }
}

impl Observer for Recorder {
    fn event(&mut self, event: Event, control: &mut dyn Control) -> Result<(), String> {
        match event {
            Event::Plan(tests) if self.plan.is_empty() => {
                check_plan(&tests)?;
                self.plan = tests;
                self.planned = true;
                let output = control.take_output();
                self.keep_output(&output);
                self.grant(control);
            }
            Event::Plan(_) => drop(control.take_output()), // a later instance: its loading printed the same again
            Event::LoadError(file, diagnostic) => {
                if self.load_errors.iter().all(|(seen, _)| *seen != file) && self.load_errors.len() < 100 {
                    self.load_errors.push((file, protocol::diagnostic(diagnostic)));
                }
            }
            Event::Start(name) => {
                drop(control.take_ending());
                let output = control.take_output();
                self.keep_output(&output);
                let used = control.used();
                self.running = Some(Running {
                    name,
                    used,
                    since: Instant::now(),
                });
                self.grant(control);
            }
            Event::Finish(name, outcome) => {
                let Some(running) = self.running.take().filter(|running| running.name == name) else {
                    return Err(format!("the test {name:?} finished, which had not begun"));
                };
                let mut ended = protocol::ended(name, outcome)?;
                if let Some(ending) = control.take_ending() {
                    let stop = Stop::of(&ending);
                    ended = Ended {
                        status: stop.status,
                        share: None,
                        message: stop.message,
                        kind: Some(stop.kind.to_owned()),
                        ..ended
                    };
                }
                let usage = Usage {
                    instructions: control.used().saturating_sub(running.used),
                    wall_ms: milliseconds(running.since.elapsed()),
                    ..Usage::default()
                };
                let mut recorded = Recorded {
                    ended,
                    output: control.take_output(),
                    usage,
                };
                recorded.fit(&mut self.room);
                self.results.push(recorded);
                if self.results.len() > MAX_TESTS {
                    return Err("more results than tests".into());
                }
                self.grant(control);
            }
            Event::Log(text) => {
                if self.logged < MAX_LOGGED {
                    self.logged += 1;
                    let text: String = text.chars().take(1000).collect();
                    tracing::info!(grader.log = %text.escape_debug(), "a grader says");
                }
            }
        }
        Ok(())
    }
}
