//! Takes bundles in: unpacks them, understands them, stores them with the job that verifies them.

use super::archive;
use crate::domain::bundle::Bundle;
use crate::domain::files::FileSet;
use crate::domain::id::{TenantId, VerificationId};
use crate::domain::limits::LimitCaps;
use crate::domain::name::Slug;
use crate::domain::submission::Priority;
use crate::domain::verification::Finding;
use crate::queue;
use crate::store::verifications;
use sqlx::PgPool;

/// The forms in which bundles arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// `application/zip`.
    Zip,
    /// `application/gzip`: a tar archive packed with gzip.
    TarGz,
}

/// Why a bundle was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// What is wrong with it, with the files and lines.
    #[error("the bundle cannot be used")]
    Findings(Vec<Finding>),
    /// Our fault.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl BundleError {
    pub(super) fn file(name: &str, reason: &str) -> Self {
        Self::Findings(vec![Finding::at(name, None, reason.to_owned())])
    }

    pub(super) fn archive(message: String) -> Self {
        Self::Findings(vec![Finding {
            file: None,
            line: None,
            message,
        }])
    }
}

/// Unpacks a bundle. Takes as long as unpacking takes: call it where that disturbs nobody.
///
/// # Errors
/// Names the file that cannot be taken, and the reason.
pub fn unpack(packing: Packing, bytes: &[u8]) -> Result<FileSet, BundleError> {
    match packing {
        Packing::Zip => archive::read_zip(bytes),
        Packing::TarGz => archive::read_tar_gz(bytes),
    }
}

/// What becomes of a bundle that verifies.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// It makes the next version of the exercise of this name.
    Version {
        /// The exercise's name.
        slug: &'a Slug,
        /// Whether the version goes live.
        publish: bool,
    },
    /// Nothing: only the outcome is wanted.
    Check,
}

/// Stores an unpacked bundle with the job that verifies it.
///
/// `id` is made by the caller, who may listen for its end before it is stored.
///
/// # Errors
/// Every finding that can be had without running anything; then nothing is stored.
pub async fn verify(
    pool: &PgPool,
    tenant: TenantId,
    id: VerificationId,
    purpose: Purpose<'_>,
    files: &FileSet,
    caps: &LimitCaps,
) -> Result<(), BundleError> {
    let bundle = Bundle::read(files, caps).map_err(BundleError::Findings)?;
    if let Some(finding) = super::grader::missing(pool, tenant, &bundle.spec.grader).await? {
        return Err(BundleError::Findings(vec![finding]));
    }
    let (slug, publish) = match purpose {
        Purpose::Version { slug, publish } => (Some(slug.as_str()), publish),
        Purpose::Check => (None, false),
    };
    let mut transaction = pool.begin().await?;
    verifications::insert(&mut *transaction, id, tenant, slug, publish, &files.pack()).await?;
    let rank = Priority::Interactive.rank();
    queue::enqueue(&mut *transaction, tenant, queue::Kind::Verify, id.0, rank).await?;
    transaction.commit().await?;
    Ok(())
}

/// Forgets a finished check whose outcome has been handed over.
///
/// # Errors
/// The database's.
pub async fn forget_check(pool: &PgPool, id: VerificationId) -> sqlx::Result<()> {
    verifications::forget(pool, id).await
}
