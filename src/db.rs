//! The database connection: the pool, the migrations, and one listener that wakes whoever waits for a change.
//!
//! NOTIFY only says "look again": whoever is woken queries. A lost connection wakes everybody for the same reason.

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{Connection as _, PgPool};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Every migration of the server, in order.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// A job was enqueued; the payload is its kind.
pub const JOBS: &str = "assay_jobs";
/// A submission finished: the payload is its id; or began to run: its id and " running".
pub const SUBMISSIONS: &str = "assay_submissions";
/// A verification finished; the payload is its id.
pub const VERIFICATIONS: &str = "assay_verifications";

/// The admission of a grader ended; the payload is its version's id.
pub const GRADERS: &str = "assay_graders";
/// All channels.
const CHANNELS: [&str; 4] = [JOBS, SUBMISSIONS, VERIFICATIONS, GRADERS];

/// Begins a transaction whose commit does not wait for the disk: a crash of the database may forget it, whole.
pub const BEGIN_UNFLUSHED: &str = "BEGIN; SET LOCAL synchronous_commit = off";

/// Idle time after which a connection is tried before it is used.
const PING_AFTER: Duration = Duration::from_millis(500);

/// Opens a pool of at most `connections`, one of which the [`Hub`] keeps.
///
/// # Errors
/// Where the server cannot be reached.
pub async fn connect(options: PgConnectOptions, connections: u32) -> sqlx::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(2)
        .acquire_timeout(Duration::from_secs(10))
        // One that was used a moment ago needs no ping, which would double the messages of a busy server.
        .test_before_acquire(false)
        .before_acquire(|connection, idle| {
            Box::pin(async move {
                if idle.idle_for > PING_AFTER {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options.application_name("assay"))
        .await
}

type Key = (&'static str, String);

/// Wakes those who wait for a channel, or for one payload of a channel.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    waiting: Arc<Mutex<HashMap<Key, watch::Sender<u64>>>>,
}

/// A wait for one channel and payload, from the moment of subscribing on. Subscribe first, then query.
#[derive(Debug)]
pub struct Subscription {
    hub: Hub,
    key: Key,
    wakes: watch::Receiver<u64>,
}

impl Hub {
    /// Begins to listen, and goes on until the pool closes.
    ///
    /// # Errors
    /// Where no connection can be had at the start; a later loss is mended.
    pub async fn start(pool: &PgPool) -> sqlx::Result<Self> {
        let hub = Self::default();
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen_all(CHANNELS).await?;
        let (listening, pool) = (hub.clone(), pool.clone());
        tokio::spawn(async move {
            while !pool.is_closed() {
                match listener.try_recv().await {
                    Ok(Some(note)) => listening.wake(note.channel(), note.payload()),
                    Ok(None) => listening.wake_all(),
                    Err(error) if pool.is_closed() => {
                        tracing::debug!(%error, "the listener ends with its pool");
                        break;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "lost the connection that listens for changes; trying again");
                        listening.wake_all();
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                }
            }
        });
        Ok(hub)
    }

    /// Waits for `channel`, and there for `payload` alone unless it is empty.
    #[must_use]
    pub fn subscribe(&self, channel: &'static str, payload: impl Into<String>) -> Subscription {
        let key = (channel, payload.into());
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let wakes = waiting
            .entry(key.clone())
            .or_insert_with(|| watch::channel(0).0)
            .subscribe();
        Subscription {
            hub: self.clone(),
            key,
            wakes,
        }
    }

    fn wake(&self, channel: &str, payload: &str) {
        let Some(channel) = CHANNELS.into_iter().find(|known| *known == channel) else {
            return;
        };
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for key in [(channel, payload.to_owned()), (channel, String::new())] {
            if let Some(wakes) = waiting.get(&key) {
                wakes.send_modify(|count| *count += 1);
            }
        }
    }

    fn wake_all(&self) {
        for wakes in self.waiting.lock().unwrap_or_else(PoisonError::into_inner).values() {
            wakes.send_modify(|count| *count += 1);
        }
    }
}

impl Subscription {
    /// Returns once something changed since subscribing or since the last return.
    pub async fn changed(&mut self) {
        if self.wakes.changed().await.is_err() {
            std::future::pending::<()>().await; // the hub keeps the sender while anybody waits
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut waiting = self.hub.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // This receiver still counts, so the last one sees 1.
        if waiting.get(&self.key).is_some_and(|wakes| wakes.receiver_count() <= 1) {
            waiting.remove(&self.key);
        }
    }
}
