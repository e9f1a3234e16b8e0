//! How a run ended and what it used: data, whatever the program did.

use super::engine::SandboxError;
use super::output::OutputLimit;
use std::time::Duration;
use wasmtime::Trap;
use wasmtime_wasi::I32Exit;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The job's function returned this.
    Returned(String),
    /// The grader says why it cannot grade.
    GaveUp(String),
    /// The granted instructions ran out.
    OutOfBudget,
    /// It took far longer than its instructions should.
    Backstop,
    /// It needed more memory than it may have, and could not go on.
    OutOfMemory,
    /// It printed more than it may.
    OutputLimit,
    /// Calls nested too deep for the sandbox's stack.
    StackOverflow,
    /// It ended its own process with this code.
    Exit(i32),
    /// It told of something that the observer refused.
    BadEvent(String),
    /// Anything else that stopped it, as an `unreachable` instruction.
    Trap(String),
}

/// How a run ended, and what it used. Where the learner's program ran in sandboxes of its own, instructions and memory are
/// its own, and the grader's are not counted.
pub struct Outcome<O> {
    /// How it ended.
    pub ending: Ending,
    /// How the learner's program ended, where it had sandboxes of its own and the last one ended early.
    pub learner: Option<Ending>,
    /// Whether a program of the learner's was there to talk to when the grader ended.
    pub talking: bool,
    /// Instructions used.
    pub instructions: u64,
    /// Instructions that the grader used, where it had a sandbox of its own.
    pub grader_instructions: u64,
    /// Largest linear memory in bytes.
    pub peak_memory_bytes: u64,
    /// What was printed since the observer last took it.
    pub output: String,
    /// Time it took.
    pub wall: Duration,
    /// Time it took to make the instance, before that.
    pub instantiate: Duration,
    /// The observer, with what it heard.
    pub observer: O,
}

/// What an observer would not hear, with the reason.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl Ending {
    /// What a learner should read; empty where the program came to its end.
    #[must_use]
    pub fn message(&self) -> String {
        let text = match self {
            Self::Returned(_) => "",
            Self::OutOfBudget | Self::Backstop => {
                "The code ran too long. Is there a loop that never ends, or a recursion that never stops?"
            }
            Self::OutOfMemory => {
                "The code used more memory than it may. Does a list, string or dictionary grow without end?"
            }
            Self::OutputLimit => "The code printed more than it may. Is there a print inside a loop that never ends?",
            Self::StackOverflow => "The calls are nested too deep. Does a function call itself without ever stopping?",
            Self::Exit(code) => {
                return format!(
                    "The code ended the whole program (exit code {code}). Remove calls of exit, quit and os._exit."
                );
            }
            Self::GaveUp(_) | Self::BadEvent(_) | Self::Trap(_) => {
                "The code crashed the interpreter, so this could not be finished."
            }
        };
        text.to_owned()
    }

    /// What the error says that ended a run.
    ///
    /// # Errors
    /// Where it is no program's doing.
    pub fn of(error: &wasmtime::Error, memory_refused: bool) -> Result<Self, SandboxError> {
        if let Some(exit) = error.downcast_ref::<I32Exit>() {
            return Ok(Self::Exit(exit.0));
        }
        if let Some(fault) = error.downcast_ref::<SandboxError>() {
            return match fault {
                SandboxError::Contract(reason) => Ok(Self::BadEvent(reason.clone())),
                other => Err(SandboxError::Engine(other.to_string())),
            };
        }
        if error.downcast_ref::<OutputLimit>().is_some() {
            return Ok(Self::OutputLimit);
        }
        if let Some(refused) = error.downcast_ref::<Refused>() {
            return Ok(Self::BadEvent(refused.0.clone()));
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => Ok(Self::OutOfBudget),
            Some(_) if memory_refused => Ok(Self::OutOfMemory),
            Some(Trap::StackOverflow) => Ok(Self::StackOverflow),
            Some(trap) => Ok(Self::Trap(trap.to_string())),
            None if error.downcast_ref::<wasmtime::PoolConcurrencyLimitError>().is_some() => {
                Err(SandboxError::Slot(format!("{error:#}")))
            }
            // An error of a host function is the program's doing too (a resource it does not own, bytes that are no text).
            None => Ok(Self::Trap(format!("{error:#}"))),
        }
    }
}
