//! Words and numbers of other languages inside of a rule: `a xor b`, `x is not empty`, `1e3`, `1..=3`.

use super::phrases::{Phrase, first_operand, operand};
use super::{is_member, names, parts};

/// Answers a line that could be read up to `behind`.
pub(super) fn phrase(line: &str, before: &str, behind: &str, at: usize) -> Option<Phrase> {
    xor(line, before, behind, at)
        .or_else(|| empty(before, behind, at))
        .or_else(|| power_of_ten(behind, at))
        .or_else(|| remark(before))
        .or_else(|| range_with_a_sign(before, behind, at))
}

/// `a xor b`
fn xor(line: &str, before: &str, behind: &str, at: usize) -> Option<Phrase> {
    let (word, rest) = parts::path(behind);
    word.eq_ignore_ascii_case("xor").then_some(())?;
    let (a, b) = (operand(before), first_operand(rest));
    let whole = [" and ", " or ", " implies ", "==", "!=", "<", ">", " in "];
    let is_plain = !whole.iter().any(|it| line.contains(it));
    let help = if is_plain && is_member(&format!("invariant x: {a} != {b}")) {
        format!("write `{a} != {b}`")
    } else {
        "compare the two: `(a) != (b)`, each in brackets of its own".to_owned()
    };
    Some(Phrase {
        place: at..at + word.len(),
        meant: "`!=` between two conditions".to_owned(),
        help,
        edit: None,
    })
}

/// `x is not empty`
fn empty(before: &str, behind: &str, at: usize) -> Option<Phrase> {
    let (word, _) = parts::path(behind);
    matches!(word, "empty" | "blank" | "missing").then_some(())?;
    let (rest, is_not) = match before.strip_suffix("not") {
        Some(rest) => (rest.trim_end(), true),
        None => (before, false),
    };
    let rest = rest.strip_suffix("is").filter(|it| it.ends_with(' '))?;
    let value = operand(rest.trim_end());
    names::plain(value.rsplit('.').next()?)?;
    let row = names::one(value);
    let (ours, sign) = if is_not {
        ("is set", ">")
    } else {
        ("is not set", "==")
    };
    Some(Phrase {
        place: rest.len()..at + word.len(),
        meant: format!("`{ours}`"),
        help: format!(
            "write `{value} {ours}` of a field with `?`; of several rows write `count({row} in {value}) {sign} 0`; a text without `?` is never empty"
        ),
        edit: None,
    })
}

/// `1e3`
fn power_of_ten(behind: &str, at: usize) -> Option<Phrase> {
    let (written, _) = parts::path(behind);
    let (digits, exponent) = written.split_once(['e', 'E'])?;
    let exponent: usize = exponent.parse().ok().filter(|it| *it <= MOST_ZEROS)?;
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    (!whole.is_empty() && are_digits(whole) && are_digits(places)).then_some(())?;
    let zeros = exponent.checked_sub(places.len())?;
    let ours = format!("{whole}{places}{}", "0".repeat(zeros));
    let ours = ours.trim_start_matches('0');
    let ours = if ours.is_empty() { "0" } else { ours }.to_owned();
    Some(Phrase {
        place: at..at + written.len(),
        meant: format!("`{ours}`: numbers are written out"),
        help: format!("write `{ours}`"),
        edit: Some(ours),
    })
}

/// Nobody writes larger ones.
const MOST_ZEROS: usize = 18;

/// `a > 3 -- two words`, of which the first one was read as a value.
fn remark(before: &str) -> Option<Phrase> {
    let (rest, word) = before.rsplit_once(" -- ")?;
    names::plain(word.trim())?;
    let start = rest.len() + 1;
    Some(Phrase {
        place: start..start + 2,
        meant: "`//` before a comment".to_owned(),
        help: "write `//`".to_owned(),
        edit: Some("//".to_owned()),
    })
}

/// `1..=3`, `1...3`: both ends belong to a range here.
fn range_with_a_sign(before: &str, behind: &str, at: usize) -> Option<Phrase> {
    let sign = behind.chars().next().filter(|it| matches!(it, '=' | '.'))?;
    let low = before.strip_suffix("..")?;
    let high = first_operand(behind.strip_prefix(sign)?);
    let ours = format!("{}..{high}", operand(low));
    is_member(&format!("invariant x: x in {ours}")).then(|| Phrase {
        place: at - 2..at + 1,
        meant: "`..`: both ends belong to a range".to_owned(),
        help: format!("write `{ours}`"),
        edit: Some("..".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::phrase;

    fn told(rule: &str, word: &str) -> (String, Option<String>) {
        let line = format!("invariant a: {rule}");
        let found = phrase(&line, line.find(word).unwrap()).unwrap();
        (found.help, found.edit)
    }

    #[test]
    fn words_between_values() {
        let plain = |help: &str| (help.to_owned(), None);
        assert_eq!(told("a xor b", "xor"), plain("write `a != b`"));
        assert_eq!(
            told("a XOR b > 3", "XOR"),
            plain("compare the two: `(a) != (b)`, each in brackets of its own")
        );
        assert_eq!(
            told("lines is not empty", "empty"),
            plain(
                "write `lines is set` of a field with `?`; of several rows write `count(line in lines) > 0`; a text without `?` is never empty"
            )
        );
    }

    #[test]
    fn numbers_and_ranges() {
        let mended = |help: &str, edit: &str| (help.to_owned(), Some(edit.to_owned()));
        assert_eq!(told("a > 1e3", "1e3"), mended("write `1000`", "1000"));
        assert_eq!(told("a > 1.5E2", "1.5E2"), mended("write `150`", "150"));
        let line = "a > 3 -- two words";
        assert_eq!(told(line, "words"), mended("write `//`", "//"));
        assert_eq!(told("a in 1..=3", "=3"), mended("write `1..3`", ".."));
        assert_eq!(told("a in 1...3 and b", ".3"), mended("write `1..3`", ".."));
    }
}
