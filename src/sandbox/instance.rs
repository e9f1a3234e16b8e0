//! One run: a fresh store, an instance, a job, and how it ended.

use super::clock;
use super::engine::SandboxError;
use super::filesystem::{self, Files, Tree};
use super::limits::{self, Budget, Memory, Meter};
use super::output::{Input, Output, OutputLimit};
use super::runtime::Runtime;
use bytes::Bytes;
use rand_chacha::rand_core::SeedableRng as _;
use std::time::{Duration, Instant};
use wasmtime::component::{InstancePre, Linker, ResourceTable, TypedFunc};
use wasmtime::{Engine, Store, StoreContextMut, Trap};
use wasmtime_wasi::{I32Exit, WasiCtx, WasiCtxView, WasiView};

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

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The job's function returned this.
    Returned(String),
    /// The granted instructions ran out.
    OutOfBudget,
    /// It took far longer than its instructions should.
    Backstop,
    /// It needed more memory than it may have, and could not go on.
    OutOfMemory,
    /// It printed more than it may.
    OutputLimit,
    /// Calls nested too deep for the sandbox's stack.
    StackOverflow,
    /// It ended its own process with this code.
    Exit(i32),
    /// It told of something that the observer refused.
    BadEvent(String),
    /// Anything else that stopped it, as an `unreachable` instruction.
    Trap(String),
}

/// How a run ended, and what it used.
pub struct Outcome<O> {
    /// How it ended.
    pub ending: Ending,
    /// Instructions used.
    pub instructions: u64,
    /// Largest linear memory in bytes.
    pub peak_memory_bytes: u64,
    /// Whether growth of the memory was refused at some time.
    pub memory_refused: bool,
    /// What was printed since the observer last took it.
    pub output: String,
    /// Time it took.
    pub wall: Duration,
    /// The part of it until the instance was there and the job could begin.
    pub instantiate: Duration,
    /// The observer, with what it heard.
    pub observer: O,
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

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(String);

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

/// What is left of a run: dropping it resets its memory.
pub struct Remains(#[expect(dead_code, reason = "it is there to be dropped")] Store<State>);

/// Runs a job in a fresh instance of a runtime.
///
/// # Errors
/// Only where the sandbox itself failed; whatever the program does is an [`Ending`].
pub async fn run<O: Observer>(runtime: &Runtime, run: Run, observer: O) -> Result<(Outcome<O>, Remains), SandboxError> {
    let began = Instant::now();
    let output = Output::new(run.budget.output_bytes);
    let random = || rand_chacha::ChaCha8Rng::seed_from_u64(0x00A5_5A17);
    let wasi = WasiCtx::builder()
        .stdin(Input::new(run.stdin))
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
        .build();
    let state = State {
        wasi,
        table: ResourceTable::new(),
        files: Files::new(run.tree),
        meter: Meter::default(),
        slept: clock::Slept::default(),
        memory: Memory::new(run.budget.memory_bytes),
        output: output.clone(),
        observer: Some(Box::new(observer)),
    };
    let mut store = Store::new(runtime.engine(), state);
    store.limiter(|state| &mut state.memory);
    limits::grant(
        &mut wasmtime::AsContextMut::as_context_mut(&mut store),
        |state| &mut state.meter,
        run.budget.instructions,
    )?;
    store.fuel_async_yield_interval(Some(YIELD_EVERY))?;
    let mut instantiated = began;
    let calling = call(&mut store, runtime.instance(), &run.job, &mut instantiated);
    let called = tokio::time::timeout(run.budget.backstop, calling).await;
    let ending = match called {
        Ok(Ok(answer)) => Ending::Returned(answer),
        Ok(Err(error)) => ending(&error, store.data().memory.refused)?,
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
        instantiate: instantiated - began,
        observer,
    };
    Ok((outcome, Remains(store)))
}

async fn call(
    store: &mut Store<State>,
    pre: &InstancePre<State>,
    job: &str,
    instantiated: &mut Instant,
) -> wasmtime::Result<String> {
    let instance = pre.instantiate_async(&mut *store).await?;
    *instantiated = Instant::now();
    let run: TypedFunc<(&str,), (String,)> = instance.get_typed_func(&mut *store, "run")?;
    let (answer,) = run.call_async(&mut *store, (job,)).await?;
    Ok(answer)
}

fn ending(error: &wasmtime::Error, memory_refused: bool) -> Result<Ending, SandboxError> {
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return Ok(Ending::Exit(exit.0));
    }
    if error.downcast_ref::<OutputLimit>().is_some() {
        return Ok(Ending::OutputLimit);
    }
    if let Some(refused) = error.downcast_ref::<Refused>() {
        return Ok(Ending::BadEvent(refused.0.clone()));
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Ok(Ending::OutOfBudget),
        Some(_) if memory_refused => Ok(Ending::OutOfMemory),
        Some(Trap::StackOverflow) => Ok(Ending::StackOverflow),
        Some(trap) => Ok(Ending::Trap(trap.to_string())),
        None if error.downcast_ref::<wasmtime::PoolConcurrencyLimitError>().is_some() => {
            Err(SandboxError::Slot(format!("{error:#}")))
        }
        // An error of a host function is the program's doing too (a resource it does not own, bytes that are no text).
        None => Ok(Ending::Trap(format!("{error:#}"))),
    }
}
