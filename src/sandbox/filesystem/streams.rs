//! Open files as streams of bytes, and the tree that they share with the store.

use super::fault::Fault;
use super::tree::{Node, Tree};
use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, OutputStream, StreamError, StreamResult};

/// A tree that the store and its open streams share.
#[derive(Clone, Debug)]
pub struct Files(Arc<Mutex<Tree>>);

impl Files {
    /// Shares a tree.
    pub fn new(tree: Tree) -> Self {
        Self(Arc::new(Mutex::new(tree)))
    }

    /// The tree, while nobody else uses it.
    pub fn tree(&self) -> MutexGuard<'_, Tree> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bytes of a file from a place, at most as many as asked for and 1 MiB.
pub fn part(bytes: &[u8], offset: u64, length: u64) -> &[u8] {
    let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
    let length = usize::try_from(length)
        .unwrap_or(usize::MAX)
        .min(bytes.len() - start)
        .min(1 << 20);
    &bytes[start..start + length]
}

/// A place in a file; without an offset, its end.
pub struct FileStream {
    /// The tree that it is in.
    pub files: Files,
    /// The file.
    pub node: Node,
    /// Where the next byte is; none: the end.
    pub offset: Option<u64>,
}

/// A stream's failure, which a program may ask the code of.
#[derive(Debug, thiserror::Error)]
#[error("{0:?}")]
pub struct StreamFault(pub Fault);

#[async_trait::async_trait]
impl Pollable for FileStream {
    async fn ready(&mut self) {}
}

#[async_trait::async_trait]
impl InputStream for FileStream {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        let tree = self.files.tree();
        let offset = self.offset.unwrap_or(0);
        let bytes = tree
            .bytes(self.node)
            .map_err(|fault| StreamError::LastOperationFailed(StreamFault(fault).into()))?;
        let part = part(bytes, offset, size as u64);
        if part.is_empty() && size > 0 {
            return Err(StreamError::Closed);
        }
        self.offset = Some(offset + part.len() as u64);
        Ok(Bytes::copy_from_slice(part))
    }
}

#[async_trait::async_trait]
impl OutputStream for FileStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut tree = self.files.tree();
        let offset = self.offset.unwrap_or_else(|| tree.size(self.node));
        tree.write(self.node, offset, &bytes)
            .map_err(|fault| StreamError::LastOperationFailed(StreamFault(fault).into()))?;
        self.offset = self.offset.map(|offset| offset + bytes.len() as u64);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(1 << 20)
    }
}
