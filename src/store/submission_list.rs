//! Lists of submissions, without their reports.

use crate::domain::id::{SubmissionId, TenantId};
use crate::domain::submission::Status;
use crate::domain::verdict::Verdict;
use crate::store::stored;
use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// Which submissions to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this exercise.
    pub exercise: Option<String>,
    /// Of this version of it.
    pub version: Option<i32>,
    /// Of this learner.
    pub learner: Option<String>,
    /// That ended so.
    pub verdict: Option<Verdict>,
    /// That stand so.
    pub status: Option<Status>,
    /// Older than this one.
    pub after: Option<SubmissionId>,
}

/// A submission as lists show it.
#[derive(Clone, Debug)]
pub struct Summary {
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
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    pub verdict: Option<Verdict>,
    /// Points earned.
    pub score: Option<f64>,
    /// Points to earn.
    pub max_score: Option<f64>,
    /// When it was stored.
    pub created_at: OffsetDateTime,
    /// When a worker first began with it.
    pub started_at: Option<OffsetDateTime>,
    /// When it ended.
    pub finished_at: Option<OffsetDateTime>,
}

/// A tenant's submissions, the newest first.
///
/// # Errors
/// The database's.
pub async fn list(
    db: impl PgExecutor<'_>,
    tenant: TenantId,
    filter: &Filter,
    limit: i64,
) -> sqlx::Result<Vec<Summary>> {
    let rows = sqlx::query!(
        r#"SELECT s.id, s.exercise, s.exercise_version, s.learner, s.attempt, s.status, s.verdict,
                  r.score AS "score?", r.max_score AS "max_score?",
                  s.created_at, s.started_at, s.finished_at
           FROM submissions s LEFT JOIN reports r ON r.submission_id = s.id
           WHERE s.tenant_id = $1
             AND ($2::text IS NULL OR s.exercise = $2) AND ($3::int IS NULL OR s.exercise_version = $3)
             AND ($4::text IS NULL OR s.learner = $4)
             AND ($5::text IS NULL OR s.verdict = $5) AND ($6::text IS NULL OR s.status = $6)
             AND ($7::uuid IS NULL OR s.id < $7)
           ORDER BY s.id DESC LIMIT $8"#,
        tenant.0,
        filter.exercise,
        filter.version,
        filter.learner,
        filter.verdict.map(Verdict::as_str),
        filter.status.map(Status::as_str),
        filter.after.map(|id| id.0) as Option<Uuid>,
        limit
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Summary {
                id: SubmissionId(row.id),
                exercise: row.exercise,
                exercise_version: row.exercise_version,
                learner: row.learner,
                attempt: row.attempt,
                status: stored(&row.status)?,
                verdict: row.verdict.as_deref().map(stored).transpose()?,
                score: row.score,
                max_score: row.max_score,
                created_at: row.created_at,
                started_at: row.started_at,
                finished_at: row.finished_at,
            })
        })
        .collect()
}
