//! What host and Python grader say to each other, in JSON: `graders/python/README.md` describes it field by field.

use crate::domain::bundle::Bundle;
use crate::domain::files::FileSet;
use crate::domain::report::{Diagnostic, SubtestReport};
use crate::domain::verdict::TestStatus;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Run the tests of an exercise, or compile them.
#[derive(Serialize)]
pub struct Job<'a> {
    kind: &'static str,
    test_files: Vec<&'a str>,
    submission_files: Vec<&'a str>,
    skip: Vec<&'a str>,
}

impl<'a> Job<'a> {
    /// All test files of a bundle, but for the tests that are reported already.
    pub fn new(bundle: &'a Bundle, files: &'a FileSet, reported: &'a BTreeSet<String>) -> Self {
        Self {
            kind: "unittest",
            test_files: bundle.test_files().collect(),
            submission_files: files.iter().map(|(path, _)| path.as_str()).collect(),
            skip: reported.iter().map(String::as_str).collect(),
        }
    }

    /// Only compile the test files.
    pub fn compile(bundle: &'a Bundle) -> Self {
        Self {
            kind: "compile",
            test_files: bundle.test_files().collect(),
            submission_files: Vec::new(),
            skip: Vec::new(),
        }
    }

    /// The job on the wire.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What a run tells while it runs.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// All tests, in file order.
    Plan {
        /// The tests.
        tests: Vec<Planned>,
    },
    /// A test file that could not be imported.
    LoadError {
        /// The file below `tests/`.
        file: String,
        /// What kept it from loading.
        diagnostic: RawDiagnostic,
    },
    /// A test begins.
    Start {
        /// Its name.
        name: String,
    },
    /// A test has ended.
    End(Box<Ended>),
}

/// A test that was found.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its name in reports.
    pub name: String,
    /// The file below `tests/`.
    pub file: String,
    /// The line, from 1.
    #[serde(default)]
    pub line: u32,
}

/// A test's result.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// Its name.
    pub name: String,
    /// How it ended.
    pub status: TestStatus,
    /// What a learner should read.
    #[serde(default)]
    pub message: String,
    /// What the test expected.
    pub expected: Option<String>,
    /// What the code gave.
    pub actual: Option<String>,
    /// The learner's frames.
    pub traceback: Option<String>,
    /// The exception's type.
    pub kind: Option<String>,
    /// Parts that did not pass.
    #[serde(default)]
    pub subtests: Vec<SubtestReport>,
}

/// What kept files from loading, as the runtime tells it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawDiagnostic {
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    end_column: Option<u32>,
    kind: String,
    message: String,
    text: Option<String>,
    traceback: Option<String>,
}

impl From<RawDiagnostic> for Diagnostic {
    fn from(raw: RawDiagnostic) -> Self {
        let RawDiagnostic {
            file,
            line,
            column,
            end_column,
            kind,
            message,
            text,
            traceback,
        } = raw;
        Self {
            file,
            line,
            column,
            end_column,
            kind,
            message,
            text,
            traceback,
            hint: None,
        }
    }
}

/// What the job's function returns.
#[derive(Deserialize)]
pub struct Answer {
    /// Whether the runtime could do the job.
    pub ok: bool,
    /// Why not.
    pub diagnostic: Option<RawDiagnostic>,
}

/// What compiling returns: the code of each test file, in base64.
#[derive(Deserialize)]
pub struct CompiledTests {
    /// By the file below `tests/`.
    pub code: BTreeMap<String, String>,
}
