//! `on delete` as databases and frameworks write it.

use std::ops::Range;

use super::phrases::Phrase;

/// Answers a line that could be read up to `at`, if that is behind `on delete`.
pub(crate) fn on_delete(line: &str, at: usize) -> Option<Phrase> {
    let before = line.get(..at)?.trim_end();
    let before = before.strip_suffix(" set").unwrap_or(before).trim_end();
    let is_behind = before.ends_with("on delete");
    let rest = line.get(before.len()..).filter(|_| is_behind)?;
    let start = before.len() + blanks(rest);
    let first = word(line, start);
    let second = word(line, first.end + blanks(line.get(first.end..)?));
    [first.clone(), start..second.end]
        .into_iter()
        .find_map(|place| answer(&plain(line.get(place.clone())?), place))
}

fn answer(written: &str, place: Range<usize>) -> Option<Phrase> {
    let (meant, help, edit) = match written {
        "setnull" | "nullify" => ("`set null`", "write `on delete set null`", Some("set null")),
        "noaction" | "donothing" => (
            CHOICES,
            "write `on delete restrict`, which refuses as long as a row points there, or `cascade`, `protect` or `set null`",
            None,
        ),
        "setdefault" => (
            CHOICES,
            "write `on delete set null`, which leaves the field empty, or `cascade`, `protect` or `restrict`",
            None,
        ),
        _ => return None,
    };
    Some(Phrase {
        place,
        meant: meant.to_owned(),
        help: help.to_owned(),
        edit: edit.map(str::to_owned),
    })
}

const CHOICES: &str = "one of `cascade`, `protect`, `restrict` and `set null`";

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

fn word(line: &str, start: usize) -> Range<usize> {
    let rest = line.get(start..).unwrap_or("");
    let end = rest.find(|it: char| !it.is_alphanumeric() && !matches!(it, '_' | '-'));
    start..start + end.unwrap_or(rest.len())
}

/// `SET_NULL`, `setNull` and `set null` are one word.
fn plain(written: &str) -> String {
    let letters = written.chars().filter(char::is_ascii_alphabetic);
    letters.map(|it| it.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::on_delete;

    fn found(line: &str, at: &str) -> Option<(String, Option<String>)> {
        let found = on_delete(line, line.find(at).unwrap())?;
        Some((line.get(found.place)?.to_owned(), found.edit))
    }

    #[test]
    fn set_null_in_other_spellings() {
        let null = || Some("set null".to_owned());
        for written in ["set_null", "setnull", "SET NULL", "SetNull", "nullify"] {
            let line = format!("a: A? on delete {written} unique");
            assert_eq!(found(&line, written), Some((written.to_owned(), null())));
        }
        let whole = Some(("set NULL".to_owned(), null()));
        assert_eq!(found("a: A? on delete set NULL", "NULL"), whole);
    }

    #[test]
    fn what_has_no_counterpart_is_not_mended() {
        for written in ["no action", "NO ACTION", "DO_NOTHING", "SET DEFAULT"] {
            let line = format!("a: A? on delete {written}");
            assert_eq!(found(&line, written), Some((written.to_owned(), None)));
        }
        let whole = Some(("set default".to_owned(), None));
        assert_eq!(found("a: A? on delete set default", "default"), whole);
    }

    #[test]
    fn other_words_are_not_answered() {
        assert_eq!(found("a: A? on delete cascad", "cascad"), None);
        assert_eq!(found("a: A? no action", "no"), None);
    }
}
