use std::fmt::Write as _;

use askama::filters::Safe;

use super::{Written, double_quoted};

/// A TOML basic string, quotes included.
pub fn toml_string(text: &str) -> Written {
    Safe(double_quoted(text, |character, out| {
        if character.is_control() {
            escape(character, out);
        } else {
            out.push(character);
        }
    }))
}

fn escape(control: char, out: &mut String) {
    // Writing to a string can't fail.
    let _ = write!(out, "\\u{:04X}", u32::from(control));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_backslashes_and_controls_are_escaped() {
        assert_eq!(toml_string("a\"b\\c\nd\u{7f}").0, r#""a\"b\\c\nd\u007F""#);
        assert_eq!(toml_string("\"\"\"Salão").0, r#""\"\"\"Salão""#);
    }
}
