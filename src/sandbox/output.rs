//! What a program prints: standard output and standard error, in the order printed, up to a limit.

use super::contract::{Printed, Stream};
use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream};
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, OutputStream, StreamError, StreamResult};

/// The reason of the trap that ends a program which printed too much.
#[derive(Debug, thiserror::Error)]
#[error("the program printed more than it may")]
pub struct OutputLimit;

#[derive(Debug, Default)]
struct Kept {
    chunks: Vec<(Stream, Vec<u8>)>,
    room: usize,
    limit: usize,
}

/// The printed bytes of one run; clones share them.
#[derive(Clone, Debug)]
pub struct Output {
    kept: Arc<Mutex<Kept>>,
    stream: Stream,
}

impl Output {
    /// Room for `limit` bytes until [`Output::free`] or [`Output::take`] is called.
    pub fn new(limit: usize) -> Self {
        let kept = Kept {
            chunks: Vec::new(),
            room: limit,
            limit,
        };
        Self {
            kept: Arc::new(Mutex::new(kept)),
            stream: Stream::Stdout,
        }
    }

    /// The same, for what is printed as errors.
    pub fn errors(&self) -> Self {
        Self {
            kept: self.kept.clone(),
            stream: Stream::Stderr,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All room is free again.
    pub fn free(&self) {
        let mut kept = self.lock();
        kept.room = kept.limit;
    }

    /// What was printed since the last taking, as text; the room is free again.
    pub fn take(&self) -> String {
        let mut kept = self.lock();
        kept.room = kept.limit;
        let bytes: Vec<u8> = std::mem::take(&mut kept.chunks)
            .into_iter()
            .flat_map(|(_, bytes)| bytes)
            .collect();
        text(bytes)
    }

    /// What was printed since the last taking, by stream; its room stays taken.
    pub fn drain(&self) -> Vec<Printed> {
        let chunks = std::mem::take(&mut self.lock().chunks);
        let printed = chunks.into_iter().map(|(stream, bytes)| Printed {
            stream,
            text: text(bytes),
        });
        printed.collect()
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[async_trait::async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

#[async_trait::async_trait]
impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut kept = self.lock();
        let fits = bytes.len() <= kept.room;
        let bytes = &bytes[..bytes.len().min(kept.room)];
        kept.room -= bytes.len();
        match kept.chunks.last_mut() {
            Some((stream, chunk)) if *stream == self.stream => chunk.extend_from_slice(bytes),
            _ => kept.chunks.push((self.stream, bytes.to_vec())),
        }
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
