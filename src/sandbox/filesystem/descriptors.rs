//! `wasi:filesystem` (WASI 0.2) over the tree in memory: what a program opens, reads, writes and lists.

use super::bindings::{Descriptor, Listing, hash, kind, preopens, stat, types};
use super::fault::Fault;
use super::streams::{FileStream, StreamFault, part};
use super::tree::{Node, ROOT, Tree};
use crate::sandbox::state::State;
use wasmtime::component::{HasSelf, Linker, Resource};
use wasmtime_wasi_io::streams::{DynInputStream, DynOutputStream};

type Answer<T> = wasmtime::Result<Result<T, types::ErrorCode>>;

/// Puts the tree in the place of wasmtime-wasi's host folders.
pub fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    types::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    preopens::add_to_linker::<_, HasSelf<State>>(linker, |state| state)
}

impl State {
    fn at(&self, fd: &Resource<Descriptor>) -> wasmtime::Result<Descriptor> {
        Ok(*self.table.get(fd)?)
    }

    fn on_tree<T>(
        &mut self,
        fd: &Resource<Descriptor>,
        act: impl FnOnce(&mut Tree, Node) -> Result<T, Fault>,
    ) -> Answer<T> {
        let node = self.at(fd)?.node;
        Ok(act(&mut self.files.tree(), node).map_err(types::ErrorCode::from))
    }
}

impl preopens::Host for State {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        let flags = types::DescriptorFlags::READ | types::DescriptorFlags::MUTATE_DIRECTORY;
        let root = self.table.push(Descriptor { node: ROOT, flags })?;
        Ok(vec![(root, "/".to_owned())])
    }
}

impl types::Host for State {
    fn filesystem_error_code(
        &mut self,
        error: Resource<wasmtime_wasi_io::streams::Error>,
    ) -> wasmtime::Result<Option<types::ErrorCode>> {
        Ok(self
            .table
            .get(&error)?
            .downcast_ref::<StreamFault>()
            .map(|fault| fault.0.into()))
    }
}

impl types::HostDirectoryEntryStream for State {
    fn read_directory_entry(&mut self, listing: Resource<Listing>) -> Answer<Option<types::DirectoryEntry>> {
        let entry = self.table.get_mut(&listing)?.0.next();
        Ok(Ok(entry.map(|(name, folder)| types::DirectoryEntry {
            type_: kind(folder),
            name,
        })))
    }

    fn drop(&mut self, listing: Resource<Listing>) -> wasmtime::Result<()> {
        self.table.delete(listing)?;
        Ok(())
    }
}

impl types::HostDescriptor for State {
    fn read_via_stream(&mut self, fd: Resource<Descriptor>, offset: u64) -> Answer<Resource<DynInputStream>> {
        let Descriptor { node, flags } = self.at(&fd)?;
        if !flags.contains(types::DescriptorFlags::READ) {
            return Ok(Err(types::ErrorCode::BadDescriptor));
        }
        if self.files.tree().is_folder(node) {
            return Ok(Err(types::ErrorCode::IsDirectory));
        }
        let stream: DynInputStream = Box::new(FileStream {
            files: self.files.clone(),
            node,
            offset: Some(offset),
        });
        Ok(Ok(self.table.push(stream)?))
    }

    fn write_via_stream(&mut self, fd: Resource<Descriptor>, offset: u64) -> Answer<Resource<DynOutputStream>> {
        self.writer(&fd, Some(offset))
    }

    fn append_via_stream(&mut self, fd: Resource<Descriptor>) -> Answer<Resource<DynOutputStream>> {
        self.writer(&fd, None)
    }

    fn advise(&mut self, _: Resource<Descriptor>, _: u64, _: u64, _: types::Advice) -> Answer<()> {
        Ok(Ok(()))
    }

    fn sync_data(&mut self, _: Resource<Descriptor>) -> Answer<()> {
        Ok(Ok(()))
    }

    fn sync(&mut self, _: Resource<Descriptor>) -> Answer<()> {
        Ok(Ok(()))
    }

    fn get_flags(&mut self, fd: Resource<Descriptor>) -> Answer<types::DescriptorFlags> {
        Ok(Ok(self.at(&fd)?.flags))
    }

    fn get_type(&mut self, fd: Resource<Descriptor>) -> Answer<types::DescriptorType> {
        self.on_tree(&fd, |tree, node| Ok(kind(tree.is_folder(node))))
    }

    fn set_size(&mut self, fd: Resource<Descriptor>, size: u64) -> Answer<()> {
        if !self.at(&fd)?.flags.contains(types::DescriptorFlags::WRITE) {
            return Ok(Err(types::ErrorCode::BadDescriptor));
        }
        self.on_tree(&fd, |tree, node| tree.set_size(node, size))
    }

    fn set_times(&mut self, _: Resource<Descriptor>, _: types::NewTimestamp, _: types::NewTimestamp) -> Answer<()> {
        Ok(Ok(()))
    }

    fn read(&mut self, fd: Resource<Descriptor>, length: u64, offset: u64) -> Answer<(Vec<u8>, bool)> {
        self.on_tree(&fd, |tree, node| {
            let part = part(tree.bytes(node)?, offset, length);
            Ok((part.to_vec(), offset + part.len() as u64 >= tree.size(node)))
        })
    }

    fn write(&mut self, fd: Resource<Descriptor>, bytes: Vec<u8>, offset: u64) -> Answer<u64> {
        if !self.at(&fd)?.flags.contains(types::DescriptorFlags::WRITE) {
            return Ok(Err(types::ErrorCode::BadDescriptor));
        }
        self.on_tree(&fd, |tree, node| {
            tree.write(node, offset, &bytes).map(|()| bytes.len() as u64)
        })
    }

