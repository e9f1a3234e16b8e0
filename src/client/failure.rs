//! What can keep a client command from being carried out, each with what to do about it.

use super::terminal::plain;
use crate::domain::verification::Verification;
use serde::{Deserialize, Serialize};

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command line, a file or a setting on this side is wrong.
    #[error("{0}")]
    Usage(String),
    /// The server could not be reached, or what came back was not an answer of Assay.
    #[error("{0}")]
    Network(String),
    /// The server refused.
    #[error("{0}")]
    Refused(Problem),
}

impl Failure {
    /// 2 where the command line or its files are wrong, 3 where the server or the network is.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Network(_) | Self::Refused(_) => 3,
        }
    }
}

/// A problem document (RFC 9457) as the server sends it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Problem {
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// The stable name of this kind of problem.
    #[serde(default)]
    pub code: String,
    /// The kind of problem in words.
    #[serde(default)]
    pub title: String,
    /// What is wrong this time.
    #[serde(default)]
    pub detail: Option<String>,
    /// Every single thing that is wrong.
    #[serde(default)]
    pub errors: Vec<Fault>,
    /// The whole outcome of a check that found something.
    #[serde(default)]
    pub verification: Option<Verification>,
}

/// One entry of a problem's `errors`: in a bundle's file or in a field of the request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Fault {
    /// The file in the bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The field of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong and what to do.
    #[serde(default)]
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.field, &self.file, self.line) {
            (Some(field), ..) => write!(f, "{field}: ")?,
            (None, Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (None, Some(file), None) => write!(f, "{file}: ")?,
            (None, None, _) => {}
        }
        f.write_str(&self.message)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.errors.as_slice() {
            [] | [_] => f.write_str(&plain(self.detail.as_deref().unwrap_or(&self.title)))?,
            several => {
                f.write_str(&plain(&self.title))?;
                for fault in several {
                    write!(f, "\n  {}", plain(&fault.to_string()))?;
                }
            }
        }
        match self.status {
            401 => {
                f.write_str("\n  Set ASSAY_KEY to a key of this server; `make serve` prints an admin key at its start.")
            }
            403 => f.write_str("\n  This key's role does not allow it; `assay key create` makes one that does."),
            429 => f.write_str("\n  The server is busy; try again in a moment."),
            _ => Ok(()),
        }
    }
}
