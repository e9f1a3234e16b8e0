//! The command line as a script meets it: exit codes, where words go, what an error says to do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

fn assay(url: &str, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(args)
        .current_dir(folder.path())
        .env("ASSAY_URL", url)
        .env("ASSAY_KEY", "key-of-a-test")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A server that gives one answer to one request; its handle ends with the request's head.
fn canned(status: &'static str, body: &'static str) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        reader.read_exact(&mut vec![0; length]).unwrap();
        let size = body.len();
        let kind = "application/json";
        let head_out =
            format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {size}\r\nconnection: close");
        write!(stream, "{head_out}\r\n\r\n{body}").unwrap();
        head
    };
    (url, std::thread::spawn(answer))
}

const FAILED: &str = r#"{"id":"0193f7a0-0000-7000-8000-000000000000","exercise":"leap","exercise_version":3,"status":"finished",
  "verdict":"failed","score":1.0,"max_score":2.0,"attempt":2,"output":"","diagnostics":[],
  "tests":[
    {"name":"LeapTest.test_a","status":"passed","score":1.0,"max_score":1.0,"visibility":"visible","message":"","expected":null,
     "actual":null,"output":"","hint":null,"usage":{"instructions":5,"wall_ms":0.1}},
    {"name":"LeapTest.test_b","status":"failed","score":0.0,"max_score":1.0,"visibility":"visible",
     "message":"leap(2015) returned True, expected False","expected":"False","actual":"True",
     "output":"\u001b[2Jboo\n","hint":"2015 is odd","usage":{"instructions":5,"wall_ms":0.1}}],
  "usage":{"instructions":10,"wall_ms":2.5},"links":{}}"#;

fn leap_file() -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".py").tempfile().unwrap();
    file.write_all(b"def leap(year):\n    return True\n").unwrap();
    file
}

#[test]
fn a_server_that_is_not_there_ends_with_3_and_says_how_to_start_it() {
    let done = assay("http://127.0.0.1:9", &["key", "list"]);
    assert_eq!(done.status.code(), Some(3));
    assert!(text(&done.stderr).contains("make serve"), "{}", text(&done.stderr));
    assert!(done.stdout.is_empty());
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    assert_eq!(assay("http://127.0.0.1:9", &["submit"]).status.code(), Some(2));
    assert_eq!(assay("http://127.0.0.1:9", &["no-such-command"]).status.code(), Some(2));
    let done = assay("http://127.0.0.1:9", &["submit", "leap", "no-such-file.py"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("no-such-file.py"), "{}", text(&done.stderr));
    assert_eq!(assay("ftp://example.org", &["key", "list"]).status.code(), Some(2));
}

#[test]
fn a_submission_that_did_not_pass_ends_with_1_and_teaches() {
    let (url, server) = canned("200 OK", FAILED);
    let file = leap_file();
    let done = assay(
        &url,
        &["submit", "leap", file.path().to_str().unwrap(), "--learner", "ada"],
    );
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    let request = server.join().unwrap();
    assert!(request.starts_with("POST /v1/submissions HTTP/1.1"), "{request}");
    assert!(request.contains("Bearer key-of-a-test"), "{request}");
    let expected = "\
✗ not yet: some tests did not pass  leap@3 · 1 of 2 points · attempt 2 · 2.5 ms

  ✓ LeapTest.test_a
  ✗ LeapTest.test_b
      leap(2015) returned True, expected False
      expected  False
      actual    True
      printed   \\x1b[2Jboo
      hint      2015 is odd
";
    assert_eq!(text(&done.stdout), expected);
}

#[test]
fn json_is_one_document_as_the_server_sent_it() {
    let (url, server) = canned("200 OK", FAILED);
    let file = leap_file();
    let done = assay(&url, &["--json", "submit", "leap", file.path().to_str().unwrap()]);
    server.join().unwrap();
    assert_eq!(done.status.code(), Some(1));
    let printed: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let sent: serde_json::Value = serde_json::from_str(FAILED).unwrap();
    assert_eq!(printed, sent);
}

#[test]
fn findings_are_printed_with_file_and_line_and_end_with_1() {
    let (url, server) = canned(
        "422 Unprocessable Entity",
        r#"{"type":"about:blank","title":"The bundle does not verify","status":422,"code":"verification_failed",
            "errors":[{"file":"exercise.toml","line":3,"message":"runtime: there is no runtime named \"cobol\""},
                      {"file":null,"line":null,"message":"the starter passes"}]}"#,
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/course/library");
    let done = assay(&url, &["exercise", "check", folder.to_str().unwrap()]);
    let request = server.join().unwrap();
    assert!(request.starts_with("POST /v1/exercise-checks"), "{request}");
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    let printed = text(&done.stdout);
    let expected = "library/exercise.toml:3: runtime: there is no runtime named \"cobol\"\n";
    assert!(printed.contains(expected), "{printed}");
    assert!(printed.contains("library: the starter passes\n"), "{printed}");
}

#[test]
fn a_refusal_is_shown_with_all_its_faults_and_ends_with_3() {
    let (url, server) = canned(
        "422 Unprocessable Entity",
        r#"{"type":"urn:assay:problem:validation_failed","title":"The request cannot be used","status":422,
            "code":"validation_failed","detail":"learner: too long (and 1 more)",
            "errors":[{"field":"learner","message":"too long"},{"field":"files[\"x.py\"]","message":"not asked for"}]}"#,
    );
    let file = leap_file();
    let done = assay(&url, &["submit", "leap", file.path().to_str().unwrap()]);
    server.join().unwrap();
    assert_eq!(done.status.code(), Some(3));
    let expected = "assay: The request cannot be used\n  learner: too long\n  files[\"x.py\"]: not asked for\n";
    assert_eq!(text(&done.stderr), expected);
}

#[test]
fn an_answer_of_something_else_than_assay_is_told_apart() {
    let (url, server) = canned("200 OK", "<html>hello</html>");
    let done = assay(&url, &["key", "list"]);
    server.join().unwrap();
    assert_eq!(done.status.code(), Some(3));
    assert!(
        text(&done.stderr).contains("is ASSAY_URL right?"),
        "{}",
        text(&done.stderr)
    );
}
