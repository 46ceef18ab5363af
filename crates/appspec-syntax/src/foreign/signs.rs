//! Signs of mathematics and of other languages where ours are other ones: `≠`, `1,5`, `message:`, `IN (1, 2)`.

use std::ops::Range;

use super::lines::words;
use super::phrases::Phrase;
use super::{forgotten, is_member, parts, serial, shortened};

/// Answers a line that could be read up to `at`.
pub(crate) fn sign(line: &str, at: usize) -> Option<Phrase> {
    let (before, behind) = line.split_at_checked(at)?;
    comparison(behind, at)
        .or_else(|| comma(before, behind))
        .or_else(|| forgotten::invariant(line, at))
        .or_else(|| serial::pattern(line, at))
        .or_else(|| message(line, at))
        .or_else(|| inverse(behind, at))
        .or_else(|| membership(behind, at))
}

/// `a ≠ b`
fn comparison(behind: &str, at: usize) -> Option<Phrase> {
    let sign = behind.chars().next()?;
    let ours = match sign {
        '≠' => "!=",
        '≤' | '⩽' => "<=",
        '≥' | '⩾' => ">=",
        _ => return None,
    };
    Some(Phrase {
        place: at..at + sign.len_utf8(),
        meant: format!("`{ours}`"),
        help: format!("write `{ours}`"),
        edit: Some(ours.to_owned()),
    })
}

/// `= 1,5`, `in 0..10,000`. In `between 1,5` two numbers can be meant, so only a place of one number is answered.
fn comma(before: &str, behind: &str) -> Option<Phrase> {
    let (place, number) = number_with_comma(before, behind)?;
    let rest = before.get(..place.start)?;
    let sign = rest.trim_end_matches('-').trim_end();
    let is_low_end = behind
        .get(place.end - before.len()..)
        .is_some_and(|it| it.starts_with(".."));
    let is_one = if is_low_end {
        sign.ends_with(" in")
    } else {
        sign.ends_with(['=', '<', '>']) || sign.ends_with("..")
    };
    is_one.then(|| one_number(place, &number))
}

/// `price: 1,500` in a row of a seed, where what stands behind the comma is read as the next field.
pub(crate) fn comma_in_a_row(before: &str, behind: &str) -> Option<Phrase> {
    let before = before.strip_suffix(',')?;
    let (place, number) = number_with_comma(before, &format!(",{behind}"))?;
    let sign = before.get(..place.start)?.trim_end_matches('-').trim_end();
    sign.ends_with(':').then(|| one_number(place, &number))
}

fn one_number(place: Range<usize>, number: &str) -> Phrase {
    Phrase {
        place,
        meant: format!("`{number}`"),
        help: format!("write `{number}`"),
        edit: None,
    }
}

/// Where a number with commas between its digits stands in `before` and `behind` together, and how we write it. Three digits
/// behind each comma are thousands, as in `1,234.50`; others are a fraction.
fn number_with_comma(before: &str, behind: &str) -> Option<(Range<usize>, String)> {
    let digits = |text: &str| {
        text.len()
            - text
                .trim_start_matches(|it: char| it.is_ascii_digit())
                .len()
    };
    let start = before
        .trim_end_matches(|it: char| it.is_ascii_digit())
        .len();
    let whole = before.get(start..).filter(|it| !it.is_empty())?;
    let is_group = |text: &str| text.strip_prefix(',').is_some_and(|it| digits(it) == 3);
    let mut length = 0;
    while behind.get(length..).is_some_and(is_group) {
        length += ",000".len();
    }
    let is_grouped = length > 0 && whole.len() <= 3 && !whole.starts_with('0');
    if is_grouped {
        let rest = behind.get(length..)?;
        let fraction = rest.strip_prefix('.').map_or(0, digits);
        let end = length + if fraction > 0 { 1 + fraction } else { 0 };
        let number = format!("{whole}{}", behind.get(..end)?.replace(',', ""));
        return Some((start..before.len() + end, number));
    }
    let fraction = behind.strip_prefix(',')?;
    let fraction = fraction
        .get(..digits(fraction))
        .filter(|it| !it.is_empty())?;
    let end = before.len() + 1 + fraction.len();
    Some((start..end, format!("{whole}.{fraction}")))
}

