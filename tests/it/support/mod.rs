//! What the tests share.

pub mod files;
pub mod sandboxes;
