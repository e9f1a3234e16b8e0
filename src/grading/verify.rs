//! Checks a bundle by its own solutions: the reference passes, the starter and every wrong one do not, twice alike.

use super::{Graded, Grader, Prepared, grade};
use crate::domain::bundle::Bundle;
use crate::domain::files::FileSet;
use crate::domain::report::Report;
use crate::domain::verdict::{TestStatus, Verdict};
use crate::domain::verification::{Finding, PlannedTest, SolutionCheck, Verification};
use crate::sandbox::{SandboxError, Sandboxes};

/// Grades every solution of a bundle twice and tells of all that is not as it should be.
///
/// # Errors
/// Only where the sandbox itself failed.
pub async fn verify(sandboxes: &Sandboxes, bundle: &Bundle, grader: &Grader) -> Result<Verification, SandboxError> {
    let mut outcome = Verification::default();
    let exercise = Prepared::new(sandboxes, bundle.clone(), grader.clone()).await?;
    let reference = twice(sandboxes, &exercise, "solution", &bundle.solution, None, &mut outcome).await?;
    if let Some(fault) = &reference.grader_fault {
        let message = format!("the grader {} cannot grade the reference: {fault}", reference.grader);
        outcome.findings.push(Finding::at("tests/", None, message));
        return Ok(outcome);
    }
    if reference.tests.is_empty() && reference.verdict != Verdict::Passed {
        explain_unloadable(&reference, &mut outcome.findings);
        return Ok(outcome);
    }
    for test in reference
        .tests
        .iter()
        .filter(|t| !matches!(t.status, TestStatus::Passed | TestStatus::Skipped))
    {
        let message = format!(
            "the reference does not pass {}: {}: {}",
            test.name, test.status, test.message
        );
        outcome.findings.push(place(&outcome.tests, &test.name, message));
    }
    for diagnostic in &reference.diagnostics {
        let file = diagnostic
            .file
            .clone()
            .map_or_else(|| "solution/".into(), |file| bundle_path(bundle, &file));
        let message = format!("{}: {}", diagnostic.kind, diagnostic.message);
        outcome.findings.push(Finding {
            file: Some(file),
            line: diagnostic.line,
            message,
        });
    }
    if outcome.findings.is_empty() && reference.verdict != Verdict::Passed {
        outcome.findings.push(Finding::at(
            "solution/",
            None,
            format!("the reference ends as {}", reference.verdict),
        ));
    }
    if outcome.tests.iter().all(|test| test.skipped) && outcome.findings.is_empty() {
        outcome.findings.push(Finding::at(
            "tests/",
            None,
            "every test is skipped, so nothing would be graded".into(),
        ));
    }
    if !outcome.findings.is_empty() {
        return Ok(outcome);
    }

    let plan = outcome.tests.clone();
    let mut others: Vec<(String, &FileSet)> = bundle
        .wrong
        .iter()
        .map(|(name, files)| (format!("wrong/{name}"), files))
        .collect();
    if !bundle.starter.is_empty() {
        others.insert(0, ("starter".into(), &bundle.starter));
    }
    for (name, files) in others {
        let report = twice(sandboxes, &exercise, &name, files, Some(&plan), &mut outcome).await?;
        if let Some(fault) = &report.grader_fault {
            let message = format!("the grader {} cannot grade it: {fault}", report.grader);
            outcome.findings.push(Finding::at(&format!("{name}/"), None, message));
        } else if report.verdict == Verdict::Passed {
            let message = format!("{name} passes every test, but must not; is a test missing?");
            outcome.findings.push(Finding::at(&format!("{name}/"), None, message));
        } else {
            check_expectation(&name, files, &report, &mut outcome.findings);
        }
    }
    Ok(outcome)
}

