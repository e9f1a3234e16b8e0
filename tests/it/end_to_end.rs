//! The whole product as its users meet it: the program, its database, its sandboxes, its command line.

use crate::support::app::send;
use crate::support::server::{Server, data};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;

fn course(path: &str) -> String {
    let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/course");
    course.join(path).to_str().expect("a path in UTF-8").to_owned()
}

#[tokio::test]
async fn an_author_pushes_an_exercise_and_a_learner_reads_a_report() {
    let data = data();
    let server = Server::start(data.path());
    let run = |arguments: &[&str]| {
        let done = server.command(arguments);
        let text = String::from_utf8(done.stdout).expect("text");
        let json: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{:?}", done.stderr));
        (done.status.code(), json)
    };

    let (code, pushed) = run(&["--json", "exercise", "push", &course("library")]);
    assert_eq!(
        (code, &pushed["exercises"][0]["version"]),
        (Some(0), &2.into()),
        "{pushed}"
    );

    let (code, report) = run(&[
        "--json",
        "submit",
        "parcel-price",
        &course("parcel-price/solution/parcel.py"),
    ]);
    assert_eq!((code, &report["verdict"]), (Some(0), &"passed".into()), "{report}");
    assert_eq!((&report["score"], &report["max_score"]), (&9.0.into(), &9.0.into()));
    assert_eq!(report["isolation"], "separate");
    assert_eq!(report["cached"], Value::Null);
    let (_, again) = run(&[
        "--json",
        "submit",
        "parcel-price",
        &course("parcel-price/solution/parcel.py"),
    ]);
    assert_eq!(again["cached"], true, "{again}");
    assert_eq!((&again["tests"], &again["usage"]), (&report["tests"], &report["usage"]));

    let (code, report) = run(&[
        "--json",
        "submit",
        "parcel-price",
        &course("parcel-price/starter/parcel.py"),
    ]);
    assert_eq!((code, &report["verdict"]), (Some(1), &"failed".into()), "{report}");
    assert_eq!(
        report["tests"][0]["message"],
        "parcel_price(300) returned None, expected 3.0"
    );

    let wrong = course("parcel-price/wrong/forgot-a-colon/parcel.py");
    let (code, report) = run(&["--json", "submit", "parcel-price", &wrong]);
    assert_eq!((code, &report["verdict"]), (Some(1), &"error".into()), "{report}");
    assert_eq!(report["diagnostics"][0]["kind"], "SyntaxError");
    assert_eq!(report["diagnostics"][0]["file"], "parcel.py");

    for path in ["/healthz", "/readyz", "/openapi.json", "/docs/"] {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }

    let hello = json!({"files": {"main.py": "import sys\nprint('Hello,', input(), sys.argv[1])\n"},
                       "argv": ["main.py", "!"], "stdin": "Ada\n"});
    let answer = send(server.request(Method::POST, "/v1/runs").json(&hello)).await;
    assert_eq!(answer.json["output"], "Hello, Ada !\n", "{}", answer.text);
    assert_eq!(
        (&answer.json["ending"], &answer.json["exit_code"]),
        (&"finished".into(), &0.into())
    );
    for (source, ending, exit_code) in [
        ("raise SystemExit(3)", "error", json!(3)),
        ("1 / 0", "error", json!(1)),
        ("while True: pass", "timeout", Value::Null),
        ("while True: print('x' * 999)", "output_limit", Value::Null),
        ("x = bytearray(10**9)", "memory_limit", Value::Null),
    ] {
        let body = json!({"files": {"main.py": source}, "time_ms": 300});
        let answer = send(server.request(Method::POST, "/v1/runs").json(&body)).await;
        let got = (&answer.json["ending"], &answer.json["exit_code"]);
        assert_eq!(got, (&ending.into(), &exit_code), "{source}: {}", answer.text);
    }
    let body = json!({"files": {"../x.py": ""}, "argv": ["y.py"], "time_ms": 0, "nothing": 1});
    let answer = send(server.request(Method::POST, "/v1/runs").json(&body)).await;
    assert_eq!(answer.code(), "unknown_field", "{}", answer.text);
    let body = json!({"files": {"../x.py": ""}, "argv": ["y.py"], "time_ms": 0});
    let answer = send(server.request(Method::POST, "/v1/runs").json(&body)).await;
    assert_eq!(answer.code(), "validation_failed", "{}", answer.text);
    assert_eq!(
        answer.json["errors"].as_array().map(Vec::len),
        Some(3),
        "{}",
        answer.text
    );
}
