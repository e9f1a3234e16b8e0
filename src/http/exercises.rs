//! `/v1/exercises`: what learners may see, versions, publishing, retiring. Pushing is in `exercise_push`.

use super::auth::Access;
use super::body;
use super::exercise_view::{
    ExerciseItem, ExercisePage, ExerciseView, Published, VersionItem, VersionList, VisibleTest,
};
use super::problem::{Code, Document, Problem};
use super::state::State;
use super::submission_list::limit;
use crate::domain::bundle::Hints;
use crate::domain::files::FileSet;
use crate::domain::key::Role;
use crate::domain::name::{ExerciseRef, Slug};
use crate::intake::exercise;
use crate::store::{exercises, versions};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    after: Option<String>,
    limit: Option<String>,
}

/// The exercises by name. Authors and admins see drafts and retired ones too.
#[utoipa::path(get, path = "/v1/exercises", tag = "exercises",
    params(
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u64>, Query, description = "How many at most: 1 to 100, 50 unless told"),
    ),
    responses((status = 200, description = "A page", body = ExercisePage)))]
pub async fn list(access: Access, request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let query: ListQuery = body::query(&request)?;
    let mut errors = Vec::new();
    let limit = limit(query.limit.as_deref(), &mut errors);
    let after = query.after.map(Slug::try_from).transpose();
    let after = after.map_err(|_| {
        Problem::field(
            Code::InvalidParameter,
            "after",
            "expected the \"next\" of an earlier page",
        )
    })?;
    if !errors.is_empty() {
        return Err(Problem::fields(Code::InvalidParameter, errors));
    }
    let from = after.as_ref().map_or("", Slug::as_str);
    let mut found = exercises::list(&state.pool, access.tenant, from, limit + 1, access.sees_everything()).await?;
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > full;
    found.truncate(full);
    let next = found.last().filter(|_| more).map(|last| last.slug.clone());
    let items = found.into_iter().map(|exercise| ExerciseItem {
        slug: exercise.slug,
        title: exercise.title,
        live_version: exercise.live_version,
        newest_version: exercise.newest_version,
        created_at: exercise.created_at,
        retired_at: exercise.retired_at,
    });
    Ok(HttpResponse::Ok().json(ExercisePage {
        items: items.collect(),
        next,
    }))
}

/// An exercise as learners may see it: the live version, or the one named by `SLUG@VERSION`.
#[utoipa::path(get, path = "/v1/exercises/{slug}", tag = "exercises",
    params(("slug" = String, Path, description = "`leap`, or one version of it: `leap@3`")),
    responses(
        (status = 200, description = "The exercise", body = ExerciseView),
        (status = 404, description = "No such exercise or version", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn get(access: Access, name: web::Path<String>, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::not_found("exercise");
    let name: ExerciseRef = name.parse().map_err(|_| missing())?;
    let found = exercises::resolve(&state.pool, access.tenant, &name, access.sees_everything()).await?;
    let found = found.ok_or_else(missing)?;
    let version = versions::load(&state.pool, found.version_id)
        .await?
        .ok_or_else(missing)?;
    let files = FileSet::unpack(&version.bundle).map_err(|error| Problem::internal(error.to_string()))?;
    let text = |path: &str| {
        files
            .get(path)
            .map(|body| String::from_utf8_lossy(body).into_owned())
            .unwrap_or_default()
    };
    let spec = found.spec;
    let (hidden, visible): (Vec<_>, Vec<_>) = version
        .verification
        .tests
        .into_iter()
        .partition(|test| spec.is_hidden(&test.name));
    let tests = visible.into_iter().map(|test| VisibleTest {
        max_score: spec.weight(&test.name, test.points),
        name: test.name,
    });
    let starter = files.below("starter");
    let starter = starter
        .iter()
        .map(|(path, body)| (path.to_string(), String::from_utf8_lossy(body).into_owned()));
    Ok(HttpResponse::Ok().json(ExerciseView {
        slug: String::from(name.slug),
        version: found.version,
        statement: text("README.md"),
        starter: starter.collect(),
        tests: tests.collect(),
        hidden_tests_count: hidden.len(),
        hints_count: toml::from_str::<Hints>(&text("hints.toml")).map_or(0, |hints| hints.len()),
        title: spec.title,
        submission_files: spec.submission_files,
        limits: spec.limits,
        isolation: spec.isolation,
        grader: spec.grader,
        runtime: spec.runtime,
    }))
}

/// The versions of an exercise, the newest first.
#[utoipa::path(get, path = "/v1/exercises/{slug}/versions", tag = "exercises",
    params(("slug" = String, Path, description = "The exercise's name")),
    responses(
        (status = 200, description = "The versions", body = VersionList),
        (status = 404, description = "No such exercise", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn list_versions(
    access: Access,
    slug: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found("exercise"))?;
    let found = versions::list(&state.pool, access.tenant, slug.as_str()).await?;
    let all = access.sees_everything();
    let items = found
        .into_iter()
        .filter(|version| all || version.published_at.is_some());
    let items: Vec<_> = items
        .map(|version| VersionItem {
            version: version.version,
            title: version.title,
            live: version.live,
            digest: format!("sha256:{}", hex::encode(version.bundle_digest)),
            created_at: version.created_at,
            published_at: version.published_at,
        })
        .collect();
    if items.is_empty() {
        return Err(Problem::not_found("exercise"));
    }
    Ok(HttpResponse::Ok().json(VersionList {
        slug: String::from(slug),
        items,
    }))
}

/// Makes a version live, for the first time or again (roll back). Brings a retired exercise back.
#[utoipa::path(post, path = "/v1/exercises/{slug}/versions/{version}/publish", tag = "exercises",
    params(
        ("slug" = String, Path, description = "The exercise's name"),
        ("version" = i32, Path, description = "The version's number"),
    ),
    responses(
        (status = 200, description = "The version is live", body = Published),
        (status = 404, description = "No such version", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn publish(
    access: Access,
    path: web::Path<(String, String)>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin, Role::Author])?;
    let missing = || Problem::not_found("version");
    let (slug, version) = path.into_inner();
    let slug: Slug = slug.parse().map_err(|_| missing())?;
    let version: i32 = version.parse().map_err(|_| missing())?;
    if !exercise::publish(&state.pool, access.tenant, &slug, version).await? {
        return Err(missing());
    }
    Ok(HttpResponse::Ok().json(Published {
        slug: String::from(slug),
        version,
        published: true,
    }))
}

/// Retires an exercise: nothing new can be submitted to it; what was submitted stays.
#[utoipa::path(delete, path = "/v1/exercises/{slug}", tag = "exercises",
    params(("slug" = String, Path, description = "The exercise's name")),
    responses(
        (status = 204, description = "The exercise is retired"),
        (status = 404, description = "No such exercise", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn retire(access: Access, slug: web::Path<String>, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin, Role::Author])?;
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found("exercise"))?;
    if !exercise::retire(&state.pool, access.tenant, &slug).await? {
        return Err(Problem::not_found("exercise"));
    }
    Ok(HttpResponse::NoContent().finish())
}