    fn read_directory(&mut self, fd: Resource<Descriptor>) -> Answer<Resource<Listing>> {
        let listed = self.on_tree(&fd, |tree, node| {
            let entries = tree.entries(node)?;
            Ok(entries
                .into_iter()
                .map(|(name, node)| (name, tree.is_folder(node)))
                .collect::<Vec<_>>())
        })?;
        Ok(match listed {
            Ok(entries) => Ok(self.table.push(Listing(entries.into_iter()))?),
            Err(code) => Err(code),
        })
    }

    fn create_directory_at(&mut self, fd: Resource<Descriptor>, path: String) -> Answer<()> {
        self.on_tree(&fd, |tree, node| tree.make_folder(node, &path).map(|_| ()))
    }

    fn stat(&mut self, fd: Resource<Descriptor>) -> Answer<types::DescriptorStat> {
        self.on_tree(&fd, |tree, node| Ok(stat(tree, node)))
    }

    fn stat_at(
        &mut self,
        fd: Resource<Descriptor>,
        _: types::PathFlags,
        path: String,
    ) -> Answer<types::DescriptorStat> {
        self.on_tree(&fd, |tree, node| tree.find(node, &path).map(|node| stat(tree, node)))
    }

    fn set_times_at(
        &mut self,
        fd: Resource<Descriptor>,
        _: types::PathFlags,
        path: String,
        _: types::NewTimestamp,
        _: types::NewTimestamp,
    ) -> Answer<()> {
        self.on_tree(&fd, |tree, node| tree.find(node, &path).map(|_| ()))
    }

    fn link_at(
        &mut self,
        fd: Resource<Descriptor>,
        _: types::PathFlags,
        old: String,
        new_fd: Resource<Descriptor>,
        new: String,
    ) -> Answer<()> {
        let to = self.at(&new_fd)?.node;
        self.on_tree(&fd, |tree, node| tree.link(node, &old, to, &new))
    }

    fn open_at(
        &mut self,
        fd: Resource<Descriptor>,
        _: types::PathFlags,
        path: String,
        open: types::OpenFlags,
        flags: types::DescriptorFlags,
    ) -> Answer<Resource<Descriptor>> {
        let opened = self.on_tree(&fd, |tree, base| {
            let node = if open.contains(types::OpenFlags::CREATE) {
                tree.make_file(base, &path, open.contains(types::OpenFlags::EXCLUSIVE))?
            } else {
                tree.find(base, &path)?
            };
            if open.contains(types::OpenFlags::DIRECTORY) && !tree.is_folder(node) {
                return Err(Fault::NotFolder);
            }
            if flags.contains(types::DescriptorFlags::WRITE) && tree.is_folder(node) {
                return Err(Fault::IsFolder);
            }
            if open.contains(types::OpenFlags::TRUNCATE) {
                tree.set_size(node, 0)?;
            }
            Ok(node)
        })?;
        Ok(match opened {
            Ok(node) => Ok(self.table.push(Descriptor { node, flags })?),
            Err(code) => Err(code),
        })
    }

    fn readlink_at(&mut self, fd: Resource<Descriptor>, path: String) -> Answer<String> {
        self.on_tree(&fd, |tree, node| tree.find(node, &path).and(Err(Fault::Invalid)))
    }

    fn remove_directory_at(&mut self, fd: Resource<Descriptor>, path: String) -> Answer<()> {
        self.on_tree(&fd, |tree, node| tree.remove_folder(node, &path))
    }

    fn rename_at(
        &mut self,
        fd: Resource<Descriptor>,
        old: String,
        new_fd: Resource<Descriptor>,
        new: String,
    ) -> Answer<()> {
        let to = self.at(&new_fd)?.node;
        self.on_tree(&fd, |tree, node| tree.rename(node, &old, to, &new))
    }

    fn symlink_at(&mut self, _: Resource<Descriptor>, _: String, _: String) -> Answer<()> {
        Ok(Err(types::ErrorCode::Unsupported))
    }

    fn unlink_file_at(&mut self, fd: Resource<Descriptor>, path: String) -> Answer<()> {
        self.on_tree(&fd, |tree, node| tree.remove_file(node, &path))
    }

    fn is_same_object(&mut self, one: Resource<Descriptor>, other: Resource<Descriptor>) -> wasmtime::Result<bool> {
        Ok(self.at(&one)?.node == self.at(&other)?.node)
    }

    fn metadata_hash(&mut self, fd: Resource<Descriptor>) -> Answer<types::MetadataHashValue> {
        self.on_tree(&fd, |_, node| Ok(hash(node)))
    }

    fn metadata_hash_at(
        &mut self,
        fd: Resource<Descriptor>,
        _: types::PathFlags,
        path: String,
    ) -> Answer<types::MetadataHashValue> {
        self.on_tree(&fd, |tree, node| tree.find(node, &path).map(hash))
    }

    fn drop(&mut self, fd: Resource<Descriptor>) -> wasmtime::Result<()> {
        self.table.delete(fd)?;
        Ok(())
    }
}

impl State {
    fn writer(&mut self, fd: &Resource<Descriptor>, offset: Option<u64>) -> Answer<Resource<DynOutputStream>> {
        let Descriptor { node, flags } = self.at(fd)?;
        if !flags.contains(types::DescriptorFlags::WRITE) {
            return Ok(Err(types::ErrorCode::BadDescriptor));
        }
        let stream: DynOutputStream = Box::new(FileStream {
            files: self.files.clone(),
            node,
            offset,
        });
        Ok(Ok(self.table.push(stream)?))
    }
}
