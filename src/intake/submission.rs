//! Takes submissions in.

use super::FieldError;
use super::request::{SentFiles, SubmissionRequest};
use crate::domain::exercise::ExerciseSpec;
use crate::domain::files::{FilePath, FileSet};
use crate::domain::id::{SubmissionId, TenantId};
use crate::domain::name::{ExerciseRef, LearnerId};
use crate::queue;
use crate::store::submissions::NewSubmission;
use crate::store::{exercises, idempotency, submissions};
use sqlx::PgPool;
use time::OffsetDateTime;

/// Most files of a submission.
pub const MAX_FILES: usize = 100;
/// Most bytes of all files of a submission together.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Most bytes of a submission's metadata.
pub const MAX_METADATA_BYTES: usize = 8 * 1024;

/// Why a submission was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Fields that cannot be used, each with the reason.
    #[error("the submission cannot be used")]
    Invalid(Vec<FieldError>),
    /// No such exercise or version, or none that the caller may use.
    #[error("there is no exercise {0:?}")]
    UnknownExercise(String),
    /// The key was used before, with another body.
    #[error("the idempotency key was used before, with another body")]
    IdempotencyConflict,
    /// Our fault.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Who submits, and what makes a repetition of the request recognisable.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// Whose data this becomes.
    pub tenant: TenantId,
    /// Whether versions that were never published may be submitted to.
    pub drafts: bool,
    /// The `Idempotency-Key` and the SHA-256 of the body.
    pub idempotency: Option<(&'a str, &'a [u8; 32])>,
}

/// A submission that was taken.
#[derive(Clone, Debug)]
pub enum Taken {
    /// Now, as this one.
    New {
        /// The exercise's name.
        exercise: String,
        /// The version's number.
        exercise_version: i32,
        /// The how-many-eth of this learner for this exercise.
        attempt: i32,
        /// When it was stored.
        created_at: OffsetDateTime,
    },
    /// By an earlier request with the same idempotency key and body.
    Before(SubmissionId),
}

/// Validates a submission and stores it with its job.
///
/// `id` is made by the caller, who may listen for its end before it is stored.
///
/// # Errors
/// Says why it was not taken; then nothing is stored.
pub async fn submit(
    pool: &PgPool,
    caller: Caller<'_>,
    id: SubmissionId,
    request: &SubmissionRequest,
) -> Result<Taken, SubmitError> {
    if let Some((key, digest)) = caller.idempotency
        && let Some(taken) = before(pool, caller.tenant, key, digest).await?
    {
        return Ok(taken);
    }
    let mut errors = Vec::new();
    let name = request.exercise.parse::<ExerciseRef>();
    if let Err(error) = &name {
        errors.push(FieldError::new("exercise", error.to_string()));
    }
    let learner = request.learner.clone().map(LearnerId::try_from).transpose();
    if let Err(error) = &learner {
        errors.push(FieldError::new("learner", error.to_string()));
    }
    let metadata = metadata(request.metadata.as_ref(), &mut errors);
    callback_url(request.callback_url.as_deref(), &mut errors);
    let (Ok(name), Ok(learner)) = (name, learner) else {
        return Err(SubmitError::Invalid(errors));
    };
    let exercise = exercises::resolve(pool, caller.tenant, &name, caller.drafts)
        .await?
        .ok_or_else(|| SubmitError::UnknownExercise(request.exercise.clone()))?;
    let files = files(request, &exercise.spec, &mut errors);
    if !errors.is_empty() {
        return Err(SubmitError::Invalid(errors));
    }

    let mut transaction = pool.begin().await?;
    let new = NewSubmission {
        id,
        tenant: caller.tenant,
        version_id: exercise.version_id,
        exercise: name.slug.as_str(),
        exercise_version: exercise.version,
        learner: learner.as_ref().map(LearnerId::as_str),
        files: &files.pack(),
        metadata: metadata.as_deref(),
        callback_url: request.callback_url.as_deref(),
        priority: request.priority.rank(),
    };
    let (attempt, created_at) = submissions::insert(&mut *transaction, &new).await?;
    if let Some((key, digest)) = caller.idempotency
        && !idempotency::insert(&mut *transaction, caller.tenant, key, digest, id).await?
    {
        // A request with the same key came first, at the same time.
        transaction.rollback().await?;
        let taken = before(pool, caller.tenant, key, digest).await?;
        return taken.ok_or(SubmitError::Database(sqlx::Error::RowNotFound));
    }
    let kind = queue::Kind::Grade;
    queue::enqueue(&mut *transaction, caller.tenant, kind, id.0, request.priority.rank()).await?;
    transaction.commit().await?;
    Ok(Taken::New {
        exercise: String::from(name.slug),
        exercise_version: exercise.version,
        attempt,
        created_at,
    })
}

