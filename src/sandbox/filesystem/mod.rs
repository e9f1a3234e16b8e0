//! The files that a program sees: a tree in memory behind `wasi:filesystem`, made from a run's files and gone with it.
//!
//! No host file is ever opened here. Times are the run's beginning, order is by name: nothing varies between runs.

mod bindings;
mod descriptors;
mod fault;
mod moves;
mod streams;
mod tree;

pub use descriptors::link;
pub use streams::Files;
pub use tree::Tree;
