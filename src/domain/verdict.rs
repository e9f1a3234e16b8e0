//! How a submission, and each of its tests, ended.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a submission ended. A learner's failure is one of these, never an HTTP error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every test passed.
    Passed,
    /// The code ran and at least one test did not pass.
    Failed,
    /// The files could not be loaded at all.
    Error,
    /// The instruction budget (or the wall-clock backstop) ran out.
    Timeout,
    /// The sandbox's memory ran out.
    MemoryLimit,
    /// The program printed more than it may.
    OutputLimit,
    /// Cancelled before it was graded.
    Cancelled,
    /// The exercise or the server is at fault; never costs the learner anything.
    GraderError,
}

/// How one test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestStatus {
    /// The test passed.
    Passed,
    /// An assertion of the test did not hold.
    Failed,
    /// The test ended with an exception that it did not expect.
    Error,
    /// The test used up its instruction budget.
    Timeout,
    /// The test used up the sandbox's memory.
    MemoryLimit,
    /// The test printed more than it may.
    OutputLimit,
    /// The test's author marked it to be skipped.
    Skipped,
    /// The test was not reached.
    NotRun,
}

macro_rules! text {
    ($type:ident { $($variant:ident => $text:literal),* $(,)? }) => {
        impl $type {
            /// The name on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl std::str::FromStr for $type {
            type Err = super::name::NameError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(super::name::NameError(format!("expected one of: {}", [$($text),*].join(", ")))),
                }
            }
        }
    };
}

text!(Verdict {
    Passed => "passed", Failed => "failed", Error => "error", Timeout => "timeout", MemoryLimit => "memory_limit",
    OutputLimit => "output_limit", Cancelled => "cancelled", GraderError => "grader_error",
});
text!(TestStatus {
    Passed => "passed", Failed => "failed", Error => "error", Timeout => "timeout", MemoryLimit => "memory_limit",
    OutputLimit => "output_limit", Skipped => "skipped", NotRun => "not_run",
});
