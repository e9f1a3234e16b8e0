//! Assay grades code exercises in sandboxes.
//!
//! The rooms, in the order that data walks through them:
//! `http → intake → [jobs row] → worker → grading → sandbox → worker → [report row, NOTIFY] → http`.

pub mod app;

pub mod http;

pub mod intake;

pub mod store;

pub mod queue;

pub mod worker;

pub mod grading;

pub mod sandbox;

pub mod domain;

pub mod client;

pub mod config;

pub mod telemetry;

pub mod db;

pub mod embedded;
