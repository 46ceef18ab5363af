use std::borrow::Cow;
use std::fmt::Write as _;

/// Text from a spec that is safe on a terminal: nothing in it moves the cursor, colours, or turns the
/// direction of writing, or can't be seen.
///
/// Each such character gives way to one of the same length in UTF-8, so that byte offsets stay true.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_unsafe(c) || c == '\r') {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        // Alone, it would go back and let the rest of the line hide its beginning.
        let goes_back = c == '\r' && characters.peek() != Some(&'\n');
        cleaned.push(match c.len_utf8() {
            _ if !is_unsafe(c) && !goes_back => c,
            1 => '?',
            2 => '¿',
            _ => char::REPLACEMENT_CHARACTER,
        });
    }
    Cow::Owned(cleaned)
}

/// JSON in which everything can be seen, with the same values: what a terminal would obey can only stand in its
/// strings, and is escaped there.
pub fn clean_json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

fn is_unsafe(c: char) -> bool {
    let turns_direction = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    let has_no_width = matches!(c, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    turns_direction || has_no_width || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_json};

    #[test]
    fn replaces_what_a_terminal_would_obey_and_keeps_every_offset() {
        let hostile = "a\u{1b}[31mb\u{9b}c\u{202e}d\u{61c}e\u{200b}f\u{feff}";
        let shown = clean(hostile);
        assert_eq!(shown, "a?[31mb¿c\u{fffd}d¿e\u{fffd}f\u{fffd}");
        assert_eq!(shown.len(), hostile.len());
    }

    #[test]
    fn leaves_ordinary_text_alone() {
        let text = "Größe\t💇\r\nok";
        assert_eq!(clean(text), text);
    }

    #[test]
    fn a_line_does_not_go_back_over_itself() {
        assert_eq!(clean("fine\rerror\r\nx\r"), "fine?error\r\nx?");
    }

    #[test]
    fn data_keeps_its_values() {
        let text = "a\u{9b}b\u{202e}c\u{7f}d\u{1b}";
        let written = serde_json::to_string(text).unwrap();
        let cleaned = clean_json(&written);
        assert_eq!(cleaned, r#""a\u009bb\u202ec\u007fd\u001b""#);
        let read: String = serde_json::from_str(&cleaned).unwrap();
        assert_eq!(read, text);
    }
}
