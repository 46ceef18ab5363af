//! What other tools type for us: curly quotes, dates of a country, a choice of texts as a type, a text as the name of a rule.

use std::ops::Range;

use super::names;
use super::phrases::Phrase;
use super::{is_member, one_of, several, shortened};

/// Answers a line that could be read up to `at`.
pub(crate) fn typed(line: &str, at: usize) -> Option<Phrase> {
    quotes(line, at)
        .or_else(|| date(line, at))
        .or_else(|| one_of::phrase(line, at))
        .or_else(|| choice(line, at))
        .or_else(|| named(line, at))
        .or_else(|| several::phrase(line, at))
}

/// `“text”`, `‘text’`, `„text“`, `«text»`: what a word processor makes of quotes.
fn quotes(line: &str, at: usize) -> Option<Phrase> {
    let behind = line.get(at..)?;
    let first = behind.chars().next()?;
    let ends: &[char] = match first {
        '“' | '”' | '„' | '‟' => &['”', '“', '"', '‟'],
        '‘' | '’' | '‚' => &['’', '‘', '\''],
        '«' => &['»'],
        '»' => &['«'],
        _ => return None,
    };
    let inside = behind.get(first.len_utf8()..)?.lines().next()?;
    let end = inside.find(ends)?;
    let (text, rest) = inside.split_at_checked(end)?;
    let closing = rest.chars().next()?.len_utf8();
    let meant = format!("\"{text}\"");
    let is_plain = !text.contains(['"', '\\']);
    Some(Phrase {
        place: at..at + first.len_utf8() + end + closing,
        meant: "a text in straight double quotes".to_owned(),
        help: if is_plain {
            format!("write `{}`", shortened(&meant))
        } else {
            "write straight double quotes, `\"`".to_owned()
        },
        edit: is_plain.then_some(meant),
    })
}

/// `01.02.2026`: with points, the day comes first everywhere.
fn date(line: &str, at: usize) -> Option<Phrase> {
    let is_part = |it: char| it.is_ascii_digit() || it == '.';
    let start = line.get(..at)?.trim_end_matches(is_part).len();
    let rest = line.get(start..)?;
    let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
    let written = rest.get(..end)?;
    let mut parts = written.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none_or(str::is_empty);
    let number = |text: &str, most: u32| {
        let number = text.parse().ok().filter(|it| (1..=most).contains(it))?;
        (text.len() <= 2).then_some(number)
    };
    let (day, month): (u32, u32) = (number(day, 31)?, number(month, 12)?);
    (whole && year.len() == 4).then_some(())?;
    let ours = format!("{year}-{month:02}-{day:02}");
    let written = written.trim_end_matches('.');
    Some(Phrase {
        place: start..start + written.len(),
        meant: format!("`{ours}`"),
        help: format!("write `{ours}`: the year, the month, the day"),
        edit: Some(ours),
    })
}

/// `kind: "a" | "b"`, `kind: enum(a, b)`, `kind: enum { a, b }`: a choice where a type stands.
fn choice(line: &str, at: usize) -> Option<Phrase> {
    let (name, behind) = line.split_once(':')?;
    let field = names::plain(name.trim())?;
    let blanks = behind.len() - behind.trim_start().len();
    let start = name.len() + 1 + blanks;
    let written = line.get(start..)?;
    let (values, end) = listed(written).or_else(|| joined(written))?;
    let place = start..start + end;
    // What follows on it may hold another mistake.
    (start..=place.end).contains(&at).then_some(())?;
    let values: Option<Vec<String>> = values.into_iter().map(value).collect();
    let class = names::entity(field);
    let (values, is_told) = match values {
        Some(values) if !values.is_empty() => (values.join(", "), true),
        _ => ("…".to_owned(), false),
    };
    let ours = format!("enum {class} {{ {values} }}");
    let ours = if is_told && ours.len() > MOST_TOLD {
        format!("enum {class} {{ … }}")
    } else {
        ours
    };
    Some(Phrase {
        place,
        meant: "an enum of its own".to_owned(),
        help: format!("declare `{ours}` outside of the entity, and write `{field}: {class}`"),
        edit: None,
    })
}

const MOST_TOLD: usize = 120;

/// `enum(a, b)`
fn listed(written: &str) -> Option<(Vec<&str>, usize)> {
    let rest = ["enum", "Enum", "ENUM", "choice", "oneOf"]
        .iter()
        .find_map(|word| written.strip_prefix(word))?;
    let rest = rest.trim_start();
    let close = match rest.chars().next()? {
        '(' => ')',
        '{' => '}',
        '[' => ']',
        _ => return None,
    };
    let end = rest.find(close)?;
    let inside = rest.get(1..end)?;
    (!inside.contains('\n')).then_some(())?;
    let length = written.len() - rest.len() + end + 1;
    Some((inside.split(',').map(str::trim).collect(), length))
}

