//! Where a submission stands in the queue. Only a look: the queue's own room takes jobs.

use crate::domain::id::{SubmissionId, TenantId};
use sqlx::PgExecutor;

/// How many jobs will be taken before that of a tenant's submission; none where it waits no more.
///
/// # Errors
/// The database's.
pub async fn ahead(db: impl PgExecutor<'_>, tenant: TenantId, id: SubmissionId) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM jobs other
                   WHERE other.lease_token IS NULL
                     AND (other.priority, other.run_at, other.id) < (mine.priority, mine.run_at, mine.id)) AS "ahead!"
           FROM jobs mine
           WHERE mine.kind = 'grade' AND mine.subject = $2 AND mine.tenant_id = $1 AND mine.lease_token IS NULL"#,
        tenant.0,
        id.0
    )
    .fetch_optional(db)
    .await
}
