use std::fmt::Write as _;

use askama::filters::Safe;

use super::Written;

/// A TOML basic string, quotes included.
pub fn toml_string(text: &str) -> Written {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => escape(control, &mut out),
            other => out.push(other),
        }
    }
    out.push('"');
    Safe(out)
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
