//! Submitting, waiting, reading, listing, cancelling, over HTTP.

use crate::support::app::{TestApp, send};
use crate::support::samples::{leap_submission, report};
use assay::domain::key::Role;
use assay::queue::Kind;
use assay::store::{reports, submissions};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn count(app: &TestApp, what: &'static str) -> i64 {
    let query = match what {
        "jobs" => "SELECT count(*) FROM jobs",
        _ => "SELECT count(*) FROM submissions",
    };
    sqlx::query_scalar(query)
        .fetch_one(&app.db.pool)
        .await
        .expect("a count")
}

#[tokio::test]
async fn a_submission_is_stored_with_its_job_and_answered_with_its_address() {
    let app = TestApp::start().await;
    app.leap().await;
    let answer = app.post("/v1/submissions", &leap_submission()).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let id = answer.json["id"].as_str().expect("an id");
    assert_eq!(answer.header("location"), format!("/v1/submissions/{id}"));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(app.get(answer.header("location")).await.json, answer.json);
    assert_eq!(app.next_job(Kind::Grade).await.to_string(), id);
    insta::assert_json_snapshot!("queued_submission", answer.json, {
        ".id" => "[id]", ".created_at" => "[time]", ".links.*" => "[link]",
    });
}

#[tokio::test]
async fn a_caller_who_waits_gets_the_report() {
    let app = TestApp::start().await;
    app.leap().await;
    let waiting = app
        .request(Method::POST, "/v1/submissions")
        .header("prefer", "wait=20")
        .json(&leap_submission());
    let grading = async {
        let id = assay::domain::id::SubmissionId(app.next_job(Kind::Grade).await);
        app.grade(id, &report()).await;
    };
    let (answer, ()) = tokio::join!(send(waiting), grading);
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("preference-applied"), "wait=20");
    assert_eq!(answer.json["timings"]["grading_ms"], 2.5);
    insta::assert_json_snapshot!("finished_submission_for_admins", answer.json, {
        ".id" => "[id]", ".created_at" => "[time]", ".started_at" => "[time]", ".finished_at" => "[time]",
        ".links.*" => "[link]", ".timings.queued_ms" => "[ms]",
    });
}

#[tokio::test]
async fn a_caller_whose_wait_ends_first_gets_the_submission_as_it_stands() {
    let app = TestApp::start().await;
    app.leap().await;
    let waiting = app
        .request(Method::POST, "/v1/submissions")
        .header("prefer", "respond-async, wait=1");
    let answer = send(waiting.json(&leap_submission())).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json["status"]),
        (202, &json!("queued"))
    );
    assert_eq!(answer.header("preference-applied"), "wait=1");
}

#[tokio::test]
async fn a_platform_sees_hidden_tests_only_as_counts_and_score() {
    let app = TestApp::start().await;
    app.leap().await;
    let id = app.submit().await;
    app.grade(id, &report()).await;
    let path = format!("/v1/submissions/{id}");
    let platform = app.key(Role::Platform).await;
    let answer = send(app.request_as(&platform, Method::GET, &path)).await;
    assert!(!answer.text.contains("secret"), "{}", answer.text);
    let expected = json!({"passed": 0, "failed": 1, "total": 1, "score": 0.0, "max_score": 2.0});
    assert_eq!(answer.json["hidden"], expected);
    assert_eq!(
        (&answer.json["score"], &answer.json["max_score"]),
        (&json!(1.0), &json!(3.0))
    );
    let author = app.key(Role::Author).await;
    let full = send(app.request_as(&author, Method::GET, &path)).await;
    assert_eq!(full.json["tests"][1]["name"], "test_secret");
    assert_ne!(answer.header("etag"), full.header("etag"));
}

#[tokio::test]
async fn a_reader_long_polls_and_is_told_when_nothing_changed() {
    let app = TestApp::start().await;
    app.leap().await;
    let id = app.submit().await;
    let path = format!("/v1/submissions/{id}");
    let before = app.get(&path).await;
    let polling = format!("{path}?wait=20");
    let (finished, ()) = tokio::join!(app.get(&polling), async {
        app.next_job(Kind::Grade).await;
        app.grade(id, &report()).await;
    });
    assert_eq!(finished.json["status"], "finished");
    let known = |tag: &str| send(app.request(Method::GET, &path).header("if-none-match", tag.to_owned()));
    let same = known(finished.header("etag")).await;
    assert_eq!((same.status.as_u16(), same.text.as_str()), (304, ""));
    assert_eq!(known(before.header("etag")).await.status, 200);
}

#[tokio::test]
async fn the_same_key_and_body_give_the_same_submission_and_another_body_conflicts() {
    let app = TestApp::start().await;
    app.leap().await;
    let post = |body: Value| {
        send(
            app.request(Method::POST, "/v1/submissions")
                .header("idempotency-key", "k-1")
                .json(&body),
        )
    };
    let at_once = futures::future::join_all((0..8).map(|_| post(leap_submission()))).await;
    let ids: BTreeSet<_> = at_once.iter().map(|answer| answer.json["id"].to_string()).collect();
    assert!(at_once.iter().all(|answer| answer.status == 202), "{at_once:?}");
    assert_eq!(ids.len(), 1);
    assert_eq!((count(&app, "submissions").await, count(&app, "jobs").await), (1, 1));
    let other = post(json!({"exercise": "leap", "source": "pass"})).await;
    assert_eq!((other.status.as_u16(), other.code()), (409, "idempotency_conflict"));
}

