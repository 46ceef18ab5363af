//! `total: a <= 100`: a rule without the word that begins one.

use super::phrases::Phrase;
use super::{is_member, parts, shortened, types};

/// Answers a rule that is read as a field up to `at`.
pub(super) fn invariant(line: &str, at: usize) -> Option<Phrase> {
    let (before, behind) = line.split_at_checked(at)?;
    let (name, rest) = parts::path(before);
    let rule = rest.strip_prefix(':')?.trim_start();
    let (value, _) = parts::path(rule);
    // `b: int > 5` is a field with a bound.
    let is_value = value.starts_with(|it: char| it.is_lowercase()) && !types::is_ours(value);
    let written = format!("invariant {line}");
    let is_name = !name.is_empty() && !["derive", "invariant", "predicate"].contains(&name);
    let is_rule = is_name && is_value && goes_on(behind) && is_member(&written);
    is_rule.then(|| Phrase {
        place: 0..line.trim_end().len(),
        meant: "a rule, which begins with `invariant`".to_owned(),
        help: format!("write `{}`", shortened(&written)),
        edit: None,
    })
}

/// Whether a rule goes on here, and no field does.
fn goes_on(behind: &str) -> bool {
    let behind = behind.trim_start();
    let signs = ["<", ">", "==", "!=", "+", "-", "*"];
    let words = ["and", "implies", "is", "not", "or"];
    let (word, _) = parts::path(behind);
    signs.iter().any(|it| behind.starts_with(it)) || words.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::invariant;

    #[test]
    fn rules_without_their_word() {
        let help = |line: &str, at: &str| invariant(line, line.find(at).unwrap()).map(|it| it.help);
        for (line, at) in [
            ("total: a <= 100", "<="),
            ("ok: price == 3", "=="),
            ("both: a > 3 and b is set", ">"),
            ("there: b is set", "is set"),
        ] {
            let wanted = format!("write `invariant {line}`");
            assert_eq!(help(line, at), Some(wanted), "{line}");
        }
        for (line, at) in [
            ("a: int > 5", ">"),
            ("a: list<int>", "<"),
            ("a: List<int>", "<"),
            ("a: int not null", "not"),
            ("a: state = 5", "="),
            ("invariant: a > 5", ">"),
        ] {
            assert_eq!(help(line, at), None, "{line}");
        }
    }
}
