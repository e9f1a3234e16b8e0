//! Row ids: UUIDv7 (RFC 9562), so that ids sort by the time of their making.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, later than every id made before it in this process.
            #[must_use]
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    )*};
}

ids! {
    /// One learning platform (or school).
    TenantId,
    /// An exercise of a tenant, over all its versions.
    ExerciseId,
    /// One immutable version of an exercise.
    ExerciseVersionId,
    /// One check of a bundle.
    VerificationId,
    /// One learner's files for one exercise version.
    SubmissionId,
    /// One free run.
    RunId,
    /// A grader of a tenant, over all its versions.
    GraderId,
    /// One upload of a grader.
    GraderVersionId,
    /// An entry of the audit trail.
    AuditId,
    /// An API key.
    KeyId,
    /// A row of the queue.
    JobId,
}
