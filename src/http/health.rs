//! `/healthz`, `/readyz` and `/v1/runtimes`: what this server is and whether it works.

use super::auth::Access;
use super::problem::{Code, Document, Problem};
use super::state::State;
use crate::db::MIGRATOR;
use crate::store::runtimes::{self, Runtime};
use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

/// Everything is well.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// A language implementation that exercises can ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"name": "python", "version": "3.14.0+1", "language": "Python 3.14", "digest": "sha256:9f86d081…"}))]
pub struct RuntimeInfo {
    /// Its name in `exercise.toml`.
    pub name: String,
    /// Its version; reports carry `NAME@VERSION`.
    pub version: String,
    /// The language it runs.
    pub language: String,
    /// The digest of its code.
    pub digest: String,
}

impl From<Runtime> for RuntimeInfo {
    fn from(stored: Runtime) -> Self {
        let Runtime {
            name,
            version,
            language,
            digest,
        } = stored;
        Self {
            name,
            version,
            language,
            digest: format!("sha256:{digest}"),
        }
    }
}

/// The runtimes of this server.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuntimeList {
    /// The runtimes by name.
    pub items: Vec<RuntimeInfo>,
}

/// Whether the process answers. Asks nobody else.
#[utoipa::path(get, path = "/healthz", tag = "server", security(()),
    responses((status = 200, description = "It answers", body = Health)))]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Whether the server can work: the database answers and has every migration.
#[utoipa::path(get, path = "/readyz", tag = "server", security(()),
    responses(
        (status = 200, description = "It can work", body = Health),
        (status = 503, description = "It cannot work right now", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn readyz(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let newest = MIGRATOR.iter().map(|migration| migration.version).max();
    let applied = sqlx::query_scalar::<_, Option<i64>>("SELECT max(version) FROM _sqlx_migrations WHERE success");
    match applied.fetch_one(&state.pool).await {
        Ok(applied) if applied >= newest => Ok(HttpResponse::Ok().json(Health { status: "ok" })),
        Ok(_) => Err(Problem::new(
            Code::Unavailable,
            "the database lacks migrations; run: assay migrate",
        )),
        Err(error) => {
            let mut problem = Problem::new(Code::Unavailable, "the database does not answer");
            problem.cause = Some(error.to_string());
            Err(problem)
        }
    }
}

/// The runtimes that exercises can ask for.
#[utoipa::path(get, path = "/v1/runtimes", tag = "server",
    responses((status = 200, description = "The runtimes", body = RuntimeList)))]
pub async fn runtimes(_: Access, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let items = runtimes::list(&state.pool).await?.into_iter().map(RuntimeInfo::from);
    Ok(HttpResponse::Ok().json(RuntimeList { items: items.collect() }))
}
