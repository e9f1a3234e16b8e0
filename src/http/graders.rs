//! `/v1/graders`: which graders there are, what became of each version, which one is active. Uploads are in `grader_push`.

use super::auth::Access;
use super::body;
use super::problem::{Code, Document, Problem};
use super::state::State;
use super::wait;
use crate::domain::grader::{GraderKind, GraderStatus};
use crate::domain::id::GraderVersionId;
use crate::domain::key::Role;
use crate::domain::name::Slug;
use crate::domain::verification::{Finding, Verification};
use crate::intake::grader;
use crate::store::audit::{self, Entry};
use crate::store::grader_list::{self, Version};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use time::OffsetDateTime;
use time::serde::rfc3339;
use utoipa::ToSchema;
use uuid::Uuid;

/// A grader in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"name": "stdio", "active_version": 2, "newest_version": 3, "created_at": "2026-01-05T08:00:00Z"}))]
pub struct GraderItem {
    /// What exercises name it by.
    pub name: String,
    /// The version that exercises get which name none.
    pub active_version: Option<i32>,
    /// The newest version, whatever became of it.
    pub newest_version: i32,
    /// When it was first made.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A tenant's graders by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GraderList {
    /// The graders.
    pub items: Vec<GraderItem>,
}

/// A version of a grader: where it stands, and what its admission found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "greet", "version": 1, "status": "rejected", "active": false, "built_in": false, "kind": "component",
    "findings": [{"file": "grader.wasm", "line": null, "message": "it imports \"wasi:sockets/tcp@0.2.0\"; …"}],
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "bytes": 38120,
    "created_at": "2026-01-05T08:00:00Z", "finished_at": "2026-01-05T08:00:01Z",
    "audit": [{"action": "grader.uploaded", "key": null, "key_name": "first", "at": "2026-01-05T08:00:00Z"}]
}))]
pub struct GraderVersion {
    /// The grader's name; null for a check.
    pub name: Option<String>,
    /// Its number; null for a check.
    pub version: Option<i32>,
    /// Where it stands.
    pub status: GraderStatus,
    /// Whether exercises get it which name no version.
    pub active: bool,
    /// Whether it came with the server.
    pub built_in: bool,
    /// What it is made of; null where that is not known (yet).
    pub kind: Option<GraderKind>,
    /// Why it was rejected; empty where it was not.
    pub findings: Vec<Finding>,
    /// How it graded its own exercise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_test: Option<Verification>,
    /// SHA-256 of its files, in hexadecimal.
    pub digest: String,
    /// Bytes of its files.
    pub bytes: i64,
    /// When it was uploaded.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When its admission ended.
    #[serde(with = "rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// Who did what with it, the oldest first; only where one version is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audit: Vec<AuditItem>,
}

/// An entry of the audit trail.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditItem {
    /// What was done: `grader.uploaded`, `grader.admitted`, `grader.rejected`, `grader.activated`, `grader.built_in`.
    pub action: String,
    /// The key that asked for it; null where the server did it.
    pub key: Option<Uuid>,
    /// That key's name.
    pub key_name: Option<String>,
    /// When.
    #[serde(with = "rfc3339")]
    pub at: OffsetDateTime,
}

/// A grader's versions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GraderVersions {
    /// The versions, the newest first.
    pub items: Vec<GraderVersion>,
}

impl GraderVersion {
    /// A version as callers see it.
    #[must_use]
    pub fn new(name: Option<&Slug>, version: Version, audit: Vec<Entry>) -> Self {
        let admission = version.admission.unwrap_or_default();
        let entry = |entry: Entry| AuditItem {
            action: entry.action,
            key: entry.key.map(|key| key.0),
            key_name: entry.key_name,
            at: entry.created_at,
        };
        Self {
            name: name.map(|name| name.as_str().to_owned()),
            version: version.version,
            status: version.status,
            active: version.active,
            built_in: version.built_in,
            kind: admission.kind,
            findings: admission.findings,
            self_test: admission.self_test,
            digest: hex::encode(version.digest),
            bytes: version.bytes,
            created_at: version.created_at,
            finished_at: version.finished_at,
            audit: audit.into_iter().map(entry).collect(),
        }
    }
}

const READERS: [Role; 2] = [Role::Admin, Role::Author];

/// The graders that exercises can name.
#[utoipa::path(get, path = "/v1/graders", tag = "graders",
    responses((status = 200, description = "The graders", body = GraderList)))]
