//! Members in nearly our words: `soft_delete`, `versioned`, `no overlap of a to b`, `assert x > 3`, `invariant x when a: b`.

use super::lines::{Answer, words};
use super::{is_member, parts, shortened};

/// Answers a line that is a member in other words.
pub(super) fn member(line: &str) -> Option<Answer> {
    let line = parts::without_remark(line).trim_end_matches([',', ';', ' ']);
    soft_delete(line)
        .or_else(|| audited(line))
        .or_else(|| unique_together(line))
        .or_else(|| no_overlap(line))
        .or_else(|| assertion(line))
        .or_else(|| on_change(line))
        .or_else(|| invariant_when(line))
}

/// `whole` is what to write in the place of the line; nothing if that can't be read.
fn certainly(line: &str, whole: String) -> Option<Answer> {
    is_member(&whole).then(|| Answer {
        length: line.len(),
        meant: format!("`{}`", shortened(&whole)),
        help: None,
        edit: Some(whole),
    })
}

/// As [`certainly`], where something is to be chosen.
fn perhaps(line: &str, whole: &str, also: &str) -> Option<Answer> {
    is_member(whole).then(|| Answer {
        length: line.len(),
        meant: format!("`{}`", shortened(whole)),
        help: Some(format!("write `{}`{also}", shortened(whole))),
        edit: None,
    })
}

/// Without `: true`.
fn bare(line: &str) -> &str {
    line.strip_suffix("true").map_or(line, |it| {
        it.trim_end().trim_end_matches([':', '=']).trim_end()
    })
}

/// `audit`, `@audited`, `versioned: true`, `has_paper_trail`
fn audited(line: &str) -> Option<Answer> {
    let bare = bare(line);
    let word = bare.trim_start_matches('@').trim_end_matches("()");
    let theirs = [
        "audited",
        "Audited",
        "audit",
        "Audit",
        "auditable",
        "Auditable",
        "audit_log",
        "audit log",
        "audit trail",
        "versioned",
        "Versioned",
        "has_paper_trail",
        "paper_trail",
        "simple_history",
        "history",
        "track changes",
        "history = HistoricalRecords",
    ];
    (theirs.contains(&word) && line != "audited").then_some(())?;
    certainly(line, "audited".to_owned())
}

/// `soft_delete`, `softDelete`, `soft delete: true`
fn soft_delete(line: &str) -> Option<Answer> {
    let bare = bare(line);
    let ours = [
        "soft delete",
        "soft_delete",
        "soft-delete",
        "softDelete",
        "softdelete",
        "SoftDelete",
    ];
    (ours.contains(&bare) && line != "soft delete").then_some(())?;
    certainly(line, "soft delete".to_owned())
}

/// `unique_together (a, b)`
fn unique_together(line: &str) -> Option<Answer> {
    let length = words(line, "unique_together").or_else(|| words(line, "unique together"))?;
    let behind = line.get(length..)?.trim_start();
    let keys = behind.trim_start_matches([':', '=']).trim_start();
    certainly(line, format!("unique {}", keys.replace(['"', '\''], "")))
}

/// `no overlap of a to b`, `no overlap a until b`, `no overlap (a, b)`
fn no_overlap(line: &str) -> Option<Answer> {
    let rest = line.get(words(line, "no overlap")?..)?.trim_start();
    let has_of = words(rest, "of");
    let ends = rest.get(has_of.unwrap_or(0)..)?.trim_start();
    let or_through = "; with `through` the second one belongs to the stretch";
    if let Some((inside, behind)) = parts::group(ends) {
        let (from, to) = inside.split_once(',')?;
        let whole = format!("no overlap of {} until {}{behind}", from.trim(), to.trim());
        return perhaps(line, &whole, or_through);
    }
    let (from, behind) = parts::path(ends);
    let behind = behind.trim_start();
    if let Some(length) = words(behind, "to").or_else(|| words(behind, "and")) {
        let whole = format!("no overlap of {from} until{}", behind.get(length..)?);
        return perhaps(line, &whole, or_through);
    }
    has_of.is_none().then_some(())?;
    certainly(line, format!("no overlap of {ends}"))
}

/// `assert x > 3`, `assert x: x > 3`
fn assertion(line: &str) -> Option<Answer> {
    let begins = ["assert", "ensure", "require", "validate"];
    let length = begins.iter().find_map(|word| words(line, word))?;
    let rule = line.get(length..)?.trim_start();
    // A field can be called so.
    if rule.starts_with(':') {
        return None;
    }
    certainly(line, format!("invariant {rule}")).or_else(|| {
        perhaps(
            line,
            &format!("invariant name: {rule}"),
            ", with a name that says what it keeps",
        )
    })
}

