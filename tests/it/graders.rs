//! Graders are modules that come from outside: what they may do, and what happens to those that do something else.

use crate::support::files::read_folder;
use crate::support::graders::{component, package, with_self_test};
use crate::support::sandboxes::sandboxes;
use assay::domain::bundle::Bundle;
use assay::domain::files::FileSet;
use assay::domain::grader::Admission;
use assay::domain::limits::LimitCaps;
use assay::domain::verdict::Verdict;
use assay::grading::{Grader, Prepared, admit, built_in, grade};
use std::path::Path;

async fn admission(package: &FileSet) -> Admission {
    admit(sandboxes(), package, &LimitCaps::default())
        .await
        .expect("the sandbox works")
}

/// The findings as one text.
async fn reasons(package: &FileSet) -> String {
    let found = admission(package).await.findings;
    let line = |finding: assay::domain::verification::Finding| {
        format!("{}: {}", finding.file.unwrap_or_default(), finding.message)
    };
    found.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_graders_that_come_along_are_admitted_as_any_upload_would_be() {
    for (name, package) in built_in() {
        let admission = admission(&package).await;
        assert_eq!(admission.findings, [], "{name}");
        let tests = admission.self_test.expect("a self-test").tests;
        assert!(tests.len() >= 4, "{name}: {tests:?}");
    }
}

#[tokio::test]
async fn the_template_of_a_grader_in_python_is_admitted() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("graders/template-python");
    assert_eq!(reasons(&read_folder(&template)).await, "");
}

#[test]
fn the_component_of_stdio_is_made_of_its_sources_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("graders");
    let mut sources: Vec<_> = std::fs::read_dir(root.join("stdio/src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    sources.sort();
    let first = ["stdio/Cargo.toml", "stdio/Cargo.lock", "wit/grader.wit"].map(|name| root.join(name));
    let mut all = Vec::new();
    for path in first.iter().chain(&sources) {
        all.extend(std::fs::read(path).unwrap());
    }
    let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(all));
    let noted = std::fs::read_to_string(root.join("stdio/sources.sha256")).unwrap();
    assert_eq!(
        noted.trim(),
        digest,
        "run graders/stdio/build.sh and commit what it makes"
    );
    let wit = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    assert_eq!(wit("wit/grader.wit"), wit("template-rust/wit/grader.wit"), "copy it");
}

#[tokio::test]
async fn what_is_no_component_of_the_contract_is_rejected_with_the_reason() {
    let sockets = wat::parse_str("(component (import \"wasi:sockets/tcp@0.2.0\" (instance)))").unwrap();
    let clock = wat::parse_str("(component (import \"wasi:clocks/wall-clock@0.2.0\" (instance)))").unwrap();
    let good = component("", "i32.const 0");
    let long = "nop ".repeat(300_000);
    let cases = [
        (b"MZ, a program for Windows".to_vec(), "it is not WebAssembly"),
        (Vec::new(), "it is not WebAssembly"),
        (good[..good.len() / 2].to_vec(), "it is not valid WebAssembly"),
        (
            wat::parse_str("(module)").unwrap(),
            "it is a core module, not a component",
        ),
        (sockets, "it imports \"wasi:sockets/tcp@0.2.0\""),
        (clock, "it imports \"wasi:clocks/wall-clock@0.2.0\""),
        (wat::parse_str("(component)").unwrap(), "it does not export `grade`"),
        (
            component(&format!("(func {long})"), "i32.const 0"),
            "one of its functions has",
        ),
        (vec![0; 9 << 20], "a grader may have 8388608"),
    ];
    for (wasm, reason) in cases {
        let told = reasons(&package(&[("grader.wasm", wasm)])).await;
        assert!(told.starts_with("grader.wasm: "), "{reason}: {told}");
        assert!(told.contains(reason), "{reason}: {told}");
    }
    let python = b"def grade(job):\n    pass\n".to_vec();
    let told = reasons(&package(&[("grader.py", python.clone())])).await;
    assert!(told.contains("selftest/: the package has no self-test"), "{told}");
    let told = reasons(&package(&[("grader.py", python), ("grader.wasm", good)])).await;
    assert!(told.contains("a grader is one of them"), "{told}");
    let told = reasons(&package(&[("readme.txt", Vec::new())])).await;
    assert!(told.contains("neither grader.py nor grader.wasm"), "{told}");
    let told = reasons(&package(&[("grader.py", b"def grade(job)\n    pass\n".to_vec())])).await;
    assert!(told.contains("SyntaxError: expected ':'"), "{told}");
}

#[tokio::test]
async fn components_that_run_wild_are_ended_by_their_limits_and_rejected_with_the_reason() {
    let cases = [
        (
            component("", "(loop $on (br $on)) unreachable"),
            "it used up its budget of instructions",
        ),
        (
            component("(func $go (loop $on (br $on))) (start $go)", "i32.const 0"),
            "no instance can be made of it",
        ),
        (
            component(
                "",
                "(loop $on (br_if $on (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable",
            ),
            "it used up its memory of 256 MB",
        ),
        (
            component("(memory $big 5000)", "i32.const 0"),
            "no instance can be made of it",
        ),
        (component("", "unreachable"), "it crashed"),
        (
            component("(func $deep (call $deep) (call $deep))", "(call $deep) i32.const 0"),
            "nested too deep",
        ),
        // 200 MB handed to the host in one call.
        (
            component(
                "(import \"assay:grader/progress@1.0.0\" \"log\" (func $log (param i32 i32)))",
                "(drop (memory.grow (i32.const 3400))) (call $log (i32.const 0) (i32.const 200000000)) i32.const 0",
            ),
            "it crashed",
        ),
        // A message to a program that was never started.
        (
            component(
                "(import \"assay:grader/learner@1.0.0\" \"exchange\" (func $exchange (param i32 i32 i32)))",
                "(call $exchange (i32.const 0) (i32.const 0) (i32.const 64)) i32.const 0",
            ),
            "it broke the contract: exchange: no program was started",
        ),
    ];
    for (wasm, reason) in cases {
        let told = reasons(&package(&[("grader.wasm", wasm)])).await;
        assert!(told.contains(reason), "{reason}: {told}");
    }
}

