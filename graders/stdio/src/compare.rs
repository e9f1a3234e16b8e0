//! Whether what was printed is what was expected, and where the two first differ.

use regex_lite::Regex;
use serde::Deserialize;
use similar::{ChangeTag, TextDiff};

/// How output is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The same text; only newlines at the very end do not count.
    #[default]
    Exact,
    /// The same words, whatever white space is between them.
    Tokens,
    /// As `tokens`, where numbers may differ by the tolerance, absolutely or relatively.
    Floats,
    /// The same lines in whatever order; white space at their ends and empty lines do not count.
    Unordered,
    /// A regular expression that matches all of it, but for newlines at the end.
    Regex,
}

/// Tells why the output is not as expected; nothing where it is.
///
/// # Errors
/// Where the expected text is no regular expression but should be one.
pub fn difference(how: Comparison, tolerance: f64, expected: &str, actual: &str) -> Result<Option<String>, String> {
    Ok(match how {
        Comparison::Exact => lines_differ(end(expected), end(actual)),
        Comparison::Tokens => tokens_differ(expected, actual, |left, right| left == right),
        Comparison::Floats => tokens_differ(expected, actual, |left, right| close(left, right, tolerance)),
        Comparison::Unordered => unordered_differ(expected, actual),
        Comparison::Regex => {
            let matches = compiled(expected)?.is_match(end(actual));
            (!matches).then(|| "the output does not have the expected form".to_owned())
        }
    })
}

/// The expected text as a regular expression that has to match everything.
///
/// # Errors
/// Where it is none.
pub fn compiled(expected: &str) -> Result<Regex, String> {
    Regex::new(&format!(r"\A(?s:{})\z", end(expected))).map_err(|error| error.to_string())
}

fn end(text: &str) -> &str {
    text.trim_end_matches(['\n', '\r'])
}

/// A text of the output as a message shows it.
fn shown(text: &str) -> String {
    const MOST: usize = 120;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

fn lines_differ(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    if actual.is_empty() {
        return Some("the program printed nothing".to_owned());
    }
    let (mut left, mut right) = (expected.lines(), actual.lines());
    for number in 1_usize.. {
        let message = match (left.next(), right.next()) {
            (None, None) => break,
            (Some(wanted), Some(got)) if wanted == got => continue,
            (Some(wanted), Some(got)) => {
                let hint = hint(wanted, got);
                format!(
                    "line {number}: printed {}, expected {}{hint}",
                    shown(got),
                    shown(wanted)
                )
            }
            (Some(wanted), None) => format!("line {number} is missing: expected {}", shown(wanted)),
            (None, Some(got)) => format!("line {number} is too much: printed {}", shown(got)),
        };
        return Some(with_diff(message, expected, actual));
    }
    Some("the lines end differently".to_owned())
}

/// What a learner looks for in vain: differences that are hard to see.
fn hint(wanted: &str, got: &str) -> &'static str {
    if wanted.trim_end() == got.trim_end() {
        " (white space at the end of the line differs)"
    } else if wanted.split_whitespace().eq(got.split_whitespace()) {
        " (only white space differs)"
    } else if wanted.eq_ignore_ascii_case(got) {
        " (only upper and lower case differ)"
    } else {
        ""
    }
}

/// Adds the lines around the differences, as `diff` shows them: `-` expected, `+` printed.
fn with_diff(message: String, expected: &str, actual: &str) -> String {
    const MOST_LINES: usize = 24;
    const MOST_BYTES: usize = 20_000;
    if expected.lines().count() < 2 || expected.len() + actual.len() > MOST_BYTES {
        return message;
    }
    let diff = TextDiff::from_lines(expected, actual);
    let (mut text, mut lines) = (message, 0);
    for group in diff.grouped_ops(2) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            if lines == MOST_LINES {
                text.push_str("\n…");
                return text;
            }
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            text.push('\n');
            text.push(sign);
            text.push_str(change.value().trim_end_matches('\n'));
            lines += 1;
        }
    }
    text
}

