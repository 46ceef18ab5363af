use std::fmt::Write as _;

use askama::filters::Safe;

use super::unseen::is_unseen;
use super::{Written, double_quoted};

/// A TOML basic string, quotes included.
pub fn toml_string(text: &str) -> Written {
    Safe(double_quoted(text, |character, out| {
        if is_unseen(character) {
            escape(character, out);
        } else {
            out.push(character);
        }
    }))
}

fn escape(unseen: char, out: &mut String) {
    // Writing to a string can't fail.
    let _ = match u32::from(unseen) {
        code @ 0..=0xffff => write!(out, "\\u{code:04X}"),
        code => write!(out, "\\U{code:08X}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_backslashes_and_controls_are_escaped() {
        assert_eq!(toml_string("a\"b\\c\nd\u{7f}").0, r#""a\"b\\c\nd\u007F""#);
        assert_eq!(toml_string("\"\"\"Salão").0, r#""\"\"\"Salão""#);
        assert_eq!(
            toml_string("a\u{202e}b\u{e0041}").0,
            r#""a\u202Eb\U000E0041""#
        );
    }
}
