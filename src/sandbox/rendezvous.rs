//! Where a grader and a learner's program meet: one message there, one message back, in turns.
//!
//! The program is a future that the grader's run owns. Whenever the grader hands it a message the future is driven until
//! the program hands one back or has ended. So only one of the two runs at any time, in an order that nothing outside can
//! change, and neither can wait for the other while the other waits: who waits is not driven. What each uses is counted in
//! its own store.

use super::clock::Slept;
use super::contract::{File, How, Program, ProgramEnded, Reply};
use super::ending::{Ending, Refused};
use super::engine::SandboxError;
use super::filesystem::Tree;
use super::instance::{self, Fresh, Remains, State};
use super::limits::{self, Budget};
use super::output::Output;
use super::runtime::Runtime;
use crate::domain::files::{FilePath, FileSet};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

/// Largest message that may cross, in bytes.
const MAX_MESSAGE: usize = 16 << 20;
/// Programs that one run of a grader may start: each costs a millisecond.
const MAX_PROGRAMS: u32 = 6000;

/// What lies between the two.
#[derive(Default)]
struct Mail {
    to_learner: Option<Vec<u8>>,
    from_learner: Option<Vec<u8>>,
    grant: Option<u64>,
    used: u64,
}

/// The place where messages lie; both sides hold it.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<Mail>>);

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The program's side: waits for the next message, with the budget that came along.
    async fn next(&self) -> (Vec<u8>, Option<u64>) {
        poll_fn(|_| {
            let mut mail = self.lock();
            // Nobody wakes this: the grader's side drives the program when there is a message.
            mail.to_learner
                .take()
                .map_or(Poll::Pending, |message| Poll::Ready((message, mail.grant.take())))
        })
        .await
    }
}

type Driven = Pin<Box<dyn Future<Output = Result<Finished, SandboxError>> + Send>>;

/// How a program ended, with all that is left of it.
pub struct Finished {
    pub(super) ending: Ending,
    pub(super) instructions: u64,
    pub(super) peak_memory_bytes: u64,
    pub(super) remains: Remains,
}

/// A program that was started.
struct Running {
    driven: Driven,
    mailbox: Mailbox,
    output: Output,
    slept: Slept,
    /// The grader's clock when the two last met, and how much of it was added to the program's, in nanoseconds.
    told: u64,
    added: u64,
    /// What of the program's own time was added to the grader's clock, in nanoseconds.
    heard: u64,
}

/// The grader's side of a run: what it may start, what runs, what was used.
pub struct Meeting {
    runtime: Runtime,
    budget: Budget,
    ready: Option<Fresh>,
    running: Option<Running>,
    started: u32,
    used_before: u64,
    grant: Option<u64>,
    /// Largest memory of any program, in bytes.
    pub peak_memory_bytes: u64,
    /// How the last program ended that ended early, until somebody asks.
    pub ended: Option<Ending>,
    last: Option<ProgramEnded>,
}

impl Meeting {
    /// Programs of this runtime, each within this budget; `ready` is an instance for the first.
    pub fn new(runtime: Runtime, budget: Budget, ready: Option<Fresh>) -> Self {
        Self {
            runtime,
            budget,
            ready,
            running: None,
            started: 0,
            used_before: 0,
            grant: None,
            peak_memory_bytes: 0,
            ended: None,
            last: None,
        }
    }

    /// Instructions that all programs have used so far.
    pub fn used(&self) -> u64 {
        let running = self.running.as_ref().map_or(0, |running| running.mailbox.lock().used);
        self.used_before + running
    }

    /// The budget from the next message on, in place of what is left.
    pub fn grant(&mut self, instructions: u64) {
        self.grant = Some(instructions);
    }

    /// The instance that was not needed.
    pub fn take_ready(&mut self) -> Option<Fresh> {
        self.ready.take()
    }

