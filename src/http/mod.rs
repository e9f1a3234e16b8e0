//! The door to the net: requests in, JSON out. Woken by connections; never runs or compiles a learner's code.
//!
//! Reads come from the store; every write goes through intake. Who waits for a report sleeps until the database
//! notifies.

pub mod auth;
mod body;
mod code;
mod edge;
mod events;
mod examples;
pub mod exercise_push;
pub mod exercise_view;
pub mod exercises;
pub mod grader_push;
pub mod graders;
pub mod health;
mod json_path;
pub mod keys;
pub mod openapi;
pub mod problem;
mod routes;
pub mod runs;
mod state;
pub mod submission_list;
pub mod submission_view;
pub mod submissions;
mod wait;

pub use state::{State, Stopping};

use crate::config;
use actix_web::dev::Server;
use actix_web::{App, HttpServer, middleware, web};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tracing_actix_web::TracingLogger;

/// A server that listens on the configured address, and the address itself (port 0 picks a free one).
///
/// It answers once it is awaited or spawned. Signals are the caller's: `server.handle().stop(true)` lets open
/// requests finish within the configured time.
///
/// # Errors
/// Where the address cannot be listened on.
pub fn server(state: State, settings: &config::Http) -> io::Result<(Server, SocketAddr)> {
    let state = web::Data::new(state);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .configure(routes::all)
            .wrap(middleware::from_fn(edge::edge))
            .wrap(TracingLogger::default())
    })
    .workers(cores)
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(settings.shutdown.as_secs())
    .disable_signals()
    .bind(settings.bind)?;
    let address = server.addrs().first().copied().unwrap_or(settings.bind);
    Ok((server.run(), address))
}