/// `on change: x > old.x`, `invariant grows on change: x > old.x`
fn on_change(line: &str) -> Option<Answer> {
    let (head, rule) = line.split_once(':')?;
    let name = head.trim_end().strip_suffix("on change")?.trim_end();
    let lower = rule.to_ascii_lowercase();
    let (field, _) = parts::path(rule.get(lower.find("old.")? + "old.".len()..)?);
    let (field, _) = field.split_once('.').unwrap_or((field, ""));
    let (name, also) = match name.strip_prefix("invariant ") {
        Some(name) => (name.trim(), ""),
        None if name.is_empty() => ("name", ", with a name that says what it keeps"),
        None => return None,
    };
    let whole = format!("invariant {name} on change of {field}:{rule}");
    perhaps(line, &whole, also)
}

/// `invariant x when a > 3: b is set`
fn invariant_when(line: &str) -> Option<Answer> {
    let rest = line.strip_prefix("invariant ")?.trim_start();
    let (name, rest) = parts::path(rest);
    let rest = rest.trim_start();
    let length = words(rest, "when").or_else(|| words(rest, "if"))?;
    let (condition, rule) = rest.get(length..)?.split_once(':')?;
    let (rule, message) = match rule.find(" message ") {
        Some(at) => rule.split_at(at),
        None => (rule, ""),
    };
    let (condition, rule) = (grouped(condition.trim()), grouped(rule.trim()));
    certainly(
        line,
        format!("invariant {name}: {condition} implies {rule}{message}"),
    )
}

/// In parentheses where another operator would come between.
fn grouped(rule: &str) -> String {
    let joins = [" and ", " or ", " implies "];
    if joins.iter().any(|word| rule.contains(word)) {
        format!("({rule})")
    } else {
        rule.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::member;

    #[test]
    fn certain_ones() {
        for (line, ours) in [
            ("soft_delete", "soft delete"),
            ("softDelete", "soft delete"),
            ("soft delete: true", "soft delete"),
            ("audit", "audited"),
            ("@audited", "audited"),
            ("audited: true", "audited"),
            ("versioned", "audited"),
            ("has_paper_trail", "audited"),
            ("history = HistoricalRecords()", "audited"),
            ("unique_together (a, b)", "unique (a, b)"),
            ("unique_together = (\"a\", \"b\")", "unique (a, b)"),
            (
                "no overlap a until b per c",
                "no overlap of a until b per c",
            ),
            ("assert small: x > 3", "invariant small: x > 3"),
            (
                "invariant x when a > 3: b is set",
                "invariant x: a > 3 implies b is set",
            ),
            (
                "invariant x when a > 3 and c: b is set message \"No.\"",
                "invariant x: (a > 3 and c) implies b is set message \"No.\"",
            ),
        ] {
            let found = member(line).unwrap();
            assert_eq!(found.edit.as_deref(), Some(ours), "{line}");
        }
    }

    #[test]
    fn ones_that_leave_a_choice() {
        for (line, help) in [
            (
                "no overlap of a to b per c",
                "write `no overlap of a until b per c`; with `through` the second one belongs to the stretch",
            ),
            (
                "no overlap (a, b)",
                "write `no overlap of a until b`; with `through` the second one belongs to the stretch",
            ),
            (
                "assert x > 3",
                "write `invariant name: x > 3`, with a name that says what it keeps",
            ),
            (
                "on change: x > old.x",
                "write `invariant name on change of x: x > old.x`, with a name that says what it keeps",
            ),
            (
                "invariant up on change: x > old.x",
                "write `invariant up on change of x: x > old.x`",
            ),
        ] {
            let found = member(line).unwrap();
            assert_eq!(found.help.as_deref(), Some(help), "{line}");
            assert_eq!(found.edit, None, "{line}");
        }
    }

    #[test]
    fn others() {
        for line in [
            "soft delete",
            "soft_delete: bool",
            "audited",
            "history: text",
            "audit: bool = true",
            "assert: bool x",
            "unique (a, b",
            "no overlap of a until b per",
            "on change: x > 3",
            "invariant x: a > 3 b",
        ] {
            assert!(member(line).is_none(), "{line}");
        }
    }
}
