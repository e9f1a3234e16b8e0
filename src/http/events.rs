//! `/v1/submissions/{id}/events`: what happens to a submission, as server-sent events (WHATWG HTML, section 9.2).
//!
//! Events are numbered by what they are, not by when they were sent, so `Last-Event-ID` resumes on any connection and
//! after any restart: 0 `queued`, 1 `running`, 2 and on `test`, then `finished`, after which the stream ends.

use super::auth::Access;
use super::problem::{Document, Problem};
use super::state::State;
use super::submission_view::SubmissionView;
use super::submissions::{parse_id, read};
use super::wait;
use crate::domain::id::{SubmissionId, TenantId};
use crate::domain::submission::Status;
use crate::store::positions;
use crate::store::submissions::Submission;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

const QUEUED: u32 = 0;
const RUNNING: u32 = 1;
const FIRST_TEST: u32 = 2;

/// Time after which the stream shows that it is alive, and looks at the submission in any case.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// Time after which a stream ends; the client resumes where it was.
const LONGEST: Duration = Duration::from_secs(3600);

/// What happens to a submission: `queued` (with its position), `running`, `test` (one for each), `finished`.
#[utoipa::path(get, path = "/v1/submissions/{id}/events", tag = "submissions",
    params(
        ("id" = String, Path, description = "The submission's id"),
        ("Last-Event-ID" = Option<u32>, Header, description = "Go on behind this event"),
    ),
    responses(
        (status = 200, description = "Events; the data of `test` is a test's result, of `finished` the submission", content_type = "text/event-stream", body = String),
        (status = 404, description = "No such submission", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn events(
    access: Access,
    request: HttpRequest,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let id = parse_id(&id)?;
    let known = request.headers().get("last-event-id");
    let next = known
        .and_then(|value| value.to_str().ok()?.trim().parse::<u32>().ok())
        .map_or(QUEUED, |last| last.saturating_add(1));
    let mut begun = state.hub.subscribe(crate::db::SUBMISSIONS, format!("{id} running"));
    let mut ended = wait::subscribe(&state, id);
    let mut submission = read(&state, access.tenant, id).await?;
    let stream = async_stream::stream! {
        let mut writer = Writer { next, sees_everything: access.sees_everything() };
        let end = tokio::time::Instant::now() + LONGEST;
        loop {
            let finished = submission.status == Status::Finished;
            match writer.news(&state, access.tenant, id, submission).await {
                Ok(text) => yield Ok::<_, actix_web::Error>(text),
                Err(problem) => { tracing::error!(%problem, "cannot tell of a submission's events"); return; }
            }
            if finished || tokio::time::Instant::now() > end {
                return;
            }
            tokio::select! {
                () = begun.changed() => {}
                () = ended.changed() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => yield Ok(Bytes::from_static(b": alive\n\n")),
                () = state.stops() => return, // the client comes again with the last number it has
            }
            submission = match read(&state, access.tenant, id).await {
                Ok(submission) => submission,
                Err(problem) => { tracing::error!(%problem, "cannot tell of a submission's events"); return; }
            };
        }
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(stream)))
}

/// Writes the events that a client does not have yet.
struct Writer {
    next: u32,
    sees_everything: bool,
}

impl Writer {
    /// All that has happened since the last call.
    async fn news(
        &mut self,
        state: &State,
        tenant: TenantId,
        id: SubmissionId,
        submission: Submission,
    ) -> Result<Bytes, Problem> {
        let mut text = String::new();
        let status = submission.status;
        if self.next == QUEUED {
            let ahead = match status {
                Status::Queued => positions::ahead(&state.pool, tenant, id).await?,
                Status::Running | Status::Finished => None,
            };
            self.add(
                &mut text,
                QUEUED,
                "queued",
                &json!({"position": ahead.map(|ahead| ahead + 1)}),
            );
        }
        if status != Status::Queued {
            let view = SubmissionView::new(submission, self.sees_everything);
            self.add(
                &mut text,
                RUNNING,
                "running",
                &json!({"started_at": rfc3339(view.started_at)}),
            );
            let mut number = FIRST_TEST;
            for test in &view.tests {
                self.add(&mut text, number, "test", test);
                number += 1;
            }
            if status == Status::Finished {
                self.add(&mut text, number, "finished", &view);
            }
        }
        Ok(text.into())
    }

    fn add(&mut self, text: &mut String, number: u32, name: &str, data: &impl Serialize) {
        if number < self.next {
            return;
        }
        // JSON in one line: serde_json writes no line breaks and escapes those in texts.
        let data = serde_json::to_string(data).unwrap_or_default();
        text.push_str(&format!("id: {number}\nevent: {name}\ndata: {data}\n\n"));
        self.next = number + 1;
    }
}

fn rfc3339(at: Option<time::OffsetDateTime>) -> Option<String> {
    at.and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok())
}
