//! What `exercise.toml` says.

use super::files::FilePath;
use super::grader::{GraderRef, UNITTEST};
use super::limits::{LimitCaps, Limits};
use super::verification::Finding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How tests and submission are kept apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// In two sandboxes that exchange messages: the submission cannot reach the tests.
    #[default]
    Separate,
    /// In one interpreter: the submission can reach the tests.
    Shared,
}

/// An exercise's settings, checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExerciseSpec {
    /// The title learners see.
    pub title: String,
    /// The grader: `NAME`, which means its active version, or `NAME@VERSION`.
    pub grader: String,
    /// The runtime's name.
    pub runtime: String,
    /// The files that a learner hands in, relative to the submission; `*` and `?` stand for any characters, any one.
    pub submission_files: Vec<String>,
    /// What a submission may use.
    pub limits: Limits,
    /// How tests and submission are kept apart.
    pub isolation: Isolation,
    /// Patterns (`*` and `?`) of the names of tests that learners must not see.
    pub hidden: Vec<String>,
    /// Points by test name or pattern; 1 where nothing matches.
    pub weights: BTreeMap<String, f64>,
}

impl ExerciseSpec {
    /// Whether a learner may hand in a file of this path.
    #[must_use]
    pub fn accepts(&self, path: &str) -> bool {
        self.submission_files.iter().any(|pattern| matches(pattern, path))
    }

    /// Whether learners must not see the test of this name.
    #[must_use]
    pub fn is_hidden(&self, test: &str) -> bool {
        self.hidden.iter().any(|pattern| matches(pattern, test))
    }

    /// The points of a test: its own entry, else the first pattern that matches, else those that its grader gives it, else 1.
    #[must_use]
    pub fn weight(&self, test: &str, planned: Option<f64>) -> f64 {
        self.weights
            .get(test)
            .or_else(|| {
                self.weights
                    .iter()
                    .find(|(pattern, _)| matches(pattern, test))
                    .map(|(_, points)| points)
            })
            .copied()
            .or(planned)
            .unwrap_or(1.0)
    }

    /// The grader that it names.
    #[must_use]
    pub fn grader_ref(&self) -> Option<GraderRef> {
        self.grader.parse().ok()
    }

    /// Whether its tests are Python test files.
    #[must_use]
    pub fn has_python_tests(&self) -> bool {
        self.grader_ref().is_some_and(|grader| grader.slug.as_str() == UNITTEST)
    }
}

/// Whether a name matches a pattern of `*` (any characters), `?` (one) and literal characters.
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&c) if c == '?' || c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    p = at + 1;
                    n = from + 1;
                    star = Some((at, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Toml {
    title: String,
    #[serde(default = "unittest")]
    grader: String,
    #[serde(default = "python")]
    runtime: String,
    submission: SubmissionToml,
    #[serde(default)]
    limits: LimitsToml,
    #[serde(default)]
    tests: TestsToml,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubmissionToml {
    files: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsToml {
    time_ms: Option<u32>,
    memory_mb: Option<u32>,
    output_kb: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TestsToml {
    isolation: Option<String>,
    #[serde(default)]
    hidden: Vec<String>,
    #[serde(default)]
    weights: BTreeMap<String, f64>,
}

fn unittest() -> String {
    UNITTEST.into()
}

fn python() -> String {
    "python".into()
}

/// Reads `exercise.toml`.
///
/// # Errors
/// Every finding, each with the file and, where it is known, the line.
pub fn parse(text: &str, caps: &LimitCaps) -> Result<ExerciseSpec, Vec<Finding>> {
    let toml: Toml = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        vec![Finding::at("exercise.toml", line, error.message().to_owned())]
    })?;
    let mut findings = Vec::new();
    let line_of = |key: &str| {
        text.lines()
            .position(|line| line.trim_start().starts_with(key))
            .map(|i| i + 1)
    };
    let mut refuse = |key: &str, message: String| findings.push(Finding::at("exercise.toml", line_of(key), message));

    if toml.title.trim().is_empty() || toml.title.chars().count() > 200 || toml.title.chars().any(char::is_control) {
        refuse("title", "title: expected 1 to 200 characters on one line".into());
    }
    let grader = match toml.grader.parse::<GraderRef>() {
        Ok(grader) => Some(grader),
        Err(error) => {
            refuse("grader", format!("grader: {error}"));
            None
        }
    };
    if toml.runtime != "python" {
        refuse(
            "runtime",
            format!(
                "runtime: there is no runtime named {:?}; this server has: python",
                toml.runtime
            ),
        );
    }
    if toml.submission.files.is_empty() {
        refuse(
            "files",
            "submission.files: name at least one file that a learner hands in".into(),
        );
    }
    for (i, file) in toml.submission.files.iter().enumerate() {
        if let Err(error) = FilePath::parse(file) {
            refuse("files", format!("submission.files[{i}]: {error}"));
        } else if toml.submission.files[..i].contains(file) {
            refuse("files", format!("submission.files[{i}]: {file:?} is named twice"));
        }
    }
    let mut limit = |key: &str, value: Option<u32>, default: u32, least: u32, most: u32| {
        let value = value.unwrap_or(default.min(most));
        if value < least || value > most {
            refuse(
                key,
                format!("limits.{key}: expected {least} to {most} on this server, got {value}"),
            );
        }
        value
    };
    let limits = Limits {
        time_ms: limit("time_ms", toml.limits.time_ms, Limits::DEFAULT.time_ms, 1, caps.time_ms),
        memory_mb: limit(
            "memory_mb",
            toml.limits.memory_mb,
            Limits::DEFAULT.memory_mb,
            64,
            caps.memory_mb,
        ),
        output_kb: limit(
            "output_kb",
            toml.limits.output_kb,
            Limits::DEFAULT.output_kb,
            1,
            caps.output_kb,
        ),
    };
    let isolation = match toml.tests.isolation.as_deref() {
        None | Some("separate") => Isolation::Separate,
        Some("shared") => {
            if grader.is_some_and(|grader| grader.slug.as_str() != UNITTEST) {
                let message = "tests.isolation: only the grader unittest can share the submission's sandbox";
                refuse("isolation", message.into());
            }
            Isolation::Shared
        }
        Some(other) => {
            refuse(
                "isolation",
                format!("tests.isolation: expected \"separate\" or \"shared\", got {other:?}"),
            );
            Isolation::Separate
        }
    };
    for (test, points) in &toml.tests.weights {
        if !points.is_finite() || *points < 0.0 || *points > 1e6 {
            refuse(
                test,
                format!("tests.weights.{test:?}: expected 0 to 1000000, got {points}"),
            );
        }
    }
    if findings.is_empty() {
        Ok(ExerciseSpec {
            title: toml.title,
            grader: toml.grader,
            runtime: toml.runtime,
            submission_files: toml.submission.files,
            limits,
            isolation,
            hidden: toml.tests.hidden,
            weights: toml.tests.weights,
        })
    } else {
        Err(findings)
    }
}
