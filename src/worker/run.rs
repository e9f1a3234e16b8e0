//! Runs a program for whoever waits for its output.

use super::{Env, JobError};
use crate::domain::id::RunId;
use crate::queue::{self, Job};
use crate::{grading, store};

/// Runs the job's program. Its caller may have left meanwhile; then nobody is told.
pub async fn perform(env: &Env, job: &Job) -> Result<(), JobError> {
    let id = RunId(job.subject);
    if let Some(request) = store::runs::to_run(&env.pool, id).await? {
        let report = grading::run_program(&env.sandboxes, request).await?;
        store::runs::answer(&env.pool, id, &report).await?;
    }
    queue::finish(&env.pool, job).await?;
    Ok(())
}

/// Ends a run that could not be done: its caller is told that the time is up.
pub async fn give_up(env: &Env, job: &Job) -> Result<(), JobError> {
    queue::finish(&env.pool, job).await?;
    Ok(())
}
