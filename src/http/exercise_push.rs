//! `PUT /v1/exercises/{slug}`, `POST /v1/exercise-checks`, `GET /v1/verifications/{id}`: bundles and their checks.

use super::auth::Access;
use super::body;
use super::problem::{Code, Document, Problem};
use super::state::State;
use super::wait;
use crate::domain::id::VerificationId;
use crate::domain::key::Role;
use crate::domain::name::Slug;
use crate::domain::verification::Verification;
use crate::intake::bundle::{self, Purpose};
use crate::store::verifications::{self, Stored};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use time::OffsetDateTime;
use time::serde::rfc3339;
use utoipa::ToSchema;
use uuid::Uuid;

/// The version that a bundle made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"slug": "leap", "version": 3, "published": true, "verification": super::examples::verification()}))]
pub struct PushedVersion {
    /// The exercise's name.
    pub slug: String,
    /// The version's number.
    pub version: i32,
    /// Whether it is live.
    pub published: bool,
    /// How the bundle's own solutions were graded.
    pub verification: Verification,
}

/// The outcome of a check.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"verification": super::examples::verification()}))]
pub struct Checked {
    /// How the bundle's own solutions were graded.
    pub verification: Verification,
}

/// A verification as it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(title = "Verification", example = json!({
    "id": "0193f3a0-5a52-7c9e-a9f5-4f1f6a3f2b10", "status": "finished", "slug": "leap", "version": 3, "published": true,
    "verification": super::examples::verification(),
    "created_at": "2026-01-05T08:00:00Z", "finished_at": "2026-01-05T08:00:01Z"
}))]
pub struct VerificationView {
    /// Its id.
    pub id: Uuid,
    /// `queued` or `finished`.
    pub status: &'static str,
    /// The exercise that it makes a version of; null for a check.
    pub slug: Option<String>,
    /// The version that it made; null where it did not (yet).
    pub version: Option<i32>,
    /// Whether that version went live.
    pub published: bool,
    /// What it found; its `findings` are empty where the bundle verified.
    pub verification: Option<Verification>,
    /// When it was asked for.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ended.
    #[serde(with = "rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
}

