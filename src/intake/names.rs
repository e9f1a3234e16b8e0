//! Names of files in archives: what a path is, what is left out, where the exercise's folder begins.

use super::bundle::BundleError;
use crate::domain::files::{FilePath, FileSet};
use std::collections::BTreeMap;

/// Files of an archive by path, before the exercise's own folder is known.
#[derive(Debug, Default)]
pub struct Entries(BTreeMap<String, Vec<u8>>);

/// A name as it stands in an archive; none for what is left out: folders' own entries and what systems and Python
/// leave behind (`__MACOSX`, `.DS_Store`, `__pycache__`, `*.pyc`).
pub fn path(raw: &[u8], is_folder: bool) -> Result<Option<FilePath>, BundleError> {
    let Ok(name) = std::str::from_utf8(raw) else {
        let shown = String::from_utf8_lossy(raw).into_owned();
        return Err(BundleError::file(&shown, "the file name is not UTF-8"));
    };
    let mut rest = name;
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter;
    }
    if is_folder {
        rest = rest.trim_end_matches('/');
        if matches!(rest, "" | ".") && !name.starts_with('/') {
            return Ok(None);
        }
    }
    let path = FilePath::parse(rest).map_err(|error| BundleError::file(name, error.reason))?;
    let litter = |part: &str| matches!(part, "__MACOSX" | ".DS_Store" | "__pycache__");
    let left_out = path.as_str().split('/').any(litter) || (path.file_name().ends_with(".pyc"));
    Ok((!is_folder && !left_out).then_some(path))
}

impl Entries {
    /// Adds a file; a name that is there already is refused.
    pub fn add(&mut self, path: &FilePath, body: Vec<u8>) -> Result<(), BundleError> {
        match self.0.insert(path.as_str().to_owned(), body) {
            None => Ok(()),
            Some(_) => Err(BundleError::file(path.as_str(), "there are two files of this name")),
        }
    }

    /// The exercise's files: where `exercise.toml` is not at the top and all files are below one folder, the files
    /// of that folder.
    pub fn into_files(self) -> Result<FileSet, BundleError> {
        let top = (!self.0.contains_key("exercise.toml"))
            .then(|| self.0.keys().next()?.split_once('/').map(|(top, _)| format!("{top}/")))
            .flatten()
            .filter(|top| self.0.keys().all(|name| name.starts_with(top)))
            .unwrap_or_default();
        let mut files = FileSet::new();
        for (name, body) in self.0 {
            let path = FilePath::parse(&name[top.len()..]).map_err(|error| BundleError::file(&name, error.reason))?;
            files
                .insert(path, body)
                .map_err(|error| BundleError::file(&name, error.reason))?;
        }
        Ok(files)
    }
}
