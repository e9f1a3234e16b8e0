//! Graders: what is uploaded, and what became of it.

use super::name::ExerciseRef;
use super::verification::{Finding, Verification};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A grader by name, or one version of it: `stdio` or `stdio@2`. Graders are named as exercises are.
pub type GraderRef = ExerciseRef;

/// The grader of Python test files, and of exercises that name none. The only one that may share a submission's sandbox.
pub const UNITTEST: &str = "unittest";

/// The file of a package that holds a component.
pub const COMPONENT_FILE: &str = "grader.wasm";
/// The file of a package that holds a grader in Python.
pub const PYTHON_FILE: &str = "grader.py";
/// The folder of a package that holds the exercise it is tested by.
pub const SELF_TEST: &str = "selftest";

/// What a grader is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GraderKind {
    /// A WebAssembly component of the contract's world `grader`.
    Component,
    /// Python, served by the Python runtime.
    Python,
}

/// Where a grader's version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GraderStatus {
    /// Its admission goes on, or waits for a worker.
    Queued,
    /// It may grade.
    Admitted,
    /// It may not; its findings say why.
    Rejected,
}

impl GraderStatus {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Admitted => "admitted",
            Self::Rejected => "rejected",
        }
    }
}

impl std::str::FromStr for GraderStatus {
    type Err = super::name::NameError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Queued, Self::Admitted, Self::Rejected]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| super::name::NameError("expected queued, admitted or rejected".into()))
    }
}

/// What the admission of a grader found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Admission {
    /// What it is made of; null where that cannot be told.
    pub kind: Option<GraderKind>,
    /// What keeps it from being admitted; empty where it was.
    pub findings: Vec<Finding>,
    /// How it graded the exercise in its `selftest/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_test: Option<Verification>,
}

impl Admission {
    /// One that ends with this finding.
    #[must_use]
    pub fn refused(file: Option<&str>, message: impl Into<String>) -> Self {
        let finding = Finding {
            file: file.map(str::to_owned),
            line: None,
            message: message.into(),
        };
        Self {
            findings: vec![finding],
            ..Self::default()
        }
    }
}
