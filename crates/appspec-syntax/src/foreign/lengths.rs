//! `text max 5`, `int min 1 max 5`: bounds with a word for each end.

use std::ops::Range;

use super::{Answer, LONGEST, is_member, lines::words, parts};

/// Answers a field or a type that could be read up to `at`, with the place that it is about.
pub(crate) fn length(piece: &str, at: usize) -> Option<(Range<usize>, Answer)> {
    if piece.len() > LONGEST {
        return None;
    }
    let before = piece.get(..at)?.trim_end();
    // `max` is a word of ours, so what could not be read is the number behind it.
    let typed = ["max", "min"]
        .iter()
        .find_map(|word| before.strip_suffix(word))
        .filter(|typed| typed.ends_with([' ', '\t']))
        .map_or(before, str::trim_end);
    let start = typed
        .find([':', '='])
        .map(|sign| sign + 1)
        .filter(|start| *start < typed.len())?;
    let blanks = typed.get(start..)?.len() - typed.get(start..)?.trim_start().len();
    let start = start + blanks;
    let written = piece.get(start..typed.len())?;
    let (plain, optional) = match written.strip_suffix('?') {
        Some(plain) => (plain.trim_end(), "?"),
        None => (written, ""),
    };
    let (low, high, end) = ends(piece, typed.len())?;
    let meant = match (plain, &low, &high) {
        ("text", None, Some(most)) if !most.starts_with('-') => format!("text({most}){optional}"),
        _ if has_bounds(plain) => {
            let (low, high) = (low.unwrap_or_default(), high.unwrap_or_default());
            format!("{plain}{optional} in {low}..{high}")
        }
        _ => return None,
    };
    if !is_member(&format!("x: {meant}")) {
        return None;
    }
    let answer = Answer {
        length: 0,
        meant: format!("`{meant}`"),
        help: None,
        edit: Some(meant),
    };
    Some((start..end, answer))
}

/// The types that have a smallest and a largest value, or length.
fn has_bounds(ty: &str) -> bool {
    let (name, _) = parts::path(ty);
    let is_list = ty.starts_with("list of ");
    is_list || ["text", "int", "bigint", "float", "decimal"].contains(&name)
}

/// `min 1 max 5` at a place: both ends, and where they end.
fn ends(piece: &str, mut at: usize) -> Option<(Option<String>, Option<String>, usize)> {
    let (mut low, mut high) = (None, None);
    loop {
        let rest = piece.get(at..)?;
        let (end, length) = match (words(rest, "min"), words(rest, "max")) {
            (Some(length), _) => (&mut low, length),
            (_, Some(length)) => (&mut high, length),
            _ => break,
        };
        let behind = rest.get(length..)?;
        let number = behind.trim_start_matches([' ', '\t']);
        let blanks = behind.len() - number.len();
        let digits = number.find(|it: char| !it.is_ascii_digit() && !matches!(it, '.' | '-'));
        let number = number.get(..digits.unwrap_or(number.len()))?;
        if !super::values::is_number(number) || end.is_some() || blanks == 0 {
            return None;
        }
        *end = Some(number.to_owned());
        at += length + blanks + number.len();
        // `max 5MB` is a size.
        if piece
            .get(at..)?
            .starts_with(|it: char| it.is_alphanumeric() || it == '_')
        {
            return None;
        }
    }
    (low.is_some() || high.is_some()).then_some((low, high, at))
}

#[cfg(test)]
mod tests {
    use super::length;

    fn meant(line: &str, at: &str) -> String {
        let found = length(line, line.rfind(at).unwrap());
        found.map_or_else(String::new, |(place, answer)| {
            format!(
                "{}{}{}",
                line.get(..place.start).unwrap(),
                answer.edit.unwrap(),
                line.get(place.end..).unwrap()
            )
        })
    }

    #[test]
    fn words_for_the_ends_of_a_bound() {
        assert_eq!(meant("a: text max 5", "5"), "a: text(5)");
        assert_eq!(meant("a: text? max 5 unique", "5"), "a: text(5)? unique");
        assert_eq!(meant("a: text(9) max 5", "5"), "a: text(9) in ..5");
        assert_eq!(meant("a: text min 1 max 5", "min"), "a: text in 1..5");
        assert_eq!(meant("a: int min -1", "min"), "a: int in -1..");
        assert_eq!(meant("a: int max 5 min 1 = 3", "5"), "a: int in 1..5 = 3");
        assert_eq!(
            meant("type T = decimal(5, 2) max 9.5", "9"),
            "type T = decimal(5, 2) in ..9.5"
        );
        assert_eq!(meant("a: image max 5", "5"), "");
        assert_eq!(meant("a: text max 5MB", "5"), "");
    }
}
