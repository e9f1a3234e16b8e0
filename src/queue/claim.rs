//! Taking jobs: one statement, no lock held afterwards.

use super::Kind;
use crate::domain::id::{JobId, TenantId};
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

/// A job that this worker holds until `lease` after it last renewed.
#[derive(Clone, Debug)]
pub struct Job {
    /// The row.
    pub id: JobId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What to do.
    pub kind: Kind,
    /// With what: a submission's or verification's id.
    pub subject: Uuid,
    /// The how-manyeth try this is, from 1.
    pub attempt: i32,
    /// What proves that this worker holds it.
    pub token: Uuid,
}

/// Claims up to `most` jobs that are ready, for the worker process `worker`.
///
/// The commit is not flushed to disk: a claim that a crash forgets is a job that is ready again, as it should be.
///
/// # Errors
/// Where the database cannot be reached.
pub async fn claim(pool: &PgPool, worker: Uuid, most: usize, lease: Duration) -> sqlx::Result<Vec<Job>> {
    let rows = sqlx::query!(
        r#"WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS value),
           ready AS MATERIALIZED (
               SELECT id FROM jobs WHERE lease_token IS NULL AND run_at <= now()
               ORDER BY priority, run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
           )
           UPDATE jobs
           SET lease_token = gen_random_uuid(), leased_by = $1, attempts = attempts + 1,
               leased_until = now() + make_interval(secs => $3)
           FROM ready, unflushed WHERE jobs.id = ready.id AND unflushed.value IS NOT NULL
           RETURNING jobs.id, tenant_id, kind, subject, attempts, lease_token AS "token!", priority"#,
        worker,
        i64::try_from(most).unwrap_or(i64::MAX),
        lease.as_secs_f64()
    )
    .fetch_all(pool)
    .await?;
    let mut jobs: Vec<(i16, Job)> = rows
        .into_iter()
        .filter_map(|row| {
            let job = Job {
                id: JobId(row.id),
                tenant: TenantId(row.tenant_id),
                kind: Kind::parse(&row.kind)?,
                subject: row.subject,
                attempt: row.attempts,
                token: row.token,
            };
            Some((row.priority, job))
        })
        .collect();
    jobs.sort_by_key(|(priority, job)| (*priority, job.id));
    Ok(jobs.into_iter().map(|(_, job)| job).collect())
}
