//! Runs the cases one by one and tells what came of each.

use super::Job;
use super::assay::grader::learner::{self, Ended, Ending, Program, Stream};
use super::assay::grader::progress;
use super::assay::grader::types::{File, Outcome, Planned, Status};
use super::compare::{Comparison, difference};
use super::suite::{Case, Subtask, Suite};

/// Most characters of the output that a report shows.
const SHOWN: usize = 4000;

/// Grades a submission: every case in a fresh sandbox, then the subtasks.
pub fn run(job: &Job, suite: &Suite) {
    let cases = suite
        .cases
        .iter()
        .map(|case| planned(&case.name, &case.file, case.line, case.points));
    let subtasks = suite
        .subtasks
        .iter()
        .map(|subtask| planned(&subtask.name, "stdio.toml", subtask.line, subtask.points));
    progress::plan(&cases.chain(subtasks).collect::<Vec<_>>());
    let mut passed = Vec::new();
    for case in &suite.cases {
        progress::start(&case.name);
        let outcome = judge(case, &program(job, suite, case));
        passed.push(outcome.status == Status::Passed);
        progress::finish(&case.name, &outcome);
    }
    for (number, subtask) in suite.subtasks.iter().enumerate() {
        let own: Vec<(&Case, bool)> = suite
            .cases
            .iter()
            .zip(passed.iter().copied())
            .filter(|(case, _)| case.subtask == Some(number))
            .collect();
        progress::start(&subtask.name);
        progress::finish(&subtask.name, &together(subtask, &own));
    }
}

fn planned(name: &str, file: &str, line: u32, points: f64) -> Planned {
    Planned {
        name: name.to_owned(),
        file: file.to_owned(),
        line,
        points: Some(points),
    }
}

fn program(job: &Job, suite: &Suite, case: &Case) -> Ended {
    let own = job.submission.iter().map(|file| File {
        path: file.path.clone(),
        content: file.content.clone(),
    });
    let given = job.tests.iter().filter(|file| case.files.contains(&file.path));
    let given = given.filter(|file| job.submission.iter().all(|own| own.path != file.path));
    let given = given.map(|file| File {
        path: file.path.clone(),
        content: file.content.clone(),
    });
    let mut argv = vec![suite.main.clone()];
    argv.extend(case.args.iter().cloned());
    learner::run(&Program {
        files: own.chain(given).collect(),
        argv,
        stdin: case.stdin.clone(),
    })
}

fn judge(case: &Case, ended: &Ended) -> Outcome {
    let printed = |wanted: Stream| -> String {
        ended
            .printed
            .iter()
            .filter(|part| part.stream == wanted)
            .map(|part| part.text.as_str())
            .collect()
    };
    let stdout = printed(Stream::Stdout);
    let mut outcome = Outcome {
        status: Status::Passed,
        share: None,
        message: String::new(),
        expected: Some(cut(&case.stdout)),
        actual: Some(cut(&stdout)),
        traceback: None,
        kind: None,
        parts: Vec::new(),
    };
    let limit = match ended.how {
        Ending::Timeout => Some(Status::Timeout),
        Ending::MemoryLimit => Some(Status::MemoryLimit),
        Ending::OutputLimit => Some(Status::OutputLimit),
        _ => None,
    };
    if let Some(status) = limit {
        outcome.status = status;
        outcome.message.clone_from(&ended.message);
        if outcome.message.is_empty() {
            "The program used more than it may.".clone_into(&mut outcome.message);
        }
        return outcome;
    }
    let crashed = matches!(ended.how, Ending::StackOverflow | Ending::Crashed);
    if crashed || ended.code != case.exit_code {
        outcome.status = Status::Error;
        explain(&mut outcome, case, ended);
        return outcome;
    }
    match difference(case.compare, case.tolerance, &case.stdout, &stdout) {
        Ok(None) => {
            outcome.expected = None;
            outcome.actual = None;
        }
        Ok(Some(message)) => {
            outcome.status = Status::Failed;
            outcome.message = message;
            if case.compare == Comparison::Regex {
                outcome.expected = Some(format!("output of the form {}", cut(&case.stdout)));
            }
        }
        Err(error) => {
            outcome.status = Status::Error;
            outcome.message = error;
        }
    }
    outcome
}

/// Says why a program ended otherwise than it should.
fn explain(outcome: &mut Outcome, case: &Case, ended: &Ended) {
    match &ended.diagnostic {
        Some(diagnostic) if diagnostic.kind != "SystemExit" => {
            let place = diagnostic
                .line
                .map(|line| format!(" (line {line})"))
                .unwrap_or_default();
            outcome.message = format!("{}{place}", diagnostic.message);
            (outcome.expected, outcome.actual) = (None, None);
            outcome.kind = Some(diagnostic.kind.clone());
            outcome.traceback.clone_from(&diagnostic.traceback);
        }
        _ if !ended.message.is_empty() && case.exit_code == 0 => {
            outcome.message.clone_from(&ended.message);
            outcome.kind = Some("SystemExit".to_owned());
        }
        _ => {
            outcome.message = format!(
                "the program ended with exit code {}, expected {}",
                ended.code, case.exit_code
            );
            outcome.kind = Some("SystemExit".to_owned());
        }
    }
}

fn together(subtask: &Subtask, cases: &[(&Case, bool)]) -> Outcome {
    // Only how many: a case may be hidden.
    let passed = cases.iter().filter(|(_, passed)| *passed).count();
    let all = passed == cases.len();
    Outcome {
        status: if all { Status::Passed } else { Status::Failed },
        share: None,
        message: if all {
            String::new()
        } else {
            format!(
                "{passed} of {} cases passed; the {} points of this subtask need all of them",
                cases.len(),
                subtask.points
            )
        },
        expected: None,
        actual: None,
        traceback: None,
        kind: None,
        parts: Vec::new(),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
