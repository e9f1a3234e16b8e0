//! Jobs are enqueued with their data, claimed by one worker only, and never lost.

use std::time::Duration;

use assay::domain::id::TenantId;
use assay::queue::{Job, Kind, claim, enqueue, finish, forget, release, renew, retry, sweep, take_back_all};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::database::fresh;

const LEASE: Duration = Duration::from_secs(60);

fn tenant() -> TenantId {
    TenantId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001))
}

async fn add(pool: &PgPool, priority: i16) -> Uuid {
    let subject = Uuid::now_v7();
    enqueue(pool, tenant(), Kind::Grade, subject, priority)
        .await
        .expect("a job can be enqueued");
    subject
}

async fn take(pool: &PgPool, most: usize) -> Vec<Job> {
    claim(pool, Uuid::now_v7(), most, LEASE)
        .await
        .expect("jobs can be claimed")
}

#[tokio::test]
async fn jobs_come_out_by_priority_and_then_by_age() {
    let db = fresh().await;
    let mut expected = Vec::new();
    for priority in [5, 0, 5, 0] {
        expected.push((priority, add(&db.pool, priority).await));
    }
    expected.sort_by_key(|(priority, _)| *priority);
    let claimed: Vec<_> = take(&db.pool, 10).await.into_iter().map(|job| job.subject).collect();
    assert_eq!(
        claimed,
        expected.into_iter().map(|(_, subject)| subject).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn many_workers_at_once_never_get_the_same_job() {
    let db = fresh().await;
    for _ in 0..60 {
        add(&db.pool, 0).await;
    }
    let workers = (0..6).map(|_| async {
        let mut mine = Vec::new();
        loop {
            let jobs = take(&db.pool, 3).await;
            assert!(jobs.len() <= 3, "no more than asked for");
            if jobs.is_empty() {
                return mine;
            }
            mine.extend(jobs.into_iter().map(|job| job.subject));
        }
    });
    let mut all: Vec<_> = futures::future::join_all(workers).await.into_iter().flatten().collect();
    let count = all.len();
    all.sort();
    all.dedup();
    // A worker may find everything locked and stop early; what it left is claimed by the others.
    assert_eq!((count, all.len()), (60, 60));
}

#[tokio::test]
async fn a_job_is_invisible_until_its_transaction_commits() {
    let db = fresh().await;
    let mut transaction = db.pool.begin().await.expect("a transaction");
    enqueue(&mut *transaction, tenant(), Kind::Verify, Uuid::now_v7(), 0)
        .await
        .expect("a job can be enqueued");
    assert!(take(&db.pool, 1).await.is_empty());
    transaction.commit().await.expect("it commits");
    assert_eq!(take(&db.pool, 1).await.len(), 1);
}

#[tokio::test]
async fn who_lost_the_lease_cannot_finish_the_job() {
    let db = fresh().await;
    add(&db.pool, 0).await;
    let first = take(&db.pool, 1).await.remove(0);
    assert_eq!(take_back_all(&db.pool).await.expect("jobs can be taken back"), 1);
    let second = take(&db.pool, 1).await.remove(0);
    assert_eq!((first.attempt, second.attempt), (1, 2));
    assert!(!finish(&db.pool, &first).await.expect("the database answers"));
    assert_eq!(
        renew(&db.pool, &[first.token], LEASE)
            .await
            .expect("the database answers"),
        0
    );
    assert!(finish(&db.pool, &second).await.expect("the database answers"));
    assert!(take(&db.pool, 1).await.is_empty());
}

#[tokio::test]
async fn a_lease_that_ran_out_is_swept_and_one_that_was_renewed_is_not() {
    let db = fresh().await;
    add(&db.pool, 0).await;
    let worker = Uuid::now_v7();
    let job = claim(&db.pool, worker, 1, Duration::ZERO)
        .await
        .expect("jobs can be claimed")
        .remove(0);
    assert_eq!(
        renew(&db.pool, &[job.token], LEASE)
            .await
            .expect("the database answers"),
        1
    );
    assert_eq!(sweep(&db.pool).await.expect("the database answers"), 0);
    assert_eq!(
        renew(&db.pool, &[job.token], Duration::ZERO)
            .await
            .expect("the database answers"),
        1
    );
    assert_eq!(sweep(&db.pool).await.expect("the database answers"), 1);
    assert_eq!(take(&db.pool, 1).await.remove(0).subject, job.subject);
}

#[tokio::test]
async fn a_released_job_is_ready_at_once_and_its_attempt_does_not_count() {
    let db = fresh().await;
    add(&db.pool, 0).await;
    let worker = Uuid::now_v7();
    assert_eq!(
        claim(&db.pool, worker, 5, LEASE)
            .await
            .expect("jobs can be claimed")
            .len(),
        1
    );
    assert_eq!(release(&db.pool, worker).await.expect("jobs can be released"), 1);
    assert_eq!(take(&db.pool, 1).await.remove(0).attempt, 1);
}

#[tokio::test]
async fn a_job_that_is_tried_again_later_waits_for_its_time() {
    let db = fresh().await;
    add(&db.pool, 0).await;
    let job = take(&db.pool, 1).await.remove(0);
    retry(&db.pool, &job, "the disk was full", LEASE)
        .await
        .expect("it can be tried again");
    assert!(take(&db.pool, 1).await.is_empty());
    let why: String = sqlx::query_scalar("SELECT last_error FROM jobs")
        .fetch_one(&db.pool)
        .await
        .expect("the job is there");
    assert_eq!(why, "the disk was full");
}

#[tokio::test]
async fn a_subject_has_one_job_and_a_forgotten_job_cannot_be_finished() {
    let db = fresh().await;
    let subject = add(&db.pool, 0).await;
    assert!(enqueue(&db.pool, tenant(), Kind::Grade, subject, 0).await.is_err());
    let job = take(&db.pool, 1).await.remove(0);
    forget(&db.pool, Kind::Grade, subject)
        .await
        .expect("it can be forgotten");
    assert!(!finish(&db.pool, &job).await.expect("the database answers"));
}
