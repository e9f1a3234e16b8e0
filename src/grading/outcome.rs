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
        let new = |status, verdict, kind, message: &str| Self {
            status,
            verdict,
            kind,
            message: message.to_owned(),
        };
        match ending {
            Ending::OutOfBudget | Ending::Backstop => new(
                TestStatus::Timeout,
                Verdict::Timeout,
                "Timeout",
                "The code ran too long. Is there a loop that never ends, or a recursion that never stops?",
            ),
            Ending::OutOfMemory => new(
                TestStatus::MemoryLimit,
                Verdict::MemoryLimit,
                "MemoryError",
                "The code used more memory than it may. Does a list, string or dictionary grow without end?",
            ),
            Ending::OutputLimit => new(
                TestStatus::OutputLimit,
                Verdict::OutputLimit,
                "OutputLimit",
                "The code printed more than it may. Is there a print inside a loop that never ends?",
            ),
            Ending::StackOverflow => new(
                TestStatus::Error,
                Verdict::Error,
                "RecursionError",
                "The calls are nested too deep. Does a function call itself without ever stopping?",
            ),
            Ending::Exit(code) => new(
                TestStatus::Error,
                Verdict::Error,
                "SystemExit",
                &format!(
                    "The code ended the whole program (exit code {code}). Remove calls of exit, quit and os._exit."
                ),
            ),
            Ending::BadEvent(_) | Ending::Trap(_) | Ending::Returned(_) => new(
                TestStatus::Error,
                Verdict::Error,
                "Crash",
                "The code crashed the Python interpreter, so this could not be finished.",
            ),
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
