//! Bundles over HTTP: what verifies becomes a version, what is hostile or broken is refused by name and leaves nothing.

use crate::support::app::TestApp;
use assay::domain::verification::{Finding, Verification};
use std::io::Write as _;

const TOML: &str = "title = \"Leap\"\n[submission]\nfiles = [\"leap.py\"]\n";

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, body) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a file begins");
        zip.write_all(body).expect("it is written");
    }
    zip.finish().expect("a zip").into_inner()
}

fn good() -> Vec<(&'static str, &'static [u8])> {
    vec![
        ("exercise.toml", TOML.as_bytes()),
        ("solution/leap.py", b"def leap(): return 1\n"),
        ("tests/test_leap.py", b"def test_leap(): pass\n"),
    ]
}

/// A tar.gz whose one header says what it likes.
fn tarred(name: &str, kind: tar::EntryType) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    if kind.is_symlink() {
        header.set_link_name("/etc/passwd").expect("a link's aim");
    }
    header.set_size(0);
    header.set_mode(0o644);
    header.set_cksum();
    tar.append(&header, std::io::empty()).expect("an entry");
    tar.into_inner().expect("a tar").finish().expect("a gzip")
}

#[tokio::test]
async fn a_bundle_that_verifies_becomes_the_next_version_and_goes_live() {
    let app = TestApp::start().await;
    let bundle = zipped(&good());
    for version in 1..=2 {
        let (answer, ()) = tokio::join!(
            app.put("/v1/exercises/leap", "application/zip", bundle.clone()),
            app.worker(Verification::default())
        );
        assert_eq!(answer.status, 201, "{}", answer.json);
        assert_eq!(answer.json["version"], version);
    }
    assert_eq!(app.get("/v1/exercises/leap").await.json["version"], 2);
}

#[tokio::test]
async fn a_bundle_that_does_not_verify_is_refused_with_every_finding_and_makes_no_version() {
    let app = TestApp::start().await;
    let finding = Finding::at("solution/leap.py", Some(3), "it does not pass".into());
    let outcome = Verification {
        findings: vec![finding],
        ..Verification::default()
    };
    let (answer, ()) = tokio::join!(
        app.put("/v1/exercises/leap", "application/zip", zipped(&good())),
        app.worker(outcome)
    );
    assert_eq!(answer.status, 422, "{}", answer.json);
    assert_eq!(answer.json["code"], "verification_failed");
    assert!(
        answer.json["errors"].to_string().contains("solution/leap.py"),
        "{}",
        answer.json
    );
    assert_eq!(app.get("/v1/exercises/leap").await.status, 404);
}

#[tokio::test]
async fn hostile_and_broken_bundles_are_refused_by_name_and_leave_nothing() {
    let app = TestApp::start().await;
    let zeros = vec![0_u8; 70 << 20];
    let with = |file: (&'static str, &'static [u8])| zipped(&good().into_iter().chain([file]).collect::<Vec<_>>());
    let without = |name: &str| zipped(&good().into_iter().filter(|(file, _)| *file != name).collect::<Vec<_>>());
    let (zip, gzip) = ("application/zip", "application/gzip");
    let toml = |text: &'static str| zipped(&[("exercise.toml", text.as_bytes()), good()[1], good()[2]]);
    let cases = [
        (
            "a bomb",
            zip,
            zipped(&[("exercise.toml", TOML.as_bytes()), ("tests/test_a.py", &zeros)]),
            "test_a.py",
        ),
        ("a path upwards", zip, with(("../evil.py", b"x")), "evil.py"),
        ("an absolute path", zip, with(("/etc/evil", b"x")), "evil"),
        ("a backslash", zip, with(("tests\\evil.py", b"x")), "evil"),
        ("a line break", zip, with(("tests/e\nvil.py", b"x")), "control"),
        (
            "a symbolic link",
            gzip,
            tarred("tests/link", tar::EntryType::Symlink),
            "link",
        ),
        ("a device", gzip, tarred("tests/device", tar::EntryType::Char), "device"),
        (
            "a tar path upwards",
            gzip,
            tarred("../evil.py", tar::EntryType::Regular),
            "evil.py",
        ),
        ("no archive", zip, b"hello".to_vec(), "zip"),
        ("no gzip", gzip, b"hello".to_vec(), "gz"),
        ("empty", zip, zipped(&[]), "empty"),
        ("no settings", zip, without("exercise.toml"), "exercise.toml"),
        ("no tests", zip, without("tests/test_leap.py"), "no tests"),
        ("no reference", zip, without("solution/leap.py"), "no reference"),
        ("malformed TOML", zip, toml("title = \n"), "exercise.toml"),
        ("an unknown setting", zip, toml("titel = \"Leap\"\n"), "titel"),
        (
            "an unknown runtime",
            zip,
            toml("title = \"Leap\"\nruntime = \"cobol\"\n[submission]\nfiles = [\"leap.py\"]\n"),
            "cobol",
        ),
    ];
    for (what, kind, body, named) in cases {
        let answer = app.put("/v1/exercises/leap", kind, body).await;
        assert!(
            answer.status == 422 || answer.status == 400,
            "{what}: {} {}",
            answer.status,
            answer.json
        );
        assert!(answer.json["code"].is_string(), "{what}: {}", answer.json);
        assert!(
            answer.json.to_string().contains(named),
            "{what}: {named:?} is not named in {}",
            answer.json
        );
    }
    let left: i64 =
        sqlx::query_scalar("SELECT (SELECT count(*) FROM verifications) + (SELECT count(*) FROM exercises)")
            .fetch_one(&app.db.pool)
            .await
            .expect("counted");
    assert_eq!(left, 0);
}
