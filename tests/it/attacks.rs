//! Submissions that try to pass without doing the work, or to learn what the tests know (`tests/attacks`).

use crate::support::files::read_folder;
use crate::support::sandboxes::{prepared, sandboxes, verified};
use assay::domain::bundle::Bundle;
use assay::domain::exercise::Isolation;
use assay::domain::files::FileSet;
use assay::domain::limits::LimitCaps;
use assay::domain::report::Report;
use assay::domain::verdict::Verdict;
use assay::grading::grade;
use std::path::{Path, PathBuf};

/// What no learner's code and no learner's view of a report may show.
const MARK: &str = "only-the-tests-know";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks")
}

fn attacks() -> Vec<(String, FileSet)> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir() && !path.ends_with("exercise"))
        .map(|path| {
            (
                path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                read_folder(&path),
            )
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// The mark goes to `shout` as an argument, so what that prints or returns may hold it, in its own hidden test alone.
fn leaks(report: &Report) -> bool {
    let elsewhere = report.tests.iter().filter(|test| !test.name.contains("hidden"));
    report.output.contains(MARK)
        || elsewhere
            .into_iter()
            .any(|test| test.output.contains(MARK) || test.message.contains(MARK))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_attack_passes_or_learns_what_the_tests_know_and_the_next_submission_is_unaffected() {
    let bundle = Bundle::read(&read_folder(&folder().join("exercise")), &LimitCaps::default()).expect("well formed");
    let verification = verified(&bundle).await;
    assert_eq!(verification.findings, []);
    let plan = verification.tests;
    let reference = bundle.solution.clone();
    let exercise = prepared(bundle).await;
    let honest = grade(sandboxes(), &exercise, &reference, Some(&plan))
        .await
        .expect("the sandbox works")
        .report;
    let attacks = attacks();
    assert!(attacks.len() >= 40, "{}", attacks.len());
    let mut wrong = Vec::new();
    for (name, files) in &attacks {
        let report = grade(sandboxes(), &exercise, files, Some(&plan))
            .await
            .expect("the sandbox works")
            .report;
        if report.verdict == Verdict::Passed || report.score >= report.max_score {
            wrong.push(format!("{name} passes"));
        }
        if report.verdict == Verdict::GraderError {
            wrong.push(format!("{name} is blamed on the exercise"));
        }
        if report.tests.len() != plan.len() {
            wrong.push(format!("{name} changes the list of tests"));
        }
        for test in report
            .tests
            .iter()
            .filter(|test| test.name.contains("answer") && test.score > 0.0)
        {
            wrong.push(format!("{name} earns points in {}", test.name));
        }
        if leaks(&report) {
            wrong.push(format!("{name} shows what only the tests know"));
        }
        let next = grade(sandboxes(), &exercise, &reference, Some(&plan))
            .await
            .expect("the sandbox works")
            .report;
        if next.verdict != Verdict::Passed || next.usage.instructions != honest.usage.instructions {
            wrong.push(format!(
                "{name} changes how the next submission is graded: {:?}",
                next.verdict
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_the_tests_the_attacks_that_the_readme_names_succeed_which_is_why_that_is_not_the_default() {
    let readme = std::fs::read_to_string(folder().join("README.md")).expect("the README");
    let (_, named) = readme.split_once("these can work there").expect("the list");
    let mut bundle =
        Bundle::read(&read_folder(&folder().join("exercise")), &LimitCaps::default()).expect("well formed");
    bundle.spec.isolation = Isolation::Shared;
    let reference = bundle.solution.clone();
    let exercise = prepared(bundle).await;
    let plan = grade(sandboxes(), &exercise, &reference, None)
        .await
        .expect("the sandbox works")
        .plan;
    let mut differs = Vec::new();
    for (name, files) in attacks() {
        let report = grade(sandboxes(), &exercise, &files, Some(&plan))
            .await
            .expect("the sandbox works")
            .report;
        let earns = report
            .tests
            .iter()
            .any(|test| test.name.contains("answer") && test.score > 0.0);
        let succeeds = earns || report.verdict == Verdict::Passed || leaks(&report);
        if succeeds != named.contains(&format!("`{name}`")) {
            differs.push(format!(
                "{name} {}",
                if succeeds { "succeeds" } else { "does not succeed" }
            ));
        }
    }
    assert!(differs.is_empty(), "{}", differs.join("\n"));
}
