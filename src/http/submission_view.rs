//! What callers see of a submission. Hidden tests leave this room as counts and a score, except for authors and admins.

use crate::domain::exercise::Isolation;
use crate::domain::report::{Diagnostic, Report, TestReport, Usage, Visibility, milliseconds};
use crate::domain::submission::Status;
use crate::domain::verdict::{TestStatus, Verdict};
use crate::store::submission_list::Summary;
use crate::store::submissions::Submission;
use serde::Serialize;
use time::OffsetDateTime;
use time::serde::rfc3339;
use utoipa::ToSchema;
use uuid::Uuid;

/// A submission, with its report once it is finished.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(title = "Submission", example = json!(super::examples::submission()))]
pub struct SubmissionView {
    /// Its id.
    pub id: Uuid,
    /// The exercise's name.
    pub exercise: String,
    /// The version of the exercise that it is graded against.
    pub exercise_version: i32,
    /// The platform's own name for the learner.
    pub learner: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    pub verdict: Option<Verdict>,
    /// Points earned.
    pub score: Option<f64>,
    /// Points to earn.
    pub max_score: Option<f64>,
    /// The how-many-eth of this learner for this exercise, from 1. Without a learner always 1.
    pub attempt: i32,
    /// The tests, in file order; hidden ones only for authors and admins.
    pub tests: Vec<TestReport>,
    /// The hidden tests that are not in `tests`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<HiddenTests>,
    /// What kept files from loading.
    pub diagnostics: Vec<Diagnostic>,
    /// What the program printed outside the tests, cut at the limit.
    pub output: Option<String>,
    /// What the whole run used.
    pub usage: Option<Usage>,
    /// `NAME@VERSION` of the grader.
    pub grader: Option<String>,
    /// `NAME@VERSION` of the runtime.
    pub runtime: Option<String>,
    /// How tests and submission were kept apart.
    pub isolation: Option<Isolation>,
    /// Why it ended as `grader_error`; only for authors and admins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grader_fault: Option<String>,
    /// `true` where the report is that of an identical submission, and nothing was run for this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached: Option<bool>,
    /// What the platform sent as `metadata`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<serde_json::Value>,
    /// How long the stages took.
    pub timings: Timings,
    /// When it was stored.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When a worker began with it.
    #[serde(with = "rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(with = "rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// Where to go on.
    pub links: Links,
}

/// Tests whose names and contents only authors and admins see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct HiddenTests {
    /// How many passed.
    pub passed: usize,
    /// How many neither passed nor were skipped.
    pub failed: usize,
    /// How many there are.
    pub total: usize,
    /// Points earned by them.
    pub score: f64,
    /// Points to earn by them.
    pub max_score: f64,
}

/// How long the stages took, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Timings {
    /// From being stored to being begun.
    pub queued_ms: Option<f64>,
    /// Grading.
    pub grading_ms: Option<f64>,
}

/// Where to go on.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Links {
    /// The submission.
    #[serde(rename = "self")]
    pub this: String,
    /// Its events.
    pub events: String,
}

/// A submission in a list: without its report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SubmissionSummary {
    /// Its id.
    pub id: Uuid,
    /// The exercise's name.
    pub exercise: String,
    /// The version of the exercise.
    pub exercise_version: i32,
    /// The platform's own name for the learner.
    pub learner: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    pub verdict: Option<Verdict>,
    /// Points earned.
    pub score: Option<f64>,
    /// Points to earn.
    pub max_score: Option<f64>,
    /// The how-many-eth of this learner for this exercise.
    pub attempt: i32,
    /// When it was stored.
    #[serde(with = "rfc3339")]
    pub created_at: OffsetDateTime,
    /// When a worker began with it.
    #[serde(with = "rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(with = "rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// Where to go on.
    pub links: Links,
}

impl Links {
    fn of(id: Uuid) -> Self {
        let this = format!("/v1/submissions/{id}");
        Self {
            events: format!("{this}/events"),
            this,
        }
    }
}

impl SubmissionView {
    /// A submission as this caller may see it.
    #[must_use]
    pub fn new(submission: Submission, sees_everything: bool) -> Self {
        let queued = submission.started_at.map(|started| started - submission.created_at);
        let mut view = Self {
            id: submission.id.0,
            exercise: submission.exercise,
            exercise_version: submission.exercise_version,
            learner: submission.learner,
            status: submission.status,
            verdict: submission.verdict,
            score: None,
            max_score: None,
            attempt: submission.attempt,
            tests: Vec::new(),
            hidden: None,
            diagnostics: Vec::new(),
            output: None,
            usage: None,
            grader: None,
            runtime: None,
            isolation: None,
            grader_fault: None,
            cached: submission.cached.then_some(true),
            metadata: submission.metadata,
            timings: Timings {
                queued_ms: queued.map(|queued| milliseconds(queued.unsigned_abs())),
                grading_ms: submission.grading_ms,
            },
            created_at: submission.created_at,
            started_at: submission.started_at,
            finished_at: submission.finished_at,
            links: Links::of(submission.id.0),
        };
        if let Some(report) = submission.report {
            view.add(report, sees_everything);
        }
        view
    }

    fn add(&mut self, report: Report, sees_everything: bool) {
        let (hidden, visible): (Vec<_>, Vec<_>) = report
            .tests
            .into_iter()
            .partition(|test| !sees_everything && test.visibility == Visibility::Hidden);
        self.tests = visible;
        self.hidden = (!hidden.is_empty()).then(|| HiddenTests::of(&hidden));
        self.score = Some(report.score);
        self.max_score = Some(report.max_score);
        self.diagnostics = report.diagnostics;
        self.output = Some(report.output);
        self.usage = Some(report.usage);
        self.grader = Some(report.grader);
        self.runtime = Some(report.runtime);
        self.isolation = Some(report.isolation);
        self.grader_fault = report.grader_fault.filter(|_| sees_everything);
    }
}

impl HiddenTests {
    fn of(tests: &[TestReport]) -> Self {
        let with = |wanted: &[TestStatus]| tests.iter().filter(|test| wanted.contains(&test.status)).count();
        Self {
            passed: with(&[TestStatus::Passed]),
            failed: tests.len() - with(&[TestStatus::Passed, TestStatus::Skipped]),
            total: tests.len(),
            score: tests.iter().map(|test| test.score).sum(),
            max_score: tests.iter().map(|test| test.max_score).sum(),
        }
    }
}

impl From<Summary> for SubmissionSummary {
    fn from(summary: Summary) -> Self {
        Self {
            id: summary.id.0,
            exercise: summary.exercise,
            exercise_version: summary.exercise_version,
            learner: summary.learner,
            status: summary.status,
            verdict: summary.verdict,
            score: summary.score,
            max_score: summary.max_score,
            attempt: summary.attempt,
            created_at: summary.created_at,
            started_at: summary.started_at,
            finished_at: summary.finished_at,
            links: Links::of(summary.id.0),
        }
    }
}
