//! The demo course: what an author reads first has to be without fault.

use crate::support::sandboxes::{prepared, sandboxes, verified};
use assay::client::read_folder;
use assay::domain::bundle::Bundle;
use assay::domain::files::{FilePath, FileSet};
use assay::domain::limits::LimitCaps;
use assay::domain::verdict::{TestStatus, Verdict};
use assay::grading::grade;
use std::path::{Path, PathBuf};

fn folders() -> Vec<PathBuf> {
    let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/course");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(course)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("exercise.toml").exists())
        .collect();
    folders.sort();
    folders
}

fn bundle(folder: &Path) -> Bundle {
    let files = read_folder(folder).unwrap();
    Bundle::read(&files, &LimitCaps::default()).unwrap_or_else(|findings| panic!("{}: {findings:?}", folder.display()))
}

#[test]
fn the_course_has_three_exercises_that_read_as_bundles() {
    let names: Vec<String> = folders()
        .iter()
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["library", "parcel-price", "word-index"]);
    for folder in folders() {
        bundle(&folder);
    }
}

#[test]
fn every_exercise_has_a_statement_a_starter_hints_and_four_wrong_solutions() {
    for folder in folders() {
        let (bundle, shown) = (bundle(&folder), folder.display());
        assert!(
            bundle.statement.starts_with("# "),
            "{shown}: the statement begins with a heading"
        );
        assert!(!bundle.starter.is_empty(), "{shown}: a starter");
        assert!(!bundle.hints.is_empty(), "{shown}: hints");
        assert!(
            bundle.wrong.len() >= 4,
            "{shown}: {} wrong solutions",
            bundle.wrong.len()
        );
    }
}

#[test]
fn every_wrong_solution_says_what_it_should_end_as() {
    for folder in folders() {
        for (name, files) in bundle(&folder).wrong {
            let says = files.iter().any(|(_, body)| body.starts_with(b"# expect: "));
            assert!(says, "{}: wrong/{name} has no `# expect:` line", folder.display());
        }
    }
}

#[test]
fn every_hint_and_weight_belongs_to_a_test_of_the_exercise() {
    for folder in folders() {
        let bundle = bundle(&folder);
        let tests = test_names(&bundle);
        let named = bundle
            .hints
            .tests
            .keys()
            .chain(bundle.spec.weights.keys())
            .chain(&bundle.spec.hidden);
        for pattern in named {
            let known = tests.iter().any(|test| assay::domain::exercise::matches(pattern, test));
            assert!(
                known,
                "{}: no test is named {pattern:?}; there are {tests:?}",
                folder.display()
            );
        }
    }
}

#[tokio::test]
async fn every_exercise_verifies() {
    for folder in folders() {
        let outcome = verified(&bundle(&folder)).await;
        assert_eq!(outcome.findings, [], "{}", folder.display());
    }
}

#[tokio::test]
async fn endless_recursion_in_every_test_is_an_error_each_time_and_no_lack_of_memory() {
    let source = "import sys\nsys.setrecursionlimit(10**9)\n\n\ndef parcel_price(weight, express=False):\n    \
                  return parcel_price(weight)\n";
    let parcel_price = folders().into_iter().find(|folder| folder.ends_with("parcel-price"));
    let exercise = prepared(bundle(&parcel_price.expect("it is there"))).await;
    let file = FilePath::parse("parcel.py").expect("a good path");
    let files = FileSet::from_iter([(file, source.as_bytes().to_vec())]);
    let report = grade(sandboxes(), &exercise, &files, None)
        .await
        .expect("it works")
        .report;
    assert_eq!(report.tests.len(), 9);
    for test in &report.tests {
        assert_eq!(test.status, TestStatus::Error, "{}: {}", test.name, test.message);
    }
    assert_eq!(report.verdict, Verdict::Failed);
}

/// The names `Class.test_name` that a bundle's test files write down.
fn test_names(bundle: &Bundle) -> Vec<String> {
    let mut names = Vec::new();
    for (_, body) in bundle.tests.iter() {
        let mut class = "";
        for line in std::str::from_utf8(body).unwrap().lines() {
            if let Some(rest) = line.strip_prefix("class ") {
                class = rest.split('(').next().unwrap();
            } else if let Some(rest) = line.trim_start().strip_prefix("def test_") {
                names.push(format!("{class}.test_{}", rest.split('(').next().unwrap()));
            }
        }
    }
    names
}
