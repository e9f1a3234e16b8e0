//! A thread that starts the server, waits for it, and starts it again when it ends unasked.
//!
//! The system sends the server its stop signal when the *thread* that started it ends. So one thread does both and
//! lives as long as the server; when the process dies, by whatever cause, so does the thread, and the server stops.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, WaitOptions, getpid, kill_process, waitid, waitpid};

use super::place::MakeServer;
use super::{EmbeddedError, io_error, stale};

/// Recovery after a crash replays the log, so this is generous; a server that ends is noticed at once.
const READY_WITHIN: Duration = Duration::from_secs(120);
const STOPS_WITHIN: Duration = Duration::from_secs(30);

/// A server that is kept running. Dropping it asks the server to stop and does not wait.
#[derive(Debug)]
pub(super) struct Keeper {
    state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    pid: Option<Pid>,
    stopping: bool,
}

impl Keeper {
    /// Returns when the server accepts connections.
    pub(super) fn start(server: MakeServer, data: &Path) -> Result<Self, EmbeddedError> {
        let state = Arc::new(Mutex::new(State::default()));
        let (ready, first) = mpsc::channel();
        let (ours, data) = (Arc::clone(&state), data.to_owned());
        let thread = std::thread::Builder::new()
            .name("postgres-keeper".to_owned())
            .spawn(move || keep(&server, &data, &ours, &ready))
            .map_err(io_error("start a thread for", Path::new("postgres")))?;
        first
            .recv()
            .map_err(|error| io_error("start", Path::new("postgres"))(std::io::Error::other(error)))??;
        Ok(Self {
            state,
            thread: Some(thread),
        })
    }

    pub(super) fn pid(&self) -> Option<Pid> {
        lock(&self.state).pid
    }

    /// Asks the server to finish (a "fast" shutdown, then an "immediate" one) and waits for it.
    pub(super) fn stop(mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.signal(Signal::INT);
        let asked = Instant::now();
        let mut pressed = false;
        while !thread.is_finished() {
            if !pressed && asked.elapsed() > STOPS_WITHIN {
                pressed = true;
                self.signal(Signal::QUIT);
            }
            sleep(Duration::from_millis(5));
        }
        if thread.join().is_err() {
            tracing::error!("the thread that kept PostgreSQL panicked");
        }
    }

    fn signal(&self, signal: Signal) {
        let mut state = lock(&self.state);
        state.stopping = true;
        if let Some(pid) = state.pid {
            // An error means that it ended by itself.
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.signal(Signal::INT);
        }
    }
}

