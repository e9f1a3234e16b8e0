//! Supervises the embedded PostgreSQL: used only when `DATABASE_URL` is unset.
//!
//! Starts the server from a given installation on a private unix socket, keeps it running, and stops it with the
//! process, however the process ends. Data is durable: `fsync` stays on. It never listens on the network, never runs
//! as root, and never shares its data folder with a second process.
//!
//! ```text
//! data folder/
//!   assay.lock      locked while a process uses the folder; holds its pid
//!   postgres/       the database; made as postgres.new, then renamed
//! ```

mod install;
mod keeper;
mod lock;
mod place;
mod stale;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Pid;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};

use crate::config;
use keeper::Keeper;
use lock::Lock;
use place::Place;

/// The major version of the installation; its data folders cannot be read by another one.
const MAJOR: &str = "18";
const USER: &str = "assay";
const DATABASE: &str = "assay";

/// Why the embedded PostgreSQL does not run. Each message is one line, except for what PostgreSQL itself said.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// There is no PostgreSQL where it should be.
    #[error("no PostgreSQL in {}: run `make setup`, or set ASSAY_PG_DIR or DATABASE_URL", .0.display())]
    NotInstalled(PathBuf),
    /// Another process uses the data folder.
    #[error("the data folder {} is in use by process {pid}: stop it, or choose another folder with ASSAY_DATA_DIR", dir.display())]
    InUse {
        /// The data folder.
        dir: PathBuf,
        /// The process that uses it.
        pid: String,
    },
    /// The database of an earlier process does not go away.
    #[error("an earlier PostgreSQL (process {pid}) still runs in {} and does not stop: end it with `kill {pid}`", dir.display())]
    Lingers {
        /// The database folder.
        dir: PathBuf,
        /// The postmaster.
        pid: i32,
    },
    /// The data was made by another major version.
    #[error("the database in {} was made by PostgreSQL {found}, this is PostgreSQL 18: move the folder away, or dump it with the old version and load it again", dir.display())]
    Version {
        /// The database folder.
        dir: PathBuf,
        /// What its `PG_VERSION` says.
        found: String,
    },
    /// The data belongs to somebody else.
    #[error("the database in {} belongs to user {owner}, and this process runs as user {us}: use the same user as before, or change the owner", dir.display())]
    Owner {
        /// The database folder.
        dir: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Who we are.
        us: u32,
    },
    /// Somebody else's folder stands where the socket should be.
    #[error("{} is not a private folder of this user: remove it", .0.display())]
    Socket(PathBuf),
    /// PostgreSQL does not run as root, and there is nobody else.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a user `assay` nor `nobody`: add one with `useradd --system assay`"
    )]
    NoUser,
    /// A program of PostgreSQL ended with an error.
    #[error("{program} failed ({status}): {output}")]
    Program {
        /// Which one.
        program: &'static str,
        /// How it ended.
        status: String,
        /// The last lines it wrote.
        output: String,
    },
    /// It did not get ready in time.
    #[error("PostgreSQL did not get ready within {0:?}")]
    Slow(Duration),
    /// A file operation failed.
    #[error("{what} {}: {error}", path.display())]
    Io {
        /// What was attempted.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The new server refused its first connection.
    #[error("cannot prepare the database: {0}")]
    Sql(#[from] sqlx::Error),
}

/// A running embedded PostgreSQL. Dropping it stops the server without waiting; [`Embedded::stop`] waits.
#[derive(Debug)]
pub struct Embedded {
    socket_dir: PathBuf,
    keeper: Keeper,
    lock: Lock,
}

impl Embedded {
    /// Starts the server, and makes its data folder first where there is none.
    ///
    /// # Errors
    /// When the server cannot run; the message says what to do about it.
    pub async fn start(settings: &config::Embedded) -> Result<Self, EmbeddedError> {
        let settings = settings.clone();
        let (socket_dir, keeper, lock) = tokio::task::spawn_blocking(move || start(&settings))
            .await
            .map_err(|error| io_error("start", Path::new("postgres"))(io::Error::other(error)))??;
        let embedded = Self {
            socket_dir,
            keeper,
            lock,
        };
        embedded.make_database().await?;
        Ok(embedded)
    }

    /// How to connect to the database.
    #[must_use]
    pub fn connect_options(&self) -> PgConnectOptions {
        options(&self.socket_dir, DATABASE)
    }

    /// The same as a URL, for `psql` and for other programs.
    #[must_use]
    pub fn url(&self) -> String {
        let encoded = self
            .socket_dir
            .to_string_lossy()
            .replace('%', "%25")
            .replace(' ', "%20")
            .replace('/', "%2F");
        format!("postgres://{USER}@{encoded}/{DATABASE}")
    }

    /// The process id of the server, as it is now.
    #[must_use]
    pub fn pid(&self) -> Option<i32> {
        self.keeper.pid().map(Pid::as_raw_nonzero).map(i32::from)
    }

    /// Asks the server to finish and waits until it has.
    ///
    /// # Errors
    /// When the waiting is interrupted.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        let Self {
            keeper,
            lock,
            socket_dir,
        } = self;
        tokio::task::spawn_blocking(move || {
            keeper.stop();
            // Left in place when something else is in it.
            let _ = fs::remove_dir(&socket_dir);
            drop(lock);
        })
        .await
        .map_err(|error| io_error("stop", Path::new("postgres"))(io::Error::other(error)))
    }

    async fn make_database(&self) -> Result<(), EmbeddedError> {
        let mut connection: PgConnection = options(&self.socket_dir, "postgres").connect().await?;
        let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'assay')")
            .fetch_one(&mut connection)
            .await?;
        if !there {
            sqlx::query("CREATE DATABASE assay").execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(())
    }
}

