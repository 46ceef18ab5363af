//! `create type status as enum ('a', 'b')`, `export type Status = "a" | "b"`

use super::lines::words;
use super::{names, parts};
use crate::grammar::Rule;
use crate::stack;

/// The enum that a line declares as another language does: how long the words before its name are, and what to write.
pub(super) fn choices(text: &str) -> Option<(usize, String)> {
    let text = text.get(..text.len().min(super::LONGEST)).unwrap_or("");
    let (length, name, values) = sql(text).or_else(|| script(text))?;
    let values: Option<Vec<String>> = values
        .iter()
        .map(|it| value(parts::unquoted(it)?))
        .collect();
    let written = format!(
        "enum {} {{ {} }}",
        names::entity(&names::snake(name)),
        values?.join(", ")
    );
    stack::parse(Rule::only_item, &written)
        .is_ok()
        .then_some((length, written))
}

/// `in-work` is `in_work`; nothing if it is no name.
fn value(text: &str) -> Option<String> {
    let name = names::snake(&text.replace([' ', '-'], "_"));
    let is_name = name.starts_with(|it: char| it.is_ascii_lowercase())
        && name
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_');
    is_name.then_some(name)
}

fn sql(text: &str) -> Option<(usize, &str, Vec<&str>)> {
    let length = words(text, "create type")?;
    let (name, behind) = parts::path(text.get(length..)?.trim_start());
    let list = behind.get(words(behind, "as enum")?..)?.trim_start();
    let (inside, _) = parts::group(list)?;
    let name = name.rsplit('.').next()?;
    Some((length, name, parts::arguments(inside)))
}

fn script(text: &str) -> Option<(usize, &str, Vec<&str>)> {
    let length = words(text, "export type").or_else(|| words(text, "type"))?;
    let (name, behind) = parts::path(text.get(length..)?.trim_start());
    let union = behind.trim_start().strip_prefix('=')?;
    let values: Vec<&str> = union
        .trim()
        .trim_end_matches(';')
        .split('|')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    (values.len() > 1).then_some((length, name, values))
}

#[cfg(test)]
mod tests {
    use super::choices;

    #[test]
    fn values_in_quotes_are_an_enum() {
        let written = |text| choices(text).map(|(_, written)| written);
        for text in [
            "create type public.order_status as enum ('open', 'in-work');",
            "CREATE TYPE order_status AS ENUM (\n  'open',\n  'inWork'\n);",
        ] {
            assert_eq!(
                written(text).as_deref(),
                Some("enum OrderStatus { open, in_work }"),
                "{text}"
            );
        }
        assert_eq!(written("create type x as enum ('1st');"), None);
        assert_eq!(
            written("export type Size = \"small\" | \"large\";").as_deref(),
            Some("enum Size { small, large }")
        );
        assert_eq!(written("type Size = text"), None);
        assert_eq!(written("export type Order = z.infer<typeof Order>;"), None);
    }
}
