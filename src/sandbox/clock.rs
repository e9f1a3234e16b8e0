//! The virtual clock: starts at the same moment in every run, advances with the instructions used, and jumps ahead
//! when a program sleeps. So sleeping costs no real time, and a run reads the same times on every machine.

use super::state::State;
use crate::domain::limits::INSTRUCTIONS_PER_MS;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use wasmtime::StoreContextMut;
use wasmtime::component::{ComponentType, Lift, Linker, Lower, Resource};
use wasmtime_wasi_io::poll::{DynPollable, Pollable, subscribe};

/// 2026-01-05 09:00:00 UTC, a Monday: the moment at which every run begins, in seconds since 1970.
pub const START_SECONDS: u64 = 1_767_603_600;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// Nanoseconds slept so far; shared with the pollables that sleep.
#[derive(Clone, Debug, Default)]
pub struct Slept(Arc<AtomicU64>);

impl Slept {
    /// Nanoseconds slept so far.
    pub fn nanos(&self) -> u64 {
        self.0.load(Relaxed)
    }

    /// Time passes.
    pub fn add(&self, nanos: u64) {
        let _ = self
            .0
            .fetch_update(Relaxed, Relaxed, |slept| Some(slept.saturating_add(nanos)));
    }
}

/// The time that instructions stand for, in nanoseconds.
pub fn nanos_of(instructions: u64) -> u64 {
    let nanos = u128::from(instructions) * 1_000_000 / u128::from(INSTRUCTIONS_PER_MS);
    u64::try_from(nanos).unwrap_or(u64::MAX)
}

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Datetime {
    seconds: u64,
    nanoseconds: u32,
}

/// Nanoseconds since the run began.
fn elapsed(store: &mut StoreContextMut<'_, State>) -> u64 {
    let left = store.get_fuel().unwrap_or(0);
    let state = store.data();
    state.slept.nanos().saturating_add(nanos_of(state.meter.used(left)))
}

/// A sleeper: ready at once, and moves the clock to its moment when it is waited for.
struct Sleeper {
    slept: Slept,
    nanos: u64,
}

#[async_trait::async_trait]
impl Pollable for Sleeper {
    async fn ready(&mut self) {
        self.slept.add(std::mem::take(&mut self.nanos));
    }
}

fn sleeper(state: &mut State, nanos: u64) -> wasmtime::Result<Resource<DynPollable>> {
    let sleeper = Sleeper {
        slept: state.slept.clone(),
        nanos,
    };
    let sleeper = state.table.push(sleeper)?;
    subscribe(&mut state.table, sleeper)
}

/// Puts the virtual clock in the place of wasmtime-wasi's clocks.
pub fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut clock = linker.instance("wasi:clocks/monotonic-clock@0.2.12")?;
    clock.func_wrap("now", |mut store, ()| Ok((elapsed(&mut store),)))?;
    clock.func_wrap("resolution", |_, ()| Ok((1_u64,)))?;
    clock.func_wrap(
        "subscribe-duration",
        |mut store: StoreContextMut<'_, State>, (nanos,): (u64,)| Ok((sleeper(store.data_mut(), nanos)?,)),
    )?;
    clock.func_wrap(
        "subscribe-instant",
        |mut store: StoreContextMut<'_, State>, (when,): (u64,)| {
            let nanos = when.saturating_sub(elapsed(&mut store));
            Ok((sleeper(store.data_mut(), nanos)?,))
        },
    )?;
    let mut clock = linker.instance("wasi:clocks/wall-clock@0.2.12")?;
    clock.func_wrap("now", |mut store, ()| {
        let nanos = elapsed(&mut store);
        let seconds = START_SECONDS + nanos / NANOS_PER_SECOND;
        Ok((Datetime {
            seconds,
            nanoseconds: (nanos % NANOS_PER_SECOND) as u32,
        },))
    })?;
    clock.func_wrap("resolution", |_, ()| {
        Ok((Datetime {
            seconds: 0,
            nanoseconds: 1,
        },))
    })?;
    Ok(())
}
