//! `assay submit`: hand in files, wait for the report, print it.

use super::failure::Failure;
use super::pack::read_folder;
use super::server::Server;
use super::terminal::Output;
use super::{Outcome, show};
use crate::domain::name::ExerciseRef;
use crate::domain::submission::Status;
use crate::domain::verdict::Verdict;
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Seconds that one request waits for the report before it asks again.
const WAIT: &str = "20";

/// What to hand in.
#[derive(Debug, clap::Args)]
pub struct SubmitArgs {
    /// The exercise, or one version of it: leap, leap@3
    exercise: String,
    /// Files to hand in by their names; of a folder, everything in it by the paths below it
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Your platform's name for the learner
    #[arg(long)]
    learner: Option<String>,
    /// Do not wait for the report; print the submission's id
    #[arg(long)]
    no_wait: bool,
}

pub async fn run(args: SubmitArgs, server: &Server, output: &Output) -> Result<Outcome, Failure> {
    args.exercise
        .parse::<ExerciseRef>()
        .map_err(|error| Failure::Usage(format!("{:?} cannot name an exercise: {error}", args.exercise)))?;
    let mut body = json!({"exercise": args.exercise, "files": read_files(&args.files)?});
    if let Some(learner) = args.learner {
        body["learner"] = learner.into();
    }
    let mut request = server.request(Method::POST, &["v1", "submissions"])?.json(&body);
    if !args.no_wait {
        request = request.header("Prefer", format!("wait={WAIT}"));
    }
    let waiting = output.spinner("grading");
    let answered = finished(server.send(request).await?.body, args.no_wait, server).await;
    waiting.finish_and_clear();
    let document = answered?;
    let submission: show::Submission = serde_json::from_value(document.clone())
        .map_err(|error| Failure::Network(format!("the report cannot be read: {error}")))?;
    output.document(&document);
    if submission.status != Status::Finished {
        output.say(&submission.id);
        return Ok(Outcome::Good);
    }
    output.say(&show::submission(&submission, output));
    Ok(if submission.verdict == Some(Verdict::Passed) {
        Outcome::Good
    } else {
        Outcome::NotGood
    })
}

/// The submission with its report: asks again until it is finished.
async fn finished(mut submission: Value, no_wait: bool, server: &Server) -> Result<Value, Failure> {
    while !no_wait && submission.get("status").and_then(Value::as_str) != Some(Status::Finished.as_str()) {
        let id = submission
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let request = server
            .request(Method::GET, &["v1", "submissions", &id])?
            .query(&[("wait", WAIT)]);
        let answer = server.send(request).await?;
        if answer.status != StatusCode::OK {
            return Err(Failure::Network(format!(
                "asked for submission {id}, got {}",
                answer.status
            )));
        }
        submission = answer.body;
    }
    Ok(submission)
}

fn read_files(paths: &[PathBuf]) -> Result<Value, Failure> {
    let mut files = Map::new();
    let mut add = |name: String, body: Vec<u8>, at: &Path| {
        let at = at.display();
        let Ok(body) = String::from_utf8(body) else {
            return Err(Failure::Usage(format!("{at} is not UTF-8 text; save it as UTF-8")));
        };
        match files.insert(name.clone(), body.into()) {
            None => Ok(()),
            Some(_) => Err(Failure::Usage(format!("{at}: there are two files named {name:?}"))),
        }
    };
    for path in paths {
        if path.is_dir() {
            for (inner, body) in read_folder(path)?.iter() {
                add(inner.as_str().to_owned(), body.to_vec(), &path.join(inner.as_str()))?;
            }
        } else {
            let body = std::fs::read(path)
                .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            add(name, body, path)?;
        }
    }
    Ok(Value::Object(files))
}
