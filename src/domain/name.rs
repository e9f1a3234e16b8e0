//! Names that callers choose: slugs, exercise references, learner ids.

use serde::{Deserialize, Serialize};

/// Why a name was refused; the text says what a good one looks like.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(pub String);

/// The name of an exercise or grader: 1 to 100 of `a-z 0-9 - _ .`, beginning with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl TryFrom<String> for Slug {
    type Error = NameError;
    fn try_from(s: String) -> Result<Self, NameError> {
        s.parse()
    }
}

impl std::str::FromStr for Slug {
    type Err = NameError;
    fn from_str(s: &str) -> Result<Self, NameError> {
        let good = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let first = s.bytes().next().is_some_and(good);
        if !first || s.len() > 100 || !s.bytes().all(|c| good(c) || matches!(c, b'-' | b'_' | b'.')) {
            return Err(NameError(
                "expected 1 to 100 lower-case letters, digits, '-', '_' or '.', beginning with a letter or digit"
                    .into(),
            ));
        }
        Ok(Self(s.to_owned()))
    }
}

/// An exercise by name, or one version of it: `leap` or `leap@3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExerciseRef {
    /// The exercise's name.
    pub slug: Slug,
    /// The version asked for; without one, the live version is meant.
    pub version: Option<i32>,
}

impl std::str::FromStr for ExerciseRef {
    type Err = NameError;
    fn from_str(s: &str) -> Result<Self, NameError> {
        let Some((slug, version)) = s.split_once('@') else {
            return Ok(Self {
                slug: s.parse()?,
                version: None,
            });
        };
        let version = version
            .parse()
            .ok()
            .filter(|v| *v >= 1)
            .ok_or_else(|| NameError("expected a version number from 1 after '@', as in \"leap@3\"".into()))?;
        Ok(Self {
            slug: slug.parse()?,
            version: Some(version),
        })
    }
}

/// A platform's own name for a learner: 1 to 200 characters, none of them a control character.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LearnerId(String);

impl LearnerId {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<LearnerId> for String {
    fn from(id: LearnerId) -> Self {
        id.0
    }
}

impl TryFrom<String> for LearnerId {
    type Error = NameError;
    fn try_from(s: String) -> Result<Self, NameError> {
        if s.is_empty() || s.chars().count() > 200 || s.chars().any(char::is_control) {
            return Err(NameError(
                "expected 1 to 200 characters without control characters".into(),
            ));
        }
        Ok(Self(s))
    }
}
