//! A report is a pure function of its inputs: the order, the neighbours, the number of workers and the machine do not matter.

use crate::support::database::{TestDatabase, fresh};
use crate::support::files::read_folder;
use crate::support::sandboxes::{runtime_dir, sandboxes};
use assay::db::Hub;
use assay::domain::bundle::Bundle;
use assay::domain::files::FileSet;
use assay::domain::id::{SubmissionId, VerificationId};
use assay::domain::limits::LimitCaps;
use assay::grading::built_in;
use assay::intake::bundle::{Purpose, verify};
use assay::intake::grader;
use assay::intake::request::{SentFiles, SubmissionRequest};
use assay::intake::submission::{Caller, submit};
use assay::sandbox::{Sandboxes, SandboxesOptions};
use assay::store::{submissions, tenants, verifications};
use assay::worker::{Worker, WorkerOptions};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Exercises by name: the demo course, the attacks' exercise, and what the graders are tested by.
fn exercises() -> BTreeMap<String, FileSet> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    for name in ["library", "parcel-price", "word-index"] {
        found.insert(name.to_owned(), read_folder(&root.join("deploy/course").join(name)));
    }
    found.insert("attacked".to_owned(), read_folder(&root.join("tests/attacks/exercise")));
    for (name, package) in built_in() {
        found.insert(format!("of-{name}"), package.below("selftest"));
    }
    found
}

/// Every solution of every exercise, right or wrong, and every attack that ends on its own: exercise, name and files.
fn corpus() -> Vec<(String, String, FileSet)> {
    let mut found = Vec::new();
    for (slug, files) in exercises() {
        let bundle = Bundle::read(&files, &LimitCaps::default()).expect("well formed");
        let wrong = bundle.wrong.iter().map(|(name, files)| (name.clone(), files));
        let own = [
            ("solution".to_owned(), &bundle.solution),
            ("starter".to_owned(), &bundle.starter),
        ];
        for (name, files) in own.into_iter().chain(wrong) {
            let handed_in = files.iter().filter(|(path, _)| bundle.spec.accepts(path.as_str()));
            let handed_in: FileSet = handed_in.map(|(path, body)| (path.clone(), body.to_vec())).collect();
            found.push((slug.clone(), name, handed_in));
        }
    }
    let attacks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
    for name in [
        "timing",
        "garbage",
        "finalizers",
        "threads",
        "hash_collisions",
        "frames",
        "getattr_flood",
        "os_exit",
    ] {
        let files = read_folder(&attacks.join(name));
        found.push(("attacked".to_owned(), name.to_owned(), files));
    }
    found
}

/// A database with the exercises in it, and the workers that grade there.
async fn graded(
    workers: Vec<Sandboxes>,
    permits: usize,
    corpus: &[(String, String, FileSet)],
) -> BTreeMap<String, String> {
    let db = fresh().await;
    let hub = Hub::start(&db.pool).await.expect("the hub listens");
    grader::seed(&db.pool, &built_in()).await.expect("seeded");
    let options = WorkerOptions {
        permits,
        lease: Duration::from_secs(30),
        shutdown: Duration::from_secs(30),
        attempts: 3,
        caps: LimitCaps::default(),
    };
    let start = |sandboxes| Worker::start(db.pool.clone(), &hub, sandboxes, options);
    let workers: Vec<Worker> = workers.into_iter().map(start).collect();
    push(&db, &hub).await;
    let mut ids = Vec::new();
    for (slug, name, files) in corpus {
        let id = SubmissionId::new();
        let text = |body: &[u8]| String::from_utf8(body.to_vec()).expect("text");
        let request = SubmissionRequest {
            exercise: slug.clone(),
            files: Some(SentFiles(
                files
                    .iter()
                    .map(|(path, body)| (path.to_string(), text(body)))
                    .collect(),
            )),
            source: None,
            learner: None,
            metadata: None,
            callback_url: None,
            priority: assay::domain::submission::Priority::default(),
        };
        let caller = Caller {
            tenant: tenants::DEFAULT,
            drafts: false,
            idempotency: None,
        };
        submit(&db.pool, caller, id, &request)
            .await
            .unwrap_or_else(|error| panic!("{slug}/{name}: {error:?}"));
        ids.push((format!("{slug}/{name}"), id));
    }
    let mut reports = BTreeMap::new();
    for (name, id) in ids {
        let mut ended = hub.subscribe(assay::db::SUBMISSIONS, id.to_string());
        let report = loop {
            let found = submissions::find(&db.pool, tenants::DEFAULT, id)
                .await
                .expect("readable")
                .expect("there");
            if let Some(report) = found.report {
                assert!(!found.cached, "{name}");
                break report;
            }
            ended.changed().await;
        };
        let mut report = serde_json::to_value(&report).expect("JSON");
        without_times(&mut report);
        reports.insert(name, report.to_string());
    }
    for worker in workers {
        worker.stop().await;
    }
    reports
}

async fn push(db: &TestDatabase, hub: &Hub) {
    for (slug, files) in exercises() {
        let id = VerificationId::new();
        let mut ended = hub.subscribe(assay::db::VERIFICATIONS, id.to_string());
        let name = slug.parse().expect("a slug");
        let purpose = Purpose::Version {
            slug: &name,
            publish: true,
        };
        verify(&db.pool, tenants::DEFAULT, id, purpose, &files, &LimitCaps::default())
            .await
            .expect("taken");
        let made = loop {
            let found = verifications::find(&db.pool, tenants::DEFAULT, id)
                .await
                .expect("readable")
                .expect("there");
            if let Some(outcome) = found.outcome {
                assert_eq!(outcome.findings, [], "{slug}");
                break found.version;
            }
            ended.changed().await;
        };
        assert_eq!(made, Some(1), "{slug}");
    }
}

/// Measured times are the only thing that may differ.
fn without_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| name != "wall_ms" && name != "cpu_ms");
            fields.values_mut().for_each(without_times);
        }
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_the_same_bytes_in_another_order_side_by_side_on_one_worker_and_on_two() {
    let corpus = corpus();
    assert!(corpus.len() >= 40, "{}", corpus.len());
    let one_after_the_other = graded(vec![sandboxes().clone()], 1, &corpus).await;
    let mut backwards = corpus;
    backwards.reverse();
    let options = SandboxesOptions {
        slots: 2,
        max_memory_bytes: 512 << 20,
        ..SandboxesOptions::in_folder(&runtime_dir())
    };
    let second = Sandboxes::open(&options, &|_| {}).expect("the runtime is built");
    let side_by_side = graded(vec![sandboxes().clone(), second], 2, &backwards).await;
    assert_eq!(one_after_the_other.len(), side_by_side.len());
    for (name, report) in &one_after_the_other {
        assert_eq!(Some(report), side_by_side.get(name), "{name}");
    }
}
