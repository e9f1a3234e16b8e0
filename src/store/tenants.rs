//! Tenants: one per learning platform or school.

use crate::domain::id::TenantId;
use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// The tenant that the first migration makes. Its admins may make other tenants.
pub const DEFAULT: TenantId = TenantId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// Adds a tenant; `None` where the name is taken.
///
/// # Errors
/// The database's.
pub async fn insert(db: impl PgExecutor<'_>, id: TenantId, name: &str) -> sqlx::Result<Option<OffsetDateTime>> {
    sqlx::query_scalar!(
        "INSERT INTO tenants (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING created_at",
        id.0,
        name
    )
    .fetch_optional(db)
    .await
}
