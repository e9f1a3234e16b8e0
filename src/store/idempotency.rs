//! Idempotency keys: which submission a caller's key already made.

use crate::domain::id::{SubmissionId, TenantId};
use sqlx::PgExecutor;

/// What a key was first used for.
#[derive(Clone, Debug)]
pub struct Used {
    /// The submission it made.
    pub submission: SubmissionId,
    /// SHA-256 of that request's body.
    pub body_digest: Vec<u8>,
}

/// What a tenant's key was used for, where it was.
///
/// # Errors
/// The database's.
pub async fn find(db: impl PgExecutor<'_>, tenant: TenantId, key: &str) -> sqlx::Result<Option<Used>> {
    let row = sqlx::query!(
        "SELECT submission_id, body_digest FROM idempotency_keys WHERE tenant_id = $1 AND key = $2",
        tenant.0,
        key
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Used {
        submission: SubmissionId(row.submission_id),
        body_digest: row.body_digest,
    }))
}

/// Keeps a key; false where it was used before. Waits for a transaction that is using the same key right now.
///
/// # Errors
/// The database's.
pub async fn insert(
    db: impl PgExecutor<'_>,
    tenant: TenantId,
    key: &str,
    body_digest: &[u8; 32],
    submission: SubmissionId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO idempotency_keys (tenant_id, key, body_digest, submission_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        tenant.0,
        key,
        body_digest.as_slice(),
        submission.0
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
