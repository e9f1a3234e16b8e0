//! What callers see of exercises: nothing of the reference, the wrong solutions or the hidden tests.

use crate::domain::exercise::Isolation;
use crate::domain::limits::Limits;
use serde::Serialize;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use time::serde::rfc3339;
use utoipa::ToSchema;

/// An exercise as learners may see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(title = "Exercise", example = json!(super::examples::exercise()))]
pub struct ExerciseView {
    /// Its name.
    pub slug: String,
    /// The version that this is.
    pub version: i32,
    /// The title.
    pub title: String,
    /// The statement (Markdown).
    pub statement: String,
    /// The files that a learner hands in.
    pub submission_files: Vec<String>,
    /// What a learner starts from: contents by path.
    pub starter: BTreeMap<String, String>,
    /// The tests that learners may see.
    pub tests: Vec<VisibleTest>,
    /// How many tests there are besides.
    pub hidden_tests_count: usize,
    /// How many hints there are.
    pub hints_count: usize,
    /// What a submission may use.
    pub limits: Limits,
    /// How tests and submission are kept apart.
    pub isolation: Isolation,
    /// The grader's name.
    pub grader: String,
    /// The runtime's name.
    pub runtime: String,
}

/// A test that learners may see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VisibleTest {
    /// Its name in reports.
    pub name: String,
    /// Points to earn.
    pub max_score: f64,
}

/// An exercise in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"slug": "leap", "title": "Leap", "live_version": 3, "newest_version": 4, "created_at": "2026-01-05T08:00:00Z", "retired_at": null}))]
pub struct ExerciseItem {
    /// Its name.
    pub slug: String,
    /// The title of the live version, or of the newest where none is live.
    pub title: String,
    /// The live version.
    pub live_version: Option<i32>,
    /// The newest version.
    pub newest_version: i32,
    /// When it was first made.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was retired.
    #[serde(with = "rfc3339::option")]
    pub retired_at: Option<OffsetDateTime>,
}

/// One page of exercises.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExercisePage {
    /// The exercises by name.
    pub items: Vec<ExerciseItem>,
    /// Give it as `after` for the next page; null on the last one.
    pub next: Option<String>,
}

/// A version in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"version": 3, "title": "Leap", "live": true, "digest": "sha256:9f86d081…", "created_at": "2026-01-05T08:00:00Z", "published_at": "2026-01-05T08:00:00Z"}))]
pub struct VersionItem {
    /// Its number.
    pub version: i32,
    /// Its title.
    pub title: String,
    /// Whether it is live.
    pub live: bool,
    /// The digest of its bundle.
    pub digest: String,
    /// When it was made.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was first live; null for a draft.
    #[serde(with = "rfc3339::option")]
    pub published_at: Option<OffsetDateTime>,
}

/// The versions of an exercise.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VersionList {
    /// The exercise's name.
    pub slug: String,
    /// Its versions, the newest first.
    pub items: Vec<VersionItem>,
}

/// What became live.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"slug": "leap", "version": 3, "published": true}))]
pub struct Published {
    /// The exercise's name.
    pub slug: String,
    /// The version that is live now.
    pub version: i32,
    /// Always true.
    pub published: bool,
}
