//! The sandboxes of a test process: one engine, the built Python runtime.

use assay::domain::bundle::Bundle;
use assay::domain::verification::Verification;
use assay::grading::{self, Grader, Prepared, verify};
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

/// A grader that comes with the server, as its first version.
pub async fn built_in(name: &str) -> Grader {
    let found = grading::built_in().into_iter().find(|(known, _)| *known == name);
    let (_, package) = found.expect("a grader of this name");
    Grader::load(sandboxes(), &format!("{name}@1"), &package)
        .await
        .expect("it loads")
}

/// A bundle made ready for the grader that it names.
pub async fn prepared(bundle: Bundle) -> Prepared {
    let grader = built_in(&bundle.spec.grader).await;
    Prepared::new(sandboxes(), bundle, grader)
        .await
        .expect("the sandbox works")
}

/// What checking a bundle finds.
pub async fn verified(bundle: &Bundle) -> Verification {
    let grader = built_in(&bundle.spec.grader).await;
    verify(sandboxes(), bundle, &grader).await.expect("the sandbox works")
}
