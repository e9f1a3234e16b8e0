//! Why an operation on the tree failed.

/// Why an operation failed, as POSIX names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such file or folder.
    NoEntry,
    /// It is there already.
    Exists,
    /// A folder stands where a file is needed.
    IsFolder,
    /// A file stands where a folder is needed.
    NotFolder,
    /// The folder is not empty.
    NotEmpty,
    /// The path leads out of the tree, or is no path.
    NotPermitted,
    /// The tree is full.
    Full,
    /// The name is longer than 255 bytes.
    NameTooLong,
    /// It makes no sense, as moving a folder into itself.
    Invalid,
}