#[tokio::test]
async fn a_grader_that_tells_nonsense_is_rejected_with_the_reason() {
    let one_test = |inside: &str| {
        format!(
            "import assay\ndef grade(job):\n    for test in job.plan(['a']):\n        with test:\n            {inside}\n"
        )
    };
    let cases = [
        (
            one_test("test.share = float('nan')"),
            "a share of its points is a number from 0 to 1, not Some(NaN)",
        ),
        (one_test("test.share = -1.0"), "a share of its points"),
        (one_test("test.share = 1e300"), "a share of its points"),
        (
            "import assay\ndef grade(job):\n    job.plan([assay.Planned('a', points=1e300)])\n".into(),
            "points are a number",
        ),
        (
            "def grade(job):\n    job.plan(['a', 'a'])\n".into(),
            "a test's name is unique",
        ),
        (
            "def grade(job):\n    job.plan([str(n) for n in range(9999)])\n".into(),
            "at most 5000 are graded",
        ),
        (
            "def grade(job):\n    pass\n".into(),
            "it came to its end without a test",
        ),
        ("def grade(job):\n    1 / 0\n".into(), "ZeroDivisionError"),
        (
            "import assay\ndef grade(job):\n    raise assay.GraderError('tests/x: no')\n".into(),
            "it says: tests/x: no",
        ),
        (
            "def grade(job):\n    while True: pass\n".into(),
            "budget of instructions",
        ),
        (
            "def grade(job):\n    x = [0]\n    while True: x += x\n".into(),
            "MemoryError",
        ),
        (
            "import os\ndef grade(job):\n    os._exit(0)\n".into(),
            "it ended itself with exit code 0",
        ),
        (one_test("pass"), "passes every test, but must not"),
        (
            "import socket\ndef grade(job):\n    socket.create_connection(('127.0.0.1', 80))\n".into(),
            "gaierror",
        ),
    ];
    for (source, reason) in cases {
        let told = reasons(&with_self_test(&source)).await;
        assert!(told.contains(reason), "{source}\n{reason}: {told}");
    }
}

#[tokio::test]
async fn a_report_of_200_megabytes_is_cut_and_nothing_else_suffers() {
    let source = "def grade(job):\n    for test in job.plan([str(n) for n in range(4000)]):\n        with test:\n            \
                  if b'wrong' in job.submission['main.py']:\n                test.fail('no')\n            \
                  test.part('x' * 25000, True, 'y' * 25000)\n";
    let package = with_self_test(source);
    assert_eq!(reasons(&package).await, "");
    let grader = Grader::load(sandboxes(), "large@1", &package).await.expect("it loads");
    let bundle = Bundle::read(&package.below("selftest"), &LimitCaps::default()).expect("well formed");
    let files = bundle.solution.clone();
    let exercise = Prepared::new(sandboxes(), bundle, grader)
        .await
        .expect("the sandbox works");
    let graded = grade(sandboxes(), &exercise, &files, None)
        .await
        .expect("the sandbox works");
    assert_eq!(graded.report.verdict, Verdict::Passed);
    assert!(serde_json::to_string(&graded.report).unwrap().len() < 8 << 20);
}

#[tokio::test]
async fn a_grader_that_fails_over_one_submission_never_costs_its_learner_anything() {
    let source = "def grade(job):\n    for test in job.plan(['a']):\n        with test:\n            \
                  if b'wrong' in job.submission['main.py']:\n                test.fail('no')\n            \
                  if b'odd' in job.submission['main.py']:\n                1 / 0\n";
    let package = with_self_test(source);
    assert_eq!(reasons(&package).await, "");
    let grader = Grader::load(sandboxes(), "brittle@3", &package)
        .await
        .expect("it loads");
    let bundle = Bundle::read(&package.below("selftest"), &LimitCaps::default()).expect("well formed");
    let exercise = Prepared::new(sandboxes(), bundle, grader)
        .await
        .expect("the sandbox works");
    let odd = crate::support::graders::package(&[("main.py", b"odd = 1\n".to_vec())]);
    let graded = grade(sandboxes(), &exercise, &odd, None)
        .await
        .expect("the sandbox works");
    assert_eq!(graded.report.verdict, Verdict::GraderError);
    assert_eq!(graded.report.grader, "brittle@3");
    assert!(!graded.pure, "it may be graded again");
    let fault = graded.report.grader_fault.unwrap_or_default();
    assert!(fault.contains("ZeroDivisionError"), "{fault}");
    let shown = &graded.report.diagnostics[0].message;
    assert!(
        shown.contains("not in your code") && !shown.contains("ZeroDivision"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_grader_in_python_uses_modules_and_whole_programs_of_a_submission_in_turn() {
    let source = "import contextlib, io\ndef grade(job):\n    for test in job.plan(['module', 'program', 'module again']):\n        \
                  with test:\n            wrong = b'wrong' in job.submission['main.py']\n            \
                  if test.name == 'program':\n                done = job.run(['main.py', 'x'], stdin='Ada')\n                \
                  test.ended_well(done)\n                test.equal(done.exit_code, 0)\n                continue\n            \
                  names = dir(job.module('main'))\n            test.equal('right' in names and not wrong, True)\n";
    assert_eq!(reasons(&with_self_test(source)).await, "");
}
