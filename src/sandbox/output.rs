//! What a program prints: standard output and standard error, in the order printed, up to a limit.

use bytes::Bytes;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream};
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, OutputStream, StreamError, StreamResult};

/// The reason of the trap that ends a program which printed too much.
#[derive(Debug, thiserror::Error)]
#[error("the program printed more than it may")]
pub struct OutputLimit;

#[derive(Debug, Default)]
struct Printed {
    text: Vec<u8>,
    limit: usize,
}

/// The printed bytes of one run; clones share them.
#[derive(Clone, Debug)]
pub struct Output(Arc<Mutex<Printed>>);

impl Output {
    /// Room for `limit` bytes until [`Output::take`] is called.
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Printed {
            text: Vec::new(),
            limit,
        })))
    }

    /// What was printed since the last taking, as text; the room is free again.
    pub fn take(&self) -> String {
        let text = std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).text);
        String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

#[async_trait::async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

#[async_trait::async_trait]
impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut printed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = printed.limit.saturating_sub(printed.text.len());
        let fits = bytes.len() <= room;
        printed.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if fits {
            Ok(())
        } else {
            Err(StreamError::Trap(wasmtime::Error::from(OutputLimit)))
        }
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(64 * 1024)
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        Box::new(tokio::io::sink()) // not reached: only WASI 0.2 streams are linked
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

/// Standard input: bytes given beforehand; clones share the place that was read to.
#[derive(Clone, Debug)]
pub struct Input(Arc<Mutex<Bytes>>);

impl Input {
    /// Input of these bytes, then end of file.
    pub fn new(bytes: Bytes) -> Self {
        Self(Arc::new(Mutex::new(bytes)))
    }
}

#[async_trait::async_trait]
impl Pollable for Input {
    async fn ready(&mut self) {}
}

#[async_trait::async_trait]
impl InputStream for Input {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if left.is_empty() {
            return Err(StreamError::Closed);
        }
        let size = size.min(left.len());
        Ok(left.split_to(size))
    }
}

impl IsTerminal for Input {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdinStream for Input {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncRead + Send + Sync> {
        Box::new(tokio::io::empty()) // not reached: only WASI 0.2 streams are linked
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(self.clone())
    }
}
