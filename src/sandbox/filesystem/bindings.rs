//! The types of `wasi:filesystem`, made from its WIT, and what stands behind its resources.

use super::fault::Fault;
use super::tree::{Node, Tree};
use wit::wasi::clocks::wall_clock::Datetime;
pub use wit::wasi::filesystem::{preopens, types};

#[allow(clippy::all, clippy::pedantic, missing_docs)]
mod wit {
    wasmtime::component::bindgen!({
        path: "src/sandbox/filesystem/wit",
        world: "files",
        with: {
            "wasi:io": wasmtime_wasi_io::bindings::wasi::io,
            "wasi:filesystem/types.descriptor": super::Descriptor,
            "wasi:filesystem/types.directory-entry-stream": super::Listing,
        },
        imports: { default: trappable },
        require_store_data_send: true,
    });
}

/// An open file or folder.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    /// Where it is in the tree.
    pub node: Node,
    /// What it was opened for.
    pub flags: types::DescriptorFlags,
}

/// What is left to list of a folder.
pub struct Listing(pub std::vec::IntoIter<(String, bool)>);

impl From<Fault> for types::ErrorCode {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NoEntry => Self::NoEntry,
            Fault::Exists => Self::Exist,
            Fault::IsFolder => Self::IsDirectory,
            Fault::NotFolder => Self::NotDirectory,
            Fault::NotEmpty => Self::NotEmpty,
            Fault::NotPermitted => Self::NotPermitted,
            Fault::Full => Self::InsufficientSpace,
            Fault::NameTooLong => Self::NameTooLong,
            Fault::Invalid => Self::Invalid,
        }
    }
}

/// The type of a file or folder.
pub fn kind(folder: bool) -> types::DescriptorType {
    if folder {
        types::DescriptorType::Directory
    } else {
        types::DescriptorType::RegularFile
    }
}

/// What there is to know of a file or folder.
pub fn stat(tree: &Tree, node: Node) -> types::DescriptorStat {
    let time = Some(Datetime {
        seconds: crate::sandbox::clock::START_SECONDS,
        nanoseconds: 0,
    });
    types::DescriptorStat {
        type_: kind(tree.is_folder(node)),
        link_count: tree.links(node),
        size: tree.size(node),
        data_access_timestamp: time,
        data_modification_timestamp: time,
        status_change_timestamp: time,
    }
}

/// What tells two files apart.
pub fn hash(node: Node) -> types::MetadataHashValue {
    types::MetadataHashValue {
        lower: node as u64 + 1,
        upper: 0x00A5_5A17,
    }
}
