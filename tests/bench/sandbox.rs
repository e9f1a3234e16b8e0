//! The sandbox alone, in this process: runs a program, or the tests of a bundle's solution, many times and prints what
//! it costs as one JSON object.
//!
//! `sandbox_bench RUNTIME_DIR PROGRAM.py|BUNDLE_DIR [RUNS] [shared]`: with `shared` the tests run beside the submission,
//! whatever the bundle says.

use anyhow::{Context as _, ensure};
use assay::client::read_folder;
use assay::domain::bundle::Bundle;
use assay::domain::exercise::Isolation;
use assay::domain::files::{FilePath, FileSet};
use assay::domain::limits::LimitCaps;
use assay::grading::{Grader, Prepared, built_in};
use assay::sandbox::contract::{Event, GradeJob, Status};
use assay::sandbox::{Budget, Call, Control, Ending, Observer, Outcome, Run, Sandboxes, SandboxesOptions, Tree};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// Notes when the tests were loaded, and how much memory the run has made its own by its last test.
struct Stopwatch {
    began: Instant,
    loaded: Option<Duration>,
    passed: usize,
    weigh: bool,
    private_bytes: u64,
}

impl Observer for Stopwatch {
    fn event(&mut self, event: Event, _: &mut dyn Control) -> Result<(), String> {
        match event {
            Event::Plan(_) => self.loaded = Some(self.began.elapsed()),
            Event::Finish(name, outcome) => {
                if outcome.status != Status::Passed {
                    eprintln!("{name}: {:?}: {}", outcome.status, outcome.message);
                }
                self.passed += usize::from(outcome.status == Status::Passed);
                if self.weigh {
                    self.private_bytes = private_bytes();
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// What is run: the job and the files it sees.
struct Work {
    job: Job,
    tree: Tree,
}

enum Job {
    Program(String),
    /// With the tests in a sandbox of their own, or not.
    Tests(GradeJob, bool),
}

impl Work {
    async fn read(sandboxes: &Sandboxes, path: &Path, shared: bool) -> anyhow::Result<Self> {
        if !path.is_dir() {
            let mut tree = Tree::new();
            let main = (FilePath::parse("main.py")?, std::fs::read(path)?);
            tree.give("work", &FileSet::from_iter([main]));
            let job = json!({"kind": "program", "argv": ["main.py"]}).to_string();
            let job = Job::Program(job);
            return Ok(Self { job, tree });
        }
        let files = read_folder(path).map_err(|error| anyhow::anyhow!("{error}"))?;
        let mut bundle = Bundle::read(&files, &LimitCaps::default()).map_err(|found| anyhow::anyhow!("{found:?}"))?;
        if shared {
            bundle.spec.isolation = Isolation::Shared;
        }
        let package = built_in().into_iter().find(|(name, _)| *name == bundle.spec.grader);
        let (name, package) = package.context("the bundle names a grader that does not come with the server")?;
        let grader = Grader::load(sandboxes, name, &package).await?;
        let exercise = Prepared::new(sandboxes, bundle, grader).await?;
        let solution = &exercise.bundle.solution;
        let (job, tree) = (exercise.job(solution, &BTreeSet::new()), exercise.tree(solution));
        let job = Job::Tests(job, exercise.bundle.spec.isolation == Isolation::Separate);
        Ok(Self { job, tree })
    }

    async fn run(&self, sandboxes: &Sandboxes, weigh: bool) -> anyhow::Result<Outcome<Stopwatch>> {
        let budget = Budget {
            instructions: 1 << 40,
            memory_bytes: 256 << 20,
            output_bytes: 1 << 20,
            backstop: Duration::from_secs(120),
        };
        let run = Run {
            call: match &self.job {
                Job::Program(job) => Call::Run(job.clone()),
                Job::Tests(job, separate) => Call::Grade {
                    job: job.clone(),
                    learner: separate.then_some(budget),
                    module: None,
                },
            },
            tree: self.tree.clone(),
            stdin: bytes::Bytes::new(),
            budget,
        };
        let watch = Stopwatch {
            began: Instant::now(),
            loaded: None,
            passed: 0,
            weigh,
            private_bytes: 0,
        };
        let outcome = sandboxes.run(run, watch).await?;
        ensure!(
            matches!(outcome.ending, Ending::Returned(_)),
            "it ended as {:?}: {}",
            outcome.ending,
            outcome.output
        );
        ensure!(
            outcome.observer.passed > 0 || !matches!(self.job, Job::Tests(..)),
            "no test passed"
        );
        Ok(outcome)
    }
}

/// Pages that this process had to be given, so far.
fn page_faults() -> i64 {
    // SAFETY: getrusage fills the whole structure and keeps no reference to it.
    #[expect(unsafe_code, reason = "rustix has no getrusage")]
    unsafe {
        let mut usage = std::mem::zeroed::<libc::rusage>();
        libc::getrusage(libc::RUSAGE_SELF, &raw mut usage);
        usage.ru_minflt
    }
}

/// Bytes of memory that are this process's own.
fn private_bytes() -> u64 {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let kilobytes = rollup.lines().find_map(|line| line.strip_prefix("Private_Dirty:"));
    let kilobytes = kilobytes.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

fn quantiles(mut values: Vec<f64>) -> Value {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    json!({"min": at(0.0), "p50": at(0.5), "p95": at(0.95)})
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    ensure!(
        arguments.len() >= 3,
        "usage: sandbox_bench RUNTIME_DIR PROGRAM.py|BUNDLE_DIR [RUNS] [shared]"
    );
    let runs: usize = arguments
        .get(3)
        .map_or(Ok(200), |text| text.parse())
        .context("RUNS is no number")?;
    let options = SandboxesOptions {
        slots: 2,
        ..SandboxesOptions::in_folder(Path::new(&arguments[1]))
    };
    let sandboxes = Sandboxes::open(&options, &|line| eprintln!("{line}"))?;
    let executor = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let measured = executor.block_on(async {
        let before = private_bytes();
        let work = Work::read(
            &sandboxes,
            Path::new(&arguments[2]),
            arguments.get(4).is_some_and(|word| word == "shared"),
        )
        .await?;
        work.run(&sandboxes, false).await?; // the first run of a process maps the code
        let weighed = work.run(&sandboxes, true).await?.observer.private_bytes;
        let (mut wholes, mut instantiates, mut loads, mut rests) = (vec![], vec![], vec![], vec![]);
        let (mut faults, mut last) = (vec![], None);
        for _ in 0..runs {
            let (faults_before, began) = (page_faults(), Instant::now());
            let outcome = work.run(&sandboxes, false).await?;
            let whole = began.elapsed();
            wholes.push(milliseconds(whole));
            faults.push((page_faults() - faults_before) as f64);
            // A program tells nothing: all of it counts as running.
            let loaded = outcome.observer.loaded.unwrap_or_default();
            instantiates.push(milliseconds(outcome.instantiate));
            loads.push(milliseconds(loaded));
            rests.push(milliseconds(whole.saturating_sub(loaded)));
            last = Some(outcome);
        }
        let last = last.context("RUNS is 0")?;
        anyhow::Ok(json!({
            "runs": runs,
            "whole_ms": quantiles(wholes),
            "instantiate_ms": quantiles(instantiates),
            "load_ms": quantiles(loads),
            "run_ms": quantiles(rests),
            "page_faults": quantiles(faults),
            "instructions": last.instructions,
            "grader_instructions": last.grader_instructions,
            "tests_passed": last.observer.passed,
            "memory_bytes": last.peak_memory_bytes,
            "private_bytes": weighed.saturating_sub(before),
        }))
    })?;
    println!("{measured}");
    Ok(())
}
