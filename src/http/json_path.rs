//! Finds the field at a place in a JSON text, so that a refusal can name it.

use std::fmt::Write as _;

enum Frame {
    /// The last key, and whether the next string is a key.
    Object(String, bool),
    Array(usize),
}

/// The path of the value at (or just before) a line and column, both from 1, as serde_json counts: `files["a.py"]`,
/// `metadata.tags[2]`. Empty for the whole body.
pub fn at(text: &str, line: usize, column: usize) -> String {
    let before_line: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let end = (before_line + column).min(text.len());
    let bytes = &text.as_bytes()[..end];
    let (mut frames, mut i) = (Vec::new(), 0);
    while i < bytes.len() {
        match bytes[i] {
            b'{' => frames.push(Frame::Object(String::new(), true)),
            b'[' => frames.push(Frame::Array(0)),
            b'}' | b']' if i + 1 < bytes.len() => drop(frames.pop()),
            b',' => match frames.last_mut() {
                Some(Frame::Object(_, key)) => *key = true,
                Some(Frame::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let start = i;
                i += 1;
                while i < bytes.len() && bytes[i] != b'"' {
                    i += if bytes[i] == b'\\' { 2 } else { 1 };
                }
                let string = text.get(start..=i.min(text.len() - 1)).unwrap_or_default();
                if let Some(Frame::Object(name, key @ true)) = frames.last_mut() {
                    *name = serde_json::from_str(string).unwrap_or_default();
                    *key = false;
                }
            }
            _ => {}
        }
        i += 1;
    }
    // At its closing brace serde speaks of the whole object, not of the last key in it.
    if let (Some(b'}'), Some(Frame::Object(_, key))) = (bytes.last(), frames.last_mut()) {
        *key = true;
    }
    let mut path = String::new();
    for frame in frames {
        match frame {
            Frame::Object(name, false) if is_plain(&name) => {
                path.push_str(if path.is_empty() { "" } else { "." });
                path.push_str(&name);
            }
            Frame::Object(name, false) => drop(write!(path, "[{name:?}]")),
            Frame::Object(_, true) => {}
            Frame::Array(index) => drop(write!(path, "[{index}]")),
        }
    }
    path
}

/// The path of `name` beside or at the place found, where serde stopped behind that very name.
pub fn parent(place: &str, name: &str) -> String {
    if place == name || place.ends_with(&format!(".{name}")) || place.ends_with(&format!("[{name:?}]")) {
        return place.to_owned();
    }
    if place.is_empty() {
        name.to_owned()
    } else {
        format!("{place}.{name}")
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}
