//! A row of one of several entities in the words of other languages: `Order | Invoice`, `oneOf(Order, Invoice)`,
//! `either Order or Invoice`, `GenericForeignKey(…)`.

use super::phrases::Phrase;
use super::{is_member, parts};

/// What is written where several entities are not named.
const SEVERAL: &str = "one of Order, Invoice";

/// Answers a field that could be read up to `at`.
pub(super) fn phrase(line: &str, at: usize) -> Option<Phrase> {
    generic(line, at).or_else(|| listed(line, at))
}

/// `subject = GenericForeignKey("content_type", "object_id")`
fn generic(line: &str, at: usize) -> Option<Phrase> {
    let start = line
        .find("GenericForeignKey")
        .or_else(|| line.find("GenericRelation"))?;
    let (name, rest) = parts::path(line);
    let sign = rest.trim_start();
    if !sign.starts_with([':', '=']) || at > line.len() || start < name.len() {
        return None;
    }
    let end = line.lines().next().map_or(0, str::len);
    Some(Phrase {
        place: 0..end,
        meant: format!("`{name}: {SEVERAL}`"),
        help: format!(
            "write `{name}: {SEVERAL}` with the entities that it can point to; the fields for the content type and the key go"
        ),
        edit: None,
    })
}

fn listed(line: &str, at: usize) -> Option<Phrase> {
    let line = line.lines().next()?;
    let (name, behind) = line.split_once(':')?;
    let start = line.len() - behind.trim_start().len();
    let written = behind.trim_start();
    let (rest, closing, is_certain) = opened(written);
    let (entities, rest) = entities(rest)?;
    let rest = match closing {
        Some(closing) => rest.trim_start().strip_prefix(closing)?,
        None => rest,
    };
    let end = line.len() - rest.len();
    let ours = format!("one of {}", entities.join(", "));
    // `oneOf(Open, Closed)` may be a choice of values.
    let is_ours = written.starts_with(&ours);
    if is_ours || !(start..=end).contains(&at) || !is_member(&format!("{name}: {ours}")) {
        return None;
    }
    let is_whole = is_member(&format!("{name}: {ours}{rest}"));
    Some(Phrase {
        place: start..end,
        meant: format!("`{ours}`"),
        help: format!("write `{ours}`"),
        edit: (is_certain && is_whole).then_some(ours),
    })
}

/// What stands behind the words that begin such a list, the bracket that closes it, and whether nothing but rows is meant.
fn opened(written: &str) -> (&str, Option<char>, bool) {
    let words = [
        ("one of", true),
        ("one_of", true),
        ("oneof", true),
        ("either", true),
        ("any of", true),
        ("anyOf", false),
        ("oneOf", false),
        ("Union", true),
        ("union", true),
    ];
    for (word, is_certain) in words {
        if let Some(rest) = written.strip_prefix(word)
            && !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_')
        {
            let rest = rest.trim_start();
            for (opening, closing) in [('(', ')'), ('[', ']'), ('<', '>'), ('{', '}')] {
                if let Some(inside) = rest.strip_prefix(opening) {
                    return (inside, Some(closing), is_certain);
                }
            }
            return (rest, None, is_certain);
        }
    }
    (written, None, true)
}

/// Names of entities with signs or words between them, and what follows.
fn entities(mut rest: &str) -> Option<(Vec<&str>, &str)> {
    let mut found = Vec::new();
    loop {
        let (name, behind) = parts::path(rest.trim_start());
        let last = name.rsplit('.').next()?;
        last.starts_with(|it: char| it.is_ascii_uppercase())
            .then_some(())?;
        found.push(name);
        let next = behind.trim_start();
        let separator = ["||", "|", ",", "/", "or "];
        let Some(behind) = separator.iter().find_map(|sign| next.strip_prefix(sign)) else {
            return (found.len() > 1).then_some((found, behind));
        };
        let behind = behind.trim_start();
        // `A, B, or C`
        rest = behind.strip_prefix("or ").unwrap_or(behind);
    }
}

#[cfg(test)]
mod tests {
    use super::phrase;

    fn found(line: &str, at: &str) -> Option<(String, String, Option<String>)> {
        let found = phrase(line, line.find(at)?)?;
        Some((line.get(found.place)?.to_owned(), found.help, found.edit))
    }

    #[test]
    fn several_entities_in_other_words() {
        for (line, at, written) in [
            ("a: Order | Invoice", "|", "Order | Invoice"),
            ("a: Order|Invoice? on delete cascade", "|", "Order|Invoice"),
            ("a: Order or Invoice", "or ", "Order or Invoice"),
            (
                "a: one_of Order, Invoice unique",
                "Order",
                "one_of Order, Invoice",
            ),
            ("a: oneof (Order, Invoice)?", "(", "oneof (Order, Invoice)"),
            ("a: one of (Order, Invoice)", "(", "one of (Order, Invoice)"),
            (
                "a: one of Order or Invoice",
                "or ",
                "one of Order or Invoice",
            ),
            (
                "a: either Order or Invoice",
                "Order",
                "either Order or Invoice",
            ),
            ("a: Union[Order, Invoice]", "[", "Union[Order, Invoice]"),
        ] {
            let ours = "one of Order, Invoice";
            assert_eq!(
                found(line, at),
                Some((
                    written.to_owned(),
                    format!("write `{ours}`"),
                    Some(ours.to_owned())
                )),
                "{line}"
            );
        }
    }

    #[test]
    fn what_may_be_values_is_told_without_an_edit() {
        let (_, help, edit) = found("a: oneOf(Order, Invoice)", "(").unwrap();
        assert_eq!(help, "write `one of Order, Invoice`");
        assert_eq!(edit, None);
        assert_eq!(found("a: oneOf(open, closed)", "("), None);
        assert_eq!(found("a: Order = b | c", "|"), None);
    }

    #[test]
    fn a_generic_reference_names_its_entities() {
        let line = "subject = GenericForeignKey(\"content_type\", \"object_id\")";
        let (written, help, _) = found(line, "=").unwrap();
        assert_eq!(written, line);
        assert!(
            help.starts_with("write `subject: one of Order, Invoice`"),
            "{help}"
        );
    }
}