fn keep(server: &MakeServer, data: &Path, state: &Mutex<State>, ready: &mpsc::Sender<Result<(), EmbeddedError>>) {
    let mut running = match start(server, data, state) {
        Ok(running) => running,
        Err(error) => {
            // Nobody waits for the answer any more only if the starting thread is gone too.
            let _ = ready.send(Err(error));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    loop {
        let status = running.wait(state);
        if lock(state).stopping {
            return;
        }
        tracing::error!(
            embedded.status = status,
            embedded.output = running.tail(),
            "PostgreSQL ended unasked; starting it again"
        );
        let mut pause = Duration::from_millis(100);
        running = loop {
            match stale::clear(data).and_then(|()| start(server, data, state)) {
                Ok(running) => break running,
                Err(_) if lock(state).stopping => return,
                Err(error) => tracing::error!(%error, "PostgreSQL does not start"),
            }
            sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(10));
        };
    }
}

/// Starts the server and waits until it is ready.
fn start(server: &MakeServer, data: &Path, state: &Mutex<State>) -> Result<Running, EmbeddedError> {
    let begun = Instant::now();
    loop {
        let mut running = Running::spawn(server, state)?;
        while !is_ready(data, running.pid) {
            if running.has_ended(state) {
                break;
            }
            if begun.elapsed() > READY_WITHIN {
                let _ = kill_process(running.pid, Signal::QUIT);
                running.wait(state);
                return Err(EmbeddedError::Slow(READY_WITHIN));
            }
            sleep(Duration::from_millis(5));
        }
        let Some(status) = running.ended.take() else {
            tracing::debug!(
                embedded.pid = running.pid.as_raw_nonzero().get(),
                embedded.start_ms = begun.elapsed().as_millis(),
                "PostgreSQL is ready"
            );
            return Ok(running);
        };
        let output = running.tail();
        // The last connections of a server that was killed take a moment to notice.
        if output.contains("shared memory block") && begun.elapsed() < STOPS_WITHIN && !lock(state).stopping {
            sleep(Duration::from_millis(100));
            continue;
        }
        return Err(EmbeddedError::Program {
            program: "postgres",
            status,
            output,
        });
    }
}

/// The server writes its own state into the last line of its pid file.
fn is_ready(data: &Path, pid: Pid) -> bool {
    let Ok(text) = fs::read_to_string(data.join("postmaster.pid")) else {
        return false;
    };
    let mut lines = text.lines();
    let first = lines.next().and_then(|line| line.trim().parse().ok());
    first == Some(pid.as_raw_nonzero().get()) && lines.nth(6).is_some_and(|line| line.trim() == "ready")
}

/// One server process.
struct Running {
    child: Child,
    pid: Pid,
    tail: Arc<Mutex<VecDeque<String>>>,
    reader: Option<JoinHandle<()>>,
    ended: Option<String>,
}

impl Running {
    fn spawn(server: &MakeServer, state: &Mutex<State>) -> Result<Self, EmbeddedError> {
        let failed = || io_error("start", Path::new("postgres"));
        let mut command = server()?;
        // Held while the process begins, so that a stop either comes before it or finds its pid.
        let mut state = lock(state);
        if state.stopping {
            return Err(failed()(std::io::ErrorKind::Interrupted.into()));
        }
        let mut child = command.spawn().map_err(failed())?;
        let pid = Pid::from_child(&child);
        state.pid = Some(pid);
        let tail = Arc::new(Mutex::new(VecDeque::new()));
        let reader = child
            .stderr
            .take()
            .and_then(|stderr| read_log(stderr, Arc::clone(&tail)));
        Ok(Self {
            child,
            pid,
            tail,
            reader,
            ended: None,
        })
    }

    /// Blocks until the server has ended; says how.
    fn wait(&mut self, state: &Mutex<State>) -> String {
        // As the first process of a container, this one inherits every orphan, and must collect them all.
        let everyone = getpid().is_init();
        loop {
            let whom = if everyone { WaitId::All } else { WaitId::Pid(self.pid) };
            let waited = waitid(whom, WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
            if self.has_ended(state) {
                return self.ended.take().unwrap_or_default();
            }
            match waited {
                Ok(_) if everyone => while let Ok(Some(_)) = waitpid(None, WaitOptions::NOHANG) {},
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => sleep(Duration::from_millis(100)),
            }
        }
    }

    /// Collects the process if it has ended. The pid is forgotten under the same lock, so that no signal ever goes to
    /// a stranger.
    fn has_ended(&mut self, state: &Mutex<State>) -> bool {
        let mut state = lock(state);
        let status = match self.child.try_wait() {
            Ok(None) => return false,
            Ok(Some(status)) => status.to_string(),
            Err(error) => error.to_string(),
        };
        state.pid = None;
        drop(state);
        if let Some(reader) = self.reader.take() {
            // The pipe closes when the last child of the server is gone; a panic there has been reported.
            let _ = reader.join();
        }
        self.ended = Some(status);
        true
    }

    /// The last lines that it wrote.
    fn tail(&self) -> String {
        lock(&self.tail)
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("; ")
    }
}

/// Passes the server's own log on, and keeps its last lines.
fn read_log(stderr: ChildStderr, tail: Arc<Mutex<VecDeque<String>>>) -> Option<JoinHandle<()>> {
    let read = move || {
        for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if line.starts_with("PANIC") || line.starts_with("FATAL") {
                tracing::warn!(postgres.line = line, "PostgreSQL reports");
            } else {
                tracing::debug!(postgres.line = line, "PostgreSQL reports");
            }
            let mut tail = lock(&tail);
            if tail.len() == 12 {
                tail.pop_front();
            }
            tail.push_back(line);
        }
    };
    std::thread::Builder::new()
        .name("postgres-log".to_owned())
        .spawn(read)
        .ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
