//! The OpenAPI document, made from the handlers.

use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Assay",
        description = "Grades code exercises in sandboxes: push an exercise, submit a learner's files, read the report.\n\nErrors are `application/problem+json` (RFC 9457) with a stable `code`; every answer has an `X-Request-Id`."
    ),
    paths(
        super::submissions::submit, super::submission_list::list, super::submissions::get, super::submissions::cancel,
        super::events::events, super::runs::run,
        super::exercises::list, super::exercises::get, super::exercise_push::push, super::exercises::retire,
        super::exercises::list_versions, super::exercises::publish, super::exercise_push::check,
        super::exercise_push::get,
        super::grader_push::push, super::graders::list, super::graders::versions, super::graders::get,
        super::graders::activate, super::grader_push::check, super::grader_push::get_check,
        super::keys::make, super::keys::list, super::keys::revoke,
        super::keys::make_tenant, super::health::runtimes, super::health::healthz, super::health::readyz,
    ),
    security(("key" = [])),
    modifiers(&Key),
    tags(
        (name = "submissions", description = "Learners' files and their reports"),
        (name = "runs", description = "Programs' output, for playgrounds"),
        (name = "exercises", description = "Bundles, versions, what learners may see"),
        (name = "graders", description = "Modules that turn submissions into reports"),
        (name = "keys", description = "Keys and tenants"),
        (name = "server", description = "What this server is and whether it works"),
    )
)]
struct Api;

struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut Document) {
        let mut scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        scheme = scheme.description(Some("An API key: `Authorization: Bearer assay_platform_…`"));
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("key", SecurityScheme::Http(scheme.build()));
    }
}

/// The document.
#[must_use]
pub fn document() -> Document {
    Api::openapi()
}
