//! What host and grader say to each other (`graders/wit/grader.wit`), in the words of reports.

use crate::domain::bundle::Bundle;
use crate::domain::files::FileSet;
use crate::domain::report::{Diagnostic, SubtestReport};
use crate::domain::verdict::TestStatus;
use crate::sandbox::contract;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The job of grading these files of a submission, but for the tests that are reported already.
pub fn grade_job(bundle: &Bundle, files: &FileSet, reported: &BTreeSet<String>) -> contract::GradeJob {
    let settings = serde_json::json!({
        "isolation": bundle.spec.isolation,
        "submission_files": bundle.spec.submission_files,
        "test_files": bundle.test_files().collect::<Vec<_>>(),
    });
    let given = |files: &FileSet| -> Vec<contract::File> {
        let files = files.iter().map(|(path, body)| contract::File {
            path: path.as_str().to_owned(),
            content: body.to_vec(),
        });
        files.collect()
    };
    contract::GradeJob {
        submission: given(files),
        tests: given(&bundle.tests),
        settings: settings.to_string(),
        skip: reported.iter().cloned().collect(),
    }
}

/// A test's result.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its name.
    pub name: String,
    /// How it ended.
    pub status: TestStatus,
    /// The share of its points that was earned, where that is not all or nothing.
    pub share: Option<f64>,
    /// What a learner should read.
    pub message: String,
    /// What the test expected.
    pub expected: Option<String>,
    /// What the code gave.
    pub actual: Option<String>,
    /// The learner's frames.
    pub traceback: Option<String>,
    /// The kind of error.
    pub kind: Option<String>,
    /// Parts that did not pass.
    pub subtests: Vec<SubtestReport>,
}

/// Most characters of a text in a report.
const MAX_TEXT: usize = 20_000;

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(at);
        text.push('…');
    }
    text
}

fn status(status: contract::Status) -> TestStatus {
    match status {
        contract::Status::Passed => TestStatus::Passed,
        contract::Status::Failed => TestStatus::Failed,
        contract::Status::Error => TestStatus::Error,
        contract::Status::Timeout => TestStatus::Timeout,
        contract::Status::MemoryLimit => TestStatus::MemoryLimit,
        contract::Status::OutputLimit => TestStatus::OutputLimit,
        contract::Status::Skipped => TestStatus::Skipped,
    }
}

/// Most parts of a test that a report lists.
const MAX_PARTS: usize = 500;

/// A test's result, as the grader tells it.
///
/// # Errors
/// Where the share is no share.
pub fn ended(name: String, outcome: contract::TestOutcome) -> Result<Ended, String> {
    if outcome.share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        return Err(format!(
            "test {name:?}: a share of its points is a number from 0 to 1, not {:?}",
            outcome.share
        ));
    }
    let parts = outcome.parts.into_iter().take(MAX_PARTS).map(|part| SubtestReport {
        params: cut(part.params),
        status: status(part.status),
        message: cut(part.message),
    });
    Ok(Ended {
        name,
        status: status(outcome.status),
        share: outcome.share,
        message: cut(outcome.message),
        expected: outcome.expected.map(cut),
        actual: outcome.actual.map(cut),
        traceback: outcome.traceback.map(cut),
        kind: outcome.kind.map(cut),
        subtests: parts.collect(),
    })
}

/// What kept files from loading, as the grader tells it.
pub fn diagnostic(raw: contract::LoadDiagnostic) -> Diagnostic {
    Diagnostic {
        file: raw.file.map(cut),
        line: raw.line,
        column: raw.column,
        end_column: raw.end_column,
        kind: cut(raw.kind),
        message: cut(raw.message),
        text: raw.text.map(cut),
        traceback: raw.traceback.map(cut),
        hint: None,
    }
}

/// What compiling returns.
#[derive(Default, Deserialize)]
pub struct CompiledFiles {
    /// The code of each file in base64, by its path in the sandbox.
    pub code: BTreeMap<String, String>,
    /// What was wrong with the files that are not there.
    #[serde(default)]
    pub problems: Vec<contract::LoadDiagnostic>,
}
