//! The report of a graded submission, as the contract shows it.

use super::verdict::{TestStatus, Verdict};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// Who may see a test's name, inputs, expected values and outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Visible,
    /// Authors and admins; learners and platforms get counts and scores.
    Hidden,
}

/// What a run used. `instructions` is a pure function of the inputs; the times are measured and vary.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    /// WebAssembly instructions (fuel).
    pub instructions: u64,
    /// Largest linear memory in bytes; only for whole submissions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// Processor time in milliseconds; only for whole submissions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ms: Option<f64>,
    /// Elapsed time in milliseconds.
    pub wall_ms: f64,
}

/// Milliseconds to three decimals, as reports and logs write them.
#[must_use]
pub fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// One part of a test (`with self.subTest(n=3)`) that did not pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SubtestReport {
    /// The part's parameters, as in `n=3`.
    pub params: String,
    /// How it ended.
    pub status: TestStatus,
    /// What a learner should read.
    pub message: String,
}

/// One test's result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TestReport {
    /// The name in its file, as in `LeapTest.test_year_not_divisible_by_4`.
    pub name: String,
    /// How it ended.
    pub status: TestStatus,
    /// Points earned.
    pub score: f64,
    /// Points to earn.
    pub max_score: f64,
    /// Who may see it.
    pub visibility: Visibility,
    /// What a learner should read; empty where it passed.
    pub message: String,
    /// What the test expected, as the language writes it.
    pub expected: Option<String>,
    /// What the code gave.
    pub actual: Option<String>,
    /// Printed while the test ran.
    pub output: String,
    /// The learner's frames of the traceback, where an exception ended the test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceback: Option<String>,
    /// The author's hint for this test or kind of error.
    pub hint: Option<String>,
    /// Parts that did not pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subtests: Vec<SubtestReport>,
    /// What the test used.
    pub usage: Usage,
}

/// Something that kept files from loading, with its place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Diagnostic {
    /// The file, relative to the submission (or the bundle's `tests/`).
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Column, from 1.
    pub column: Option<u32>,
    /// Column behind the last character meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// The kind of error, as in `SyntaxError`.
    pub kind: String,
    /// What a learner should read.
    pub message: String,
    /// The line of code with carets under the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The learner's frames of the traceback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceback: Option<String>,
    /// The author's hint for this kind of error.
    #[serde(default)]
    pub hint: Option<String>,
}

/// What grading found; stored once per submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// How the submission ended.
    pub verdict: Verdict,
    /// Points earned over all tests.
    pub score: f64,
    /// Points to earn over all tests.
    pub max_score: f64,
    /// Every test, in file order.
    pub tests: Vec<TestReport>,
    /// What kept files from loading.
    pub diagnostics: Vec<Diagnostic>,
    /// Printed outside the tests, cut at the limit.
    pub output: String,
    /// What the whole run used.
    pub usage: Usage,
    /// `NAME@VERSION` of the grader.
    pub grader: String,
    /// `NAME@VERSION` of the runtime.
    pub runtime: String,
    /// How tests and submission were kept apart.
    pub isolation: super::exercise::Isolation,
    /// Why it ended as `grader_error`; only authors and admins see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grader_fault: Option<String>,
}
