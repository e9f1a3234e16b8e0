//! Grades a submission and stores its report, once.

use super::{Env, JobError, graders};
use crate::db;
use crate::domain::bundle::Bundle;
use crate::domain::exercise::Isolation;
use crate::domain::files::FileSet;
use crate::domain::id::{ExerciseVersionId, GraderVersionId, SubmissionId, TenantId};
use crate::domain::report::{Report, milliseconds};
use crate::domain::verification::PlannedTest;
use crate::grading::Prepared;
use crate::queue::{self, Job};
use crate::store::reports::Made;
use crate::{grading, store};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// An exercise version, understood, with the grader that its last submission was graded by.
pub struct Exercise {
    bundle: Bundle,
    plan: Vec<PlannedTest>,
    prepared: Mutex<Option<(GraderVersionId, Arc<Prepared>)>>,
}

/// Exercise versions that were graded lately. They never change, so none is ever stale.
#[derive(Clone, Default)]
pub struct Exercises(Arc<Mutex<Kept>>);

type Kept = VecDeque<(ExerciseVersionId, Arc<Exercise>)>;

/// How many exercise versions are kept understood.
const KEPT: usize = 64;

impl Exercises {
    async fn get(&self, env: &Env, id: ExerciseVersionId) -> Result<Arc<Exercise>, JobError> {
        if let Some((_, exercise)) = self.lock().iter().find(|(known, _)| *known == id) {
            return Ok(exercise.clone());
        }
        let broken = |why: String| JobError::Stored {
            what: "exercise version",
            id: id.0,
            why,
        };
        let stored = store::versions::load(&env.pool, id)
            .await?
            .ok_or_else(|| broken("it is gone".into()))?;
        let files = FileSet::unpack(&stored.bundle).map_err(|error| broken(error.to_string()))?;
        let mut bundle = Bundle::read(&files, &env.caps).map_err(|findings| {
            broken(
                findings
                    .iter()
                    .map(|finding| finding.message.as_str())
                    .collect::<Vec<_>>()
                    .join("; "),
            )
        })?;
        bundle.spec = stored.spec;
        let exercise = Arc::new(Exercise {
            bundle,
            plan: stored.verification.tests,
            prepared: Mutex::default(),
        });
        let mut kept = self.lock();
        kept.push_front((id, exercise.clone()));
        kept.truncate(KEPT);
        Ok(exercise)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exercise {
    /// Made ready for the grader that the exercise names, as it is right now.
    async fn prepared(&self, env: &Env, tenant: TenantId) -> Result<Arc<Prepared>, JobError> {
        let (id, resolved) = graders::resolve(env, tenant, &self.bundle.spec.grader).await?;
        let known = |kept: &Option<(GraderVersionId, Arc<Prepared>)>| {
            let kept = kept.as_ref().filter(|(known, _)| *known == id);
            kept.map(|(_, prepared)| prepared.clone())
        };
        if let Some(prepared) = known(&self.lock()) {
            return Ok(prepared);
        }
        let grader = env.graders.get(env, id, &resolved).await?;
        let prepared = Arc::new(Prepared::new(&env.sandboxes, self.bundle.clone(), grader).await?);
        *self.lock() = Some((id, prepared.clone()));
        Ok(prepared)
    }

    fn lock(&self) -> MutexGuard<'_, Option<(GraderVersionId, Arc<Prepared>)>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Grades the job's submission.
pub async fn perform(env: &Env, job: &Job) -> Result<(), JobError> {
    let id = SubmissionId(job.subject);
    let Some(submission) = store::submissions::begin(&env.pool, id).await? else {
        queue::finish(&env.pool, job).await?;
        return Ok(());
    };
    let exercise = env.exercises.get(env, submission.version_id).await?;
    let files = FileSet::unpack(&submission.files).map_err(|error| JobError::Stored {
        what: "submission",
        id: id.0,
        why: error.to_string(),
    })?;
    let prepared = exercise.prepared(env, job.tenant).await?;
    let runtime = env.sandboxes.python();
    let digest = grading::input_digest(submission.version_id, &files, &prepared.grader, runtime);
    if let Some(report) = store::reports::by_input(&env.pool, &digest).await? {
        let made = Made {
            input_digest: Some(digest),
            cached: true,
            ..Made::default()
        };
        return finish(env, job, &report, made).await;
    }
    let began = Instant::now();
    let graded = grading::grade(&env.sandboxes, &prepared, &files, Some(&exercise.plan)).await?;
    if let Some(fault) = &graded.report.grader_fault {
        tracing::error!(
            job.subject = %job.subject, grading.grader = graded.report.grader, error = %fault.escape_debug(),
            "a grader failed"
        );
    }
    let made = Made {
        grading_ms: milliseconds(began.elapsed()),
        input_digest: graded.pure.then_some(digest),
        cached: false,
    };
    finish(env, job, &graded.report, made).await
}

/// Ends a submission that could not be graded: never the learner's fault.
pub async fn give_up(env: &Env, job: &Job, why: &str) -> Result<(), JobError> {
    let runtime = env.sandboxes.python();
    let report = grading::not_graded("none", runtime, Isolation::default(), why.to_owned());
    finish(env, job, &report, Made::default()).await
}

/// Stores the report, finishes the submission and ends the job, all or nothing. Whoever lost the lease stores nothing.
///
/// The commit is not flushed to disk: what a crash forgets is graded again, and comes out the same.
async fn finish(env: &Env, job: &Job, report: &Report, made: Made) -> Result<(), JobError> {
    let mut transaction = env.pool.begin_with(db::BEGIN_UNFLUSHED).await?;
    if !queue::finish(&mut *transaction, job).await? {
        tracing::warn!(job.subject = %job.subject, "the lease was lost while grading; the report is dropped");
        return Ok(());
    }
    store::reports::finish(&mut *transaction, SubmissionId(job.subject), report, made).await?;
    transaction.commit().await?;
    Ok(())
}
