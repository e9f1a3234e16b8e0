//! One run: a fresh store, an instance, a job, and how it ended.

use super::clock;
use super::contract::GradeJob;
use super::ending::{Ending, Outcome};
use super::engine::SandboxError;
use super::exchange;
use super::filesystem::{self, Files, Tree};
use super::limits::{self, Budget, Memory, Meter};
use super::observer::{self, Listener, Observer};
use super::output::{Input, Output};
use super::rendezvous::{Finished, Mailbox, Meeting};
use super::runtime::Runtime;
use bytes::Bytes;
use rand_chacha::rand_core::SeedableRng as _;
use std::time::{Duration, Instant};
use wasmtime::component::{Linker, ResourceTable, TypedFunc};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What an instance is called for.
pub enum Call {
    /// A job of the runtime, in its own JSON (`graders/python/README.md`).
    Run(String),
    /// To grade a submission. `learner` is the budget of the programs that the grader may start, each in a sandbox of
    /// its own; without it there are none, and the submission is among the grader's own files.
    Grade {
        /// What to grade.
        job: GradeJob,
        /// What each program may use.
        learner: Option<Budget>,
    },
}

/// What a run is given.
pub struct Run {
    /// What it is for.
    pub call: Call,
    /// The files that the program sees.
    pub tree: Tree,
    /// Standard input.
    pub stdin: Bytes,
    /// What it may use.
    pub budget: Budget,
}

/// What a store holds.
pub struct State {
    wasi: WasiCtx,
    pub(super) table: ResourceTable,
    pub(super) files: Files,
    pub(super) meter: Meter,
    pub(super) slept: clock::Slept,
    memory: Memory,
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

/// Everything that a runtime may import.
pub fn linker(engine: &Engine) -> Result<Linker<State>, SandboxError> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    linker.allow_shadowing(true);
    filesystem::link(&mut linker)?;
    clock::link(&mut linker)?;
    exchange::link(&mut linker)?;
    observer::link(&mut linker)?;
    Ok(linker)
}

/// A fresh instance that waits for its job.
pub struct Fresh {
    store: Store<State>,
    run: TypedFunc<(String,), (String,)>,
    grade: TypedFunc<(GradeJob,), (Result<(), String>,)>,
    instantiate: Duration,
}

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
        meeting: None,
        mailbox: None,
        observer: None,
    };
    let mut store = Store::new(runtime.engine(), state);
    store.limiter(|state| &mut state.memory);
    store.set_fuel(INSTANTIATION)?;
    store.fuel_async_yield_interval(Some(YIELD_EVERY))?;
    let instance = runtime.instance().instantiate_async(&mut store).await?;
    let run = instance.get_typed_func(&mut store, "run")?;
    let grade = instance.get_typed_func(&mut store, "grade")?;
    let instantiate = began.elapsed();
    Ok(Fresh {
        store,
        run,
        grade,
        instantiate,
    })
}

/// Standard streams, seeded randomness, and nothing of the host.
fn wasi(stdin: bytes::Bytes, output: &Output) -> WasiCtx {
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

impl Fresh {
    /// Gives the instance its files, input and limits.
    fn prepare(
        &mut self,
        tree: Tree,
        stdin: bytes::Bytes,
        budget: Budget,
        output: &Output,
    ) -> Result<(), SandboxError> {
        let state = self.store.data_mut();
        state.wasi = wasi(stdin, output);
        state.files = Files::new(tree);
        state.output = output.clone();
        state.memory.limit(budget.memory_bytes);
        self.store.set_fuel(0)?;
        limits::grant(
            &mut wasmtime::AsContextMut::as_context_mut(&mut self.store),
            |state| &mut state.meter,
            budget.instructions,
        )?;
        Ok(())
    }

    /// Calls it, until it ends in whatever way.
    async fn call(&mut self, call: Call, backstop: Duration) -> Result<Ending, SandboxError> {
        let called = match call {
            Call::Run(job) => {
                let calling = self.run.call_async(&mut self.store, (job,));
                let called = tokio::time::timeout(backstop, calling).await;
                called.map(|called| called.map(|(answer,)| Ending::Returned(answer)))
            }
            Call::Grade { job, .. } => {
                let calling = self.grade.call_async(&mut self.store, (job,));
                let called = tokio::time::timeout(backstop, calling).await;
                called.map(|called| {
                    called.map(|(answer,)| answer.map_or_else(Ending::GaveUp, |()| Ending::Returned(String::new())))
                })
            }
        };
        match called {
            Ok(Ok(ending)) => Ok(ending),
            Ok(Err(error)) => Ending::of(&error, self.store.data().memory.refused),
            Err(_) => Ok(Ending::Backstop),
        }
    }
}

/// Runs a job in a fresh instance. `ready` is another for the first program that a grader starts; what was not needed of it
/// is handed back.
///
/// # Errors
/// Only where the sandbox itself failed; whatever the program does is an [`Ending`].
pub async fn run<O: Observer>(
    mut fresh: Fresh,
    ready: &mut Option<Fresh>,
    runtime: &Runtime,
    run: Run,
    observer: O,
) -> Result<(Outcome<O>, Remains), SandboxError> {
    let began = Instant::now();
    let output = Output::new(run.budget.output_bytes);
    fresh.prepare(run.tree, run.stdin, run.budget, &output)?;
    let state = fresh.store.data_mut();
    state.observer = Some(Box::new(observer));
    if let Call::Grade {
        learner: Some(budget), ..
    } = &run.call
    {
        state.meeting = Some(Box::new(Meeting::new(runtime.clone(), *budget, ready.take())));
    }
    let ending = fresh.call(run.call, run.budget.backstop).await?;
    let left = fresh.store.get_fuel()?;
    let state = fresh.store.data_mut();
    let observer = state
        .observer
        .take()
        .and_then(|observer| observer.into_any().downcast().ok());
    let observer = *observer.ok_or_else(|| SandboxError::Engine("the observer was lost".into()))?;
    let mut outcome = Outcome {
        ending,
        learner: None,
        instructions: state.meter.used(left),
        grader_instructions: 0,
        peak_memory_bytes: state.memory.peak as u64,
        output: output.take(),
        wall: began.elapsed(),
        instantiate: fresh.instantiate,
        observer,
    };
    if let Some(meeting) = &mut state.meeting {
        outcome.grader_instructions = std::mem::replace(&mut outcome.instructions, meeting.used());
        outcome.learner = meeting.ended.take();
        outcome.peak_memory_bytes = meeting.peak_so_far();
        *ready = meeting.take_ready();
    }
    Ok((outcome, Remains(fresh.store)))
}

/// Runs a program that meets its grader in the mailbox, until it ends.
///
/// # Errors
/// Only where the sandbox itself failed.
pub async fn run_learner(
    mut fresh: Fresh,
    job: String,
    tree: Tree,
    stdin: bytes::Bytes,
    budget: Budget,
    (mailbox, output, slept): (Mailbox, Output, clock::Slept),
) -> Result<Finished, SandboxError> {
    fresh.prepare(tree, stdin, budget, &output)?;
    let state = fresh.store.data_mut();
    state.mailbox = Some(mailbox);
    state.slept = slept;
    let ending = fresh.call(Call::Run(job), budget.backstop).await?;
    let left = fresh.store.get_fuel()?;
    let state = fresh.store.data();
    Ok(Finished {
        ending,
        instructions: state.meter.used(left),
        peak_memory_bytes: state.memory.peak as u64,
        remains: Remains(fresh.store),
    })
}
