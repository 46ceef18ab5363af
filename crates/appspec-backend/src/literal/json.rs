use std::fmt::Write as _;

use askama::filters::Safe;

use super::Written;

/// A JSON string, quotes included. Also safe inside an HTML `script`.
pub fn json_string(text: &str) -> Written {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                escape(character, &mut out);
            }
            control if control.is_control() => escape(control, &mut out),
            other => out.push(other),
        }
    }
    out.push('"');
    Safe(out)
}

fn escape(character: char, out: &mut String) {
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_reads_back_as_itself() {
        for text in [
            "",
            "Salon",
            "a\"b\\c\n\r\t\u{0}\u{7f}",
            "</script>{{ x }}",
            "'''\"\"\"",
            "Salão – 美容 😀\u{2028}",
        ] {
            let read: String = serde_json::from_str(&json_string(text).0).unwrap();
            assert_eq!(read, text);
        }
    }

    #[test]
    fn nothing_can_end_a_script() {
        assert_eq!(json_string("</script>").0, r#""\u003c/script\u003e""#);
    }
}
