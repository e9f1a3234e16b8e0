//! Who is asking, and what they may do.

use super::problem::{Code, Problem};
use super::state::State;
use crate::domain::id::{KeyId, TenantId};
use crate::domain::key::Role;
use crate::intake::key::hash;
use crate::store::keys::{self, Granted};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A caller whose key opens something.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    /// The key itself.
    pub key: KeyId,
    /// Whose data it opens.
    pub tenant: TenantId,
    /// What it may do.
    pub role: Role,
}

impl Access {
    /// Goes on only with one of these roles.
    ///
    /// # Errors
    /// `403`, which names the roles that may.
    pub fn only(self, roles: &[Role]) -> Result<Self, Problem> {
        if roles.contains(&self.role) {
            return Ok(self);
        }
        let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        let (who, mine) = (names.join(" or "), self.role.as_str());
        Err(Problem::new(
            Code::Forbidden,
            format!("this needs a key of role {who}; this one is of role {mine}"),
        ))
    }

    /// Whether the caller sees hidden tests, drafts and retired exercises.
    #[must_use]
    pub fn sees_everything(self) -> bool {
        match self.role {
            Role::Admin | Role::Author => true,
            Role::Platform => false,
        }
    }
}

impl FromRequest for Access {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<State>>().cloned();
        let key = bearer(request).map(hash);
        Box::pin(async move {
            let state = state.ok_or_else(|| Problem::internal("the state is missing"))?;
            let key = key.ok_or_else(|| {
                Problem::new(
                    Code::Unauthenticated,
                    "send \"Authorization: Bearer KEY\" with a key of this server",
                )
            })?;
            let granted = match state.keys.get(&key) {
                Some(granted) => granted,
                None => {
                    let granted = keys::granted(&state.pool, &key).await?.ok_or_else(|| {
                        Problem::new(Code::Unauthenticated, "this key is unknown or has been revoked")
                    })?;
                    state.keys.put(key, granted);
                    granted
                }
            };
            Ok(Self {
                key: granted.id,
                tenant: granted.tenant,
                role: granted.role,
            })
        })
    }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| key.trim())
        .filter(|key| !key.is_empty())
}

/// Keys that were good a moment ago. A revoked key is refused at once by the process that revoked it, and after
/// [`KeyCache::TTL`] by the others.
#[derive(Default)]
pub(super) struct KeyCache(Mutex<HashMap<[u8; 32], (Granted, Instant)>>);

impl KeyCache {
    const TTL: Duration = Duration::from_secs(1);
    const MOST: usize = 10_000;

    fn get(&self, key: &[u8; 32]) -> Option<Granted> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(key)
            .filter(|(_, since)| since.elapsed() < Self::TTL)
            .map(|(granted, _)| *granted)
    }

    fn put(&self, key: [u8; 32], granted: Granted) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(key, (granted, Instant::now()));
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
