//! A whole HTTP server on a free port, over a database of its own, without sandboxes.
//!
//! What a worker would do, tests do themselves: `grade` stores a report, `worker` answers the next verification.

use super::database::{TestDatabase, fresh};
use super::samples::{leap_files, leap_submission, outcome};
use assay::config::{Config, Http, Source};
use assay::db::{Hub, JOBS};
use assay::domain::bundle::Bundle;
use assay::domain::files::FileSet;
use assay::domain::id::{SubmissionId, TenantId, VerificationId};
use assay::domain::key::Role;
use assay::domain::limits::LimitCaps;
use assay::domain::report::Report;
use assay::domain::verification::Verification;
use assay::grading::built_in;
use assay::http::{State, Stopping};
use assay::intake::{grader, key};
use assay::queue::{self, Kind};
use assay::store::runtimes::{self, Runtime};
use assay::store::{reports, submissions, tenants, verifications};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// A running server and an admin key for it.
pub struct TestApp {
    /// The database.
    pub db: TestDatabase,
    /// Tells what the database notifies.
    pub hub: Hub,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// A key of role admin of the default tenant.
    pub admin: String,
    /// Announces that the server stops.
    pub stopping: Stopping,
    client: reqwest::Client,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body: JSON, or null where it is none.
    pub json: Value,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// A header as text, empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The problem document, checked for what all have, without what differs from call to call.
    pub fn problem(mut self) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(self.json["status"], self.status.as_u16(), "{}", self.text);
        assert_eq!(self.json["request_id"], self.header("x-request-id"), "{}", self.text);
        assert_eq!(
            self.json["type"],
            format!("urn:assay:problem:{}", self.json["code"].as_str().unwrap_or_default())
        );
        let document = self.json.as_object_mut().expect("an object");
        for same in ["request_id", "type", "title"] {
            assert!(document.remove(same).is_some(), "{same} is missing: {}", self.text);
        }
        self.json
    }

    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }
}

impl TestApp {
    /// Starts a server.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a server with changed settings.
    pub async fn start_with(change: impl FnOnce(&mut Http)) -> Self {
        let db = fresh().await;
        let hub = Hub::start(&db.pool).await.expect("the hub listens");
        let mut settings = Config::from_source(&Source::from_iter::<[(&str, &str); 0]>([]))
            .expect("settings")
            .http;
        settings.bind = ([127, 0, 0, 1], 0).into();
        change(&mut settings);
        let runtime = Runtime {
            name: "python".into(),
            version: "3.14.0+1".into(),
            language: "Python 3.14".into(),
            digest: "00".into(),
        };
        runtimes::seen(&db.pool, &runtime).await.expect("stored");
        grader::seed(&db.pool, &built_in()).await.expect("seeded");
        let mut state = State::new(db.pool.clone(), hub.clone(), &settings, LimitCaps::default());
        state.verification_wait = Duration::from_secs(20);
        let stopping = state.stopping();
        let (server, address) = assay::http::server(state, &settings).expect("a free port");
        tokio::spawn(server);
        let client = client();
        let admin = format!("assay_admin_{}", Uuid::new_v4().simple());
        key::ensure_admin(&db.pool, &admin).await.expect("a key");
        Self {
            db,
            hub,
            url: format!("http://{address}"),
            admin,
            stopping,
            client,
        }
    }

    /// A request with the admin key.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_as(&self.admin, method, path)
    }

    /// A request with another key, or with none where it is empty.
    pub fn request_as(&self, key: &str, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        if key.is_empty() {
            request
        } else {
            request.bearer_auth(key)
        }
    }

    /// `GET` with the admin key.
    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// `POST` of JSON with the admin key.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        send(self.request(Method::POST, path).json(body)).await
    }

    /// `PUT` of an archive with the admin key.
    pub async fn put(&self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        send(self.request(Method::PUT, path).header("content-type", kind).body(body)).await
    }

    /// `DELETE` with the admin key.
    pub async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    /// A key of the default tenant.
    pub async fn key(&self, role: Role) -> String {
        let made = key::make(&self.db.pool, tenants::DEFAULT, role, "test").await;
        made.expect("a key").key
    }

    /// Makes the exercise `leap` of the default tenant, or its next version.
    pub async fn leap(&self) -> i32 {
        self.exercise(tenants::DEFAULT, "leap", true).await
    }

    /// Makes the next version of an exercise as a worker does after a verification.
    pub async fn exercise(&self, tenant: TenantId, slug: &str, publish: bool) -> i32 {
        let files = leap_files();
        let bundle = Bundle::read(&files, &LimitCaps::default()).expect("a good bundle");
        let id = VerificationId::new();
        let mut db = self.db.pool.begin().await.expect("a transaction");
        verifications::insert(&mut *db, id, tenant, Some(slug), publish, &files.pack())
            .await
            .expect("stored");
        verifications::finish(&mut db, id, &outcome(), Some(&bundle.spec))
            .await
            .expect("finished");
        db.commit().await.expect("committed");
        let found = verifications::find(&self.db.pool, tenant, id)
            .await
            .expect("readable")
            .expect("there");
        found.version.expect("a version")
    }

    /// Submits to `leap` and returns the id.
    pub async fn submit(&self) -> SubmissionId {
        let answer = self.post("/v1/submissions", &leap_submission()).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        answer.json["id"].as_str().expect("an id").parse().expect("a UUID")
    }

    /// Takes the job of a submission, as a worker does, and stores this report.
    pub async fn grade(&self, id: SubmissionId, report: &Report) {
        assert!(
            submissions::begin(&self.db.pool, id).await.expect("begun").is_some(),
            "{id} is not waiting"
        );
        assert!(
            reports::finish(
                &self.db.pool,
                id,
                report,
                reports::Made {
                    grading_ms: 2.5,
                    ..reports::Made::default()
                }
            )
            .await
            .expect("finished"),
            "{id} is finished"
        );
    }

    /// Waits for the next job of a kind and takes it.
    pub async fn next_job(&self, kind: Kind) -> Uuid {
        let mut enqueued = self.hub.subscribe(JOBS, "");
        loop {
            let jobs = queue::claim(&self.db.pool, Uuid::now_v7(), 1, Duration::from_secs(60))
                .await
                .expect("claimed");
            if let Some(job) = jobs.into_iter().find(|job| job.kind == kind) {
                return job.subject;
            }
            enqueued.changed().await;
        }
    }

    /// Answers the next verification with this outcome, as a worker does.
    pub async fn worker(&self, outcome: Verification) {
        let id = VerificationId(self.next_job(Kind::Verify).await);
        let mut db = self.db.pool.begin().await.expect("a transaction");
        let stored = verifications::to_verify(&mut *db, id)
            .await
            .expect("readable")
            .expect("a bundle");
        let files = FileSet::unpack(&stored.bundle).expect("packed files");
        let bundle = Bundle::read(&files, &LimitCaps::default()).expect("a good bundle");
        let accepted = outcome.findings.is_empty().then_some(&bundle.spec);
        assert!(
            verifications::finish(&mut db, id, &outcome, accepted)
                .await
                .expect("finished")
        );
        db.commit().await.expect("committed");
    }
}

/// A client that follows no redirect and knows no proxy.
pub fn client() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("protocols")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

/// Sends a request and reads the answer.
pub async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("the server answers");
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.expect("a body");
    assert!(
        headers.contains_key("x-request-id"),
        "an answer without X-Request-Id: {status} {text}"
    );
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer {
        status,
        headers,
        json,
        text,
    }
}
