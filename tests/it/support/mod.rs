//! What several tests need to set a scene.

pub mod database;
pub mod files;
pub mod sandboxes;
