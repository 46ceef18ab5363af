//! The parts of a line of another language: words, calls, marks with `@`, texts, signs.

/// One part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// A name or a number.
    Word(&'t str),
    /// A name and what stands in the brackets behind it.
    Call(&'t str, &'t str),
    /// `@name`, with what stands in its brackets.
    Mark(&'t str, Option<&'t str>),
    /// A text, with its quotes.
    Quoted(&'t str),
    Sign(&'t str),
}

/// The first part, and what follows it and its blanks.
pub(super) fn next(text: &str) -> Option<(Part<'_>, &str)> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    let cut = |at: usize| text.split_at_checked(at).unwrap_or((text, ""));
    if first == '@' {
        let (name, rest) = path(text.get(1..)?);
        let (arguments, rest) = match group(rest) {
            Some((inside, rest)) => (Some(inside), rest),
            None => (None, rest),
        };
        return Some((Part::Mark(name, arguments), rest.trim_start()));
    }
    if matches!(first, '\'' | '"' | '`') {
        let (quoted, rest) = cut(quoted(text));
        return Some((Part::Quoted(quoted), rest.trim_start()));
    }
    if is_word(first) {
        let (word, rest) = path(text);
        let behind = rest.trim_start_matches([' ', '\t']);
        return Some(match group(behind) {
            Some((inside, rest)) => (Part::Call(word, inside), rest.trim_start()),
            None => (Part::Word(word), rest.trim_start()),
        });
    }
    let (sign, rest) = cut(first.len_utf8());
    Some((Part::Sign(sign), rest.trim_start()))
}

/// Every part of a line.
pub(super) fn all(mut text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    while let Some((part, rest)) = next(text) {
        parts.push(part);
        text = rest;
    }
    parts
}

/// A name with dots at the start, which is empty where another character stands, and what follows it.
pub(super) fn path(text: &str) -> (&str, &str) {
    let end = text.find(|it: char| !is_word(it) && it != '.');
    text.split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or((text, ""))
}

fn is_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// What stands in the round brackets at the start, and what follows them.
pub(super) fn group(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('(')?;
    // The brackets of a regular expression are its own.
    let end = if inner.starts_with('/') {
        inner.find("/)")? + 1
    } else {
        end_of_group(inner)?
    };
    Some((inner.get(..end)?.trim(), inner.get(end + 1..)?))
}

fn end_of_group(inner: &str) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        let rest = inner.get(at..)?;
        let it = rest.chars().next()?;
        match it {
            '\'' | '"' | '`' => {
                at += quoted(rest);
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ')' => return Some(at),
            _ => {}
        }
        at += it.len_utf8();
    }
}

/// How long the text in quotes at the start is; it ends on its line.
pub(super) fn quoted(text: &str) -> usize {
    let quote = text.chars().next();
    let mut escaped = false;
    for (at, it) in text.char_indices().skip(1) {
        if it == '\n' || it == '\r' {
            return at;
        }
        if Some(it) == quote && !escaped {
            return at + it.len_utf8();
        }
        escaped = it == '\\' && !escaped;
    }
    text.len()
}

/// The pieces between commas that stand in no brackets.
pub(super) fn arguments(text: &str) -> Vec<&str> {
    let (mut pieces, mut depth, mut start, mut at) = (Vec::new(), 0_usize, 0, 0);
    while let Some(rest) = text.get(at..)
        && let Some(it) = rest.chars().next()
    {
        match it {
            '\'' | '"' | '`' => {
                at += quoted(rest).max(1);
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                pieces.push(text.get(start..at).unwrap_or("").trim());
                start = at + 1;
            }
            _ => {}
        }
        at += it.len_utf8();
    }
    let last = text.get(start..).unwrap_or("").trim();
    if !last.is_empty() {
        pieces.push(last);
    }
    pieces
}

/// A line without the remark at its end, and without blanks there.
pub(super) fn without_remark(line: &str) -> &str {
    let mut at = 0;
    while let Some(rest) = line.get(at..)
        && let Some(it) = rest.chars().next()
    {
        let is_apart = at == 0
            || line
                .get(..at)
                .is_some_and(|it| it.ends_with([' ', '\t', ',', ';']));
        if rest.starts_with("//") && !line.get(..at).is_some_and(|it| it.ends_with(['(', ':']))
            || is_apart && (rest.starts_with("--") || it == '#')
        {
            return line.get(..at).unwrap_or("").trim_end();
        }
        at += match it {
            '\'' | '"' | '`' => quoted(rest),
            _ => it.len_utf8(),
        };
    }
    line.trim_end()
}

/// The text between quotes, if nothing in it needs them.
pub(super) fn unquoted(text: &str) -> Option<&str> {
    let quote = text
        .chars()
        .next()
        .filter(|it| matches!(it, '\'' | '"' | '`'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(['"', '\'', '\\', '`'])).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::{Part, all, arguments, without_remark};

    #[test]
    fn a_line_is_taken_apart() {
        assert_eq!(
            all("role Role? @default(USER) pattern(/^(a|b)$/) check (a > ')')"),
            [
                Part::Word("role"),
                Part::Word("Role"),
                Part::Sign("?"),
                Part::Mark("default", Some("USER")),
                Part::Call("pattern", "/^(a|b)$/"),
                Part::Call("check", "a > ')'"),
            ]
        );
        assert_eq!(
            all("a(b"),
            [Part::Word("a"), Part::Sign("("), Part::Word("b")]
        );
        assert_eq!(
            arguments("fields: [a, b], x: f(1, 2),"),
            ["fields: [a, b]", "x: f(1, 2)"]
        );
    }

    #[test]
    fn a_remark_is_no_part() {
        assert_eq!(without_remark("a int -- why"), "a int");
        assert_eq!(without_remark("a int, # why"), "a int,");
        assert_eq!(
            without_remark("a text default '--' // why"),
            "a text default '--'"
        );
        assert_eq!(without_remark("'open"), "'open");
    }
}
