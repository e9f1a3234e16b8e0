//! Exercises: names over their versions, and which version is live.

use crate::domain::exercise::ExerciseSpec;
use crate::domain::id::{ExerciseVersionId, TenantId};
use crate::domain::name::ExerciseRef;
use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;

/// The version that a name stands for right now.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The version's id.
    pub version_id: ExerciseVersionId,
    /// Its number.
    pub version: i32,
    /// Its settings.
    pub spec: ExerciseSpec,
}

/// An exercise as lists show it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub slug: String,
    /// The title of the live version, or of the newest where none is live.
    pub title: String,
    /// The live version.
    pub live_version: Option<i32>,
    /// The newest version.
    pub newest_version: i32,
    /// When it was first made.
    pub created_at: OffsetDateTime,
    /// When it was retired, where it is.
    pub retired_at: Option<OffsetDateTime>,
}

/// The version that a name stands for: the one it names, else the live one. Retired exercises stand for nothing;
/// versions that were never published only with `drafts`.
///
/// # Errors
/// The database's.
pub async fn resolve(
    db: impl PgExecutor<'_>,
    tenant: TenantId,
    name: &ExerciseRef,
    drafts: bool,
) -> sqlx::Result<Option<Resolved>> {
    let row = sqlx::query!(
        r#"SELECT v.id, v.version, v.spec AS "spec: Json<ExerciseSpec>"
           FROM exercises e JOIN exercise_versions v
             ON v.exercise_id = e.id AND v.version = coalesce($3, e.live_version)
           WHERE e.tenant_id = $1 AND e.slug = $2 AND e.retired_at IS NULL AND ($4 OR v.published_at IS NOT NULL)"#,
        tenant.0,
        name.slug.as_str(),
        name.version,
        drafts
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Resolved {
        version_id: ExerciseVersionId(row.id),
        version: row.version,
        spec: row.spec.0,
    }))
}

/// A tenant's exercises by name, after the one named `after`; drafts and retired ones only with `everything`.
///
/// # Errors
/// The database's.
pub async fn list(
    db: impl PgExecutor<'_>,
    tenant: TenantId,
    after: &str,
    limit: i64,
    everything: bool,
) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"SELECT e.slug, v.title AS "title!", e.live_version, newest.version AS "newest_version!", e.created_at,
                  e.retired_at
           FROM exercises e
           CROSS JOIN LATERAL (
               SELECT max(version) AS version FROM exercise_versions WHERE exercise_id = e.id
           ) newest
           JOIN exercise_versions v
             ON v.exercise_id = e.id AND v.version = coalesce(e.live_version, newest.version)
           WHERE e.tenant_id = $1 AND e.slug > $2 AND ($4 OR (e.retired_at IS NULL AND e.live_version IS NOT NULL))
           ORDER BY e.slug LIMIT $3"#,
        tenant.0,
        after,
        limit,
        everything
    )
    .fetch_all(db)
    .await
}

/// Makes a version live (again); whether there is such a version. Also brings a retired exercise back.
///
/// # Errors
/// The database's.
pub async fn publish(db: impl PgExecutor<'_>, tenant: TenantId, slug: &str, version: i32) -> sqlx::Result<bool> {
    let done = sqlx::query_scalar!(
        r#"WITH live AS (
               UPDATE exercises e SET live_version = $3, retired_at = NULL
               WHERE e.tenant_id = $1 AND e.slug = $2
                 AND EXISTS (SELECT FROM exercise_versions v WHERE v.exercise_id = e.id AND v.version = $3)
               RETURNING e.id
           ), stamped AS (
               UPDATE exercise_versions v SET published_at = coalesce(v.published_at, now())
               FROM live WHERE v.exercise_id = live.id AND v.version = $3
               RETURNING v.id
           )
           SELECT count(*) AS "count!" FROM stamped"#,
        tenant.0,
        slug,
        version
    )
    .fetch_one(db)
    .await?;
    Ok(done == 1)
}

/// Retires an exercise; whether the tenant has one of this name. Its versions, submissions and reports stay.
///
/// # Errors
/// The database's.
pub async fn retire(db: impl PgExecutor<'_>, tenant: TenantId, slug: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE exercises SET retired_at = coalesce(retired_at, now()) WHERE tenant_id = $1 AND slug = $2",
        tenant.0,
        slug
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
