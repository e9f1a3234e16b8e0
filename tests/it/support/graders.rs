//! Graders made for tests: components in WebAssembly's text form, packages in Python.

use assay::domain::files::{FilePath, FileSet};
use std::path::Path;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Memory for what the host hands over.
const REALLOC: &str = "(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 4096))";

/// A component of the world `grader`: a core module with these items, whose `grade` does this.
pub fn component(items: &str, grade: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("graders/wit");
    let (package, _) = resolve.push_dir(&wit).expect("the contract parses");
    let world = resolve
        .select_world(&[package], Some("grader"))
        .expect("the world is there");
    let memory = if items.contains("(memory") {
        ""
    } else {
        "(memory $memory 2)"
    };
    let text = format!(
        "(module {items} {memory} (export \"memory\" (memory 0)) {REALLOC} \
         (func (export \"grade\") (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32) {grade}))"
    );
    let mut module = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("metadata fits");
    let mut encoder = ComponentEncoder::default().module(&module).expect("a module");
    encoder.encode().expect("a component")
}

/// Files by name.
pub fn package(files: &[(&str, Vec<u8>)]) -> FileSet {
    let file = |(name, body): &(&str, Vec<u8>)| (FilePath::parse(name).expect("a good path"), body.clone());
    files.iter().map(file).collect()
}

/// A grader in Python with an exercise whose only wrong solution says `wrong`.
pub fn with_self_test(source: &str) -> FileSet {
    let toml = "title = \"One\"\ngrader = \"one\"\n[submission]\nfiles = [\"main.py\"]\n[limits]\ntime_ms = 200\n";
    package(&[
        ("grader.py", source.as_bytes().to_vec()),
        ("selftest/exercise.toml", toml.as_bytes().to_vec()),
        ("selftest/solution/main.py", b"right = 1\n".to_vec()),
        ("selftest/wrong/one/main.py", b"wrong = 1\n".to_vec()),
        ("selftest/tests/any.txt", b"any\n".to_vec()),
    ])
}
