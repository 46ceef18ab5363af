//! `@@validate(total > 0, "…")` and `@@allow('read', …)`, which `ZenStack` adds to the lines of Prisma.

use super::lines::Answer;
use super::{field, is_member, parts};

/// A line that says which rows there can be, or who may do what with them.
pub(super) fn member(line: &str) -> Option<Answer> {
    let behind = line.strip_prefix("@@")?;
    let (word, rest) = parts::path(behind);
    let (meant, help) = match word {
        "validate" => validated(rest),
        "allow" | "deny" => (
            "says: access rules are not in this version of appspec".to_owned(),
            "leave the line out: until then only a superuser can enter the admin site, and there is no other way in"
                .to_owned(),
        ),
        _ => return None,
    };
    Some(Answer {
        length: line.len(),
        meant,
        help: Some(help),
        edit: None,
    })
}

fn validated(rest: &str) -> (String, String) {
    let given = parts::group(rest).map_or_else(Vec::new, |(inside, _)| parts::arguments(inside));
    let rule = given
        .first()
        .map_or_else(String::new, |it| field::rule_of(it));
    let message = given.get(1).and_then(|it| parts::unquoted(it));
    let message = message.filter(|it| !it.contains(['"', '\\']));
    let message = message.map_or_else(String::new, |it| format!(" message \"{it}\""));
    let ours = format!("invariant validated: {rule}{message}");
    if is_member(&ours) {
        (format!("`{ours}`"), format!("write `{ours}`"))
    } else {
        let meant = "`invariant name: rule`".to_owned();
        let help = "write the rule as `invariant name: rule`".to_owned();
        (meant, help)
    }
}

#[cfg(test)]
mod tests {
    use super::member;

    #[test]
    fn rules_and_rights() {
        let help = |line: &str| member(line).and_then(|it| it.help).unwrap_or_default();
        assert_eq!(
            help("@@validate(total > 0 && open, 'Must be positive.')"),
            "write `invariant validated: total > 0 and open message \"Must be positive.\"`"
        );
        assert_eq!(
            help("@@validate(total."),
            "write the rule as `invariant name: rule`"
        );
        assert!(help("@@allow('read', auth() == owner)").starts_with("leave the line out"));
        assert!(member("@@map(\"orders\")").is_none());
    }
}
