//! Reports in words that teach: what was tried, what came out, what to look at next.

use super::terminal::{Output, Tone, plain};
use crate::domain::report::{Diagnostic, TestReport, Usage};
use crate::domain::submission::Status;
use crate::domain::verdict::{TestStatus, Verdict};
use crate::domain::verification::Verification;
use serde::Deserialize;

/// A submission as the server shows it.
#[derive(Debug, Deserialize)]
pub struct Submission {
    pub id: String,
    pub exercise: String,
    pub exercise_version: i32,
    pub status: Status,
    #[serde(default)]
    pub verdict: Option<Verdict>,
    #[serde(default)]
    pub score: Option<f64>,
    #[serde(default)]
    pub max_score: Option<f64>,
    #[serde(default)]
    pub attempt: Option<i32>,
    #[serde(default)]
    pub tests: Option<Vec<TestReport>>,
    #[serde(default)]
    pub hidden: Option<Hidden>,
    #[serde(default)]
    pub diagnostics: Option<Vec<Diagnostic>>,
    #[serde(default)]
    pub output: Option<String>,
    #[serde(default)]
    pub usage: Option<Usage>,
}

/// What is told of the tests that learners must not see.
#[derive(Debug, Deserialize)]
pub struct Hidden {
    pub passed: usize,
    pub total: usize,
}

/// A finished submission, for people.
pub fn submission(of: &Submission, output: &Output) -> String {
    let mut page = Page {
        output,
        lines: Vec::new(),
    };
    page.heading(of);
    for diagnostic in of.diagnostics.iter().flatten() {
        page.diagnostic(diagnostic);
    }
    let unloaded = of.verdict == Some(Verdict::Error) && of.diagnostics.iter().flatten().next().is_some();
    if let Some(tests) = of.tests.as_ref().filter(|tests| !tests.is_empty() && !unloaded) {
        page.lines.push(String::new());
        for test in tests {
            page.test(test);
        }
    }
    if let Some(hidden) = &of.hidden {
        let tone = if hidden.passed == hidden.total {
            Tone::Good
        } else {
            Tone::Bad
        };
        let told = format!("  and {} of {} hidden tests passed", hidden.passed, hidden.total);
        page.lines.push(output.paint(tone, &told).into_owned());
    }
    if let Some(printed) = of.output.as_ref().filter(|printed| !printed.trim().is_empty()) {
        page.lines.push(String::new());
        page.lines.push("  printed outside the tests".into());
        page.block(4, printed, Tone::Faint);
    }
    page.lines.join("\n")
}

/// A verification in half a line: how many tests, how many solutions, how many instructions the reference used.
pub fn verification(of: &Verification) -> String {
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let wrong = of
        .solutions
        .iter()
        .filter(|check| check.solution.starts_with("wrong/"))
        .count();
    let used = of.solutions.iter().find(|check| check.solution == "solution");
    let used = used.map(|check| format!(", reference {:.1} million instructions", millions(check.instructions)));
    format!(
        "  {}, {} refused{}",
        count(of.tests.len(), "test"),
        count(wrong, "wrong solution"),
        used.unwrap_or_default()
    )
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit after the point")]
fn millions(instructions: u64) -> f64 {
    instructions as f64 / 1e6
}

/// Lines on their way to standard output.
struct Page<'a> {
    output: &'a Output,
    lines: Vec<String>,
}

