//! Admits graders: checks what was uploaded, in sandboxes, and notes what was found.

use super::{Env, JobError};
use crate::domain::files::FileSet;
use crate::domain::grader::Admission;
use crate::domain::id::GraderVersionId;
use crate::queue::{self, Job};
use crate::{grading, store};

/// Checks the job's package.
pub async fn perform(env: &Env, job: &Job) -> Result<(), JobError> {
    let id = GraderVersionId(job.subject);
    let Some(package) = store::graders::to_admit(&env.pool, id).await? else {
        queue::finish(&env.pool, job).await?;
        return Ok(());
    };
    let package = FileSet::unpack(&package).map_err(|error| JobError::Stored {
        what: "grader version",
        id: id.0,
        why: error.to_string(),
    })?;
    let admission = grading::admit(&env.sandboxes, &package, &env.caps).await?;
    finish(env, job, &admission).await
}

/// Ends an admission that could not be done, saying so.
pub async fn give_up(env: &Env, job: &Job, why: &str) -> Result<(), JobError> {
    let message = format!("the server could not check the grader, which may not be the grader's fault: {why}");
    finish(env, job, &Admission::refused(None, message)).await
}

async fn finish(env: &Env, job: &Job, admission: &Admission) -> Result<(), JobError> {
    let mut transaction = env.pool.begin().await?;
    if !queue::finish(&mut *transaction, job).await? {
        tracing::warn!(job.subject = %job.subject, "the lease was lost while admitting; the outcome is dropped");
        return Ok(());
    }
    let ended = store::graders::finish(&mut transaction, GraderVersionId(job.subject), admission).await?;
    if let Some((tenant, name, activated)) = ended.and_then(|ended| Some((ended.tenant, ended.name?, ended.activated)))
    {
        let action = if admission.findings.is_empty() {
            "grader.admitted"
        } else {
            "grader.rejected"
        };
        store::audit::add(&mut *transaction, tenant, None, action, &name).await?;
        if activated {
            store::audit::add(&mut *transaction, tenant, None, "grader.activated", &name).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
