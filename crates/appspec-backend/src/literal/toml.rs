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
            control if control.is_control() => {
                out.push_str(&format!("\\u{:04X}", u32::from(control)))
            }
            other => out.push(other),
        }
    }
    out.push('"');
    Safe(out)
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
