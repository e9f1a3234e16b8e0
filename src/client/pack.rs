//! Folders and files of this machine, read for sending: a bundle becomes a tar.gz, a grader's package a zip, of the same
//! bytes every time.

use super::failure::Failure;
use crate::domain::files::{FilePath, FileSet};
use std::path::Path;

/// Most files in one folder that is sent.
const MAX_FILES: usize = 2_000;
/// Most bytes in one folder that is sent, before packing.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a folder's files with their paths below it. Names that begin with a dot, `__pycache__` and `*.pyc` stay out.
///
/// # Errors
/// Where the folder cannot be read, holds something other than files and folders, or is too large; names the place.
pub fn read_folder(folder: &Path) -> Result<FileSet, Failure> {
    let shown = folder.display();
    if !folder.is_dir() {
        let what = if folder.exists() {
            "is not a folder"
        } else {
            "does not exist"
        };
        return Err(Failure::Usage(format!("{shown} {what}")));
    }
    let mut files = FileSet::new();
    let mut bytes = 0;
    let kept = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || name == "__pycache__" || name.ends_with(".pyc"))
    };
    for entry in walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(kept)
    {
        let entry = entry.map_err(|error| Failure::Usage(format!("cannot read {shown}: {error}")))?;
        let at = entry.path().display();
        if entry.file_type().is_dir() {
            continue;
        }
        if !entry.file_type().is_file() {
            let message = format!("{at} is not a plain file (a link?); put a copy of the file there instead");
            return Err(Failure::Usage(message));
        }
        let inner = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let Some(inner) = inner.to_str() else {
            return Err(Failure::Usage(format!("{at}: the file name is not UTF-8; rename it")));
        };
        let path = FilePath::parse(inner).map_err(|error| Failure::Usage(format!("{at}: {error}")))?;
        bytes += entry.metadata().map_or(0, |metadata| metadata.len());
        if bytes > MAX_BYTES || files.len() >= MAX_FILES {
            let message = format!("{shown} holds more than {MAX_FILES} files or 16 MiB; is it the right folder?");
            return Err(Failure::Usage(message));
        }
        let body = std::fs::read(entry.path()).map_err(|error| Failure::Usage(format!("cannot read {at}: {error}")))?;
        files
            .insert(path, body)
            .map_err(|error| Failure::Usage(format!("{at}: {error}")))?;
    }
    Ok(files)
}

/// Packs files as tar.gz without times, owners or anything else of this machine.
///
/// # Errors
/// Where a path does not fit a tar header.
pub fn tar_gz(files: &FileSet) -> Result<Vec<u8>, Failure> {
    let pack = || -> std::io::Result<Vec<u8>> {
        let gzip = flate2::GzBuilder::new()
            .mtime(0)
            .write(Vec::new(), flate2::Compression::default());
        let mut tar = tar::Builder::new(gzip);
        for (path, body) in files.iter() {
            let mut header = tar::Header::new_gnu();
            header.set_size(body.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(0);
            tar.append_data(&mut header, path.as_str(), body)?;
        }
        tar.into_inner()?.finish()
    };
    pack().map_err(|error| Failure::Usage(format!("cannot pack the folder: {error}")))
}

/// Packs files as a zip archive without times or anything else of this machine.
///
/// # Errors
/// Where a file does not fit into an archive.
pub fn zip(files: &FileSet) -> Result<Vec<u8>, Failure> {
    let pack = || -> Result<Vec<u8>, Box<dyn std::error::Error>> {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (path, body) in files.iter() {
            archive.start_file(path.as_str(), zip::write::SimpleFileOptions::default())?;
            std::io::Write::write_all(&mut archive, body)?;
        }
        Ok(archive.finish()?.into_inner())
    };
    pack().map_err(|error| Failure::Usage(format!("cannot pack the folder: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, body) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, body).unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_packs_to_the_same_bytes_every_time_and_without_caches() {
        let files = [("exercise.toml", "a"), ("tests/test_x.py", "b")];
        let mut untidy = files.to_vec();
        untidy.extend([
            (".git/config", "x"),
            ("tests/__pycache__/test_x.cpython-314.pyc", "x"),
            ("a.pyc", "x"),
        ]);
        let (tidy, untidy) = (folder_with(&files), folder_with(&untidy));
        let pack = |folder: &Path| tar_gz(&read_folder(folder).unwrap()).unwrap();
        assert_eq!(pack(tidy.path()), pack(untidy.path()));
    }

    #[test]
    fn a_link_is_refused_by_name() {
        let folder = folder_with(&[("exercise.toml", "a")]);
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("tests")).unwrap();
        let refused = read_folder(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("tests is not a plain file"), "{refused}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let refused = read_folder(Path::new("no/such/folder")).unwrap_err().to_string();
        assert_eq!(refused, "no/such/folder does not exist");
    }
}
