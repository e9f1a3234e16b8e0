//! What the holder of a lease may do, and what happens to leases that nobody holds any more.

use super::{Job, Kind};
use crate::db;
use sqlx::{PgExecutor, PgPool};
use std::time::Duration;
use uuid::Uuid;

/// Makes the leases of these tokens last `lease` from now. Returns how many were still held.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn renew(db: impl PgExecutor<'_>, tokens: &[Uuid], lease: Duration) -> sqlx::Result<u64> {
    let renewed = sqlx::query!(
        "UPDATE jobs SET leased_until = now() + make_interval(secs => $2) WHERE lease_token = ANY($1)",
        tokens,
        lease.as_secs_f64()
    )
    .execute(db)
    .await?;
    Ok(renewed.rows_affected())
}

/// Ends a job in the transaction that stores its result. False: the lease was lost, so the result must not be stored.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn finish(db: impl PgExecutor<'_>, job: &Job) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "DELETE FROM jobs WHERE id = $1 AND lease_token = $2",
        job.id.0,
        job.token
    )
    .execute(db)
    .await?;
    Ok(deleted.rows_affected() == 1)
}

/// Makes a job ready again after `delay`, noting why.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn retry(db: impl PgExecutor<'_>, job: &Job, why: &str, delay: Duration) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE jobs SET lease_token = NULL, leased_until = NULL, leased_by = NULL, last_error = left($3, 2000),
                         run_at = now() + make_interval(secs => $4)
         WHERE id = $1 AND lease_token = $2",
        job.id.0,
        job.token,
        why,
        delay.as_secs_f64()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives back all that a worker process holds, as if it had never been claimed.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn release(db: impl PgExecutor<'_>, worker: Uuid) -> sqlx::Result<u64> {
    let released = sqlx::query_scalar!(
        r#"WITH released AS (
               UPDATE jobs SET lease_token = NULL, leased_until = NULL, leased_by = NULL, attempts = attempts - 1
               WHERE leased_by = $1 RETURNING kind
           )
           SELECT count(pg_notify($2, kind)) AS "count!" FROM released"#,
        worker,
        db::JOBS
    )
    .fetch_one(db)
    .await?;
    Ok(released.unsigned_abs())
}

/// Makes the jobs ready again whose leases ran out, and wakes the workers: theirs are gone. Returns how many.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let swept = sqlx::query_scalar!(
        r#"WITH swept AS (
               UPDATE jobs SET lease_token = NULL, leased_until = NULL, leased_by = NULL, last_error = 'the lease ran out'
               WHERE lease_token IS NOT NULL AND leased_until < now() RETURNING kind
           )
           SELECT count(pg_notify($1, kind)) AS "count!" FROM swept"#,
        db::JOBS
    )
    .fetch_one(db)
    .await?;
    Ok(swept.unsigned_abs())
}

/// Makes every leased job ready again. Only for a process that has the database to itself and has just started.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn take_back_all(pool: &PgPool) -> sqlx::Result<u64> {
    let taken = sqlx::query!(
        "UPDATE jobs SET lease_token = NULL, leased_until = NULL, leased_by = NULL WHERE lease_token IS NOT NULL"
    )
    .execute(pool)
    .await?;
    Ok(taken.rows_affected())
}

/// Removes the job of a subject that needs no work any more (a cancelled submission), whoever holds it.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn forget(db: impl PgExecutor<'_>, kind: Kind, subject: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM jobs WHERE kind = $1 AND subject = $2",
        kind.as_str(),
        subject
    )
    .execute(db)
    .await?;
    Ok(())
}
