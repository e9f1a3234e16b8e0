//! An exercise's folder, understood: settings, statement, starter, reference, wrong solutions, tests, hints.

use super::exercise::{self, ExerciseSpec};
use super::files::FileSet;
use super::limits::LimitCaps;
use super::verification::Finding;
use std::collections::BTreeMap;

/// A bundle whose parts are all there. Whether its solutions do what they should, verification tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// `exercise.toml`.
    pub spec: ExerciseSpec,
    /// `README.md`; empty where there is none.
    pub statement: String,
    /// `starter/`.
    pub starter: FileSet,
    /// `solution/`.
    pub solution: FileSet,
    /// `wrong/NAME/`, by name.
    pub wrong: BTreeMap<String, FileSet>,
    /// `tests/`.
    pub tests: FileSet,
    /// `hints.toml`.
    pub hints: Hints,
}

/// Hints by test name (or pattern) and by kind of error.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hints {
    /// By test name or pattern of `*` and `?`.
    #[serde(default)]
    pub tests: BTreeMap<String, String>,
    /// By kind of error, as in `SyntaxError`.
    #[serde(default)]
    pub errors: BTreeMap<String, String>,
}

impl Hints {
    /// The hint for a test that did not pass: its own, else by pattern, else by the kind of error.
    #[must_use]
    pub fn for_test(&self, test: &str, kind: Option<&str>) -> Option<String> {
        self.tests
            .get(test)
            .or_else(|| {
                self.tests
                    .iter()
                    .find(|(pattern, _)| exercise::matches(pattern, test))
                    .map(|(_, hint)| hint)
            })
            .or_else(|| kind.and_then(|kind| self.errors.get(kind)))
            .cloned()
    }

    /// How many hints there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tests.len() + self.errors.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Bundle {
    /// Understands the files of a bundle.
    ///
    /// # Errors
    /// Every finding, each with the file and, where it is known, the line.
    pub fn read(files: &FileSet, caps: &LimitCaps) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut text = |name: &str| match files.get(name).map(std::str::from_utf8) {
            Some(Ok(text)) => Some(text.to_owned()),
            Some(Err(_)) => {
                findings.push(Finding::at(name, None, "the file is not UTF-8 text".into()));
                None
            }
            None => None,
        };
        let settings = text("exercise.toml");
        let statement = text("README.md").unwrap_or_default();
        let hints = text("hints.toml");
        if files.is_empty() {
            return Err(vec![Finding {
                file: None,
                line: None,
                message: "the bundle is empty".into(),
            }]);
        }
        let spec = match settings.map(|text| exercise::parse(&text, caps)) {
            Some(Ok(spec)) => Some(spec),
            Some(Err(found)) => {
                findings.extend(found);
                None
            }
            None => {
                if files.get("exercise.toml").is_none() {
                    findings.push(Finding::at(
                        "exercise.toml",
                        None,
                        "the bundle has no exercise.toml".into(),
                    ));
                }
                None
            }
        };
        let hints = match hints.map(|text| toml::from_str::<Hints>(&text).map_err(|e| (e, text))) {
            Some(Ok(hints)) => hints,
            Some(Err((error, text))) => {
                let line = error
                    .span()
                    .map(|s| text[..s.start.min(text.len())].matches('\n').count() + 1);
                findings.push(Finding::at("hints.toml", line, error.message().to_owned()));
                Hints::default()
            }
            None => Hints::default(),
        };
        for (path, _) in files.iter() {
            let known = matches!(path.as_str(), "exercise.toml" | "README.md" | "hints.toml")
                || ["starter", "solution", "tests"]
                    .iter()
                    .any(|folder| path.below(folder).is_some())
                || path.below("wrong").is_some_and(|rest| rest.as_str().contains('/'));
            if !known {
                let message = "unknown file; a bundle has exercise.toml, README.md, hints.toml, starter/, solution/, wrong/NAME/ and tests/";
                findings.push(Finding::at(path.as_str(), None, message.into()));
            }
        }
        let mut wrong: BTreeMap<String, FileSet> = BTreeMap::new();
        for (path, _) in files.below("wrong").iter() {
            if let Some((name, _)) = path.as_str().split_once('/') {
                wrong
                    .entry(name.to_owned())
                    .or_insert_with(|| files.below(&format!("wrong/{name}")));
            }
        }
        let (starter, solution, tests) = (files.below("starter"), files.below("solution"), files.below("tests"));
        if solution.is_empty() {
            findings.push(Finding::at(
                "solution/",
                None,
                "the bundle has no reference solution".into(),
            ));
        }
        let python_tests = spec.as_ref().is_none_or(ExerciseSpec::has_python_tests);
        if python_tests && !tests.iter().any(|(path, _)| is_test_file(path.file_name())) {
            let message = "the bundle has no tests; name them test_*.py or *_test.py".into();
            findings.push(Finding::at("tests/", None, message));
        } else if tests.is_empty() {
            findings.push(Finding::at("tests/", None, "the bundle has no tests".into()));
        }
        if let Some(spec) = &spec {
            for file in &spec.submission_files {
                if !solution.is_empty() && !solution.iter().any(|(path, _)| exercise::matches(file, path.as_str())) {
                    let message =
                        format!("exercise.toml names {file:?} as a submission file, but the reference has none");
                    findings.push(Finding::at(&format!("solution/{file}"), None, message));
                }
            }
        }
        match spec {
            Some(spec) if findings.is_empty() => Ok(Self {
                spec,
                statement,
                starter,
                solution,
                wrong,
                tests,
                hints,
            }),
            _ => Err(findings),
        }
    }

    /// The files of `tests/` that hold tests, in path order.
    pub fn test_files(&self) -> impl Iterator<Item = &str> {
        self.tests
            .iter()
            .map(|(path, _)| path)
            .filter(|p| is_test_file(p.file_name()))
            .map(|p| p.as_str())
    }

    /// The files a run sees beside the learner's: those of `starter/` and `solution/` that learners do not hand in.
    #[must_use]
    pub fn support(&self) -> FileSet {
        let given = self.starter.iter().chain(self.solution.iter());
        given
            .filter(|(path, _)| !self.spec.accepts(path.as_str()))
            .map(|(path, body)| (path.clone(), body.to_vec()))
            .collect()
    }
}

/// Whether a file holds tests by its name: `test_*.py` or `*_test.py`.
#[must_use]
pub fn is_test_file(name: &str) -> bool {
    name.strip_suffix(".py")
        .is_some_and(|stem| stem.starts_with("test_") || stem.ends_with("_test"))
}
