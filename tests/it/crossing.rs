//! What crosses from a submission's sandbox to its tests' behaves as if both were in one (`tests/crossing`).

use crate::support::files::read_folder;
use crate::support::sandboxes::{prepared, sandboxes};
use assay::domain::bundle::Bundle;
use assay::domain::exercise::Isolation;
use assay::domain::limits::LimitCaps;
use assay::domain::verdict::TestStatus;
use assay::grading::grade;
use std::path::Path;

async fn not_passed(isolation: Isolation) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crossing");
    let mut bundle = Bundle::read(&read_folder(&folder), &LimitCaps::default()).expect("the bundle is well formed");
    bundle.spec.isolation = isolation;
    let files = bundle.solution.clone();
    let exercise = prepared(bundle).await;
    let report = grade(sandboxes(), &exercise, &files, None)
        .await
        .expect("the sandbox works")
        .report;
    assert!(report.tests.len() > 40, "{:?}", report.diagnostics);
    assert_eq!(report.isolation, isolation);
    let failed = report.tests.iter().filter(|test| test.status != TestStatus::Passed);
    failed
        .map(|test| format!("{} {}: {}", test.name, test.status, test.message))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_in_a_sandbox_of_their_own_see_values_objects_errors_and_patches_as_beside_the_code() {
    assert_eq!(not_passed(Isolation::Shared).await.join("\n"), "", "beside the code");
    assert_eq!(
        not_passed(Isolation::Separate).await.join("\n"),
        "",
        "in a sandbox of their own"
    );
}
