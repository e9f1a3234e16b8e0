//! API keys' roles.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything of a tenant.
    Admin,
    /// Submit and read for all learners.
    Platform,
    /// Exercises: push, check, read; sees hidden tests.
    Author,
}

impl Role {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Platform => "platform",
            Self::Author => "author",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = super::name::NameError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "admin" => Ok(Self::Admin),
            "platform" => Ok(Self::Platform),
            "author" => Ok(Self::Author),
            _ => Err(super::name::NameError("expected admin, platform or author".into())),
        }
    }
}