fn options(socket_dir: &Path, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_dir)
        .port(5432)
        .username(USER)
        .database(database)
}

fn start(settings: &config::Embedded) -> Result<(PathBuf, Keeper, Lock), EmbeddedError> {
    let lock = Lock::take(&settings.data_dir)?;
    let data = settings.data_dir.join("postgres");
    let made_before = data.join("PG_VERSION").exists();
    if made_before {
        check_version(&data)?;
    }
    let place = Place::find(settings, &data)?;
    if made_before {
        place.own(&data)?;
        stale::clear(&data)?;
    } else {
        initialise(&place, settings, &data)?;
    }
    let keeper = Keeper::start(place.server(&data, settings.durable)?, &data)?;
    Ok((place.socket_dir, keeper, lock))
}

fn check_version(data: &Path) -> Result<(), EmbeddedError> {
    let file = data.join("PG_VERSION");
    let found = fs::read_to_string(&file).map_err(io_error("read", &file))?;
    if found.trim() == MAJOR {
        Ok(())
    } else {
        Err(EmbeddedError::Version {
            dir: data.to_owned(),
            found: found.trim().to_owned(),
        })
    }
}

/// Runs `initdb` in a folder beside the final one, so that a half-made database is never taken for a whole one.
fn initialise(place: &Place, settings: &config::Embedded, data: &Path) -> Result<(), EmbeddedError> {
    let beside = data.with_file_name("postgres.new");
    if beside.exists() {
        fs::remove_dir_all(&beside).map_err(io_error("remove", &beside))?;
    }
    fs::create_dir(&beside).map_err(io_error("create", &beside))?;
    place.own(&beside)?;
    tracing::info!(embedded.data_dir = %data.display(), "making a new database");
    let output = place
        .initdb(&beside, settings.durable)?
        .output()
        .map_err(io_error("run initdb in", &beside))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(EmbeddedError::Program {
            program: "initdb",
            status: output.status.to_string(),
            output: text,
        });
    }
    fs::rename(&beside, data).map_err(io_error("rename to", data))?;
    let parent = fs::File::open(&settings.data_dir).map_err(io_error("open", &settings.data_dir))?;
    parent.sync_all().map_err(io_error("sync", &settings.data_dir))
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EmbeddedError {
    let path = path.to_owned();
    move |error| EmbeddedError::Io { what, path, error }
}
