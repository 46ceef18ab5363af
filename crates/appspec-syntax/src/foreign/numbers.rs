//! `1_000`: other languages put signs between the digits of a number.

use super::lines::Answer;

/// Answers a number with underscores at the beginning of a text.
pub(super) fn grouped(text: &str) -> Option<Answer> {
    let is_number = |it: char| it.is_ascii_digit() || matches!(it, '_' | '.');
    let end = text.find(|it| !is_number(it)).unwrap_or(text.len());
    // `1_000..2_000`, and the end of a sentence.
    let (whole, _) = text
        .get(..end)?
        .split_once("..")
        .unwrap_or((text.get(..end)?, ""));
    let written = whole.trim_end_matches('.');
    let behind = text.get(written.len()..)?.chars().next();
    let plain = written.replace('_', "");
    let is_grouped = written.split(['_', '.']).all(|it| !it.is_empty()) && written.contains('_');
    let ends = behind.is_none_or(|it| !it.is_alphanumeric());
    (is_grouped && ends && super::values::is_number(&plain)).then(|| Answer {
        length: written.len(),
        meant: format!("`{plain}`, without underscores"),
        help: None,
        edit: Some(plain),
    })
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_in_groups_are_one_number() {
        let plain = |text: &str| grouped(text).and_then(|it| it.edit);
        assert_eq!(plain("1_000").as_deref(), Some("1000"));
        assert_eq!(plain("1_000_000.50 and a").as_deref(), Some("1000000.50"));
        assert_eq!(plain("1_000..2_000").as_deref(), Some("1000"));
        for text in [
            "1000",
            "1__000",
            "_1",
            "1_",
            "1_000s",
            "1_a",
            "1_0.0_0.1",
            "",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
