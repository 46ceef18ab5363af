//! Conditions of SQL: bounds of a column, or rules.

use super::super::{parts, values};

/// The two ends of `total >= 0 and total <= 10` and `total between 0 and 10`, if that is all.
pub(super) fn bounds(rule: &str, name: &str, ty: &str) -> Option<(Option<String>, Option<String>)> {
    let (mut low, mut high) = (None, None);
    if let Some((_, range)) = rule
        .split_once(" between ")
        .filter(|(left, _)| left.trim() == name)
    {
        let (from, to) = range.split_once(" and ")?;
        let (from, to) = (from.trim(), to.trim());
        let are_numbers = values::is_number(from) && values::is_number(to);
        return are_numbers.then(|| (Some(from.to_owned()), Some(to.to_owned())));
    }
    for part in rule.split(" and ") {
        let part = part.trim();
        let behind = part.strip_prefix(name)?.trim_start();
        let end = behind.find(|it: char| !matches!(it, '<' | '>' | '='))?;
        let (sign, number) = behind.split_at_checked(end)?;
        let number = number.trim();
        let is_whole = values::is_number(number) && !number.contains('.');
        let next = |step: i64| Some((number.parse::<i64>().ok()?.checked_add(step)?).to_string());
        match sign {
            ">=" if values::is_number(number) => low = Some(number.to_owned()),
            "<=" if values::is_number(number) => high = Some(number.to_owned()),
            // Between two whole numbers there is none.
            ">" if is_whole && matches!(ty, "int" | "bigint") => low = next(1),
            "<" if is_whole && matches!(ty, "int" | "bigint") => high = next(-1),
            _ => return None,
        }
    }
    Some((low, high))
}

/// A condition of SQL in our words, as far as it has others.
pub(in crate::foreign) fn rule_of(rule: &str) -> String {
    let mut out = String::new();
    let mut rest = rule.trim();
    while let Some(it) = rest.chars().next() {
        let length = match it {
            '\'' | '"' => parts::quoted(rest),
            it if it.is_alphabetic() => parts::path(rest).0.len().max(1),
            '&' | '|' if rest.starts_with("&&") || rest.starts_with("||") => 2,
            '<' | '>' | '=' | '!' => rest
                .find(|it: char| !matches!(it, '<' | '>' | '=' | '!'))
                .unwrap_or(rest.len()),
            it => it.len_utf8(),
        };
        let (token, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let lower = token.to_ascii_lowercase();
        match (token, lower.as_str()) {
            ("=" | "===", _) => out.push_str("=="),
            ("<>" | "!==", _) => out.push_str("!="),
            ("&&", _) => out.push_str("and"),
            ("||", _) => out.push_str("or"),
            (_, "and" | "or" | "not" | "in" | "length" | "lower" | "upper") => out.push_str(&lower),
            (_, "char_length") => out.push_str("length"),
            _ => match parts::unquoted(token) {
                Some(inner) => out.extend(["\"", inner, "\""]),
                None => out.push_str(token),
            },
        }
        rest = behind;
    }
    match out.split_once(" in (") {
        Some((before, list)) if list.ends_with(')') && !list.contains(['(', '{']) => {
            format!("{before} in {{{}}}", list.trim_end_matches(')'))
        }
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::{bounds, rule_of};

    #[test]
    fn conditions_of_sql() {
        let ends = |rule, ty| bounds(rule, "total", ty);
        let number = |it: &str| Some(it.to_owned());
        assert_eq!(
            ends("total >= 0", "decimal(10, 2)"),
            Some((number("0"), None))
        );
        assert_eq!(
            ends("total > 0 and total < 10", "int"),
            Some((number("1"), number("9")))
        );
        assert_eq!(
            ends("total between 1 and 5", "int"),
            Some((number("1"), number("5")))
        );
        assert_eq!(ends("total > 0", "decimal(10, 2)"), None);
        assert_eq!(ends("total > other", "int"), None);
        assert_eq!(ends("total >= 0 or total <= 1", "int"), None);
        assert_eq!(rule_of("a <> 'x' AND b = 3"), "a != \"x\" and b == 3");
        assert_eq!(rule_of("a > 1 && b || c"), "a > 1 and b or c");
        assert_eq!(rule_of("kind IN ('a', 'b')"), "kind in {\"a\", \"b\"}");
    }
}
