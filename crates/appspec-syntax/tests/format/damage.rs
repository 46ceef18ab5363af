//! Specs with bytes deleted, inserted and copied, always from the same seed: whatever they have
//! become, no byte of it is lost, and a second formatting changes nothing.

use appspec_diagnostics::{Diagnostics, FileId};
use appspec_syntax::{FormatError, format, parse};

use crate::random::Random;
use crate::specs::{all, comments, tree};

#[test]
fn nothing_is_lost_of_what_cant_be_read() {
    let mut random = Random(0x5eed);
    let (mut tried, mut changed) = (0, 0);
    for spec in all() {
        if spec.text.len() > 3000 {
            continue;
        }
        for _ in 0..2 {
            let text = random.damage(&spec.text);
            let once = match format(&text) {
                Ok(formatted) => formatted.text,
                Err(FormatError::Unreadable(_)) => continue,
                Err(error) => panic!("{}: {error:?}\n{text}", spec.name),
            };
            let twice = format(&once).map(|it| it.text);
            assert_eq!(twice.ok().as_ref(), Some(&once), "{}\n{text}", spec.name);
            assert_eq!(
                tree(&once),
                tree(&text),
                "{}\n{text}\n---\n{once}",
                spec.name
            );
            assert_eq!(comments(&once), comments(&text), "{}\n{text}", spec.name);
            assert_eq!(
                bytes(&once),
                bytes(&text),
                "{}\n{text}\n---\n{once}",
                spec.name
            );
            tried += 1;
            changed += usize::from(once != text && !is_right(&text));
        }
    }
    assert!(tried > 500, "{tried} texts");
    assert!(
        changed > 200,
        "{changed} texts with mistakes were formatted"
    );
}

/// Every byte but blanks, line ends and commas, sorted: clauses may change their places.
fn bytes(text: &str) -> Vec<u8> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut bytes = text.as_bytes().to_vec();
    bytes.retain(|byte| !b" \t\r\n,".contains(byte));
    bytes.sort_unstable();
    bytes
}

fn is_right(text: &str) -> bool {
    let mut found = Diagnostics::new();
    let _ = parse(FileId(0), text, &mut found);
    found.is_empty()
}

impl Random {
    /// Deletes, inserts and copies a few pieces, then makes a text of what is left.
    fn damage(&mut self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            match self.below(3) {
                0 => {
                    let end = (at + 1 + self.below(8)).min(bytes.len());
                    bytes.drain(at.min(end)..end);
                }
                1 => {
                    let piece = self.pick(PIECES);
                    bytes.splice(at..at, piece.bytes());
                }
                _ => {
                    let end = (at + self.below(40)).min(bytes.len());
                    let copy = bytes.get(at..end).unwrap_or_default().to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, copy);
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    "r\"",
    "//",
    "///",
    "/*",
    "*/",
    "\n",
    "\r",
    "\0",
    ":",
    "=",
    "==",
    "..",
    ",",
    ".",
    "?",
    "-",
    "in",
    "not ",
    "is set",
    "and ",
    "entity ",
    "enum E {",
    "\nrole ",
    "\nentity X {\n",
    "all(",
    "é",
    "\u{FEFF}",
    "@",
    "5MB",
    "on delete ",
];
