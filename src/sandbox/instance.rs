//! One run: a fresh store, an instance, a job, and how it ended.

use super::clock;
use super::ending::{Ending, Outcome, Refused};
use super::engine::SandboxError;
use super::filesystem::{self, Files, Tree};
use super::limits::{self, Budget, Memory, Meter};
use super::output::{Input, Output};
use super::runtime::Runtime;
use bytes::Bytes;
use rand_chacha::rand_core::SeedableRng as _;
use std::time::{Duration, Instant};
use wasmtime::component::{Linker, ResourceTable, TypedFunc};
use wasmtime::{Engine, Store, StoreContextMut};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What a run is given.
pub struct Run {
    /// The job, in the runtime's own JSON (`graders/python/README.md`).
    pub job: String,
    /// The files that the program sees.
    pub tree: Tree,
    /// Standard input.
    pub stdin: Bytes,
    /// What it may use.
    pub budget: Budget,
}

/// Hears what a run tells while it runs.
pub trait Observer: Send + 'static {
    /// One event, as the runtime wrote it. A refusal ends the run as [`Ending::BadEvent`].
    ///
    /// # Errors
    /// Where the event is none that this observer knows.
    fn event(&mut self, event: &str, control: &mut dyn Control) -> Result<(), String>;
}

/// What an observer may do to the run it hears from.
pub trait Control {
    /// Instructions used since the run began.
    fn used(&mut self) -> u64;
    /// Grants instructions in place of what is left of the last grant.
    fn grant(&mut self, instructions: u64);
    /// What was printed since the last taking.
    fn take_output(&mut self) -> String;
}

/// What a store holds.
pub struct State {
    wasi: WasiCtx,
    pub(super) table: ResourceTable,
    pub(super) files: Files,
    pub(super) meter: Meter,
    pub(super) slept: clock::Slept,
    memory: Memory,
    output: Output,
    observer: Option<Box<dyn Listener>>,
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

/// An observer that can be taken back as what it was.
trait Listener: Observer {
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any>;
}

impl<O: Observer> Listener for O {
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
}

struct Controls<'a, 'b>(&'a mut StoreContextMut<'b, State>);

impl Control for Controls<'_, '_> {
    fn used(&mut self) -> u64 {
        let left = self.0.get_fuel().unwrap_or(0);
        self.0.data().meter.used(left)
    }

    fn grant(&mut self, instructions: u64) {
        // Fails only where fuel is not metered, which the engine always does.
        let _ = limits::grant(self.0, |state| &mut state.meter, instructions);
    }

    fn take_output(&mut self) -> String {
        self.0.data().output.take()
    }
}

/// Instructions that making an instance may take; it runs no code of the job.
const INSTANTIATION: u64 = 1 << 30;

/// Instructions between two looks at the real clock: about a millisecond.
const YIELD_EVERY: u64 = 10_000_000;

/// Everything that a runtime may import.
pub fn linker(engine: &Engine) -> Result<Linker<State>, SandboxError> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    linker.allow_shadowing(true);
    filesystem::link(&mut linker)?;
    clock::link(&mut linker)?;
    let mut host = linker.instance("assay:runtime/host@0.1.0")?;
    host.func_wrap("emit", |mut store: StoreContextMut<'_, State>, (event,): (String,)| {
        let Some(mut observer) = store.data_mut().observer.take() else {
            return Ok(());
        };
        let heard = observer.event(&event, &mut Controls(&mut store));
        store.data_mut().observer = Some(observer);
        heard.map_err(|reason| wasmtime::Error::from(Refused(reason)))
    })?;
    Ok(linker)
}

/// A fresh instance that waits for its job.
pub struct Fresh {
    store: Store<State>,
    run: Job,
    instantiate: Duration,
}

/// The function that runs a job.
type Job = TypedFunc<(String,), (String,)>;

/// What is left of a run: dropping it resets its memory.
pub struct Remains(#[expect(dead_code, reason = "it is there to be dropped")] Store<State>);

/// Makes an instance. Nothing of the job is needed for it, so it can be made before there is one.
///
/// # Errors
/// Where the sandbox failed.
pub async fn fresh(runtime: &Runtime) -> Result<Fresh, SandboxError> {
    let began = Instant::now();
    let output = Output::new(0);
    let state = State {
        wasi: wasi(bytes::Bytes::new(), &output),
        table: ResourceTable::new(),
        files: Files::new(Tree::new()),
        meter: Meter::default(),
        slept: clock::Slept::default(),
        memory: Memory::new(usize::MAX),
        output,
        observer: None,
    };
    let mut store = Store::new(runtime.engine(), state);
    store.limiter(|state| &mut state.memory);
    store.set_fuel(INSTANTIATION)?;
    store.fuel_async_yield_interval(Some(YIELD_EVERY))?;
    let instance = runtime.instance().instantiate_async(&mut store).await?;
    let run = instance.get_typed_func(&mut store, "run")?;
    let instantiate = began.elapsed();
    Ok(Fresh {
        store,
        run,
        instantiate,
    })
}

/// Standard streams, seeded randomness, and nothing of the host.
fn wasi(stdin: bytes::Bytes, output: &Output) -> WasiCtx {
    let random = || rand_chacha::ChaCha8Rng::seed_from_u64(0x00A5_5A17);
    WasiCtx::builder()
        .stdin(Input::new(stdin))
        .stdout(output.clone())
        .stderr(output.clone())
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

/// Runs a job in a fresh instance.
///
/// # Errors
/// Only where the sandbox itself failed; whatever the program does is an [`Ending`].
pub async fn run<O: Observer>(fresh: Fresh, run: Run, observer: O) -> Result<(Outcome<O>, Remains), SandboxError> {
    let began = Instant::now();
    let (mut store, function, instantiate) = (fresh.store, fresh.run, fresh.instantiate);
    let output = Output::new(run.budget.output_bytes);
    let state = store.data_mut();
    state.wasi = wasi(run.stdin, &output);
    state.files = Files::new(run.tree);
    state.output = output.clone();
    state.observer = Some(Box::new(observer));
    state.memory.limit(run.budget.memory_bytes);
    store.set_fuel(0)?;
    limits::grant(
        &mut wasmtime::AsContextMut::as_context_mut(&mut store),
        |state| &mut state.meter,
        run.budget.instructions,
    )?;
    let calling = function.call_async(&mut store, (run.job,));
    let called = tokio::time::timeout(run.budget.backstop, calling).await;
    let ending = match called {
        Ok(Ok((answer,))) => Ending::Returned(answer),
        Ok(Err(error)) => Ending::of(&error, store.data().memory.refused)?,
        Err(_) => Ending::Backstop,
    };
    let instructions = store.data().meter.used(store.get_fuel()?);
    let state = store.data_mut();
    let observer = state
        .observer
        .take()
        .and_then(|observer| observer.into_any().downcast().ok());
    let observer = *observer.ok_or_else(|| SandboxError::Engine("the observer was lost".into()))?;
    let outcome = Outcome {
        ending,
        instructions,
        peak_memory_bytes: state.memory.peak as u64,
        memory_refused: state.memory.refused,
        output: output.take(),
        wall: began.elapsed(),
        instantiate,
        observer,
    };
    Ok((outcome, Remains(store)))
}
