//! Changes of names in the tree: remove, link, rename.

use super::fault::Fault;
use super::tree::{Body, Kind, Node, ROOT, Tree};

impl Tree {
    /// Takes a file's name away.
    pub fn remove_file(&mut self, base: Node, path: &str) -> Result<(), Fault> {
        let node = self.find(base, path)?;
        if self.is_folder(node) {
            return Err(Fault::IsFolder);
        }
        let (parent, name) = self.split(base, path)?;
        self.detach(parent, &name);
        self.links[node] -= 1;
        if self.links[node] == 0
            && let Kind::File(Body::Own(own)) = &self.nodes[node]
        {
            self.written = self.written.saturating_sub(own.len());
        }
        Ok(())
    }

    /// Removes an empty folder.
    pub fn remove_folder(&mut self, base: Node, path: &str) -> Result<(), Fault> {
        let (parent, name) = self.split(base, path)?;
        let node = self.find(parent, &name)?;
        if !self.entries(node)?.is_empty() {
            return Err(Fault::NotEmpty);
        }
        self.detach(parent, &name);
        Ok(())
    }

    /// Gives a file a second name.
    pub fn link(&mut self, base: Node, path: &str, to_base: Node, to: &str) -> Result<(), Fault> {
        let node = self.find(base, path)?;
        if self.is_folder(node) {
            return Err(Fault::NotPermitted);
        }
        if self.find(to_base, to).is_ok() {
            return Err(Fault::Exists);
        }
        let (parent, name) = self.split(to_base, to)?;
        self.attach(parent, name, node);
        self.links[node] += 1;
        Ok(())
    }

    /// Moves a file or folder, in place of a file or an empty folder that stands there.
    pub fn rename(&mut self, base: Node, from: &str, to_base: Node, to: &str) -> Result<(), Fault> {
        let node = self.find(base, from)?;
        let (from_parent, from_name) = self.split(base, from)?;
        let (to_parent, to_name) = self.split(to_base, to)?;
        let mut above = to_parent;
        while above != ROOT {
            if above == node {
                return Err(Fault::Invalid);
            }
            above = self.entry(above, "..")?;
        }
        match self.find(to_parent, &to_name) {
            Ok(there) if there == node => return Ok(()),
            Ok(there) => match (self.is_folder(node), self.is_folder(there)) {
                (true, false) => return Err(Fault::NotFolder),
                (false, true) => return Err(Fault::IsFolder),
                (true, true) => self.remove_folder(to_parent, &to_name)?,
                (false, false) => self.remove_file(to_parent, &to_name)?,
            },
            Err(Fault::NoEntry) => {}
            Err(fault) => return Err(fault),
        }
        self.detach(from_parent, &from_name);
        self.attach(to_parent, to_name, node);
        if let Kind::Folder { parent, .. } = &mut self.nodes[node] {
            *parent = to_parent;
        }
        Ok(())
    }

    fn detach(&mut self, folder: Node, name: &str) {
        if let Kind::Folder { entries, .. } = &mut self.nodes[folder] {
            entries.remove(name);
        }
    }

    fn attach(&mut self, folder: Node, name: String, node: Node) {
        if let Kind::Folder { entries, .. } = &mut self.nodes[folder] {
            entries.insert(name, node);
        }
    }
}
