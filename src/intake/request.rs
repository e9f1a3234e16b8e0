//! The body of `POST /v1/submissions`, as it arrives.

use crate::domain::submission::Priority;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// A submission as a platform sends it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "exercise": "leap",
    "files": {"leap.py": "def leap_year(year):\n    return year % 4 == 0\n"},
    "learner": "u-123"
}))]
pub struct SubmissionRequest {
    /// The exercise by name, or one version of it: `leap` or `leap@3`.
    #[schema(example = "leap")]
    pub exercise: String,
    /// The learner's files: contents by path. Exactly one of `files` and `source` must be there.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    pub files: Option<SentFiles>,
    /// The learner's file, where the exercise has exactly one.
    #[serde(default)]
    pub source: Option<String>,
    /// The platform's own name for the learner: 1 to 200 characters. Attempts are counted by it.
    #[serde(default)]
    pub learner: Option<String>,
    /// Anything the platform wants back with the submission: an object of at most 8 KiB.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<serde_json::Value>,
    /// An `https` address to tell when the submission is finished.
    #[serde(default)]
    pub callback_url: Option<String>,
    /// Who goes first when there is a queue.
    #[serde(default)]
    pub priority: Priority,
}

/// Files in the order in which they were sent, names that come twice included.
#[derive(Clone, Debug, Default)]
pub struct SentFiles(pub Vec<(String, String)>);

impl<'de> Deserialize<'de> for SentFiles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Files;
        impl<'de> Visitor<'de> for Files {
            type Value = SentFiles;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of file contents by file name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SentFiles, A::Error> {
                let mut files = Vec::new();
                while let Some(file) = map.next_entry()? {
                    files.push(file);
                }
                Ok(SentFiles(files))
            }
        }
        deserializer.deserialize_map(Files)
    }
}
