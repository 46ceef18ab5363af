//! Texts that try to be something else: code of every language that a project is written in, and characters that
//! nobody sees. They are the same in every run.

mod spec;

pub use spec::{Entity, Spec};

use crate::random::Random;

/// What a token is put together from. Each piece means something to a language that text of a spec passes through.
const PIECES: &[&str] = &[
    // Ends of texts, in every notation.
    "'",
    "\"",
    "''",
    "\"\"",
    "'''",
    "\"\"\"",
    "`",
    "```",
    "\u{2019}",
    "\u{201d}",
    "\u{201c}",
    "\u{ab}",
    "$$",
    "$tag$",
    "E'",
    // Escapes, and what only looks like one.
    "\\",
    "\\\\",
    "\\'",
    "\\\"",
    "\\n",
    "\\x41",
    "\\u202e",
    "\\N{BULLET}",
    "\\U0001F600",
    "\\0",
    "\\ud800",
    "%0A",
    "&#10;",
    "\n",
    "\t",
    // Python.
    "{x}",
    "{0}",
    "{__class__}",
    "f\"{1}\"",
    "__import__('os').system('false')",
    "\n    raise SystemExit",
    "# type: ignore",
    "# noqa",
    "*args",
    // What fills values into texts.
    "%",
    "%%",
    "%s",
    "%(x)s",
    "%(name)s",
    "%d",
    "50%",
    "{}",
    // Templates.
    "{{ x }}",
    "{{ 7*7 }}",
    "{% raise %}",
    "{# #}",
    "{% endblock %}",
    "{{",
    "}}",
    "%}",
    // SQL.
    "'; DROP TABLE accounts_user; --",
    "--",
    "/*",
    "*/",
    "' OR '1'='1",
    ";",
    "?",
    ":x",
    "\\.",
    // Shells.
    "$(false)",
    "`false`",
    "${HOME}",
    "$HOME",
    "| sh",
    "&& false",
    "> /dev/null",
    "!!",
    "~",
    // HTML, XML, SVG.
    "<script>alert(1)</script>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "<iframe src=javascript:alert(1)>",
    "</textarea><svg onload=alert(1)>",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "&amp;",
    "&lt;b&gt;",
    "<",
    ">",
    "&",
    // Markdown.
    "|",
    "*b*",
    "__b__",
    "[a](javascript:alert(1))",
    "![a](x)",
    "[",
    "](",
    "# h",
    " #",
    "- i",
    "1. i",
    "===",
    "---",
    "@everyone",
    "<https://e.example>",
    "~~~",
    "    code",
    "\\|",
    // YAML and TOML.
    ": ",
    " #",
    "&a",
    "*a",
    "!!python/object/apply:os.system",
    "- ",
    "[table]",
    "= 1",
    // Workflow commands.
    "::error::x",
    "##[group]",
    // Regular expressions.
    "(?:",
    ".*+?^$()[]{}|",
    "\\d",
];

/// Characters that are not seen, turn the direction of writing, or are more than one to a reader.
const UNSEEN: &[&str] = &[
    "\u{202e}",
    "\u{202d}",
    "\u{202b}",
    "\u{2066}",
    "\u{2067}",
    "\u{2069}",
    "\u{200e}",
    "\u{200f}",
    "\u{61c}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{3000}",
    "\u{180e}",
    "\u{3164}",
    "\u{e0041}",
    "\u{fffe}",
    "\u{1fffe}",
];

/// Letters and signs of the world.
const LETTERS: &[&str] = &[
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    "\u{627}\u{644}\u{639}\u{631}\u{628}\u{64a}\u{629}",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "\u{1f1f5}\u{1f1f9}",
    "e\u{301}\u{323}",
    "Z\u{351}\u{36b}\u{343}\u{36a}",
    "\u{fb01}\u{130}\u{131}\u{df}",
    "\u{7f8e}\u{5bb9}",
    "\u{ff1c}script\u{ff1e}",
    "\u{1d400}",
    "\u{fffd}",
    "\u{10ffff}",
];

/// What only documentation and comments may hold: a text with one of these is refused.
pub const CONTROLS: &[&str] = &[
    "\0",
    "\u{1b}[31m",
    "\u{1b}]0;t\u{7}",
    "\u{8}",
    "\u{7f}",
    "\u{9b}31m",
    "\u{85}",
    "\u{c}",
];

