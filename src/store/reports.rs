//! Reports: at most one per submission.

use super::json_text;
use crate::domain::id::SubmissionId;
use crate::domain::report::Report;
use sqlx::PgExecutor;

/// Stores the report and finishes the submission, exactly once: false (and nothing done) where the submission is
/// finished already, by an earlier worker or because it was cancelled. Wakes whoever waits for it at commit.
///
/// # Errors
/// The database's.
pub async fn finish(db: impl PgExecutor<'_>, id: SubmissionId, report: &Report, grading_ms: f64) -> sqlx::Result<bool> {
    let stored = sqlx::query_scalar!(
        r#"WITH done AS (
               UPDATE submissions SET status = 'finished', verdict = $2, finished_at = now(),
                                      started_at = coalesce(started_at, now())
               WHERE id = $1 AND status <> 'finished'
               RETURNING id
           ), stored AS (
               INSERT INTO reports (submission_id, report, score, max_score, grading_ms)
               SELECT id, $3::text::json, $4, $5, $6 FROM done
               RETURNING submission_id
           )
           SELECT count(pg_notify('assay_submissions', submission_id::text)) AS "count!" FROM stored"#,
        id.0,
        report.verdict.as_str(),
        json_text(report)?,
        report.score,
        report.max_score,
        grading_ms
    )
    .fetch_one(db)
    .await?;
    Ok(stored == 1)
}
