//! `assay grader check`, `push` and `build`: sends graders, tells what their admission found; makes components.

use super::Outcome;
use super::failure::{Failure, Fault};
use super::pack::{read_folder, zip};
use super::server::{Answer, Server};
use super::terminal::{Output, Tone, plain};
use crate::domain::name::Slug;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use wit_component::ComponentEncoder;

/// What to do with graders.
#[derive(Debug, clap::Subcommand)]
pub enum GraderCommand {
    /// Check a grader as its admission would, and make nothing of it
    Check {
        /// A .wasm file, or a package: a folder or .zip with grader.py or grader.wasm
        file: PathBuf,
    },
    /// Make the next version of a grader
    Push {
        /// A .wasm file, or a package: a folder or .zip with grader.py or grader.wasm
        file: PathBuf,
        /// What exercises name it by; the file's or folder's name unless told
        #[arg(long)]
        name: Option<String>,
        /// Make it active once it is admitted
        #[arg(long)]
        activate: bool,
    },
    /// Make a component of a core module that wit-bindgen built; `check` and `push` do so by themselves
    Build {
        /// The .wasm file that cargo built
        module: PathBuf,
        /// Where to write the component
        #[arg(long)]
        out: PathBuf,
    },
}

/// What is sent: a body and its type.
struct Upload {
    body: Vec<u8>,
    kind: &'static str,
}

pub async fn run(command: GraderCommand, server: &Server, output: &Output) -> Result<Outcome, Failure> {
    match command {
        GraderCommand::Check { file } => check(&file, server, output).await,
        GraderCommand::Push { file, name, activate } => push(&file, name, activate, server, output).await,
        GraderCommand::Build { module, out } => build(&module, &out, output),
    }
}

async fn check(file: &Path, server: &Server, output: &Output) -> Result<Outcome, Failure> {
    let upload = upload(file)?;
    let request = server.request(Method::POST, &["v1", "grader-checks"])?;
    let request = request.header("Content-Type", upload.kind).body(upload.body);
    let bar = output.spinner("checking");
    let mut answer = server.send(request).await;
    while let Ok(Answer { status, location, .. }) = &answer
        && *status == StatusCode::ACCEPTED
    {
        let id = location.rsplit('/').next().unwrap_or_default().to_owned();
        let request = server.request(Method::GET, &["v1", "grader-checks", &id])?;
        answer = server.send(request.query(&[("wait", "20")])).await;
    }
    bar.finish_and_clear();
    let shown = file.display().to_string();
    match answer {
        Ok(answer) => {
            output.say(&format!("{} {shown} would be admitted", output.paint(Tone::Good, "✓")));
            output.document(&answer.body);
            Ok(Outcome::Good)
        }
        Err(Failure::Refused(problem)) if problem.code == "grader_rejected" => {
            tell_findings(&format!("{shown} would be rejected"), file, &problem.errors, output);
            output.document(&json!({"status": "rejected", "findings": problem.errors}));
            Ok(Outcome::NotGood)
        }
        Err(failure) => Err(failure),
    }
}

