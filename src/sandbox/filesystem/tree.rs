//! The file system of a run: a small tree in memory, made from the run's files and gone with it.

use super::fault::Fault;
use crate::domain::files::FileSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Place of a file or folder in its tree.
pub type Node = usize;

/// The root folder.
pub const ROOT: Node = 0;

/// Most files and folders that a run may make beyond those given.
const MAX_NODES: usize = 20_000;
/// Most bytes that a run may hold in files beyond those given.
const MAX_WRITTEN: usize = 64 << 20;
const MAX_NAME: usize = 255;

/// A file's bytes: given ones are shared with other runs until they are written to.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Given(Arc<[u8]>),
    Own(Vec<u8>),
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    File(Body),
    Folder {
        entries: BTreeMap<String, Node>,
        parent: Node,
    },
}

/// Files and folders.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(super) nodes: Vec<Kind>,
    pub(super) links: Vec<u32>,
    given: usize,
    pub(super) written: usize,
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl Tree {
    /// A tree with an empty `/tmp`.
    #[must_use]
    pub fn new() -> Self {
        let root = Kind::Folder {
            entries: BTreeMap::new(),
            parent: ROOT,
        };
        let mut tree = Self {
            nodes: vec![root],
            links: vec![1],
            given: 0,
            written: 0,
        };
        let _ = tree.make_folder(ROOT, "tmp");
        tree
    }

    /// Puts files below a folder (made as needed). A file that is there already stays.
    pub fn give(&mut self, folder: &str, files: &FileSet) {
        let Ok(base) = self.folder_path(ROOT, folder) else {
            return;
        };
        for (path, body) in files.iter() {
            let (parent, name) = path.as_str().rsplit_once('/').unwrap_or(("", path.as_str()));
            if let Ok(parent) = self.folder_path(base, parent)
                && self.entry(parent, name).is_err()
            {
                let _ = self.add(parent, name, Kind::File(Body::Given(body.into())));
            }
        }
        self.given = self.nodes.len();
    }

    fn folder_path(&mut self, from: Node, path: &str) -> Result<Node, Fault> {
        path.split('/')
            .filter(|part| !part.is_empty())
            .try_fold(from, |at, part| match self.entry(at, part) {
                Ok(node) if self.is_folder(node) => Ok(node),
                Ok(_) => Err(Fault::NotFolder),
                Err(_) => self.make_folder(at, part),
            })
    }

    pub(super) fn entry(&self, folder: Node, name: &str) -> Result<Node, Fault> {
        match &self.nodes[folder] {
            Kind::Folder { parent, .. } if name == ".." => Ok(*parent),
            Kind::Folder { .. } if name == "." => Ok(folder),
            Kind::Folder { entries, .. } => entries.get(name).copied().ok_or(Fault::NoEntry),
            Kind::File(_) => Err(Fault::NotFolder),
        }
    }

    fn add(&mut self, folder: Node, name: &str, kind: Kind) -> Result<Node, Fault> {
        if name.is_empty() || name.len() > MAX_NAME {
            return Err(Fault::NameTooLong);
        }
        if self.nodes.len() >= self.given + MAX_NODES {
            return Err(Fault::Full);
        }
        let node = self.nodes.len();
        match &mut self.nodes[folder] {
            Kind::Folder { entries, .. } => entries.insert(name.to_owned(), node),
            Kind::File(_) => return Err(Fault::NotFolder),
        };
        self.nodes.push(kind);
        self.links.push(1);
        Ok(node)
    }

    pub(super) fn split(&self, base: Node, path: &str) -> Result<(Node, String), Fault> {
        let path = path.trim_end_matches('/');
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name.is_empty() || name == "." || name == ".." {
            return Err(Fault::Invalid);
        }
        let parent = self.find(base, parent)?;
        if self.is_folder(parent) {
            Ok((parent, name.to_owned()))
        } else {
            Err(Fault::NotFolder)
        }
    }

    /// The node at a path relative to a folder. `..` of the root is the root.
    pub fn find(&self, base: Node, path: &str) -> Result<Node, Fault> {
        if path.contains('\0') || path.starts_with('/') {
            return Err(Fault::NotPermitted);
        }
        let node = path
            .split('/')
            .filter(|p| !p.is_empty())
            .try_fold(base, |at, part| self.entry(at, part))?;
        if path.ends_with('/') && !self.is_folder(node) {
            Err(Fault::NotFolder)
        } else {
            Ok(node)
        }
    }

    /// Whether it is a folder.
    pub fn is_folder(&self, node: Node) -> bool {
        matches!(self.nodes[node], Kind::Folder { .. })
    }

    /// Bytes of a file, 0 of a folder.
    pub fn size(&self, node: Node) -> u64 {
        self.bytes(node).map_or(0, |bytes| bytes.len() as u64)
    }

    /// How many names it has.
    pub fn links(&self, node: Node) -> u64 {
        u64::from(self.links[node])
    }

    /// A file's bytes.
    pub fn bytes(&self, node: Node) -> Result<&[u8], Fault> {
        match &self.nodes[node] {
            Kind::File(Body::Given(bytes)) => Ok(bytes),
            Kind::File(Body::Own(bytes)) => Ok(bytes),
            Kind::Folder { .. } => Err(Fault::IsFolder),
        }
    }

    /// The names in a folder, in order, with their nodes.
    pub fn entries(&self, node: Node) -> Result<Vec<(String, Node)>, Fault> {
        match &self.nodes[node] {
            Kind::Folder { entries, .. } => Ok(entries.iter().map(|(name, node)| (name.clone(), *node)).collect()),
            Kind::File(_) => Err(Fault::NotFolder),
        }
    }

    /// Makes an empty file, or finds the one that is there; with `exclusive` that is a fault.
    pub fn make_file(&mut self, base: Node, path: &str, exclusive: bool) -> Result<Node, Fault> {
        match self.find(base, path) {
            Ok(_) if exclusive => Err(Fault::Exists),
            Ok(node) => Ok(node),
            Err(Fault::NoEntry) => {
                let (parent, name) = self.split(base, path)?;
                self.add(parent, &name, Kind::File(Body::Own(Vec::new())))
            }
            Err(fault) => Err(fault),
        }
    }

    /// Makes an empty folder.
    pub fn make_folder(&mut self, base: Node, path: &str) -> Result<Node, Fault> {
        if self.find(base, path).is_ok() {
            return Err(Fault::Exists);
        }
        let (parent, name) = self.split(base, path)?;
        self.add(
            parent,
            &name,
            Kind::Folder {
                entries: BTreeMap::new(),
                parent,
            },
        )
    }

    /// Cuts or lengthens (with zeros) a file.
    pub fn set_size(&mut self, node: Node, size: u64) -> Result<(), Fault> {
        let size = usize::try_from(size)
            .ok()
            .filter(|size| *size <= MAX_WRITTEN)
            .ok_or(Fault::Full)?;
        let Kind::File(body) = &mut self.nodes[node] else {
            return Err(Fault::IsFolder);
        };
        let own = match body {
            Body::Own(own) => own,
            Body::Given(given) => {
                let copy = given.to_vec();
                *body = Body::Own(copy);
                return self.set_size(node, size as u64);
            }
        };
        if size > own.len() {
            let growth = size - own.len();
            if self.written + growth > MAX_WRITTEN {
                return Err(Fault::Full);
            }
            self.written += growth;
        }
        own.resize(size, 0);
        Ok(())
    }

    /// Writes bytes at a place; a gap before it is filled with zeros.
    pub fn write(&mut self, node: Node, offset: u64, bytes: &[u8]) -> Result<(), Fault> {
        let end = offset.checked_add(bytes.len() as u64).ok_or(Fault::Full)?;
        self.set_size(node, self.size(node).max(end))?;
        let start = usize::try_from(offset).map_err(|_| Fault::Full)?;
        match &mut self.nodes[node] {
            Kind::File(Body::Own(own)) => own[start..start + bytes.len()].copy_from_slice(bytes),
            _ => return Err(Fault::IsFolder),
        }
        Ok(())
    }
}
