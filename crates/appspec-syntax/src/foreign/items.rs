//! What other languages write at the top level.

use super::constraints::keys;
use super::lines::{Answer, words};
use super::{certain, choices, headers, names, parts, relationships, ruby};

/// A line at the top level that begins an item of another language; `whole` is the file.
pub(crate) fn item(line: &str, whole: &str) -> Option<Answer> {
    if let Some(header) = headers::header(line) {
        let entity = header.entity;
        return Some(Answer {
            length: header.length,
            meant: format!("`entity {entity} {{ … }}`"),
            help: Some(format!("write `entity {entity} {{`, its fields, and `}}`")),
            edit: None,
        });
    }
    if let Some((length, written)) = choices::choices(line) {
        return Some(Answer {
            length,
            meant: format!("`{written}`"),
            help: Some(format!("write `{written}`")),
            edit: None,
        });
    }
    if let Some((length, meant, help)) = relationships::block(line) {
        return Some(Answer {
            length,
            meant,
            help: Some(help),
            edit: None,
        });
    }
    if let Some((length, entity)) = ruby::header(line) {
        return Some(Answer {
            length,
            meant: format!("`entity {entity} {{ … }}`"),
            help: Some(format!("write `entity {entity} {{`, its fields, and `}}`")),
            edit: None,
        });
    }
    let skipped = before_keyword(line);
    for (start, meant) in ITEMS {
        let length = words(line, start).or_else(|| {
            let is_entity = skipped > 0 && meant.starts_with(ENTITY);
            let length = is_entity
                .then(|| words(line.get(skipped..)?, start))
                .flatten()?;
            Some(skipped + length)
        });
        if let Some(length) = length {
            let behind = line.lines().next().and_then(|line| line.get(length..));
            let name = meant
                .starts_with(ENTITY)
                .then(|| name_of(behind.unwrap_or("")))
                .flatten();
            let edit = behind
                .filter(|_| meant.starts_with(ENTITY))
                .and_then(certain::header);
            let index = (*start == "create index" || *start == "create unique index")
                .then(|| index(line.get(length..)?, start.contains("unique"), whole))
                .flatten();
            let (meant, help) = match (name, index) {
                (Some(name), _) => (
                    format!("`entity {name} {{ … }}`"),
                    edit.is_none()
                        .then(|| format!("write `entity {name} {{`, its fields, and `}}`")),
                ),
                (None, Some((table, written))) => (
                    format!("a line of the entity: `{written}`"),
                    Some(format!("write `{written}` in `{table}`")),
                ),
                (None, None) => ((*meant).to_owned(), None),
            };
            return Some(Answer {
                length,
                meant,
                help,
                edit,
            });
        }
    }
    let symbols = [
        ("#", "`//` before a comment"),
        ("--", "`//` before a comment"),
    ];
    let (written, meant) = symbols
        .iter()
        .find(|(written, _)| line.starts_with(written))?;
    Some(Answer {
        length: written.len(),
        meant: (*meant).to_owned(),
        help: None,
        edit: certain::remark(line.lines().next()?.get(written.len()..)?),
    })
}

/// How long the words are that stand before the keyword of a header, `export default class User {`.
pub(super) fn before_keyword(line: &str) -> usize {
    let mut rest = line;
    while let Some(word) = [
        "export", "default", "public", "abstract", "data", "final", "declare", "sealed",
    ]
    .iter()
    .find_map(|word| words(rest, word))
    {
        rest = rest
            .get(word..)
            .unwrap_or("")
            .trim_start_matches([' ', '\t']);
    }
    line.len() - rest.len()
}

/// The entity for what a header names.
pub(super) fn name_of(header: &str) -> Option<String> {
    let header = words(header, "if not exists")
        .and_then(|at| header.get(at..))
        .unwrap_or(header)
        .trim_start();
    let end = header.find([' ', '\t', '(', '{', ':', '<', '\n', '\r']);
    let written = end.and_then(|end| header.get(..end)).unwrap_or(header);
    let name = names::entity(written);
    names::plain(&name).is_some().then_some(name)
}

/// `users_email ON users (email)`: the entity, and its line.
fn index(text: &str, is_unique: bool, whole: &str) -> Option<(String, String)> {
    let text = text
        .lines()
        .next()
        .filter(|it| it.len() <= super::LONGEST)?;
    let at = text.to_ascii_lowercase().find(" on ")?;
    let (table, rest) = parts::path(text.get(at + 4..)?.trim_start());
    let list = rest.get(rest.find('(')?..)?;
    let kind = if is_unique { "unique index" } else { "index x" };
    let (inside, _) = parts::group(list)?;
    let entity = names::entity(table);
    let written = keys(&format!("{kind} ({inside})"), whole, Some(&entity))?;
    Some((entity, written))
}

/// How the answer to the header of a table begins.
const ENTITY: &str = "`entity ";

/// Whether a line begins like an item of another language.
pub(crate) fn begins_item(line: &str) -> bool {
    ITEMS.iter().any(|(start, _)| words(line, start).is_some())
}

const ITEMS: &[(&str, &str)] = &[
    ("model", "`entity Name { … }`"),
    ("create table", "`entity Name { … }`"),
    ("create index", "a line `index (a, b)` in the entity"),
    (
        "create unique index",
        "a line `unique (a, b)` in the entity",
    ),
    ("table", "`entity Name { … }`"),
    ("class", "`entity Name { … }`"),
    ("interface", "`entity Name { … }`"),
    ("struct", "`entity Name { … }`"),
    (
        "relationship",
        "a field whose type is the other entity, or `many Entity`",
    ),
    ("import", "`use module.{Name}`"),
    ("from", "`use module.{Name}`"),
    ("include", "`use module.{Name}`"),
    (
        "datasource",
        "nothing: the built project reads its database from the environment",
    ),
    (
        "generator",
        "nothing: `appspecc build` decides what is made",
    ),
    ("application", "`project name { … }`"),
    ("alter table", "the entity as it shall be; `was` renames"),
    ("abstract", "`mixin Name { … }`"),
];
