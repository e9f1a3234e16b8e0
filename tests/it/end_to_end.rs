//! The whole product as its users meet it: the program, its database, its sandboxes, its command line.

use crate::support::server::{Server, data};
use serde_json::Value;
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
}
