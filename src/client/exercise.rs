//! `assay exercise check` and `push`: send a bundle, print what its verification found.

use super::failure::{Failure, Fault};
use super::pack::{read_folder, tar_gz};
use super::server::{Answer, Server};
use super::terminal::{Output, Tone, plain};
use super::{Outcome, show};
use crate::domain::name::Slug;
use crate::domain::verification::{Finding, Verification};
use futures::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The problems that mean: the exercise is at fault, and `errors` says where.
const NOT_VERIFIED: [&str; 2] = ["bundle_invalid", "verification_failed"];

/// What to do with exercise folders.
#[derive(Debug, clap::Subcommand)]
pub enum ExerciseCommand {
    /// Verify exercises: the reference passes, the starter and every wrong solution do not
    Check {
        /// Exercise folders
        #[arg(required = true, value_name = "DIR")]
        folders: Vec<PathBuf>,
    },
    /// Verify exercises and make the next version of each; an exercise has its folder's name
    Push {
        /// Exercise folders
        #[arg(required = true, value_name = "DIR")]
        folders: Vec<PathBuf>,
        /// Keep the new version a draft: learners go on with the version before
        #[arg(long)]
        draft: bool,
        /// Another name than the folder's; for one folder
        #[arg(long)]
        slug: Option<String>,
    },
}

/// What is asked of the server for one folder.
struct Task {
    folder: PathBuf,
    slug: Slug,
    push: bool,
    draft: bool,
}

/// What became of one folder.
struct Answered {
    version: Option<i64>,
    verification: Option<Verification>,
    faults: Vec<Fault>,
}

pub async fn run(command: ExerciseCommand, server: &Server, output: &Output) -> Result<Outcome, Failure> {
    let tasks = tasks(command)?;
    let pushing = tasks.first().is_some_and(|task| task.push);
    let bar = output.bar(tasks.len(), if pushing { "verifying and pushing" } else { "verifying" });
    // A few at a time: the server grades on as many cores as it has, and the answers stay in the order asked.
    let mut answers = futures::stream::iter(tasks)
        .map(|task| async move {
            let answer = ask(&task, server).await;
            (task, answer)
        })
        .buffered(4);
    let (mut outcome, mut documents) = (Outcome::Good, Vec::new());
    while let Some((task, answer)) = answers.next().await {
        bar.inc(1);
        let answer = match answer {
            Ok(answer) => answer,
            Err(failure) => {
                bar.finish_and_clear();
                return Err(failure);
            }
        };
        let good = answer.faults.is_empty();
        outcome = outcome.and(if good { Outcome::Good } else { Outcome::NotGood });
        bar.suspend(|| output.say(&told(&task, &answer, output)));
        documents.push(document(&task, &answer));
    }
    bar.finish_and_clear();
    output.document(&json!({ "verified": outcome == Outcome::Good, "exercises": documents }));
    Ok(outcome)
}

fn tasks(command: ExerciseCommand) -> Result<Vec<Task>, Failure> {
    let (folders, push, draft, slug) = match command {
        ExerciseCommand::Check { folders } => (folders, false, false, None),
        ExerciseCommand::Push { folders, draft, slug } => (folders, true, draft, slug),
    };
    if slug.is_some() && folders.len() > 1 {
        return Err(Failure::Usage(
            "--slug names one exercise; give one folder with it".into(),
        ));
    }
    let task = |folder: PathBuf| {
        let name = slug.clone().map_or_else(|| folder_name(&folder), Ok)?;
        let slug = name.parse().map_err(|error| {
            let folder = folder.display();
            Failure::Usage(format!(
                "{folder}: {name:?} cannot name an exercise: {error}; rename it or use --slug"
            ))
        })?;
        Ok(Task {
            folder,
            slug,
            push,
            draft,
        })
    };
    folders.into_iter().map(task).collect()
}

