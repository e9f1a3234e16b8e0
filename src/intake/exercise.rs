//! Switches exercises: which version is live, and whether any is.

use crate::domain::id::TenantId;
use crate::domain::name::Slug;
use crate::store::exercises;
use sqlx::PgExecutor;

/// Makes a version live, again or for the first time; whether there is such a version.
///
/// # Errors
/// The database's.
pub async fn publish(db: impl PgExecutor<'_>, tenant: TenantId, slug: &Slug, version: i32) -> sqlx::Result<bool> {
    exercises::publish(db, tenant, slug.as_str(), version).await
}

/// Retires an exercise: nothing new is submitted to it. Whether the tenant has one of this name.
///
/// # Errors
/// The database's.
pub async fn retire(db: impl PgExecutor<'_>, tenant: TenantId, slug: &Slug) -> sqlx::Result<bool> {
    exercises::retire(db, tenant, slug.as_str()).await
}
