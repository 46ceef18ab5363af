//! Constants as Python writes them.

/// A string literal.
pub(crate) fn string(text: &str) -> String {
    crate::literal::python_string(text).0
}

/// Writes a string literal at the end of a text.
pub(crate) fn write_string(text: &str, out: &mut String) {
    crate::literal::write_python_string(text, out);
}

/// Cuts text into pieces whose literals are at most `width` columns wide, at blanks where there are some, and words that
/// are longer than that anywhere.
pub(crate) fn pieces(text: &str, width: usize) -> Vec<String> {
    let fits = |text: &str| super::layout::width(&string(text)) <= width;
    let mut pieces = vec![String::new()];
    for word in text.split_inclusive(' ') {
        if fits(word) {
            append(word, &mut pieces, fits);
        } else {
            for character in word.chars() {
                append(character.encode_utf8(&mut [0; 4]), &mut pieces, fits);
            }
        }
    }
    pieces
}

/// Puts a part behind the last piece, or begins another one where that would be too long.
fn append(part: &str, pieces: &mut Vec<String>, fits: impl Fn(&str) -> bool) {
    let Some(last) = pieces.last_mut() else {
        return;
    };
    let longer = format!("{last}{part}");
    if last.is_empty() || fits(&longer) {
        *last = longer;
    } else {
        pieces.push(part.to_owned());
    }
}

/// A whole number; long ones are grouped by underscores.
pub(crate) fn integer(number: i128) -> String {
    // Nearly all are small, and those are printed much faster as such.
    if let Ok(small @ -9_999..=9_999) = i16::try_from(number) {
        return small.to_string();
    }
    let digits = number.unsigned_abs().to_string();
    let sign = if number < 0 { "-" } else { "" };
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_at_blanks_and_long_words_anywhere() {
        assert_eq!(pieces("one two three", 10), ["one two ", "three"]);
        assert_eq!(
            pieces("one fourteenwords", 9),
            ["one fou", "rteenwo", "rds"]
        );
        // An escape is never cut in two.
        assert_eq!(pieces("ab\n\n\n", 6), ["ab\n", "\n\n"]);
        assert_eq!(pieces("abc", 0), ["a", "b", "c"]);
    }

    #[test]
    fn integers_are_grouped() {
        assert_eq!(integer(1234), "1234");
        assert_eq!(integer(-2_147_483_648), "-2_147_483_648");
    }
}
