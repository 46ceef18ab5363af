//! Spellings inside of a rule that our grammar can't read, told by what stands before and behind the place.

use std::ops::Range;

use super::{LONGEST, contains, functions, is_member, lines, parts, rows, shortened, sql, words};

/// An answer to such a spelling.
pub(crate) struct Phrase {
    /// The part of the line that it is about.
    pub(crate) place: Range<usize>,
    pub(crate) meant: String,
    pub(crate) help: String,
    pub(crate) edit: Option<String>,
}

/// Answers a line that could be read up to `at`.
pub(crate) fn phrase(line: &str, at: usize) -> Option<Phrase> {
    let (before, behind) = line
        .split_at_checked(at)
        .filter(|_| line.len() <= LONGEST)?;
    let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let (at, behind) = (at + blanks, behind.trim_start_matches([' ', '\t']));
    let before = before.trim_end();
    if let Some(rest) = behind.strip_prefix("??") {
        let is_assigned = rest.starts_with('=');
        let edit = (!is_assigned).then(|| "otherwise".to_owned());
        return Some(Phrase {
            place: at..at + 2,
            meant: "`otherwise`".to_owned(),
            help: format!(
                "write `{} otherwise {}`",
                operand(before),
                first_operand(rest)
            ),
            edit,
        });
    }
    if behind.starts_with("?.") {
        let value = operand(before);
        return Some(Phrase {
            place: at..at + 2,
            meant: format!("`{value} is set implies …`"),
            help: format!(
                "ask first: write `{value} is set implies`, and `.` alone behind `{value}`"
            ),
            edit: None,
        });
    }
    if behind.starts_with('?') {
        return ternary(line, at);
    }
    if behind.starts_with("if ") && behind.contains(" else ") {
        return conditional(line, at);
    }
    if lines::words(behind, "when").is_some() && lines::words(operand(before), "case").is_some() {
        return case(line, at, before.len() - "case".len());
    }
    if let (Some(before), Some(rest)) = (before.strip_suffix('*'), behind.strip_prefix('*')) {
        return Some(power(before, first_operand(rest), at - 1..at + 1));
    }
    if let (Some(value), Some(rest)) = (before.strip_suffix('='), behind.strip_prefix('>')) {
        if let Some(found) = rows::arrow(line, at) {
            return Some(found);
        }
        // No number is true or false.
        let number = first_operand(rest);
        let behind = rest.trim_start().get(number.len()..).unwrap_or("");
        let ends = ["", "and", "or", "implies", "message"];
        let (next, sign) = parts::path(behind.trim_start());
        let is_last = ends.contains(&next) && (!next.is_empty() || is_end(sign));
        if is_last && number.starts_with(|it: char| it.is_ascii_digit() || it == '-') {
            return Some(Phrase {
                place: at - 1..at + 1,
                meant: "`>=`".to_owned(),
                help: format!("write `{} >= {number}`", operand(value)),
                edit: Some(">=".to_owned()),
            });
        }
        // What `implies` something already is no second `implies` without a word.
        if line.contains(" implies ") {
            return Some(Phrase {
                place: at - 1..at + 1,
                meant: "`>=` for \"at least\"".to_owned(),
                help: "write `>=`; a second `implies` needs parentheses around what it belongs to"
                    .to_owned(),
                edit: None,
            });
        }
        let other = ", or `>=` for \"at least\"";
        return Some(implies(
            before.trim_end_matches('='),
            rest,
            at - 1..at + 1,
            other,
        ));
    }
    if let (Some(_), Some(rest)) = (before.strip_suffix('-'), behind.strip_prefix('>')) {
        return Some(implies(
            before.trim_end_matches('-'),
            rest,
            at - 1..at + 1,
            "",
        ));
    }
    sql::comparison(line, before, behind, at)
        .or_else(|| identity(before, behind, at))
        .or_else(|| rows::phrase(line, at))
        .or_else(|| words::phrase(line, before, behind, at))
        .or_else(|| contains::phrase(line, at))
        .or_else(|| calls(line, at))
}

