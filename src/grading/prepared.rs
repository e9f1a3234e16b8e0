//! An exercise made ready for grading: its test files are compiled once, not for every submission.

use super::grader::Grader;
use super::protocol::{self, CompiledFiles};
use super::{backstop, recorder};
use crate::domain::bundle::Bundle;
use crate::domain::exercise::Isolation;
use crate::domain::files::{FilePath, FileSet};
use crate::domain::limits::Limits;
use crate::domain::report::Diagnostic;
use crate::sandbox::contract::{Event, GradeJob};
use crate::sandbox::{Budget, Call, Control, Ending, Observer, Run, SandboxError, Sandboxes, Tree};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{BTreeMap, BTreeSet};

/// A bundle, the code of its test files, and what grades it.
#[derive(Clone)]
pub struct Prepared {
    /// The bundle.
    pub bundle: Bundle,
    /// The grader.
    pub grader: Grader,
    code: FileSet,
}

impl Prepared {
    /// Compiles the test files in a sandbox that sees nothing else. Always the same code for the same files and runtime;
    /// a file that cannot be compiled is left out and tells so when it is loaded.
    ///
    /// # Errors
    /// Only where the sandbox itself failed.
    pub async fn new(sandboxes: &Sandboxes, bundle: Bundle, grader: Grader) -> Result<Self, SandboxError> {
        let mut tree = Tree::new();
        tree.give("work/tests", &bundle.tests);
        let files: Vec<String> = bundle.test_files().map(|file| format!("/work/tests/{file}")).collect();
        let code = if grader.is_python() && !files.is_empty() {
            let compiled = compile(sandboxes, tree, &files, bundle.spec.limits).await?;
            compiled.code
        } else {
            FileSet::default()
        };
        Ok(Self { bundle, grader, code })
    }

    /// The job of grading these files, but for the tests that are reported already.
    #[must_use]
    pub fn job(&self, files: &FileSet, reported: &BTreeSet<String>) -> GradeJob {
        let support = self.bundle.support();
        let given = support.iter().chain(files.iter());
        let given: FileSet = given.map(|(path, body)| (path.clone(), body.to_vec())).collect();
        protocol::grade_job(&self.bundle, &given, reported)
    }

    /// The files that the grader sees; the submission's only where it shares its sandbox. What comes first is not replaced by what comes later.
    #[must_use]
    pub fn tree(&self, files: &FileSet) -> Tree {
        let mut tree = Tree::new();
        if self.bundle.spec.isolation == Isolation::Shared {
            tree.give("work", files);
            tree.give("work", &self.bundle.support());
        }
        tree.give("work/tests", &self.bundle.tests);
        tree.give("work", &self.bundle.tests);
        tree.give("code", &self.code);
        self.grader.give(&mut tree);
        tree
    }
}

/// What compiling files gave.
pub struct Compiled {
    /// The code of each file that could be compiled, by its path without the slash at its beginning.
    pub code: FileSet,
    /// Why the others could not.
    pub problems: Vec<Diagnostic>,
}

/// Compiles files of a tree, named by their paths in the sandbox.
pub async fn compile(
    sandboxes: &Sandboxes,
    tree: Tree,
    files: &[String],
    limits: Limits,
) -> Result<Compiled, SandboxError> {
    let run = Run {
        call: Call::Run(serde_json::json!({"kind": "compile", "files": files}).to_string()),
        tree,
        stdin: bytes::Bytes::new(),
        budget: Budget {
            instructions: limits.whole_instructions(),
            memory_bytes: limits.memory_bytes(),
            output_bytes: recorder::MAX_OUTPUT_OF_TOOLS,
            backstop: backstop(limits),
        },
    };
    let answer = match sandboxes.run(run, Deaf).await?.ending {
        Ending::Returned(answer) => serde_json::from_str(&answer).unwrap_or_default(),
        // Files that cannot even be compiled within the limits: every submission will say so.
        _ => CompiledFiles::default(),
    };
    Ok(Compiled {
        code: read(answer.code),
        problems: answer.problems.into_iter().map(protocol::diagnostic).collect(),
    })
}

fn read(code: BTreeMap<String, String>) -> FileSet {
    let decoded = code.into_iter().filter_map(|(file, text)| {
        let data = STANDARD.decode(text).ok()?;
        Some((FilePath::parse(file.strip_prefix('/')?).ok()?, data))
    });
    decoded.collect()
}

/// For jobs that tell of nothing while they run.
pub struct Deaf;

impl Observer for Deaf {
    fn event(&mut self, _: Event, _: &mut dyn Control) -> Result<(), String> {
        Err("this job has no events".into())
    }
}
