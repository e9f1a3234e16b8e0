//! The built program as a user runs it: a process with a data folder and a PostgreSQL of its own.

use super::app::{Answer, client, send};
use super::database::folder;
use super::sandboxes::runtime_dir;
use reqwest::{Method, RequestBuilder};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The admin key of every server of the tests.
const KEY: &str = "assay_admin_key-of-a-test-key-of-a-test-key";

/// A running `assay serve`. Stopped when dropped; its folder stays for the next start.
pub struct Server {
    process: Child,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    client: reqwest::Client,
}

/// Where a server keeps its data.
pub fn data() -> TempDir {
    folder()
}

impl Server {
    /// Starts the program on a free port and waits until it says where it listens.
    pub fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_assay"))
            .arg("serve")
            .current_dir(env!("CARGO_MANIFEST_DIR")) // where the demo course is
            .env_remove("DATABASE_URL")
            .env("ASSAY_BIND", "127.0.0.1:0")
            .env("ASSAY_DATA_DIR", data)
            .env("ASSAY_ADMIN_KEY", KEY)
            .env("ASSAY_RUNTIME_DIR", runtime_dir())
            .env("ASSAY_SLOTS", "2")
            .env("ASSAY_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut said = BufReader::new(process.stdout.take().expect("its output")).lines();
        let url = said
            .find_map(|line| Some(line.ok()?.strip_prefix("Assay listens on ")?.to_owned()))
            .expect("it says where it listens");
        // Nobody reads the rest; the pipe stays open so that writing to it never fails.
        std::thread::spawn(move || said.for_each(drop));
        Self {
            process,
            url,
            client: client(),
        }
    }

    /// Ends the process at once, as a power cut does.
    pub fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it is dead");
    }

    /// A request with the admin key.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(KEY)
    }

    /// `GET` with the admin key.
    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Runs a client command against this server.
    pub fn command(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_assay"))
            .args(arguments)
            .env("ASSAY_URL", &self.url)
            .env("ASSAY_KEY", KEY)
            .output()
            .expect("the command runs")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // In good order, so that it clears away what it has outside of its folder.
        let running = self.process.try_wait().is_ok_and(|ended| ended.is_none());
        if let Some(pid) = Pid::from_raw(self.process.id().cast_signed()).filter(|_| running) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.process.wait();
    }
}
