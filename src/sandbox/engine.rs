//! The engine's configuration: what is metered, how memory is laid out, how much is kept warm.

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Why a sandbox could not do its work. Never the program's fault.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The engine could not be made or a runtime could not be loaded.
    #[error("sandbox: {0}")]
    Engine(String),
    /// A file of a runtime cannot be read or written.
    #[error("runtime file {path}: {source}")]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A grader asked for what the contract does not allow. Never the learner's fault.
    #[error("grader: {0}")]
    Contract(String),
    /// No instance of an uploaded grader can be made.
    #[error("grader: {0}")]
    Grader(String),
    /// All slots are taken, or the pool is closed.
    #[error("no sandbox slot: {0}")]
    Slot(String),
}

impl From<wasmtime::Error> for SandboxError {
    fn from(error: wasmtime::Error) -> Self {
        Self::Engine(format!("{error:#}"))
    }
}

/// Sizes that shape the engine.
#[derive(Clone, Copy, Debug)]
pub struct EngineOptions {
    /// Instances that may live at once.
    pub instances: u32,
    /// Largest memory of one instance, in bytes.
    pub max_memory_bytes: usize,
}

/// Bytes of wasm call stack. Deep recursion inside C code (`repr` of nested lists, `json`) uses it; pure Python does not.
const WASM_STACK_BYTES: usize = 16 << 20;

/// Bytes of each memory that stay resident between runs: reset by copying the dirty pages back from the image, which
/// is cheaper than faulting them in again.
const KEEP_RESIDENT_BYTES: usize = 16 << 20;

/// An engine that meters by fuel alone. Measured: with inlining it costs no more than epochs, and both would be paid twice.
pub fn engine(options: EngineOptions) -> Result<Engine, SandboxError> {
    let mut config = Config::new();
    config.consume_fuel(true);
    config.memory_init_cow(true);
    config.compiler_inlining(wasmtime::Inlining::Yes);
    config.max_wasm_stack(WASM_STACK_BYTES);
    config.async_stack_size(WASM_STACK_BYTES + (1 << 20));
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(options.instances)
        .total_core_instances(options.instances * 40)
        .total_memories(options.instances)
        .total_tables(options.instances * 40)
        .total_stacks(options.instances)
        .max_core_instances_per_component(40)
        .max_memories_per_component(1)
        .max_tables_per_component(40)
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .table_elements(60_000)
        .max_memory_size(options.max_memory_bytes)
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .table_keep_resident(1 << 20)
        .pagemap_scan(Enabled::Auto);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Ok(Engine::new(&config)?)
}
