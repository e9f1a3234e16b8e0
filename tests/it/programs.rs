//! Learner programs of every kind get the verdict that is written at their top (`tests/programs/README.md`).

use crate::support::files::read_folder;
use crate::support::sandboxes::{prepared, sandboxes, verified};
use assay::domain::bundle::Bundle;
use assay::domain::files::{FilePath, FileSet};
use assay::domain::limits::LimitCaps;
use assay::domain::report::Report;
use assay::domain::verdict::TestStatus;
use assay::domain::verification::PlannedTest;
use assay::grading::grade;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

fn exercise() -> Bundle {
    Bundle::read(&read_folder(&folder().join("exercise")), &LimitCaps::default()).expect("the exercise is well formed")
}

async fn plan(bundle: &Bundle) -> Vec<PlannedTest> {
    let verification = verified(bundle).await;
    assert_eq!(verification.findings, []);
    verification.tests
}

fn submission(source: &str) -> FileSet {
    FileSet::from_iter([(
        FilePath::parse("answer.py").expect("a good path"),
        source.as_bytes().to_vec(),
    )])
}

/// Everything in which the report differs from what the program's first lines promise.
fn differences(source: &str, report: &Report) -> Vec<String> {
    let promised = |key: &str| {
        source
            .lines()
            .find_map(|line| line.strip_prefix(&format!("# {key}: ")).map(str::to_owned))
    };
    let mut wrong = Vec::new();
    let verdict = promised("verdict").expect("every program promises a verdict");
    if report.verdict.as_str() != verdict {
        wrong.push(format!("verdict {} instead of {verdict}", report.verdict));
    }
    let main = report
        .tests
        .iter()
        .find(|test| test.name == "AnswerTest.test_main")
        .expect("test_main is planned");
    if let Some(status) = promised("test_main") {
        if main.status.as_str() != status {
            wrong.push(format!(
                "test_main {} instead of {status}: {}",
                main.status, main.message
            ));
        }
        for test in report
            .tests
            .iter()
            .filter(|test| test.name != main.name && test.status != TestStatus::Passed)
        {
            wrong.push(format!(
                "{} {} instead of passed: {}",
                test.name, test.status, test.message
            ));
        }
    }
    let messages = report
        .diagnostics
        .iter()
        .map(|d| format!("{}: {}", d.kind, d.message))
        .chain([main.message.clone()]);
    let messages: Vec<String> = messages.collect();
    if let Some(part) = promised("message")
        && !messages
            .iter()
            .any(|message| message.to_lowercase().contains(&part.to_lowercase()))
    {
        wrong.push(format!("{part:?} is not in {messages:?}"));
    }
    if let Some(part) = promised("output")
        && !main.output.contains(&part)
    {
        wrong.push(format!("{part:?} is not in the output {:?}", main.output));
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn every_program_gets_the_verdict_written_at_its_top_and_the_next_one_is_unaffected() {
    let bundle = exercise();
    let plan = plan(&bundle).await;
    let exercise = prepared(bundle).await;
    let mut wrong = Vec::new();
    let mut programs: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    programs.sort();
    assert!(programs.len() > 30);
    for path in programs {
        let source = std::fs::read_to_string(&path).expect("a program");
        let graded = grade(sandboxes(), &exercise, &submission(&source), Some(&plan))
            .await
            .expect("the sandbox works");
        for difference in differences(&source, &graded.report) {
            wrong.push(format!(
                "{}: {difference}",
                path.file_name().unwrap_or_default().display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_an_error_that_names_it() {
    let bundle = exercise();
    let plan = plan(&bundle).await;
    let exercise = prepared(bundle).await;
    let nothing = FileSet::from_iter([(FilePath::parse("other.py").expect("a good path"), b"x = 1\n".to_vec())]);
    let report = grade(sandboxes(), &exercise, &nothing, Some(&plan))
        .await
        .expect("the sandbox works")
        .report;
    assert_eq!(report.verdict.as_str(), "error");
    assert!(
        report.diagnostics.iter().any(|d| d.message.contains("answer")),
        "{:?}",
        report.diagnostics
    );
    assert_eq!(report.max_score, 3.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_submission_gives_the_same_report_to_the_last_instruction_also_side_by_side() {
    let bundle = exercise();
    let plan = plan(&bundle).await;
    let exercise = prepared(bundle).await;
    let source = "import random, time\n\n\ndef first():\n    return 1\n\n\ndef main():\n    print(random.random(), time.time(), \
                  hash('a'), id(object()))\n    return {1, 2, 'x'}\n\n\ndef last():\n    return 3\n";
    let files = submission(source);
    let runs = (0..6).map(|_| grade(sandboxes(), &exercise, &files, Some(&plan)));
    let reports: Vec<Report> = futures::future::join_all(runs)
        .await
        .into_iter()
        .map(|graded| timeless(graded.expect("it works").report))
        .collect();
    assert!(reports.iter().all(|report| *report == reports[0]), "{reports:#?}");
}

fn timeless(mut report: Report) -> Report {
    report.usage.wall_ms = 0.0;
    report.usage.cpu_ms = None;
    report.tests.iter_mut().for_each(|test| test.usage.wall_ms = 0.0);
    report
}
