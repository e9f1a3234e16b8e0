//! One embedded PostgreSQL for the whole test run, and a fresh database with all migrations for every test.
//!
//! The server starts with the first test that asks for it. It stops with this process, however that ends; a small
//! shell that waits for the end then removes its files.

use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use assay::config::{Config, Embedded as Settings, Source};
use assay::db::MIGRATOR;
use assay::embedded::Embedded;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgPool};
use tempfile::TempDir;
use uuid::Uuid;

const TEMPLATE: &str = "template_assay";

struct Server {
    embedded: Embedded,
    /// Closes when this process ends.
    _remover: ChildStdin,
}

static SERVER: OnceLock<Server> = OnceLock::new();

/// A database of its own for one test.
pub struct TestDatabase {
    /// Connections to it.
    pub pool: PgPool,
    /// How to get more of them.
    #[allow(dead_code, reason = "for tests that start a second process or pool")]
    pub options: PgConnectOptions,
}

/// Makes a fresh database.
pub async fn fresh() -> TestDatabase {
    let server = tokio::task::spawn_blocking(|| SERVER.get_or_init(start))
        .await
        .expect("the database server starts");
    let options = server.embedded.connect_options();
    let name = format!("test_{}", Uuid::new_v4().simple());
    let mut admin = options.connect().await.expect("the server answers");
    admin
        .execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}")))
        .await
        .expect("a database can be made");
    admin.close().await.expect("the connection closes");
    let options = options.database(&name);
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .connect_with(options.clone())
        .await
        .expect("it answers");
    TestDatabase { pool, options }
}

/// Settings for an embedded server in a folder of the caller's choice.
pub fn settings(data_dir: &Path) -> Settings {
    let installed = Config::from_source(&Source::from_env().expect("readable settings"))
        .expect("good settings")
        .embedded;
    Settings {
        data_dir: data_dir.to_owned(),
        durable: false,
        ..installed
    }
}

/// A folder whose files are removed with the returned handle.
pub fn folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("assay-test-")
        .tempdir()
        .expect("a temporary folder")
}

fn start() -> Server {
    let data = folder().keep();
    let settings = settings(&data);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let embedded = runtime.block_on(async {
        let embedded = Embedded::start(&settings)
            .await
            .expect("PostgreSQL starts: run `make setup` first");
        let options = embedded.connect_options();
        let mut admin = options.connect().await.expect("the server answers");
        admin
            .execute(AssertSqlSafe(format!("CREATE DATABASE {TEMPLATE}")))
            .await
            .expect("a template can be made");
        admin.close().await.expect("the connection closes");
        let mut template = options
            .database(TEMPLATE)
            .connect()
            .await
            .expect("the template answers");
        MIGRATOR.run(&mut template).await.expect("the migrations apply");
        template.close().await.expect("the connection closes");
        embedded
    });
    let socket_dir = embedded
        .connect_options()
        .get_socket()
        .cloned()
        .expect("it listens on a socket");
    // `read` returns when this process is gone; the server may need a moment more.
    let script = "read -r _; while kill -0 $1 2>/dev/null; do sleep 0.05; done; rm -rf \"$2\" \"$3\"";
    let mut remover = Command::new("sh");
    remover
        .args(["-c", script, "sh"])
        .arg(embedded.pid().expect("it runs").to_string())
        .arg(&data)
        .arg(socket_dir);
    std::os::unix::process::CommandExt::process_group(&mut remover, 0);
    let remover = remover
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let remover = remover.expect("sh runs").stdin.take().expect("a pipe");
    Server {
        embedded,
        _remover: remover,
    }
}
