//! Words at the start of a piece of text.

/// The word at the start, which is empty where another character stands, and what follows it.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_');
    text.split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or((text, ""))
}
