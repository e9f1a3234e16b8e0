//! Sets up the log of the process, and holds the names of its fields. Called once, before anything else starts.
//!
//! Field names are dotted and carry their unit: `grading.wall_ms`. A failure is logged once, where it is handled.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{LogFormat, Telemetry};

/// Names of log fields that more than one room writes, so that a search finds them all.
pub mod field {
    /// Id of the request, as in the `X-Request-Id` header.
    pub const REQUEST_ID: &str = "request.id";
    /// Id of the tenant.
    pub const TENANT_ID: &str = "tenant.id";
    /// Id of the submission.
    pub const SUBMISSION_ID: &str = "submission.id";
    /// Id of the job.
    pub const JOB_ID: &str = "job.id";
    /// Kind of the job.
    pub const JOB_KIND: &str = "job.kind";
    /// How often the job was begun, this time included.
    pub const JOB_ATTEMPT: &str = "job.attempt";
    /// Time between enqueueing and claiming.
    pub const JOB_QUEUED_MS: &str = "job.queued_ms";
    /// Time between claiming and finishing.
    pub const JOB_WALL_MS: &str = "job.wall_ms";
}

/// Starts logging to standard error. A second call changes nothing.
pub fn init(settings: &Telemetry) {
    let mut filter: EnvFilter = settings.filter.parse().unwrap_or_else(|_| EnvFilter::new("info"));
    // The pool replaces a lost connection by itself and warns of it; whoever gets an error reports it.
    if let Ok(quiet) = "sqlx_core::pool=error".parse() {
        filter = filter.add_directive(quiet);
    }
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_span_events(FmtSpan::NONE);
    let started = match settings.format {
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
        LogFormat::Pretty => builder
            .with_target(false)
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was set up before");
    }
}
