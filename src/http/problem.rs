//! The only place where errors become HTTP: one table of codes, one document (RFC 9457).

pub use super::code::Code;
use crate::domain::verification::{Finding, Verification};
use crate::intake::FieldError;
use crate::intake::bundle::BundleError;
use crate::intake::key::MakeError;
use crate::intake::submission::SubmitError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

/// One error of a request or bundle, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorItem {
    /// The field of the body, or the parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The file of the bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What is wrong and what is expected.
    pub message: String,
}

/// A problem document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:assay:problem:validation_failed", "title": "The request cannot be used", "status": 422,
    "detail": "files: the submission has no files", "code": "validation_failed",
    "errors": [{"field": "files", "message": "the submission has no files"}],
    "instance": "/v1/submissions", "request_id": "0193f3a0-5a52-7c9e-a9f5-4f1f6a3f2b10"
}))]
pub struct Document {
    /// The kind of problem: `urn:assay:problem:` and the code.
    pub r#type: String,
    /// The kind of problem in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// This problem in words.
    pub detail: String,
    /// The kind of problem, for programs.
    pub code: Code,
    /// Every single error, with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorItem>,
    /// The check's whole outcome, where a bundle did not verify.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// The address that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The id of this request, as in the `X-Request-Id` header and the server's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// An answer that says what went wrong.
#[derive(Debug, thiserror::Error)]
#[error("{}: {detail}", code.parts().0)]
pub struct Problem {
    /// The kind.
    pub code: Code,
    detail: String,
    errors: Vec<ErrorItem>,
    verification: Option<Box<Verification>>,
    header: Option<(HeaderName, HeaderValue)>,
    /// For the log only.
    pub cause: Option<String>,
}

impl Problem {
    /// A problem in words.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let (detail, errors) = (detail.into(), Vec::new());
        Self {
            code,
            detail,
            errors,
            verification: None,
            header: None,
            cause: None,
        }
    }

    /// A problem of one field, parameter or header.
    pub fn field(code: Code, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::fields(code, vec![FieldError::new(field, message)])
    }

    /// A problem of several fields.
    #[must_use]
    pub fn fields(code: Code, errors: Vec<FieldError>) -> Self {
        let items = errors.into_iter().map(|error| ErrorItem {
            field: Some(error.field),
            file: None,
            line: None,
            message: error.message,
        });
        Self::items(code, items.collect())
    }

    /// A problem of a bundle.
    #[must_use]
    pub fn findings(code: Code, findings: Vec<Finding>) -> Self {
        let items = findings.into_iter().map(|finding| ErrorItem {
            field: None,
            file: finding.file,
            line: finding.line,
            message: finding.message,
        });
        Self::items(code, items.collect())
    }

    /// A bundle that did not verify, with the whole outcome.
    #[must_use]
    pub fn not_verified(outcome: Verification) -> Self {
        let mut problem = Self::findings(Code::VerificationFailed, outcome.findings.clone());
        problem.verification = Some(Box::new(outcome));
        problem
    }

    /// Nothing at this address.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// Our fault; the cause goes to the log.
    pub fn internal(cause: impl Into<String>) -> Self {
        let mut problem = Self::new(Code::Internal, "the fault is the server's; its log has the cause");
        problem.cause = Some(cause.into());
        problem
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.header = HeaderValue::from_str(value).ok().map(|value| (name, value));
        self
    }

    fn items(code: Code, errors: Vec<ErrorItem>) -> Self {
        let place = |item: &ErrorItem| match (&item.field, &item.file, item.line) {
            (Some(field), _, _) => format!("{field}: "),
            (None, Some(file), Some(line)) => format!("{file}:{line}: "),
            (None, Some(file), None) => format!("{file}: "),
            (None, None, _) => String::new(),
        };
        let detail = match errors.as_slice() {
            [] => code.parts().2.to_owned(),
            [only] => format!("{}{}", place(only), only.message),
            [first, rest @ ..] => format!("{}{} (and {} more)", place(first), first.message, rest.len()),
        };
        Self {
            errors,
            ..Self::new(code, detail)
        }
    }

    /// The answer, with what only the request knows.
    #[must_use]
    pub fn response(&self, instance: Option<&str>, request_id: Option<&str>) -> HttpResponse {
        let (code, status, title) = self.code.parts();
        let mut response = HttpResponse::build(status);
        if let Some(header) = &self.header {
            response.insert_header(header.clone());
        }
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"assay\""));
        }
        let document = Document {
            r#type: format!("urn:assay:problem:{code}"),
            title,
            status: status.as_u16(),
            detail: self.detail.clone(),
            code: self.code,
            errors: self.errors.clone(),
            verification: self.verification.as_deref().cloned(),
            instance: instance.map(str::to_owned),
            request_id: request_id.map(str::to_owned),
        };
        response
            .insert_header((header::CONTENT_TYPE, "application/problem+json"))
            .json(document)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.parts().1
    }

    fn error_response(&self) -> HttpResponse {
        self.response(None, None)
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self {
                cause: Some(error.to_string()),
                ..Self::new(Code::Unavailable, "the database does not answer; try again in a moment")
                    .with_header(header::RETRY_AFTER, "2")
            },
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Invalid(errors) => Self::fields(Code::ValidationFailed, errors),
            SubmitError::UnknownExercise(name) => {
                let message = format!("there is no exercise {name:?}, or it is not published");
                Self::field(Code::UnknownExercise, "exercise", message)
            }
            SubmitError::IdempotencyConflict => {
                let message = "this key was used before, with another body";
                Self::field(Code::IdempotencyConflict, "Idempotency-Key", message)
            }
            SubmitError::Database(error) => error.into(),
        }
    }
}

impl From<BundleError> for Problem {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Findings(findings) => Self::findings(Code::BundleInvalid, findings),
            BundleError::Database(error) => error.into(),
        }
    }
}

impl From<MakeError> for Problem {
    fn from(error: MakeError) -> Self {
        match error {
            MakeError::Invalid(errors) => Self::fields(Code::ValidationFailed, errors),
            MakeError::TenantExists(_) => Self::field(Code::TenantExists, "name", error.to_string()),
            MakeError::Database(error) => error.into(),
        }
    }
}
