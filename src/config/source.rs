//! Single values: from text to a number, a path, an address, or one line that says what was wrong.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;

use super::LogFormat;

/// Why the settings cannot be used. Each message is one line.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that does not fit.
    #[error("{name}={value}: expected {expected}")]
    Value {
        /// The variable.
        name: String,
        /// What it was set to; hidden for secrets.
        value: String,
        /// What would have been right.
        expected: String,
    },
    /// A `.env` file that cannot be read.
    #[error(".env: {0}")]
    EnvFile(String),
    /// A path that cannot be made absolute (the current folder is gone).
    #[error("{}: {error}", path.display())]
    Path {
        /// The path.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The kept admin key cannot be read or written.
    #[error("cannot keep the admin key in {}: {error}", path.display())]
    AdminKey {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

/// Names and values, as they came.
#[derive(Debug, Default)]
pub struct Source {
    values: BTreeMap<String, OsString>,
}

impl Source {
    /// The process environment over the `.env` file of the current folder.
    ///
    /// # Errors
    /// When there is a `.env` file that cannot be read.
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        match dotenvy::from_path_iter(".env") {
            Ok(lines) => {
                for line in lines {
                    let (name, value) = line.map_err(|error| ConfigError::EnvFile(error.to_string()))?;
                    values.insert(name, value.into());
                }
            }
            Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(ConfigError::EnvFile(error.to_string())),
        }
        values.extend(std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value))));
        Ok(Self { values })
    }

    /// The value as text; an empty value counts as unset.
    fn text(&self, name: &str) -> Result<Option<&str>, ConfigError> {
        match self.values.get(name) {
            None => Ok(None),
            Some(value) => match value.to_str() {
                Some(text) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
                None => Err(bad(name, &value.to_string_lossy(), "UTF-8 text")),
            },
        }
    }

    pub(super) fn path(&self, name: &str) -> Result<Option<PathBuf>, ConfigError> {
        Ok(self
            .values
            .get(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from))
    }

    pub(super) fn number(&self, name: &str, min: u64, max: u64) -> Result<Option<u64>, ConfigError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.parse() {
            Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(bad(name, text, &format!("a whole number from {min} to {max}"))),
        }
    }

    pub(super) fn address(&self, name: &str) -> Result<Option<SocketAddr>, ConfigError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        text.parse()
            .map(Some)
            .map_err(|_| bad(name, text, "an address and a port, such as 127.0.0.1:8080"))
    }

    pub(super) fn secret(&self, name: &str) -> Result<Option<SecretString>, ConfigError> {
        match self.text(name)? {
            None => Ok(None),
            Some(text) if text.len() < 16 => Err(bad(name, "(hidden)", "at least 16 characters")),
            Some(text) => Ok(Some(SecretString::from(text))),
        }
    }

    pub(super) fn database_url(&self) -> Result<Option<SecretString>, ConfigError> {
        match self.text("DATABASE_URL")? {
            None => Ok(None),
            Some(text) if text.starts_with("postgres://") || text.starts_with("postgresql://") => {
                Ok(Some(SecretString::from(text)))
            }
            Some(_) => Err(bad(
                "DATABASE_URL",
                "(hidden)",
                "a URL such as postgres://user:password@host/database",
            )),
        }
    }

    pub(super) fn log_filter(&self, name: &str) -> Result<Option<String>, ConfigError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.parse::<tracing_subscriber::EnvFilter>() {
            Ok(_) => Ok(Some(text.to_owned())),
            Err(_) => Err(bad(name, text, "a log filter, such as info or assay=debug,warn")),
        }
    }

    pub(super) fn log_format(&self, name: &str) -> Result<LogFormat, ConfigError> {
        match self.text(name)? {
            None if std::io::stderr().is_terminal() => Ok(LogFormat::Pretty),
            None | Some("json") => Ok(LogFormat::Json),
            Some("pretty") => Ok(LogFormat::Pretty),
            Some(text) => Err(bad(name, text, "pretty or json")),
        }
    }

    /// The names that begin with `ASSAY_` and are not in the list.
    pub(super) fn unknown(&self, known: &[&str]) -> Vec<String> {
        let ours = self.values.keys().filter(|name| name.starts_with("ASSAY_"));
        ours.filter(|name| !known.contains(&name.as_str())).cloned().collect()
    }
}

impl<N: Into<String>, V: Into<OsString>> FromIterator<(N, V)> for Source {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self {
            values: pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }
}

fn bad(name: &str, value: &str, expected: &str) -> ConfigError {
    ConfigError::Value {
        name: name.to_owned(),
        value: value.to_owned(),
        expected: expected.to_owned(),
    }
}
