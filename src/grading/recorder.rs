//! Hears the events of a run, grants each test its budget, and keeps what it heard over all instances of a submission.

use super::outcome::Stop;
use super::protocol::{Answer, Ended, Event, Planned};
use crate::domain::limits::Limits;
use crate::domain::report::{Diagnostic, Usage, milliseconds};
use crate::domain::verdict::{TestStatus, Verdict};
use crate::sandbox::{Control, Observer};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Most tests that a plan may name; a run that names more is refused.
const MAX_TESTS: usize = 5000;

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
    running: Option<Running>,
    used_before: u64,
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
            running: None,
            used_before: 0,
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
                message: String::new(),
                expected: None,
                actual: None,
                traceback: None,
                kind: None,
                subtests: Vec::new(),
            };
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

    /// The job's function returned: the stop that it tells of, if any.
    pub fn returned(&mut self, answer: &str) -> Option<Stop> {
        let answer: Answer = serde_json::from_str(answer).unwrap_or(Answer {
            ok: false,
            diagnostic: None,
        });
        if answer.ok {
            return None;
        }
        let stop = Stop {
            status: TestStatus::Error,
            verdict: Verdict::Error,
            kind: "Crash",
            message: "The tests could not be finished.".to_owned(),
        };
        self.stopped(&stop);
        let diagnostic = answer.diagnostic.map_or_else(|| stop.diagnostic(), Diagnostic::from);
        let stop = Stop {
            message: diagnostic.message.clone(),
            ..stop
        };
        self.load_errors.push((String::new(), diagnostic));
        Some(stop)
    }

    /// Names of the tests that have a result.
    pub fn reported(&self) -> BTreeSet<String> {
        self.results
            .iter()
            .map(|recorded| recorded.ended.name.clone())
            .collect()
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
    fn event(&mut self, event: &str, control: &mut dyn Control) -> Result<(), String> {
        match serde_json::from_str(event).map_err(|error| format!("not an event of the protocol: {error}"))? {
            Event::Plan { tests } if self.plan.is_empty() => {
                if tests.len() > MAX_TESTS {
                    return Err(format!("{} tests; at most {MAX_TESTS} are graded", tests.len()));
                }
                self.plan = tests;
                let output = control.take_output();
                self.keep_output(&output);
                self.grant(control);
            }
            Event::Plan { .. } => drop(control.take_output()), // a later instance: its loading printed the same again
            Event::LoadError { file, diagnostic } => {
                if self.load_errors.iter().all(|(seen, _)| *seen != file) && self.load_errors.len() < 100 {
                    self.load_errors.push((file, diagnostic.into()));
                }
            }
            Event::Start { name } => {
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
            Event::End(ended) => {
                let Some(running) = self.running.take().filter(|running| running.name == ended.name) else {
                    return Err("a test ended that had not begun".into());
                };
                let usage = Usage {
                    instructions: control.used().saturating_sub(running.used),
                    wall_ms: milliseconds(running.since.elapsed()),
                    ..Usage::default()
                };
                let output = control.take_output();
                self.results.push(Recorded {
                    ended: *ended,
                    output,
                    usage,
                });
                if self.results.len() > MAX_TESTS {
                    return Err("more results than tests".into());
                }
                self.grant(control);
            }
        }
        Ok(())
    }
}