/// `open ? a : b`
fn ternary(line: &str, at: usize) -> Option<Phrase> {
    let (head, rest) = (rule_before(line, at)?, line.get(at + 1..)?);
    let colon = rest.find(':')?;
    let (yes, no) = (rest.get(..colon)?.trim(), rest.get(colon + 1..)?);
    branches(line, head, (head.1, yes, no), at..at + 1)
}

/// `a if open else b`
fn conditional(line: &str, at: usize) -> Option<Phrase> {
    let head = rule_before(line, at)?;
    let (condition, no) = line.get(at + 3..)?.split_once(" else ")?;
    branches(line, head, (condition.trim(), head.1, no), at..at + 2)
}

/// `case when open then a else b end`
fn case(line: &str, at: usize, start: usize) -> Option<Phrase> {
    let head = rule_before(line, start)?;
    let rest = line.get(at..)?.lines().next()?;
    let behind = |text: &str, word: &str| -> Option<(usize, usize)> {
        let found = text.to_ascii_lowercase().find(&format!(" {word} "))?;
        Some((found, found + word.len() + 2))
    };
    let place = start..at + "when".len();
    let condition = rest.get("when".len()..)?;
    let two = behind(condition, "then").and_then(|(end, then)| {
        let values = condition.get(then..)?;
        let (yes, otherwise) = behind(values, "else")?;
        let no = values.get(otherwise..)?.trim_end();
        let no = no.get(..no.len().checked_sub("end".len())?)?;
        let (condition, yes) = (condition.get(..end)?.trim(), values.get(..yes)?.trim());
        let is_single = !yes.to_ascii_lowercase().contains(" when ");
        is_single.then(|| branches(line, head, (condition, yes, no), place.clone()))?
    });
    two.or_else(|| {
        Some(Phrase {
            place,
            meant: "a rule for each case".to_owned(),
            help: "write `condition implies …` for each case".to_owned(),
            edit: None,
        })
    })
}

fn branches(
    line: &str,
    (kind, _): (&str, &str),
    (condition, yes, no): (&str, &str, &str),
    place: Range<usize>,
) -> Option<Phrase> {
    let no = no.lines().next().unwrap_or("").trim().trim_end_matches(';');
    let (condition, yes, no) = (grouped(condition), grouped(yes), grouped(no));
    let is_value = kind == "derive" && !line.contains(": bool");
    let (meant, help) = if is_value {
        (
            "two rules: a value can't hang on a condition in this version",
            format!(
                "write what holds in each case: `{condition} implies x == {yes}` and `not {condition} implies x == {no}`"
            ),
        )
    } else {
        let text = format!("({condition} implies {yes}) and (not {condition} implies {no})");
        if !is_member(&format!("invariant x: {text}")) {
            return None;
        }
        ("two `implies`", format!("write `{text}`"))
    };
    let meant = meant.to_owned();
    Some(Phrase {
        place,
        meant,
        help,
        edit: None,
    })
}

/// The word that a rule begins with, and the rule up to a place.
fn rule_before(line: &str, at: usize) -> Option<(&str, &str)> {
    let before = line.get(..at)?;
    let (kind, _) = parts::path(line);
    let start = match kind {
        "invariant" => before.find(':')?,
        "predicate" | "derive" => before.find('=')?,
        _ => return None,
    };
    Some((kind, before.get(start + 1..)?.trim()))
}

/// In brackets, if it holds words that bind less.
fn grouped(text: &str) -> String {
    let loose = [" and ", " or ", " implies ", "&&", "||", "?", " if "];
    if loose.iter().any(|it| text.contains(it)) && !(text.starts_with('(') && text.ends_with(')')) {
        format!("({text})")
    } else {
        text.to_owned()
    }
}