    async fn begin(&mut self, job: String, files: &[File], stdin: Vec<u8>) -> Result<Running, SandboxError> {
        self.stop();
        self.started += 1;
        if self.started > MAX_PROGRAMS {
            return Err(SandboxError::Contract(format!("at most {MAX_PROGRAMS} programs may be started")));
        }
        let fresh = match self.ready.take() {
            Some(fresh) => fresh,
            None => instance::fresh(&self.runtime).await?,
        };
        let mut given = Vec::with_capacity(files.len());
        for file in files {
            let path = FilePath::parse(&file.path)
                .map_err(|error| SandboxError::Contract(format!("start: file {:?}: {error}", file.path)))?;
            given.push((path, file.content.clone()));
        }
        let mut tree = Tree::new();
        tree.give("work", &given.into_iter().collect::<FileSet>());
        let mut budget = self.budget;
        budget.instructions = self.grant.take().unwrap_or(budget.instructions);
        let (mailbox, output, slept) = (Mailbox::default(), Output::new(budget.output_bytes), Slept::default());
        let driven = Box::pin(instance::run_learner(
            fresh,
            job,
            tree,
            bytes::Bytes::from(stdin),
            budget,
            (mailbox.clone(), output.clone(), slept.clone()),
        ));
        Ok(Running {
            driven,
            mailbox,
            output,
            slept,
            told: 0,
            added: 0,
            heard: 0,
        })
    }

    /// Drops the program that runs, if one does.
    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.used_before += running.mailbox.lock().used;
        }
    }

    fn finished(&mut self, finished: Finished, output: &Output) -> ProgramEnded {
        let Finished {
            ending,
            instructions,
            peak_memory_bytes,
            remains,
        } = finished;
        drop(remains);
        self.used_before += instructions;
        self.peak_memory_bytes = self.peak_memory_bytes.max(peak_memory_bytes);
        let (how, code, answer) = match &ending {
            Ending::Returned(answer) => (How::Returned, 0, answer.clone()),
            Ending::Exit(code) => (How::Exited, *code, String::new()),
            Ending::OutOfBudget | Ending::Backstop => (How::Timeout, 0, String::new()),
            Ending::OutOfMemory => (How::MemoryLimit, 0, String::new()),
            Ending::OutputLimit => (How::OutputLimit, 0, String::new()),
            Ending::StackOverflow => (How::StackOverflow, 0, String::new()),
            Ending::GaveUp(_) | Ending::BadEvent(_) | Ending::Trap(_) => (How::Crashed, 0, String::new()),
        };
        let ended = ProgramEnded {
            how,
            code,
            message: ending.message(),
            printed: output.drain(),
            answer,
            instructions,
            peak_memory_bytes,
        };
        self.ended = Some(ending);
        self.last = Some(ProgramEnded {
            printed: Vec::new(),
            ..ended.clone()
        });
        ended
    }
}

/// Drives a program until it hands over a message or has ended.
async fn drive(running: &mut Running) -> Result<Result<Vec<u8>, Finished>, SandboxError> {
    poll_fn(|context| match running.driven.as_mut().poll(context) {
        Poll::Ready(finished) => Poll::Ready(finished.map(Err)),
        Poll::Pending => match running.mailbox.lock().from_learner.take() {
            Some(message) => Poll::Ready(Ok(Ok(message))),
            None => Poll::Pending, // it has only yielded
        },
    })
    .await
}

fn meeting<'a>(store: &'a mut StoreContextMut<'_, State>) -> wasmtime::Result<&'a mut Meeting> {
    let meeting = store.data_mut().meeting.as_deref_mut();
    meeting.ok_or_else(|| Refused("this exercise's tests run beside the submission: there is no program to start".into()).into())
}

async fn start(store: &mut StoreContextMut<'_, State>, files: Vec<File>) -> wasmtime::Result<Result<(), ProgramEnded>> {
    let job = serve_job(&files);
    let meeting = meeting(store)?;
    let mut running = meeting.begin(job, &files, Vec::new()).await?;
    match drive(&mut running).await? {
        Ok(_) => {
            meeting.running = Some(running);
            meeting.last = None;
            Ok(Ok(()))
        }
        Err(finished) => Ok(Err(meeting.finished(finished, &running.output))),
    }
}

