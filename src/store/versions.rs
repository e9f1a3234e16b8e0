//! Exercise versions: what a submission is graded against. They never change.

use crate::domain::exercise::ExerciseSpec;
use crate::domain::id::{ExerciseVersionId, TenantId};
use crate::domain::verification::Verification;
use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;

/// A version with all that grading needs.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its settings.
    pub spec: ExerciseSpec,
    /// The packed bundle ([`crate::domain::files::FileSet::unpack`] reads it).
    pub bundle: Vec<u8>,
    /// SHA-256 of the packed bundle.
    pub bundle_digest: Vec<u8>,
    /// What the check of the bundle found; its `tests` are all tests, in order.
    pub verification: Verification,
}

/// A version as lists show it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its number.
    pub version: i32,
    /// Its title.
    pub title: String,
    /// SHA-256 of the packed bundle.
    pub bundle_digest: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it was first live.
    pub published_at: Option<OffsetDateTime>,
    /// Whether it is live now.
    pub live: bool,
}

/// Loads a version.
///
/// # Errors
/// The database's.
pub async fn load(db: impl PgExecutor<'_>, id: ExerciseVersionId) -> sqlx::Result<Option<Version>> {
    let row = sqlx::query!(
        r#"SELECT spec AS "spec: Json<ExerciseSpec>", bundle, bundle_digest,
                  verification AS "verification: Json<Verification>"
           FROM exercise_versions WHERE id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Version {
        spec: row.spec.0,
        bundle: row.bundle,
        bundle_digest: row.bundle_digest,
        verification: row.verification.0,
    }))
}

/// The versions of an exercise, the newest first; empty where the tenant has no such exercise.
///
/// # Errors
/// The database's.
pub async fn list(db: impl PgExecutor<'_>, tenant: TenantId, slug: &str) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"SELECT v.version, v.title, v.bundle_digest, v.created_at, v.published_at,
                  (e.retired_at IS NULL AND e.live_version IS NOT DISTINCT FROM v.version) AS "live!"
           FROM exercises e JOIN exercise_versions v ON v.exercise_id = e.id
           WHERE e.tenant_id = $1 AND e.slug = $2 ORDER BY v.version DESC"#,
        tenant.0,
        slug
    )
    .fetch_all(db)
    .await
}
