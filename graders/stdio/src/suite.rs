//! What the exercise asks for: `tests/stdio.toml`, and pairs of files `NAME.in` and `NAME.out`.

use super::Job;
use super::compare::{Comparison, compiled};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The exercise's settings and cases.
const FILE: &str = "stdio.toml";
/// Most cases of an exercise.
const MAX_CASES: usize = 2000;

/// What to run and what to expect.
pub struct Suite {
    /// The file to run.
    pub main: String,
    /// In the order of the report.
    pub cases: Vec<Case>,
    /// Points for several cases together.
    pub subtasks: Vec<Subtask>,
}

/// One run of the program.
pub struct Case {
    /// Its name in reports.
    pub name: String,
    /// The file below `tests/` that it is written in.
    pub file: String,
    /// The line there, from 1; 0 for pairs of files.
    pub line: u32,
    /// Points; none where it belongs to a subtask.
    pub points: f64,
    /// What follows the file's name in argv.
    pub args: Vec<String>,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// Expected on standard output.
    pub stdout: String,
    /// The exit code that a right program ends with.
    pub exit_code: i32,
    /// How output is compared.
    pub compare: Comparison,
    /// By how much numbers may differ.
    pub tolerance: f64,
    /// Files of `tests/` that the program finds beside its own.
    pub files: BTreeSet<String>,
    /// The subtask that it belongs to.
    pub subtask: Option<usize>,
}

/// Cases that earn points only together.
pub struct Subtask {
    /// Its name in reports.
    pub name: String,
    /// The line where it is written.
    pub line: u32,
    /// Points where all of its cases pass.
    pub points: f64,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Toml {
    main: Option<String>,
    #[serde(default)]
    compare: Comparison,
    tolerance: Option<f64>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default, rename = "case")]
    cases: Vec<toml::Spanned<CaseToml>>,
    #[serde(default, rename = "subtask")]
    subtasks: Vec<toml::Spanned<SubtaskToml>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseToml {
    name: String,
    #[serde(default)]
    args: Vec<String>,
    stdin: Option<String>,
    stdin_file: Option<String>,
    stdout: Option<String>,
    stdout_file: Option<String>,
    #[serde(default)]
    exit_code: i32,
    points: Option<f64>,
    compare: Option<Comparison>,
    tolerance: Option<f64>,
    #[serde(default)]
    files: Vec<String>,
    subtask: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubtaskToml {
    name: String,
    points: f64,
}

#[derive(Deserialize)]
struct Settings {
    #[serde(default)]
    submission_files: Vec<String>,
}

impl Suite {
    /// Understands the exercise.
    ///
    /// # Errors
    /// Says what is wrong, with file and line.
    pub fn read(job: &Job) -> Result<Self, String> {
        let tests: BTreeMap<&str, &[u8]> = job
            .tests
            .iter()
            .map(|file| (file.path.as_str(), file.content.as_slice()))
            .collect();
        let settings: Settings =
            serde_json::from_str(&job.settings).map_err(|error| format!("the job's settings: {error}"))?;
        let source = match tests.get(FILE) {
            Some(bytes) => {
                std::str::from_utf8(bytes).map_err(|_| format!("tests/{FILE}: the file is not UTF-8 text"))?
            }
            None => "",
        };
        let toml: Toml = toml::from_str(source).map_err(|error| {
            let line = error.span().map_or(0, |span| line_of(source, &span));
            format!("tests/{FILE}:{line}: {}", error.message())
        })?;
        let main = main(toml.main.as_deref(), &settings.submission_files)?;
        let reader = Reader {
            tests: &tests,
            source,
            toml: &toml,
        };
        let subtasks = reader.subtasks()?;
        let mut cases = Vec::new();
        for case in &toml.cases {
            cases.push(reader.case(case, &subtasks)?);
        }
        for (path, input) in &tests {
            let Some(name) = path.strip_suffix(".in") else { continue };
            let output = format!("{name}.out");
            let used = toml
                .cases
                .iter()
                .any(|case| case.get_ref().stdin_file.as_deref() == Some(*path));
            if used {
                continue;
            }
            if !tests.contains_key(output.as_str()) {
                return Err(format!("tests/{path}: there is no tests/{output} beside it"));
            }
            cases.push(reader.pair(name, path, input, &output)?);
        }
        check(&cases, &subtasks)?;
        Ok(Self { main, cases, subtasks })
    }
}

struct Reader<'a> {
    tests: &'a BTreeMap<&'a str, &'a [u8]>,
    source: &'a str,
    toml: &'a Toml,
}