fn power(base: &str, exponent: &str, place: Range<usize>) -> Phrase {
    let base = operand(base);
    let help = match exponent.parse::<usize>() {
        Ok(times @ 2..=4) => format!("write `{}`", vec![base; times].join(" * ")),
        _ => format!("write the product: `{base} * {base}`"),
    };
    Phrase {
        place,
        meant: "a product: appspec has no powers".to_owned(),
        help,
        edit: None,
    }
}

fn implies(before: &str, behind: &str, place: Range<usize>, other: &str) -> Phrase {
    let line = behind.lines().next().unwrap_or("");
    let line = parts::without_remark(line);
    let line = line.split(" message ").next().unwrap_or(line).trim();
    let whole = rule_before(before, before.len()).map(|(_, condition)| inner(condition));
    let whole = whole.map(|condition| {
        let (condition, rule) = (grouped(condition), grouped(closed(line)));
        format!("{condition} implies {rule}")
    });
    let text = whole
        .filter(|text| is_member(&format!("invariant x: {text}")))
        .unwrap_or_else(|| format!("{} implies {line}", operand(before)));
    Phrase {
        place,
        meant: "`implies`".to_owned(),
        help: format!("write `{text}`{other}"),
        edit: None,
    }
}

/// Whether nothing goes on with a value here.
fn is_end(behind: &str) -> bool {
    let behind = behind.trim_start();
    behind.is_empty() || behind.starts_with([')', '\n', '\r']) || behind.starts_with("//")
}

/// What stands behind the last bracket that is still open.
fn inner(text: &str) -> &str {
    let mut open = vec![0];
    for (at, it) in text.char_indices() {
        match it {
            '(' => open.push(at + 1),
            ')' if open.len() > 1 => drop(open.pop()),
            _ => {}
        }
    }
    let start = open.last().copied().unwrap_or(0);
    text.get(start..).unwrap_or(text).trim()
}

