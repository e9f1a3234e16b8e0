//! What the check of a bundle found.

use super::verdict::Verdict;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that an author must change, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// The file in the bundle, where there is one.
    pub file: Option<String>,
    /// The line, from 1, where it is known.
    pub line: Option<u32>,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding in a file, at a line where it is known.
    #[must_use]
    pub fn at(file: &str, line: Option<usize>, message: String) -> Self {
        let line = line.and_then(|l| u32::try_from(l).ok());
        Self {
            file: Some(file.to_owned()),
            line,
            message,
        }
    }
}

/// How one of the bundle's own solutions was graded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SolutionCheck {
    /// `solution`, `starter`, or `wrong/NAME`.
    pub solution: String,
    /// The verdict it got.
    pub verdict: Verdict,
    /// Points earned.
    pub score: f64,
    /// Points to earn.
    pub max_score: f64,
    /// Names of the tests that did not pass.
    pub not_passed: Vec<String>,
    /// Instructions used, the same both times.
    pub instructions: u64,
    /// Largest linear memory in bytes.
    pub peak_memory_bytes: u64,
}

/// The outcome of checking a bundle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Verification {
    /// The tests of the exercise, in file order.
    pub tests: Vec<PlannedTest>,
    /// The bundle's own solutions.
    pub solutions: Vec<SolutionCheck>,
    /// What keeps the bundle from being accepted; empty where it verified.
    pub findings: Vec<Finding>,
}

/// A test that the reference solution was graded by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlannedTest {
    /// Its name in reports.
    pub name: String,
    /// The file below `tests/`.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Whether the author marked it to be skipped: only then does a skipped test not count.
    #[serde(default)]
    pub skipped: bool,
    /// Points that the grader gives it, where `exercise.toml` gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<f64>,
}