impl Reader<'_> {
    fn subtasks(&self) -> Result<Vec<Subtask>, String> {
        let subtask = |spanned: &toml::Spanned<SubtaskToml>| {
            let (line, raw) = (line_of(self.source, &spanned.span()), spanned.get_ref());
            points(&format!("tests/{FILE}:{line}"), raw.points)?;
            Ok(Subtask {
                name: raw.name.clone(),
                line,
                points: raw.points,
            })
        };
        self.toml.subtasks.iter().map(subtask).collect()
    }

    fn case(&self, spanned: &toml::Spanned<CaseToml>, subtasks: &[Subtask]) -> Result<Case, String> {
        let (line, raw) = (line_of(self.source, &spanned.span()), spanned.get_ref());
        let place = format!("tests/{FILE}:{line}");
        let stdin = match (&raw.stdin, &raw.stdin_file) {
            (Some(_), Some(_)) => return Err(format!("{place}: use one of `stdin` and `stdin_file`")),
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(file)) => self.file(&place, file)?.to_vec(),
            (None, None) => Vec::new(),
        };
        let stdout = match (&raw.stdout, &raw.stdout_file) {
            (Some(text), None) => text.clone(),
            (None, Some(file)) => self.text(&place, file)?,
            _ => return Err(format!("{place}: say what is expected: `stdout` or `stdout_file`")),
        };
        let subtask = match &raw.subtask {
            None => None,
            Some(name) => {
                let found = subtasks.iter().position(|subtask| subtask.name == *name);
                Some(found.ok_or_else(|| format!("{place}: there is no [[subtask]] named {name:?}"))?)
            }
        };
        if subtask.is_some() && raw.points.is_some() {
            return Err(format!("{place}: the points are its subtask's; leave out `points`"));
        }
        let own = raw.points.unwrap_or(if subtask.is_some() { 0.0 } else { 1.0 });
        points(&place, own)?;
        let compare = raw.compare.unwrap_or(self.toml.compare);
        if compare == Comparison::Regex {
            compiled(&stdout)
                .map_err(|error| format!("{place}: the expected output is no regular expression: {error}"))?;
        }
        let mut files = BTreeSet::new();
        for file in raw.files.iter().chain(&self.toml.files) {
            self.file(&place, file)?;
            files.insert(file.clone());
        }
        Ok(Case {
            name: raw.name.clone(),
            file: FILE.to_owned(),
            line,
            points: own,
            args: raw.args.clone(),
            stdin,
            stdout,
            exit_code: raw.exit_code,
            compare,
            tolerance: self.tolerance(&place, raw.tolerance)?,
            files,
            subtask,
        })
    }

    fn pair(&self, name: &str, path: &str, input: &[u8], output: &str) -> Result<Case, String> {
        let place = format!("tests/{path}");
        Ok(Case {
            name: name.to_owned(),
            file: path.to_owned(),
            line: 0,
            points: 1.0,
            args: Vec::new(),
            stdin: input.to_vec(),
            stdout: self.text(&place, output)?,
            exit_code: 0,
            compare: self.toml.compare,
            tolerance: self.tolerance(&place, None)?,
            files: self.toml.files.iter().cloned().collect(),
            subtask: None,
        })
    }

    fn tolerance(&self, place: &str, own: Option<f64>) -> Result<f64, String> {
        let tolerance = own.or(self.toml.tolerance).unwrap_or(1e-6);
        let good = (0.0..=1.0).contains(&tolerance);
        good.then_some(tolerance)
            .ok_or_else(|| format!("{place}: `tolerance`: expected 0 to 1, got {tolerance}"))
    }

    fn file(&self, place: &str, name: &str) -> Result<&[u8], String> {
        let found = self.tests.get(name);
        found
            .copied()
            .ok_or_else(|| format!("{place}: there is no file tests/{name}"))
    }

    fn text(&self, place: &str, name: &str) -> Result<String, String> {
        let bytes = self.file(place, name)?.to_vec();
        String::from_utf8(bytes).map_err(|_| format!("{place}: tests/{name} is not UTF-8 text"))
    }
}

fn main(named: Option<&str>, submission: &[String]) -> Result<String, String> {
    let plain = |file: &&String| !file.contains(['*', '?']);
    if let Some(main) = named {
        return Ok(main.to_owned());
    }
    match submission.iter().filter(plain).collect::<Vec<_>>().as_slice() {
        [only] => Ok((*only).clone()),
        files if files.iter().any(|file| *file == "main.py") => Ok("main.py".to_owned()),
        // An exercise without files: whoever asks only wants to know whether this grader works.
        [] if submission.is_empty() => Ok("main.py".to_owned()),
        _ => Err(format!(
            "tests/{FILE}: `main` is needed: learners hand in several files, and none is main.py"
        )),
    }
}

fn points(place: &str, points: f64) -> Result<(), String> {
    let good = (0.0..=1e6).contains(&points);
    good.then_some(())
        .ok_or_else(|| format!("{place}: `points`: expected 0 to 1000000, got {points}"))
}

fn check(cases: &[Case], subtasks: &[Subtask]) -> Result<(), String> {
    if cases.is_empty() {
        return Err(format!(
            "tests/: there are no cases; write [[case]] in tests/{FILE}, or files NAME.in and NAME.out"
        ));
    }
    if cases.len() > MAX_CASES {
        return Err(format!("tests/: {} cases; at most {MAX_CASES} are run", cases.len()));
    }
    let mut names = BTreeSet::new();
    let all = cases
        .iter()
        .map(|case| (&case.name, case.line))
        .chain(subtasks.iter().map(|s| (&s.name, s.line)));
    for (name, line) in all {
        if name.trim().is_empty() || !names.insert(name) {
            return Err(format!(
                "tests/{FILE}:{line}: a name is not empty and stands for one case or subtask: {name:?}"
            ));
        }
    }
    for (number, subtask) in subtasks.iter().enumerate() {
        if cases.iter().all(|case| case.subtask != Some(number)) {
            return Err(format!(
                "tests/{FILE}:{}: no case belongs to the subtask {:?}",
                subtask.line, subtask.name
            ));
        }
    }
    Ok(())
}

fn line_of(text: &str, span: &Range<usize>) -> u32 {
    let before = text.get(..span.start.min(text.len())).unwrap_or_default();
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}
