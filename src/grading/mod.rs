//! Exercise version + submission + sandbox → report. No database, no clock of its own, no learner code outside a sandbox.
//!
//! A report is a pure function of the bundle, the files, the grader and the runtime, but for its times.

mod outcome;
mod prepared;
mod protocol;
mod recorder;
mod report;
mod verify;

pub use prepared::Prepared;
pub use verify::verify;

use crate::domain::files::FileSet;
use crate::domain::limits::Limits;
use crate::domain::report::Report;
use crate::domain::verification::PlannedTest;
use crate::sandbox::{Budget, Ending, Run, SandboxError, Sandboxes};
use outcome::Stop;
use recorder::Recorder;
use std::collections::BTreeSet;
use std::time::Duration;

/// `NAME@VERSION` of the built-in grader.
pub const GRADER: &str = "unittest@1";

/// Real time that a run may take for each millisecond of its budget, before the backstop ends it.
const BACKSTOP_FACTOR: u64 = 20;

/// Real time after which a run ends whatever it does.
fn backstop(limits: Limits) -> Duration {
    Duration::from_millis(u64::from(limits.time_ms) * BACKSTOP_FACTOR + 10_000)
}

/// A submission's report, and the tests that it was graded by.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The report.
    pub report: Report,
    /// The tests, in file order, with their places.
    pub plan: Vec<PlannedTest>,
}

/// Grades one submission: runs the tests, again in a fresh instance after each test that ended its own, and adds up.
///
/// `plan` is the list of tests that the reference was graded by; without it (while verifying) the submission's own
/// list counts.
///
/// # Errors
/// Only where the sandbox itself failed; whatever the submission does is in the report.
pub async fn grade(
    sandboxes: &Sandboxes,
    exercise: &Prepared,
    files: &FileSet,
    plan: Option<&[PlannedTest]>,
) -> Result<Graded, SandboxError> {
    let (bundle, tree) = (&exercise.bundle, exercise.tree(files));
    let limits = bundle.spec.limits;

    let mut recorder = Recorder::new(limits);
    let mut reported = BTreeSet::new();
    let stop = loop {
        let run = Run {
            job: exercise.job(files, &reported),
            tree: tree.clone(),
            stdin: bytes::Bytes::new(),
            budget: Budget {
                instructions: limits.test_instructions().min(recorder.left()),
                memory_bytes: limits.memory_bytes(),
                output_bytes: limits.output_bytes(),
                backstop: backstop(limits),
            },
        };
        let before = reported.len();
        let mut outcome = sandboxes.run(run, recorder).await?;
        recorder = outcome.observer;
        recorder.ended(
            outcome.instructions,
            outcome.peak_memory_bytes,
            outcome.wall,
            std::mem::take(&mut outcome.output),
        );
        if let Ending::Returned(answer) = &outcome.ending {
            break recorder.returned(answer);
        }
        let stop = Stop::of(&outcome.ending);
        recorder.stopped(&stop);
        reported = recorder.reported();
        let progress = reported.len() > before;
        if !progress || recorder.all_reported() || recorder.left() == 0 {
            break Some(stop);
        }
    };
    Ok(report::assemble(bundle, plan, recorder, stop, sandboxes.python()))
}
