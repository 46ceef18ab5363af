//! `on delete` as databases and frameworks write it.

use std::ops::Range;

use super::phrases::Phrase;

/// Answers a line that could be read up to `at`, if that is behind `on delete`, or where it is written as one word.
pub(crate) fn on_delete(line: &str, at: usize) -> Option<Phrase> {
    if let Some(found) = as_one_word(line, at).or_else(|| with_a_colon(line, at)) {
        return Some(found);
    }
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

/// `onDelete: Cascade`, `on_delete=models.CASCADE`
fn as_one_word(line: &str, at: usize) -> Option<Phrase> {
    let name = word(line, at);
    (plain(line.get(name.clone())?) == "ondelete").then_some(())?;
    let rest = line.get(name.end..)?;
    let signs = rest.len() - rest.trim_start_matches([' ', '\t', ':', '=']).len();
    let mut said = word(line, name.end + signs);
    // `models.CASCADE`
    if line.get(said.end..)?.starts_with('.') {
        said = word(line, said.end + 1);
    }
    let place = at..said.end;
    let choice = plain(line.get(said.clone())?);
    chosen(&choice, place.clone()).or_else(|| {
        let phrase = answer(&choice, said)?;
        let edit = phrase.edit.map(|ours| format!("on delete {ours}"));
        Some(Phrase {
            place,
            edit,
            ..phrase
        })
    })
}

/// `on delete: cascade`
fn with_a_colon(line: &str, at: usize) -> Option<Phrase> {
    let before = line.get(..at)?.trim_end();
    let start = before.strip_suffix("on delete")?.len();
    let rest = line.get(before.len()..)?;
    let signs = rest.len() - rest.trim_start_matches([' ', '\t', ':', '=']).len();
    rest.get(..signs)?.contains([':', '=']).then_some(())?;
    let said = word(line, before.len() + signs);
    chosen(&plain(line.get(said.clone())?), start..said.end)
}

/// One of ours, in whatever letters.
fn chosen(choice: &str, place: Range<usize>) -> Option<Phrase> {
    let ours = match choice {
        "cascade" => "on delete cascade",
        "protect" => "on delete protect",
        "restrict" => "on delete restrict",
        "setnull" => "on delete set null",
        _ => return None,
    };
    Some(Phrase {
        place,
        meant: format!("`{ours}`"),
        help: format!("write `{ours}`"),
        edit: Some(ours.to_owned()),
    })
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
    fn one_word_and_a_colon() {
        for (written, ours) in [
            ("onDelete: Cascade", "on delete cascade"),
            ("on_delete=models.PROTECT", "on delete protect"),
            ("onDelete: SetNull", "on delete set null"),
            ("ondelete restrict", "on delete restrict"),
        ] {
            let line = format!("a: A? {written} unique");
            assert_eq!(
                found(&line, written),
                Some((written.to_owned(), Some(ours.to_owned())))
            );
        }
        assert_eq!(
            found("a: A? on delete: cascade", ": cascade"),
            Some((
                "on delete: cascade".to_owned(),
                Some("on delete cascade".to_owned())
            ))
        );
        assert_eq!(
            found("a: A? onDelete: NoAction", "onDelete"),
            Some(("onDelete: NoAction".to_owned(), None))
        );
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
