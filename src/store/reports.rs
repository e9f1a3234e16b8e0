//! Reports: at most one per submission.

use super::json_text;
use crate::domain::id::SubmissionId;
use crate::domain::report::Report;
use sqlx::PgExecutor;
use sqlx::types::Json;

/// What a report was made from and how long that took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    /// How long grading took, in milliseconds.
    pub grading_ms: f64,
    /// The digest of all that the report is a function of, where it is one.
    pub input_digest: Option<[u8; 32]>,
    /// Whether it is an earlier submission's report.
    pub cached: bool,
}

/// The report that was made from these inputs, where there is one.
///
/// # Errors
/// The database's.
pub async fn by_input(db: impl PgExecutor<'_>, digest: &[u8; 32]) -> sqlx::Result<Option<Report>> {
    let found = sqlx::query_scalar!(
        r#"SELECT report AS "report: Json<Report>" FROM reports WHERE input_digest = $1 AND NOT cached LIMIT 1"#,
        digest
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(|report| report.0))
}

/// Stores the report and finishes the submission, exactly once: false (and nothing done) where the submission is
/// finished already, by an earlier worker or because it was cancelled. Wakes whoever waits for it at commit.
///
/// # Errors
/// The database's.
pub async fn finish(db: impl PgExecutor<'_>, id: SubmissionId, report: &Report, made: Made) -> sqlx::Result<bool> {
    let stored = sqlx::query_scalar!(
        r#"WITH done AS (
               UPDATE submissions SET status = 'finished', verdict = $2, finished_at = now(),
                                      started_at = coalesce(started_at, now())
               WHERE id = $1 AND status <> 'finished'
               RETURNING id
           ), stored AS (
               INSERT INTO reports (submission_id, report, score, max_score, grading_ms, input_digest, cached)
               SELECT id, $3::text::json, $4, $5, $6, $7, $8 FROM done
               RETURNING submission_id
           )
           SELECT count(pg_notify('assay_submissions', submission_id::text)) AS "count!" FROM stored"#,
        id.0,
        report.verdict.as_str(),
        json_text(report)?,
        report.score,
        report.max_score,
        made.grading_ms,
        made.input_digest.as_ref().map(<[u8; 32]>::as_slice),
        made.cached
    )
    .fetch_one(db)
    .await?;
    Ok(stored == 1)
}