async fn push(
    file: &Path,
    name: Option<String>,
    activate: bool,
    server: &Server,
    output: &Output,
) -> Result<Outcome, Failure> {
    let named = name.map_or_else(|| own_name(file), Ok)?;
    let name: Slug = named.parse().map_err(|error| {
        Failure::Usage(format!(
            "{named:?} cannot name a grader: {error}; choose another with --name"
        ))
    })?;
    let upload = upload(file)?;
    let request = server.request(Method::POST, &["v1", "graders", name.as_str(), "versions"])?;
    let request = request
        .query(&[("activate", if activate { "true" } else { "false" })])
        .header("Content-Type", upload.kind)
        .body(upload.body);
    let bar = output.spinner("admission");
    let mut body = server.send(request).await?.body;
    let version = body
        .get("version")
        .and_then(Value::as_i64)
        .unwrap_or_default()
        .to_string();
    while body.get("status").and_then(Value::as_str) == Some("queued") {
        let request = server.request(Method::GET, &["v1", "graders", name.as_str(), "versions", &version])?;
        body = server.send(request.query(&[("wait", "20")])).await?.body;
    }
    bar.finish_and_clear();
    let admitted = body.get("status").and_then(Value::as_str) == Some("admitted");
    if admitted {
        let state = if activate {
            "admitted and active"
        } else {
            "admitted, but not active"
        };
        output.say(&format!(
            "{} {name}@{version} is {state}",
            output.paint(Tone::Good, "✓")
        ));
    } else {
        let findings = body.get("findings").cloned().unwrap_or_default();
        let findings: Vec<Fault> = serde_json::from_value(findings).unwrap_or_default();
        tell_findings(&format!("{name}@{version} is rejected"), file, &findings, output);
    }
    output.document(&body);
    Ok(if admitted { Outcome::Good } else { Outcome::NotGood })
}

fn tell_findings(what: &str, file: &Path, findings: &[Fault], output: &Output) {
    let mut lines = vec![format!("{} {what}", output.paint(Tone::Bad, "✗"))];
    for finding in findings {
        let place = match (&finding.file, finding.line) {
            (Some(inner), Some(line)) => format!("{}:{line}", place(file, inner)),
            (Some(inner), None) => place(file, inner),
            (None, _) => file.display().to_string(),
        };
        lines.push(plain(&format!("{place}: {}", finding.message)).into_owned());
    }
    output.say(&lines.join("\n"));
}

/// Where a file of the package lies on this machine.
fn place(file: &Path, inner: &str) -> String {
    if file.is_dir() {
        file.join(inner).display().to_string()
    } else if file.extension().is_some_and(|extension| extension == "wasm") {
        file.display().to_string()
    } else {
        format!("{}: {inner}", file.display())
    }
}

fn own_name(file: &Path) -> Result<String, Failure> {
    let real = file
        .canonicalize()
        .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", file.display())))?;
    let name = if real.is_dir() {
        real.file_name()
    } else {
        real.file_stem()
    };
    Ok(name.unwrap_or_default().to_string_lossy().into_owned())
}

fn upload(file: &Path) -> Result<Upload, Failure> {
    if file.is_dir() {
        let files = read_folder(file)?;
        return Ok(Upload {
            body: zip(&files)?,
            kind: "application/zip",
        });
    }
    let body = read(file)?;
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("zip") => Ok(Upload {
            body,
            kind: "application/zip",
        }),
        Some("wasm") => Ok(Upload {
            body: component(&body).unwrap_or(body),
            kind: "application/wasm",
        }),
        _ => Err(Failure::Usage(format!(
            "{}: expected a .wasm file, or a package: a folder or .zip with grader.py or grader.wasm",
            file.display()
        ))),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::Usage(format!("cannot read {}: {error}", file.display())))
}

/// The component of a core module that wit-bindgen built; none where the bytes are something else.
fn component(wasm: &[u8]) -> Option<Vec<u8>> {
    // After the magic number: the version, and the layer, which is 0 for core modules.
    let is_core = wasm.get(..8) == Some(b"\0asm\x01\0\0\0");
    if !is_core {
        return None;
    }
    ComponentEncoder::default().module(wasm).ok()?.encode().ok()
}

/// Makes a component file of a core module file.
pub fn build(module: &Path, out: &Path, output: &Output) -> Result<Outcome, Failure> {
    let wasm = read(module)?;
    let made = ComponentEncoder::default()
        .module(&wasm)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| {
            Failure::Usage(format!(
                "{}: no component can be made of it: {error:#}",
                module.display()
            ))
        })?;
    std::fs::write(out, &made).map_err(|error| Failure::Usage(format!("cannot write {}: {error}", out.display())))?;
    output.say(&format!("{} ({} bytes)", out.display(), made.len()));
    output.document(&json!({"component": out.display().to_string(), "bytes": made.len()}));
    Ok(Outcome::Good)
}
