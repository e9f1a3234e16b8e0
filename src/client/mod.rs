//! The command line's side of the server: everything a person or a script does to a running Assay over HTTP.
//!
//! Wakes when `main` hands it a parsed command; prints what it learned and answers with the exit code. Never opens
//! the database, never runs a sandbox: what it cannot ask the server, it does not know.

mod exercise;
mod failure;
mod grader;
mod key;
mod pack;
mod server;
mod show;
mod submit;
mod terminal;

pub use exercise::ExerciseCommand;
pub use failure::Failure;
pub use grader::GraderCommand;
pub use key::KeyCommand;
pub use pack::read_folder;
pub use submit::SubmitArgs;
pub use terminal::Output;

use server::Server;

/// What a client command ends with when nothing went wrong on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything asked for is so: the submission passed, the exercise verified.
    Good,
    /// The server did its work and the answer is no: not passed, not verified.
    NotGood,
}

impl Outcome {
    /// Good only where both are.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == Self::Good { other } else { Self::NotGood }
    }
}

/// A command that needs a server.
#[derive(Debug, clap::Subcommand)]
pub enum ClientCommand {
    /// Check exercises, or make versions of them
    #[command(subcommand)]
    Exercise(ExerciseCommand),
    /// Check, push and build graders
    #[command(subcommand)]
    Grader(GraderCommand),
    /// Hand in files for an exercise and read the report
    Submit(SubmitArgs),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Key(KeyCommand),
}

/// Runs a command against the server named by `ASSAY_URL`.
///
/// # Errors
/// Where the command could not be carried out; [`Failure::exit_code`] says how to end.
pub async fn run(command: ClientCommand, output: &Output) -> Result<Outcome, Failure> {
    if let ClientCommand::Grader(GraderCommand::Build { module, out }) = &command {
        return grader::build(module, out, output);
    }
    let server = Server::from_env()?;
    match command {
        ClientCommand::Grader(command) => grader::run(command, &server, output).await,
        ClientCommand::Exercise(command) => exercise::run(command, &server, output).await,
        ClientCommand::Submit(args) => submit::run(args, &server, output).await,
        ClientCommand::Key(command) => key::run(command, &server, output).await,
    }
}
