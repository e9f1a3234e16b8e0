//! The records of `graders/wit/grader.wit`, as the host speaks them.

use wasmtime::component::{ComponentType, Lift, Lower};

/// A file that a program or grader is given.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct File {
    /// Relative, with `/` between the parts.
    pub path: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// One submission to grade.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct GradeJob {
    /// What the learner handed in.
    pub submission: Vec<File>,
    /// The exercise's `tests/` folder.
    pub tests: Vec<File>,
    /// The exercise's settings, as JSON.
    pub settings: String,
    /// Tests that were reported already.
    pub skip: Vec<String>,
}

/// How a test ended, in the grader's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names of the contract")]
pub enum Status {
    #[component(name = "passed")]
    Passed,
    #[component(name = "failed")]
    Failed,
    #[component(name = "error")]
    Error,
    #[component(name = "timeout")]
    Timeout,
    #[component(name = "memory-limit")]
    MemoryLimit,
    #[component(name = "output-limit")]
    OutputLimit,
    #[component(name = "skipped")]
    Skipped,
}

/// A test that will be reported.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct Planned {
    /// Its name in reports.
    pub name: String,
    /// The file below `tests/`.
    pub file: String,
    /// The line, from 1; 0 where there is none.
    pub line: u32,
    /// Points to earn, where the exercise gives none.
    pub points: Option<f64>,
}

/// One part of a test.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct Part {
    /// As in `n=3`.
    pub params: String,
    /// How it ended.
    pub status: Status,
    /// What a learner should read.
    pub message: String,
}

/// What a test came to.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct TestOutcome {
    /// How it ended.
    pub status: Status,
    /// The share of the points that was earned.
    pub share: Option<f64>,
    /// What a learner should read.
    pub message: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What came instead.
    pub actual: Option<String>,
    /// The learner's own frames.
    pub traceback: Option<String>,
    /// The kind of error.
    pub kind: Option<String>,
    /// The test's parts.
    pub parts: Vec<Part>,
}

/// What kept files from loading, or ended a program. Runtimes answer with it in JSON too.
#[derive(Clone, Debug, serde::Deserialize, ComponentType, Lift, Lower)]
#[component(record)]
pub struct LoadDiagnostic {
    /// Relative to the submission, or to `tests/`.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1.
    pub column: Option<u32>,
    /// Behind the last character meant.
    #[component(name = "end-column")]
    pub end_column: Option<u32>,
    /// The kind of error.
    pub kind: String,
    /// What a learner should read.
    pub message: String,
    /// The line of code.
    pub text: Option<String>,
    /// The learner's own frames.
    pub traceback: Option<String>,
}

/// Where something was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names of the contract")]
pub enum Stream {
    #[component(name = "stdout")]
    Stdout,
    #[component(name = "stderr")]
    Stderr,
}

/// Something that a program printed.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct Printed {
    /// Where.
    pub stream: Stream,
    /// What.
    pub text: String,
}

/// A program's message, and what it printed before it.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct Reply {
    /// As the program sent it.
    pub message: Vec<u8>,
    /// In the order printed.
    pub printed: Vec<Printed>,
}

/// Why a program is no longer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names of the contract")]
pub enum How {
    #[component(name = "returned")]
    Returned,
    #[component(name = "exited")]
    Exited,
    #[component(name = "timeout")]
    Timeout,
    #[component(name = "memory-limit")]
    MemoryLimit,
    #[component(name = "output-limit")]
    OutputLimit,
    #[component(name = "stack-overflow")]
    StackOverflow,
    #[component(name = "crashed")]
    Crashed,
}

/// How a program ended and what it used.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct ProgramEnded {
    /// Why.
    pub how: How,
    /// Its exit code.
    pub code: i32,
    /// What a learner should read.
    pub message: String,
    /// Printed since the last reply.
    pub printed: Vec<Printed>,
    /// The exception that ended it.
    pub diagnostic: Option<LoadDiagnostic>,
    /// Instructions used.
    pub instructions: u64,
    /// Largest memory in bytes.
    #[component(name = "peak-memory-bytes")]
    pub peak_memory_bytes: u64,
}

/// A program to run from start to end.
#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(record)]
pub struct Program {
    /// Its files.
    pub files: Vec<File>,
    /// The file to run and its arguments.
    pub argv: Vec<String>,
    /// Standard input.
    pub stdin: Vec<u8>,
}

/// What a grader tells while it grades.
#[derive(Clone, Debug)]
pub enum Event {
    /// All tests, in file order.
    Plan(Vec<Planned>),
    /// A test file that could not be loaded.
    LoadError(String, LoadDiagnostic),
    /// A test begins.
    Start(String),
    /// A test has ended.
    Finish(String, TestOutcome),
    /// A line for the server's log.
    Log(String),
}
