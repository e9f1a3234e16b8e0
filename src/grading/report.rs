//! From what was heard to the report: every planned test in file order, scores, the verdict, hints.

use super::Graded;
use super::outcome::Stop;
use super::recorder::{Recorded, Recorder};
use crate::domain::bundle::Bundle;
use crate::domain::exercise::Isolation;
use crate::domain::report::{Diagnostic, Report, TestReport, Usage, Visibility};
use crate::domain::verdict::{TestStatus, Verdict};
use crate::domain::verification::PlannedTest;
use crate::sandbox::RuntimeInfo;
use std::collections::HashMap;

/// Adds up a submission's report. `stop` says why the last instance ended early, if it did.
pub fn assemble(
    bundle: &Bundle,
    grader: &str,
    plan: Option<&[PlannedTest]>,
    recorder: Recorder,
    stop: Option<Stop>,
    runtime: &RuntimeInfo,
    pure: bool,
) -> Graded {
    let Recorder {
        plan: found,
        results,
        load_errors,
        output,
        usage,
        ..
    } = recorder;
    let mut results: HashMap<String, Recorded> = results.into_iter().map(|r| (r.ended.name.clone(), r)).collect();
    let any_result = !results.is_empty();

    let mut wanted: Vec<PlannedTest> = plan.unwrap_or_default().to_vec();
    for test in found {
        if wanted.iter().all(|known| known.name != test.name) {
            wanted.push(PlannedTest {
                name: test.name,
                file: test.file,
                line: test.line,
                skipped: plan.is_none(),
                points: test.points,
            });
        }
    }
    let tests: Vec<TestReport> = wanted
        .iter()
        .map(|test| {
            let load_error = load_errors
                .iter()
                .find(|(file, _)| *file == test.file)
                .map(|(_, diagnostic)| diagnostic);
            let recorded = results.remove(&test.name);
            test_report(bundle, test, recorded, load_error, stop.as_ref())
        })
        .collect();

    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for (_, diagnostic) in load_errors {
        if !diagnostics.contains(&diagnostic) {
            diagnostics.push(diagnostic);
        }
    }
    if let Some(stop) = stop.as_ref().filter(|_| !any_result && diagnostics.is_empty()) {
        diagnostics.push(stop.diagnostic());
    }
    for diagnostic in &mut diagnostics {
        diagnostic.hint = bundle.hints.errors.get(&diagnostic.kind).cloned();
    }
    let report = Report {
        verdict: verdict(&tests, any_result, stop.as_ref()),
        score: tests.iter().map(|test| test.score).sum(),
        max_score: tests.iter().map(|test| test.max_score).sum(),
        tests,
        diagnostics,
        output,
        usage,
        grader: grader.to_owned(),
        runtime: runtime.id(),
        isolation: bundle.spec.isolation,
        grader_fault: None,
    };
    Graded {
        report,
        plan: wanted,
        pure,
    }
}

/// The report of a submission that could not be graded, for a reason that is not the learner's.
#[must_use]
pub fn not_graded(grader: &str, runtime: &RuntimeInfo, isolation: Isolation, fault: String) -> Report {
    Report {
        verdict: Verdict::GraderError,
        score: 0.0,
        max_score: 0.0,
        tests: Vec::new(),
        diagnostics: vec![Diagnostic {
            kind: "GraderError".to_owned(),
            message: "This could not be graded. The fault is not in your code; whoever runs this server can see why."
                .to_owned(),
            ..Diagnostic::default()
        }],
        output: String::new(),
        usage: Usage::default(),
        grader: grader.to_owned(),
        runtime: runtime.id(),
        isolation,
        grader_fault: Some(fault),
    }
}

fn test_report(
    bundle: &Bundle,
    test: &PlannedTest,
    recorded: Option<Recorded>,
    load_error: Option<&Diagnostic>,
    stop: Option<&Stop>,
) -> TestReport {
    let spec = &bundle.spec;
    let mut report = TestReport {
        name: test.name.clone(),
        status: TestStatus::NotRun,
        score: 0.0,
        max_score: spec.weight(&test.name, test.points),
        visibility: if spec.is_hidden(&test.name) {
            Visibility::Hidden
        } else {
            Visibility::Visible
        },
        message: String::new(),
        expected: None,
        actual: None,
        output: String::new(),
        traceback: None,
        hint: None,
        subtests: Vec::new(),
        usage: Usage::default(),
    };
    let share = recorded.as_ref().and_then(|recorded| recorded.ended.share);
    match (recorded, load_error) {
        (Some(Recorded { ended, output, usage }), _) => {
            report.status = ended.status;
            report.message = ended.message;
            report.expected = ended.expected;
            report.actual = ended.actual;
            report.traceback = ended.traceback;
            report.subtests = ended.subtests;
            report.output = output;
            report.usage = usage;
            if !matches!(report.status, TestStatus::Passed | TestStatus::Skipped) {
                report.hint = bundle.hints.for_test(&test.name, ended.kind.as_deref());
            }
        }
        (None, Some(diagnostic)) => {
            report.status = TestStatus::Error;
            report.message.clone_from(&diagnostic.message);
            // The test's own hint speaks of what it asks for; here nothing was asked yet.
            report.hint = bundle.hints.errors.get(&diagnostic.kind).cloned();
        }
        (None, None) => {
            report.message = match stop {
                Some(stop) => format!("Not run, because the run had ended before: {}", stop.message),
                None => "Not run: the test was not found when the files were loaded.".to_owned(),
            };
        }
    }
    match report.status {
        TestStatus::Passed => report.score = points(report.max_score * share.unwrap_or(1.0)),
        TestStatus::Failed => report.score = points(report.max_score * share.unwrap_or(0.0)),
        TestStatus::Skipped if test.skipped => report.max_score = 0.0,
        TestStatus::Skipped => {
            report.status = TestStatus::Error;
            report.message = format!(
                "The code skipped this test, which only its author may do. {}",
                report.message
            );
        }
        _ => {}
    }
    report
}

/// Points to six decimals, so that a share of a third does not end in noise.
fn points(points: f64) -> f64 {
    (points * 1e6).round() / 1e6
}

/// The verdict: a limit that was hit decides; else whether anything could be loaded; else whether every test passed.
fn verdict(tests: &[TestReport], any_result: bool, stop: Option<&Stop>) -> Verdict {
    let limit = tests.iter().find_map(|test| match test.status {
        TestStatus::Timeout => Some(Verdict::Timeout),
        TestStatus::MemoryLimit => Some(Verdict::MemoryLimit),
        TestStatus::OutputLimit => Some(Verdict::OutputLimit),
        _ => None,
    });
    if let Some(limit) = limit {
        return limit;
    }
    let done = |test: &TestReport| matches!(test.status, TestStatus::Passed | TestStatus::Skipped);
    if !tests.is_empty() && tests.iter().all(done) {
        return Verdict::Passed;
    }
    match stop {
        Some(stop) if !any_result || stop.verdict != Verdict::Error => stop.verdict,
        _ if !any_result => Verdict::Error,
        _ => Verdict::Failed,
    }
}
