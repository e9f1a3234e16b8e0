//! The route table: every address, its methods, and who answers.

use super::problem::{Code, Problem};
use super::{
    events, exercise_push, exercises, grader_push, graders, health, keys, openapi, runs, submission_list, submissions,
};
use actix_web::guard;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Resource, Route, web};
use utoipa_swagger_ui::SwaggerUi;

/// Every route.
pub fn all(app: &mut web::ServiceConfig) {
    let at = |path: &str, allow: &'static str, routes: Vec<Route>| resource(path, allow, routes);
    app.service(at("/healthz", "GET, HEAD", vec![get().to(health::healthz)]))
        .service(at("/readyz", "GET, HEAD", vec![get().to(health::readyz)]))
        .service(at(
            "/v1/submissions",
            "GET, HEAD, POST",
            vec![get().to(submission_list::list), web::post().to(submissions::submit)],
        ))
        .service(at(
            "/v1/submissions/{id}",
            "GET, HEAD, DELETE",
            vec![get().to(submissions::get), web::delete().to(submissions::cancel)],
        ))
        .service(at(
            "/v1/submissions/{id}/events",
            "GET",
            vec![web::get().to(events::events)],
        ))
        .service(at("/v1/exercises", "GET, HEAD", vec![get().to(exercises::list)]))
        .service(at(
            "/v1/exercises/{slug}",
            "GET, HEAD, PUT, DELETE",
            vec![
                get().to(exercises::get),
                web::put().to(exercise_push::push),
                web::delete().to(exercises::retire),
            ],
        ))
        .service(at(
            "/v1/exercises/{slug}/versions",
            "GET, HEAD",
            vec![get().to(exercises::list_versions)],
        ))
        .service(at(
            "/v1/exercises/{slug}/versions/{version}/publish",
            "POST",
            vec![web::post().to(exercises::publish)],
        ))
        .service(at(
            "/v1/exercise-checks",
            "POST",
            vec![web::post().to(exercise_push::check)],
        ))
        .service(at(
            "/v1/verifications/{id}",
            "GET, HEAD",
            vec![get().to(exercise_push::get)],
        ))
        .service(at("/v1/graders", "GET, HEAD", vec![get().to(graders::list)]))
        .service(at(
            "/v1/graders/{name}/versions",
            "GET, HEAD, POST",
            vec![get().to(graders::versions), web::post().to(grader_push::push)],
        ))
        .service(at(
            "/v1/graders/{name}/versions/{version}",
            "GET, HEAD",
            vec![get().to(graders::get)],
        ))
        .service(at(
            "/v1/graders/{name}/versions/{version}/activate",
            "POST",
            vec![web::post().to(graders::activate)],
        ))
        .service(at(
            "/v1/grader-checks",
            "POST",
            vec![web::post().to(grader_push::check)],
        ))
        .service(at(
            "/v1/grader-checks/{id}",
            "GET, HEAD",
            vec![get().to(grader_push::get_check)],
        ))
        .service(at("/v1/runs", "POST", vec![web::post().to(runs::run)]))
        .service(at("/v1/runtimes", "GET, HEAD", vec![get().to(health::runtimes)]))
        .service(at(
            "/v1/keys",
            "GET, HEAD, POST",
            vec![get().to(keys::list), web::post().to(keys::make)],
        ))
        .service(at("/v1/keys/{id}", "DELETE", vec![web::delete().to(keys::revoke)]))
        .service(at("/v1/tenants", "POST", vec![web::post().to(keys::make_tenant)]))
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", openapi::document()))
        .default_service(web::to(nothing_here));
}

/// `GET`, and `HEAD`, which is answered with the headers alone.
fn get() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn resource(path: &str, allow: &'static str, routes: Vec<Route>) -> Resource {
    let resource = routes.into_iter().fold(web::resource(path), Resource::route);
    resource.default_service(web::to(move |request: HttpRequest| async move {
        let message = format!("{} is not taken here; this address takes: {allow}", request.method());
        let problem = Problem::new(Code::MethodNotAllowed, message).with_header(header::ALLOW, allow);
        Err::<HttpResponse, _>(problem)
    }))
}

async fn nothing_here() -> Result<HttpResponse, Problem> {
    Err(Problem::new(
        Code::NotFound,
        "there is nothing at this address; /docs lists what there is",
    ))
}
