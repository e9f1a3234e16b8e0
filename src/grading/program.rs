//! A free run: one program in one sandbox, nothing graded.

use super::outcome::Stop;
use super::prepared::Deaf;
use super::{backstop, protocol};
use crate::domain::files::{FilePath, FileSet};
use crate::domain::report::{Diagnostic, Usage, milliseconds};
use crate::domain::run::{RunEnding, RunReport, RunRequest};
use crate::domain::verdict::Verdict;
use crate::sandbox::contract::How;
use crate::sandbox::{Budget, Call, Ending, ProgramAnswer, Run, SandboxError, Sandboxes, Tree};

/// Runs a program and tells how it ended.
///
/// # Errors
/// Only where the sandbox itself failed.
pub async fn run_program(sandboxes: &Sandboxes, request: RunRequest) -> Result<RunReport, SandboxError> {
    let limits = request.limits;
    let names: Vec<&str> = request.files.keys().map(String::as_str).collect();
    let job = serde_json::json!({"kind": "program", "argv": request.argv, "submission_files": names}).to_string();
    let files = request
        .files
        .into_iter()
        .filter_map(|(name, text)| Some((FilePath::parse(&name).ok()?, text.into_bytes())));
    let mut tree = Tree::new();
    tree.give("work", &files.collect::<FileSet>());
    let run = Run {
        call: Call::Run(job),
        tree,
        stdin: request.stdin.into_bytes().into(),
        budget: Budget {
            instructions: limits.test_instructions(),
            memory_bytes: limits.memory_bytes(),
            output_bytes: limits.output_bytes(),
            backstop: backstop(limits),
        },
    };
    let outcome = sandboxes.run(run, Deaf).await?;
    let (ending, exit_code, diagnostic) = match &outcome.ending {
        Ending::Returned(answer) => returned(answer),
        Ending::Exit(code) => {
            let ending = if *code == 0 {
                RunEnding::Finished
            } else {
                RunEnding::Error
            };
            (ending, Some(*code), None)
        }
        ended => {
            let stop = Stop::of(ended);
            let ending = match stop.verdict {
                Verdict::Timeout => RunEnding::Timeout,
                Verdict::MemoryLimit => RunEnding::MemoryLimit,
                Verdict::OutputLimit => RunEnding::OutputLimit,
                _ => RunEnding::Error,
            };
            (ending, None, Some(stop.diagnostic()))
        }
    };
    Ok(RunReport {
        ending,
        exit_code,
        output: outcome.output,
        diagnostic,
        usage: Usage {
            instructions: outcome.instructions,
            peak_memory_bytes: Some(outcome.peak_memory_bytes),
            cpu_ms: Some(milliseconds(outcome.wall)),
            wall_ms: milliseconds(outcome.wall),
        },
        runtime: sandboxes.python().id(),
    })
}

fn returned(answer: &str) -> (RunEnding, Option<i32>, Option<Diagnostic>) {
    let answer = ProgramAnswer::read(answer);
    let (how, code) = answer.how();
    let diagnostic = answer.diagnostic.map(protocol::diagnostic);
    match how {
        How::Returned => (RunEnding::Finished, Some(code), diagnostic),
        How::MemoryLimit => (RunEnding::MemoryLimit, None, diagnostic),
        _ => (RunEnding::Error, Some(code), diagnostic),
    }
}
