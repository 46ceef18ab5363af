use std::fmt::Write as _;

use askama::filters::Safe;

use super::unseen::is_unseen;
use super::{Written, double_quoted};

/// A JSON string, quotes included. Also safe inside an HTML `script`.
pub fn json_string(text: &str) -> Written {
    Safe(double_quoted(text, |character, out| {
        if matches!(character, '<' | '>' | '&') || is_unseen(character) {
            escape(character, out);
        } else {
            out.push(character);
        }
    }))
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
