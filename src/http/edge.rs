//! What happens to every request on its way in and out: its id, its log line, and that every failure, a panic
//! included, is answered with a problem document.

use super::problem::{Code, Problem};
use crate::domain::report::milliseconds;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use uuid::Uuid;

/// The header that carries a request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The middleware around all routes.
///
/// # Errors
/// Only the problem of a handler that panicked.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let begun = Instant::now();
    let id = request_id(&request);
    let (method, path) = (request.method().clone(), request.path().to_owned());
    if path.starts_with("/v1/") && !takes_json(&request) {
        let problem = Problem::new(
            Code::NotAcceptable,
            "answers are application/json; the Accept header excludes it",
        );
        let response = problem.response(Some(&path), Some(&id));
        return Ok(finished(
            request.into_response(response),
            &id,
            &method,
            &path,
            begun,
            None,
        ));
    }
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let response = match answered {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        Ok(Err(error)) => {
            let problem = generic(error.as_response_error().status_code());
            return Err(Lost::log(problem, path, id, &error.to_string()));
        }
        Err(_) => {
            let problem = Problem::internal("a handler panicked");
            return Err(Lost::log(problem, path, id, "a handler panicked"));
        }
    };
    // Handlers and actix leave the error in the response: write its document, now that the request is known.
    let status = response.status();
    let (document, cause) = match response
        .response()
        .error()
        .map(|error| (error, error.as_error::<Problem>()))
    {
        Some((_, Some(problem))) => (Some(problem.response(Some(&path), Some(&id))), problem.cause.clone()),
        Some((error, None)) => (
            Some(generic(status).response(Some(&path), Some(&id))),
            Some(error.to_string()),
        ),
        None if path.starts_with("/docs") => (None, None),
        None if is_bare_failure(&response) => (Some(generic(status).response(Some(&path), Some(&id))), None),
        None => (None, None),
    };
    let response = match document {
        Some(document) => response.into_response(document),
        None => response,
    };
    Ok(finished(response, &id, &method, &path, begun, cause))
}

fn finished(
    mut response: ServiceResponse<BoxBody>,
    id: &str,
    method: &Method,
    path: &str,
    begun: Instant,
    cause: Option<String>,
) -> ServiceResponse<BoxBody> {
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let status = response.status().as_u16();
    let wall_ms = milliseconds(begun.elapsed());
    if status >= 500 {
        let cause = cause.unwrap_or_default();
        tracing::error!(request.id = id, http.method = %method, http.path = path, http.status = status, http.wall_ms = wall_ms, error = cause, "request failed");
    } else {
        tracing::info!(request.id = id, http.method = %method, http.path = path, http.status = status, http.wall_ms = wall_ms, "request");
    }
    response
}

/// The caller's own id where it is sane, else a new one.
fn request_id(request: &ServiceRequest) -> String {
    let sane = |id: &&str| {
        (1..=128).contains(&id.len())
            && id
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || b"-_.:/+=@".contains(&c))
    };
    let given = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .filter(sane);
    given.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn takes_json(request: &ServiceRequest) -> bool {
    let mut said = false;
    for value in request.headers().get_all(header::ACCEPT) {
        for range in value.to_str().unwrap_or_default().split(',') {
            said = true;
            let kind = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            let refused = range
                .split(';')
                .skip(1)
                .any(|p| matches!(p.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            let fits = [
                "application/json",
                "application/problem+json",
                "application/*",
                "*/*",
                "text/event-stream",
            ];
            if fits.contains(&kind.as_str()) && !refused {
                return true;
            }
        }
    }
    !said
}

fn is_bare_failure(response: &ServiceResponse<BoxBody>) -> bool {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let written = response.headers().get(header::CONTENT_TYPE);
    failed && written.is_none_or(|kind| kind != "application/problem+json" && kind != "application/json")
}

/// The problem for a failure of which only the status is known.
fn generic(status: StatusCode) -> Problem {
    let code = Code::ALL.iter().copied().find(|code| code.parts().1 == status);
    match code {
        Some(code) => Problem::new(code, code.parts().2),
        None if status.is_client_error() => Problem::new(Code::InvalidParameter, "the request cannot be read"),
        None => Problem::internal(format!("status {status}")),
    }
}

/// A problem whose request is gone.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
struct Lost {
    problem: Problem,
    path: String,
    id: String,
}

impl Lost {
    fn log(problem: Problem, path: String, id: String, cause: &str) -> actix_web::Error {
        tracing::error!(request.id = id, http.path = path, error = cause, "request failed");
        Self { problem, path, id }.into()
    }
}

impl actix_web::ResponseError for Lost {
    fn status_code(&self) -> StatusCode {
        self.problem.code.parts().1
    }

    fn error_response(&self) -> actix_web::HttpResponse {
        let mut response = self.problem.response(Some(&self.path), Some(&self.id));
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
}
