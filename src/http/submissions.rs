//! `/v1/submissions`: submit, read, cancel. Lists are in `submission_list`.

use super::auth::Access;
use super::body;
use super::problem::{Code, Document, Problem};
use super::state::State;
use super::submission_view::SubmissionView;
use super::wait;
use crate::db::Subscription;
use crate::domain::id::{SubmissionId, TenantId};
use crate::domain::key::Role;
use crate::domain::submission::Status;
use crate::domain::verdict::Verdict;
use crate::intake::request::SubmissionRequest;
use crate::intake::submission::{self, Caller, Taken};
use crate::store::submissions::{self, Submission};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Hands in a learner's files. They are stored before the answer, and graded in the order of arrival.
///
/// With `Prefer: wait=N` the answer waits up to N seconds (60 at most) for the report.
#[utoipa::path(post, path = "/v1/submissions", tag = "submissions", request_body = SubmissionRequest,
    params(
        ("Prefer" = Option<String>, Header, description = "`wait=10`: wait up to 10 seconds for the report"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters: the same key with the same body gives the same submission again"),
    ),
    responses(
        (status = 200, description = "Finished within the wait", body = SubmissionView),
        (status = 202, description = "Stored; `Location` has its address", body = SubmissionView),
        (status = 400, description = "The body is no JSON", body = Document, content_type = "application/problem+json"),
        (status = 409, description = "The idempotency key was used for another body", body = Document, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Document, content_type = "application/problem+json"),
        (status = 422, description = "A field cannot be used", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn submit(
    access: Access,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin, Role::Platform])?;
    let key = idempotency_key(&request)?;
    let bytes = body::json(&request, payload, &state).await?;
    let sent: SubmissionRequest = body::parse(&bytes)?;
    let digest: Option<[u8; 32]> = key.map(|_| Sha256::digest(&bytes).into());
    let wait = wait::preferred(&request).map(Duration::from_secs);

    let id = SubmissionId::new();
    let mut changes = wait.map(|_| wait::subscribe(&state, id));
    let caller = Caller {
        tenant: access.tenant,
        drafts: access.sees_everything(),
        idempotency: key.zip(digest.as_ref()),
    };
    let taken = submission::submit(&state.pool, caller, id, &sent).await?;
    let submission = match (taken, wait, changes.as_mut()) {
        (Taken::Before(id), Some(wait), _) => {
            let mut changes = wait::subscribe(&state, id);
            let submission = read(&state, access.tenant, id).await?;
            finished(&state, &mut changes, access.tenant, submission, wait).await?
        }
        (Taken::Before(id), None, _) => read(&state, access.tenant, id).await?,
        (Taken::New { .. }, Some(wait), Some(changes)) if !wait.is_zero() => {
            let found = wait::submission(&state, changes, access.tenant, id, wait).await?;
            found.ok_or_else(|| Problem::not_found("submission"))?
        }
        (
            Taken::New {
                exercise,
                exercise_version,
                attempt,
                created_at,
            },
            ..,
        ) => Submission {
            id,
            exercise,
            exercise_version,
            learner: sent.learner,
            attempt,
            metadata: sent.metadata,
            status: Status::Queued,
            verdict: None,
            created_at,
            started_at: None,
            finished_at: None,
            report: None,
            grading_ms: None,
            cached: false,
        },
    };

    let finished = wait.is_some() && submission.status == Status::Finished;
    let mut response = HttpResponse::build(if finished { StatusCode::OK } else { StatusCode::ACCEPTED });
    response.insert_header((header::LOCATION, format!("/v1/submissions/{}", submission.id)));
    if submission.status != Status::Finished {
        response.insert_header((header::RETRY_AFTER, "1"));
    }
    if let Some(wait) = wait {
        response.insert_header(("preference-applied", format!("wait={}", wait.as_secs())));
    }
    Ok(response.json(SubmissionView::new(submission, access.sees_everything())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetQuery {
    wait: Option<String>,
}

/// A submission as it stands, with its report once it is finished.
#[utoipa::path(get, path = "/v1/submissions/{id}", tag = "submissions",
    params(
        ("id" = String, Path, description = "The submission's id"),
        ("wait" = Option<u64>, Query, description = "Wait up to so many seconds (60 at most) for the report"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an earlier answer"),
    ),
    responses(
        (status = 200, description = "The submission", body = SubmissionView),
        (status = 304, description = "Nothing changed since the answer with that `ETag`"),
        (status = 404, description = "No such submission", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn get(
    access: Access,
    request: HttpRequest,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let query: GetQuery = body::query(&request)?;
    let seconds = wait::asked(query.wait.as_deref())?;
    let id = parse_id(&id)?;
    let mut changes = (seconds > 0).then(|| wait::subscribe(&state, id));
    let mut submission = read(&state, access.tenant, id).await?;
    if let Some(changes) = changes.as_mut() {
        submission = finished(&state, changes, access.tenant, submission, Duration::from_secs(seconds)).await?;
    }
    let tag = etag(&submission, access.sees_everything());
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, tag.clone()));
    response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if matches_etag(&request, &tag) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    if submission.status != Status::Finished {
        response.insert_header((header::RETRY_AFTER, "1"));
    }
    Ok(response.json(SubmissionView::new(submission, access.sees_everything())))
}

/// Cancels a submission that is not finished.
#[utoipa::path(delete, path = "/v1/submissions/{id}", tag = "submissions",
    params(("id" = String, Path, description = "The submission's id")),
    responses(
        (status = 200, description = "The submission, cancelled (now or before)", body = SubmissionView),
        (status = 404, description = "No such submission", body = Document, content_type = "application/problem+json"),
        (status = 409, description = "It is finished already", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn cancel(access: Access, id: web::Path<String>, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin, Role::Platform])?;
    let id = parse_id(&id)?;
    let cancelled = submission::cancel(&state.pool, access.tenant, id).await?;
    let submission = read(&state, access.tenant, id).await?;
    if !cancelled && submission.verdict != Some(Verdict::Cancelled) {
        return Err(Problem::new(
            Code::AlreadyFinished,
            "the submission is finished and keeps its report",
        ));
    }
    Ok(HttpResponse::Ok().json(SubmissionView::new(submission, access.sees_everything())))
}

/// The submission, once it is finished or the time is up.
async fn finished(
    state: &State,
    changes: &mut Subscription,
    tenant: TenantId,
    submission: Submission,
    wait: Duration,
) -> Result<Submission, Problem> {
    if submission.status == Status::Finished {
        return Ok(submission);
    }
    let found = wait::submission(state, changes, tenant, submission.id, wait).await?;
    found.ok_or_else(|| Problem::not_found("submission"))
}

pub(super) async fn read(state: &State, tenant: TenantId, id: SubmissionId) -> Result<Submission, Problem> {
    submissions::find(&state.pool, tenant, id)
        .await?
        .ok_or_else(|| Problem::not_found("submission"))
}

pub(super) fn parse_id(text: &str) -> Result<SubmissionId, Problem> {
    text.parse().map_err(|_| Problem::not_found("submission"))
}

/// Changes whenever what this caller sees of the submission changes.
fn etag(submission: &Submission, sees_everything: bool) -> String {
    let at = submission
        .finished_at
        .or(submission.started_at)
        .unwrap_or(submission.created_at);
    let (status, view) = (
        submission.status.as_str(),
        if sees_everything { "all" } else { "visible" },
    );
    format!("\"{status}-{:x}-{view}\"", at.unix_timestamp_nanos() / 1000)
}

fn matches_etag(request: &HttpRequest, tag: &str) -> bool {
    let known = request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*")
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<&str>, Problem> {
    let Some(key) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let good = |key: &&str| (1..=255).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_graphic());
    let key = key.to_str().ok().filter(good).ok_or_else(|| {
        let message = "expected 1 to 255 visible ASCII characters";
        Problem::field(Code::InvalidParameter, "Idempotency-Key", message)
    })?;
    Ok(Some(key))
}
