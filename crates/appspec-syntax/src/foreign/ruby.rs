//! `class Order < ApplicationRecord` and `create_table :orders do |t|` of Rails.

use super::lines::{Answer, words};
use super::tables::Table;
use super::{Dialect, is_member, names, parts, types};

/// The block that begins here, to its `end`.
pub(super) fn table(text: &str) -> Option<Table> {
    let header = text.lines().next().unwrap_or("").trim_end();
    let is_class = words(header, "class").is_some() && header.contains(" < ");
    let is_table = words(header, "create_table").is_some() && header.contains(" do ");
    if !(is_class || is_table) || header.contains('{') {
        return None;
    }
    let (mut entries, mut at, mut indent) = (Vec::new(), 0, None);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim();
        let depth = line.len() - line.trim_start().len();
        if start == 0 || content.is_empty() || content.starts_with('#') {
            continue;
        }
        if depth == 0 {
            // What is no `end` belongs to something else.
            at = if content == "end" { at } else { start };
            break;
        }
        if depth == *indent.get_or_insert(depth) {
            entries.push(start + depth..start + depth + content.len());
        }
    }
    Some(Table {
        dialect: Dialect::Ruby,
        entries,
        end: at,
        is_block: false,
        can_mend: false,
    })
}

/// The header of a table, `create_table :orders do |t|`: how long its words are, and the entity.
pub(super) fn header(line: &str) -> Option<(usize, String)> {
    let length = words(line, "create_table")?;
    let name = line.get(length..)?.trim_start();
    let name = name.trim_start_matches([':', '"', '\'']);
    let (name, _) = parts::path(name);
    (!name.is_empty()).then(|| (length, names::entity(name)))
}

/// A line of such a block.
pub(super) fn line(line: &str, here: Option<&str>) -> Option<Answer> {
    let (word, behind) = parts::path(line);
    let given = parts::arguments(behind);
    let name = symbol(given.first().copied().unwrap_or(""));
    let option = |wanted: &str| {
        given
            .iter()
            .filter_map(|it| it.split_once(':'))
            .find(|(key, _)| *key == wanted)
            .map(|(_, value)| value.trim())
    };
    let here = here.unwrap_or("Entity");
    let answer = |meant: String, help: String| {
        Some(Answer {
            length: line.len(),
            meant,
            help: Some(help),
            edit: None,
        })
    };
    let write = |field: String, more: &str| {
        if !is_member(&field) {
            return None;
        }
        answer(format!("`{field}`"), format!("write `{field}`{more}"))
    };
    match word {
        "belongs_to" | "t.belongs_to" | "t.references" => {
            let entity = names::entity(name?);
            let may_be_empty = if word == "belongs_to" {
                option("optional") == Some("true")
            } else {
                option("null") == Some("true")
            };
            let mark = if may_be_empty { "?" } else { "" };
            if option("polymorphic") == Some("true") {
                return write(
                    format!("{}: one of Order, Invoice{mark}", name?),
                    " with the entities that it can point to",
                );
            }
            write(format!("{}: {entity}{mark}", name?), "")
        }
        "has_many" | "has_one" => {
            let (entity, field) = (names::entity(name?), names::snake(here));
            let mark = if word == "has_one" { " unique" } else { "" };
            let delete = match option("dependent") {
                Some(":destroy" | ":delete_all") => " on delete cascade",
                _ => "",
            };
            answer(
                format!("`inverse {}` at the reference in `{entity}`", name?),
                format!(
                    "leave this line out, and write `{field}: {here}{mark}{delete} inverse {}` in `{entity}`",
                    name?
                ),
            )
        }
        "has_and_belongs_to_many" => {
            write(format!("{}: many {}", name?, names::entity(name?)), "")
        }
        "validates" => answer(
            "a bound, `unique` or an `invariant`".to_owned(),
            "say it behind the type of the field: `in 0..100`, `matches r\"…\"`, `unique`; what has no `?` is never missing"
                .to_owned(),
        ),
        "t.timestamps" => answer(
            "a mixin of the standard library".to_owned(),
            format!("write `use std.time.{{Timestamped}}` at the top, and `entity {here} with Timestamped {{`"),
        ),
        _ => {
            let written = word.strip_prefix("t.")?;
            let ty = match written {
                "string" | "text" => match option("limit") {
                    Some(limit) => format!("text({limit})"),
                    None => "text".to_owned(),
                },
                "binary" => "bytes".to_owned(),
                "decimal" => format!(
                    "decimal({}, {})",
                    option("precision").unwrap_or("12"),
                    option("scale").unwrap_or("2")
                ),
                other => types::written(other, None, None)?.0,
            };
            let mark = if option("null") == Some("false") { "" } else { "?" };
            let is_guess = written == "decimal" && option("precision").is_none();
            let more = if is_guess {
                "; 12 digits, 2 of them behind the point: write how many it has"
            } else {
                ""
            };
            write(format!("{}: {ty}{mark}", name?), more)
        }
    }
}

/// `:customer`, `"customer"`
fn symbol(text: &str) -> Option<&str> {
    let name = text.trim().trim_start_matches([':', '"', '\'']);
    let (name, _) = parts::path(name);
    (!name.is_empty()).then_some(name)
}
