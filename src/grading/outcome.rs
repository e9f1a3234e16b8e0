//! What it means for a learner that a run ended before its job was done.

use crate::domain::report::Diagnostic;
use crate::domain::verdict::{TestStatus, Verdict};
use crate::sandbox::Ending;

/// Why a run ended early: the status of the test at hand, the verdict where it happened outside every test, and what a
/// beginner should read.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The status of the test at hand.
    pub status: TestStatus,
    /// The verdict where no test was at hand.
    pub verdict: Verdict,
    /// The kind of error, for hints and diagnostics.
    pub kind: &'static str,
    /// What a learner should read.
    pub message: String,
}

impl Stop {
    /// Reads an ending that is not a return.
    pub fn of(ending: &Ending) -> Self {
        let (status, verdict, kind) = match ending {
            Ending::OutOfBudget | Ending::Backstop => (TestStatus::Timeout, Verdict::Timeout, "Timeout"),
            Ending::OutOfMemory => (TestStatus::MemoryLimit, Verdict::MemoryLimit, "MemoryError"),
            Ending::OutputLimit => (TestStatus::OutputLimit, Verdict::OutputLimit, "OutputLimit"),
            Ending::StackOverflow => (TestStatus::Error, Verdict::Error, "RecursionError"),
            Ending::Exit(_) => (TestStatus::Error, Verdict::Error, "SystemExit"),
            Ending::GaveUp(_) | Ending::BadEvent(_) | Ending::Trap(_) | Ending::Returned(_) => {
                (TestStatus::Error, Verdict::Error, "Crash")
            }
        };
        Self {
            status,
            verdict,
            kind,
            message: match ending {
                Ending::Returned(_) => "The code ended the whole program.".to_owned(),
                other => other.message(),
            },
        }
    }

    /// The stop as a diagnostic, where it kept the files from loading.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic {
            kind: self.kind.to_owned(),
            message: self.message.clone(),
            ..Diagnostic::default()
        }
    }
}