pub async fn list(access: Access, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let access = access.only(&READERS)?;
    let found = grader_list::list(&state.pool, access.tenant).await?;
    let items = found.into_iter().map(|grader| GraderItem {
        name: grader.name,
        active_version: grader.active_version,
        newest_version: grader.newest_version,
        created_at: grader.created_at,
    });
    Ok(HttpResponse::Ok().json(GraderList { items: items.collect() }))
}

/// A grader's versions.
#[utoipa::path(get, path = "/v1/graders/{name}/versions", tag = "graders",
    params(("name" = String, Path, description = "The grader's name")),
    responses(
        (status = 200, description = "The versions", body = GraderVersions),
        (status = 404, description = "No such grader", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn versions(
    access: Access,
    name: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&READERS)?;
    let missing = || Problem::not_found("grader");
    let name: Slug = name.parse().map_err(|_| missing())?;
    let found = grader_list::versions(&state.pool, access.tenant, name.as_str()).await?;
    if found.is_empty() {
        return Err(missing());
    }
    let items = found
        .into_iter()
        .map(|version| GraderVersion::new(Some(&name), version, Vec::new()));
    Ok(HttpResponse::Ok().json(GraderVersions { items: items.collect() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetQuery {
    wait: Option<String>,
}

/// The seconds of `?wait=`.
///
/// # Errors
/// Where they cannot be understood.
pub(super) fn asked_wait(request: &HttpRequest) -> Result<Duration, Problem> {
    let query: GetQuery = body::query(request)?;
    Ok(Duration::from_secs(wait::asked(query.wait.as_deref())?))
}

/// A version of a grader as it stands.
#[utoipa::path(get, path = "/v1/graders/{name}/versions/{version}", tag = "graders",
    params(
        ("name" = String, Path, description = "The grader's name"),
        ("version" = i32, Path, description = "The version's number"),
        ("wait" = Option<u64>, Query, description = "Wait up to so many seconds (60 at most) for the end of its admission"),
    ),
    responses(
        (status = 200, description = "The version", body = GraderVersion),
        (status = 404, description = "No such version", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn get(
    access: Access,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&READERS)?;
    let wait = asked_wait(&request)?;
    let (name, version) = parse(&path)?;
    let look = || grader_list::version(&state.pool, access.tenant, name.as_str(), version);
    let mut found = look().await?.ok_or_else(missing)?;
    if found.status == GraderStatus::Queued && !wait.is_zero() {
        // Any admission's end is a look; they are rare.
        let mut changes = state.hub.subscribe(crate::db::GRADERS, "");
        found = wait::admission(&state, &mut changes, wait, look)
            .await?
            .ok_or_else(missing)?;
    }
    shown(access, &state, &name, found).await
}

/// Makes a version active: exercises that name the grader alone are graded by it from now on. Also the way back.
#[utoipa::path(post, path = "/v1/graders/{name}/versions/{version}/activate", tag = "graders",
    params(
        ("name" = String, Path, description = "The grader's name"),
        ("version" = i32, Path, description = "The version's number"),
    ),
    responses(
        (status = 200, description = "It is active", body = GraderVersion),
        (status = 404, description = "No such version", body = Document, content_type = "application/problem+json"),
        (status = 409, description = "`not_admitted`", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn activate(
    access: Access,
    path: web::Path<(String, String)>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin])?;
    let (name, version) = parse(&path)?;
    let done = grader::activate(&state.pool, access.tenant, access.key, &name, version).await?;
    let found = grader_list::version(&state.pool, access.tenant, name.as_str(), version).await?;
    let found = found.ok_or_else(missing)?;
    if !done {
        let status = found.status.as_str();
        let message = format!("{name}@{version} is {status}; only a version that was admitted can be active");
        return Err(Problem::new(Code::NotAdmitted, message));
    }
    shown(access, &state, &name, found).await
}

async fn shown(access: Access, state: &State, name: &Slug, found: Version) -> Result<HttpResponse, Problem> {
    let subject = format!("{name}@{}", found.version.unwrap_or_default());
    let audit = audit::about(&state.pool, access.tenant, &subject).await?;
    Ok(HttpResponse::Ok().json(GraderVersion::new(Some(name), found, audit)))
}

fn missing() -> Problem {
    Problem::not_found("grader version")
}

fn parse(path: &(String, String)) -> Result<(Slug, i32), Problem> {
    let (name, version) = path;
    Ok((
        name.parse().map_err(|_| missing())?,
        version.parse().map_err(|_| missing())?,
    ))
}

/// The id of a check.
///
/// # Errors
/// `404` where it is none.
pub(super) fn check_id(text: &str) -> Result<GraderVersionId, Problem> {
    text.parse().map_err(|_| Problem::not_found("check of a grader"))
}
