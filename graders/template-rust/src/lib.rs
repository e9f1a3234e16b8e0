//! A grader to begin with: the program prints as many lines as `tests/lines.txt` says, and its points fall with every
//! line that is missing or too much.

wit_bindgen::generate!({ path: "wit", world: "grader" });

use assay::grader::learner::{self, Ending, Program};
use assay::grader::progress;
use assay::grader::types::{Outcome, Planned, Status};

struct LineCount;

export!(LineCount);

const TEST: &str = "prints the right number of lines";

impl Guest for LineCount {
    fn grade(job: Job) -> Result<(), String> {
        let file = job.tests.iter().find(|file| file.path == "lines.txt");
        let text = file.map(|file| String::from_utf8_lossy(&file.content));
        let text = text.ok_or("tests/lines.txt: the exercise has no such file")?;
        let wanted: usize = text.trim().parse().map_err(|_| "tests/lines.txt: expected a number")?;

        progress::plan(&[Planned { name: TEST.into(), file: "lines.txt".into(), line: 1, points: Some(10.0) }]);
        progress::start(TEST);
        let ended = learner::run(&Program {
            files: job.submission,
            argv: vec!["main.py".into()],
            stdin: Vec::new(),
        });
        let printed: String = ended.printed.iter().map(|part| part.text.as_str()).collect();
        let lines = printed.lines().count();
        let off = lines.abs_diff(wanted);
        let (status, message) = match ended.how {
            Ending::Returned if off == 0 => (Status::Passed, String::new()),
            Ending::Returned => (Status::Failed, format!("printed {lines} lines, expected {wanted}")),
            _ => (Status::Error, ended.message),
        };
        let share = if status == Status::Failed { 1.0 - (off as f64 / wanted.max(1) as f64).min(1.0) } else { 0.0 };
        progress::finish(
            TEST,
            &Outcome {
                status,
                share: (status == Status::Failed).then_some(share),
                message,
                expected: None,
                actual: None,
                traceback: None,
                kind: ended.diagnostic.map(|diagnostic| diagnostic.kind),
                parts: Vec::new(),
            },
        );
        Ok(())
    }
}