/// `"a" | "b"`, `'a' or 'b'`
fn joined(written: &str) -> Option<(Vec<&str>, usize)> {
    let mut values = Vec::new();
    let mut end = 0;
    loop {
        let rest = written.get(end..)?;
        let text = rest.trim_start_matches([' ', '\t']);
        let quote = text.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        let length = text.get(1..)?.lines().next()?.find(quote)? + 2;
        values.push(text.get(..length)?);
        end = written.len() - text.len() + length;
        let rest = written.get(end..)?.trim_start_matches([' ', '\t']);
        let sign = ["||", "|", "or "]
            .iter()
            .find(|sign| rest.starts_with(**sign));
        match sign {
            Some(sign) => end = written.len() - rest.len() + sign.len(),
            None => return (values.len() > 1).then_some((values, end)),
        }
    }
}

/// The value of an enum for a text.
fn value(written: &str) -> Option<String> {
    let written = written.trim_matches(['"', '\'']);
    let name = if written.contains([' ', '-']) {
        written.replace([' ', '-'], "_").to_lowercase()
    } else {
        names::snake(written)
    };
    names::plain(&name).map(str::to_owned)
}

/// `invariant "text": rule`
fn named(line: &str, at: usize) -> Option<Phrase> {
    let text = line.strip_prefix("invariant ")?;
    let start = line.len() - text.trim_start().len();
    let text = text.trim_start().strip_prefix('"')?;
    let (text, rest) = text.split_once('"')?;
    let place: Range<usize> = start..start + text.len() + 2;
    (start..=place.end).contains(&at).then_some(())?;
    let rule = rest.trim_start().strip_prefix(':')?;
    let words = text.split(|it: char| !it.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_lowercase)
        .collect();
    let words = words.join("_");
    let name = names::plain(&words).unwrap_or("name");
    let ours = format!("invariant {name}:{}", rule.trim_end());
    let is_whole = !ours.contains(['\n', '\r']) && is_member(&ours);
    let ours = if is_whole && ours.len() <= MOST_TOLD {
        ours
    } else {
        format!("invariant {name}: …")
    };
    Some(Phrase {
        place,
        meant: "a name, and a `message` behind the rule".to_owned(),
        help: format!("write `{ours} message \"{text}\"`"),
        edit: None,
    })
}

const MOST_WORDS: usize = 4;

#[cfg(test)]
mod tests {
    use super::typed;

    /// What is answered, the help, and the edit.
    type Told = (String, String, Option<String>);

    fn found(line: &str, at: &str) -> Option<Told> {
        let found = typed(line, line.find(at).unwrap())?;
        Some((line.get(found.place)?.to_owned(), found.help, found.edit))
    }

    fn told(written: &str, help: &str, edit: Option<&str>) -> Told {
        (written.to_owned(), help.to_owned(), edit.map(str::to_owned))
    }

    #[test]
    fn quotes_of_a_word_processor() {
        for written in ["“a b”", "„a b“", "‘a b’", "«a b»", "”a b”"] {
            let line = format!("a: text = {written} unique");
            assert_eq!(
                found(&line, written),
                Some(told(written, "write `\"a b\"`", Some("\"a b\"")))
            );
        }
        assert_eq!(found("a: text = “a b", "“"), None);
    }

    #[test]
    fn dates_with_points() {
        let ours = Some(told(
            "1.02.2026",
            "write `2026-02-01`: the year, the month, the day",
            Some("2026-02-01"),
        ));
        assert_eq!(found("a: date = 1.02.2026", ".2026"), ours);
        assert_eq!(found("a: date = 1.13.2026", ".2026"), None);
        assert_eq!(found("a: text = 1.2.3", ".3"), None);
    }

    #[test]
    fn choices_where_a_type_stands() {
        for (written, at) in [
            ("\"open\" | 'Not Done'", "\"open"),
            ("'open' or \"not_done\"", "'open"),
            ("enum(open, not_done)", "open"),
            ("enum { open, not_done }", "{"),
        ] {
            assert_eq!(
                found(&format!("my_kind: {written} unique"), at),
                Some(told(
                    written,
                    "declare `enum MyKind { open, not_done }` outside of the entity, and write `my_kind: MyKind`",
                    None
                )),
                "{written}"
            );
        }
        assert_eq!(found("kind: Kind = \"a\" | \"b\"", "|"), None);
    }

    #[test]
    fn a_text_as_the_name_of_a_rule() {
        assert_eq!(
            found("invariant \"Must be big\": n > 3", "\""),
            Some(told(
                "\"Must be big\"",
                "write `invariant must_be_big: n > 3 message \"Must be big\"`",
                None
            ))
        );
    }
}
