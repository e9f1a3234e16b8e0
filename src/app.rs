//! The wiring: settings, database, sandboxes, HTTP server and worker become one process, and stop in good order.
//!
//! The only room that knows all others. It decides nothing but what is started, and in which order.

mod seed;

use crate::config::{AdminKey, Config};
use crate::db::{self, Hub, MIGRATOR};
use crate::domain::limits::LimitCaps;
use crate::embedded::Embedded;
use crate::grading;
use crate::http;
use crate::intake;
use crate::queue;
use crate::sandbox::{self, EngineOptions, RuntimeInfo, Sandboxes, SandboxesOptions};
use crate::store::runtimes;
use crate::telemetry;
use crate::worker::{Worker, WorkerOptions};
use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;
use std::net::SocketAddr;
use tokio::signal::unix::{SignalKind, signal};

/// What a process does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Answers requests and grades.
    #[default]
    All,
    /// Answers requests.
    Api,
    /// Grades.
    Worker,
}

impl Role {
    fn answers(self) -> bool {
        self != Self::Worker
    }

    fn grades(self) -> bool {
        self != Self::Api
    }
}

/// The database, and the server behind it where that is ours.
struct Database {
    pool: PgPool,
    embedded: Option<Embedded>,
}

impl Database {
    async fn open(config: &Config) -> anyhow::Result<Self> {
        let (options, embedded) = match &config.db.url {
            Some(url) => {
                let options: PgConnectOptions = url.expose_secret().parse().context("DATABASE_URL cannot be read")?;
                (options, None)
            }
            None => {
                let embedded = Embedded::start(&config.embedded).await?;
                (embedded.connect_options(), Some(embedded))
            }
        };
        let pool = db::connect(options, config.db.max_connections)
            .await
            .context("cannot connect to the database")?;
        MIGRATOR
            .run(&pool)
            .await
            .context("cannot bring the database's tables up to date")?;
        Ok(Self { pool, embedded })
    }

    async fn close(self) -> anyhow::Result<()> {
        self.pool.close().await;
        match self.embedded {
            Some(embedded) => Ok(embedded.stop().await?),
            None => Ok(()),
        }
    }
}

/// Reads the settings and sets up the log.
fn begin() -> anyhow::Result<Config> {
    let config = Config::from_env()?;
    telemetry::init(&config.telemetry);
    for name in &config.unknown {
        tracing::warn!(setting = name, "no such setting; is it misspelt?");
    }
    Ok(config)
}

/// Brings the database's tables up to date and ends.
///
/// # Errors
/// Where a setting is bad or the database cannot be had.
pub async fn migrate() -> anyhow::Result<()> {
    let config = begin()?;
    Database::open(&config).await?.close().await
}

/// The most that an exercise may ask for on this server.
fn caps(config: &Config) -> LimitCaps {
    LimitCaps {
        time_ms: config.sandbox.max_time_ms,
        memory_mb: config.sandbox.max_memory_mb,
        ..LimitCaps::default()
    }
}

/// Opens the sandboxes; compiles the runtime first where this machine has not done so yet.
async fn sandboxes(config: &Config) -> anyhow::Result<Sandboxes> {
    let options = SandboxesOptions {
        slots: config.sandbox.slots,
        max_memory_bytes: (config.sandbox.max_memory_mb as usize) << 20,
        compiler: Some(std::env::current_exe().context("cannot find this program's own file")?),
        ..SandboxesOptions::in_folder(&config.sandbox.runtime_dir)
    };
    anyhow::ensure!(
        options.component.exists(),
        "the Python runtime is not built ({} is missing); run `make build`",
        options.component.display()
    );
    let opened = tokio::task::spawn_blocking(move || Sandboxes::open(&options, &|line| tracing::info!("{line}")));
    Ok(opened.await??)
}

/// The runtimes of this machine, loaded once to learn their digests.
///
/// # Errors
/// Where they are not built or cannot be loaded.
pub async fn runtimes() -> anyhow::Result<Vec<RuntimeInfo>> {
    Ok(sandboxes(&begin()?).await?.runtimes())
}

/// Compiles a component from standard input to standard output: the process that a server starts for every uploaded grader.
///
/// # Errors
/// Where this process cannot do so, whatever the component is.
pub fn compile_component(instances: u32, max_memory_bytes: usize) -> anyhow::Result<u8> {
    let options = EngineOptions {
        instances,
        max_memory_bytes,
    };
    Ok(sandbox::compiler::serve(options)?)
}

/// Runs a server until it is told to stop (SIGTERM, SIGINT).
///
/// # Errors
/// Where a setting is bad or something that the server needs cannot be had.
pub async fn serve(role: Role) -> anyhow::Result<()> {
    let config = begin()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let key = config.admin_key()?;
    let database = Database::open(&config).await?;
    let pool = database.pool.clone();
    if database.embedded.is_some() {
        let taken = queue::take_back_all(&pool).await?;
        if taken > 0 {
            tracing::info!(queue.jobs = taken, "took up the jobs that the last run left");
        }
    }
    let hub = Hub::start(&pool)
        .await
        .context("cannot listen for changes in the database")?;
    intake::grader::seed(&pool, &grading::built_in())
        .await
        .context("cannot add the server's own graders")?;
    let mut worker = None;
    if role.grades() {
        let sandboxes = sandboxes(&config).await?;
        for runtime in sandboxes.runtimes() {
            tell(&pool, runtime).await?;
        }
        let options = WorkerOptions {
            permits: config.worker.slots,
            lease: config.worker.lease,
            shutdown: config.worker.shutdown,
            attempts: 3,
            caps: caps(&config),
        };
        worker = Some(Worker::start(pool.clone(), &hub, sandboxes, options));
    }
    let mut server = None;
    if role.answers() {
        intake::key::ensure_admin(&pool, key.secret().expose_secret()).await?;
        let state = http::State::new(pool.clone(), hub.clone(), &config.http, caps(&config));
        let stopping = state.stopping();
        let (running, address) = http::server(state, &config.http)
            .with_context(|| format!("cannot listen on {} (ASSAY_BIND)", config.http.bind))?;
        server = Some((running.handle(), stopping));
        tokio::spawn(running);
        if role.grades() {
            seed::course(&pool, &hub, &caps(&config)).await?;
        }
        welcome(address, &key);
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: finishing what runs");
    if let Some((server, stopping)) = server {
        stopping.announce();
        server.stop(true).await;
    }
    if let Some(worker) = worker {
        worker.stop().await;
    }
    database.close().await
}

/// Stores that a worker has this runtime, for whoever asks the server.
async fn tell(pool: &PgPool, runtime: RuntimeInfo) -> anyhow::Result<()> {
    let runtime = runtimes::Runtime {
        name: runtime.name,
        version: runtime.version,
        language: runtime.language,
        digest: runtime.digest,
    };
    Ok(runtimes::seen(pool, &runtime).await?)
}

/// What a person who starts the server wants to know.
fn welcome(address: SocketAddr, key: &AdminKey) {
    let (shown, kept) = match key {
        AdminKey::Given(_) => ("(from ASSAY_ADMIN_KEY)".to_owned(), String::new()),
        AdminKey::Kept(key, path) | AdminKey::Made(key, path) => (
            key.expose_secret().to_owned(),
            format!("\n            (kept in {})", path.display()),
        ),
    };
    println!("\nAssay listens on http://{address}\n\n  admin key {shown}{kept}\n  API docs  http://{address}/docs\n");
}
