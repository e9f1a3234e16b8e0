//! Admission of a grader: whether a package may grade, found out in sandboxes before any learner depends on it.

use super::grader::{Grader, NoGrader, kind};
use super::recorder::Recorder;
use super::{GRADER_MEMORY, backstop, verify};
use crate::domain::bundle::Bundle;
use crate::domain::files::FileSet;
use crate::domain::grader::{Admission, COMPONENT_FILE, GraderKind, SELF_TEST};
use crate::domain::limits::{LimitCaps, Limits};
use crate::domain::verification::Finding;
use crate::sandbox::contract::GradeJob;
use crate::sandbox::{Budget, Call, Ending, Run, SandboxError, Sandboxes, Tree, grader_allowance};

/// Checks a package: what it imports, its size, that it compiles, and that it grades the exercise in its `selftest/` as
/// that says, all within limits. A component without a `selftest/` is asked to grade an exercise without tests.
///
/// # Errors
/// Only where the sandbox itself failed; whatever is wrong with the package is a finding.
pub async fn admit(sandboxes: &Sandboxes, package: &FileSet, caps: &LimitCaps) -> Result<Admission, SandboxError> {
    let mut admission = Admission::default();
    let loaded = match kind(package) {
        Ok(kind) => {
            admission.kind = Some(kind);
            Grader::load(sandboxes, "selftest", package).await
        }
        Err(error) => Err(error),
    };
    let grader = match loaded {
        Ok(grader) => grader,
        Err(NoGrader::Findings(findings)) => {
            admission.findings = findings;
            return Ok(admission);
        }
        Err(NoGrader::Sandbox(error)) => return Err(error),
    };
    let exercise = package.below(SELF_TEST);
    if exercise.is_empty() {
        if admission.kind == Some(GraderKind::Python) {
            let message = "the package has no self-test: put an exercise (exercise.toml, solution/, tests/, …) there";
            let finding = Finding::at("selftest/", None, message.to_owned());
            admission.findings.push(finding);
        } else if let Some(reason) = refuses_nothing(sandboxes, &grader).await? {
            admission.findings.push(Finding::at(COMPONENT_FILE, None, reason));
        }
        return Ok(admission);
    }
    let below = |finding: Finding| Finding {
        file: Some(match finding.file {
            Some(file) => format!("{SELF_TEST}/{file}"),
            None => format!("{SELF_TEST}/"),
        }),
        ..finding
    };
    match Bundle::read(&exercise, caps) {
        Ok(bundle) => {
            let outcome = verify(sandboxes, &bundle, &grader).await?;
            admission.findings.extend(outcome.findings.iter().cloned().map(below));
            admission.self_test = Some(outcome);
        }
        Err(findings) => admission.findings.extend(findings.into_iter().map(below)),
    }
    Ok(admission)
}

/// Has it grade an exercise without tests and without files. That may be refused, but in order and within limits.
async fn refuses_nothing(sandboxes: &Sandboxes, grader: &Grader) -> Result<Option<String>, SandboxError> {
    let limits = Limits {
        time_ms: 100,
        ..Limits::DEFAULT
    };
    let budget = Budget {
        instructions: limits.test_instructions(),
        memory_bytes: limits.memory_bytes(),
        output_bytes: limits.output_bytes(),
        backstop: backstop(limits),
    };
    let mut tree = Tree::new();
    grader.give(&mut tree);
    let settings = serde_json::json!({"isolation": "separate", "submission_files": [], "test_files": []});
    let job = GradeJob {
        submission: Vec::new(),
        tests: Vec::new(),
        settings: settings.to_string(),
        skip: Vec::new(),
    };
    let run = Run {
        call: Call::Grade {
            job,
            learner: Some(budget),
            module: grader.module(),
        },
        tree,
        stdin: bytes::Bytes::new(),
        budget: Budget {
            instructions: grader_allowance(budget.instructions),
            memory_bytes: GRADER_MEMORY,
            ..budget
        },
    };
    match sandboxes.run(run, Recorder::new(limits)).await {
        Ok(outcome) => Ok(fault(&outcome.ending).filter(|_| !matches!(outcome.ending, Ending::GaveUp(_)))),
        Err(SandboxError::Grader(reason)) => Ok(Some(reason)),
        Err(error) => Err(error),
    }
}

/// What the grader did wrong by ending so; nothing where it came to its end.
pub fn fault(ending: &Ending) -> Option<String> {
    Some(match ending {
        Ending::Returned(_) => return None,
        Ending::GaveUp(reason) => format!("it says: {}", shown(reason)),
        Ending::OutOfBudget => "it used up its budget of instructions: does it loop without end?".to_owned(),
        Ending::Backstop => "it took far longer than its instructions should".to_owned(),
        Ending::OutOfMemory => format!("it used up its memory of {} MB", GRADER_MEMORY >> 20),
        Ending::OutputLimit => "it printed more than it may".to_owned(),
        Ending::StackOverflow => "its calls were nested too deep".to_owned(),
        Ending::Exit(code) => format!("it ended itself with exit code {code}"),
        Ending::BadEvent(reason) => format!("it broke the contract: {}", shown(reason)),
        Ending::Trap(reason) => format!("it crashed: {}", shown(reason)),
    })
}

/// A grader's own words, cut.
fn shown(text: &str) -> String {
    text.chars().take(2000).collect()
}
