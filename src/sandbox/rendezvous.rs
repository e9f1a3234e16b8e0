//! Where a grader and a learner's program meet: one message there, one message back, in turns.
//!
//! The program is a future that the grader's run owns. Whenever the grader hands it a message the future is driven until
//! the program hands one back or has ended. So only one of the two runs at any time, in an order that nothing outside can
//! change, and neither can wait for the other while the other waits: who waits is not driven. What each uses is counted in
//! its own store.

use super::answer::ProgramAnswer;
use super::clock::Slept;
use super::contract::{File, How, ProgramEnded};
use super::ending::Ending;
use super::engine::SandboxError;
use super::filesystem::Tree;
use super::instance::{self, Fresh, Remains};
use super::limits::Budget;
use super::output::Output;
use super::runtime::Runtime;
use crate::domain::files::{FilePath, FileSet};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// Programs that one run of a grader may start: each costs a millisecond.
const MAX_PROGRAMS: u32 = 6000;

/// What lies between the two.
#[derive(Default)]
pub struct Mail {
    /// To the program.
    pub to_learner: Option<Vec<u8>>,
    /// From the program.
    pub from_learner: Option<Vec<u8>>,
    /// The budget that goes with the next message to it.
    pub grant: Option<u64>,
    /// Instructions it had used when it last sent one.
    pub used: u64,
    /// Its largest memory until then, in bytes.
    pub peak_memory_bytes: u64,
}

/// The place where messages lie; both sides hold it.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<Mail>>);

impl Mailbox {
    /// What lies there.
    pub fn lock(&self) -> MutexGuard<'_, Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The program's side: waits for the next message, with the budget that came along.
    pub async fn next(&self) -> (Vec<u8>, Option<u64>) {
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
pub struct Running {
    driven: Driven,
    /// Where it and its grader meet.
    pub mailbox: Mailbox,
    /// What it printed.
    pub output: Output,
    /// Its clock.
    pub slept: Slept,
    /// The grader's clock when the two last met, in nanoseconds.
    pub told: u64,
    /// How much of that was added to the program's.
    pub added: u64,
    /// What of the program's own time was added to the grader's clock.
    pub heard: u64,
}

/// The grader's side of a run: what it may start, what runs, what was used.
pub struct Meeting {
    runtime: Runtime,
    budget: Budget,
    ready: Option<Fresh>,
    /// The program that runs.
    pub running: Option<Running>,
    started: u32,
    used_before: u64,
    /// The budget from the next message on.
    pub grant: Option<u64>,
    /// What whole programs have left of the last grant.
    left: u64,
    peak_memory_bytes: u64,
    /// How the last program ended that ended early, until somebody asks.
    pub ended: Option<Ending>,
    /// How the last program ended, for whoever goes on asking it.
    pub last: Option<ProgramEnded>,
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
            left: budget.instructions,
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

    pub(super) async fn begin(&mut self, job: String, files: &[File], stdin: Vec<u8>) -> Result<Running, SandboxError> {
        self.stop();
        self.started += 1;
        if self.started > MAX_PROGRAMS {
            return Err(SandboxError::Contract(format!(
                "at most {MAX_PROGRAMS} programs may be started"
            )));
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
        self.left = self.grant.take().unwrap_or(self.left);
        let budget = Budget {
            instructions: self.left,
            ..self.budget
        };
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

    /// Largest memory of any program so far, in bytes.
    pub fn peak_so_far(&self) -> u64 {
        let running = self
            .running
            .as_ref()
            .map(|running| running.mailbox.lock().peak_memory_bytes);
        self.peak_memory_bytes.max(running.unwrap_or(0))
    }

    /// Drops the program that runs, if one does.
    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            let mail = running.mailbox.lock();
            self.used_before += mail.used;
            self.peak_memory_bytes = self.peak_memory_bytes.max(mail.peak_memory_bytes);
        }
    }

    pub(super) fn finished(&mut self, finished: Finished, output: &Output) -> ProgramEnded {
        let Finished {
            ending,
            instructions,
            peak_memory_bytes,
            remains,
        } = finished;
        drop(remains);
        self.used_before += instructions;
        self.peak_memory_bytes = self.peak_memory_bytes.max(peak_memory_bytes);
        let (how, code) = match &ending {
            Ending::Returned(_) => (How::Returned, 0),
            Ending::Exit(code) => (How::Exited, *code),
            Ending::OutOfBudget | Ending::Backstop => (How::Timeout, 0),
            Ending::OutOfMemory => (How::MemoryLimit, 0),
            Ending::OutputLimit => (How::OutputLimit, 0),
            Ending::StackOverflow => (How::StackOverflow, 0),
            Ending::GaveUp(_) | Ending::BadEvent(_) | Ending::Trap(_) => (How::Crashed, 0),
        };
        let ended = ProgramEnded {
            how,
            code,
            message: ending.message(),
            printed: output.drain(),
            diagnostic: None,
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

    /// The end of a program that was run as a whole: only a limit that it hit ends the test at hand.
    pub(super) fn whole(&mut self, finished: Finished, output: &Output) -> ProgramEnded {
        let answer = match &finished.ending {
            Ending::Returned(answer) => Some(ProgramAnswer::read(answer)),
            _ => None,
        };
        self.left = self.left.saturating_sub(finished.instructions);
        let mut ended = self.finished(finished, output);
        if let Some(answer) = answer {
            (ended.how, ended.code) = answer.how();
            ended.diagnostic = answer.diagnostic;
        }
        let limit = matches!(
            self.ended,
            Some(Ending::OutOfBudget | Ending::Backstop | Ending::OutOfMemory | Ending::OutputLimit)
        );
        if !limit {
            self.ended = None;
        }
        self.last = None;
        ended
    }
}

/// Drives a program until it hands over a message or has ended.
pub async fn drive(running: &mut Running) -> Result<Result<Vec<u8>, Finished>, SandboxError> {
    poll_fn(|context| match running.driven.as_mut().poll(context) {
        Poll::Ready(finished) => Poll::Ready(finished.map(Err)),
        Poll::Pending => match running.mailbox.lock().from_learner.take() {
            Some(message) => Poll::Ready(Ok(Ok(message))),
            None => Poll::Pending, // it has only yielded
        },
    })
    .await
}
