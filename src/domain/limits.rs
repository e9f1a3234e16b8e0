//! What a submission may use.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Instructions (fuel) that stand for one millisecond of budget, the same on every machine.
///
/// Recorded with every runtime version; a change of this number makes a new runtime version.
pub const INSTRUCTIONS_PER_MS: u64 = 9_000_000;

/// A submission's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limits {
    /// Budget of each test, and of loading the files, in milliseconds of [`INSTRUCTIONS_PER_MS`].
    pub time_ms: u32,
    /// Memory of the sandbox in MiB, the interpreter included.
    pub memory_mb: u32,
    /// Printed output in KiB, over the whole submission.
    pub output_kb: u32,
}

impl Limits {
    /// Used where an exercise does not say otherwise.
    pub const DEFAULT: Self = Self {
        time_ms: 2000,
        memory_mb: 128,
        output_kb: 64,
    };

    /// How many times the budget of one test all tests of a submission may use together.
    ///
    /// A submission that loops in every test would otherwise hold its slot for minutes; tests beyond it are `not_run`.
    pub const WHOLE_RUN_FACTOR: u64 = 5;

    /// The budget of one test in instructions.
    #[must_use]
    pub fn test_instructions(&self) -> u64 {
        u64::from(self.time_ms) * INSTRUCTIONS_PER_MS
    }

    /// The budget of the whole submission in instructions.
    #[must_use]
    pub fn whole_instructions(&self) -> u64 {
        self.test_instructions() * Self::WHOLE_RUN_FACTOR
    }

    /// Memory in bytes.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.memory_mb as usize * 1024 * 1024
    }

    /// Output in bytes.
    #[must_use]
    pub fn output_bytes(&self) -> usize {
        self.output_kb as usize * 1024
    }
}

/// What a server allows at most, and the least that a runtime needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitCaps {
    /// Largest `time_ms`.
    pub time_ms: u32,
    /// Largest `memory_mb`.
    pub memory_mb: u32,
    /// Largest `output_kb`.
    pub output_kb: u32,
}

impl Default for LimitCaps {
    fn default() -> Self {
        Self {
            time_ms: 10_000,
            memory_mb: 512,
            output_kb: 1024,
        }
    }
}
