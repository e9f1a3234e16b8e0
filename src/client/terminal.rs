//! Where words go: colours and bars on a terminal, plain lines elsewhere, one JSON document for machines.
//!
//! Text that a learner's program printed is never sent to a terminal as it is: it could move the cursor, rename the
//! window or hide what stands beside it.

use indicatif::{ProgressBar, ProgressStyle};
use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// How this run of the command talks.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// One JSON document on standard output, nothing else.
    pub json: bool,
    colour: bool,
}

/// What a piece of text means; a terminal shows it as a colour.
#[derive(Clone, Copy, Debug)]
pub enum Tone {
    /// It went well.
    Good,
    /// It did not.
    Bad,
    /// Help for the reader.
    Hint,
    /// Less important than what stands around it.
    Faint,
    /// A heading.
    Strong,
}

impl Output {
    /// Colours where standard output is a terminal and `NO_COLOR` is unset.
    #[must_use]
    pub fn new(json: bool) -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            json,
            colour: !json && !no_colour && std::io::stdout().is_terminal(),
        }
    }

    /// Without colours, whatever standard output is.
    #[must_use]
    pub const fn without_colour() -> Self {
        Self {
            json: false,
            colour: false,
        }
    }

    /// The text in the tone's colour, where colours are shown.
    #[must_use]
    pub fn paint<'a>(&self, tone: Tone, text: &'a str) -> Cow<'a, str> {
        if !self.colour {
            return Cow::Borrowed(text);
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Hint => "36",
            Tone::Faint => "2",
            Tone::Strong => "1",
        };
        Cow::Owned(format!("\x1b[{code}m{text}\x1b[0m"))
    }

    /// Prints text for people. A reader that went away (`| head`) is not an error.
    pub fn say(&self, text: &str) {
        if !self.json {
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }

    /// Prints the one document for machines.
    pub fn document(&self, document: &serde_json::Value) {
        if self.json {
            let _ = writeln!(std::io::stdout(), "{document:#}");
        }
    }

    /// A bar on standard error over a known number of steps; unseen where that is no terminal.
    #[must_use]
    pub fn bar(&self, steps: usize, doing: &'static str) -> ProgressBar {
        if self.json || steps < 2 {
            return self.spinner(doing);
        }
        let bar = ProgressBar::new(steps as u64).with_message(doing);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{bar:30}] {pos}/{len} {elapsed}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    /// A spinner on standard error; unseen where that is no terminal.
    #[must_use]
    pub fn spinner(&self, doing: &'static str) -> ProgressBar {
        if self.json {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(doing);
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}

/// The text with everything that a terminal could obey written out: control characters other than line breaks and
/// tabs, and the marks that reverse the direction of writing.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.chars().any(obeyed) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\r' => out.push_str("\\r"),
            c if obeyed(c) && u32::from(c) < 0x100 => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if obeyed(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_never_gets_control_characters_from_a_program() {
        assert_eq!(plain("\x1b]0;owned\x07\x1b[2J"), "\\x1b]0;owned\\x07\\x1b[2J");
        assert_eq!(plain("a\rb\u{9b}31m\u{202e}"), "a\\rb\\x9b31m\\u202e");
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        assert_eq!(
            plain("two\nlines\tand a tab, größer als 3 ✓"),
            "two\nlines\tand a tab, größer als 3 ✓"
        );
    }
}