async fn exchange(
    store: &mut StoreContextMut<'_, State>,
    message: Vec<u8>,
) -> wasmtime::Result<Result<Reply, ProgramEnded>> {
    let slept = store.data().slept.clone();
    let meeting = meeting(store)?;
    let Some(mut running) = meeting.running.take() else {
        let ended = meeting.last.clone();
        return ended.map(Err).ok_or_else(|| Refused("exchange: no program was started".into()).into());
    };
    if message.len() > MAX_MESSAGE {
        return Err(Refused(format!("exchange: a message may have {MAX_MESSAGE} bytes")).into());
    }
    let waited = slept.nanos().saturating_sub(running.told);
    running.slept.add(waited);
    running.added += waited;
    {
        let mut mail = running.mailbox.lock();
        mail.to_learner = Some(message);
        mail.grant = meeting.grant.take();
    }
    let driven = drive(&mut running).await?;
    // Whatever time the program took passes for the grader too; the other way round only sleeping does.
    let used = running.mailbox.lock().used;
    let passed = running.slept.nanos().saturating_sub(running.added) + super::clock::nanos_of(used);
    slept.add(passed.saturating_sub(running.heard));
    running.heard = passed;
    running.told = slept.nanos();
    match driven {
        Ok(message) => {
            let printed = running.output.drain();
            meeting.running = Some(running);
            Ok(Ok(Reply { message, printed }))
        }
        Err(finished) => Ok(Err(meeting.finished(finished, &running.output))),
    }
}

async fn run(store: &mut StoreContextMut<'_, State>, program: Program) -> wasmtime::Result<ProgramEnded> {
    let meeting = meeting(store)?;
    let job = serde_json::json!({"kind": "program", "argv": program.argv}).to_string();
    let mut running = meeting.begin(job, &program.files, program.stdin).await?;
    loop {
        match drive(&mut running).await? {
            // It is alone: whatever it tells its peer, nobody answers anything of use.
            Ok(_) => running.mailbox.lock().to_learner = Some(Vec::new()),
            Err(finished) => return Ok(meeting.finished(finished, &running.output)),
        }
    }
}

fn serve_job(files: &[File]) -> String {
    let files: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    serde_json::json!({"kind": "serve", "submission_files": files}).to_string()
}

/// The interfaces `learner` and `peer` of the contract.
pub fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut learner = linker.instance("assay:grader/learner@1.0.0")?;
    learner.func_wrap_async("start", |mut store, (files,): (Vec<File>,)| {
        Box::new(async move { Ok((start(&mut store, files).await?,)) })
    })?;
    learner.func_wrap_async("exchange", |mut store, (message,): (Vec<u8>,)| {
        Box::new(async move { Ok((exchange(&mut store, message).await?,)) })
    })?;
    learner.func_wrap_async("run", |mut store, (program,): (Program,)| {
        Box::new(async move { Ok((run(&mut store, program).await?,)) })
    })?;
    learner.func_wrap("used", |mut store, ()| Ok((meeting(&mut store)?.used(),)))?;
    let mut peer = linker.instance("assay:grader/peer@1.0.0")?;
    peer.func_wrap_async("exchange", |mut store: StoreContextMut<'_, State>, (message,): (Vec<u8>,)| {
        Box::new(async move {
            let Some(mailbox) = store.data().mailbox.clone() else {
                return Err(Refused("there is no grader to exchange messages with".into()).into());
            };
            if message.len() > MAX_MESSAGE {
                return Err(Refused(format!("a message may have {MAX_MESSAGE} bytes")).into());
            }
            let left = store.get_fuel()?;
            {
                let mut mail = mailbox.lock();
                mail.used = store.data().meter.used(left);
                mail.from_learner = Some(message);
            }
            let (next, grant) = mailbox.next().await;
            if let Some(instructions) = grant {
                limits::grant(&mut store, |state| &mut state.meter, instructions)?;
                store.data().free_output();
            }
            Ok((next,))
        })
    })?;
    Ok(())
}
