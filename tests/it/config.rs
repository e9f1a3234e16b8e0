//! Settings are checked at the start; what is wrong is named in one line.

use assay::config::{AdminKey, Config, LogFormat, Source};
use secrecy::ExposeSecret;
use std::os::unix::fs::PermissionsExt;

use crate::support::database::folder;

fn read<const N: usize>(pairs: [(&str, &str); N]) -> Result<Config, String> {
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Config::from_source(&Source::from_iter(pairs)).map_err(|error| error.to_string())
}

#[test]
fn without_any_setting_the_defaults_of_the_readme_hold() {
    let config = read([]).expect("the defaults are good");
    assert_eq!(config.http.bind.to_string(), "127.0.0.1:8080");
    assert!(config.data_dir.ends_with("data"));
    assert!(config.db.url.is_none());
    assert_eq!(config.worker.lease.as_secs(), 30);
    assert_eq!(config.sandbox.max_time_ms, 10_000);
    assert!(config.unknown.is_empty());
}

#[test]
fn a_bad_value_is_one_line_that_names_the_variable_and_what_was_expected() {
    let cases = [
        (
            ("ASSAY_SLOTS", "abc"),
            "ASSAY_SLOTS=abc: expected a whole number from 1 to 256",
        ),
        (
            ("ASSAY_SLOTS", "0"),
            "ASSAY_SLOTS=0: expected a whole number from 1 to 256",
        ),
        (
            ("ASSAY_BIND", "8080"),
            "ASSAY_BIND=8080: expected an address and a port, such as 127.0.0.1:8080",
        ),
        (
            ("ASSAY_LOG_FORMAT", "xml"),
            "ASSAY_LOG_FORMAT=xml: expected pretty or json",
        ),
        (
            ("ASSAY_LOG", "assay=loud"),
            "ASSAY_LOG=assay=loud: expected a log filter, such as info or assay=debug,warn",
        ),
    ];
    for (setting, message) in cases {
        assert_eq!(read([setting]).expect_err("a bad value"), message);
    }
}

#[test]
fn a_bad_secret_is_not_repeated_in_the_message() {
    let short = read([("ASSAY_ADMIN_KEY", "hunter2")]).expect_err("too short");
    let url = read([("DATABASE_URL", "mysql://user:hunter2@host/db")]).expect_err("not PostgreSQL");
    assert!(!short.contains("hunter2") && !url.contains("hunter2"), "{short} {url}");
}

#[test]
fn an_empty_value_counts_as_unset_and_a_misspelt_name_is_reported() {
    let config = read([("ASSAY_SLOTS", ""), ("ASSAY_SLOT", "4"), ("ASSAY_LOG_FORMAT", "json")]).expect("good settings");
    assert_eq!(config.unknown, ["ASSAY_SLOT"]);
    assert_eq!(config.telemetry.format, LogFormat::Json);
}

#[test]
fn the_admin_key_is_made_once_and_kept_for_the_owner_alone() {
    let data = folder();
    let config = read([("ASSAY_DATA_DIR", data.path().to_str().expect("a plain path"))]).expect("good settings");
    let made = config.admin_key().expect("a key can be made");
    let AdminKey::Made(_, file) = &made else {
        panic!("expected a new key, got {made:?}")
    };
    assert_eq!(
        std::fs::metadata(file).expect("the file").permissions().mode() & 0o777,
        0o600
    );
    let kept = config.admin_key().expect("the key can be read");
    assert!(matches!(kept, AdminKey::Kept(..)));
    assert_eq!(kept.secret().expose_secret(), made.secret().expose_secret());
}
