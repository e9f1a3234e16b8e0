//! Claims as many jobs as there are free permits, does each in a task, renews leases, and stops in good order.

use super::{Env, give_up, grade, graders, perform};
use crate::db::{Hub, JOBS};
use crate::domain::limits::LimitCaps;
use crate::queue::{self, Job};
use crate::sandbox::Sandboxes;
use futures::FutureExt as _;
use sqlx::PgPool;
use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// How a worker works.
#[derive(Clone, Copy, Debug)]
pub struct WorkerOptions {
    /// Jobs at once.
    pub permits: usize,
    /// How long a claim lasts without renewal.
    pub lease: Duration,
    /// How long a stop waits for jobs that run.
    pub shutdown: Duration,
    /// Failed tries before a job is given up.
    pub attempts: i32,
    /// What exercises may ask for at most.
    pub caps: LimitCaps,
}

/// A worker that runs until it is stopped.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

struct Shared {
    env: Env,
    id: Uuid,
    options: WorkerOptions,
    held: Mutex<HashSet<Uuid>>,
}

impl Worker {
    /// Starts to work.
    #[must_use]
    pub fn start(pool: PgPool, hub: &Hub, sandboxes: Sandboxes, options: WorkerOptions) -> Self {
        let (stop, stopping) = watch::channel(false);
        let env = Env {
            pool,
            sandboxes,
            caps: options.caps,
            exercises: grade::Exercises::default(),
            graders: graders::Graders::default(),
        };
        let shared = Arc::new(Shared {
            env,
            id: Uuid::now_v7(),
            options,
            held: Mutex::default(),
        });
        let task = tokio::spawn(work(shared, hub.clone(), stopping));
        Self { stop, task }
    }

    /// Stops claiming, waits for what runs (up to the time in the options), gives the rest back.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the worker's loop failed");
        }
    }
}

async fn work(shared: Arc<Shared>, hub: Hub, mut stopping: watch::Receiver<bool>) {
    let permits = Arc::new(Semaphore::new(shared.options.permits));
    let mut jobs = hub.subscribe(JOBS, "");
    let tending = tokio::spawn(tend(shared.clone()));
    while !*stopping.borrow() {
        let free = tokio::select! {
            permit = permits.acquire() => { drop(permit); permits.available_permits() }
            _ = stopping.changed() => break,
        };
        let claimed = match queue::claim(&shared.env.pool, shared.id, free.max(1), shared.options.lease).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::error!(%error, "cannot claim jobs; trying again in a second");
                Vec::new()
            }
        };
        if claimed.is_empty() {
            tokio::select! {
                () = jobs.changed() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                _ = stopping.changed() => break,
            }
        }
        for job in claimed {
            let Ok(permit) = permits.clone().acquire_owned().await else {
                return;
            };
            let shared = shared.clone();
            shared.held().insert(job.token);
            tokio::spawn(async move {
                attempt(&shared, &job).await;
                shared.held().remove(&job.token);
                drop(permit);
            });
        }
    }
    let all = u32::try_from(shared.options.permits).unwrap_or(u32::MAX);
    if tokio::time::timeout(shared.options.shutdown, permits.acquire_many(all))
        .await
        .is_err()
    {
        tracing::warn!("jobs still run at the end of the shutdown time; they go back to the queue");
    }
    tending.abort();
    if let Err(error) = queue::release(&shared.env.pool, shared.id).await {
        tracing::error!(%error, "cannot give jobs back; their leases will run out");
    }
}

impl Shared {
    fn held(&self) -> std::sync::MutexGuard<'_, HashSet<Uuid>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Renews what is held and takes back what others lost, three times a lease.
async fn tend(shared: Arc<Shared>) {
    loop {
        let tokens: Vec<Uuid> = shared.held().iter().copied().collect();
        let renewed = if tokens.is_empty() {
            Ok(0)
        } else {
            queue::renew(&shared.env.pool, &tokens, shared.options.lease).await
        };
        match (renewed, queue::sweep(&shared.env.pool).await) {
            (Ok(_), Ok(0)) => {}
            (Ok(_), Ok(swept)) => tracing::warn!(queue.swept = swept, "took jobs back whose workers are gone"),
            (Err(error), _) | (_, Err(error)) => tracing::error!(%error, "cannot tend the leases"),
        }
        tokio::time::sleep(shared.options.lease / 3).await;
    }
}

/// Tries of a job whose workers died over it. A crash of the machine is not the job's fault; a job that crashes every
/// worker has to end some time.
const MOST_DEATHS: i32 = 10;

/// Does a job; after a failure of ours it is tried again later, and given up after the last try.
async fn attempt(shared: &Shared, job: &Job) {
    let why = if job.attempt > MOST_DEATHS {
        "every try ended with its worker".to_owned()
    } else {
        match AssertUnwindSafe(perform(&shared.env, job)).catch_unwind().await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the job's task panicked".to_owned(),
        }
    };
    let last = job.attempt >= shared.options.attempts;
    tracing::error!(
        job.kind = job.kind.as_str(), job.subject = %job.subject, job.attempt = job.attempt, job.given_up = last,
        error = %why, "a job failed"
    );
    let noted = if last {
        give_up(&shared.env, job, &why).await
    } else {
        let delay = Duration::from_millis(200) * 4_u32.saturating_pow(job.attempt.unsigned_abs().min(6));
        queue::retry(&shared.env.pool, job, &why, delay)
            .await
            .map_err(Into::into)
    };
    if let Err(error) = noted {
        tracing::error!(job.subject = %job.subject, %error, "cannot note a job's failure; its lease will run out");
    }
}
