//! Where the server runs and as whom: the user, an installation that this user can read, a socket folder with a short
//! path, and the command lines.
//!
//! Paths may be long, hold spaces, and lie below folders that only root can enter. So the server gets its data folder
//! as its current folder, opened before the change of user, and its socket lives elsewhere: the system allows no
//! more than 107 bytes for the path of a socket.

use std::fs::{self, File};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{Signal, fchdir, geteuid, getppid, set_parent_process_death_signal};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::install::{reachable, readable_copy};
use super::{EmbeddedError, USER, io_error};
use crate::config;

/// What the server is started with. On the command line, so that no file in the data folder can be out of date.
const OPTIONS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=50",
    "shared_buffers=64MB",
    "max_wal_size=512MB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_logical_replication_workers=0",
    "max_parallel_workers_per_gather=0",
    "max_parallel_maintenance_workers=0",
    "io_method=sync",
    "jit=off",
    "huge_pages=off",
    "synchronous_commit=on",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_line_prefix=",
    "log_min_messages=log",
    "log_checkpoints=off",
    "log_autovacuum_min_duration=-1",
];

/// A user of the machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct User {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Everything the programs of PostgreSQL need to know about this machine.
#[derive(Debug)]
pub(super) struct Place {
    install: PathBuf,
    pub(super) socket_dir: PathBuf,
    /// Whom to become; none: this process is no root and stays who it is.
    user: Option<User>,
}

/// How to start the server, as often as it takes.
pub(super) type MakeServer = Box<dyn Fn() -> Result<Command, EmbeddedError> + Send>;

impl Place {
    pub(super) fn find(settings: &config::Embedded, data: &Path) -> Result<Self, EmbeddedError> {
        let install = &settings.install_dir;
        if !install.join("bin/postgres").is_file() || !install.join("bin/initdb").is_file() {
            return Err(EmbeddedError::NotInstalled(install.clone()));
        }
        let install = fs::canonicalize(install).map_err(io_error("open", install))?;
        let user = if geteuid().is_root() {
            Some(unprivileged_user(data)?)
        } else {
            None
        };
        let install = match user {
            Some(user) if !reachable(&install, user) => readable_copy(&install)?,
            _ => install,
        };
        let socket_dir = socket_dir(&settings.data_dir, user)?;
        Ok(Self {
            install,
            socket_dir,
            user,
        })
    }

    /// Makes sure that the folder belongs to the user that the server runs as.
    pub(super) fn own(&self, dir: &Path) -> Result<(), EmbeddedError> {
        let owner = fs::metadata(dir).map_err(io_error("open", dir))?.uid();
        let us = self.user.map_or(geteuid().as_raw(), |user| user.uid);
        match self.user {
            _ if owner == us => Ok(()),
            Some(user) if owner == 0 => {
                // The folder itself comes last: when this is cut short, the next start begins again.
                for entry in WalkDir::new(dir).contents_first(true) {
                    let entry = entry.map_err(|error| io_error("open", dir)(error.into()))?;
                    lchown(entry.path(), Some(user.uid), Some(user.gid)).map_err(io_error("own", entry.path()))?;
                }
                Ok(())
            }
            _ => Err(EmbeddedError::Owner {
                dir: dir.to_owned(),
                owner,
                us,
            }),
        }
    }

    pub(super) fn initdb(&self, dir: &Path, durable: bool) -> Result<Command, EmbeddedError> {
        let mut command = self.command("initdb", dir)?;
        command.args([
            "-D",
            "/proc/self/cwd",
            "-U",
            USER,
            "--auth-local=trust",
            "--auth-host=reject",
        ]);
        command.args([
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]);
        if !durable {
            command.arg("--no-sync");
        }
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        Ok(command)
    }

