//! Promises of the whole product, a file per behaviour.

mod programs;
mod support;
