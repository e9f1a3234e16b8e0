//! Reads bodies: never more than the cap, never longer than the deadline, and JSON so that a refusal names the field.

use super::json_path;
use super::problem::{Code, Problem};
use super::state::State;
use crate::intake::bundle::Packing;
use crate::intake::grader::Form;
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Reads a JSON body.
///
/// # Errors
/// The problem that names what is wrong, and where.
pub async fn json(request: &HttpRequest, payload: web::Payload, state: &State) -> Result<Bytes, Problem> {
    let kind = media_type(request)?;
    if !matches!(kind.as_deref(), None | Some("application/json")) {
        let message = format!(
            "expected a body of type application/json, got {}",
            kind.unwrap_or_default()
        );
        return Err(Problem::new(Code::UnsupportedMediaType, message));
    }
    read(request, payload, state.max_body, state.body_wait).await
}

/// Reads a bundle's archive.
///
/// # Errors
/// The problem that names what is wrong.
pub async fn bundle(request: &HttpRequest, payload: web::Payload, state: &State) -> Result<(Packing, Bytes), Problem> {
    let kind = media_type(request)?;
    let packing = match kind.as_deref() {
        Some("application/zip" | "application/x-zip-compressed") => Packing::Zip,
        Some("application/gzip" | "application/x-gzip" | "application/x-tar+gzip") => Packing::TarGz,
        _ => {
            let message = format!(
                "expected a body of type application/zip or application/gzip (tar.gz), got {}",
                kind.as_deref().unwrap_or("none")
            );
            return Err(Problem::new(Code::UnsupportedMediaType, message));
        }
    };
    Ok((
        packing,
        read(request, payload, state.max_bundle, state.body_wait).await?,
    ))
}

/// Reads a grader: a component, or the zip archive of a package.
///
/// # Errors
/// The problem that names what is wrong.
pub async fn grader(request: &HttpRequest, payload: web::Payload, state: &State) -> Result<(Form, Bytes), Problem> {
    let kind = media_type(request)?;
    let form = match kind.as_deref() {
        Some("application/wasm") => Form::Component,
        Some("application/zip" | "application/x-zip-compressed") => Form::Zip,
        _ => {
            let message = format!(
                "expected a body of type application/wasm (a component) or application/zip (a package), got {}",
                kind.as_deref().unwrap_or("none")
            );
            return Err(Problem::new(Code::UnsupportedMediaType, message));
        }
    };
    Ok((form, read(request, payload, state.max_bundle, state.body_wait).await?))
}

/// Understands a JSON body.
///
/// # Errors
/// The problem that names the field.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("the body is not UTF-8: byte {} cannot be read", error.valid_up_to());
        Problem::new(Code::InvalidUtf8, message)
    })?;
    serde_json::from_str(text).map_err(|error| refused(text, &error))
}

/// A parameter of the address, by name.
///
/// # Errors
/// The problem that names the parameter.
pub fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Problem> {
    web::Query::<T>::from_query(request.query_string())
        .map(web::Query::into_inner)
        .map_err(|error| {
            let message = match &error {
                actix_web::error::QueryPayloadError::Deserialize(error) => error.to_string(),
                other => other.to_string(),
            };
            match named(&message) {
                Some(name) => Problem::field(Code::InvalidParameter, name, message.clone()),
                None => Problem::new(Code::InvalidParameter, message),
            }
        })
}

/// A parameter that is on or off.
///
/// # Errors
/// The problem that names it, where it is neither `true` nor `false`.
pub fn switch(name: &str, value: Option<&str>, otherwise: bool) -> Result<bool, Problem> {
    match value {
        None => Ok(otherwise),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Problem::field(Code::InvalidParameter, name, "expected true or false")),
    }
}

fn refused(text: &str, error: &serde_json::Error) -> Problem {
    let whole = error.to_string();
    let message = whole
        .rsplit_once(" at line ")
        .map_or(whole.as_str(), |(message, _)| message);
    let (line, column) = (error.line(), error.column());
    if !error.is_data() {
        return Problem::new(Code::MalformedJson, format!("line {line}, column {column}: {message}"));
    }
    let place = json_path::at(text, line, column);
    let below = |name: &str| {
        if place.is_empty() {
            name.to_owned()
        } else {
            format!("{place}.{name}")
        }
    };
    match named(message) {
        Some(name) if message.starts_with("unknown field") => {
            Problem::field(Code::UnknownField, json_path::parent(&place, name), message)
        }
        Some(name) if message.starts_with("missing field") => {
            Problem::field(Code::ValidationFailed, below(name), "the field is missing")
        }
        Some(name) if message.starts_with("duplicate field") => Problem::field(
            Code::ValidationFailed,
            json_path::parent(&place, name),
            "the field is there twice",
        ),
        _ if place.is_empty() => Problem::field(Code::ValidationFailed, "body", message),
        _ => Problem::field(Code::ValidationFailed, place, message),
    }
}

/// The first name in backticks in a message of serde's.
fn named(message: &str) -> Option<&str> {
    let of_field = ["unknown field", "missing field", "duplicate field"];
    of_field
        .iter()
        .any(|kind| message.starts_with(kind))
        .then(|| message.split('`').nth(1))
        .flatten()
}

fn media_type(request: &HttpRequest) -> Result<Option<String>, Problem> {
    if let Some(coding) = request.headers().get(header::CONTENT_ENCODING)
        && coding != "identity"
    {
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            "send the body without a Content-Encoding",
        ));
    }
    let Some(kind) = request.headers().get(header::CONTENT_TYPE) else {
        return Ok(None);
    };
    let kind = kind.to_str().unwrap_or("an unreadable type");
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    Ok(Some(kind).filter(|kind| !kind.is_empty()))
}

async fn read(
    request: &HttpRequest,
    mut payload: web::Payload,
    limit: usize,
    wait: Duration,
) -> Result<Bytes, Problem> {
    let too_large = || {
        let message = format!("the body is larger than the {limit} bytes that this server takes here");
        Problem::new(Code::BodyTooLarge, message).with_header(header::CONNECTION, "close")
    };
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let receive = async {
        let mut body = BytesMut::with_capacity(announced.unwrap_or(8 * 1024).min(limit));
        while let Some(chunk) = payload.next().await {
            let broken = |error| Problem::new(Code::InvalidParameter, format!("the body broke off: {error}"));
            let chunk = chunk.map_err(broken)?;
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    tokio::time::timeout(wait, receive).await.unwrap_or_else(|_| {
        let message = format!("the body did not arrive within {} seconds", wait.as_secs());
        Err(Problem::new(Code::RequestTimeout, message))
    })
}
