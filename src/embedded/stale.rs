//! What an earlier server may have left behind: a postmaster that is still stopping, or a pid file that names a
//! process which is dead, a zombie, or somebody else by now.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{EmbeddedError, io_error};

const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for an earlier postmaster to go, helps it along when it takes long, and removes its pid file. Only called
/// while the folder is locked, so whatever still runs has lost its supervisor.
pub(super) fn clear(data: &Path) -> Result<(), EmbeddedError> {
    let file = data.join("postmaster.pid");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io_error("read", &file)(error)),
    };
    let pid = text
        .lines()
        .next()
        .and_then(|line| line.trim().parse::<i32>().ok())
        .and_then(Pid::from_raw);
    if let Some(pid) = pid
        && runs(pid, data)
    {
        tracing::info!(
            embedded.pid = pid.as_raw_nonzero().get(),
            "waiting for the database of an earlier process"
        );
        for signal in [Signal::INT, Signal::QUIT] {
            // An error means that it has just gone, which the wait below finds out.
            let _ = kill_process(pid, signal);
            if gone_within(pid, data, PATIENCE) {
                break;
            }
        }
        if runs(pid, data) {
            return Err(EmbeddedError::Lingers {
                dir: data.to_owned(),
                pid: pid.as_raw_nonzero().get(),
            });
        }
    }
    match fs::remove_file(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io_error("remove", &file)(error)),
        _ => Ok(()),
    }
}

fn gone_within(pid: Pid, data: &Path, patience: Duration) -> bool {
    let start = Instant::now();
    while runs(pid, data) {
        if start.elapsed() > patience {
            return false;
        }
        sleep(Duration::from_millis(10));
    }
    true
}

/// Whether that process is a living `postgres` of this folder. A zombie, or another program that got the number since,
/// is not.
fn runs(pid: Pid, data: &Path) -> bool {
    let (Ok(its), Ok(ours)) = (fs::metadata(format!("/proc/{pid}/cwd")), fs::metadata(data)) else {
        return false;
    };
    if (its.dev(), its.ino()) != (ours.dev(), ours.ino()) {
        return false;
    }
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return false;
    };
    // `123 (postgres) S …`: the name may hold spaces and brackets, so look for the last one.
    let Some((head, tail)) = stat.rsplit_once(')') else {
        return false;
    };
    head.ends_with("(postgres") && !matches!(tail.trim_start().chars().next(), Some('Z' | 'X'))
}
