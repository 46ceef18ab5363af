use appspec_diagnostics::codes::syntax;

use crate::ast::Text;
use crate::grammar::{Pair, Rule};

use super::Context;

/// A string literal with its escapes resolved; an escape that does not exist is reported.
pub(super) fn text(cx: &mut Context<'_>, pair: &Pair<'_>) -> Text {
    let span = cx.token(pair);
    let raw = pair.as_str();
    let value = if pair.as_rule() == Rule::raw_text {
        raw.strip_prefix("r\"")
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or("")
            .to_owned()
    } else {
        let inner = raw
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or("");
        unescape(cx, inner, pair.as_span().start() + 1)
    };
    if let Some((at, character)) = value
        .char_indices()
        .find(|(_, it)| it.is_control() && !matches!(it, '\n' | '\t'))
    {
        let _ = at;
        cx.error(
            &syntax::BAD_TEXT,
            span,
            format!(
                "a text can't hold the control character U+{:04X}",
                u32::from(character)
            ),
            "invisible and refused by the database",
            "remove the character, or write `\\n` or `\\t` for a newline or a tab",
        );
    }
    Text { value, span }
}

/// The text behind a keyword: `message "…"`, `stored as "…"`.
pub(super) fn text_in(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Text> {
    let mut children = pair.into_inner();
    let found = children.find(|child| child.as_rule() == Rule::text)?;
    Some(text(cx, &found))
}

fn unescape(cx: &mut Context<'_>, inner: &str, base: usize) -> String {
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    let mut value = String::with_capacity(inner.len());
    let mut characters = inner.char_indices();
    while let Some((offset, character)) = characters.next() {
        if character != '\\' {
            value.push(character);
            continue;
        }
        match characters.next() {
            Some((_, 'n')) => value.push('\n'),
            Some((_, 't')) => value.push('\t'),
            Some((_, same @ ('"' | '\\'))) => value.push(same),
            Some((_, other)) => {
                let at = cx.range(base + offset, base + offset + 1 + other.len_utf8());
                cx.error(
                    &syntax::BAD_TEXT,
                    at,
                    format!("`\\{other}` is no escape of a text"),
                    "unknown escape",
                    "write `\\\\` for a backslash; the escapes are `\\n`, `\\t`, `\\\"` and `\\\\`, and a raw text `r\"…\"` has none",
                );
            }
            None => {}
        }
    }
    value
}
