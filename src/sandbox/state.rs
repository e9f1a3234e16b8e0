//! What a store holds, what it may import, and how it begins: empty, metered, with nothing of the host.

use super::clock;
use super::engine::SandboxError;
use super::exchange;
use super::filesystem::{self, Files, Tree};
use super::limits::{Memory, Meter};
use super::observer::{self, Listener};
use super::output::{Input, Output};
use super::rendezvous::{Mailbox, Meeting};
use rand_chacha::rand_core::SeedableRng as _;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What a store holds.
pub struct State {
    pub(super) wasi: WasiCtx,
    pub(super) table: ResourceTable,
    pub(super) files: Files,
    pub(super) meter: Meter,
    pub(super) slept: clock::Slept,
    pub(super) memory: Memory,
    pub(super) output: Output,
    /// A grader's side of the rendezvous.
    pub(super) meeting: Option<Box<Meeting>>,
    /// A learner's side of it.
    pub(super) mailbox: Option<Mailbox>,
    pub(super) observer: Option<Box<dyn Listener>>,
}

impl State {
    /// What was printed so far no longer counts.
    pub(super) fn free_output(&self) {
        self.output.free();
    }

    /// Largest linear memory so far, in bytes.
    pub(super) fn peak_memory_bytes(&self) -> u64 {
        self.memory.peak as u64
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl wasmtime_wasi_io::IoView for State {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

/// Instructions that making an instance may take; it runs no code of the job.
const INSTANTIATION: u64 = 1 << 30;

/// Instructions between two looks at the real clock: about a millisecond.
const YIELD_EVERY: u64 = 10_000_000;

/// Bytes that one call of the host may hand over: more than the largest message.
const MOST_HANDED_OVER: usize = 40 << 20;

/// Everything that a runtime may import.
pub fn linker(engine: &Engine) -> Result<Linker<State>, SandboxError> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    linker.allow_shadowing(true);
    filesystem::link(&mut linker)?;
    clock::link(&mut linker)?;
    exchange::link_learner(&mut linker)?;
    exchange::link_peer(&mut linker)?;
    observer::link(&mut linker)?;
    Ok(linker)
}

/// All that a grader may import: the contract, nothing else.
pub fn grader_linker(engine: &Engine) -> Result<Linker<State>, SandboxError> {
    let mut linker = Linker::new(engine);
    exchange::link_learner(&mut linker)?;
    observer::link(&mut linker)?;
    Ok(linker)
}

/// An empty store for one run.
pub fn store(engine: &Engine, memory_bytes: usize) -> Result<Store<State>, SandboxError> {
    let output = Output::new(0);
    let state = State {
        wasi: wasi(bytes::Bytes::new(), &output),
        table: ResourceTable::new(),
        files: Files::new(Tree::new()),
        meter: Meter::default(),
        slept: clock::Slept::default(),
        memory: Memory::new(memory_bytes),
        output,
        meeting: None,
        mailbox: None,
        observer: None,
    };
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(MOST_HANDED_OVER);
    store.set_fuel(INSTANTIATION)?;
    store.fuel_async_yield_interval(Some(YIELD_EVERY))?;
    Ok(store)
}

/// Standard streams, seeded randomness, and nothing of the host.
pub fn wasi(stdin: bytes::Bytes, output: &Output) -> WasiCtx {
    let random = || rand_chacha::ChaCha8Rng::seed_from_u64(0x00A5_5A17);
    WasiCtx::builder()
        .stdin(Input::new(stdin))
        .stdout(output.clone())
        .stderr(output.errors())
        .secure_random(random())
        .insecure_random(random())
        .insecure_random_seed(0x00A5_5A17)
        .max_random_size(1 << 20)
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .env("PWD", "/work")
        .env("HOME", "/tmp")
        .env("TMPDIR", "/tmp")
        .build()
}
