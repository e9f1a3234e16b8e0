//! The audit trail: who changed what, and when. Entries are only ever added.

use crate::domain::id::{AuditId, KeyId, TenantId};
use sqlx::PgExecutor;
use time::OffsetDateTime;

/// What was done.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What, as `grader.activated`.
    pub action: String,
    /// With whose key; none: the server did it.
    pub key: Option<KeyId>,
    /// The name that its maker gave that key.
    pub key_name: Option<String>,
    /// When.
    pub created_at: OffsetDateTime,
}

/// Adds an entry.
///
/// # Errors
/// The database's.
pub async fn add(
    db: impl PgExecutor<'_>,
    tenant: TenantId,
    key: Option<KeyId>,
    action: &str,
    subject: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO audit_entries (id, tenant_id, key_id, action, subject) VALUES ($1, $2, $3, $4, $5)",
        AuditId::new().0,
        tenant.0,
        key.map(|key| key.0),
        action,
        subject
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The entries about one thing, the oldest first; at most the last 200.
///
/// # Errors
/// The database's.
pub async fn about(db: impl PgExecutor<'_>, tenant: TenantId, subject: &str) -> sqlx::Result<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"SELECT e.id, e.action, e.key_id, k.name AS "key_name?", e.created_at
           FROM audit_entries e LEFT JOIN api_keys k ON k.id = e.key_id
           WHERE e.tenant_id = $1 AND e.subject = $2 ORDER BY e.id DESC LIMIT 200"#,
        tenant.0,
        subject
    )
    .fetch_all(db)
    .await?;
    let entry = rows.into_iter().rev().map(|row| Entry {
        action: row.action,
        key: row.key_id.map(KeyId),
        key_name: row.key_name,
        created_at: row.created_at,
    });
    Ok(entry.collect())
}
