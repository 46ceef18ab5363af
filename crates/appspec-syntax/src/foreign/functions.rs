//! Functions and methods of other languages.

use super::parts;

/// What is called like `function` elsewhere, around or behind a value.
pub(super) fn ours(function: &str) -> Option<&'static str> {
    Some(match function.to_ascii_lowercase().as_str() {
        "startswith" | "starts_with" | "hasprefix" => "starts_with",
        "endswith" | "ends_with" | "hassuffix" => "ends_with",
        "includes" | "contains" | "include" => "contains",
        "tolowercase" | "lower" | "tolower" | "lowercase" | "downcase" | "casefold" | "lcase" => {
            "lower"
        }
        "touppercase" | "upper" | "toupper" | "uppercase" | "upcase" | "ucase" => "upper",
        "trim" | "strip" | "btrim" => "trim",
        "length" | "len" | "size" | "char_length" | "character_length" => "length",
        "abs" => "abs",
        "round" => "round",
        "floor" => "floor",
        "ceil" | "ceiling" => "ceil",
        "min" | "least" => "min",
        "max" | "greatest" => "max",
        "now" | "utcnow" => "now",
        "today" => "today",
        "getfullyear" | "year" => "year",
        "date" => "date",
        "time" => "time",
        _ => return None,
    })
}

/// How many values a function takes.
fn arity(function: &str) -> std::ops::RangeInclusive<usize> {
    match function {
        "now" | "today" => 0..=0,
        "starts_with" | "ends_with" | "contains" | "min" | "max" => 2..=2,
        "round" => 1..=2,
        _ => 1..=1,
    }
}

/// What functions belong to elsewhere: their names are no values.
const HOMES: &[&str] = &[
    "Math",
    "math",
    "Date",
    "datetime",
    "DateTime",
    "timezone",
    "LocalDate",
    "LocalDateTime",
    "Instant",
    "date",
    "datetime.date",
    "datetime.datetime",
    "func",
    "models.functions",
];

/// `name.startsWith("a")` in our words: the value, the function, what stands in the brackets.
pub(super) fn call(receiver: &str, function: &str, arguments: &str) -> Option<String> {
    let given = parts::arguments(arguments);
    let given = given.iter().map(|it| requoted(it));
    if matches!(function, "equals" | "isEqual") {
        let [one] = given.collect::<Vec<_>>().try_into().ok()?;
        return Some(format!("{receiver} == {one}"));
    }
    let ours = ours(function)?;
    // `timezone.now(tz)` is another moment than ours.
    let is_home = HOMES.contains(&receiver);
    let values: Vec<String> = if is_home {
        given.collect()
    } else {
        std::iter::once(receiver.to_owned()).chain(given).collect()
    };
    let is_all = arity(ours).contains(&values.len());
    is_all.then(|| format!("{ours}({})", values.join(", ")))
}

/// `'a'` as `"a"`
fn requoted(value: &str) -> String {
    match parts::unquoted(value).filter(|_| value.starts_with('\'')) {
        Some(inner) => format!("\"{inner}\""),
        None => value.to_owned(),
    }
}

/// A value with calls behind it, `name.trim().toLowerCase()`, and how long it is.
pub(super) fn chain(text: &str) -> Option<(String, usize)> {
    let (path, mut rest) = parts::path(text);
    let (receiver, mut function) = path.rsplit_once('.')?;
    let mut value = receiver.to_owned();
    loop {
        let (inside, behind) = parts::group(rest)?;
        value = call(&value, function, inside)?;
        rest = behind;
        let Some(next) = rest.strip_prefix('.') else {
            return Some((value, text.len() - rest.len()));
        };
        let (name, behind) = parts::path(next);
        if behind.starts_with('(') {
            (function, rest) = (name, behind);
        } else {
            let ours = ours(name)?;
            return Some((format!("{ours}({value})"), text.len() - behind.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{call, chain};

    #[test]
    fn methods_are_functions_around_their_value() {
        for (receiver, function, arguments, meant) in [
            ("name", "startsWith", "\"a\"", "starts_with(name, \"a\")"),
            ("name", "endswith", "'a'", "ends_with(name, \"a\")"),
            ("a.name", "toLowerCase", "", "lower(a.name)"),
            ("Math", "round", "price", "round(price)"),
            ("Math", "max", "a, b", "max(a, b)"),
            ("timezone", "now", "", "now()"),
            ("name", "equals", "other", "name == other"),
        ] {
            assert_eq!(call(receiver, function, arguments).as_deref(), Some(meant));
        }
        assert_eq!(call("name", "replace", "\"a\", \"b\""), None);
        assert_eq!(call("name", "lower", "3"), None);
    }

    #[test]
    fn calls_behind_one_another() {
        let found = chain("name.trim().toLowerCase() == \"a\"");
        assert_eq!(found, Some(("lower(trim(name))".to_owned(), 25)));
        assert_eq!(chain("name.trim().length").unwrap().0, "length(trim(name))");
        assert_eq!(chain("name.trim().replace(1)"), None);
    }
}
