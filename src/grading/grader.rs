//! A grader, ready to grade: a component, or Python that the Python runtime serves.

use super::prepared::{Compiled, compile};
use crate::domain::files::{FilePath, FileSet};
use crate::domain::grader::{COMPONENT_FILE, GraderKind, PYTHON_FILE, SELF_TEST};
use crate::domain::limits::Limits;
use crate::domain::verification::Finding;
use crate::sandbox::{Module, SandboxError, Sandboxes, Tree, Unfit};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// A version of a grader.
#[derive(Clone)]
pub struct Grader {
    id: Arc<str>,
    digest: [u8; 32],
    code: Code,
}

#[derive(Clone)]
enum Code {
    Component(Module),
    Python(Arc<Package>),
}

/// A grader in Python: its files and what they compile to.
struct Package {
    files: FileSet,
    code: FileSet,
}

/// Why a package cannot be a grader.
#[derive(Debug, thiserror::Error)]
pub enum NoGrader {
    /// What is wrong with it.
    #[error("{}", .0.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; "))]
    Findings(Vec<Finding>),
    /// Our fault.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

impl NoGrader {
    fn because(file: &str, message: impl Into<String>) -> Self {
        Self::Findings(vec![Finding::at(file, None, message.into())])
    }
}

/// What a package is made of.
///
/// # Errors
/// Where it is neither, or both.
pub fn kind(package: &FileSet) -> Result<GraderKind, NoGrader> {
    match (package.get(COMPONENT_FILE), package.get(PYTHON_FILE)) {
        (Some(_), None) => Ok(GraderKind::Component),
        (None, Some(_)) => Ok(GraderKind::Python),
        (Some(_), Some(_)) => Err(NoGrader::because(
            PYTHON_FILE,
            "the package has grader.py and grader.wasm; a grader is one of them",
        )),
        (None, None) => Err(NoGrader::because(
            PYTHON_FILE,
            "the package has neither grader.py nor grader.wasm",
        )),
    }
}

impl Grader {
    /// Loads a package (`grader.wasm`, or `grader.py` with what it imports). `id` is what reports say, as `stdio@2`.
    ///
    /// # Errors
    /// Says what keeps it from being a grader.
    pub async fn load(sandboxes: &Sandboxes, id: &str, package: &FileSet) -> Result<Self, NoGrader> {
        let code = match kind(package)? {
            GraderKind::Component => {
                let wasm = package.get(COMPONENT_FILE).unwrap_or_default();
                Code::Component(sandboxes.module(wasm).await.map_err(|unfit| match unfit {
                    Unfit::Reasons(reasons) => {
                        let finding = |reason| Finding::at(COMPONENT_FILE, None, reason);
                        NoGrader::Findings(reasons.into_iter().map(finding).collect())
                    }
                    Unfit::Sandbox(error) => error.into(),
                })?)
            }
            GraderKind::Python => Code::Python(Arc::new(python(sandboxes, package).await?)),
        };
        Ok(Self {
            id: id.into(),
            digest: Sha256::digest(package.pack()).into(),
            code,
        })
    }

    /// `NAME@VERSION`, as reports say it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// SHA-256 of its package.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Its component, where it is one.
    pub(super) fn module(&self) -> Option<Module> {
        match &self.code {
            Code::Component(module) => Some(module.clone()),
            Code::Python(_) => None,
        }
    }

    /// Whether it is served by the Python runtime.
    pub(super) fn is_python(&self) -> bool {
        matches!(self.code, Code::Python(_))
    }

    /// Adds its files to those that its instance sees.
    pub(super) fn give(&self, tree: &mut Tree) {
        if let Code::Python(package) = &self.code {
            tree.give("grader", &package.files);
            tree.give("code/grader", &package.code);
        }
    }
}

async fn python(sandboxes: &Sandboxes, package: &FileSet) -> Result<Package, NoGrader> {
    let own = package.iter().filter(|(path, _)| path.below(SELF_TEST).is_none());
    let files: FileSet = own.map(|(path, body)| (path.clone(), body.to_vec())).collect();
    let mut tree = Tree::new();
    tree.give("grader", &files);
    let sources: Vec<String> = files
        .iter()
        .map(|(path, _)| path)
        .filter(|path| is_python(path))
        .map(|path| format!("/grader/{path}"))
        .collect();
    let Compiled { code, problems } = compile(sandboxes, tree, &sources, Limits::DEFAULT).await?;
    if !problems.is_empty() {
        let finding = |problem: crate::domain::report::Diagnostic| Finding {
            file: problem.file,
            line: problem.line,
            message: format!("{}: {}", problem.kind, problem.message),
        };
        return Err(NoGrader::Findings(problems.into_iter().map(finding).collect()));
    }
    let code = code.below("grader");
    if code.get(PYTHON_FILE).is_none() {
        return Err(NoGrader::because(
            PYTHON_FILE,
            "its files cannot be compiled within 10 seconds of instructions and 128 MB",
        ));
    }
    Ok(Package { files, code })
}

fn is_python(path: &FilePath) -> bool {
    std::path::Path::new(path.as_str())
        .extension()
        .is_some_and(|extension| extension == "py")
}
