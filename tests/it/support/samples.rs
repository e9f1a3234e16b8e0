//! A small exercise, a submission to it, and what a worker might find.

use assay::domain::exercise::Isolation;
use assay::domain::files::{FilePath, FileSet};
use assay::domain::report::{Report, TestReport, Usage, Visibility};
use assay::domain::verdict::{TestStatus, Verdict};
use assay::domain::verification::{PlannedTest, Verification};
use serde_json::Value;

/// The files of a small exercise.
pub fn leap_files() -> FileSet {
    let files = [
        (
            "exercise.toml",
            "title = \"Leap\"\n[submission]\nfiles = [\"leap.py\"]\n[tests]\nhidden = [\"*_secret\"]\n[tests.weights]\n\"*_secret\" = 2.0\n",
        ),
        ("README.md", "# Leap\n"),
        ("hints.toml", "[errors]\nSyntaxError = \"Look for a colon.\"\n"),
        ("starter/leap.py", "def leap(year):\n    pass\n"),
        ("solution/leap.py", "def leap(year):\n    return year % 4 == 0\n"),
        ("wrong/always/leap.py", "def leap(year):\n    return True\n"),
        (
            "tests/leap_test.py",
            "import leap\ndef test_open():\n    assert leap.leap(4)\n",
        ),
    ];
    files
        .into_iter()
        .map(|(path, text)| (FilePath::parse(path).expect("a good path"), text.as_bytes().to_vec()))
        .collect()
}

/// A submission to `leap`.
pub fn leap_submission() -> Value {
    serde_json::json!({"exercise": "leap", "files": {"leap.py": "def leap(year):\n    return True\n"}, "learner": "u-1"})
}

/// What verifying `leap` finds.
pub fn outcome() -> Verification {
    let test = |name: &str, line| PlannedTest {
        name: name.into(),
        file: "leap_test.py".into(),
        line,
        skipped: false,
        points: None,
    };
    Verification {
        tests: vec![test("test_open", 2), test("test_secret", 5)],
        ..Verification::default()
    }
}

/// A report with one visible test that passed and one hidden test that failed.
pub fn report() -> Report {
    let test = |name: &str, status, visibility, max_score| TestReport {
        name: name.into(),
        status,
        score: if status == TestStatus::Passed { max_score } else { 0.0 },
        max_score,
        visibility,
        message: format!("about {name} \u{0} <b>"),
        expected: None,
        actual: None,
        output: format!("printed by {name}"),
        traceback: None,
        hint: None,
        subtests: Vec::new(),
        usage: Usage::default(),
    };
    Report {
        verdict: Verdict::Failed,
        score: 1.0,
        max_score: 3.0,
        tests: vec![
            test("test_open", TestStatus::Passed, Visibility::Visible, 1.0),
            test("test_secret", TestStatus::Failed, Visibility::Hidden, 2.0),
        ],
        diagnostics: Vec::new(),
        output: "outside \u{1b}[31m \u{0}".into(),
        usage: Usage {
            instructions: 1000,
            ..Usage::default()
        },
        grader: "unittest@1".into(),
        runtime: "python@3.14.0+1".into(),
        isolation: Isolation::Shared,
        grader_fault: None,
    }
}
