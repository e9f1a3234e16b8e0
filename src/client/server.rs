//! The connection to a server: which one, with which key, and what its answers mean.

use super::failure::{Failure, Problem};
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

/// Longest time an answer may take: checks of large exercises are the slowest.
const PATIENCE: Duration = Duration::from_secs(300);

/// A server and the key to talk to it with.
pub struct Server {
    http: reqwest::Client,
    url: Url,
    key: SecretString,
}

/// A good answer.
pub struct Answer {
    /// Its HTTP status.
    pub status: StatusCode,
    /// Its body; null where there is none.
    pub body: Value,
    /// Its header `Location`; empty where there is none.
    pub location: String,
}

impl Server {
    /// The server of `ASSAY_URL` (default `http://127.0.0.1:8080`) with the key of `ASSAY_KEY`. For a server on this
    /// machine, the admin key that it keeps in its data folder serves where `ASSAY_KEY` is unset.
    ///
    /// # Errors
    /// Where a setting is missing or cannot be used; names it.
    pub fn from_env() -> Result<Self, Failure> {
        // Only the first installation in a process counts, and any of them serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let settings = Settings::read()?;
        let given = settings
            .get("ASSAY_URL")
            .unwrap_or_else(|| "http://127.0.0.1:8080".into());
        let wrong = |why: &str| Failure::Usage(format!("ASSAY_URL is {given:?}: {why}, as in http://127.0.0.1:8080"));
        let mut url = Url::parse(&given).map_err(|_| wrong("expected a URL"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong("expected http:// or https:// and a host"));
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let key = match settings.get("ASSAY_KEY") {
            Some(key) => key,
            None if local => local_admin_key(&settings)?,
            None => return Err(Failure::Usage("set ASSAY_KEY to an API key of this server".into())),
        };
        if !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Failure::Usage(
                "ASSAY_KEY is not a key: it holds spaces or control characters".into(),
            ));
        }
        let mut http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(Duration::from_secs(5))
            .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")));
        if local {
            http = http.no_proxy();
        }
        if url.scheme() == "http" {
            // No certificates are needed, so none have to be installed on this machine.
            let no_roots = rustls::RootCertStore::empty();
            let tls = rustls::ClientConfig::builder()
                .with_root_certificates(no_roots)
                .with_no_client_auth();
            http = http.tls_backend_preconfigured(tls);
        }
        let http = http
            .build()
            .map_err(|error| Failure::Usage(format!("cannot set up HTTPS: {}", causes(&error))))?;
        Ok(Self {
            http,
            url,
            key: key.into(),
        })
    }

    /// A request below the server's URL, with the key.
    ///
    /// # Errors
    /// Where the parts of the path do not make a URL.
    pub fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, Failure> {
        let mut url = self.url.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path);
        }
        Ok(self.http.request(method, url).bearer_auth(self.key.expose_secret()))
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// Where no answer of Assay came back, or the answer is a problem document.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let location = response.headers().get("location").and_then(|place| place.to_str().ok());
        let location = location.unwrap_or_default().to_owned();
        let bytes = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        let body = if bytes.is_empty() {
            Ok(Value::Null)
        } else {
            serde_json::from_slice(&bytes)
        };
        match body {
            Ok(body) if status.is_success() => Ok(Answer { status, body, location }),
            Ok(body) if body.get("title").is_some() => match serde_json::from_value::<Problem>(body) {
                Ok(mut problem) => {
                    problem.status = status.as_u16();
                    Err(Failure::Refused(problem))
                }
                Err(error) => Err(Failure::Network(format!("the answer cannot be read: {error}"))),
            },
            _ => Err(Failure::Network(format!(
                "{} answered {status}, but not as Assay does; is ASSAY_URL right?",
                self.url
            ))),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let url = self.url.as_str().trim_end_matches('/');
        Failure::Network(if error.is_connect() {
            format!(
                "cannot connect to {url}: is the server running? Start it with `make serve`, or set ASSAY_URL. ({})",
                causes(error)
            )
        } else if error.is_timeout() {
            format!("{url} did not answer within {} seconds", PATIENCE.as_secs())
        } else {
            format!("the connection to {url} broke: {}", causes(error))
        })
    }
}

/// The innermost reason of an error: the outer ones repeat the URL.
fn causes(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// The environment, and behind it the file `.env` of this folder.
struct Settings(HashMap<String, String>);

impl Settings {
    fn read() -> Result<Self, Failure> {
        let unreadable = |error: dotenvy::Error| Failure::Usage(format!(".env cannot be read: {error}"));
        match dotenvy::from_path_iter(".env") {
            Ok(lines) => lines.collect::<Result<_, _>>().map(Self).map_err(unreadable),
            Err(error) if error.not_found() => Ok(Self(HashMap::new())),
            Err(error) => Err(unreadable(error)),
        }
    }

    /// A value; one that is empty counts as unset.
    fn get(&self, name: &str) -> Option<String> {
        let value = std::env::var(name).ok().or_else(|| self.0.get(name).cloned())?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

fn local_admin_key(settings: &Settings) -> Result<String, Failure> {
    let data = settings
        .get("ASSAY_DATA_DIR")
        .map_or_else(|| PathBuf::from("data"), PathBuf::from);
    let path = data.join("admin-key");
    match std::fs::read_to_string(&path) {
        Ok(key) => Ok(key.trim().to_owned()),
        Err(error) => Err(Failure::Usage(format!(
            "set ASSAY_KEY to an API key, or run this where the server's data folder is ({}: {error})",
            path.display()
        ))),
    }
}
