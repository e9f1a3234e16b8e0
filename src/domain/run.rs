//! A free run: a program from start to end, without tests.

use super::limits::Limits;
use super::report::{Diagnostic, Usage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A run that was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRequest {
    /// Contents by path.
    pub files: BTreeMap<String, String>,
    /// The file to run, and its arguments.
    pub argv: Vec<String>,
    /// Standard input.
    pub stdin: String,
    /// What it may use.
    pub limits: Limits,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunEnding {
    /// It came to its end.
    Finished,
    /// An exception ended it, or an exit code other than 0.
    Error,
    /// The instruction budget (or the wall-clock backstop) ran out.
    Timeout,
    /// The sandbox's memory ran out.
    MemoryLimit,
    /// It printed more than it may.
    OutputLimit,
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RunReport {
    /// How it ended.
    pub ending: RunEnding,
    /// The exit code; absent where a limit ended it.
    pub exit_code: Option<i32>,
    /// What it printed, to standard output and standard error, in the order printed.
    pub output: String,
    /// Why it ended as it did, where that was not well.
    pub diagnostic: Option<Diagnostic>,
    /// What it used.
    pub usage: Usage,
    /// `NAME@VERSION` of the runtime.
    pub runtime: String,
}
