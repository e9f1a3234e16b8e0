//! Takes free runs in: what a playground sends, checked as a submission is, and stored only until it is answered.

use super::FieldError;
use super::request::SentFiles;
use super::submission::{MAX_BYTES, MAX_FILES, SubmitError};
use crate::domain::files::FilePath;
use crate::domain::id::{RunId, TenantId};
use crate::domain::limits::{LimitCaps, Limits};
use crate::domain::run::RunRequest;
use crate::queue;
use crate::store::runs;
use serde::Deserialize;
use sqlx::PgPool;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Most arguments of a run.
const MAX_ARGUMENTS: usize = 100;
/// Before submissions of the same priority: somebody looks at an empty screen.
const PRIORITY: i16 = 0;

/// A program to run, as a platform sends it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"files": {"main.py": "print(\"Hello,\", input())\n"}, "stdin": "Ada\n"}))]
pub struct SentRun {
    /// The program's files: contents by path.
    #[schema(value_type = BTreeMap<String, String>)]
    pub files: SentFiles,
    /// The file to run and its arguments; without it the only file, or `main.py`.
    #[serde(default)]
    pub argv: Vec<String>,
    /// Standard input.
    #[serde(default)]
    pub stdin: String,
    /// The runtime's name.
    #[serde(default)]
    pub runtime: Option<String>,
    /// Budget in milliseconds of instructions; the server has a cap.
    #[serde(default)]
    pub time_ms: Option<u32>,
    /// Memory in MiB; the server has a cap.
    #[serde(default)]
    pub memory_mb: Option<u32>,
}

/// Validates a run and hands it to the workers. `id` is made by the caller, who listens for its end.
///
/// # Errors
/// Says why it was not taken.
pub async fn begin(
    pool: &PgPool,
    tenant: TenantId,
    id: RunId,
    sent: SentRun,
    caps: &LimitCaps,
) -> Result<(), SubmitError> {
    let request = checked(sent, caps).map_err(SubmitError::Invalid)?;
    let mut transaction = pool.begin().await?;
    runs::insert(&mut *transaction, tenant, id, &request).await?;
    queue::enqueue(&mut *transaction, tenant, queue::Kind::Run, id.0, PRIORITY).await?;
    transaction.commit().await?;
    Ok(())
}

/// The run was answered, or its caller has left.
///
/// # Errors
/// The database's.
pub async fn end(pool: &PgPool, id: RunId) -> sqlx::Result<()> {
    runs::forget(pool, id).await
}

fn checked(sent: SentRun, caps: &LimitCaps) -> Result<RunRequest, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut refuse = |field: &str, message: String| errors.push(FieldError::new(field, message));
    let bytes: usize = sent.files.0.iter().map(|(_, text)| text.len()).sum::<usize>() + sent.stdin.len();
    if sent.files.0.is_empty() || sent.files.0.len() > MAX_FILES || bytes > MAX_BYTES {
        let message = format!("expected 1 to {MAX_FILES} files, with `stdin` {MAX_BYTES} bytes at most together");
        refuse("files", message);
    }
    let mut files = BTreeMap::new();
    for (name, text) in sent.files.0 {
        let field = format!("files[{name:?}]");
        if let Err(error) = FilePath::parse(&name) {
            refuse(&field, error.to_string());
        } else if text.contains('\0') {
            refuse(&field, "it holds a NUL character".into());
        } else if files.insert(name, text).is_some() {
            refuse(&field, "there are two files of this name".into());
        }
    }
    let mut argv = sent.argv;
    if argv.is_empty() {
        let only = files.keys().next().filter(|_| files.len() == 1).cloned();
        argv.push(only.unwrap_or_else(|| "main.py".into()));
    }
    if argv.len() > MAX_ARGUMENTS || argv.iter().any(|argument| argument.contains('\0')) {
        refuse(
            "argv",
            format!("expected at most {MAX_ARGUMENTS} arguments without NUL characters"),
        );
    } else if !files.contains_key(&argv[0]) {
        refuse(
            "argv",
            format!("the file to run, {:?}, is not among the files", argv[0]),
        );
    }
    if sent.stdin.contains('\0') {
        refuse("stdin", "it holds a NUL character".into());
    }
    if sent.runtime.as_deref().is_some_and(|name| name != "python") {
        refuse(
            "runtime",
            "there is no runtime of this name; GET /v1/runtimes lists them".into(),
        );
    }
    let default = Limits::DEFAULT;
    let limits = Limits {
        time_ms: sent.time_ms.unwrap_or(default.time_ms.min(caps.time_ms)),
        memory_mb: sent.memory_mb.unwrap_or(default.memory_mb.min(caps.memory_mb)),
        output_kb: default.output_kb.min(caps.output_kb),
    };
    if !(1..=caps.time_ms).contains(&limits.time_ms) {
        refuse("time_ms", format!("expected 1 to {}", caps.time_ms));
    }
    if !(64..=caps.memory_mb).contains(&limits.memory_mb) {
        refuse("memory_mb", format!("expected 64 to {}", caps.memory_mb));
    }
    if errors.is_empty() {
        Ok(RunRequest {
            files,
            argv,
            stdin: sent.stdin,
            limits,
        })
    } else {
        Err(errors)
    }
}
