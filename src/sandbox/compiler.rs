//! Compiles what came from outside in a process of its own, so that neither its memory nor its time is the server's.
//!
//! The child is this very program with other limits: what it answers is code that this server's own compiler made.

use super::engine::{self, EngineOptions, SandboxError};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// The hidden command of the program that [`serve`] stands behind.
pub const COMMAND: &str = "compile-component";
/// Memory of the child, in bytes.
const MEMORY: u64 = 3 << 30;
/// Processor time of the child, in seconds.
const PROCESSOR_SECONDS: u64 = 60;
/// Real time of the child.
const PATIENCE: Duration = Duration::from_secs(180);

/// Native code of a component, or why there is none, for the component's author.
///
/// # Errors
/// Where the child cannot be started or talked to.
pub async fn compile(
    program: &Path,
    options: EngineOptions,
    wasm: &[u8],
) -> Result<Result<Vec<u8>, String>, SandboxError> {
    let failed =
        |error: std::io::Error| SandboxError::Engine(format!("cannot compile in a process of its own: {error}"));
    let mut child = Command::new(program)
        .arg(COMMAND)
        .arg(options.instances.to_string())
        .arg(options.max_memory_bytes.to_string())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let input = child.stdin.take();
    let talk = async {
        if let Some(mut input) = input {
            // A child that ended early says why on its standard error.
            let _ = input.write_all(wasm).await;
            let _ = input.shutdown().await;
        }
        child.wait_with_output().await
    };
    let Ok(done) = tokio::time::timeout(PATIENCE, talk).await else {
        return Ok(Err(format!(
            "compiling it took longer than {} seconds",
            PATIENCE.as_secs()
        )));
    };
    let done = done.map_err(failed)?;
    if done.status.success() {
        return Ok(Ok(done.stdout));
    }
    let told = String::from_utf8_lossy(&done.stderr);
    let reason = match done.status.code() {
        Some(1) => told.trim().chars().take(2000).collect(),
        _ => format!(
            "compiling it takes more than {PROCESSOR_SECONDS} seconds or {} GB of memory",
            MEMORY >> 30
        ),
    };
    Ok(Err(reason))
}

/// The child's side: reads a component from standard input, writes native code to standard output. The exit code is 1
/// where the component is at fault; standard error then says why.
///
/// # Errors
/// Where the engine cannot be made or a stream breaks.
pub fn serve(options: EngineOptions) -> Result<u8, SandboxError> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let broken = |error: std::io::Error| SandboxError::Engine(error.to_string());
    let most = |most: u64| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    for (resource, limit) in [
        (Resource::Data, MEMORY),
        (Resource::Cpu, PROCESSOR_SECONDS),
        (Resource::Core, 0),
    ] {
        setrlimit(resource, most(limit)).map_err(|error| broken(error.into()))?;
    }
    let mut wasm = Vec::new();
    std::io::stdin().read_to_end(&mut wasm).map_err(broken)?;
    match engine::engine(options)?.precompile_component(&wasm) {
        Ok(code) => {
            std::io::stdout().write_all(&code).map_err(broken)?;
            Ok(0)
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            Ok(1)
        }
    }
}
