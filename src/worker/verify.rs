//! Checks a bundle, and makes a version of it where it was sent for that and verified.

use super::{Env, JobError, graders};
use crate::domain::bundle::Bundle;
use crate::domain::files::FileSet;
use crate::domain::id::VerificationId;
use crate::domain::verification::{Finding, Verification};
use crate::queue::{self, Job};
use crate::{grading, store};

/// Checks the job's bundle.
pub async fn perform(env: &Env, job: &Job) -> Result<(), JobError> {
    let id = VerificationId(job.subject);
    let Some(stored) = store::verifications::to_verify(&env.pool, id).await? else {
        queue::finish(&env.pool, job).await?;
        return Ok(());
    };
    let files = FileSet::unpack(&stored.bundle).map_err(|error| JobError::Stored {
        what: "bundle",
        id: id.0,
        why: error.to_string(),
    })?;
    match Bundle::read(&files, &env.caps) {
        Ok(bundle) => {
            let (id, name) = graders::resolve(env, job.tenant, &bundle.spec.grader).await?;
            let grader = env.graders.get(env, id, &name).await?;
            let outcome = grading::verify(&env.sandboxes, &bundle, &grader).await?;
            finish(env, job, &outcome, Some(&bundle)).await
        }
        Err(findings) => {
            finish(
                env,
                job,
                &Verification {
                    findings,
                    ..Verification::default()
                },
                None,
            )
            .await
        }
    }
}

/// Ends a check that could not be done, saying so.
pub async fn give_up(env: &Env, job: &Job, why: &str) -> Result<(), JobError> {
    let message = format!("the server could not check the bundle, which is not the bundle's fault: {why}");
    let findings = vec![Finding {
        file: None,
        line: None,
        message,
    }];
    finish(
        env,
        job,
        &Verification {
            findings,
            ..Verification::default()
        },
        None,
    )
    .await
}

async fn finish(env: &Env, job: &Job, outcome: &Verification, bundle: Option<&Bundle>) -> Result<(), JobError> {
    let accepted = bundle
        .filter(|_| outcome.findings.is_empty())
        .map(|bundle| &bundle.spec);
    let mut transaction = env.pool.begin().await?;
    if !queue::finish(&mut *transaction, job).await? {
        tracing::warn!(job.subject = %job.subject, "the lease was lost while checking; the outcome is dropped");
        return Ok(());
    }
    store::verifications::finish(&mut transaction, VerificationId(job.subject), outcome, accepted).await?;
    transaction.commit().await?;
    Ok(())
}
