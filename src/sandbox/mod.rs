//! Sandboxes: one fresh wasmtime store per run, with its own memory, limits and nothing of the host.
//!
//! A run gets files (in memory), standard input, a virtual clock, seeded randomness, a budget of instructions and of
//! memory; it can print and tell of events. How it ended is data ([`Ending`]); an `Err` is always our fault.
//! This room never looks at what is graded, never touches the database, and never opens a host file for a program.

mod answer;
mod clock;
pub mod compiler;
pub mod contract;
mod ending;
mod engine;
mod exchange;
mod filesystem;
mod instance;
mod limits;
mod module;
mod observer;
mod output;
mod pool;
mod rendezvous;
mod runtime;
mod state;
mod warm;

pub use answer::ProgramAnswer;
pub use ending::{Ending, Outcome};
pub use engine::{EngineOptions, SandboxError};
pub use filesystem::Tree;
pub use instance::{Call, Run};
pub use limits::Budget;
pub use module::{Module, Unfit};
pub use observer::{Control, Observer, grader_allowance};
pub use pool::{Sandboxes, SandboxesOptions};
pub use runtime::{Runtime, RuntimeInfo};
