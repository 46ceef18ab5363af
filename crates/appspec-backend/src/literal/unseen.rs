//! Characters that a reader of a file does not see, and characters that change how a reader sees the others.

/// Whether nobody sees the character: it takes no place, or can't be told from a space.
///
/// These are the control and format characters of Unicode, what is ignored by default, and the spaces but for the plain one.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A character as a document shows it: what turns the direction of writing would also turn the words of others
/// around it, so it gives way to a sign that can be seen.
pub(crate) fn shown(character: char) -> char {
    match character {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_signs_and_their_marks_are_seen() {
        for character in [
            ' ', 'a', 'é', '\u{301}', '\u{5e9}', '字', '💇', '\u{ff1c}', '–',
        ] {
            assert!(!is_unseen(character), "{character:?}");
        }
        for character in [
            '\u{200b}',
            '\u{202e}',
            '\u{a0}',
            '\u{61c}',
            '\u{3164}',
            '\u{e0041}',
            '\u{1b}',
        ] {
            assert!(is_unseen(character), "{character:?}");
        }
    }
}