#[tokio::test]
async fn attempts_are_counted_by_learner_and_exercise_even_at_once() {
    let app = TestApp::start().await;
    app.leap().await;
    let body = leap_submission();
    let at_once = futures::future::join_all((0..8).map(|_| app.post("/v1/submissions", &body))).await;
    let attempts: BTreeSet<_> = at_once.iter().map(|answer| answer.json["attempt"].as_i64()).collect();
    assert_eq!(attempts, (1..=8).map(Some).collect());
    let anonymous = json!({"exercise": "leap", "source": "pass"});
    for _ in 0..2 {
        assert_eq!(app.post("/v1/submissions", &anonymous).await.json["attempt"], 1);
    }
}

#[tokio::test]
async fn a_submission_goes_to_the_live_version_or_to_the_one_it_names() {
    let app = TestApp::start().await;
    app.leap().await;
    app.leap().await;
    app.exercise(assay::store::tenants::DEFAULT, "leap", false).await;
    let platform = app.key(Role::Platform).await;
    let submit = async |exercise: &str| {
        let body = json!({"exercise": exercise, "source": "pass"});
        send(app.request_as(&platform, Method::POST, "/v1/submissions").json(&body)).await
    };
    assert_eq!(submit("leap").await.json["exercise_version"], 2);
    assert_eq!(submit("leap@1").await.json["exercise_version"], 1);
    assert_eq!(
        submit("leap@3").await.code(),
        "unknown_exercise",
        "a draft is for authors"
    );
    assert_eq!(submit("leap@4").await.code(), "unknown_exercise");
    assert_eq!(
        app.post("/v1/exercises/leap/versions/3/publish", &Value::Null)
            .await
            .status,
        200
    );
    assert_eq!(submit("leap").await.json["exercise_version"], 3);
    assert_eq!(
        app.post("/v1/exercises/leap/versions/1/publish", &Value::Null)
            .await
            .status,
        200
    );
    assert_eq!(submit("leap").await.json["exercise_version"], 1);
    assert_eq!(app.delete("/v1/exercises/leap").await.status, 204);
    assert_eq!(submit("leap").await.code(), "unknown_exercise");
}

#[tokio::test]
async fn a_cancelled_submission_stays_cancelled_whatever_its_worker_finds() {
    let app = TestApp::start().await;
    app.leap().await;
    let (queued, running, finished) = (app.submit().await, app.submit().await, app.submit().await);
    submissions::begin(&app.db.pool, running).await.expect("begun");
    app.grade(finished, &report()).await;
    for id in [queued, running] {
        let answer = app.delete(&format!("/v1/submissions/{id}")).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json["verdict"]),
            (200, &json!("cancelled"))
        );
        assert!(
            !reports::finish(&app.db.pool, id, &report(), reports::Made::default())
                .await
                .expect("answered")
        );
        assert_eq!(
            app.get(&format!("/v1/submissions/{id}")).await.json["verdict"],
            "cancelled"
        );
    }
    assert_eq!(
        app.delete(&format!("/v1/submissions/{queued}")).await.status,
        200,
        "again is no error"
    );
    assert_eq!(
        app.delete(&format!("/v1/submissions/{finished}")).await.code(),
        "already_finished"
    );
    assert_eq!(
        count(&app, "jobs").await,
        1,
        "only the job of the graded one is left, for its worker to finish"
    );
}

#[tokio::test]
async fn lists_are_newest_first_in_pages_and_filtered() {
    let app = TestApp::start().await;
    app.leap().await;
    app.exercise(assay::store::tenants::DEFAULT, "other", true).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(app.submit().await.to_string());
    }
    app.post(
        "/v1/submissions",
        &json!({"exercise": "other", "source": "pass", "learner": "u-2"}),
    )
    .await;
    app.grade(ids[2].parse().expect("an id"), &report()).await;
    ids.reverse();
    let ids_of = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap_or_else(|| panic!("items in {page}"));
        items
            .iter()
            .map(|item| item["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let first = app.get("/v1/submissions?exercise=leap&limit=3").await.json;
    assert_eq!(ids_of(&first), ids[..3]);
    let next = first["next"].as_str().expect("a cursor");
    let second = app
        .get(&format!("/v1/submissions?exercise=leap&limit=3&after={next}"))
        .await
        .json;
    assert_eq!((ids_of(&second), &second["next"]), (ids[3..].to_vec(), &Value::Null));
    let failed = app.get("/v1/submissions?verdict=failed").await.json;
    assert_eq!(
        (ids_of(&failed), &failed["items"][0]["score"]),
        (vec![ids[2].clone()], &json!(1.0))
    );
    for (filter, expected) in [
        ("learner=u-2", 1),
        ("status=queued", 5),
        ("exercise=leap@1", 5),
        ("exercise=leap@2", 0),
        ("", 6),
    ] {
        assert_eq!(
            ids_of(&app.get(&format!("/v1/submissions?{filter}")).await.json).len(),
            expected,
            "{filter}"
        );
    }
}
