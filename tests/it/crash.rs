//! A server that dies at any moment loses no submission that it acknowledged, and grades each once.

use crate::support::app::send;
use crate::support::server::{Server, data};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Right, and slow enough that a kill finds some of them running.
const SOURCE: &str = "def parcel_price(weight, express=False):
    for _ in range(300_000):
        pass
    return 1.0
";

const SUBMISSIONS: usize = 24;

async fn submit(server: &Server, learner: usize) -> String {
    let body = json!({"exercise": "parcel-price", "learner": format!("u-{learner}"), "source": format!("{SOURCE}# {learner}\n")});
    let answer = send(server.request(Method::POST, "/v1/submissions").json(&body)).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json["id"].as_str().expect("an id").to_owned()
}

async fn listed(server: &Server, query: &str) -> Vec<Value> {
    let answer = server.get(&format!("/v1/submissions?limit=100{query}")).await;
    answer.json["items"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", answer.text))
        .clone()
}

/// Waits until at least `count` are finished.
async fn finished(server: &Server, count: usize) -> usize {
    loop {
        let found = listed(server, "&status=finished").await.len();
        if found >= count {
            return found;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_server_that_is_killed_again_and_again_still_ends_every_submission_with_one_report() {
    let data = data();
    let server = Server::start(data.path());
    let mut ids = Vec::new();
    for learner in 0..SUBMISSIONS {
        ids.push(submit(&server, learner).await);
    }
    let mut before = finished(&server, 1).await;
    server.kill();
    for _ in 0..2 {
        let server = Server::start(data.path());
        let after = finished(&server, before + 1).await;
        assert!(before < SUBMISSIONS, "the kill came before the end");
        before = after;
        server.kill();
    }
    let server = Server::start(data.path());
    for id in &ids {
        let answer = server.get(&format!("/v1/submissions/{id}?wait=60")).await;
        assert_eq!(answer.json["status"], "finished", "{}", answer.text);
        assert_eq!(answer.json["verdict"], "failed", "{}", answer.text);
        assert_eq!(answer.json["attempt"], 1, "{}", answer.text);
    }
    let all = listed(&server, "").await;
    let distinct: HashSet<&str> = all.iter().filter_map(|submission| submission["id"].as_str()).collect();
    assert_eq!((all.len(), distinct.len()), (SUBMISSIONS, SUBMISSIONS));
}
