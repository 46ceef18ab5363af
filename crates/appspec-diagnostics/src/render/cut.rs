use std::borrow::Cow;

/// What people read of a word that is longer.
const LONGEST_WORD: usize = 80;

/// What they read of all that stands in backticks.
const LONGEST_QUOTE: usize = 160;

/// A message without the endless texts that a spec can have: a reader knows a name or a condition by its beginning.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    cut_at(text, LONGEST_WORD, LONGEST_QUOTE)
}

/// The same for help, whose text is there to be copied: longer stretches stay whole.
pub(super) fn cut_help(text: &str) -> Cow<'_, str> {
    cut_at(text, 3 * LONGEST_WORD, 3 * LONGEST_QUOTE)
}

fn cut_at(text: &str, longest_word: usize, longest_quote: usize) -> Cow<'_, str> {
    if text.len() <= longest_word {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(4 * longest_quote));
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        let part = words(part, longest_word);
        let is_quote = index % 2 == 1;
        match part.char_indices().nth(longest_quote) {
            Some((end, _)) if is_quote => {
                out.push_str(part.get(..end).unwrap_or_default().trim_end());
                out.push('…');
            }
            _ => out.push_str(&part),
        }
    }
    Cow::Owned(out)
}

fn words(text: &str, longest: usize) -> Cow<'_, str> {
    if text.len() <= longest {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        match bare.char_indices().nth(longest) {
            Some((end, _)) => {
                out.push_str(bare.get(..end).unwrap_or_default());
                out.push('…');
                out.push_str(word.get(bare.len()..).unwrap_or_default());
            }
            None => out.push_str(word),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{cut, cut_help};

    #[test]
    fn what_is_short_stays() {
        let text = "`ends_at` is behind `starts_at`, and nothing else is to be said of it, however long that takes";
        assert_eq!(cut(text), text);
        let name = format!("the column `{}` has 63 characters", "a".repeat(63));
        assert_eq!(cut(&name), name);
    }

    #[test]
    fn a_long_name_and_a_long_text_are_known_by_their_beginning() {
        let message = format!("`A` has no `{}`", "ä".repeat(100_000));
        assert_eq!(cut(&message), format!("`A` has no `{}…`", "ä".repeat(80)));
        let condition = format!("`note == \"{}\"` is never true", "one ".repeat(10_000));
        assert_eq!(
            cut(&condition),
            format!("`note == \"{}one…` is never true", "one ".repeat(37))
        );
    }

    #[test]
    fn help_keeps_what_is_to_be_copied() {
        let help = format!("write `{}`", "a".repeat(200));
        assert_eq!(cut_help(&help), help);
        let help = format!("write `{}`", "a".repeat(2_000));
        assert_eq!(cut_help(&help), format!("write `{}…`", "a".repeat(240)));
    }
}