/// Makes tokens, each with a number that no other one has.
#[derive(Debug)]
pub struct Tokens {
    random: Random,
    /// How many there are so far.
    pub count: usize,
    /// Whether they are the harmless twins: as long, and letters and digits throughout.
    pub tame: bool,
}

impl Tokens {
    /// The tokens of a seed, which is not 0.
    pub fn new(seed: u64, tame: bool) -> Self {
        Self {
            random: Random::new(seed),
            count: 0,
            tame,
        }
    }

    /// A text of at most so many characters, of which at least 40 are needed.
    pub fn text(&mut self, limit: usize) -> String {
        let raw = self.raw(limit, false);
        self.tamed(raw)
    }

    /// A text of one line.
    pub fn line(&mut self, limit: usize) -> String {
        let raw = self.raw(limit, false).replace('\n', " ");
        self.tamed(raw.trim().to_owned())
    }

    /// Documentation: lines of which some are empty, and that may hold any character at all.
    pub fn doc(&mut self) -> String {
        let lines: Vec<String> = (0..=self.random.below(3))
            .map(|_| {
                let line = self.raw(200, true).replace(['\n', '\r'], " ");
                // What stands around a line of documentation is not part of it.
                let line = line.trim();
                self.tamed(line.to_owned())
            })
            .collect();
        let between = ["\n", "\n\n"][self.random.below(2)];
        lines.join(between)
    }

    /// A number of those that are at least 0 and less than `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.random.below(limit)
    }

    fn raw(&mut self, limit: usize, with_controls: bool) -> String {
        self.count += 1;
        let number = format!("N{}n", self.count);
        let before = self.random.below(3);
        let after = 1 + self.random.below(3);
        let mut text = String::new();
        for place in 0..=before + after {
            let piece = if place == before {
                number.clone()
            } else {
                self.piece(with_controls)
            };
            if text.chars().count() + piece.chars().count() + number.len() < limit
                || place == before
            {
                text.push_str(&piece);
            }
        }
        // Very long ones are rare: they only have to break lines and limits.
        if self.random.below(60) == 0 {
            let room = limit - text.chars().count();
            text.extend(std::iter::repeat_n('\u{fc}', room));
        }
        text
    }

    fn piece(&mut self, with_controls: bool) -> String {
        match self.random.below(12) {
            0 | 1 => UNSEEN[self.random.below(UNSEEN.len())],
            2 => LETTERS[self.random.below(LETTERS.len())],
            3 => ["a", " ", "Z", "0"][self.random.below(4)],
            4 if with_controls => CONTROLS[self.random.below(CONTROLS.len())],
            _ => PIECES[self.random.below(PIECES.len())],
        }
        .to_owned()
    }

    fn tamed(&self, text: String) -> String {
        if !self.tame {
            return text;
        }
        let keep = |it: char| it.is_ascii_alphanumeric() || it == '\n';
        text.chars()
            .map(|it| if keep(it) { it } else { 'x' })
            .collect()
    }
}

/// A text as a spec writes it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for it in text.chars() {
        match it {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            // A plain tab may stand in a text as it is.
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A regular expression for this text alone.
pub fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    for it in text.chars() {
        match it {
            '\n' => pattern.push_str("\\n"),
            '\t' => pattern.push_str("\\t"),
            _ if it.is_ascii_punctuation() && !matches!(it, '<' | '>' | '_') => {
                pattern.extend(['\\', it]);
            }
            other => pattern.push(other),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_same_in_every_run_and_each_has_its_number() {
        let (mut one, mut other) = (Tokens::new(7, false), Tokens::new(7, false));
        for number in 1..500 {
            let text = one.text(80);
            assert_eq!(text, other.text(80));
            assert!(text.contains(&format!("N{number}n")), "{text:?}");
            assert!(text.chars().count() <= 80, "{text:?}");
        }
    }

    #[test]
    fn a_twin_is_as_long_and_harmless() {
        let (mut one, mut twin) = (Tokens::new(7, false), Tokens::new(7, true));
        for _ in 0..500 {
            let (hostile, tame) = (one.text(80), twin.text(80));
            assert_eq!(hostile.chars().count(), tame.chars().count());
            assert!(
                tame.chars()
                    .all(|it| it.is_ascii_alphanumeric() || it == '\n')
            );
        }
    }
}
