//! Requests that cannot be used: each gets a problem document that names the field, and nothing is stored.

use crate::support::app::{TestApp, send};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn refused(app: &TestApp, body: impl Into<Vec<u8>>) -> Value {
    let request = app
        .request(Method::POST, "/v1/submissions")
        .header("content-type", "application/json");
    send(request.body(body.into())).await.problem()
}

async fn stored(app: &TestApp) -> i64 {
    let query = "SELECT (SELECT count(*) FROM submissions) + (SELECT count(*) FROM jobs)";
    sqlx::query_scalar(query)
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

#[tokio::test]
async fn bodies_that_are_not_what_they_should_be_are_refused_with_the_place() {
    let app = TestApp::start().await;
    app.leap().await;
    let cases: [(&str, &[u8]); 14] = [
        ("empty body", b""),
        ("no json", b"{\"exercise\": \"leap\", }"),
        ("cut off", b"{\"exercise\": \"le"),
        ("bad utf-8", b"{\"exercise\": \"le\xff\"}"),
        ("lone surrogate", br#"{"exercise": "leap", "source": "\ud800"}"#),
        ("not an object", b"[1, 2]"),
        (
            "unknown field",
            br#"{"exercise": "leap", "source": "", "langauge": "python"}"#,
        ),
        ("missing field", br#"{"source": ""}"#),
        (
            "field twice",
            br#"{"exercise": "leap", "exercise": "leap", "source": ""}"#,
        ),
        ("wrong type", br#"{"exercise": 5, "source": ""}"#),
        (
            "wrong type of a file",
            br#"{"exercise": "leap", "files": {"leap.py": "pass", "b.py": {"a": [1]}}}"#,
        ),
        ("files as a list", br#"{"exercise": "leap", "files": ["leap.py"]}"#),
        (
            "unknown priority",
            br#"{"exercise": "leap", "source": "", "priority": "urgent"}"#,
        ),
        ("two documents", br#"{"exercise": "leap", "source": ""} {}"#),
    ];
    let mut problems = BTreeMap::new();
    for (name, body) in cases {
        problems.insert(name, refused(&app, body).await);
    }
    insta::assert_json_snapshot!("refused_bodies", problems);
    assert_eq!(stored(&app).await, 0);
}

#[tokio::test]
async fn fields_that_cannot_be_used_are_refused_with_the_reason() {
    let app = TestApp::start().await;
    app.leap().await;
    let with = |field: &str, value: Value| {
        let mut body = json!({"exercise": "leap", "files": {"leap.py": "pass"}});
        body[field] = value;
        body
    };
    let many: serde_json::Map<_, _> = (0..101).map(|i| (format!("{i}.py"), json!(""))).collect();
    let cases = [
        ("exercise that is not there", with("exercise", json!("nope"))),
        ("exercise of a bad name", with("exercise", json!("../leap"))),
        ("exercise of a bad version", with("exercise", json!("leap@0"))),
        ("no files", with("files", json!({}))),
        ("files and source", with("source", json!("pass"))),
        ("neither files nor source", json!({"exercise": "leap"})),
        ("null files", json!({"exercise": "leap", "files": null})),
        (
            "a file that is not asked for",
            with("files", json!({"leap.py": "", "other.py": ""})),
        ),
        ("a path upwards", with("files", json!({"../leap.py": ""}))),
        ("an absolute path", with("files", json!({"/etc/passwd": ""}))),
        ("a name with NUL", with("files", json!({"leap\u{0}.py": ""}))),
        ("a name with a line break", with("files", json!({"leap\n.py": ""}))),
        (
            "NUL in the source",
            with("files", json!({"leap.py": "a = 1\nb = '\u{0}'\n"})),
        ),
        ("too many files", with("files", Value::Object(many))),
        ("learner without characters", with("learner", json!(""))),
        ("learner with a control character", with("learner", json!("a\u{7}b"))),
        ("metadata that is no object", with("metadata", json!([1]))),
        (
            "metadata that is too large",
            with("metadata", json!({"a": "x".repeat(9000)})),
        ),
        ("metadata with NUL", with("metadata", json!({"a": ["\u{0}"]}))),
        (
            "callback without TLS",
            with("callback_url", json!("http://example.org/")),
        ),
        ("callback that is no address", with("callback_url", json!("example"))),
        (
            "several at once",
            json!({"exercise": "leap", "files": {"../a": ""}, "learner": "ok", "metadata": 5}),
        ),
    ];
    let mut problems = BTreeMap::new();
    for (name, body) in cases {
        problems.insert(name, refused(&app, body.to_string()).await);
    }
    problems.insert(
        "a file twice",
        refused(&app, r#"{"exercise":"leap","files":{"leap.py":"a","leap.py":"b"}}"#).await,
    );
    insta::assert_json_snapshot!("refused_fields", problems);
    assert_eq!(stored(&app).await, 0);
}

#[tokio::test]
async fn bodies_over_the_cap_are_refused_with_the_limit() {
    let app = TestApp::start_with(|http| http.max_body = 20_000).await;
    let large = format!("{{\"exercise\": \"leap\", \"source\": \"{}\"}}", "x".repeat(30_000));
    let problem = refused(&app, large).await;
    assert_eq!(
        (&problem["status"], &problem["code"]),
        (&json!(413), &json!("body_too_large"))
    );
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("20000")),
        "{problem}"
    );
}

#[tokio::test]
async fn parameters_that_cannot_be_used_are_refused_by_name() {
    let app = TestApp::start().await;
    let id = uuid::Uuid::now_v7();
    let mut problems = BTreeMap::new();
    for path in [
        "/v1/submissions?limit=0",
        "/v1/submissions?limit=ten&verdict=great&status=lost&after=%00&exercise=A&learner=%00",
        "/v1/submissions?page=2",
        "/v1/submissions?limit=1&limit=2",
        "/v1/exercises?after=%00",
    ] {
        problems.insert(path.to_owned(), app.get(path).await.problem());
    }
    let answer = app.get(&format!("/v1/submissions/{id}?wait=soon")).await;
    problems.insert("wait".into(), {
        let mut p = answer.problem();
        p["instance"] = json!("[path]");
        p
    });
    insta::assert_json_snapshot!("refused_parameters", problems);
    let key = app
        .request(Method::POST, "/v1/submissions")
        .header("idempotency-key", "a b")
        .json(&json!({}));
    assert_eq!(send(key).await.problem()["errors"][0]["field"], "Idempotency-Key");
    for path in [
        format!("/v1/submissions/{id}"),
        "/v1/submissions/nope".into(),
        "/v1/exercises/..%2Fa".into(),
    ] {
        assert_eq!(app.get(&path).await.code(), "not_found", "{path}");
    }
}
