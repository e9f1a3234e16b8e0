//! The slots: how many programs run at once, each on a thread of its own.

use super::ending::Outcome;
use super::engine::{self, EngineOptions, SandboxError};
use super::instance::{self, Call, Fresh, Remains, Run};
use super::module::{Module, Unfit};
use super::observer::Observer;
use super::runtime::{Runtime, RuntimeInfo};
use super::warm::Warm;
use deadpool::managed::{Manager, Metrics, Pool, RecycleResult};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::oneshot;

/// How the sandboxes of a process are set up.
#[derive(Clone, Debug)]
pub struct SandboxesOptions {
    /// Programs that may run at once.
    pub slots: usize,
    /// Largest memory of one program, in bytes.
    pub max_memory_bytes: usize,
    /// The Python runtime's component.
    pub component: PathBuf,
    /// Where compiled runtimes and graders are kept.
    pub compiled: PathBuf,
    /// The program that compiles uploaded graders ([`super::compiler`]); without it this process does.
    pub compiler: Option<PathBuf>,
}

impl SandboxesOptions {
    /// The Python runtime as the set-up puts it into a folder: `python.wasm`, and `compiled/` for what this machine
    /// makes of it.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        let limit = crate::domain::limits::LimitCaps::default().memory_mb as usize;
        Self {
            slots: 1,
            max_memory_bytes: limit << 20,
            component: folder.join("python.wasm"),
            compiled: folder.join("compiled"),
            compiler: None,
        }
    }
}

/// A slot: a small executor for one run at a time, so that a program's fibers stay on one thread, and the instance for
/// the next run, made while nobody waits for it.
struct Slot {
    executor: Option<tokio::runtime::Runtime>,
    fresh: Option<Fresh>,
    /// For the learner's program, where the tests have a sandbox of their own.
    second: Option<Fresh>,
}

impl Slot {
    fn run<O: Observer>(&mut self, runtime: &Runtime, run: Run, observer: O) -> Result<Ended<O>, SandboxError> {
        let closed = || SandboxError::Slot("the slot is closed".into());
        let executor = self.executor.as_ref().ok_or_else(closed)?;
        executor.block_on(async {
            if let Call::Grade {
                module: Some(module), ..
            } = &run.call
            {
                // The instance at hand is for the learner's program.
                let grader = instance::fresh_grader(module, run.budget.memory_bytes).await?;
                return instance::run(grader, &mut self.second, runtime, run, observer).await;
            }
            let fresh = match self.fresh.take() {
                Some(fresh) => fresh,
                None => instance::fresh(runtime).await?,
            };
            instance::run(fresh, &mut self.second, runtime, run, observer).await
        })
    }

    /// Makes the instance for the next run; where that fails, the next run tries again and tells.
    fn refill(&mut self, runtime: &Runtime) {
        if let Some(executor) = &self.executor {
            if self.fresh.is_none() {
                self.fresh = executor.block_on(instance::fresh(runtime)).ok();
            }
            if self.second.is_none() {
                self.second = executor.block_on(instance::fresh(runtime)).ok();
            }
        }
    }
}

type Ended<O> = (Outcome<O>, Remains);

impl Drop for Slot {
    fn drop(&mut self) {
        // A plain drop of an executor panics where the pool itself is dropped on an executor's thread.
        if let Some(executor) = self.executor.take() {
            executor.shutdown_background();
        }
    }
}

struct Slots;

impl Manager for Slots {
    type Type = Slot;
    type Error = std::io::Error;

    async fn create(&self) -> Result<Slot, std::io::Error> {
        let executor = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        Ok(Slot {
            executor: Some(executor),
            fresh: None,
            second: None,
        })
    }

    async fn recycle(&self, _: &mut Slot, _: &Metrics) -> RecycleResult<std::io::Error> {
        Ok(())
    }
}

/// The sandboxes of a process: the runtimes and the slots to run them in.
#[derive(Clone)]
pub struct Sandboxes {
    slots: Pool<Slots>,
    python: Runtime,
    warm: Arc<Warm>,
    modules: Arc<Modules>,
}

/// How uploaded graders become code.
struct Modules {
    options: EngineOptions,
    compiled: PathBuf,
    compiler: Option<PathBuf>,
}

impl Sandboxes {
    /// Makes the engine and loads the runtime. Takes seconds the first time on a machine; call it on a thread that may block.
    ///
    /// # Errors
    /// Where the engine or the runtime cannot be made.
    pub fn open(options: &SandboxesOptions, progress: &dyn Fn(&str)) -> Result<Self, SandboxError> {
        let instances = u32::try_from(options.slots).unwrap_or(256) * 3 + 2;
        let engine_options = EngineOptions {
            instances,
            max_memory_bytes: options.max_memory_bytes,
        };
        let engine = engine::engine(engine_options)?;
        let python = Runtime::load(&engine, &options.component, &options.compiled, progress)?;
        let slots = Pool::builder(Slots)
            .max_size(options.slots)
            .build()
            .map_err(|error| SandboxError::Slot(error.to_string()))?;
        let warm = Arc::new(Warm::new());
        Ok(Self {
            slots,
            python,
            warm,
            modules: Arc::new(Modules {
                options: engine_options,
                compiled: options.compiled.clone(),
                compiler: options.compiler.clone(),
            }),
        })
    }

    /// The runtimes that exercises may name.
    #[must_use]
    pub fn runtimes(&self) -> Vec<RuntimeInfo> {
        vec![self.python.info().clone()]
    }

    /// The Python runtime.
    #[must_use]
    pub fn python(&self) -> &RuntimeInfo {
        self.python.info()
    }

    /// Checks and compiles an uploaded grader. What was compiled before is taken from its folder.
    ///
    /// # Errors
    /// Says why it cannot be a grader.
    pub async fn module(&self, wasm: &[u8]) -> Result<Module, Unfit> {
        let Modules {
            options,
            compiled,
            compiler,
        } = &*self.modules;
        Module::load(self.python.engine(), *options, compiler.as_deref(), wasm, compiled).await
    }

    /// Waits for a slot and runs a job in a fresh instance.
    ///
    /// # Errors
    /// Only where the sandbox itself failed.
    pub async fn run<O: Observer>(&self, run: Run, observer: O) -> Result<Outcome<O>, SandboxError> {
        let mut slot = self
            .slots
            .get()
            .await
            .map_err(|error| SandboxError::Slot(error.to_string()))?;
        let (runtime, warm) = (self.python.clone(), self.warm.clone());
        let (hand_on, outcome) = oneshot::channel();
        tokio::task::spawn_blocking(move || {
            let had_second = slot.second.is_some();
            let (outcome, remains) = match slot.run(&runtime, run, observer) {
                Ok((outcome, remains)) => (Ok(outcome), Some(remains)),
                Err(error) => (Err(error), None),
            };
            let used_second = had_second && slot.second.is_none();
            // Whoever waits goes on while the slot is made ready for the next. Nobody waiting is no failure.
            let _ = hand_on.send(outcome);
            if let Some(remains) = remains {
                warm.before_reset();
                drop(remains);
                warm.after_reset(if used_second { 2 } else { 1 });
                slot.refill(&runtime);
            }
        });
        outcome
            .await
            .unwrap_or_else(|_| Err(SandboxError::Engine("a run ended in a panic".into())))
    }
}
