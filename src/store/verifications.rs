//! Verifications: checks of bundles, which make exercise versions where they end well.

use super::json_text;
use crate::domain::exercise::ExerciseSpec;
use crate::domain::id::{ExerciseId, ExerciseVersionId, TenantId, VerificationId};
use crate::domain::verification::Verification;
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

/// A verification as it stands.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The exercise it makes a version of; none: only checks.
    pub slug: Option<String>,
    /// Whether that version goes live.
    pub publish: bool,
    /// The version it made.
    pub version: Option<i32>,
    /// What it found, once it is finished.
    pub outcome: Option<Verification>,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
    /// When it ended.
    pub finished_at: Option<OffsetDateTime>,
}

/// What a worker needs of a verification.
#[derive(Clone, Debug)]
pub struct ToVerify {
    /// Whose it is.
    pub tenant: TenantId,
    /// The packed bundle.
    pub bundle: Vec<u8>,
}

/// Stores a bundle that is to be verified.
///
/// # Errors
/// The database's.
pub async fn insert(
    db: impl PgExecutor<'_>,
    id: VerificationId,
    tenant: TenantId,
    slug: Option<&str>,
    publish: bool,
    bundle: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO verifications (id, tenant_id, slug, publish, bundle) VALUES ($1, $2, $3, $4, $5)",
        id.0,
        tenant.0,
        slug,
        publish,
        bundle
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A tenant's verification.
///
/// # Errors
/// The database's.
pub async fn find(db: impl PgExecutor<'_>, tenant: TenantId, id: VerificationId) -> sqlx::Result<Option<Stored>> {
    let row = sqlx::query!(
        r#"SELECT slug, publish, version, outcome AS "outcome: Json<Verification>", created_at, finished_at
           FROM verifications WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Stored {
        slug: row.slug,
        publish: row.publish,
        version: row.version,
        outcome: row.outcome.map(|outcome| outcome.0),
        created_at: row.created_at,
        finished_at: row.finished_at,
    }))
}

/// The bundle that a worker is to verify; none where the verification is finished already.
///
/// # Errors
/// The database's.
pub async fn to_verify(db: impl PgExecutor<'_>, id: VerificationId) -> sqlx::Result<Option<ToVerify>> {
    let row = sqlx::query!(
        r#"SELECT tenant_id, bundle AS "bundle!" FROM verifications WHERE id = $1 AND bundle IS NOT NULL"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| ToVerify {
        tenant: TenantId(row.tenant_id),
        bundle: row.bundle,
    }))
}

/// Forgets a finished check that made no version.
///
/// # Errors
/// The database's.
pub async fn forget(db: impl PgExecutor<'_>, id: VerificationId) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM verifications WHERE id = $1 AND slug IS NULL AND status = 'finished'",
        id.0
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends a verification: false (and nothing done) where it has ended already.
///
/// With `accepted`, the settings of a bundle that verified, and where the verification is for an exercise: makes the
/// exercise where it is new, makes the next version of it, and publishes that where it was asked for. The bundle goes,
/// and whoever waits is woken at commit. Belongs into a transaction.
///
/// # Errors
/// The database's.
pub async fn finish(
    db: &mut PgConnection,
    id: VerificationId,
    outcome: &Verification,
    accepted: Option<&ExerciseSpec>,
) -> sqlx::Result<bool> {
    let open = sqlx::query!(
        "SELECT tenant_id, slug, publish FROM verifications WHERE id = $1 AND status = 'queued' FOR UPDATE",
        id.0
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(open) = open else { return Ok(false) };
    let version = match (accepted, &open.slug) {
        (Some(spec), Some(slug)) => {
            Some(make_version(db, id, TenantId(open.tenant_id), slug, open.publish, spec, outcome).await?)
        }
        _ => None,
    };
    sqlx::query!(
        r#"WITH done AS (
               UPDATE verifications
               SET status = 'finished', finished_at = now(), bundle = NULL, version = $2, outcome = $3::text::json
               WHERE id = $1 RETURNING id
           )
           SELECT count(pg_notify('assay_verifications', id::text)) FROM done"#,
        id.0,
        version,
        json_text(outcome)?
    )
    .fetch_one(db)
    .await?;
    Ok(true)
}

async fn make_version(
    db: &mut PgConnection,
    id: VerificationId,
    tenant: TenantId,
    slug: &str,
    publish: bool,
    spec: &ExerciseSpec,
    outcome: &Verification,
) -> sqlx::Result<i32> {
    // The update locks the exercise, so that the next number is taken once.
    let exercise = sqlx::query_scalar!(
        "INSERT INTO exercises (id, tenant_id, slug) VALUES ($1, $2, $3)
         ON CONFLICT ON CONSTRAINT exercises_slug_key DO UPDATE SET slug = excluded.slug RETURNING id",
        ExerciseId::new().0,
        tenant.0,
        slug
    )
    .fetch_one(&mut *db)
    .await?;
    let version = sqlx::query_scalar!(
        "INSERT INTO exercise_versions
             (id, exercise_id, version, title, spec, bundle, bundle_digest, verification, published_at)
         SELECT $1, $2, 1 + coalesce((SELECT max(version) FROM exercise_versions WHERE exercise_id = $2), 0),
                $3, $4, v.bundle, sha256(v.bundle), $5::text::json, CASE WHEN v.publish THEN now() END
         FROM verifications v WHERE v.id = $6
         RETURNING version",
        ExerciseVersionId::new().0,
        exercise,
        spec.title,
        Json(spec) as _,
        json_text(outcome)?,
        id.0
    )
    .fetch_one(&mut *db)
    .await?;
    if publish {
        sqlx::query!(
            "UPDATE exercises SET live_version = $2, retired_at = NULL WHERE id = $1",
            exercise,
            version
        )
        .execute(db)
        .await?;
    }
    Ok(version)
}
