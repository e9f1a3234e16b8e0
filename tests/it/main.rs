//! Promises of the whole product, a file per behaviour, in one binary.

mod config;
mod embedded;
mod programs;
mod queue;
mod support;
