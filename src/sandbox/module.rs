//! Uploaded graders: components that came from outside, checked before anything of them is compiled.

use super::compiler;
use super::engine::{EngineOptions, SandboxError};
use super::runtime;
use super::state::{State, grader_linker};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use wasmparser::{ComponentTypeRef, Encoding, Parser, Payload};
use wasmtime::Engine;
use wasmtime::component::InstancePre;

/// Largest component in bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// Largest function in bytes of its body: compiling takes more than linear time in it.
const MAX_FUNCTION_BYTES: usize = 128 << 10;
/// Most functions of all core modules in a component.
const MAX_FUNCTIONS: usize = 40_000;
/// Most core modules and components inside a component.
const MAX_PARTS: usize = 30;
/// What a grader may import: the world `grader` of the contract.
const IMPORTS: [&str; 3] = [
    "assay:grader/types@1.0.0",
    "assay:grader/learner@1.0.0",
    "assay:grader/progress@1.0.0",
];

/// Why a component cannot be a grader.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// What is wrong with it, each in a sentence for its author.
    #[error("{}", .0.join("; "))]
    Reasons(Vec<String>),
    /// Our fault.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

impl Unfit {
    fn because(reason: impl Into<String>) -> Self {
        Self::Reasons(vec![reason.into()])
    }
}

/// A grader's component, ready to be instantiated.
#[derive(Clone)]
pub struct Module {
    engine: Engine,
    instance: InstancePre<State>,
}

impl Module {
    /// Checks a component and compiles it, with this program where there is one, else in this process; what was compiled is
    /// kept in a folder by its digest.
    pub(super) async fn load(
        engine: &Engine,
        options: EngineOptions,
        compiler: Option<&Path>,
        wasm: &[u8],
        folder: &Path,
    ) -> Result<Self, Unfit> {
        inspect(wasm).map_err(Unfit::Reasons)?;
        let digest = hex::encode(Sha256::digest(wasm));
        let target = runtime::place(engine, &digest, folder);
        if !target.exists() {
            let made = match compiler {
                Some(program) => compiler::compile(program, options, wasm).await?,
                None => engine.precompile_component(wasm).map_err(|error| format!("{error:#}")),
            };
            let code = made.map_err(|reason| Unfit::because(format!("it cannot be compiled: {reason}")))?;
            runtime::keep(&target, &code)?;
        }
        let component = runtime::map(engine, &target)?;
        let instance = grader_linker(engine)?
            .instantiate_pre(&component)
            .map_err(|error| Unfit::because(format!("it does not fit the contract's world `grader`: {error:#}")))?;
        Ok(Self {
            engine: engine.clone(),
            instance,
        })
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn instance(&self) -> &InstancePre<State> {
        &self.instance
    }
}

/// Looks at a component without compiling it: its size, what it imports, how large its parts are.
fn inspect(wasm: &[u8]) -> Result<(), Vec<String>> {
    if wasm.len() > MAX_BYTES {
        return Err(vec![format!(
            "it has {} bytes; a grader may have {MAX_BYTES}",
            wasm.len()
        )]);
    }
    if !wasm.starts_with(b"\0asm") {
        return Err(vec![
            "it is not WebAssembly: it does not begin with the bytes \\0asm".to_owned(),
        ]);
    }
    let (mut depth, mut functions, mut parts) = (0_usize, 0, 0);
    let mut foreign = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(|error| vec![format!("it is not valid WebAssembly: {error}")])? {
            Payload::Version { encoding, .. } => {
                if depth == 0 && encoding == Encoding::Module {
                    return Err(vec![
                        "it is a core module, not a component; `assay grader push` makes one of what wit-bindgen built"
                            .to_owned(),
                    ]);
                }
                depth += 1;
                parts += 1;
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    let import = import.map_err(|error| vec![format!("it is not valid WebAssembly: {error}")])?;
                    let name = import.name.name;
                    // The name of a type gives nothing.
                    if matches!(import.ty, ComponentTypeRef::Type(_)) {
                        continue;
                    }
                    if !IMPORTS.contains(&name) {
                        foreign.push(format!(
                            "it imports {name:?}; a grader may import {}",
                            IMPORTS.join(", ")
                        ));
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                functions += 1;
                let bytes = body.range().len();
                if bytes > MAX_FUNCTION_BYTES {
                    return Err(vec![format!(
                        "one of its functions has {bytes} bytes; {MAX_FUNCTION_BYTES} are compiled"
                    )]);
                }
            }
            _ => {}
        }
        if functions > MAX_FUNCTIONS || parts > MAX_PARTS {
            return Err(vec![format!(
                "it has more than {MAX_FUNCTIONS} functions, or {MAX_PARTS} core modules and components"
            )]);
        }
    }
    if foreign.is_empty() { Ok(()) } else { Err(foreign) }
}
