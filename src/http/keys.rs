//! `/v1/keys` and `/v1/tenants`: who may call. A key's text is in one answer only: that of its making.

use super::auth::Access;
use super::body;
use super::problem::{Document, Problem};
use super::state::State;
use crate::domain::id::KeyId;
use crate::domain::key::Role;
use crate::intake::key::{self, MadeKey};
use crate::store::{keys, tenants};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::serde::rfc3339;
use utoipa::ToSchema;
use uuid::Uuid;

/// A key to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "moodle", "role": "platform"}))]
pub struct KeyRequest {
    /// A name to know it by: 1 to 100 characters.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

/// A key just made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f3a0-5a52-7c9e-a9f5-4f1f6a3f2b10", "name": "moodle", "role": "platform", "key": "assay_platform_Zm9v…", "created_at": "2026-01-05T08:00:00Z"}))]
pub struct NewKey {
    /// Its id.
    pub id: Uuid,
    /// The name to know it by.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The key itself; it is not shown again.
    pub key: String,
    /// When it was made.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A key in a list: without the key itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "0193f3a0-5a52-7c9e-a9f5-4f1f6a3f2b10", "name": "moodle", "role": "platform", "created_at": "2026-01-05T08:00:00Z", "revoked_at": null}))]
pub struct KeyItem {
    /// Its id.
    pub id: Uuid,
    /// The name to know it by.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was revoked.
    #[serde(with = "rfc3339::option")]
    pub revoked_at: Option<OffsetDateTime>,
}

/// A tenant's keys.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeyList {
    /// The keys, the oldest first.
    pub items: Vec<KeyItem>,
}

/// A tenant to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "north-school"}))]
pub struct TenantRequest {
    /// Its name: 1 to 100 characters.
    pub name: String,
}

/// A tenant just made, with its first admin key.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewTenant {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its first admin key.
    pub key: NewKey,
}

impl NewKey {
    fn new(made: MadeKey, name: String, role: Role) -> Self {
        Self {
            id: made.id.0,
            name,
            role,
            key: made.key,
            created_at: made.created_at,
        }
    }
}

/// Makes a key. It is shown in this answer and never again.
#[utoipa::path(post, path = "/v1/keys", tag = "keys", request_body = KeyRequest,
    responses(
        (status = 201, description = "The key", body = NewKey),
        (status = 403, description = "Only admins make keys", body = Document, content_type = "application/problem+json"),
        (status = 422, description = "A field cannot be used", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn make(
    access: Access,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin])?;
    let sent: KeyRequest = body::parse(&body::json(&request, payload, &state).await?)?;
    let made = key::make(&state.pool, access.tenant, sent.role, &sent.name).await?;
    Ok(HttpResponse::Created().json(NewKey::new(made, sent.name, sent.role)))
}

/// The tenant's keys, the oldest first, revoked ones too.
#[utoipa::path(get, path = "/v1/keys", tag = "keys",
    responses((status = 200, description = "The keys", body = KeyList)))]
pub async fn list(access: Access, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin])?;
    let found = keys::list(&state.pool, access.tenant).await?;
    let items = found.into_iter().map(|key| KeyItem {
        id: key.id.0,
        name: key.name,
        role: key.role,
        created_at: key.created_at,
        revoked_at: key.revoked_at,
    });
    Ok(HttpResponse::Ok().json(KeyList { items: items.collect() }))
}

/// Revokes a key: it opens nothing any more, within a second.
#[utoipa::path(delete, path = "/v1/keys/{id}", tag = "keys",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 204, description = "The key is revoked"),
        (status = 404, description = "No such key", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn revoke(access: Access, id: web::Path<String>, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin])?;
    let id: KeyId = id.parse().map_err(|_| Problem::not_found("key"))?;
    if !key::revoke(&state.pool, access.tenant, id).await? {
        return Err(Problem::not_found("key"));
    }
    state.keys.clear();
    Ok(HttpResponse::NoContent().finish())
}

/// Makes a tenant with its first admin key. Only admins of the server's first tenant may.
#[utoipa::path(post, path = "/v1/tenants", tag = "keys", request_body = TenantRequest,
    responses(
        (status = 201, description = "The tenant", body = NewTenant),
        (status = 403, description = "Only admins of the first tenant make tenants", body = Document, content_type = "application/problem+json"),
        (status = 409, description = "The name is taken", body = Document, content_type = "application/problem+json"),
    ))]
pub async fn make_tenant(
    access: Access,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = access.only(&[Role::Admin])?;
    if access.tenant != tenants::DEFAULT {
        let message = "only admins of the server's first tenant may make tenants";
        return Err(Problem::new(super::problem::Code::Forbidden, message));
    }
    let sent: TenantRequest = body::parse(&body::json(&request, payload, &state).await?)?;
    let (id, made) = key::make_tenant(&state.pool, &sent.name).await?;
    let key = NewKey::new(made, "first".into(), Role::Admin);
    Ok(HttpResponse::Created().json(NewTenant {
        id: id.0,
        name: sent.name,
        key,
    }))
}
