//! Reads the environment (and `.env`) once, at the start, into typed settings: one struct per room.
//!
//! A bad value stops the start with one line that names the variable and what was expected. Secrets are wrapped, so
//! that they never reach a log line. This room never touches the network or the database; the only file it writes is
//! the admin key of a first start.

mod admin_key;
mod source;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

pub use admin_key::AdminKey;
pub use source::{ConfigError, Source};

/// Every setting that the server reads, with its default: the table of the README and the check for unknown names.
pub const SETTINGS: &[&str] = &[
    "ASSAY_ADMIN_KEY",
    "ASSAY_BIND",
    "ASSAY_CACHE",
    "ASSAY_DATA_DIR",
    "ASSAY_KEY",
    "ASSAY_LEASE_SECONDS",
    "ASSAY_LOG",
    "ASSAY_LOG_FORMAT",
    "ASSAY_MAX_BODY_KB",
    "ASSAY_MAX_BUNDLE_KB",
    "ASSAY_MAX_MEMORY_MB",
    "ASSAY_MAX_TIME_MS",
    "ASSAY_METRICS_KEY",
    "ASSAY_PG_DIR",
    "ASSAY_RUNTIME_DIR",
    "ASSAY_SHUTDOWN_SECONDS",
    "ASSAY_SLOTS",
    "ASSAY_URL",
];

/// All settings of a process, grouped by the room that uses them.
#[derive(Debug, Clone)]
pub struct Config {
    /// The door to the net.
    pub http: Http,
    /// Where the database is.
    pub db: Db,
    /// The PostgreSQL this process runs itself when no `DATABASE_URL` is given.
    pub embedded: Embedded,
    /// What a single run may use at most, and how many may run side by side.
    pub sandbox: Sandbox,
    /// How jobs are claimed and given back.
    pub worker: Worker,
    /// What is logged, and in which form.
    pub telemetry: Telemetry,
    /// Folder of everything that must outlive a restart.
    pub data_dir: PathBuf,
    /// `ASSAY_*` variables that mean nothing to this version: probably misspelt. Warn about each by name.
    pub unknown: Vec<String>,
}

/// Settings of the HTTP server.
#[derive(Debug, Clone)]
pub struct Http {
    /// Address and port to listen on.
    pub bind: SocketAddr,
    /// Largest JSON body in bytes.
    pub max_body: usize,
    /// Largest bundle upload in bytes.
    pub max_bundle: usize,
    /// When set, `/metrics` asks for it.
    pub metrics_key: Option<SecretString>,
    /// The admin key given in the environment; unset: see [`Config::admin_key`].
    pub admin_key: Option<SecretString>,
    /// How long open requests may take to finish once the server is told to stop.
    pub shutdown: Duration,
}

/// Settings of the database pool.
#[derive(Debug, Clone)]
pub struct Db {
    /// Connection URL; unset: the embedded PostgreSQL.
    pub url: Option<SecretString>,
    /// Upper bound of connections in the pool.
    pub max_connections: u32,
}

/// Settings of the embedded PostgreSQL.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// The PostgreSQL 18 installation: the folder that holds `bin`, `lib` and `share`.
    pub install_dir: PathBuf,
    /// The folder in which its data lives (`postgres` below it), together with the lock file.
    pub data_dir: PathBuf,
    /// Whether the data must survive a power cut. Only tests say no.
    pub durable: bool,
}

/// Settings of the sandboxes.
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// How many sandboxes run side by side.
    pub slots: usize,
    /// Where built runtimes are kept.
    pub runtime_dir: PathBuf,
    /// The most that an exercise may ask for.
    pub max_time_ms: u32,
    /// The most that an exercise may ask for.
    pub max_memory_mb: u32,
}

/// Settings of the worker.
#[derive(Debug, Clone)]
pub struct Worker {
    /// How many jobs are worked on side by side.
    pub slots: usize,
    /// A job whose worker is silent for this long goes to another one.
    pub lease: Duration,
    /// How long running jobs may take to finish once the worker is told to stop.
    pub shutdown: Duration,
}

