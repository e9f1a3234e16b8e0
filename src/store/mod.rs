//! All SQL of the data itself, one file per aggregate. The queue has its own.
//!
//! Functions take an executor, so that callers own the transaction; those that need one take a connection and say so.
//! Nothing here decides who may see what: callers pass the tenant, and every query of a caller's data has it.

pub mod audit;
pub mod built_in;
pub mod exercises;
pub mod grader_list;
pub mod graders;
pub mod idempotency;
pub mod keys;
pub mod positions;
pub mod reports;
pub mod runs;
pub mod runtimes;
pub mod submission_list;
pub mod submissions;
pub mod tenants;
pub mod verifications;
pub mod versions;

/// A stored text that the schema's CHECK should have refused.
fn stored<T: std::str::FromStr>(text: &str) -> sqlx::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// A value as JSON text, the form in which reports and outcomes are stored.
fn json_text<T: serde::Serialize>(value: &T) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}
