//! Exercise version + submission + sandbox → report. No database, no clock of its own, no learner code outside a sandbox.
//!
//! A report is a pure function of the bundle, the files, the grader and the runtime, but for its times.

mod admission;
mod built_in;
mod grader;
mod outcome;
mod prepared;
mod program;
mod protocol;
mod recorder;
mod report;
mod verify;

pub use admission::admit;
pub use built_in::built_in;
pub use grader::{Grader, NoGrader};
pub use prepared::Prepared;
pub use program::run_program;
pub use report::not_graded;
pub use verify::verify;

use crate::domain::exercise::Isolation;
use crate::domain::files::FileSet;
use crate::domain::id::ExerciseVersionId;
use crate::domain::limits::Limits;
use crate::domain::report::Report;
use crate::domain::verification::PlannedTest;
use crate::sandbox::{Budget, Call, Ending, Run, RuntimeInfo, SandboxError, Sandboxes, grader_allowance};
use outcome::Stop;
use recorder::Recorder;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::time::Duration;

/// Real time that a run may take for each millisecond of its budget, before the backstop ends it.
const BACKSTOP_FACTOR: u64 = 20;

/// Real time after which a run ends whatever it does.
fn backstop(limits: Limits) -> Duration {
    Duration::from_millis(u64::from(limits.time_ms) * BACKSTOP_FACTOR + 10_000)
}

/// Memory of a grader in a sandbox of its own.
const GRADER_MEMORY: usize = 256 << 20;

/// What a grader may use while a program has this budget.
fn of_grader(program: Budget) -> Budget {
    Budget {
        instructions: grader_allowance(program.instructions),
        memory_bytes: GRADER_MEMORY,
        output_bytes: program.output_bytes + (64 << 10),
        backstop: program.backstop * 2,
    }
}

/// A submission's report, and the tests that it was graded by.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The report.
    pub report: Report,
    /// The tests, in file order, with their places.
    pub plan: Vec<PlannedTest>,
    /// Whether the report is a function of its inputs alone: not so where a run was ended by the clock on the wall.
    pub pure: bool,
}

/// The SHA-256 of all that a report is a function of: the exercise's version, the files, the grader, the runtime.
#[must_use]
pub fn input_digest(version: ExerciseVersionId, files: &FileSet, grader: &Grader, runtime: &RuntimeInfo) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(version.0.as_bytes());
    let (name, code) = (grader.id().as_bytes(), grader.digest());
    for part in [name, code, runtime.digest.as_bytes(), &files.pack()] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
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
    let mut pure = true;
    let stop = loop {
        let budget = Budget {
            instructions: limits.test_instructions().min(recorder.left()),
            memory_bytes: limits.memory_bytes(),
            output_bytes: limits.output_bytes(),
            backstop: backstop(limits),
        };
        let separate = bundle.spec.isolation == Isolation::Separate;
        let run = Run {
            call: Call::Grade {
                job: exercise.job(files, &reported),
                learner: separate.then_some(budget),
                module: exercise.grader.module(),
            },
            tree: tree.clone(),
            stdin: bytes::Bytes::new(),
            budget: if separate { of_grader(budget) } else { budget },
        };
        let before = reported.len();
        let mut outcome = sandboxes.run(run, recorder).await?;
        recorder = outcome.observer;
        pure &= outcome.ending != Ending::Backstop && outcome.learner != Some(Ending::Backstop);
        recorder.ended(
            outcome.instructions,
            outcome.peak_memory_bytes,
            outcome.wall,
            std::mem::take(&mut outcome.output),
        );
        if separate && let Some(fault) = fault(&outcome.ending, outcome.talking) {
            return Ok(not_graded_here(exercise, plan, sandboxes, fault));
        }
        if let Ending::Returned(_) = &outcome.ending {
            if separate && outcome.learner.is_none() && !recorder.has_heard_anything() {
                let fault = "it came to its end without a test".to_owned();
                return Ok(not_graded_here(exercise, plan, sandboxes, fault));
            }
            // The learner's program ended while the files were loaded.
            break outcome
                .learner
                .filter(|_| recorder.results.is_empty())
                .map(|ending| Stop::of(&ending));
        }
        let stop = Stop::of(&outcome.ending);
        recorder.stopped(&stop);
        reported = recorder.reported();
        let progress = reported.len() > before;
        if !progress || recorder.all_reported() || recorder.left() == 0 {
            break Some(stop);
        }
    };
    let (grader, runtime) = (exercise.grader.id(), sandboxes.python());
    Ok(report::assemble(bundle, grader, plan, recorder, stop, runtime, pure))
}

/// Whether it is the grader's fault that it ended so. While it talks to the learner's program, what the two use up is put to
/// the program's account: the exercise's reference has shown that the tests get by.
fn fault(ending: &Ending, talking: bool) -> Option<String> {
    let limit = matches!(
        ending,
        Ending::OutOfBudget | Ending::Backstop | Ending::OutOfMemory | Ending::OutputLimit | Ending::StackOverflow
    );
    admission::fault(ending).filter(|_| !(limit && talking))
}

fn not_graded_here(exercise: &Prepared, plan: Option<&[PlannedTest]>, sandboxes: &Sandboxes, fault: String) -> Graded {
    let (grader, isolation) = (exercise.grader.id(), exercise.bundle.spec.isolation);
    Graded {
        report: not_graded(grader, sandboxes.python(), isolation, fault),
        plan: plan.unwrap_or_default().to_vec(),
        pure: false,
    }
}
