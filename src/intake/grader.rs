//! Takes graders in: stores an upload with the job that admits it, switches versions, and seeds those that come along.

use super::archive;
use super::bundle::BundleError;
use crate::domain::files::{FilePath, FileSet};
use crate::domain::grader::{Admission, COMPONENT_FILE, GraderRef};
use crate::domain::id::{GraderVersionId, KeyId, TenantId};
use crate::domain::name::Slug;
use crate::domain::verification::Finding;
use crate::queue;
use crate::store::graders::NewVersion;
use crate::store::{audit, built_in, graders};
use sqlx::{PgConnection, PgPool};

/// Admissions go behind what learners and authors wait for, and before batches.
const PRIORITY: i16 = 5;

/// The forms in which graders arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `application/wasm`: a component alone.
    Component,
    /// `application/zip`: a package.
    Zip,
}

/// The files of an upload. Nothing of them is looked at here: admission does that, in a sandbox.
///
/// # Errors
/// Where an archive cannot be unpacked; names the file.
pub fn unpack(form: Form, bytes: Vec<u8>) -> Result<FileSet, BundleError> {
    match form {
        Form::Zip => archive::read_zip(&bytes),
        Form::Component => {
            let path = FilePath::parse(COMPONENT_FILE).map_err(|error| BundleError::archive(error.to_string()))?;
            Ok(FileSet::from_iter([(path, bytes)]))
        }
    }
}

/// Stores an upload as the next version of a grader, with the job that admits it, and says which version that is.
///
/// # Errors
/// The database's.
pub async fn upload(pool: &PgPool, name: &Slug, new: NewVersion<'_>) -> sqlx::Result<i32> {
    let mut transaction = pool.begin().await?;
    let version = graders::insert(&mut transaction, name.as_str(), new).await?;
    let subject = format!("{name}@{version}");
    audit::add(&mut *transaction, new.tenant, new.key, "grader.uploaded", &subject).await?;
    queue::enqueue(&mut *transaction, new.tenant, queue::Kind::Admit, new.id.0, PRIORITY).await?;
    transaction.commit().await?;
    Ok(version)
}

/// Stores a package that is only to be checked.
///
/// # Errors
/// The database's.
pub async fn check(pool: &PgPool, new: NewVersion<'_>) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    graders::insert_check(&mut *transaction, new).await?;
    queue::enqueue(&mut *transaction, new.tenant, queue::Kind::Admit, new.id.0, PRIORITY).await?;
    transaction.commit().await
}

/// Forgets a check whose outcome has been handed over.
///
/// # Errors
/// The database's.
pub async fn forget_check(pool: &PgPool, id: GraderVersionId) -> sqlx::Result<()> {
    graders::forget_check(pool, id).await
}

/// Makes a version active, or active again; false where it is not there or was not admitted.
///
/// # Errors
/// The database's.
pub async fn activate(pool: &PgPool, tenant: TenantId, key: KeyId, name: &Slug, version: i32) -> sqlx::Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = graders::activate(&mut *transaction, tenant, name.as_str(), version).await?;
    if done {
        let subject = format!("{name}@{version}");
        audit::add(&mut *transaction, tenant, Some(key), "grader.activated", &subject).await?;
        transaction.commit().await?;
    }
    Ok(done)
}

/// Sees to it that every tenant has the server's own graders, each a name and its package.
///
/// They were admitted when the server was built (its tests hold them to that), so they are not admitted again.
///
/// # Errors
/// The database's.
pub async fn seed(pool: &PgPool, own: &[(&str, FileSet)]) -> sqlx::Result<()> {
    let admission = serde_json::to_string(&Admission::default()).unwrap_or_default();
    let mut transaction = pool.begin().await?;
    for (name, package) in own {
        let made = built_in::seed(&mut transaction, name, &package.pack(), &admission).await?;
        if made > 0 {
            tracing::info!(
                grader = name,
                tenants = made,
                "the server's own grader has a new version"
            );
        }
    }
    transaction.commit().await
}

/// Gives a new tenant the server's own graders.
///
/// # Errors
/// The database's.
pub async fn seed_tenant(db: &mut PgConnection, tenant: TenantId) -> sqlx::Result<()> {
    built_in::copy(db, crate::store::tenants::DEFAULT, tenant).await
}

/// What is wrong with the grader that an exercise names.
///
/// # Errors
/// The database's.
pub async fn missing(pool: &PgPool, tenant: TenantId, name: &str) -> sqlx::Result<Option<Finding>> {
    let Ok(wanted) = name.parse::<GraderRef>() else {
        return Ok(None); // the bundle's own check says so
    };
    if graders::resolve(pool, tenant, &wanted).await?.is_some() {
        return Ok(None);
    }
    let known = crate::store::grader_list::list(pool, tenant).await?;
    let message = match (
        known.iter().find(|grader| grader.name == wanted.slug.as_str()),
        wanted.version,
    ) {
        (Some(_), Some(version)) => {
            format!(
                "grader: there is no version {version} of {}, or it was not admitted",
                wanted.slug
            )
        }
        (Some(_), None) => format!("grader: no version of {} is active", wanted.slug),
        (None, _) => {
            let names: Vec<&str> = known.iter().map(|grader| grader.name.as_str()).collect();
            format!(
                "grader: there is no grader named {:?}; this server has: {}",
                wanted.slug.as_str(),
                names.join(", ")
            )
        }
    };
    Ok(Some(Finding::at("exercise.toml", None, message)))
}