impl Page<'_> {
    fn heading(&mut self, of: &Submission) {
        let verdict = of.verdict.unwrap_or(Verdict::GraderError);
        let (mark, tone) = if verdict == Verdict::Passed {
            ("✓", Tone::Good)
        } else {
            ("✗", Tone::Bad)
        };
        let words = match verdict {
            Verdict::Passed => "passed",
            Verdict::Failed => "not yet: some tests did not pass",
            Verdict::Error => "the code could not be loaded",
            Verdict::Timeout => "too slow: the time for a test ran out",
            Verdict::MemoryLimit => "too much memory",
            Verdict::OutputLimit => "printed too much",
            Verdict::Cancelled => "cancelled",
            Verdict::GraderError => "could not be graded: the exercise or the server is at fault, not the code",
        };
        let mut facts = vec![format!("{}@{}", of.exercise, of.exercise_version)];
        if let (Some(score), Some(max)) = (of.score, of.max_score) {
            facts.push(format!("{score} of {max} points"));
        }
        facts.extend(of.attempt.filter(|n| *n > 1).map(|n| format!("attempt {n}")));
        facts.extend(of.usage.as_ref().map(|usage| format!("{:.1} ms", usage.wall_ms)));
        let facts = facts.join(" · ");
        self.lines.push(format!(
            "{}  {}",
            self.output.paint(tone, &format!("{mark} {words}")),
            self.output.paint(Tone::Faint, &facts)
        ));
    }

    fn diagnostic(&mut self, found: &Diagnostic) {
        let place = match (&found.file, found.line, found.column) {
            (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}: "),
            (Some(file), Some(line), None) => format!("{file}:{line}: "),
            (Some(file), ..) => format!("{file}: "),
            _ => String::new(),
        };
        self.lines.push(String::new());
        let what = format!("{place}{}: {}", found.kind, found.message);
        self.block(2, &what, Tone::Strong);
        if let Some(text) = &found.text {
            self.block(4, text, Tone::Bad);
        }
        if let Some(traceback) = &found.traceback {
            self.block(4, traceback, Tone::Faint);
        }
        self.labelled("hint", found.hint.as_deref(), Tone::Hint);
    }

    fn test(&mut self, test: &TestReport) {
        let (mark, tone) = match test.status {
            TestStatus::Passed => ("✓", Tone::Good),
            TestStatus::Skipped | TestStatus::NotRun => ("-", Tone::Faint),
            _ => ("✗", Tone::Bad),
        };
        let word = match test.status {
            TestStatus::Passed | TestStatus::Failed => "",
            TestStatus::Error => "  (error)",
            TestStatus::Timeout => "  (too slow)",
            TestStatus::MemoryLimit => "  (too much memory)",
            TestStatus::OutputLimit => "  (printed too much)",
            TestStatus::Skipped => "  (skipped)",
            TestStatus::NotRun => "  (not reached)",
        };
        let name = plain(&test.name);
        self.lines
            .push(format!("  {} {name}{word}", self.output.paint(tone, mark)));
        if test.status == TestStatus::Passed {
            return;
        }
        let parts = || test.subtests.iter().filter(|part| part.status != TestStatus::Passed);
        if !parts().any(|part| part.message == test.message) {
            self.block(6, &test.message, Tone::Strong);
        }
        for part in parts() {
            self.block(6, &format!("{}: {}", part.params, part.message), Tone::Strong);
        }
        self.labelled("expected", test.expected.as_deref(), Tone::Good);
        self.labelled("actual", test.actual.as_deref(), Tone::Bad);
        if let Some(traceback) = &test.traceback {
            self.block(6, traceback, Tone::Faint);
        }
        self.labelled("printed", Some(&test.output), Tone::Faint);
        self.labelled("hint", test.hint.as_deref(), Tone::Hint);
    }

    /// Lines behind a label; nothing where there is nothing to say.
    fn labelled(&mut self, label: &str, text: Option<&str>, tone: Tone) {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            return;
        };
        for (i, line) in plain(text).trim_end().lines().enumerate() {
            let label = if i == 0 { label } else { "" };
            self.lines
                .push(format!("      {label:8}  {}", self.output.paint(tone, line)));
        }
    }

    fn block(&mut self, indent: usize, text: &str, tone: Tone) {
        for line in plain(text).trim_end().lines() {
            self.lines
                .push(format!("{:indent$}{}", "", self.output.paint(tone, line)));
        }
    }
}
