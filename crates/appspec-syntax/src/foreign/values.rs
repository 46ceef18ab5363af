//! Default values of other languages.

use super::parts;

/// What a default says here.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Default {
    Value(String),
    /// `null`: it starts out empty.
    Empty,
    /// A number that the database counts up: the key of the row.
    Counter,
}

/// What a default of another language is here, for a field of this type.
pub(super) fn default(written: &str, ty: &str) -> Option<Default> {
    let value = written.trim().trim_end_matches([',', ';']).trim();
    // `'open'::status`
    let value = value.split("::").next().unwrap_or(value).trim();
    let name = value.split('(').next().unwrap_or(value).trim();
    let last = name.rsplit(['.', ' ']).next().unwrap_or(name);
    let is_call = value.ends_with("()");
    let moment = if ty == "date" { "today()" } else { "now()" };
    let text = |it: &str| Some(Default::Value(it.to_owned()));
    match name.to_ascii_lowercase().as_str() {
        "null" | "none" | "nil" | "undefined" => return Some(Default::Empty),
        "autoincrement" | "nextval" => return Some(Default::Counter),
        "true" => return text("true"),
        "false" => return text("false"),
        "current_timestamp"
        | "current_date"
        | "localtimestamp"
        | "now"
        | "getdate"
        | "sysdate"
        | "timezone.now"
        | "datetime.now"
        | "datetime.utcnow"
        | "date.now"
        | "new date"
        | "date.today"
        | "datetime.date.today"
        | "today"
        | "sysdatetime" => return text(moment),
        "list" => return text("[]"),
        "dict" => return text("{}"),
        _ => {}
    }
    let makes_keys = [
        "uuid",
        "cuid",
        "ulid",
        "gen_random_uuid",
        "uuid_generate_v4",
        "uuid4",
        "randomuuid",
        "newid",
    ];
    if makes_keys.contains(&last.to_ascii_lowercase().as_str()) && (is_call || last != "uuid") {
        return text("uuid()");
    }
    if matches!(value, "[]" | "{}") {
        return text(value);
    }
    if matches!(value, "'{}'" | "\"{}\"") && ty == "json" {
        return text("{}");
    }
    if let Some(inner) = parts::unquoted(value) {
        // A default of an enum is one of its values.
        let is_value = super::types::is_ours(ty) || super::names::plain(inner).is_none();
        return Some(Default::Value(match (is_value, ty) {
            (_, "int" | "bigint" | "float") if is_number(inner) => inner.to_owned(),
            (true, _) => format!("\"{inner}\""),
            (false, _) => inner.to_owned(),
        }));
    }
    if ty == "bool" && matches!(value, "0" | "1") {
        return text(if value == "1" { "true" } else { "false" });
    }
    if is_number(value) {
        return text(value);
    }
    // `Status.OPEN`, `OPEN`
    let is_name = super::names::plain(last).is_some() && last == value.rsplit('.').next()?;
    (is_name && !super::types::is_ours(ty)).then(|| Default::Value(last.to_owned()))
}

pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    are_digits(whole) && are_digits(places)
}

#[cfg(test)]
mod tests {
    use super::{Default, default};

    #[test]
    fn what_is_understood() {
        let value = |written, ty| match default(written, ty) {
            Some(Default::Value(value)) => value,
            other => format!("{other:?}"),
        };
        for (written, ty, meant) in [
            ("now()", "datetime", "now()"),
            ("CURRENT_TIMESTAMP", "date", "today()"),
            ("gen_random_uuid()", "uuid", "uuid()"),
            ("uuid.uuid4", "uuid", "uuid()"),
            ("'a'::text", "text", "\"a\""),
            ("'open'", "Status", "open"),
            ("Status.OPEN", "Status", "OPEN"),
            ("USER", "Role", "USER"),
            ("-1.5", "decimal(4, 2)", "-1.5"),
            ("True", "bool", "true"),
            ("0", "bool", "false"),
            ("NULL", "int", "Some(Empty)"),
            ("autoincrement()", "int", "Some(Counter)"),
            ("dbgenerated(\"x\")", "text", "None"),
            ("a b", "text", "None"),
        ] {
            assert_eq!(value(written, ty), meant, "{written}");
        }
    }
}