fn folder_name(folder: &Path) -> Result<String, Failure> {
    let real = folder
        .canonicalize()
        .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", folder.display())))?;
    Ok(real.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

async fn ask(task: &Task, server: &Server) -> Result<Answered, Failure> {
    let bundle = tar_gz(&read_folder(&task.folder)?)?;
    let mut request = if task.push {
        server.request(Method::PUT, &["v1", "exercises", task.slug.as_str()])?
    } else {
        server.request(Method::POST, &["v1", "exercise-checks"])?
    };
    if task.draft {
        request = request.query(&[("publish", "false")]);
    }
    let request = request.header("Content-Type", "application/gzip").body(bundle);
    match concluded(server.send(request).await, server).await {
        Ok(body) => {
            let part = |name: &str| body.get(name).cloned();
            let verification = part("verification").and_then(|found| serde_json::from_value(found).ok());
            Ok(answered(
                part("version").and_then(|version| version.as_i64()),
                verification,
            ))
        }
        Err(Failure::Refused(problem)) if NOT_VERIFIED.contains(&problem.code.as_str()) => Ok(Answered {
            version: None,
            faults: problem.errors,
            verification: problem.verification,
        }),
        Err(failure) => Err(failure),
    }
}

/// The outcome of a check: of one that takes longer than a request may, asks again until it has ended.
async fn concluded(first: Result<Answer, Failure>, server: &Server) -> Result<Value, Failure> {
    let Answer { status, mut body, .. } = first?;
    if status != StatusCode::ACCEPTED {
        return Ok(body);
    }
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    while body.get("verification").is_none_or(Value::is_null) {
        let request = server
            .request(Method::GET, &["v1", "verifications", &id])?
            .query(&[("wait", "20")]);
        body = server.send(request).await?.body;
    }
    Ok(body)
}

/// A verification's findings are what keeps an exercise from being accepted, however they arrived.
fn answered(version: Option<i64>, verification: Option<Verification>) -> Answered {
    let findings = verification.iter().flat_map(|found| &found.findings);
    let fault = |finding: &Finding| Fault {
        file: finding.file.clone(),
        line: finding.line,
        field: None,
        message: finding.message.clone(),
    };
    Answered {
        version,
        faults: findings.map(fault).collect(),
        verification,
    }
}

/// What people read: one line where all is well, every finding with its place where it is not.
fn told(task: &Task, answer: &Answered, output: &Output) -> String {
    let mut lines = Vec::new();
    if answer.faults.is_empty() {
        let done = match (task.push, answer.version) {
            (true, Some(version)) if task.draft => format!("{}@{version} is a draft", task.slug),
            (true, Some(version)) => format!("{}@{version} is live", task.slug),
            _ => format!("{} verifies", task.folder.display()),
        };
        let summary = answer.verification.as_ref().map(show::verification).unwrap_or_default();
        lines.push(format!(
            "{} {done}{}",
            output.paint(Tone::Good, "✓"),
            output.paint(Tone::Faint, &summary)
        ));
    } else {
        let shown = task.folder.display().to_string();
        let count = answer.faults.len();
        let findings = if count == 1 { "finding" } else { "findings" };
        lines.push(format!(
            "{} {shown} does not verify: {count} {findings}",
            output.paint(Tone::Bad, "✗")
        ));
        for fault in &answer.faults {
            let place = match (&fault.file, fault.line) {
                (Some(file), Some(line)) => task.folder.join(file).display().to_string() + &format!(":{line}"),
                (Some(file), None) => task.folder.join(file).display().to_string(),
                (None, _) => shown.clone(),
            };
            lines.push(plain(&format!("{place}: {}", fault.message)).into_owned());
        }
    }
    lines.join("\n")
}

fn document(task: &Task, answer: &Answered) -> Value {
    json!({
        "folder": task.folder.display().to_string(),
        "exercise": task.slug.as_str(),
        "verified": answer.faults.is_empty(),
        "version": answer.version,
        "errors": answer.faults,
        "verification": answer.verification,
    })
}
