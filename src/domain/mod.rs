//! The words of the house: what a submission, an exercise, a report are. A leaf: no I/O, imports nothing of ours.
//!
//! Whatever arrives from outside becomes one of these types or is refused with the reason; nothing behind this
//! door checks the same thing twice.

pub mod bundle;
pub mod exercise;
pub mod files;
pub mod grader;
pub mod id;
pub mod key;
pub mod limits;
pub mod name;
pub mod report;
pub mod run;
pub mod submission;
pub mod verdict;
pub mod verification;
