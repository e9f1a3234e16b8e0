//! What a runtime answers after running a program (a job of kind `program`), in its own JSON.

use super::contract::{How, LoadDiagnostic};
use serde::Deserialize;

/// How a program came to its end, as far as the language is concerned.
#[derive(Debug, Deserialize)]
pub struct ProgramAnswer {
    /// Whether nothing but its end ended it.
    pub ok: bool,
    /// The exit code it asked for.
    #[serde(default)]
    pub exit_code: Option<i32>,
    /// What ended it.
    #[serde(default)]
    pub diagnostic: Option<LoadDiagnostic>,
}

impl ProgramAnswer {
    /// Reads an answer. One that cannot be read is that of a program that has tampered with its interpreter.
    #[must_use]
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or(Self {
            ok: false,
            exit_code: None,
            diagnostic: None,
        })
    }

    /// The ending and exit code in the words of the contract.
    #[must_use]
    pub fn how(&self) -> (How, i32) {
        match &self.diagnostic {
            _ if self.ok => (How::Returned, 0),
            Some(found) if found.kind == "MemoryError" => (How::MemoryLimit, 0),
            _ => (How::Exited, self.exit_code.unwrap_or(1)),
        }
    }
}
