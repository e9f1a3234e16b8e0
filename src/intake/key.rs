//! Makes, keeps and revokes API keys, and tenants with their first key.

use super::FieldError;
use crate::domain::id::{KeyId, TenantId};
use crate::domain::key::Role;
use crate::store::{keys, tenants};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use sqlx::{PgExecutor, PgPool};
use time::OffsetDateTime;

/// A key just made. Its text is in no other place.
#[derive(Clone, Debug)]
pub struct MadeKey {
    /// Its id.
    pub id: KeyId,
    /// The key, as callers send it.
    pub key: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// Why a key or tenant was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// Fields that cannot be used, each with the reason.
    #[error("the request cannot be used")]
    Invalid(Vec<FieldError>),
    /// There is a tenant of this name.
    #[error("there is a tenant named {0:?} already")]
    TenantExists(String),
    /// Our fault.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What is kept of a key.
#[must_use]
pub fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Makes a key of a tenant.
///
/// # Errors
/// Where the name cannot be used, or the database fails.
pub async fn make(db: impl PgExecutor<'_>, tenant: TenantId, role: Role, name: &str) -> Result<MadeKey, MakeError> {
    check_name(name)?;
    let key = format!(
        "assay_{}_{}",
        role.as_str(),
        URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
    );
    let id = KeyId::new();
    let created_at = keys::insert(db, id, tenant, role, name, &hash(&key)).await?;
    let created_at = created_at.ok_or(sqlx::Error::RowNotFound)?;
    Ok(MadeKey { id, key, created_at })
}

/// Makes a tenant with an admin key for it.
///
/// # Errors
/// Where the name is taken or cannot be used, or the database fails.
pub async fn make_tenant(pool: &PgPool, name: &str) -> Result<(TenantId, MadeKey), MakeError> {
    check_name(name)?;
    let id = TenantId::new();
    let mut transaction = pool.begin().await?;
    if tenants::insert(&mut *transaction, id, name).await?.is_none() {
        return Err(MakeError::TenantExists(name.to_owned()));
    }
    super::grader::seed_tenant(&mut transaction, id).await?;
    let key = make(&mut *transaction, id, Role::Admin, "first").await?;
    transaction.commit().await?;
    Ok((id, key))
}

/// Sees to it that a key (the server's first one) is an admin key of the default tenant. Revoked, it stays revoked.
///
/// # Errors
/// The database's.
pub async fn ensure_admin(db: impl PgExecutor<'_>, key: &str) -> sqlx::Result<()> {
    keys::insert(db, KeyId::new(), tenants::DEFAULT, Role::Admin, "first", &hash(key)).await?;
    Ok(())
}

/// Revokes a key; whether the tenant has one of this id.
///
/// # Errors
/// The database's.
pub async fn revoke(db: impl PgExecutor<'_>, tenant: TenantId, id: KeyId) -> sqlx::Result<bool> {
    keys::revoke(db, tenant, id).await
}

fn check_name(name: &str) -> Result<(), MakeError> {
    if name.trim().is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        let message = "expected 1 to 100 characters, none of them a control character";
        return Err(MakeError::Invalid(vec![FieldError::new("name", message)]));
    }
    Ok(())
}
