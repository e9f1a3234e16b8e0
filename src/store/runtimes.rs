//! The runtimes that workers have.

use sqlx::PgExecutor;

/// A language implementation that exercises can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// Its name in `exercise.toml`.
    pub name: String,
    /// Its version; reports carry `NAME@VERSION`.
    pub version: String,
    /// The language it runs.
    pub language: String,
    /// SHA-256 of its code, in hexadecimal.
    pub digest: String,
}

/// Notes that a worker has this runtime.
///
/// # Errors
/// The database's.
pub async fn seen(db: impl PgExecutor<'_>, runtime: &Runtime) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO runtimes (name, version, language, digest) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name, version) DO UPDATE SET seen_at = now(), digest = excluded.digest",
        runtime.name,
        runtime.version,
        runtime.language,
        runtime.digest
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Of every name the runtime that was seen last, by name.
///
/// # Errors
/// The database's.
pub async fn list(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Runtime>> {
    sqlx::query_as!(
        Runtime,
        "SELECT DISTINCT ON (name) name, version, language, digest FROM runtimes ORDER BY name, seen_at DESC"
    )
    .fetch_all(db)
    .await
}
