//! Budgets: what a run may use, and how much it has used.

use wasmtime::{ResourceLimiter, StoreContextMut};

/// What one run may use.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Instructions granted at the start; an observer may grant anew at events.
    pub instructions: u64,
    /// Largest linear memory in bytes, the interpreter included.
    pub memory_bytes: usize,
    /// Printed bytes between two takings of the output.
    pub output_bytes: usize,
    /// Real time after which a run is ended whatever it does.
    pub backstop: std::time::Duration,
}

/// Counts instructions over several grants.
#[derive(Debug, Default)]
pub struct Meter {
    used_before: u64,
    granted: u64,
}

impl Meter {
    /// Instructions used since the start.
    pub fn used(&self, left: u64) -> u64 {
        self.used_before + self.granted.saturating_sub(left)
    }
}

/// Gives the running program a new grant in place of what is left of the last.
pub fn grant<T>(
    store: &mut StoreContextMut<'_, T>,
    meter: impl Fn(&mut T) -> &mut Meter,
    instructions: u64,
) -> wasmtime::Result<()> {
    let left = store.get_fuel()?;
    let meter = meter(store.data_mut());
    meter.used_before = meter.used(left);
    meter.granted = instructions;
    store.set_fuel(instructions)
}

/// Refuses growth beyond the limit and remembers that it did, and the largest size reached.
#[derive(Debug)]
pub struct Memory {
    limit: usize,
    /// Largest size of the linear memory so far, in bytes.
    pub peak: usize,
    /// Whether a growth was refused since this was last cleared.
    pub refused: bool,
}

impl Memory {
    /// A limit in bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            peak: 0,
            refused: false,
        }
    }

    /// Another limit from now on, in bytes.
    pub fn limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let fits = desired <= self.limit;
        if fits {
            self.peak = self.peak.max(desired);
        } else {
            self.refused = true;
        }
        Ok(fits)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= 60_000)
    }
}
