//! Puts the demo course into a new server, so that there is something to try.

use crate::db::{Hub, VERIFICATIONS};
use crate::domain::files::{FilePath, FileSet};
use crate::domain::id::{TenantId, VerificationId};
use crate::domain::limits::LimitCaps;
use crate::domain::name::{ExerciseRef, Slug};
use crate::intake::bundle::{Purpose, verify};
use crate::store;
use sqlx::PgPool;
use std::path::Path;
use std::time::Duration;

/// Where the course lies, relative to the folder that the server is started in.
const COURSE: &str = "deploy/course";

/// The tenant of a server that serves one platform; the first migration makes it.
const DEFAULT_TENANT: TenantId = TenantId(uuid::uuid!("00000000-0000-7000-8000-000000000001"));

/// Pushes each exercise of the course that the default tenant does not have yet.
pub async fn course(pool: &PgPool, hub: &Hub, caps: &LimitCaps) -> anyhow::Result<()> {
    let Ok(folders) = std::fs::read_dir(COURSE) else {
        return Ok(());
    };
    let mut folders: Vec<_> = folders
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in folders {
        let Some(slug) = folder.file_name().and_then(|name| name.to_str()?.parse::<Slug>().ok()) else {
            continue;
        };
        let wanted = ExerciseRef {
            slug: slug.clone(),
            version: None,
        };
        if store::exercises::resolve(pool, DEFAULT_TENANT, &wanted, true)
            .await?
            .is_some()
        {
            continue;
        }
        let id = VerificationId::new();
        let mut ended = hub.subscribe(VERIFICATIONS, id.to_string());
        let purpose = Purpose::Version {
            slug: &slug,
            publish: true,
        };
        if let Err(error) = verify(pool, DEFAULT_TENANT, id, purpose, &read(&folder)?, caps).await {
            tracing::warn!(exercise = %slug, %error, "cannot add an exercise of the demo course");
            continue;
        }
        if tokio::time::timeout(Duration::from_secs(60), ended.changed())
            .await
            .is_err()
        {
            tracing::warn!(exercise = %slug, "the check of an exercise of the demo course takes long; going on without it");
            continue;
        }
        let checked = store::verifications::find(pool, DEFAULT_TENANT, id).await?;
        match checked.and_then(|checked| checked.version) {
            Some(version) => tracing::info!(exercise = %slug, version, "added to the demo course"),
            None => tracing::warn!(exercise = %slug, "an exercise of the demo course does not verify"),
        }
    }
    Ok(())
}

fn read(folder: &Path) -> anyhow::Result<FileSet> {
    let mut files = FileSet::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path().strip_prefix(folder)?.to_string_lossy().into_owned();
        if entry.file_type().is_file() && !path.contains("__pycache__") {
            files.insert(FilePath::parse(&path)?, std::fs::read(entry.path())?)?;
        }
    }
    Ok(files)
}
