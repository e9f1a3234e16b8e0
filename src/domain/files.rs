//! Paths and contents of the files of bundles and submissions.

use std::collections::BTreeMap;

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PathError {
    /// What is wrong with it, and what a good one looks like.
    pub reason: &'static str,
}

/// A relative path with `/` between its parts: no `..`, no `.`, not absolute, no control characters or backslashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FilePath(String);

impl FilePath {
    /// Longest path in bytes.
    pub const MAX_BYTES: usize = 240;
    /// Most folders and the file together.
    pub const MAX_PARTS: usize = 12;

    /// Parses a path as it arrives from outside.
    ///
    /// # Errors
    /// Says which rule the path breaks.
    pub fn parse(path: &str) -> Result<Self, PathError> {
        let refuse = |reason| Err(PathError { reason });
        if path.is_empty() {
            return refuse("the file name is empty");
        }
        if path.len() > Self::MAX_BYTES {
            return refuse("the path is longer than 240 bytes");
        }
        if path.chars().any(char::is_control) {
            return refuse("the path holds a control character");
        }
        if path.contains('\\') {
            return refuse("the path holds a backslash; use '/' between folders");
        }
        if path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') {
            return refuse("the path is absolute; give it relative to the exercise");
        }
        for part in path.split('/') {
            match part {
                "" => return refuse("the path has an empty part ('//' or a '/' at its end)"),
                "." | ".." => return refuse("the path holds '.' or '..'"),
                _ => {}
            }
        }
        if path.split('/').count() > Self::MAX_PARTS {
            return refuse("the path has more than 12 parts");
        }
        Ok(Self(path.to_owned()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rest of the path below `folder`, where it is inside it.
    #[must_use]
    pub fn below(&self, folder: &str) -> Option<Self> {
        self.0
            .strip_prefix(folder)?
            .strip_prefix('/')
            .map(|rest| Self(rest.to_owned()))
    }

    /// The last part.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl std::fmt::Display for FilePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Files by path, in path order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet(BTreeMap<FilePath, Vec<u8>>);

impl FileSet {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. A path that is there already, differs from one only by letter case, or is both file and folder is refused.
    ///
    /// # Errors
    /// Says with what the path collides.
    pub fn insert(&mut self, path: FilePath, body: Vec<u8>) -> Result<(), PathError> {
        if self.0.contains_key(&path) {
            return Err(PathError {
                reason: "there are two files of this name",
            });
        }
        let folder = format!("{path}/");
        let is_folder = self
            .0
            .range(FilePath(folder.clone())..)
            .next()
            .is_some_and(|(p, _)| p.0.starts_with(&folder));
        let below_file = path
            .0
            .match_indices('/')
            .any(|(i, _)| self.0.contains_key(&FilePath(path.0[..i].to_owned())));
        if is_folder || below_file {
            return Err(PathError {
                reason: "the path is both a file and a folder",
            });
        }
        self.0.insert(path, body);
        Ok(())
    }

    /// Every file, in path order.
    pub fn iter(&self) -> impl Iterator<Item = (&FilePath, &[u8])> {
        self.0.iter().map(|(path, body)| (path, body.as_slice()))
    }

    /// One file's contents.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(&FilePath(path.to_owned())).map(Vec::as_slice)
    }

    /// The files below a folder, with paths relative to it.
    #[must_use]
    pub fn below(&self, folder: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter_map(|(path, body)| Some((path.below(folder)?, body.clone())))
                .collect(),
        )
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All contents together, in bytes.
    #[must_use]
    pub fn total_bytes(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// One byte string for storing and digesting: for each file, path length (u32 LE), path, body length (u32 LE), body.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.total_bytes() + 64 * self.len());
        let mut part = |bytes: &[u8]| {
            out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
            out.extend_from_slice(bytes);
        };
        for (path, body) in &self.0 {
            part(path.0.as_bytes());
            part(body);
        }
        out
    }

    /// Reads what [`FileSet::pack`] wrote.
    ///
    /// # Errors
    /// Where the bytes are not such a packing.
    pub fn unpack(bytes: &[u8]) -> Result<Self, PathError> {
        const BROKEN: PathError = PathError {
            reason: "the stored files are broken",
        };
        fn part<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], PathError> {
            let (len, tail) = rest.split_first_chunk::<4>().ok_or(BROKEN)?;
            let (body, tail) = tail.split_at_checked(u32::from_le_bytes(*len) as usize).ok_or(BROKEN)?;
            *rest = tail;
            Ok(body)
        }
        let mut files = Self::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let path = std::str::from_utf8(part(&mut rest)?).map_err(|_| BROKEN)?;
            files.insert(FilePath::parse(path)?, part(&mut rest)?.to_vec())?;
        }
        Ok(files)
    }
}

impl FromIterator<(FilePath, Vec<u8>)> for FileSet {
    fn from_iter<I: IntoIterator<Item = (FilePath, Vec<u8>)>>(files: I) -> Self {
        Self(files.into_iter().collect())
    }
}