/// Cancels a submission that is not finished, and takes its job away where no worker has it; whether it did.
///
/// # Errors
/// The database's.
pub async fn cancel(pool: &PgPool, tenant: TenantId, id: SubmissionId) -> sqlx::Result<bool> {
    let mut transaction = pool.begin().await?;
    let cancelled = submissions::cancel(&mut *transaction, tenant, id).await?;
    if cancelled {
        queue::forget(&mut *transaction, queue::Kind::Grade, id.0).await?;
    }
    transaction.commit().await?;
    Ok(cancelled)
}

async fn before(pool: &PgPool, tenant: TenantId, key: &str, digest: &[u8; 32]) -> Result<Option<Taken>, SubmitError> {
    match idempotency::find(pool, tenant, key).await? {
        None => Ok(None),
        Some(used) if used.body_digest == digest => Ok(Some(Taken::Before(used.submission))),
        Some(_) => Err(SubmitError::IdempotencyConflict),
    }
}

/// The learner's files, each accepted by the exercise. A file that the exercise asks for and that is not there is no
/// error: grading tells the learner.
fn files(request: &SubmissionRequest, spec: &ExerciseSpec, errors: &mut Vec<FieldError>) -> FileSet {
    let sent = match (&request.files, &request.source) {
        (Some(_), Some(_)) => {
            errors.push(FieldError::new(
                "source",
                "give either \"files\" or \"source\", not both",
            ));
            return FileSet::new();
        }
        (None, None) => {
            errors.push(FieldError::new("files", "the submission has no files"));
            return FileSet::new();
        }
        (Some(files), None) => files.clone(),
        (None, Some(source)) => match spec.submission_files.as_slice() {
            [only] if !only.contains(['*', '?']) => {
                let sent = SentFiles(vec![(only.clone(), source.clone())]);
                return checked(sent, spec, |_| "source".to_owned(), errors);
            }
            names => {
                let message = format!(
                    "this exercise does not have exactly one submission file; use \"files\" with: {}",
                    names.join(", ")
                );
                errors.push(FieldError::new("source", message));
                return FileSet::new();
            }
        },
    };
    checked(sent, spec, |name| format!("files[{name:?}]"), errors)
}

fn checked(
    sent: SentFiles,
    spec: &ExerciseSpec,
    field: impl Fn(&str) -> String,
    errors: &mut Vec<FieldError>,
) -> FileSet {
    let mut files = FileSet::new();
    let bytes: usize = sent.0.iter().map(|(_, text)| text.len()).sum();
    if sent.0.is_empty() {
        errors.push(FieldError::new("files", "the submission has no files"));
    } else if sent.0.len() > MAX_FILES {
        let message = format!("a submission has at most {MAX_FILES} files, this one {}", sent.0.len());
        errors.push(FieldError::new("files", message));
        return files;
    } else if bytes > MAX_BYTES {
        let message = format!("the files of a submission have at most {MAX_BYTES} bytes together, these {bytes}");
        errors.push(FieldError::new("files", message));
        return files;
    }
    for (name, text) in sent.0 {
        let path = match FilePath::parse(&name) {
            Ok(path) if spec.accepts(path.as_str()) => path,
            Ok(_) => {
                let message = format!(
                    "this exercise does not take a file of this name; it takes: {}",
                    spec.submission_files.join(", ")
                );
                errors.push(FieldError::new(field(&name), message));
                continue;
            }
            Err(error) => {
                errors.push(FieldError::new(field(&name), error.to_string()));
                continue;
            }
        };
        if let Some(at) = text.find('\0') {
            let line = text[..at].matches('\n').count() + 1;
            let message = format!("line {line} holds a NUL character");
            errors.push(FieldError::new(field(&name), message));
        } else if let Err(error) = files.insert(path, text.into_bytes()) {
            errors.push(FieldError::new(field(&name), error.to_string()));
        }
    }
    files
}

fn metadata(metadata: Option<&serde_json::Value>, errors: &mut Vec<FieldError>) -> Option<String> {
    let metadata = metadata?;
    let text = metadata.to_string();
    if !metadata.is_object() {
        errors.push(FieldError::new("metadata", "expected an object"));
    } else if text.len() > MAX_METADATA_BYTES {
        let message = format!(
            "expected at most {MAX_METADATA_BYTES} bytes of JSON, got {}",
            text.len()
        );
        errors.push(FieldError::new("metadata", message));
    } else if holds_nul(metadata) {
        errors.push(FieldError::new("metadata", "it holds a NUL character"));
    }
    Some(text)
}

fn holds_nul(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(holds_nul),
        serde_json::Value::Object(fields) => fields.iter().any(|(k, v)| k.contains('\0') || holds_nul(v)),
        _ => false,
    }
}

fn callback_url(url: Option<&str>, errors: &mut Vec<FieldError>) {
    let Some(url) = url else { return };
    let good = url.len() <= 2048
        && url.chars().all(|c| c.is_ascii_graphic())
        && reqwest::Url::parse(url).is_ok_and(|url| {
            url.scheme() == "https" && url.host_str().is_some_and(|host| !host.is_empty()) && url.username().is_empty()
        });
    if !good {
        let message = "expected an https address of at most 2048 characters, as in \"https://example.org/graded\"";
        errors.push(FieldError::new("callback_url", message));
    }
}
