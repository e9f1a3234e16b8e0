//! Folders of the repository as file sets.

use assay::domain::files::{FilePath, FileSet};
use std::path::Path;

/// Every file below a folder.
pub fn read_folder(folder: &Path) -> FileSet {
    let mut files = FileSet::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.expect("a readable folder");
        let path = entry
            .path()
            .strip_prefix(folder)
            .expect("below the folder")
            .to_string_lossy()
            .into_owned();
        if entry.file_type().is_file() && !path.contains("__pycache__") {
            let path = FilePath::parse(&path).expect("a good path");
            files
                .insert(path, std::fs::read(entry.path()).expect("a readable file"))
                .expect("no two files of one name");
        }
    }
    files
}
