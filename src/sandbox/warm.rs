//! Gives a freed memory back the pages that the next run will write to, before it asks for them.
//!
//! Memories are private mappings of one image. A run that writes to a page makes a copy of it, in a page fault that has
//! to interrupt every other processor on which this process runs; several hundred of them are a good part of a short run.
//! Which pages those are hardly differs from run to run, so the first runs are looked at (`/proc/self/pagemap`), and
//! later each freed memory gets its copies in a few calls (`MADV_POPULATE_WRITE`), after the run's result was handed on.
//! Nothing changes in what a program sees. Where the system does not offer this, runs just take their faults.

use rustix::mm::{Advice, madvise};
use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::{Mutex, PoisonError};

/// Runs that are looked at.
const LOOKED_AT: u32 = 12;
/// Most pages that are kept ready: what a run touches beyond these it does not touch every time.
const MOST_PAGES: usize = 4096;
const PAGE: usize = 4096;
/// Bits of an entry of pagemap (Documentation/admin-guide/mm/pagemap.rst).
const PRESENT: u64 = 1 << 63;
const FILE_OR_SHARED: u64 = 1 << 61;
/// How `/proc/self/maps` names mappings of a memory image: of a compiled runtime's file, or of a copy in memory.
const IMAGES: [&str; 2] = [".cwasm", "/memfd:wasm-memory-image"];

/// A run of pages: offset and length in bytes.
type Range = (usize, usize);

enum Known {
    /// By page: in how many runs it was a copy.
    Looking { runs: u32, copies: BTreeMap<usize, u32> },
    /// The pages that most runs write to, and where the memories are.
    Ready { hot: Vec<Range>, memories: Vec<usize> },
    /// This system does not tell.
    Off,
}

/// What is known of the pages that runs write to.
pub struct Warm {
    pagemap: Option<File>,
    known: Mutex<Known>,
}

impl Warm {
    /// Nothing known yet.
    pub fn new() -> Self {
        let pagemap = File::open("/proc/self/pagemap").ok();
        let known = match pagemap {
            Some(_) if rustix::param::page_size() == PAGE => Known::Looking {
                runs: 0,
                copies: BTreeMap::new(),
            },
            _ => Known::Off,
        };
        Self {
            pagemap,
            known: Mutex::new(known),
        }
    }

    /// A run has ended and its memory is still as it left it.
    pub fn before_reset(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Known::Looking { runs, copies } = &mut *known else {
            return;
        };
        let memories = memories();
        for (start, length) in &memories {
            for page in self.copied(*start, *length) {
                *copies.entry(page).or_default() += 1;
            }
        }
        *runs += 1;
        if *runs == LOOKED_AT {
            let often = |count: &u32| *count * 2 >= LOOKED_AT;
            let pages = copies.iter().filter(|(_, count)| often(count)).map(|(page, _)| *page);
            *known = Known::Ready {
                hot: ranges(pages.take(MOST_PAGES)),
                memories: memories.iter().map(|(start, _)| *start).collect(),
            };
        }
    }

    /// The memories of a run, `count` of them at the most, were reset: makes them ready again.
    pub fn after_reset(&self, count: usize) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Known::Ready { hot, memories: starts } = &mut *known else {
            return;
        };
        let Some((last, _)) = hot.last().copied() else {
            return;
        };
        // A reset keeps the first copies and gives up the rest, so the last page tells whether there was one.
        let is_cold = |start: &usize| self.copied(start + last, PAGE).next().is_none();
        let mut cold: Vec<usize> = starts.iter().copied().filter(is_cold).collect();
        if cold.len() < count {
            // Reset was a memory that was not in use when the others were found.
            *starts = memories().iter().map(|(start, _)| *start).collect();
            cold = starts.iter().copied().filter(is_cold).collect();
        }
        let hot = hot.clone();
        drop(known);
        for start in cold {
            for (offset, length) in &hot {
                populate(start + offset, *length);
            }
        }
    }

    /// The pages of a stretch of memory that are copies of this process, counted from its start.
    fn copied(&self, start: usize, length: usize) -> impl Iterator<Item = usize> {
        let mut entries = vec![0_u8; length / PAGE * 8];
        let read = self
            .pagemap
            .as_ref()
            .map(|file| file.read_exact_at(&mut entries, (start / PAGE * 8) as u64));
        if !matches!(read, Some(Ok(()))) {
            entries.clear();
        }
        let (entries, _) = entries.as_chunks::<8>();
        let copies: Vec<usize> = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                let entry = u64::from_ne_bytes(**entry);
                entry & PRESENT != 0 && entry & FILE_OR_SHARED == 0
            })
            .map(|(page, _)| page)
            .collect();
        copies.into_iter()
    }
}

/// Where the memories are, start and length: stretches of writable mappings of which one shows a memory image.
fn memories() -> Vec<(usize, usize)> {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let mut stretches: Vec<(usize, usize, bool)> = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (Some(range), Some("rw-p")) = (fields.next(), fields.next()) else {
            continue;
        };
        let ends = range.split_once('-').map(|(start, end)| (address(start), address(end)));
        let Some((Some(start), Some(end))) = ends else {
            continue;
        };
        let image = IMAGES.iter().any(|name| line.contains(name));
        match stretches.last_mut() {
            Some((_, last, has_image)) if *last == start => {
                *last = end;
                *has_image |= image;
            }
            _ => stretches.push((start, end, image)),
        }
    }
    let memories = stretches.into_iter().filter(|(_, _, has_image)| *has_image);
    memories.map(|(start, end, _)| (start, end - start)).collect()
}

fn address(text: &str) -> Option<usize> {
    usize::from_str_radix(text, 16).ok()
}

/// Pages as ranges; a gap of one page is taken along.
fn ranges(pages: impl Iterator<Item = usize>) -> Vec<Range> {
    let mut found: Vec<Range> = Vec::new();
    for page in pages {
        match found.last_mut() {
            Some((offset, length)) if page * PAGE <= *offset + *length + PAGE => {
                *length = (page + 1) * PAGE - *offset;
            }
            _ => found.push((page * PAGE, PAGE)),
        }
    }
    found
}

fn populate(start: usize, length: usize) {
    let place = std::ptr::without_provenance_mut(start);
    // SAFETY: the call changes no byte of any memory; where nothing is mapped any more, it fails.
    #[expect(unsafe_code, reason = "madvise takes an address")]
    let _ = unsafe { madvise(place, length, Advice::LinuxPopulateWrite) };
}
