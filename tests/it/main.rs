//! Promises of the whole product, a file per behaviour, in one binary.

mod attacks;
mod cli;
mod config;
mod course;
mod crash;
mod crossing;
mod embedded;
mod end_to_end;
mod grader_versions;
mod graders;
mod http_bad_input;
mod http_events;
mod http_exercises;
mod http_submissions;
mod imports;
mod programs;
mod purity;
mod queue;
mod support;
