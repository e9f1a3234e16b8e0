//! Free runs on their way: gone once they are answered.

use super::json_text;
use crate::domain::id::{RunId, TenantId};
use crate::domain::run::{RunReport, RunRequest};
use sqlx::PgExecutor;
use sqlx::types::Json;

/// Puts a run where a worker finds it.
///
/// # Errors
/// The database's.
pub async fn insert(db: impl PgExecutor<'_>, tenant: TenantId, id: RunId, request: &RunRequest) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO runs (id, tenant_id, request) VALUES ($1, $2, $3::text::json)",
        id.0,
        tenant.0,
        json_text(request)?
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What to run; none where its caller has left.
///
/// # Errors
/// The database's.
pub async fn to_run(db: impl PgExecutor<'_>, id: RunId) -> sqlx::Result<Option<RunRequest>> {
    let found = sqlx::query_scalar!(
        r#"SELECT request AS "request: Json<RunRequest>" FROM runs WHERE id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(|request| request.0))
}

/// Puts the answer where whoever waits finds it, and wakes them when that commits.
///
/// # Errors
/// The database's.
pub async fn answer(db: impl PgExecutor<'_>, id: RunId, report: &RunReport) -> sqlx::Result<()> {
    sqlx::query!(
        r#"WITH answered AS (UPDATE runs SET answer = $2::text::json WHERE id = $1 RETURNING id)
           SELECT count(pg_notify('assay_submissions', id::text)) AS "count!" FROM answered"#,
        id.0,
        json_text(report)?
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// The answer, once it is there.
///
/// # Errors
/// The database's.
pub async fn answered(db: impl PgExecutor<'_>, id: RunId) -> sqlx::Result<Option<RunReport>> {
    let found = sqlx::query_scalar!(
        r#"SELECT answer AS "answer: Json<RunReport>" FROM runs WHERE id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(found.flatten().map(|report| report.0))
}

/// Takes a run away, with its job where no worker has it yet.
///
/// # Errors
/// The database's.
pub async fn forget(db: impl PgExecutor<'_>, id: RunId) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM runs WHERE id = $1", id.0).execute(db).await?;
    Ok(())
}
