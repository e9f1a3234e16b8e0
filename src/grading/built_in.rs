//! The graders that come with the server: their packages, as an upload would bring them.

use crate::domain::files::{FilePath, FileSet};
use include_dir::{Dir, DirEntry, include_dir};

/// Python test files, unmodified.
static UNITTEST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/graders/unittest/package");
/// Tables of calls and what they should return.
static CASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/graders/cases/package");
/// Programs by what they read and print.
static STDIO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/graders/stdio/package");

/// Each grader's name and package.
#[must_use]
pub fn built_in() -> Vec<(&'static str, FileSet)> {
    [("unittest", &UNITTEST), ("cases", &CASES), ("stdio", &STDIO)]
        .map(|(name, folder)| {
            let mut files = Vec::new();
            collect(folder, &mut files);
            (name, files.into_iter().collect())
        })
        .into()
}

fn collect(folder: &Dir<'_>, files: &mut Vec<(FilePath, Vec<u8>)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, files),
            DirEntry::File(file) => {
                // Every name was typed by us, so all of them parse.
                if let Some(Ok(path)) = file.path().to_str().map(FilePath::parse) {
                    files.push((path, file.contents().to_vec()));
                }
            }
        }
    }
}
