//! Waits for a submission or verification to finish: woken by the database, with a slow look as the fallback.

use super::problem::{Code, Problem};
use super::state::State;
use crate::db::{GRADERS, SUBMISSIONS, Subscription, VERIFICATIONS};
use crate::domain::grader::GraderStatus;
use crate::domain::id::{GraderVersionId, RunId, SubmissionId, TenantId, VerificationId};
use crate::domain::run::RunReport;
use crate::domain::submission::Status;
use crate::store::grader_list::Version;
use crate::store::submissions::{self, Submission};
use crate::store::{runs, verifications};
use actix_web::HttpRequest;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// Longest wait that a caller may ask for, in seconds.
pub const MOST_SECONDS: u64 = 60;
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Listens for a submission; begin before looking at it.
pub fn subscribe(state: &State, id: SubmissionId) -> Subscription {
    state.hub.subscribe(SUBMISSIONS, id.to_string())
}

/// The submission, once it is finished or the time is up.
///
/// # Errors
/// The database's.
pub async fn submission(
    state: &State,
    changes: &mut Subscription,
    tenant: TenantId,
    id: SubmissionId,
    wait: Duration,
) -> Result<Option<Submission>, Problem> {
    let end = Instant::now() + wait;
    loop {
        let again = next(state, changes, end).await;
        let found = submissions::find(&state.pool, tenant, id).await?;
        if !again || found.as_ref().is_none_or(|found| found.status == Status::Finished) {
            return Ok(found);
        }
    }
}

/// Listens for a free run; begin before storing it.
pub fn subscribe_run(state: &State, id: RunId) -> Subscription {
    state.hub.subscribe(SUBMISSIONS, id.to_string())
}

/// What became of a free run; none where the time is up before.
///
/// # Errors
/// The database's.
pub async fn run(
    state: &State,
    changes: &mut Subscription,
    id: RunId,
    wait: Duration,
) -> Result<Option<RunReport>, Problem> {
    let end = Instant::now() + wait;
    loop {
        let again = next(state, changes, end).await;
        let found = runs::answered(&state.pool, id).await?;
        if !again || found.is_some() {
            return Ok(found);
        }
    }
}

/// Listens for a verification; begin before storing it.
pub fn subscribe_verification(state: &State, id: VerificationId) -> Subscription {
    state.hub.subscribe(VERIFICATIONS, id.to_string())
}

/// The verification once it is finished; none where the time is up before.
///
/// # Errors
/// The database's.
pub async fn verification(
    state: &State,
    changes: &mut Subscription,
    tenant: TenantId,
    id: VerificationId,
    wait: Duration,
) -> Result<Option<verifications::Stored>, Problem> {
    let end = Instant::now() + wait;
    while next(state, changes, end).await {
        let found = verifications::find(&state.pool, tenant, id).await?;
        if let Some(finished) = found.filter(|found| found.outcome.is_some()) {
            return Ok(Some(finished));
        }
    }
    Ok(None)
}

/// Listens for the admission of a grader; begin before storing it.
pub fn subscribe_admission(state: &State, id: GraderVersionId) -> Subscription {
    state.hub.subscribe(GRADERS, id.to_string())
}

/// Waits until `look` finds that an admission has ended; what it found last, where the time is up before.
///
/// # Errors
/// The database's.
pub async fn admission<F>(
    state: &State,
    changes: &mut Subscription,
    wait: Duration,
    look: impl Fn() -> F,
) -> Result<Option<Version>, Problem>
where
    F: Future<Output = sqlx::Result<Option<Version>>>,
{
    let end = Instant::now() + wait;
    loop {
        let again = next(state, changes, end).await;
        let found = look().await?;
        if !again || found.as_ref().is_none_or(|found| found.status != GraderStatus::Queued) {
            return Ok(found);
        }
    }
}

/// Whether to look again: true after a change or a while, false once the time is up or the server stops.
async fn next(state: &State, changes: &mut Subscription, end: Instant) -> bool {
    let now = Instant::now();
    if now >= end {
        return false;
    }
    // A time-out is a look too: a notification may have been lost with its connection.
    tokio::select! {
        () = changes.changed() => true,
        () = tokio::time::sleep_until(end.min(now + LOOK_AGAIN)) => true,
        () = state.stops() => false,
    }
}

/// The seconds of `Prefer: wait=N`, capped; what cannot be understood is ignored, as RFC 7240 wants it.
pub fn preferred(request: &HttpRequest) -> Option<u64> {
    let values = request
        .headers()
        .get_all("prefer")
        .filter_map(|value| value.to_str().ok());
    let preferences = values.flat_map(|value| value.split([',', ';']));
    preferences
        .filter_map(|preference| preference.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))
        .and_then(|(_, seconds)| seconds.trim().trim_matches('"').parse().ok())
        .map(|seconds: u64| seconds.min(MOST_SECONDS))
}

/// The seconds of `?wait=N`, capped.
///
/// # Errors
/// Where it is no number.
pub fn asked(wait: Option<&str>) -> Result<u64, Problem> {
    let Some(text) = wait else { return Ok(0) };
    let refused = |_| {
        Problem::field(
            Code::InvalidParameter,
            "wait",
            "expected a number of seconds from 0 to 60",
        )
    };
    text.parse()
        .map_err(refused)
        .map(|seconds: u64| seconds.min(MOST_SECONDS))
}
