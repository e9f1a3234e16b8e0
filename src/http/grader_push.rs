//! `POST /v1/graders/{name}/versions` and `/v1/grader-checks`: graders arrive here; workers look at them, not this process.

use super::auth::Access;
use super::body;
use super::graders::{GraderVersion, asked_wait, check_id};
use super::problem::{Code, Document, Problem};
use super::state::State;
use super::wait;
use crate::domain::files::FileSet;
use crate::domain::grader::GraderStatus;
use crate::domain::id::GraderVersionId;
use crate::domain::key::Role;
use crate::domain::name::Slug;
use crate::intake::grader;
use crate::store::grader_list;
use crate::store::graders::NewVersion;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushQuery {
    activate: Option<String>,
}

/// Takes a grader as the next version of its name. Its admission goes on in the background; `Location` tells of it.
#[utoipa::path(post, path = "/v1/graders/{name}/versions", tag = "graders",
    params(
        ("name" = String, Path, description = "The grader's name: lower-case letters, digits, `-`, `_`, `.`"),
        ("activate" = Option<bool>, Query, description = "`true`: it becomes active once it is admitted"),
    ),
    request_body(description = "A component, or the zip archive of a package (grader.py or grader.wasm, selftest/)",
        content((Vec<u8> = "application/wasm"), (Vec<u8> = "application/zip"))),
    responses(
        (status = 202, description = "Taken; its admission goes on", body = GraderVersion),
        (status = 413, description = "The upload is too large", body = Document, content_type = "application/problem+json"),
        (status = 415, description = "Neither wasm nor zip", body = Document, content_type = "application/problem+json"),
        (status = 422, description = "The archive cannot be read", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn push(
    access: Access,
    request: HttpRequest,
    name: web::Path<String>,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin])?;
    let bad_name = |error: crate::domain::name::NameError| Problem::field(Code::InvalidParameter, "name", error.0);
    let name: Slug = name.parse().map_err(bad_name)?;
    let query: PushQuery = body::query(&request)?;
    let activate = body::switch("activate", query.activate.as_deref(), false)?;
    let package = package(&request, payload, &state).await?.pack();
    let new = NewVersion {
        id: GraderVersionId::new(),
        tenant: access.tenant,
        package: &package,
        activate,
        key: Some(access.key),
    };
    let version = grader::upload(&state.pool, &name, new).await?;
    let found = grader_list::version(&state.pool, access.tenant, name.as_str(), version).await?;
    let found = found.ok_or_else(|| Problem::internal("the new version of a grader is gone"))?;
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/v1/graders/{name}/versions/{version}")))
        .insert_header((header::RETRY_AFTER, "1"))
        .json(GraderVersion::new(Some(&name), found, Vec::new())))
}

/// Checks a grader as its admission would, and makes nothing of it.
#[utoipa::path(post, path = "/v1/grader-checks", tag = "graders",
    request_body(description = "A component, or the zip archive of a package",
        content((Vec<u8> = "application/wasm"), (Vec<u8> = "application/zip"))),
    responses(
        (status = 200, description = "It would be admitted", body = GraderVersion),
        (status = 202, description = "The check goes on; `Location` has its address", body = GraderVersion),
        (status = 422, description = "`grader_rejected`, with every finding", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn check(
    access: Access,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin])?;
    let package = package(&request, payload, &state).await?.pack();
    let id = GraderVersionId::new();
    let new = NewVersion {
        id,
        tenant: access.tenant,
        package: &package,
        activate: false,
        key: Some(access.key),
    };
    let mut changes = wait::subscribe_admission(&state, id);
    grader::check(&state.pool, new).await?;
    let look = || grader_list::check(&state.pool, access.tenant, id);
    let found = wait::admission(&state, &mut changes, state.verification_wait, look).await?;
    concluded(&state, id, found).await
}

/// A check that took longer than its request.
#[utoipa::path(get, path = "/v1/grader-checks/{id}", tag = "graders",
    params(
        ("id" = String, Path, description = "The check's id"),
        ("wait" = Option<u64>, Query, description = "Wait up to so many seconds (60 at most) for its end"),
    ),
    responses(
        (status = 200, description = "The grader would be admitted", body = GraderVersion),
        (status = 202, description = "The check goes on", body = GraderVersion),
        (status = 404, description = "No such check", body = Document, content_type = "application/problem+json"),
        (status = 422, description = "`grader_rejected`, with every finding", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn get_check(
    access: Access,
    request: HttpRequest,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin])?;
    let id = check_id(&id)?;
    let wait = asked_wait(&request)?;
    let mut changes = wait::subscribe_admission(&state, id);
    let look = || grader_list::check(&state.pool, access.tenant, id);
    let found = wait::admission(&state, &mut changes, wait, look).await?;
    concluded(&state, id, found).await
}

async fn concluded(
    state: &State,
    id: GraderVersionId,
    found: Option<grader_list::Version>,
) -> Result<HttpResponse, Problem> {
    let found = found.ok_or_else(|| Problem::not_found("check of a grader"))?;
    if found.status == GraderStatus::Queued {
        return Ok(HttpResponse::Accepted()
            .insert_header((header::LOCATION, format!("/v1/grader-checks/{id}")))
            .insert_header((header::RETRY_AFTER, "5"))
            .json(GraderVersion::new(None, found, Vec::new())));
    }
    grader::forget_check(&state.pool, id).await?;
    let view = GraderVersion::new(None, found, Vec::new());
    if view.findings.is_empty() {
        Ok(HttpResponse::Ok().json(view))
    } else {
        Err(Problem::findings(Code::GraderRejected, view.findings))
    }
}

async fn package(request: &HttpRequest, payload: web::Payload, state: &State) -> Result<FileSet, Problem> {
    let (form, bytes) = body::grader(request, payload, state).await?;
    let files = web::block(move || grader::unpack(form, bytes.into()));
    let files = files.await.map_err(|error| Problem::internal(error.to_string()))??;
    Ok(files)
}