fn tokens_differ(expected: &str, actual: &str, same: impl Fn(&str, &str) -> bool) -> Option<String> {
    let (mut left, mut right) = (expected.split_whitespace(), actual.split_whitespace());
    for number in 1_usize.. {
        return Some(match (left.next(), right.next()) {
            (None, None) => return None,
            (Some(wanted), Some(got)) if same(wanted, got) => continue,
            (Some(wanted), Some(got)) => {
                format!("word {number}: printed {}, expected {}", shown(got), shown(wanted))
            }
            (Some(wanted), None) if number == 1 => {
                format!("the program printed nothing, expected {}", shown(wanted))
            }
            (Some(wanted), None) => format!("word {number} is missing: expected {}", shown(wanted)),
            (None, Some(got)) => format!("word {number} is too much: printed {}", shown(got)),
        });
    }
    None
}

fn close(wanted: &str, got: &str, tolerance: f64) -> bool {
    match (wanted.parse::<f64>(), got.parse::<f64>()) {
        (Ok(wanted), Ok(got)) if wanted.is_nan() || got.is_nan() => wanted.is_nan() && got.is_nan(),
        #[expect(clippy::float_cmp, reason = "infinities are close to themselves alone")]
        (Ok(wanted), Ok(got)) if wanted.is_infinite() || got.is_infinite() => wanted == got,
        (Ok(wanted), Ok(got)) => (wanted - got).abs() <= tolerance * wanted.abs().max(1.0),
        _ => wanted == got,
    }
}

fn unordered_differ(expected: &str, actual: &str) -> Option<String> {
    let lines = |text: &str| {
        let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let mut lines: Vec<String> = lines.map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let (mut wanted, mut got) = (
        lines(expected).into_iter().peekable(),
        lines(actual).into_iter().peekable(),
    );
    loop {
        match (wanted.peek(), got.peek()) {
            (None, None) => return None,
            (Some(left), Some(right)) if left == right => {
                wanted.next();
                got.next();
            }
            (Some(left), right) if right.is_none_or(|right| left < right) => {
                return Some(format!("a line is missing: expected {}", shown(left)));
            }
            (_, Some(right)) => return Some(format!("a line is too much: printed {}", shown(right))),
            (Some(_), None) => return None, // taken by the arm above
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(how: Comparison, expected: &str, actual: &str) -> bool {
        difference(how, 1e-6, expected, actual).unwrap().is_none()
    }

    #[test]
    fn exact_output_may_differ_in_newlines_at_the_end_alone() {
        assert!(same(Comparison::Exact, "a\nb\n", "a\nb"));
        assert!(!same(Comparison::Exact, "a\nb", "a\nb "));
        assert!(!same(Comparison::Exact, "a\nb", "a\n\nb"));
        let told = difference(Comparison::Exact, 0.0, "a\nb\n", "a\nB\n").unwrap().unwrap();
        assert!(
            told.starts_with("line 2: printed \"B\", expected \"b\" (only upper and lower case differ)"),
            "{told}"
        );
        assert!(told.contains("\n-b\n+B"), "{told}");
    }

    #[test]
    fn words_may_have_any_white_space_between_them() {
        assert!(same(Comparison::Tokens, "1 2\n3", "1\t2 3\n"));
        assert!(!same(Comparison::Tokens, "1 2", "12"));
        assert!(!same(Comparison::Tokens, "1 2", "1 2 3"));
    }

    #[test]
    fn numbers_may_differ_by_the_tolerance() {
        assert!(same(Comparison::Floats, "0.3 ok", "0.30000000000000004 ok"));
        assert!(same(Comparison::Floats, "1e9", "1000000100"));
        assert!(!same(Comparison::Floats, "0.3", "0.31"));
        assert!(!same(Comparison::Floats, "0.3", "nan"));
        assert!(!same(Comparison::Floats, "1", "inf"));
        assert!(same(Comparison::Floats, "nan inf", "NaN inf"));
    }

    #[test]
    fn unordered_lines_count_as_often_as_they_come() {
        assert!(same(Comparison::Unordered, "a\nb\na", "b\na \na\n\n"));
        assert!(!same(Comparison::Unordered, "a\nb", "a\nb\nb"));
        assert!(!same(Comparison::Unordered, "a\nb\nb", "a\nb"));
    }

    #[test]
    fn a_regular_expression_matches_all_of_the_output() {
        assert!(same(Comparison::Regex, r"took \d+ ms", "took 12 ms\n"));
        assert!(!same(Comparison::Regex, r"took \d+ ms", "it took 12 ms"));
        assert!(difference(Comparison::Regex, 0.0, "(", "").is_err());
    }
}
