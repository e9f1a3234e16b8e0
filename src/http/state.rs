//! What handlers share.

use super::auth::KeyCache;
use crate::config;
use crate::db::Hub;
use crate::domain::limits::LimitCaps;
use sqlx::PgPool;
use std::time::Duration;
use tokio::sync::watch;

/// Everything that handlers use. Nothing in it can run code.
pub struct State {
    /// The database.
    pub pool: PgPool,
    /// Tells when submissions and verifications change.
    pub hub: Hub,
    /// The most that an exercise may ask for.
    pub caps: LimitCaps,
    /// Largest JSON body in bytes.
    pub max_body: usize,
    /// Largest bundle upload in bytes.
    pub max_bundle: usize,
    /// How long a push waits for its verification before it answers `202`.
    pub verification_wait: Duration,
    /// How long a body may take to arrive.
    pub body_wait: Duration,
    pub(super) keys: KeyCache,
    stopping: watch::Sender<bool>,
}

/// Tells a server that it is about to stop: whoever waits for a report is answered with what there is.
#[derive(Clone, Debug)]
pub struct Stopping(watch::Sender<bool>);

impl Stopping {
    /// Ends all waits and event streams.
    pub fn announce(&self) {
        self.0.send_replace(true);
    }
}

impl State {
    /// The state of a server with these settings.
    #[must_use]
    pub fn new(pool: PgPool, hub: Hub, settings: &config::Http, caps: LimitCaps) -> Self {
        Self {
            pool,
            hub,
            caps,
            max_body: settings.max_body,
            max_bundle: settings.max_bundle,
            verification_wait: Duration::from_secs(110),
            body_wait: Duration::from_secs(60),
            keys: KeyCache::default(),
            stopping: watch::Sender::new(false),
        }
    }

    /// What ends the waits of this state's server.
    #[must_use]
    pub fn stopping(&self) -> Stopping {
        Stopping(self.stopping.clone())
    }

    /// Returns once the server is about to stop.
    pub(super) async fn stops(&self) {
        // The sender lives as long as this state, so the wait ends for no other reason.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }
}
