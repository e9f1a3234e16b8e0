//! The graders that come with the server, as versions like any other.

use crate::domain::id::{GraderId, GraderVersionId, TenantId};
use sqlx::PgConnection;

/// Sees to it that every tenant has this package as a version of the grader, admitted. It becomes active where the grader
/// is new or the version that is active came with the server too: what an admin chose stays. Returns how many tenants
/// got it. Belongs into a transaction.
///
/// # Errors
/// The database's.
pub async fn seed(db: &mut PgConnection, name: &str, package: &[u8], admission: &str) -> sqlx::Result<u64> {
    // One server at a time: two that start together would both find it missing.
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('assay.built_in_graders'))::text AS locked")
        .fetch_one(&mut *db)
        .await?;
    let tenants = sqlx::query_scalar!(
        "SELECT t.id FROM tenants t
         WHERE NOT EXISTS (SELECT FROM graders g JOIN grader_versions v ON v.grader_id = g.id
                           WHERE g.tenant_id = t.id AND g.name = $1 AND v.digest = sha256($2) AND v.status = 'admitted')",
        name,
        package
    )
    .fetch_all(&mut *db)
    .await?;
    for tenant in &tenants {
        make(db, TenantId(*tenant), name, package, admission).await?;
    }
    Ok(tenants.len() as u64)
}

async fn make(
    db: &mut PgConnection,
    tenant: TenantId,
    name: &str,
    package: &[u8],
    admission: &str,
) -> sqlx::Result<()> {
    let grader = sqlx::query_scalar!(
        "INSERT INTO graders (id, tenant_id, name) VALUES ($1, $2, $3)
         ON CONFLICT ON CONSTRAINT graders_name_key DO UPDATE SET name = excluded.name RETURNING id",
        GraderId::new().0,
        tenant.0,
        name
    )
    .fetch_one(&mut *db)
    .await?;
    sqlx::query!(
        r#"WITH made AS (
               INSERT INTO grader_versions (id, tenant_id, grader_id, version, package, digest, bytes, built_in,
                                            activate, status, admission, finished_at)
               SELECT $1, $2, $3, 1 + coalesce((SELECT max(version) FROM grader_versions WHERE grader_id = $3), 0),
                      $4, sha256($4), length($4), true, true, 'admitted', $5::text::json, now()
               RETURNING version
           ), entry AS (
               INSERT INTO audit_entries (id, tenant_id, action, subject)
               SELECT $1, $2, 'grader.built_in', $6 || '@' || made.version FROM made
           )
           UPDATE graders g SET active_version = made.version FROM made
           WHERE g.id = $3 AND (g.active_version IS NULL OR EXISTS (
               SELECT FROM grader_versions v WHERE v.grader_id = g.id AND v.version = g.active_version AND v.built_in))"#,
        GraderVersionId::new().0,
        tenant.0,
        grader,
        package,
        admission,
        name
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives a new tenant what the first tenant has of the server's own graders.
///
/// # Errors
/// The database's.
pub async fn copy(db: &mut PgConnection, from: TenantId, to: TenantId) -> sqlx::Result<()> {
    let newest = sqlx::query!(
        r#"SELECT DISTINCT ON (g.name) g.name, v.package AS "package!", v.admission::text AS "admission!"
           FROM graders g JOIN grader_versions v ON v.grader_id = g.id
           WHERE g.tenant_id = $1 AND v.built_in ORDER BY g.name, v.version DESC"#,
        from.0
    )
    .fetch_all(&mut *db)
    .await?;
    for grader in newest {
        make(db, to, &grader.name, &grader.package, &grader.admission).await?;
    }
    Ok(())
}
