//! The command line: reads what is asked for, picks the room that does it, ends with its exit code.

use assay::app::{self, Role};
use assay::client::{self, ClientCommand, Failure, Outcome, Output};
use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// Grades code exercises in sandboxes.
#[derive(Parser)]
#[command(name = "assay", version, about, propagate_version = true)]
struct Cli {
    /// Print JSON, for machines
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve {
        /// What this process does
        #[arg(long, value_enum, default_value_t = RoleArg::All)]
        role: RoleArg,
    },
    /// Bring the database's tables up to date
    Migrate,
    /// Language runtimes of this machine
    #[command(subcommand)]
    Runtime(RuntimeCommand),
    /// Compile a component from standard input to standard output
    #[command(hide = true)]
    CompileComponent {
        /// Instances of the engine that will load it
        instances: u32,
        /// Largest memory of one, in bytes
        max_memory_bytes: usize,
    },
    #[command(flatten)]
    Client(ClientCommand),
}

#[derive(Subcommand)]
enum RuntimeCommand {
    /// Compile the built runtimes for this machine
    Build,
    /// List names, versions and digests
    List,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    /// Answer requests and grade
    All,
    /// Answer requests
    Api,
    /// Grade
    Worker,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::All => Self::All,
            RoleArg::Api => Self::Api,
            RoleArg::Worker => Self::Worker,
        }
    }
}

/// Exit code where the server or the network is at fault.
const SERVER_FAULT: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::CompileComponent {
        instances,
        max_memory_bytes,
    } = cli.command
    {
        return match app::compile_component(instances, max_memory_bytes) {
            Ok(code) => ExitCode::from(code),
            Err(error) => ended(Err(error)),
        };
    }
    // The embedded PostgreSQL ends with the thread that started it, so the main thread stays until the end.
    let executor = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(executor) => executor,
        Err(error) => {
            eprintln!("assay: cannot start threads: {error}");
            return ExitCode::from(SERVER_FAULT);
        }
    };
    let output = Output::new(cli.json);
    executor.block_on(async {
        match cli.command {
            Command::Serve { role } => ended(app::serve(role.into()).await),
            Command::Migrate => ended(app::migrate().await),
            Command::Runtime(RuntimeCommand::Build | RuntimeCommand::List) => match app::runtimes().await {
                Ok(runtimes) if output.json => {
                    output.document(&serde_json::json!({ "runtimes": runtimes }));
                    ExitCode::SUCCESS
                }
                Ok(runtimes) => {
                    for runtime in runtimes {
                        output.say(&format!(
                            "{}@{}  {}  {}",
                            runtime.name, runtime.version, runtime.language, runtime.digest
                        ));
                    }
                    ExitCode::SUCCESS
                }
                Err(error) => ended(Err(error)),
            },
            Command::CompileComponent { .. } => ExitCode::SUCCESS, // done above
            Command::Client(command) => answered(client::run(command, &output).await),
        }
    })
}

fn ended(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("assay: {error:#}");
            ExitCode::from(SERVER_FAULT)
        }
    }
}

fn answered(result: Result<Outcome, Failure>) -> ExitCode {
    match result {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::NotGood) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("assay: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
