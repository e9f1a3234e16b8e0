//! Compiles the crate again where a file changes that it embeds.

fn main() {
    for folder in [
        "graders/unittest/package",
        "graders/cases/package",
        "graders/stdio/package",
        "migrations",
    ] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
