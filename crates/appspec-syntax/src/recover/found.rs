//! How the text at a place is called in a message.

/// The token that begins at `offset`, as people see it.
pub(super) fn describe(text: &str, offset: usize) -> (String, usize) {
    let rest = text.get(offset..).unwrap_or("");
    let Some(first) = rest.chars().next() else {
        return ("the end of the file".to_owned(), 0);
    };
    if matches!(first, '\n' | '\r') {
        return ("the end of the line".to_owned(), 0);
    }
    if rest.starts_with("//") {
        return ("the end of the line".to_owned(), 0);
    }
    let length = length(rest, first);
    let token = rest.get(..length).unwrap_or("");
    if first.is_control() {
        return (
            format!("the control character U+{:04X}", u32::from(first)),
            length,
        );
    }
    let shown: String = token.chars().take(MOST_SHOWN).collect();
    let more = if shown.len() < token.len() { "…" } else { "" };
    (format!("`{shown}{more}`"), length)
}

const MOST_SHOWN: usize = 40;

fn length(rest: &str, first: char) -> usize {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    if is_word(first) {
        return rest.find(|it| !is_word(it)).unwrap_or(rest.len());
    }
    if first == '"' || first == '\'' {
        let line = rest.lines().next().unwrap_or("");
        let closing = line.char_indices().skip(1).find(|(_, it)| *it == first);
        return closing.map_or(line.len(), |(at, quote)| at + quote.len_utf8());
    }
    let two = [
        "==", "!=", "<=", ">=", "&&", "||", "..", "@@", "->", "=>", "::",
    ];
    match two.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(symbol) => symbol.len(),
        None => first.len_utf8(),
    }
}