/// `message: "Too late."`, behind a rule or on the line below it.
fn message(line: &str, at: usize) -> Option<Phrase> {
    // Below a rule it was read as a field up to its text.
    let start = if line.starts_with(MESSAGE) { 0 } else { at };
    let behind = line.get(start..)?.strip_prefix(MESSAGE)?;
    let text = behind.trim_start_matches([' ', '\t']).strip_prefix(':')?;
    let is_text = text.trim_start_matches([' ', '\t']).starts_with('"');
    let end = line.len() - text.len();
    let blank = if text.starts_with('"') { " " } else { "" };
    is_text.then(|| Phrase {
        place: start..end,
        meant: format!("`{MESSAGE}`"),
        help: format!("leave out the `:` behind `{MESSAGE}`"),
        edit: Some(format!("{MESSAGE}{blank}")),
    })
}

/// `inverse: lines`
fn inverse(behind: &str, at: usize) -> Option<Phrase> {
    let rest = behind.strip_prefix("inverse")?;
    let name = rest
        .trim_start_matches([' ', '\t'])
        .strip_prefix([':', '='])?;
    let blank = if name.starts_with([' ', '\t']) {
        ""
    } else {
        " "
    };
    Some(Phrase {
        place: at..at + behind.len() - name.len(),
        meant: "`inverse`".to_owned(),
        help: "leave out the sign behind `inverse`".to_owned(),
        edit: Some(format!("inverse{blank}")),
    })
}

const MESSAGE: &str = "message";

/// `a IN (1, 2)`, `a NOT IN (1, 2)`
fn membership(behind: &str, at: usize) -> Option<Phrase> {
    let (first, rest) = parts::path(behind);
    let is_not = first.eq_ignore_ascii_case("not");
    let (word, rest) = if is_not {
        parts::path(rest.trim_start_matches([' ', '\t']))
    } else {
        (first, rest)
    };
    let is_ours = word == "in" && (!is_not || first == "not");
    if is_ours || !word.eq_ignore_ascii_case("in") {
        return None;
    }
    let ours = if is_not { "not in" } else { "in" };
    let list = rest.trim_start_matches([' ', '\t']);
    let (end, meant) = match parts::group(list) {
        Some((inside, end)) if words(inside, "select").is_some() => {
            return Some(Phrase {
                place: at..at + behind.len() - end.len(),
                meant: "a reference, or a rule over other rows: appspec has no queries".to_owned(),
                help: NO_QUERY.to_owned(),
                edit: None,
            });
        }
        Some((range, behind)) if range.contains("..") && !range.contains(',') => {
            (behind, format!("{ours} {range}"))
        }
        Some((inside, behind)) => (behind, format!("{ours} {{{inside}}}")),
        None => (rest, ours.to_owned()),
    };
    // What stands in the brackets was not read, so it may hold another mistake.
    let is_list = parts::group(list).is_some();
    let edit = (!is_list || is_member(&format!("invariant x: x {meant}"))).then(|| meant.clone());
    Some(Phrase {
        place: at..at + behind.len() - end.len(),
        help: format!("write `{}`", shortened(&meant)),
        meant: format!("`{}`", shortened(&meant)),
        edit,
    })
}

/// What to do in the place of a query.
pub(super) const NO_QUERY: &str = "make the field a reference to the other entity, or speak of the rows that point here: `some(line in lines has …)`";

#[cfg(test)]
mod tests {
    use super::{NO_QUERY, comma_in_a_row, sign};

    fn answer(line: &str, at: &str) -> Option<(String, String, Option<String>)> {
        let found = sign(line, line.find(at).unwrap())?;
        let written = line.get(found.place)?.to_owned();
        Some((written, found.help, found.edit))
    }

    fn answers(line: &str, at: &str, wanted: (&str, &str, Option<&str>)) {
        let (written, help, edit) = wanted;
        let wanted = (written.to_owned(), help.to_owned(), edit.map(str::to_owned));
        assert_eq!(answer(line, at), Some(wanted), "{line}");
    }

