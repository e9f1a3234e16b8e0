//! Runtimes: components compiled once per machine, kept by digest, memory-mapped.

use super::engine::SandboxError;
use super::state::{State, linker};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::{Component, InstancePre};

/// What is known of a runtime.
#[derive(Clone, Debug, Serialize)]
pub struct RuntimeInfo {
    /// The name exercises use.
    pub name: String,
    /// The language's version and the beginning of the digest.
    pub version: String,
    /// What it runs.
    pub language: String,
    /// SHA-256 of the component, in hexadecimal.
    pub digest: String,
    /// Instructions that stand for one millisecond of an exercise's budget.
    pub instructions_per_ms: u64,
}

impl RuntimeInfo {
    /// What reports say: `name@version`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

/// A runtime, ready to be instantiated.
#[derive(Clone)]
pub struct Runtime {
    engine: Engine,
    instance: InstancePre<State>,
    info: RuntimeInfo,
}

impl Runtime {
    /// Loads a component. The first time on a machine it is compiled, which takes seconds; `progress` hears of it.
    ///
    /// # Errors
    /// Where a file cannot be read or written, or the component is none, or imports what no sandbox gives.
    pub fn load(
        engine: &Engine,
        component: &Path,
        compiled: &Path,
        progress: &dyn Fn(&str),
    ) -> Result<Self, SandboxError> {
        let wasm = std::fs::read(component).map_err(|source| SandboxError::File {
            path: component.to_owned(),
            source,
        })?;
        let digest = hex::encode(Sha256::digest(&wasm));
        let target = place(engine, &digest, compiled);
        if !target.exists() {
            progress("compiling the Python runtime for this machine (once, about 20 seconds)");
            keep(&target, &engine.precompile_component(&wasm)?)?;
        }
        drop(wasm);
        let compiled = map(engine, &target)?;
        let instance = linker(engine)?.instantiate_pre(&compiled)?;
        let info = RuntimeInfo {
            name: "python".into(),
            version: format!("3.14.0+{}", &digest[..12]),
            language: "Python 3.14".into(),
            digest,
            instructions_per_ms: crate::domain::limits::INSTRUCTIONS_PER_MS,
        };
        Ok(Self {
            engine: engine.clone(),
            instance,
            info,
        })
    }

    /// What is known of it.
    #[must_use]
    pub fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn instance(&self) -> &InstancePre<State> {
        &self.instance
    }
}

/// Where the native code of a component of this digest is kept.
pub fn place(engine: &Engine, digest: &str, folder: &Path) -> PathBuf {
    let mut hasher = std::hash::DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    folder.join(format!("{}-{:016x}.cwasm", &digest[..32], hasher.finish()))
}

/// Keeps native code; the file appears whole or not at all.
pub fn keep(target: &Path, code: &[u8]) -> Result<(), SandboxError> {
    let file = |path: &Path, source| SandboxError::File {
        path: path.to_owned(),
        source,
    };
    let folder = target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|e| file(folder, e))?;
    let part: PathBuf = target.with_extension(format!("{}.part", uuid::Uuid::new_v4().simple()));
    std::fs::write(&part, code).map_err(|e| file(&part, e))?;
    std::fs::rename(&part, target).map_err(|e| file(target, e))
}

#[expect(
    unsafe_code,
    reason = "the file holds what this server compiled itself; nothing uploaded is ever mapped"
)]
pub fn map(engine: &Engine, path: &Path) -> Result<Component, SandboxError> {
    // SAFETY: `keep` wrote the file, which holds what this engine's own compiler made, under a name made of the digest of the
    // component and of the engine's configuration, in a folder that only the server's user writes to.
    Ok(unsafe { Component::deserialize_file(engine, path)? })
}
