//! Reads zip and tar.gz archives from strangers: every byte is counted while it is unpacked, and only plain files with
//! plain names come out.

use super::bundle::BundleError;
use super::names::{self, Entries};
use crate::domain::files::FileSet;
use flate2::read::MultiGzDecoder;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};

/// Most bytes of an unpacked bundle.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Most bytes of one file of a bundle.
pub const MAX_FILE_BYTES: u64 = 8 * 1024 * 1024;
/// Most entries of an archive, folders included.
pub const MAX_ENTRIES: usize = 2000;

/// How much has been unpacked so far.
#[derive(Default)]
struct Meter {
    bytes: u64,
    entries: usize,
}

impl Meter {
    fn entry(&mut self) -> Result<(), BundleError> {
        self.entries += 1;
        if self.entries > MAX_ENTRIES {
            return Err(BundleError::archive(format!(
                "the archive has more than {MAX_ENTRIES} entries"
            )));
        }
        Ok(())
    }

    /// Reads a file to its end, but never more than it may have.
    fn read(&mut self, name: &str, from: impl Read) -> Result<Vec<u8>, BundleError> {
        let mut body = Vec::new();
        let broken = |error: std::io::Error| BundleError::file(name, &format!("the file cannot be unpacked: {error}"));
        from.take(MAX_FILE_BYTES + 1).read_to_end(&mut body).map_err(broken)?;
        self.bytes += body.len() as u64;
        if body.len() as u64 > MAX_FILE_BYTES {
            return Err(BundleError::file(
                name,
                &format!("the file is larger than {MAX_FILE_BYTES} bytes"),
            ));
        }
        if self.bytes > MAX_BYTES {
            let reason = format!("with this file the bundle is larger than {MAX_BYTES} bytes");
            return Err(BundleError::file(name, &reason));
        }
        Ok(body)
    }
}

/// Reads a zip archive.
pub fn read_zip(bytes: &[u8]) -> Result<FileSet, BundleError> {
    let unreadable = |error| BundleError::archive(format!("the zip archive cannot be read: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.has_duplicate_names() {
        let start = usize::try_from(archive.central_directory_start()).unwrap_or(usize::MAX);
        return Err(match twice_in_zip(bytes.get(start..).unwrap_or_default()) {
            Some(name) => BundleError::file(&name, "there are two files of this name"),
            None => BundleError::archive("the archive has two files of one name".into()),
        });
    }
    let (mut meter, mut entries) = (Meter::default(), Entries::default());
    for i in 0..archive.len() {
        meter.entry()?;
        let entry = archive.by_index_data(i).map_err(unreadable)?;
        let Some(path) = names::path(entry.name_raw(), entry.is_dir())? else {
            continue;
        };
        let name = path.as_str();
        if entry.encrypted() {
            return Err(BundleError::file(name, "the file is encrypted"));
        }
        // The upper four bits of the mode are the kind of file; zero where the archiver did not say.
        if entry
            .unix_mode()
            .is_some_and(|mode| !matches!(mode & 0o170_000, 0 | 0o100_000))
        {
            return Err(BundleError::file(
                name,
                "the entry is not a plain file (a link or device)",
            ));
        }
        let file = archive
            .by_index(i)
            .map_err(|error| BundleError::file(name, &format!("the file cannot be unpacked: {error}")))?;
        entries.add(&path, meter.read(name, file)?)?;
    }
    entries.into_files()
}

/// The first name that stands twice in a zip's central directory, of which the library keeps only one.
fn twice_in_zip(mut directory: &[u8]) -> Option<String> {
    let mut seen = BTreeSet::new();
    while directory.starts_with(b"PK\x01\x02") {
        let length = |at: usize| {
            Some(usize::from(u16::from_le_bytes([
                *directory.get(at)?,
                *directory.get(at + 1)?,
            ])))
        };
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let bytes = directory.get(46..46 + name)?;
        if !seen.insert(bytes) {
            return Some(String::from_utf8_lossy(bytes).into_owned());
        }
        directory = directory.get(46 + name + extra + comment..)?;
    }
    None
}

/// Reads a tar archive packed with gzip.
pub fn read_tar_gz(bytes: &[u8]) -> Result<FileSet, BundleError> {
    let unreadable =
        |error: std::io::Error| BundleError::archive(format!("the tar.gz archive cannot be read: {error}"));
    // Headers count too: without this cap an archive of nothing but headers would never end.
    let unpacked = MultiGzDecoder::new(bytes).take(MAX_BYTES + 4 * 1024 * MAX_ENTRIES as u64);
    let mut archive = tar::Archive::new(unpacked);
    let (mut meter, mut entries) = (Meter::default(), Entries::default());
    for entry in archive.entries().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        meter.entry()?;
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() {
            continue;
        }
        let raw = entry.path_bytes().into_owned();
        let Some(path) = names::path(&raw, kind.is_dir())? else {
            continue;
        };
        if !(kind.is_file() || kind.is_contiguous()) {
            return Err(BundleError::file(
                path.as_str(),
                "the entry is not a plain file (a link or device)",
            ));
        }
        entries.add(&path, meter.read(path.as_str(), entry)?)?;
    }
    entries.into_files()
}