    #[test]
    fn signs_of_mathematics() {
        answers("invariant i: a ≠ 5", "≠", ("≠", "write `!=`", Some("!=")));
        answers("invariant i: a≤5", "≤", ("≤", "write `<=`", Some("<=")));
        answers("invariant i: a ≥ 5", "≥", ("≥", "write `>=`", Some(">=")));
    }

    #[test]
    fn a_comma_in_a_default() {
        let line = "b: decimal(5,2) = 1,5";
        answers(line, ",5", ("1,5", "write `1.5`", None));
        answers("b: int in 0..1,5", ",5", ("1,5", "write `1.5`", None));
        let line = "b: decimal(5,3) = 0,125";
        answers(line, ",125", ("0,125", "write `0.125`", None));
        assert_eq!(answer("unique (a1,5)", ",5"), None);
        assert_eq!(answer("b: int = 1, c: int", ", c"), None);
    }

    #[test]
    fn commas_between_thousands() {
        let line = "b: Price = 10,000";
        answers(line, ",000", ("10,000", "write `10000`", None));
        let line = "b: decimal(10,2) = -1,234,567.50 indexed";
        let written = "1,234,567.50";
        answers(line, ",234", (written, "write `1234567.50`", None));
        let line = "b: int in 0..10,000 = 5";
        answers(line, ",000", ("10,000", "write `10000`", None));
        let line = "b: int in 1,000..9,000";
        answers(line, ",000", ("1,000", "write `1000`", None));
        let line = "invariant i: e < 2,500";
        answers(line, ",500", ("2,500", "write `2500`", None));
        assert_eq!(answer("invariant i: a between 1,500", ",500"), None);
        assert_eq!(answer("b: decimal(1,500)", ",500"), None);
    }

    #[test]
    fn a_comma_in_a_row() {
        let help = |before, behind| comma_in_a_row(before, behind).map(|it| it.help);
        let thousands = help("{ name: \"x\", g: 1,", "500 }");
        assert_eq!(thousands.as_deref(), Some("write `1500`"));
        assert_eq!(help("{ g: 12,", "5").as_deref(), Some("write `12.5`"));
        assert_eq!(help("{ g: [1,", "5"), None);
        assert_eq!(help("{ g: 12, ", "5"), None);
    }

    #[test]
    fn a_colon_behind_message() {
        let help = "leave out the `:` behind `message`";
        let wanted = || ("message:", help, Some("message"));
        answers("invariant i: a < 5 message: \"No.\"", "message", wanted());
        answers("message: \"No.\"", "\"", wanted());
        assert_eq!(answer("message: txt(5)", "txt"), None);
    }

    #[test]
    fn a_colon_behind_inverse() {
        let help = "leave out the sign behind `inverse`";
        let line = "a: A on delete cascade inverse: bs";
        answers(line, "inverse", ("inverse:", help, Some("inverse")));
        assert_eq!(answer("a: A inverse bs", "inverse"), None);
    }

    #[test]
    fn in_with_capitals() {
        let line = "invariant i: a IN (1, 2) and b";
        let meant = "write `in {1, 2}`";
        answers(line, "IN", ("IN (1, 2)", meant, Some("in {1, 2}")));
        let line = "invariant i: a NOT IN (1, 2)";
        let meant = "write `not in {1, 2}`";
        answers(line, "NOT", ("NOT IN (1, 2)", meant, Some("not in {1, 2}")));
        answers(
            "invariant i: a IN 1..5",
            "IN",
            ("IN", "write `in`", Some("in")),
        );
        let line = "invariant i: a IN (SELECT b FROM c)";
        answers(line, "IN", ("IN (SELECT b FROM c)", NO_QUERY, None));
        let line = "invariant i: a IN (1..5)";
        answers(
            line,
            "IN",
            ("IN (1..5)", "write `in 1..5`", Some("in 1..5")),
        );
        assert_eq!(answer("invariant i: a in (1, 2)", "in ("), None);
    }
}