/// Grades one solution twice, notes it, and tells where the two differ.
async fn twice(
    sandboxes: &Sandboxes,
    exercise: &Prepared,
    name: &str,
    files: &FileSet,
    plan: Option<&[PlannedTest]>,
    outcome: &mut Verification,
) -> Result<Report, SandboxError> {
    let handed_in: FileSet = files
        .iter()
        .filter(|(path, _)| exercise.bundle.spec.accepts(path.as_str()))
        .map(|(path, body)| (path.clone(), body.to_vec()))
        .collect();
    let Graded {
        report: first,
        plan: tests,
        ..
    } = grade(sandboxes, exercise, &handed_in, plan).await?;
    if first.grader_fault.is_some() {
        return Ok(first); // nothing was graded that could differ
    }
    let second = grade(sandboxes, exercise, &handed_in, plan).await?.report;
    if first.verdict != second.verdict || first.usage.instructions != second.usage.instructions {
        let message = format!(
            "{name} was graded twice and differs: {} with {} instructions, then {} with {}",
            first.verdict, first.usage.instructions, second.verdict, second.usage.instructions
        );
        outcome.findings.push(Finding::at(&format!("{name}/"), None, message));
    }
    if plan.is_none() {
        let is_skipped = |name: &str| {
            first
                .tests
                .iter()
                .any(|t| t.name == name && t.status == TestStatus::Skipped)
        };
        outcome.tests = tests
            .into_iter()
            .map(|test| PlannedTest {
                skipped: is_skipped(&test.name),
                ..test
            })
            .collect();
    }
    outcome.solutions.push(SolutionCheck {
        solution: name.to_owned(),
        verdict: first.verdict,
        score: first.score,
        max_score: first.max_score,
        not_passed: first
            .tests
            .iter()
            .filter(|test| !matches!(test.status, TestStatus::Passed | TestStatus::Skipped))
            .map(|test| test.name.clone())
            .collect(),
        instructions: first.usage.instructions,
        peak_memory_bytes: first.usage.peak_memory_bytes.unwrap_or(0),
    });
    Ok(first)
}

fn explain_unloadable(reference: &Report, findings: &mut Vec<Finding>) {
    if reference.diagnostics.is_empty() {
        findings.push(Finding::at("tests/", None, "the test files hold no tests".into()));
    }
    for diagnostic in &reference.diagnostics {
        let message = format!(
            "the reference cannot be loaded: {}: {}",
            diagnostic.kind, diagnostic.message
        );
        findings.push(Finding {
            file: diagnostic.file.clone(),
            line: diagnostic.line,
            message,
        });
    }
}

/// Where a file of a run lies in the bundle.
fn bundle_path(bundle: &Bundle, file: &str) -> String {
    let file = file.strip_prefix("tests/").unwrap_or(file);
    let folder = if bundle.solution.get(file).is_some() {
        "solution"
    } else {
        "tests"
    };
    format!("{folder}/{file}")
}

fn place(tests: &[PlannedTest], name: &str, message: String) -> Finding {
    match tests.iter().find(|test| test.name == name) {
        Some(test) => Finding {
            file: Some(format!("tests/{}", test.file)),
            line: Some(test.line),
            message,
        },
        None => Finding::at("tests/", None, message),
    }
}

/// Holds a report against the first line of a wrong solution's files: `# expect: failed: LeapTest.test_x`.
fn check_expectation(name: &str, files: &FileSet, report: &Report, findings: &mut Vec<Finding>) {
    for (path, body) in files.iter() {
        let first = String::from_utf8_lossy(body)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        let Some(expected) = first
            .trim()
            .strip_prefix('#')
            .map(str::trim)
            .and_then(|l| l.strip_prefix("expect:"))
        else {
            continue;
        };
        let (verdict, test) = expected.split_once(':').unwrap_or((expected, ""));
        let (verdict, test) = (verdict.trim(), test.trim());
        let file = format!("{name}/{path}");
        if verdict.parse::<Verdict>().is_err() {
            findings.push(Finding::at(&file, Some(1), format!("{verdict:?} is no verdict")));
        } else if verdict != report.verdict.as_str() {
            let message = format!("expected {verdict}, but it ends as {}", report.verdict);
            findings.push(Finding::at(&file, Some(1), message));
        }
        if !test.is_empty() {
            match report.tests.iter().find(|t| t.name == test) {
                None => findings.push(Finding::at(&file, Some(1), format!("there is no test named {test:?}"))),
                Some(t) if t.status == TestStatus::Passed => {
                    findings.push(Finding::at(
                        &file,
                        Some(1),
                        format!("it passes {test}, which it should not"),
                    ));
                }
                Some(_) => {}
            }
        }
    }
}
