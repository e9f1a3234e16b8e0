//! The way in: what arrives is validated, deduplicated, and stored together with its job in one transaction.
//!
//! Nothing is half-stored: either the data and the job are there, or neither. Learners' mistakes in their code are not
//! looked for here; they are graded.

mod archive;
pub mod bundle;
pub mod exercise;
pub mod grader;
pub mod key;
mod names;
pub mod request;
pub mod run;
pub mod submission;

use serde::Serialize;
use utoipa::ToSchema;

/// One thing that is wrong with a request, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field of the body (`files["leap.py"]`), or the parameter or header.
    pub field: String,
    /// What is wrong and what is expected.
    pub message: String,
}

impl FieldError {
    /// Something wrong with a field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}
