//! The house's rules that a reader of `src/` may rely on: who imports whom, how long a file is, that it says what it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A file of `src/`: its room and its lines without comments.
struct Source {
    path: String,
    room: String,
    /// How many modules deep it lies below the crate: 1 for `room.rs` and `room/mod.rs`, 2 for `room/file.rs`.
    depth: usize,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let source = |path: PathBuf| {
        let inner = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let module = inner.trim_end_matches(".rs").trim_end_matches("/mod").to_owned();
        Source {
            room: module.split('/').next().unwrap().to_owned(),
            depth: module.split('/').count(),
            text: std::fs::read_to_string(&path).unwrap(),
            path: inner,
        }
    };
    paths.into_iter().map(source).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The table of ARCHITECTURE.md: each room with the rooms that it may import; `all` for every room.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("| room | may import"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let mut table = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let room = cells[1].trim_matches('`').to_owned();
        let imports = cells[2].split(',').map(|name| name.trim().trim_matches('`').to_owned());
        table.insert(room, imports.filter(|name| !name.is_empty() && name != "-").collect());
    }
    table
}

fn identifier(text: &str) -> &str {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    &text[..end]
}

/// The names that follow `crate::` (in `main.rs`, `assay::`), braces opened.
fn below_the_crate(text: &str, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        let boundary = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
        if !text[..at].chars().next_back().is_none_or(boundary) {
            continue;
        }
        let rest = &text[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => found.push(identifier(rest).to_owned()),
            Some(group) => {
                let (mut nested, mut item) = (0, String::new());
                for c in group.chars() {
                    match c {
                        '}' if nested == 0 => break,
                        '{' => nested += 1,
                        '}' => nested -= 1,
                        ',' if nested == 0 => found.push(identifier(std::mem::take(&mut item).trim()).to_owned()),
                        c => item.push(c),
                    }
                }
                found.push(identifier(item.trim()).to_owned());
            }
        }
    }
    found
}

/// The names reached by as many `super::` as lead out of the room.
fn beside_the_room(text: &str, depth: usize) -> Vec<String> {
    let climb = "super::".repeat(depth);
    let outermost = |at: usize| !text[..at].ends_with("super::");
    let starts = text.match_indices(&climb).filter(|(at, _)| outermost(*at));
    starts
        .map(|(at, _)| identifier(&text[at + climb.len()..]).to_owned())
        .collect()
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let table = table();
    assert!(table.len() >= 10, "ARCHITECTURE.md has the table of imports: {table:?}");
    let rooms: BTreeSet<String> = sources().into_iter().map(|source| source.room).collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let text = without_comments(&source.text);
        let names = match source.room.as_str() {
            "lib" => continue,
            "main" => below_the_crate(&text, "assay::"),
            _ => {
                let mut names = below_the_crate(&text, "crate::");
                names.extend(beside_the_room(&text, source.depth));
                names
            }
        };
        let Some(allowed) = table.get(&source.room) else {
            wrong.push(format!("{}: the room {} is not in the table", source.path, source.room));
            continue;
        };
        for name in names
            .iter()
            .filter(|name| rooms.contains(*name) && **name != source.room)
        {
            if !allowed.contains(name) && !allowed.contains("all") {
                wrong.push(format!("{}: {} may not import {name}", source.path, source.room));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_names_only_rooms_that_exist() {
    let rooms: BTreeSet<String> = sources().into_iter().map(|source| source.room).collect();
    for (room, imports) in table() {
        assert!(rooms.contains(&room), "the table has a room {room}, src/ has not");
        for import in imports.iter().filter(|import| *import != "all") {
            assert!(
                rooms.contains(import),
                "{room} may import {import}, which src/ does not have"
            );
        }
    }
}

#[test]
fn no_file_is_longer_than_300_lines() {
    let long = |source: &Source| source.text.lines().count() > 300;
    let long: Vec<String> = sources().into_iter().filter(long).map(|source| source.path).collect();
    assert!(long.is_empty(), "over 300 lines, wants splitting: {long:?}");
}

#[test]
fn every_file_begins_with_what_it_does() {
    let silent = |source: &Source| !source.text.starts_with("//!");
    let silent: Vec<String> = sources().into_iter().filter(silent).map(|source| source.path).collect();
    assert!(silent.is_empty(), "no //! at the top: {silent:?}");
}

#[test]
fn the_reading_of_imports_sees_braces_nesting_and_climbing() {
    let text = "use crate::{db, domain::{id, key}, store::keys};\nlet x = crate::config::Y; mycrate::http::z();";
    assert_eq!(below_the_crate(text, "crate::"), ["db", "domain", "store", "config"]);
    assert_eq!(
        beside_the_room("use super::super::http::State; use super::own;", 2),
        ["http"]
    );
    assert_eq!(beside_the_room("use super::http::State;", 1), ["http"]);
}
