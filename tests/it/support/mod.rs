//! What several tests need to set a scene.

pub mod app;
pub mod database;
pub mod files;
pub mod graders;
pub mod samples;
pub mod sandboxes;
pub mod server;
