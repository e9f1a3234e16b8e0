//! API keys, kept as SHA-256.

use super::stored;
use crate::domain::id::{KeyId, TenantId};
use crate::domain::key::Role;
use sqlx::PgExecutor;
use time::OffsetDateTime;

/// What a key that is not revoked allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The key.
    pub id: KeyId,
    /// Whose data it opens.
    pub tenant: TenantId,
    /// What it may do.
    pub role: Role,
}

/// A key as lists show it.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// What it may do.
    pub role: Role,
    /// The name its maker gave it.
    pub name: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it stopped to open anything.
    pub revoked_at: Option<OffsetDateTime>,
}

/// What a key of this hash allows; nothing where there is none or it is revoked.
///
/// # Errors
/// The database's.
pub async fn granted(db: impl PgExecutor<'_>, hash: &[u8; 32]) -> sqlx::Result<Option<Granted>> {
    let row = sqlx::query!(
        "SELECT id, tenant_id, role FROM api_keys WHERE hash = $1 AND revoked_at IS NULL",
        hash.as_slice()
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Granted {
            id: KeyId(row.id),
            tenant: TenantId(row.tenant_id),
            role: stored(&row.role)?,
        })
    })
    .transpose()
}

/// Adds a key; a key of the same hash stays as it is.
///
/// # Errors
/// The database's.
pub async fn insert(
    db: impl PgExecutor<'_>,
    id: KeyId,
    tenant: TenantId,
    role: Role,
    name: &str,
    hash: &[u8; 32],
) -> sqlx::Result<Option<OffsetDateTime>> {
    sqlx::query_scalar!(
        "INSERT INTO api_keys (id, tenant_id, role, name, hash) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (hash) DO NOTHING RETURNING created_at",
        id.0,
        tenant.0,
        role.as_str(),
        name,
        hash.as_slice()
    )
    .fetch_optional(db)
    .await
}

/// A tenant's keys, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list(db: impl PgExecutor<'_>, tenant: TenantId) -> sqlx::Result<Vec<Key>> {
    let rows = sqlx::query!(
        "SELECT id, role, name, created_at, revoked_at FROM api_keys WHERE tenant_id = $1 ORDER BY id",
        tenant.0
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Key {
                id: KeyId(row.id),
                role: stored(&row.role)?,
                name: row.name,
                created_at: row.created_at,
                revoked_at: row.revoked_at,
            })
        })
        .collect()
}

/// Revokes a key; whether the tenant has one of this id. A key that is revoked already stays as it is.
///
/// # Errors
/// The database's.
pub async fn revoke(db: impl PgExecutor<'_>, tenant: TenantId, id: KeyId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
