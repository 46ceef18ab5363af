//! `text title`, `Customer buyer?`: the type before the name.

use super::lines::Answer;
use super::{is_member, parts, shortened, types};

/// Answers a line that gives a type and a name behind it.
pub(super) fn field(line: &str) -> Option<Answer> {
    let (ty, behind) = parts::path(line);
    let (arguments, behind) = match parts::group(behind) {
        Some((inside, behind)) => (Some(inside), behind),
        None => (None, behind),
    };
    let optional = behind.starts_with('?');
    let behind = behind.strip_prefix('?').unwrap_or(behind);
    let rest = behind.strip_prefix(' ')?.trim_start();
    let (name, clauses) = parts::path(rest);
    // `email email` only lacks its `:`.
    let is_other = name != ty && !name.contains('.');
    let is_name = name.starts_with(|it: char| it.is_lowercase()) && is_other;
    let goes_on = clauses.trim_start().starts_with([':', '(']);
    if !is_name || goes_on {
        return None;
    }
    let is_entity = ty.starts_with(|it: char| it.is_uppercase()) && arguments.is_none();
    let (ours, certain) = match types::written(ty, arguments, None) {
        Some(found) => found,
        None if is_entity => (ty.to_owned(), true),
        None => return None,
    };
    // `number int`: people call fields `number`, and nobody calls one `string`.
    let is_never_a_name = ["boolean", "integer", "string", "timestamp", "varchar"].contains(&ty);
    if types::is_ours(name) && !types::is_ours(ty) && !is_never_a_name {
        return None;
    }
    let optional = if optional || clauses.starts_with('?') {
        "?"
    } else {
        ""
    };
    let clauses = clauses.strip_prefix('?').unwrap_or(clauses);
    let whole = format!("{name}: {ours}{optional}{clauses}");
    // `phone number`: either of them may be meant as the type.
    let other = types::written(name, None, None)
        .filter(|_| types::is_ours(ty))
        .map(|(second, _)| format!("{ty}: {second}"));
    is_member(&whole).then(|| Answer {
        length: line.len(),
        meant: format!("`{}`, the name first", shortened(&whole)),
        help: other
            .as_ref()
            .filter(|other| is_member(other))
            .map(|other| format!("write `{}`, or `{other}`", shortened(&whole))),
        edit: (certain && other.is_none()).then_some(whole),
    })
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn types_before_names() {
        for (line, whole) in [
            ("text title", "title: text"),
            ("int age", "age: int"),
            ("string(80) name unique", "name: text(80) unique"),
            ("Customer buyer?", "buyer: Customer?"),
            ("datetime? closed_at", "closed_at: datetime?"),
            ("decimal(8, 2) price = 0", "price: decimal(8, 2) = 0"),
        ] {
            let edit = field(line).and_then(|it| it.edit);
            assert_eq!(edit.as_deref(), Some(whole), "{line}");
        }
    }

    #[test]
    fn what_may_be_either_is_not_mended() {
        for (line, help) in [
            ("text email", "write `email: text`, or `text: email`"),
            ("phone number", "write `number: phone`, or `phone: int`"),
        ] {
            let answer = field(line).unwrap();
            assert_eq!(answer.edit, None, "{line}");
            assert_eq!(answer.help.as_deref(), Some(help), "{line}");
        }
    }

    #[test]
    fn names_before_types_are_told_elsewhere() {
        for line in [
            "title text",
            "number int",
            "buyer Customer",
            "age",
            "email email unique",
            "text: email",
            "text (a)",
        ] {
            assert!(field(line).is_none(), "{line}");
        }
    }
}
