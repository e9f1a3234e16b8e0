//! Submissions: one learner's files for one exercise version.

use super::stored;
use crate::domain::id::{ExerciseVersionId, SubmissionId, TenantId};
use crate::domain::report::Report;
use crate::domain::submission::Status;
use crate::domain::verdict::Verdict;
use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;

/// A submission about to be stored.
#[derive(Clone, Debug)]
pub struct NewSubmission<'a> {
    /// Its id, made by the caller so that it can listen before anything is stored.
    pub id: SubmissionId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What it is graded against.
    pub version_id: ExerciseVersionId,
    /// The exercise's name.
    pub exercise: &'a str,
    /// The version's number.
    pub exercise_version: i32,
    /// The platform's name for the learner.
    pub learner: Option<&'a str>,
    /// The packed files.
    pub files: &'a [u8],
    /// JSON text of an object.
    pub metadata: Option<&'a str>,
    /// Where to report the end to.
    pub callback_url: Option<&'a str>,
    /// Smaller goes first.
    pub priority: i16,
}

/// A submission as it stands.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// The exercise's name.
    pub exercise: String,
    /// The version's number.
    pub exercise_version: i32,
    /// The platform's name for the learner.
    pub learner: Option<String>,
    /// The how-many-eth of this learner for this exercise, from 1.
    pub attempt: i32,
    /// What the platform stored with it.
    pub metadata: Option<serde_json::Value>,
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    pub verdict: Option<Verdict>,
    /// When it was stored.
    pub created_at: OffsetDateTime,
    /// When a worker first began with it.
    pub started_at: Option<OffsetDateTime>,
    /// When it ended.
    pub finished_at: Option<OffsetDateTime>,
    /// What grading found; absent until it is finished, and where it was cancelled.
    pub report: Option<Report>,
    /// How long grading took.
    pub grading_ms: Option<f64>,
    /// Whether the report is that of an identical submission.
    pub cached: bool,
}

/// What a worker needs of a submission.
#[derive(Clone, Debug)]
pub struct ToGrade {
    /// What it is graded against.
    pub version_id: ExerciseVersionId,
    /// The packed files.
    pub files: Vec<u8>,
}

/// Stores a submission and says which attempt it is and when it was made.
///
/// # Errors
/// The database's.
pub async fn insert(db: impl PgExecutor<'_>, new: &NewSubmission<'_>) -> sqlx::Result<(i32, OffsetDateTime)> {
    let row = sqlx::query!(
        r#"WITH counted AS (
               INSERT INTO attempts (tenant_id, exercise, learner, made)
               SELECT $2::uuid, $4::text, $6::text, 1 WHERE $6 IS NOT NULL
               ON CONFLICT (tenant_id, exercise, learner) DO UPDATE SET made = attempts.made + 1
               RETURNING made
           )
           INSERT INTO submissions (id, tenant_id, exercise_version_id, exercise, exercise_version, learner, attempt,
                                    files, metadata, callback_url, priority)
           VALUES ($1, $2, $3, $4, $5, $6, coalesce((SELECT made FROM counted), 1), $7, $8::text::json, $9, $10)
           RETURNING attempt, created_at"#,
        new.id.0,
        new.tenant.0,
        new.version_id.0,
        new.exercise,
        new.exercise_version,
        new.learner,
        new.files,
        new.metadata,
        new.callback_url,
        new.priority
    )
    .fetch_one(db)
    .await?;
    Ok((row.attempt, row.created_at))
}

/// A tenant's submission with its report.
///
/// # Errors
/// The database's.
pub async fn find(db: impl PgExecutor<'_>, tenant: TenantId, id: SubmissionId) -> sqlx::Result<Option<Submission>> {
    let row = sqlx::query!(
        r#"SELECT s.exercise, s.exercise_version, s.learner, s.attempt, s.status, s.verdict, s.created_at,
                  s.started_at, s.finished_at, s.metadata AS "metadata: serde_json::Value",
                  r.report AS "report?: Json<Report>", r.grading_ms AS "grading_ms?", r.cached AS "cached?"
           FROM submissions s LEFT JOIN reports r ON r.submission_id = s.id
           WHERE s.tenant_id = $1 AND s.id = $2"#,
        tenant.0,
        id.0
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Submission {
            id,
            exercise: row.exercise,
            exercise_version: row.exercise_version,
            learner: row.learner,
            attempt: row.attempt,
            metadata: row.metadata,
            status: stored(&row.status)?,
            verdict: row.verdict.as_deref().map(stored).transpose()?,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            report: row.report.map(|report| report.0),
            grading_ms: row.grading_ms,
            cached: row.cached.unwrap_or(false),
        })
    })
    .transpose()
}

/// Marks a submission as being graded and returns what its worker needs; none where it is finished (cancelled, or
/// graded by an earlier worker) or gone. A second worker's start keeps the first one's time.
///
/// The commit is not flushed to disk: a start that a crash forgets is made again.
///
/// # Errors
/// The database's.
pub async fn begin(db: impl PgExecutor<'_>, id: SubmissionId) -> sqlx::Result<Option<ToGrade>> {
    let row = sqlx::query!(
        r#"WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS value),
           running AS (
               UPDATE submissions SET status = 'running', started_at = coalesce(started_at, now())
               FROM unflushed WHERE id = $1 AND status <> 'finished' AND unflushed.value IS NOT NULL
               RETURNING id, exercise_version_id, files
           )
           SELECT exercise_version_id, files, pg_notify('assay_submissions', id::text || ' running')::text AS woken
           FROM running"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| ToGrade {
        version_id: ExerciseVersionId(row.exercise_version_id),
        files: row.files,
    }))
}

/// Cancels a submission that is not finished; whether it did. A worker that is grading it finds its report unwanted.
///
/// # Errors
/// The database's.
pub async fn cancel(db: impl PgExecutor<'_>, tenant: TenantId, id: SubmissionId) -> sqlx::Result<bool> {
    let cancelled = sqlx::query_scalar!(
        r#"WITH done AS (
               UPDATE submissions SET status = 'finished', verdict = 'cancelled', finished_at = now()
               WHERE tenant_id = $1 AND id = $2 AND status <> 'finished' RETURNING id
           )
           SELECT count(pg_notify('assay_submissions', id::text)) AS "count!" FROM done"#,
        tenant.0,
        id.0
    )
    .fetch_one(db)
    .await?;
    Ok(cancelled == 1)
}
