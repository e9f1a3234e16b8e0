//! Graders by name: which version that is right now, loaded once per process.

use super::{Env, JobError};
use crate::domain::files::FileSet;
use crate::domain::grader::GraderRef;
use crate::domain::id::{GraderVersionId, TenantId};
use crate::grading::{Grader, NoGrader};
use crate::store;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Graders that were used lately. A version never changes, so none is ever stale.
#[derive(Clone, Default)]
pub struct Graders(Arc<Mutex<VecDeque<(GraderVersionId, Grader)>>>);

/// How many versions are kept loaded.
const KEPT: usize = 64;

/// What a grader's name stands for right now: its row, and `NAME@VERSION`.
pub async fn resolve(env: &Env, tenant: TenantId, name: &str) -> Result<(GraderVersionId, String), JobError> {
    let broken = |why: String| JobError::NoGrader {
        name: name.to_owned(),
        why,
    };
    let wanted: GraderRef = name.parse().map_err(|error| broken(format!("{error}")))?;
    let found = store::graders::resolve(&env.pool, tenant, &wanted).await?;
    let found = found.ok_or_else(|| broken("there is none of this name, or no version of it is active".into()))?;
    Ok((found.id, format!("{}@{}", wanted.slug, found.version)))
}

impl Graders {
    /// The grader of this row.
    pub async fn get(&self, env: &Env, id: GraderVersionId, name: &str) -> Result<Grader, JobError> {
        if let Some((_, grader)) = self.lock().iter().find(|(known, _)| *known == id) {
            return Ok(grader.clone());
        }
        let broken = |why: String| JobError::Stored {
            what: "grader version",
            id: id.0,
            why,
        };
        let package = store::graders::package(&env.pool, id).await?;
        let package = package.ok_or_else(|| broken("it is gone".into()))?;
        let package = FileSet::unpack(&package).map_err(|error| broken(error.to_string()))?;
        let grader = match Grader::load(&env.sandboxes, name, &package).await {
            Ok(grader) => grader,
            Err(NoGrader::Sandbox(error)) => return Err(error.into()),
            Err(unfit) => return Err(broken(unfit.to_string())),
        };
        let mut kept = self.lock();
        kept.push_front((id, grader.clone()));
        kept.truncate(KEPT);
        Ok(grader)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(GraderVersionId, Grader)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
