//! The first admin key: given, or made once and kept in the data folder for the eyes of its owner only.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::ConfigError;

/// The admin key and where it came from.
#[derive(Debug, Clone)]
pub enum AdminKey {
    /// It was in the environment.
    Given(SecretString),
    /// It was in the file already.
    Kept(SecretString, PathBuf),
    /// It has just been made and written to the file: print it.
    Made(SecretString, PathBuf),
}

impl AdminKey {
    /// The key itself.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        match self {
            Self::Given(key) | Self::Kept(key, _) | Self::Made(key, _) => key,
        }
    }

    pub(super) fn kept_in(data_dir: &Path) -> Result<Self, ConfigError> {
        let path = data_dir.join("admin-key");
        read_or_make(data_dir, &path).map_err(|error| ConfigError::AdminKey { path, error })
    }
}

fn read_or_make(data_dir: &Path, path: &Path) -> Result<AdminKey, std::io::Error> {
    match fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => return Ok(AdminKey::Kept(text.trim().into(), path.to_owned())),
        Ok(_) => {
            return Err(std::io::Error::new(
                ErrorKind::InvalidData,
                "the file is empty; delete it for a new key",
            ));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir)?;
    let key = SecretString::from(format!(
        "assay_admin_{}",
        URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
    ));
    // Written beside and linked into place, so that two processes that start together agree on one key.
    let beside = data_dir.join(format!(".admin-key.{}", uuid::Uuid::new_v4().simple()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)?;
    writeln!(file, "{}", key.expose_secret())?;
    file.sync_all()?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Ok(()) => Ok(AdminKey::Made(key, path.to_owned())),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Ok(AdminKey::Kept(fs::read_to_string(path)?.trim().into(), path.to_owned()))
        }
        Err(error) => Err(error),
    }
}
