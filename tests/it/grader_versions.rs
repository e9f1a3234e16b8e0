//! Graders as admins use them: pushed, admitted, activated, rolled back, pinned; and the server that hostile ones leave alone.

use crate::support::app::send;
use crate::support::graders::component;
use crate::support::server::{Server, data};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;

fn template() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/graders/template-python"))
}

/// Runs a command and reads what it prints with `--json`.
fn run(server: &Server, arguments: &[&str]) -> (Option<i32>, Value) {
    let done = server.command(&[&["--json"], arguments].concat());
    let text = String::from_utf8(done.stdout).expect("text");
    let json = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{:?}", done.stderr));
    (done.status.code(), json)
}

async fn graded_by(server: &Server, exercise: &str, salt: &str) -> Value {
    let source = format!("print('Hello, ' + input() + '!')  # {salt}\n");
    let body = json!({"exercise": exercise, "files": {"greet.py": source}});
    let request = server
        .request(Method::POST, "/v1/submissions")
        .header("prefer", "wait=30");
    let answer = send(request.json(&body)).await;
    assert_eq!(answer.json["verdict"], "passed", "{}", answer.text);
    answer.json["grader"].clone()
}

#[tokio::test]
async fn a_grader_is_pushed_activated_pinned_and_rolled_back_and_reports_name_the_version() {
    let data = data();
    let server = Server::start(data.path());
    let template = template().to_str().expect("UTF-8");
    let exercise = format!("{template}/selftest");

    let (code, checked) = run(&server, &["grader", "check", template]);
    assert_eq!((code, &checked["status"]), (Some(0), &"admitted".into()), "{checked}");

    let (code, refused) = run(&server, &["exercise", "push", &exercise, "--slug", "greetings"]);
    assert_eq!(code, Some(1));
    let message = refused["exercises"][0]["errors"][0]["message"]
        .as_str()
        .unwrap_or_default();
    assert_eq!(
        message,
        "grader: there is no grader named \"greet\"; this server has: cases, stdio, unittest"
    );

    let (code, first) = run(&server, &["grader", "push", template, "--name", "greet"]);
    assert_eq!((code, &first["status"]), (Some(0), &"admitted".into()), "{first}");
    assert_eq!((&first["version"], &first["active"]), (&1.into(), &false.into()));
    let (_, refused) = run(&server, &["exercise", "push", &exercise, "--slug", "greetings"]);
    let message = &refused["exercises"][0]["errors"][0]["message"];
    assert_eq!(message, "grader: no version of greet is active");

    let activate =
        |version: u32| server.request(Method::POST, &format!("/v1/graders/greet/versions/{version}/activate"));
    let activated = send(activate(1)).await;
    assert_eq!(
        (activated.status.as_u16(), &activated.json["active"]),
        (200, &true.into())
    );
    let (code, pushed) = run(&server, &["exercise", "push", &exercise, "--slug", "greetings"]);
    assert_eq!(code, Some(0), "{pushed}");
    assert_eq!(graded_by(&server, "greetings", "a").await, "greet@1");

    let (_, second) = run(&server, &["grader", "push", template, "--name", "greet", "--activate"]);
    assert_eq!(
        (&second["version"], &second["active"]),
        (&2.into(), &true.into()),
        "{second}"
    );
    assert_eq!(
        graded_by(&server, "greetings", "a").await,
        "greet@2",
        "not from the report of the first"
    );
    assert_eq!(send(activate(1)).await.status, 200);
    assert_eq!(graded_by(&server, "greetings", "b").await, "greet@1");

    let pinned = crate::support::database::folder();
    for entry in walk(&exercise) {
        let target = pinned.path().join(entry.strip_prefix(&exercise).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        let text = std::fs::read_to_string(&entry).unwrap();
        std::fs::write(target, text.replace("\"greet\"", "\"greet@2\"")).unwrap();
    }
    let (code, pushed) = run(
        &server,
        &["exercise", "push", pinned.path().to_str().unwrap(), "--slug", "pinned"],
    );
    assert_eq!(code, Some(0), "{pushed}");
    assert_eq!(graded_by(&server, "pinned", "a").await, "greet@2");

    let found = server.get("/v1/graders/greet/versions/1").await.json;
    let actions: Vec<&str> = found["audit"]
        .as_array()
        .expect("a trail")
        .iter()
        .map(|entry| entry["action"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(
        actions,
        [
            "grader.uploaded",
            "grader.admitted",
            "grader.activated",
            "grader.activated"
        ]
    );
    assert_eq!(found["audit"][0]["key_name"], "first");
    let list = server.get("/v1/graders").await.json;
    let names: Vec<&Value> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["name"])
        .collect();
    assert_eq!(names, ["cases", "greet", "stdio", "unittest"]);
    assert_eq!(list["items"][1]["active_version"], 1);
    assert_eq!(list["items"][1]["newest_version"], 2);

    hostile_uploads_hurt_nobody(&server).await;

    let made = send(
        server
            .request(Method::POST, "/v1/tenants")
            .json(&json!({"name": "north"})),
    )
    .await;
    let key = made.json["key"]["key"].as_str().expect("a key").to_owned();
    let request = reqwest_as(&server, &key, "/v1/graders");
    let items = send(request).await.json["items"].clone();
    assert_eq!(
        items.as_array().map(Vec::len),
        Some(3),
        "a new tenant has the server's own: {items}"
    );
}

fn reqwest_as(server: &Server, key: &str, path: &str) -> reqwest::RequestBuilder {
    crate::support::app::client()
        .get(format!("{}{path}", server.url))
        .bearer_auth(key)
}

fn walk(folder: &str) -> Vec<std::path::PathBuf> {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten();
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.into_path())
        .collect()
}

/// Each is rejected with its reason, none can be active, and submissions go on meanwhile.
async fn hostile_uploads_hurt_nobody(server: &Server) {
    let sockets = wat::parse_str("(component (import \"wasi:sockets/tcp@0.2.0\" (instance)))").unwrap();
    let uploads = [
        (b"no wasm at all".to_vec(), "it is not WebAssembly"),
        (sockets, "it imports \"wasi:sockets/tcp@0.2.0\""),
        (
            component("", "(loop $on (br $on)) unreachable"),
            "budget of instructions",
        ),
    ];
    for (number, (wasm, reason)) in uploads.into_iter().enumerate() {
        let version = number + 1;
        let request = server.request(Method::POST, "/v1/graders/evil/versions?activate=true");
        let taken = send(request.header("content-type", "application/wasm").body(wasm)).await;
        let place = format!("/v1/graders/evil/versions/{version}");
        assert_eq!(
            (taken.status.as_u16(), taken.header("location")),
            (202, place.as_str()),
            "{}",
            taken.text
        );
        assert_eq!(taken.json["status"], "queued");
        graded_by(server, "greetings", &format!("beside {number}")).await;
        let ended = server.get(&format!("{place}?wait=30")).await;
        assert_eq!(ended.json["status"], "rejected", "{}", ended.text);
        let message = ended.json["findings"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains(reason), "{reason}: {message}");
        let refused = send(server.request(Method::POST, &format!("{place}/activate"))).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code()),
            (409, "not_admitted"),
            "{}",
            refused.text
        );
    }
    let upload = |kind: &'static str, body: Vec<u8>| {
        let request = server.request(Method::POST, "/v1/graders/evil/versions");
        send(request.header("content-type", kind).body(body))
    };
    assert_eq!(
        upload("application/zip", b"PK no zip".to_vec()).await.code(),
        "bundle_invalid"
    );
    assert_eq!(
        upload("text/plain", b"x".to_vec()).await.code(),
        "unsupported_media_type"
    );
    assert_eq!(
        upload("application/wasm", vec![0; 40 << 20]).await.code(),
        "body_too_large"
    );
    let bad = send(server.request(Method::POST, "/v1/graders/No Name/versions")).await;
    assert_eq!(bad.code(), "invalid_parameter", "{}", bad.text);
    assert_eq!(server.get("/v1/graders/nothing/versions").await.code(), "not_found");
    assert_eq!(server.get("/v1/graders/evil/versions/99").await.code(), "not_found");
    let refused = server.command(&["grader", "check", "Cargo.toml"]);
    assert_eq!(refused.status.code(), Some(2));
}
