//! What happens to a submission, told while it happens.

use crate::support::app::{TestApp, send};
use crate::support::samples::report;
use assay::domain::key::Role;
use reqwest::{Method, Response};
use serde_json::Value;

/// Reads events until `count` are there or the stream ends: id, name, data.
async fn events(response: &mut Response, text: &mut String, count: usize) -> Vec<(u32, String, Value)> {
    while text.matches("\n\n").count() < count {
        let Some(chunk) = response.chunk().await.expect("the stream goes on") else {
            break;
        };
        text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
    }
    let blocks = text.split_terminator("\n\n").filter(|block| !block.starts_with(':'));
    let field = |block: &str, name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name} in {block}")).to_owned()
    };
    blocks
        .map(|block| {
            let data = serde_json::from_str(&field(block, "data: ")).expect("JSON");
            (
                field(block, "id: ").parse().expect("a number"),
                field(block, "event: "),
                data,
            )
        })
        .collect()
}

#[tokio::test]
async fn a_stream_tells_the_position_then_the_start_each_test_and_the_end_and_resumes_behind_any_of_them() {
    let app = TestApp::start().await;
    app.leap().await;
    app.submit().await;
    let id = app.submit().await;
    let path = format!("/v1/submissions/{id}/events");

    let mut response = app.request(Method::GET, &path).send().await.expect("an answer");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    let queued = events(&mut response, &mut text, 1).await;
    assert_eq!(
        (queued[0].1.as_str(), &queued[0].2["position"]),
        ("queued", &Value::from(2))
    );

    app.grade(id, &report()).await;
    let all = events(&mut response, &mut text, usize::MAX).await;
    let names: Vec<&str> = all.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(names, ["queued", "running", "test", "test", "finished"]);
    assert_eq!(all[2].2["name"], "test_open");
    assert_eq!(
        (&all[4].2["verdict"], &all[4].2["status"]),
        (&"failed".into(), &"finished".into())
    );

    let again = app.request(Method::GET, &path).header("last-event-id", "2");
    let mut response = again.send().await.expect("an answer");
    let rest = events(&mut response, &mut String::new(), usize::MAX).await;
    assert_eq!(rest, all[3..]);
}

#[tokio::test]
async fn a_stream_tells_a_platform_nothing_of_hidden_tests() {
    let app = TestApp::start().await;
    app.leap().await;
    let id = app.submit().await;
    app.grade(id, &report()).await;
    let platform = app.key(Role::Platform).await;
    let path = format!("/v1/submissions/{id}/events");
    let answer = send(app.request_as(&platform, Method::GET, &path)).await;
    assert!(
        answer.text.contains("test_open") && !answer.text.contains("secret"),
        "{}",
        answer.text
    );

    let path = "/v1/submissions/01900000-0000-7000-8000-000000000000/events";
    assert_eq!(
        send(app.request_as(&platform, Method::GET, path)).await.code(),
        "not_found"
    );
}

#[tokio::test]
async fn a_server_that_stops_ends_streams_and_answers_whoever_waits_with_what_there_is() {
    let app = TestApp::start().await;
    app.leap().await;
    let id = app.submit().await;
    let path = format!("/v1/submissions/{id}/events");
    let mut stream = app.request(Method::GET, &path).send().await.expect("an answer");
    let mut text = String::new();
    assert_eq!(events(&mut stream, &mut text, 1).await.len(), 1);
    let waiting = app.request(Method::GET, &format!("/v1/submissions/{id}?wait=60"));
    let waiting = tokio::spawn(send(waiting));
    app.stopping.announce();
    assert_eq!(events(&mut stream, &mut text, usize::MAX).await.len(), 1);
    assert_eq!(waiting.await.expect("an answer").json["status"], "queued");
}
