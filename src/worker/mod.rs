//! The worker: claims jobs, does them in sandboxes, stores what came out. Wakes by NOTIFY, and every second in any case.
//!
//! Never: holds a transaction while code runs, grades anything itself, or learns of a submission but through the queue.

mod admit;
mod grade;
mod graders;
mod run;
mod run_loop;
mod verify;

pub use run_loop::{Worker, WorkerOptions};

use crate::domain::limits::LimitCaps;
use crate::queue::Job;
use crate::sandbox::{SandboxError, Sandboxes};
use sqlx::PgPool;

/// What jobs need.
#[derive(Clone)]
pub struct Env {
    /// The database.
    pub pool: PgPool,
    /// The sandboxes.
    pub sandboxes: Sandboxes,
    /// What exercises may ask for at most.
    pub caps: LimitCaps,
    /// Exercise versions that were graded lately.
    exercises: grade::Exercises,
    /// Graders that were used lately.
    graders: graders::Graders,
}

/// Why a job could not be done. Always our fault; a learner's failure is a report.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The sandbox.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// An exercise's grader cannot be had.
    #[error("the grader {name:?}: {why}")]
    NoGrader {
        /// As the exercise names it.
        name: String,
        /// Why not.
        why: String,
    },
    /// A stored row that cannot be understood.
    #[error("stored {what} {id}: {why}")]
    Stored {
        /// What it is.
        what: &'static str,
        /// Which one.
        id: uuid::Uuid,
        /// What is wrong with it.
        why: String,
    },
}

/// Does a job.
async fn perform(env: &Env, job: &Job) -> Result<(), JobError> {
    match job.kind {
        crate::queue::Kind::Grade => grade::perform(env, job).await,
        crate::queue::Kind::Verify => verify::perform(env, job).await,
        crate::queue::Kind::Run => run::perform(env, job).await,
        crate::queue::Kind::Admit => admit::perform(env, job).await,
    }
}

/// Ends a job that failed too often: whoever waits for it learns that it was our fault.
async fn give_up(env: &Env, job: &Job, why: &str) -> Result<(), JobError> {
    match job.kind {
        crate::queue::Kind::Grade => grade::give_up(env, job, why).await,
        crate::queue::Kind::Verify => verify::give_up(env, job, why).await,
        crate::queue::Kind::Run => run::give_up(env, job).await,
        crate::queue::Kind::Admit => admit::give_up(env, job, why).await,
    }
}