impl VerificationView {
    fn new(id: VerificationId, stored: Stored) -> Self {
        Self {
            id: id.0,
            status: if stored.outcome.is_some() { "finished" } else { "queued" },
            slug: stored.slug,
            version: stored.version,
            published: stored.publish && stored.version.is_some(),
            verification: stored.outcome,
            created_at: stored.created_at,
            finished_at: stored.finished_at,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushQuery {
    publish: Option<String>,
}

/// Verifies a bundle and makes the next version of the exercise of it. Nothing is kept of one that does not verify.
#[utoipa::path(put, path = "/v1/exercises/{slug}", tag = "exercises",
    params(
        ("slug" = String, Path, description = "The exercise's name: lower-case letters, digits, `-`, `_`, `.`"),
        ("publish" = Option<bool>, Query, description = "`false`: the version stays a draft"),
    ),
    request_body(description = "The bundle: a zip or tar.gz archive of the exercise's folder",
        content((Vec<u8> = "application/zip"), (Vec<u8> = "application/gzip"))),
    responses(
        (status = 201, description = "The version is made", body = PushedVersion),
        (status = 202, description = "Verification goes on; `Location` has its address", body = VerificationView),
        (status = 413, description = "The archive is too large", body = Document, content_type = "application/problem+json"),
        (status = 415, description = "Neither zip nor gzip", body = Document, content_type = "application/problem+json"),
        (status = 422, description = "`bundle_invalid` or `verification_failed`, with every finding", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn push(
    access: Access,
    request: HttpRequest,
    slug: web::Path<String>,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin, Role::Author])?;
    let bad_slug = |error: crate::domain::name::NameError| Problem::field(Code::InvalidParameter, "slug", error.0);
    let slug: Slug = slug.parse().map_err(bad_slug)?;
    let query: PushQuery = body::query(&request)?;
    let publish = body::switch("publish", query.publish.as_deref(), true)?;
    let purpose = Purpose::Version { slug: &slug, publish };
    let (id, ended) = verified(access, &request, payload, &state, purpose).await?;
    let Some(ended) = ended else {
        return still_running(access, id, &state).await;
    };
    match (ended.version, ended.outcome.unwrap_or_default()) {
        (Some(version), verification) => {
            let made = PushedVersion {
                slug: String::from(slug),
                version,
                published: publish,
                verification,
            };
            let place = format!("/v1/exercises/{}@{version}", made.slug);
            Ok(HttpResponse::Created()
                .insert_header((header::LOCATION, place))
                .json(made))
        }
        (None, outcome) => Err(Problem::not_verified(outcome)),
    }
}

/// Verifies a bundle as a push does, and makes nothing of it.
#[utoipa::path(post, path = "/v1/exercise-checks", tag = "exercises",
    request_body(description = "The bundle: a zip or tar.gz archive of the exercise's folder",
        content((Vec<u8> = "application/zip"), (Vec<u8> = "application/gzip"))),
    responses(
        (status = 200, description = "The bundle verifies", body = Checked),
        (status = 202, description = "Verification goes on; `Location` has its address", body = VerificationView),
        (status = 422, description = "`bundle_invalid` or `verification_failed`, with every finding", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn check(
    access: Access,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin, Role::Author])?;
    let (id, ended) = verified(access, &request, payload, &state, Purpose::Check).await?;
    let Some(ended) = ended else {
        return still_running(access, id, &state).await;
    };
    bundle::forget_check(&state.pool, id).await?;
    let verification = ended.outcome.unwrap_or_default();
    if verification.findings.is_empty() {
        Ok(HttpResponse::Ok().json(Checked { verification }))
    } else {
        Err(Problem::not_verified(verification))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetQuery {
    wait: Option<String>,
}

/// A verification as it stands.
#[utoipa::path(get, path = "/v1/verifications/{id}", tag = "exercises",
    params(
        ("id" = String, Path, description = "The verification's id"),
        ("wait" = Option<u64>, Query, description = "Wait up to so many seconds (60 at most) for its end"),
    ),
    responses(
        (status = 200, description = "The verification", body = VerificationView),
        (status = 404, description = "No such verification", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn get(
    access: Access,
    request: HttpRequest,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin, Role::Author])?;
    let query: GetQuery = body::query(&request)?;
    let seconds = wait::asked(query.wait.as_deref())?;
    let missing = || Problem::not_found("verification");
    let id: VerificationId = id.parse().map_err(|_| missing())?;
    let mut changes = wait::subscribe_verification(&state, id);
    let mut found = verifications::find(&state.pool, access.tenant, id)
        .await?
        .ok_or_else(missing)?;
    if found.outcome.is_none()
        && let Some(ended) =
            wait::verification(&state, &mut changes, access.tenant, id, Duration::from_secs(seconds)).await?
    {
        found = ended;
    }
    Ok(HttpResponse::Ok().json(VerificationView::new(id, found)))
}

/// Reads the bundle, stores it with its job, and waits for the outcome.
async fn verified(
    access: Access,
    request: &HttpRequest,
    payload: web::Payload,
    state: &State,
    purpose: Purpose<'_>,
) -> Result<(VerificationId, Option<Stored>), Problem> {
    let (packing, bytes) = body::bundle(request, payload, state).await?;
    let files = web::block(move || bundle::unpack(packing, &bytes));
    let files = files.await.map_err(|error| Problem::internal(error.to_string()))??;
    let id = VerificationId::new();
    let mut changes = wait::subscribe_verification(state, id);
    bundle::verify(&state.pool, access.tenant, id, purpose, &files, &state.caps).await?;
    drop(files);
    Ok((
        id,
        wait::verification(state, &mut changes, access.tenant, id, state.verification_wait).await?,
    ))
}

async fn still_running(access: Access, id: VerificationId, state: &State) -> Result<HttpResponse, Problem> {
    let found = verifications::find(&state.pool, access.tenant, id).await?;
    let found = found.ok_or_else(|| Problem::not_found("verification"))?;
    let place = format!("/v1/verifications/{id}");
    let mut response = HttpResponse::Accepted();
    response
        .insert_header((header::LOCATION, place))
        .insert_header((header::RETRY_AFTER, "5"));
    Ok(response.json(VerificationView::new(id, found)))
}
