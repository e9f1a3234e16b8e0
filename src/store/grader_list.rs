//! Graders as they are shown: a tenant's list, versions with what their admission found.

use super::stored;
use crate::domain::grader::{Admission, GraderStatus};
use crate::domain::id::{GraderVersionId, TenantId};
use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;

/// A grader as lists show it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The version that exercises get which name none.
    pub active_version: Option<i32>,
    /// The newest version, whatever became of it.
    pub newest_version: i32,
    /// When it was first made.
    pub created_at: OffsetDateTime,
}

/// A version as it stands.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number; none where it was only checked.
    pub version: Option<i32>,
    /// Where it stands.
    pub status: GraderStatus,
    /// Whether exercises get it which name no version.
    pub active: bool,
    /// Whether it came with the server.
    pub built_in: bool,
    /// SHA-256 of the package.
    pub digest: Vec<u8>,
    /// Bytes of the package.
    pub bytes: i64,
    /// What its admission found.
    pub admission: Option<Admission>,
    /// When it was uploaded.
    pub created_at: OffsetDateTime,
    /// When its admission ended.
    pub finished_at: Option<OffsetDateTime>,
}

/// A tenant's graders by name.
///
/// # Errors
/// The database's.
pub async fn list(db: impl PgExecutor<'_>, tenant: TenantId) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"SELECT g.name, g.active_version, max(v.version) AS "newest_version!", g.created_at
           FROM graders g JOIN grader_versions v ON v.grader_id = g.id
           WHERE g.tenant_id = $1 GROUP BY g.id ORDER BY g.name"#,
        tenant.0
    )
    .fetch_all(db)
    .await
}

/// A grader's versions, the newest first; empty where the tenant has no such grader.
///
/// # Errors
/// The database's.
pub async fn versions(db: impl PgExecutor<'_>, tenant: TenantId, name: &str) -> sqlx::Result<Vec<Version>> {
    select(db, tenant, Some(name), None, None).await
}

/// One version of a grader.
///
/// # Errors
/// The database's.
pub async fn version(
    db: impl PgExecutor<'_>,
    tenant: TenantId,
    name: &str,
    version: i32,
) -> sqlx::Result<Option<Version>> {
    Ok(select(db, tenant, Some(name), Some(version), None).await?.pop())
}

/// A package that was only checked.
///
/// # Errors
/// The database's.
pub async fn check(db: impl PgExecutor<'_>, tenant: TenantId, id: GraderVersionId) -> sqlx::Result<Option<Version>> {
    Ok(select(db, tenant, None, None, Some(id)).await?.pop())
}

/// Versions of the grader of this name, or checks where there is none; all of them, or the one of this number or row.
async fn select(
    db: impl PgExecutor<'_>,
    tenant: TenantId,
    name: Option<&str>,
    version: Option<i32>,
    id: Option<GraderVersionId>,
) -> sqlx::Result<Vec<Version>> {
    let rows = sqlx::query!(
        r#"SELECT v.version, v.status, v.built_in, v.digest, v.bytes, v.admission AS "admission: Json<Admission>",
                  v.created_at, v.finished_at,
                  (g.id IS NOT NULL AND g.active_version IS NOT DISTINCT FROM v.version) AS "active!"
           FROM grader_versions v LEFT JOIN graders g ON g.id = v.grader_id
           WHERE v.tenant_id = $1 AND g.name IS NOT DISTINCT FROM $2
             AND ($3::integer IS NULL OR v.version = $3) AND ($4::uuid IS NULL OR v.id = $4)
           ORDER BY v.version DESC"#,
        tenant.0,
        name,
        version,
        id.map(|id| id.0)
    )
    .fetch_all(db)
    .await?;
    let versions = rows.into_iter().map(|row| {
        Ok(Version {
            version: row.version,
            status: stored(&row.status)?,
            active: row.active,
            built_in: row.built_in,
            digest: row.digest,
            bytes: row.bytes,
            admission: row.admission.map(|admission| admission.0),
            created_at: row.created_at,
            finished_at: row.finished_at,
        })
    });
    versions.collect()
}
