//! A submission's life outside its report.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Stored, waiting for a worker.
    Queued,
    /// A worker is grading it.
    Running,
    /// It has its report, or was cancelled.
    Finished,
}

impl Status {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Finished => "finished",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = super::name::NameError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "queued" => Ok(Self::Queued),
            "running" => Ok(Self::Running),
            "finished" => Ok(Self::Finished),
            _ => Err(super::name::NameError("expected queued, running or finished".into())),
        }
    }
}

/// Who goes first when there is a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// A learner waits for the answer.
    #[default]
    Interactive,
    /// Nobody waits: regrading, imports, checks of whole classes.
    Batch,
}

impl Priority {
    /// The number in the queue: smaller goes first.
    #[must_use]
    pub const fn rank(self) -> i16 {
        match self {
            Self::Interactive => 0,
            Self::Batch => 10,
        }
    }
}
