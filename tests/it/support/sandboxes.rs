//! The sandboxes of a test process: one engine, the built Python runtime.

use assay::sandbox::{Sandboxes, SandboxesOptions};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static SANDBOXES: LazyLock<Sandboxes> = LazyLock::new(|| {
    let options = SandboxesOptions {
        slots: 2,
        max_memory_bytes: 512 << 20,
        ..SandboxesOptions::in_folder(&runtime_dir())
    };
    Sandboxes::open(&options, &|line| eprintln!("{line}")).expect("the runtime is built: run make test")
});

/// Where `make test` puts the built runtimes.
pub fn runtime_dir() -> PathBuf {
    match std::env::var_os("ASSAY_RUNTIME_DIR").or_else(|| std::env::var_os("ASSAY_CACHE")) {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join(".assay"),
    }
}

/// Sandboxes that all tests share.
pub fn sandboxes() -> &'static Sandboxes {
    &SANDBOXES
}
