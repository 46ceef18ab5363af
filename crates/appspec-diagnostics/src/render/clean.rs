use std::borrow::Cow;

/// Text from a spec that is safe on a terminal: nothing in it moves the cursor, colours, or turns the
/// direction of writing, or can't be seen.
///
/// Each such character gives way to one of the same length in UTF-8, so that byte offsets stay true.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| match (is_unsafe(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 2) => '¿',
        (true, _) => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(replace).collect())
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
    use super::clean;

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
}
