//! Graders: names over their versions, which version is active, and how versions are made and admitted.

use super::json_text;
use crate::domain::grader::{Admission, GraderRef, GraderStatus};
use crate::domain::id::{GraderId, GraderVersionId, KeyId, TenantId};
use sqlx::{PgConnection, PgExecutor};

/// The version that a name stands for right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Its row.
    pub id: GraderVersionId,
    /// Its number.
    pub version: i32,
}

/// An upload about to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewVersion<'a> {
    /// Its row.
    pub id: GraderVersionId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The packed files.
    pub package: &'a [u8],
    /// Whether it becomes active once it is admitted.
    pub activate: bool,
    /// Who uploaded it.
    pub key: Option<KeyId>,
}

/// The version that a name stands for: the one it names, else the active one; only what was admitted.
///
/// # Errors
/// The database's.
pub async fn resolve(db: impl PgExecutor<'_>, tenant: TenantId, name: &GraderRef) -> sqlx::Result<Option<Resolved>> {
    let row = sqlx::query!(
        r#"SELECT v.id, v.version AS "version!"
           FROM graders g JOIN grader_versions v ON v.grader_id = g.id AND v.version = coalesce($3, g.active_version)
           WHERE g.tenant_id = $1 AND g.name = $2 AND v.status = 'admitted'"#,
        tenant.0,
        name.slug.as_str(),
        name.version
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Resolved {
        id: GraderVersionId(row.id),
        version: row.version,
    }))
}

/// The packed files of a version.
///
/// # Errors
/// The database's.
pub async fn package(db: impl PgExecutor<'_>, id: GraderVersionId) -> sqlx::Result<Option<Vec<u8>>> {
    let found = sqlx::query_scalar!("SELECT package FROM grader_versions WHERE id = $1", id.0);
    Ok(found.fetch_optional(db).await?.flatten())
}

/// The packed files of a version whose admission has not ended.
///
/// # Errors
/// The database's.
pub async fn to_admit(db: impl PgExecutor<'_>, id: GraderVersionId) -> sqlx::Result<Option<Vec<u8>>> {
    let found = sqlx::query_scalar!(
        "SELECT package FROM grader_versions WHERE id = $1 AND status = 'queued'",
        id.0
    );
    Ok(found.fetch_optional(db).await?.flatten())
}

/// Stores an upload as the next version of a grader, which is made where it is new, and says which that is.
/// Belongs into a transaction.
///
/// # Errors
/// The database's.
pub async fn insert(db: &mut PgConnection, name: &str, new: NewVersion<'_>) -> sqlx::Result<i32> {
    // The update locks the grader, so that the next number is taken once.
    let grader = sqlx::query_scalar!(
        "INSERT INTO graders (id, tenant_id, name) VALUES ($1, $2, $3)
         ON CONFLICT ON CONSTRAINT graders_name_key DO UPDATE SET name = excluded.name RETURNING id",
        GraderId::new().0,
        new.tenant.0,
        name
    )
    .fetch_one(&mut *db)
    .await?;
    sqlx::query_scalar!(
        r#"INSERT INTO grader_versions
               (id, tenant_id, grader_id, version, package, digest, bytes, activate, uploaded_by)
           SELECT $1, $2, $3, 1 + coalesce((SELECT max(version) FROM grader_versions WHERE grader_id = $3), 0),
                  $4, sha256($4), length($4), $5, $6
           RETURNING version AS "version!""#,
        new.id.0,
        new.tenant.0,
        grader,
        new.package,
        new.activate,
        new.key.map(|key| key.0)
    )
    .fetch_one(db)
    .await
}

/// Stores a package that is only to be checked.
///
/// # Errors
/// The database's.
pub async fn insert_check(db: impl PgExecutor<'_>, new: NewVersion<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO grader_versions (id, tenant_id, package, digest, bytes, activate, uploaded_by)
         VALUES ($1, $2, $3, sha256($3), length($3), false, $4)",
        new.id.0,
        new.tenant.0,
        new.package,
        new.key.map(|key| key.0)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets a check that has ended.
///
/// # Errors
/// The database's.
pub async fn forget_check(db: impl PgExecutor<'_>, id: GraderVersionId) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM grader_versions WHERE id = $1 AND grader_id IS NULL AND status <> 'queued'",
        id.0
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What became of an admission that has just ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Whose it is.
    pub tenant: TenantId,
    /// `NAME@VERSION`; none where it was only checked.
    pub name: Option<String>,
    /// Whether it became active.
    pub activated: bool,
}

/// Ends an admission: nothing where it has ended already. Makes the version active where that was asked for, and wakes
/// whoever waits at commit. Belongs into a transaction.
///
/// # Errors
/// The database's.
pub async fn finish(db: &mut PgConnection, id: GraderVersionId, admission: &Admission) -> sqlx::Result<Option<Ended>> {
    let status = if admission.findings.is_empty() {
        GraderStatus::Admitted
    } else {
        GraderStatus::Rejected
    };
    let done = sqlx::query!(
        r#"WITH done AS (
               UPDATE grader_versions
               SET status = $2, finished_at = now(), admission = $3::text::json,
                   package = CASE WHEN $2 = 'admitted' AND grader_id IS NOT NULL THEN package END
               WHERE id = $1 AND status = 'queued'
               RETURNING id, tenant_id, grader_id, version, activate
           ), active AS (
               UPDATE graders g SET active_version = done.version
               FROM done WHERE g.id = done.grader_id AND done.activate AND $2 = 'admitted' RETURNING g.id
           )
           SELECT done.tenant_id, done.version, g.name AS "name?", (active.id IS NOT NULL) AS "activated!",
                  pg_notify('assay_graders', done.id::text)::text AS told
           FROM done LEFT JOIN graders g ON g.id = done.grader_id LEFT JOIN active ON true"#,
        id.0,
        status.as_str(),
        json_text(admission)?
    )
    .fetch_optional(db)
    .await?;
    Ok(done.map(|done| Ended {
        tenant: TenantId(done.tenant_id),
        name: done
            .name
            .zip(done.version)
            .map(|(name, version)| format!("{name}@{version}")),
        activated: done.activated,
    }))
}

/// Makes a version active; false where it is not there or was not admitted.
///
/// # Errors
/// The database's.
pub async fn activate(db: impl PgExecutor<'_>, tenant: TenantId, name: &str, version: i32) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE graders g SET active_version = $3
         WHERE g.tenant_id = $1 AND g.name = $2
           AND EXISTS (SELECT FROM grader_versions v
                       WHERE v.grader_id = g.id AND v.version = $3 AND v.status = 'admitted')",
        tenant.0,
        name,
        version
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
