//! `GET /v1/submissions`: lists with cursors, the newest first.

use super::auth::Access;
use super::body;
use super::problem::{Code, Document, Problem};
use super::state::State;
use super::submission_view::SubmissionSummary;
use crate::domain::id::SubmissionId;
use crate::domain::name::{ExerciseRef, LearnerId};
use crate::intake::FieldError;
use crate::store::submission_list::{self, Filter};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [super::examples::summary()], "next": "AZPzoFpSfJ6p9U8faj8rEA"}))]
pub struct SubmissionPage {
    /// The submissions, the newest first, without their reports.
    pub items: Vec<SubmissionSummary>,
    /// Give it as `after` for the next page; null on the last one.
    pub next: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    exercise: Option<String>,
    learner: Option<String>,
    verdict: Option<String>,
    status: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

/// A tenant's submissions, the newest first.
#[utoipa::path(get, path = "/v1/submissions", tag = "submissions",
    params(
        ("exercise" = Option<String>, Query, description = "Only of this exercise (`leap`) or version (`leap@3`)"),
        ("learner" = Option<String>, Query, description = "Only of this learner"),
        ("verdict" = Option<String>, Query, description = "Only with this verdict"),
        ("status" = Option<String>, Query, description = "Only `queued`, `running` or `finished` ones"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u64>, Query, description = "How many at most: 1 to 100, 50 unless told"),
    ),
    responses(
        (status = 200, description = "A page", body = SubmissionPage),
        (status = 400, description = "A parameter cannot be used", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn list(access: Access, request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let query: ListQuery = body::query(&request)?;
    let (filter, limit) = understand(query).map_err(|errors| Problem::fields(Code::InvalidParameter, errors))?;
    let mut found = submission_list::list(&state.pool, access.tenant, &filter, limit + 1).await?;
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = (found.len() > full).then(|| {
        found.truncate(full);
        found.last().map(|last| URL_SAFE_NO_PAD.encode(last.id.0.as_bytes()))
    });
    let items = found.into_iter().map(SubmissionSummary::from).collect();
    Ok(HttpResponse::Ok().json(SubmissionPage {
        items,
        next: next.flatten(),
    }))
}

fn understand(query: ListQuery) -> Result<(Filter, i64), Vec<FieldError>> {
    let mut errors = Vec::new();
    let exercise: Option<ExerciseRef> = parsed("exercise", query.exercise.as_deref(), &mut errors);
    let learner = query
        .learner
        .map(LearnerId::try_from)
        .transpose()
        .unwrap_or_else(|error| {
            errors.push(FieldError::new("learner", error.to_string()));
            None
        });
    let verdict = parsed("verdict", query.verdict.as_deref(), &mut errors);
    let status = parsed("status", query.status.as_deref(), &mut errors);
    let after = query.after.as_deref().and_then(|cursor| {
        let id = URL_SAFE_NO_PAD
            .decode(cursor)
            .ok()
            .and_then(|bytes| Uuid::from_slice(&bytes).ok());
        if id.is_none() {
            errors.push(FieldError::new("after", "expected the \"next\" of an earlier page"));
        }
        id.map(SubmissionId)
    });
    let limit = limit(query.limit.as_deref(), &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let (exercise, version) = exercise.map_or((None, None), |name| (Some(String::from(name.slug)), name.version));
    Ok((
        Filter {
            exercise,
            version,
            learner: learner.map(String::from),
            verdict,
            status,
            after,
        },
        limit,
    ))
}

/// How many a page has at most: 1 to 100, 50 unless told.
pub fn limit(limit: Option<&str>, errors: &mut Vec<FieldError>) -> i64 {
    let Some(text) = limit else { return 50 };
    match text.parse() {
        Ok(limit @ 1..=100) => limit,
        _ => {
            errors.push(FieldError::new("limit", "expected a number from 1 to 100"));
            50
        }
    }
}

fn parsed<T: std::str::FromStr>(name: &str, text: Option<&str>, errors: &mut Vec<FieldError>) -> Option<T>
where
    T::Err: std::fmt::Display,
{
    text?
        .parse()
        .map_err(|error: T::Err| errors.push(FieldError::new(name, error.to_string())))
        .ok()
}
