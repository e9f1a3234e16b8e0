//! An installation that the server's user can read: the given one, or a copy where everybody may read.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::place::User;
use super::{EmbeddedError, io_error};

/// Whether the user can enter every folder on the way to the server, and run it.
pub(super) fn reachable(install: &Path, user: User) -> bool {
    install.join("bin/postgres").ancestors().all(|path| {
        fs::metadata(path).is_ok_and(|meta| {
            let shift = if meta.uid() == user.uid {
                6
            } else if meta.gid() == user.gid {
                3
            } else {
                0
            };
            (meta.mode() >> shift) & 0o1 == 0o1
        })
    })
}

/// A copy of the installation that every user can read, made once; only root can change it.
pub(super) fn readable_copy(install: &Path) -> Result<PathBuf, EmbeddedError> {
    let name = format!("assay-postgresql-{}", fingerprint(install)?);
    let base = ["/var/cache", "/var/lib", "/tmp"]
        .map(Path::new)
        .into_iter()
        .find(|base| fs::metadata(base).is_ok_and(|meta| meta.mode() & 0o1 == 0o1) && tempdir_in(base).is_ok());
    let base = base.unwrap_or(Path::new("/tmp"));
    let (copy, beside) = (
        base.join(&name),
        base.join(format!("{name}.{}", uuid::Uuid::new_v4().simple())),
    );
    if !copy.exists() {
        tracing::info!(embedded.copy = %copy.display(), "copying PostgreSQL to where an unprivileged user can read it");
        for entry in WalkDir::new(install) {
            let entry = entry.map_err(|error| io_error("open", install)(error.into()))?;
            let target = beside.join(entry.path().strip_prefix(install).unwrap_or(entry.path()));
            if entry.file_type().is_dir() {
                fs::create_dir(&target).map_err(io_error("create", &target))?;
                fs::set_permissions(&target, fs::Permissions::from_mode(0o755)).map_err(io_error("open", &target))?;
            } else {
                fs::copy(entry.path(), &target).map_err(io_error("write", &target))?;
                let mode = if target.starts_with(beside.join("bin")) {
                    0o755
                } else {
                    0o644
                };
                fs::set_permissions(&target, fs::Permissions::from_mode(mode)).map_err(io_error("open", &target))?;
            }
        }
        if fs::rename(&beside, &copy).is_err() && copy.exists() {
            // Another process was quicker.
            fs::remove_dir_all(&beside).map_err(io_error("remove", &beside))?;
        }
    }
    let meta = fs::symlink_metadata(&copy).map_err(io_error("open", &copy))?;
    if meta.is_dir() && meta.uid() == 0 && meta.mode() & 0o022 == 0 {
        Ok(copy)
    } else {
        Err(EmbeddedError::Socket(copy))
    }
}

/// Whether a folder can be made there.
fn tempdir_in(base: &Path) -> Result<(), std::io::Error> {
    let probe = base.join(format!(".assay-{}", uuid::Uuid::new_v4().simple()));
    fs::create_dir(&probe)?;
    fs::remove_dir(&probe)
}

/// Changes when the installation does: made of the names, sizes and times of its files.
fn fingerprint(install: &Path) -> Result<String, EmbeddedError> {
    let mut hash = Sha256::new();
    for entry in WalkDir::new(install).sort_by_file_name() {
        let entry = entry.map_err(|error| io_error("open", install)(error.into()))?;
        let meta = entry
            .metadata()
            .map_err(|error| io_error("open", install)(error.into()))?;
        if meta.is_file() {
            let time = meta
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .unwrap_or_default();
            let path = entry.path().strip_prefix(install).unwrap_or(entry.path());
            hash.update(format!("{}\0{}\0{}\n", path.display(), meta.len(), time.as_secs()));
        }
    }
    Ok(hex::encode(&hash.finalize()[..8]))
}
