//! The embedded PostgreSQL starts, keeps its data, survives crashes, and says plainly what is wrong.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use assay::embedded::{Embedded, EmbeddedError};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{ConnectOptions, PgConnection};

use crate::support::database::{folder, settings};

async fn start(data: &Path) -> Embedded {
    Embedded::start(&settings(data)).await.expect("PostgreSQL starts")
}

async fn connect(embedded: &Embedded) -> PgConnection {
    embedded.connect_options().connect().await.expect("PostgreSQL answers")
}

async fn write_note(embedded: &Embedded) {
    let sql = "CREATE TABLE notes AS SELECT 'remember me' AS note";
    sqlx::query(sql)
        .execute(&mut connect(embedded).await)
        .await
        .expect("a table can be made");
}

async fn note(embedded: &Embedded) -> String {
    sqlx::query_scalar("SELECT note FROM notes")
        .fetch_one(&mut connect(embedded).await)
        .await
        .expect("the note is there")
}

#[tokio::test]
async fn data_is_still_there_after_a_stop_and_a_start() {
    let data = folder();
    let first = start(data.path()).await;
    write_note(&first).await;
    first.stop().await.expect("it stops");
    let second = start(data.path()).await;
    assert_eq!(note(&second).await, "remember me");
    second.stop().await.expect("it stops");
}

#[tokio::test]
async fn a_long_path_with_spaces_and_quotes_is_no_obstacle() {
    let data = folder();
    let long = data
        .path()
        .join("a folder with 'quotes', commas, \"and\" späces")
        .join("long".repeat(50))
        .join("x".repeat(100));
    let embedded = start(&long).await;
    write_note(&embedded).await;
    assert_eq!(note(&embedded).await, "remember me");
    embedded.stop().await.expect("it stops");
}

#[tokio::test]
async fn it_never_runs_as_root_and_listens_on_no_network_port() {
    let data = folder();
    let embedded = start(data.path()).await;
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", embedded.pid().expect("it runs"))).expect("its status");
    let uid = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .expect("its user")
        .split_whitespace()
        .next();
    assert_ne!(uid, Some("0"));
    let listens: String = sqlx::query_scalar("SHOW listen_addresses")
        .fetch_one(&mut connect(&embedded).await)
        .await
        .expect("a setting");
    assert_eq!(listens, "");
    embedded.stop().await.expect("it stops");
}

#[tokio::test]
async fn a_second_start_on_the_same_folder_names_the_process_that_uses_it() {
    let data = folder();
    let embedded = start(data.path()).await;
    let error = Embedded::start(&settings(data.path()))
        .await
        .expect_err("the folder is in use");
    assert!(
        matches!(&error, EmbeddedError::InUse { pid, .. } if *pid == std::process::id().to_string()),
        "{error}"
    );
    embedded.stop().await.expect("it stops");
}

#[tokio::test]
async fn data_of_another_major_version_is_refused_with_both_versions_named() {
    let data = folder();
    std::fs::create_dir(data.path().join("postgres")).expect("a folder");
    std::fs::write(data.path().join("postgres/PG_VERSION"), "17\n").expect("a file");
    let error = Embedded::start(&settings(data.path()))
        .await
        .expect_err("17 is not 18")
        .to_string();
    assert!(
        error.contains("made by PostgreSQL 17, this is PostgreSQL 18"),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_installation_is_named_with_the_command_that_makes_it() {
    let data = folder();
    let mut settings = settings(data.path());
    settings.install_dir = data.path().join("nowhere");
    let error = Embedded::start(&settings).await.expect_err("there is none").to_string();
    assert!(error.contains("nowhere") && error.contains("make setup"), "{error}");
}

#[tokio::test]
async fn a_half_made_database_is_made_again() {
    let data = folder();
    std::fs::create_dir(data.path().join("postgres.new")).expect("a folder");
    std::fs::write(data.path().join("postgres.new/PG_VERSION"), "18\n").expect("a file");
    start(data.path()).await.stop().await.expect("it stops");
}

#[tokio::test]
async fn a_server_that_is_killed_is_started_again_with_what_was_committed() {
    let data = folder();
    let embedded = start(data.path()).await;
    write_note(&embedded).await;
    let killed = embedded.pid().expect("it runs");
    kill_process(Pid::from_raw(killed).expect("a pid"), Signal::KILL).expect("it can be killed");
    // Connecting waits for neither the end nor the new start, so try until the new one answers.
    let note = loop {
        if let Ok(mut connection) = embedded.connect_options().connect().await
            && let Ok(note) = sqlx::query_scalar::<_, String>("SELECT note FROM notes")
                .fetch_one(&mut connection)
                .await
            && embedded.pid() != Some(killed)
        {
            break note;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(note, "remember me");
    embedded.stop().await.expect("it stops");
}

/// Not a test of its own: the process that the next test kills.
#[tokio::test]
#[ignore = "started by another test"]
async fn child_that_runs_until_it_is_killed() {
    let data = std::env::var_os("CHILD_DATA").expect("the folder of the child");
    let embedded = start(Path::new(&data)).await;
    write_note(&embedded).await;
    println!("\npid {}", embedded.pid().expect("it runs"));
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_process_that_is_killed_with_its_server_leaves_a_folder_that_starts_again() {
    for also_kill_server in [false, true] {
        let data = folder();
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args([
                "--ignored",
                "--exact",
                "--nocapture",
                "embedded::child_that_runs_until_it_is_killed",
            ])
            .env("CHILD_DATA", data.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts");
        let lines = BufReader::new(child.stdout.take().expect("its output"))
            .lines()
            .map_while(Result::ok);
        let pid = lines
            .filter_map(|line| line.strip_prefix("pid ")?.parse().ok())
            .next()
            .expect("its server's pid");
        child.kill().expect("it can be killed");
        if also_kill_server {
            // It may have stopped by itself by now.
            let _ = kill_process(Pid::from_raw(pid).expect("a pid"), Signal::KILL);
        }
        child.wait().expect("it is dead");
        let embedded = start(data.path()).await;
        assert_eq!(note(&embedded).await, "remember me");
        embedded.stop().await.expect("it stops");
    }
}