    /// The recipe for a server that ends with the thread that starts it.
    pub(super) fn server(&self, data: &Path, durable: bool) -> Result<MakeServer, EmbeddedError> {
        for left in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"].map(|name| self.socket_dir.join(name)) {
            if left.symlink_metadata().is_ok() {
                fs::remove_file(&left).map_err(io_error("remove", &left))?;
            }
        }
        let (place, data) = (
            Self {
                socket_dir: self.socket_dir.clone(),
                install: self.install.clone(),
                ..*self
            },
            data.to_owned(),
        );
        Ok(Box::new(move || {
            let mut command = place.command("postgres", &data)?;
            command.args(["-D", "/proc/self/cwd", "-k"]).arg(&place.socket_dir);
            for option in OPTIONS {
                command.args(["-c", option]);
            }
            if !durable {
                command.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
            }
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            Ok(command)
        }))
    }

    /// A program of the installation, with `dir` as its current folder and nothing of our environment.
    fn command(&self, program: &str, dir: &Path) -> Result<Command, EmbeddedError> {
        let dir_handle = File::open(dir).map_err(io_error("open", dir))?;
        let us = rustix::process::getpid();
        let mut command = Command::new(self.install.join("bin").join(program));
        command.env_clear().envs([("LC_ALL", "C"), ("PATH", "/usr/bin:/bin")]);
        command.env("LD_LIBRARY_PATH", self.install.join("lib"));
        command.stdin(Stdio::null());
        // Its own group: Ctrl-C on the terminal is for this process, which stops the server last.
        command.process_group(0);
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        let prepare = move || {
            fchdir(&dir_handle)?;
            set_parent_process_death_signal(Some(Signal::INT))?;
            // The parent may have died before the line above; its signal would never come.
            if getppid() == Some(us) {
                Ok(())
            } else {
                Err(std::io::ErrorKind::NotConnected.into())
            }
        };
        #[expect(
            unsafe_code,
            reason = "runs between fork and exec: it only makes system calls, and allocates nothing"
        )]
        // SAFETY: `fchdir`, `prctl` and `getppid` are async-signal-safe, and the closure owns what it uses.
        unsafe {
            command.pre_exec(prepare);
        }
        Ok(command)
    }
}

/// For root: whoever owns the data already, else the user `assay`, else `nobody`.
fn unprivileged_user(data: &Path) -> Result<User, EmbeddedError> {
    if let Ok(meta) = fs::metadata(data)
        && meta.uid() != 0
    {
        return Ok(User {
            uid: meta.uid(),
            gid: meta.gid(),
        });
    }
    let path = Path::new("/etc/passwd");
    let passwd = fs::read_to_string(path).map_err(io_error("read", path))?;
    let user = |name: &str| {
        let mut fields = passwd
            .lines()
            .map(|line| line.split(':'))
            .find(|fields| fields.clone().next() == Some(name))?;
        Some(User {
            uid: fields.nth(2)?.parse().ok()?,
            gid: fields.next()?.parse().ok()?,
        })
    };
    user(USER)
        .or_else(|| user("nobody"))
        .filter(|user| user.uid != 0)
        .ok_or(EmbeddedError::NoUser)
}

/// A private folder with a short path, named after the data folder.
fn socket_dir(data_dir: &Path, user: Option<User>) -> Result<PathBuf, EmbeddedError> {
    let canonical = fs::canonicalize(data_dir).map_err(io_error("open", data_dir))?;
    let hash = Sha256::digest(canonical.as_os_str().as_encoded_bytes());
    let owner = user.map_or(geteuid().as_raw(), |user| user.uid);
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let usable = |dir: &PathBuf| user.is_none() && dir.is_dir() && dir.as_os_str().len() < 60;
    let base = runtime.filter(usable).unwrap_or_else(|| "/tmp".into());
    let dir = base.join(format!("assay-{owner}-{}", hex::encode(&hash[..8])));
    match fs::DirBuilder::new().mode(0o700).create(&dir) {
        Ok(()) => {
            if let Some(user) = user {
                lchown(&dir, Some(user.uid), Some(user.gid)).map_err(io_error("own", &dir))?;
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(io_error("create", &dir)(error)),
    }
    let meta = fs::symlink_metadata(&dir).map_err(io_error("open", &dir))?;
    let private = meta.is_dir() && meta.uid() == owner && meta.mode() & 0o077 == 0;
    if private {
        Ok(dir)
    } else {
        Err(EmbeddedError::Socket(dir))
    }
}
