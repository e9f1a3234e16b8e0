//! `/v1/runs`: a program's output, for playgrounds. Nothing is graded, and nothing is kept.

use super::auth::Access;
use super::body;
use super::problem::{Code, Document, Problem};
use super::state::State;
use super::wait;
use crate::domain::id::RunId;
use crate::domain::key::Role;
use crate::domain::run::RunReport;
use crate::intake::run::{self, SentRun};
use actix_web::{HttpRequest, HttpResponse, web};
use std::time::Duration;

/// How long a caller waits at the most.
const LONGEST: Duration = Duration::from_secs(60);

/// Runs a program from start to end and answers with what it printed. Nothing of it is kept.
#[utoipa::path(post, path = "/v1/runs", tag = "runs", request_body = SentRun,
    responses(
        (status = 200, description = "How it ended and what it printed", body = RunReport),
        (status = 400, description = "The body is no JSON", body = Document, content_type = "application/problem+json"),
        (status = 422, description = "A field cannot be used", body = Document, content_type = "application/problem+json"),
        (status = 503, description = "No worker came to it within a minute", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn run(
    access: Access,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin, Role::Platform, Role::Author])?;
    let sent: SentRun = body::parse(&body::json(&request, payload, &state).await?)?;
    let id = RunId::new();
    let mut changes = wait::subscribe_run(&state, id);
    run::begin(&state.pool, access.tenant, id, sent, &state.caps).await?;
    let report = wait::run(&state, &mut changes, id, LONGEST).await;
    run::end(&state.pool, id).await?;
    match report? {
        Some(report) => Ok(HttpResponse::Ok().json(report)),
        None => Err(Problem::new(
            Code::Unavailable,
            "no worker came to this run within a minute; try again later",
        )),
    }
}
