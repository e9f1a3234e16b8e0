//! One run: a fresh store, an instance, a job, and how it ended.

use super::clock;
use super::contract::GradeJob;
use super::ending::{Ending, Outcome};
use super::engine::SandboxError;
use super::filesystem::{Files, Tree};
use super::limits::{self, Budget};
use super::module::Module;
use super::observer::Observer;
use super::output::Output;
use super::rendezvous::{Finished, Mailbox, Meeting};
use super::runtime::Runtime;
use super::state::{State, store, wasi};
use bytes::Bytes;
use std::time::{Duration, Instant};
use wasmtime::Store;
use wasmtime::component::TypedFunc;

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
        /// The grader; without it the runtime grades, with what is in its files.
        module: Option<Module>,
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

/// A fresh instance that waits for its job.
pub struct Fresh {
    store: Store<State>,
    /// Of runtimes.
    run: Option<TypedFunc<(String,), (String,)>>,
    grade: TypedFunc<(GradeJob,), (Result<(), String>,)>,
    instantiate: Duration,
}

/// What is left of a run: dropping it resets its memory.
pub struct Remains(#[expect(dead_code, reason = "it is there to be dropped")] Store<State>);

/// Makes an instance of a runtime. Nothing of the job is needed for it, so it can be made before there is one.
///
/// # Errors
/// Where the sandbox failed.
pub async fn fresh(runtime: &Runtime) -> Result<Fresh, SandboxError> {
    let began = Instant::now();
    let mut store = store(runtime.engine(), usize::MAX)?;
    let instance = runtime.instance().instantiate_async(&mut store).await?;
    let run = Some(instance.get_typed_func(&mut store, "run")?);
    let grade = instance.get_typed_func(&mut store, "grade")?;
    let instantiate = began.elapsed();
    Ok(Fresh {
        store,
        run,
        grade,
        instantiate,
    })
}

/// Makes an instance of a grader. Code of its own may run meanwhile, within this memory.
///
/// # Errors
/// Where it cannot be made or does not export what a grader exports.
pub async fn fresh_grader(module: &Module, memory_bytes: usize) -> Result<Fresh, SandboxError> {
    let began = Instant::now();
    let mut store = store(module.engine(), memory_bytes)?;
    let made = module.instance().instantiate_async(&mut store).await;
    let unmade = |error: wasmtime::Error| SandboxError::Grader(format!("no instance can be made of it: {error:#}"));
    let instance = made.map_err(unmade)?;
    let grade = instance.get_typed_func(&mut store, "grade");
    let grade = grade.map_err(|error| SandboxError::Grader(format!("it does not export `grade`: {error:#}")))?;
    let instantiate = began.elapsed();
    Ok(Fresh {
        store,
        run: None,
        grade,
        instantiate,
    })
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
                let Some(run) = &self.run else {
                    return Err(SandboxError::Engine("a grader runs no programs".into()));
                };
                let calling = run.call_async(&mut self.store, (job,));
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
        talking: false,
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
        outcome.talking = meeting.running.is_some();
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
