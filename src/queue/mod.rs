//! The queue: rows of `jobs`, claimed with a lease and a token. No transaction stays open while a job runs.
//!
//! ```text
//!            enqueue            claim                    finish
//!  (nothing) ────────▶ ready ──────────▶ leased ───────────────────▶ (row deleted)
//!                        ▲                 │
//!                        │  retry, release │  renew: the lease lasts longer
//!                        ├─────────────────┤
//!                        │  sweep: the lease ran out, its worker is gone
//!                        └─────────────────┘
//! ```
//!
//! - ready: `lease_token` is null and `run_at` has come; smaller `priority` first, then by age.
//! - leased: `lease_token` is set; whoever holds the token may renew, finish, retry or release, nobody else.
//! - A worker that lost its lease finds no row when it finishes: its work is dropped, another's counts.

mod claim;
mod lease;

pub use claim::{Job, claim};
pub use lease::{finish, forget, release, renew, retry, sweep, take_back_all};

use crate::db;
use crate::domain::id::{JobId, TenantId};
use sqlx::PgExecutor;
use uuid::Uuid;

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Grade a submission.
    Grade,
    /// Check a bundle.
    Verify,
    /// Run a program for its output.
    Run,
    /// Admit a grader.
    Admit,
}

impl Kind {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grade => "grade",
            Self::Verify => "verify",
            Self::Run => "run",
            Self::Admit => "admit",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "grade" => Some(Self::Grade),
            "verify" => Some(Self::Verify),
            "run" => Some(Self::Run),
            "admit" => Some(Self::Admit),
            _ => None,
        }
    }
}

/// Adds a job in the caller's transaction and wakes the workers when that commits.
///
/// # Errors
/// Where the database refuses; the caller's transaction is then lost.
pub async fn enqueue(
    db: impl PgExecutor<'_>,
    tenant: TenantId,
    kind: Kind,
    subject: Uuid,
    priority: i16,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"WITH job AS (
               INSERT INTO jobs (id, tenant_id, kind, subject, priority) VALUES ($1, $2, $3, $4, $5) RETURNING kind
           )
           SELECT pg_notify($6, kind)::text FROM job"#,
        JobId::new().0,
        tenant.0,
        kind.as_str(),
        subject,
        priority,
        db::JOBS
    )
    .fetch_one(db)
    .await?;
    Ok(())
}
