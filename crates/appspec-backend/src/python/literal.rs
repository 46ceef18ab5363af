//! Constants as Python writes them.

/// A string literal.
pub(crate) fn string(text: &str) -> String {
    crate::literal::python_string(text).0
}

/// Writes a string literal at the end of a text.
pub(crate) fn write_string(text: &str, out: &mut String) {
    crate::literal::write_python_string(text, out);
}

/// Cuts text into pieces whose literals are at most `width` columns wide, at blanks where there are some.
pub(crate) fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let Some(last) = pieces.last_mut() else { break };
        let longer = format!("{last}{word}");
        if last.is_empty() || super::layout::width(&string(&longer)) <= width {
            *last = longer;
        } else {
            pieces.push(word.to_owned());
        }
    }
    pieces
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
    fn integers_are_grouped() {
        assert_eq!(integer(1234), "1234");
        assert_eq!(integer(-2_147_483_648), "-2_147_483_648");
    }
}