/// Settings of the log.
#[derive(Debug, Clone)]
pub struct Telemetry {
    /// A filter in the form of `tracing_subscriber::EnvFilter`.
    pub filter: String,
    /// The form of a line.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people, with colours on a terminal.
    Pretty,
    /// For machines, one JSON object per line.
    Json,
}

impl Config {
    /// Reads `.env` (where there is one) and the process environment. What the environment says wins.
    ///
    /// # Errors
    /// When a value cannot be used; the message is one line and names the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_source(&Source::from_env()?)
    }

    /// Reads settings from the given source. Used by tests.
    ///
    /// # Errors
    /// When a value cannot be used; the message is one line and names the variable.
    pub fn from_source(source: &Source) -> Result<Self, ConfigError> {
        let data_dir = absolute(source.path("ASSAY_DATA_DIR")?.unwrap_or_else(|| "data".into()))?;
        let cache = absolute(source.path("ASSAY_CACHE")?.unwrap_or_else(|| ".assay".into()))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let slots = source
            .number("ASSAY_SLOTS", 1, 256)?
            .map_or(cores.min(256), |slots| slots as usize);
        let shutdown = Duration::from_secs(source.number("ASSAY_SHUTDOWN_SECONDS", 0, 3_600)?.unwrap_or(20));
        Ok(Self {
            http: Http {
                bind: source
                    .address("ASSAY_BIND")?
                    .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
                max_body: kilobytes(source.number("ASSAY_MAX_BODY_KB", 16, 1_048_576)?.unwrap_or(1_024)),
                max_bundle: kilobytes(source.number("ASSAY_MAX_BUNDLE_KB", 16, 1_048_576)?.unwrap_or(16_384)),
                metrics_key: source.secret("ASSAY_METRICS_KEY")?,
                admin_key: source.secret("ASSAY_ADMIN_KEY")?,
                shutdown,
            },
            db: Db {
                url: source.database_url()?,
                max_connections: pool_size(slots),
            },
            embedded: Embedded {
                install_dir: match source.path("ASSAY_PG_DIR")? {
                    Some(dir) => absolute(dir)?,
                    None => cache.join("postgresql"),
                },
                data_dir: data_dir.clone(),
                durable: true,
            },
            sandbox: Sandbox {
                slots,
                runtime_dir: source
                    .path("ASSAY_RUNTIME_DIR")?
                    .map(absolute)
                    .transpose()?
                    .unwrap_or(cache),
                max_time_ms: small(source.number("ASSAY_MAX_TIME_MS", 10, 600_000)?, 10_000),
                max_memory_mb: small(source.number("ASSAY_MAX_MEMORY_MB", 16, 4_096)?, 512),
            },
            worker: Worker {
                slots,
                lease: Duration::from_secs(source.number("ASSAY_LEASE_SECONDS", 3, 3_600)?.unwrap_or(30)),
                shutdown,
            },
            telemetry: Telemetry {
                filter: source.log_filter("ASSAY_LOG")?.unwrap_or_else(|| "info".to_owned()),
                format: source.log_format("ASSAY_LOG_FORMAT")?,
            },
            data_dir,
            unknown: source.unknown(SETTINGS),
        })
    }

    /// The admin key of this server: the one given in `ASSAY_ADMIN_KEY`, or the one kept in the data folder, which is
    /// made on the first call.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn admin_key(&self) -> Result<AdminKey, ConfigError> {
        match &self.http.admin_key {
            Some(key) => Ok(AdminKey::Given(key.clone())),
            None => AdminKey::kept_in(&self.data_dir),
        }
    }
}

/// Enough for the worker, the web requests and the listener; well below the 50 that the embedded server allows.
fn pool_size(slots: usize) -> u32 {
    u32::try_from(slots).unwrap_or(u32::MAX).saturating_mul(2).clamp(10, 32)
}

fn kilobytes(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX).saturating_mul(1024)
}

fn small(n: Option<u64>, default: u32) -> u32 {
    n.and_then(|n| u32::try_from(n).ok()).unwrap_or(default)
}

fn absolute(path: impl AsRef<Path>) -> Result<PathBuf, ConfigError> {
    let path = path.as_ref();
    std::path::absolute(path).map_err(|error| ConfigError::Path {
        path: path.to_owned(),
        error,
    })
}