/// What stands before the first bracket that closes more than was opened.
fn closed(text: &str) -> &str {
    let mut depth = 0_usize;
    let end = text.char_indices().find_map(|(at, it)| {
        match it {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
        None
    });
    text.get(..end.unwrap_or(text.len())).unwrap_or(text).trim()
}

/// `x is True`, `x is not False`
fn identity(before: &str, behind: &str, at: usize) -> Option<Phrase> {
    let (word, _) = parts::path(behind);
    let value = match word {
        "True" | "true" | "TRUE" => true,
        "False" | "false" | "FALSE" => false,
        _ => return None,
    };
    let (rest, is_not) = match before.strip_suffix("not").map(str::trim_end) {
        Some(rest) => (rest, true),
        None => (before, false),
    };
    let rest = rest
        .strip_suffix("is")
        .filter(|it| it.ends_with([' ', '\t']))?;
    let asked = operand(rest.trim_end());
    let meant = if value == is_not {
        format!("not {asked}")
    } else {
        asked.to_owned()
    };
    Some(Phrase {
        place: rest.len() - operand_and_blanks(rest)..at + word.len(),
        meant: format!("`{meant}`"),
        help: format!("write `{meant}`"),
        edit: None,
    })
}

fn operand_and_blanks(rest: &str) -> usize {
    let trimmed = rest.trim_end();
    operand(trimmed).len() + rest.len() - trimmed.len()
}

/// `name.trim().lower()`: read up to the second call.
fn calls(line: &str, at: usize) -> Option<Phrase> {
    line.get(at..)?.strip_prefix('.')?;
    let before = line.get(..at)?.strip_suffix(')')?;
    let mut depth = 0_usize;
    let open = before
        .char_indices()
        .rev()
        .find_map(|(place, it)| match it {
            ')' => {
                depth += 1;
                None
            }
            '(' if depth == 0 => Some(place),
            '(' => {
                depth -= 1;
                None
            }
            _ => None,
        })?;
    let path = operand(before.get(..open)?);
    let start = open - path.len();
    let (meant, length) = functions::chain(line.get(start..)?)?;
    Some(Phrase {
        place: start..start + length,
        help: format!("write `{meant}`"),
        edit: is_member(&format!("invariant x: {meant}")).then(|| meant.clone()),
        meant: format!("`{}`", shortened(&meant)),
    })
}

/// The last operand of a text: a name, a number, a text in quotes, a call.
pub(super) fn operand(text: &str) -> &str {
    let text = text.trim_end();
    if let Some(inner) = text.strip_suffix('"') {
        let start = inner.rfind('"').unwrap_or(0);
        return text.get(start..).unwrap_or(text);
    }
    let mut depth = 0_usize;
    let start = text.char_indices().rev().find_map(|(at, it)| {
        match it {
            ')' => depth += 1,
            '(' if depth > 0 => depth -= 1,
            _ if depth > 0 || it.is_alphanumeric() || matches!(it, '_' | '.') => {}
            _ => return Some(at + it.len_utf8()),
        }
        None
    });
    text.get(start.unwrap_or(0)..).unwrap_or(text)
}

/// The first operand of a text.
pub(super) fn first_operand(text: &str) -> &str {
    let text = text.trim_start();
    if text.starts_with(['"', '\'']) {
        return text.get(..parts::quoted(text)).unwrap_or(text);
    }
    let sign = usize::from(text.starts_with('-'));
    let (path, rest) = parts::path(text.get(sign..).unwrap_or(text));
    let call = parts::group(rest).map_or(0, |(_, behind)| rest.len() - behind.len());
    text.get(..sign + path.len() + call).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{first_operand, operand, phrase};

    fn help(line: &str, at: &str) -> String {
        let found = phrase(line, line.find(at).unwrap());
        found.map_or_else(String::new, |it| it.help)
    }

    #[test]
    fn spellings_inside_of_rules() {
        assert_eq!(
            help("invariant a: age ?? 3 > 2", "??"),
            "write `age otherwise 3`"
        );
        assert_eq!(
            help("invariant a: open ? b == 1 : c", "?"),
            "write `(open implies b == 1) and (not open implies c)`"
        );
        assert_eq!(
            help("invariant a: b if c or d else e", "if"),
            "write `((c or d) implies b) and (not (c or d) implies e)`"
        );
        assert_eq!(help("invariant a: x ** 2 > 3", "* 2"), "write `x * x`");
        assert_eq!(help("invariant a: b is True", "True"), "write `b`");
        assert_eq!(help("invariant a: b is not True", "True"), "write `not b`");
        assert_eq!(
            help("invariant a: b => c", "> c"),
            "write `b implies c`, or `>=` for \"at least\""
        );
        assert_eq!(help("invariant a: b => 3", "> 3"), "write `b >= 3`");
        assert_eq!(help("invariant a: (b => 3) or c", "> 3"), "write `b >= 3`");
        assert_eq!(
            help("invariant a: b => 3 <= c", "> 3"),
            "write `b implies 3 <= c`, or `>=` for \"at least\""
        );
        assert_eq!(
            help("invariant a: b > 5 -> c > 5 message \"No.\"", "> c"),
            "write `b > 5 implies c > 5`"
        );
        assert_eq!(
            help("invariant a: b and not (c > 5 -> d or e)", "> d"),
            "write `c > 5 implies (d or e)`"
        );
        assert_eq!(
            help("invariant a: b and c == 1 => d", "> d"),
            "write `(b and c == 1) implies d`, or `>=` for \"at least\""
        );
        assert_eq!(
            help("invariant a: name.trim().lower() == \"a\"", ".lower"),
            "write `lower(trim(name))`"
        );
        let line = "invariant a: \"x\" in name";
        assert_eq!(
            phrase(line, line.len()).unwrap().help,
            "write `contains(name, \"x\")` for a part of a text"
        );
        assert_eq!(help("invariant a: b c", "c"), "");
    }

    #[test]
    fn operands() {
        assert_eq!(operand("a and f(b, c)"), "f(b, c)");
        assert_eq!(operand("a == \"x y\""), "\"x y\"");
        assert_eq!(first_operand(" -3 and b"), "-3");
        assert_eq!(first_operand("f(b) and c"), "f(b)");
    }
}
