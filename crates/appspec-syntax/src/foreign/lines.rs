//! Foreign spellings that the grammar can't read: looked for in junk only, so they cost nothing in a
//! file that is right and can never change what a right file means.

use super::certain::{self, Column};
use super::types::meant;

/// An answer to a foreign spelling.
pub(crate) struct Answer {
    /// How many bytes of the looked-at text it is about.
    pub(crate) length: usize,
    /// "in appspec it is …", or what to do in its place.
    pub(crate) meant: String,
    /// What to put there, when that is certain.
    pub(crate) edit: Option<String>,
}

/// The rest of a line, from the place where it could not be read any further.
pub(crate) fn rest(text: &str, in_field: bool) -> Option<Answer> {
    let line = text.lines().next().unwrap_or("");
    for (written, meant) in REST {
        if let Some(length) = words(line, written) {
            let behind = line.get(length..).unwrap_or("");
            let edit = match *written {
                "default" => certain::default(behind),
                "asc" => Some(String::new()),
                _ => meant.is_empty().then(String::new),
            };
            let meant = if meant.is_empty() {
                "said by a field without `?`: leave it out"
            } else {
                meant
            };
            return Some(Answer {
                length,
                meant: meant.to_owned(),
                edit,
            });
        }
    }
    let generics = if in_field { IN_FIELD } else { &[] };
    let mut symbols = ANYWHERE.iter().chain(generics);
    if let Some((written, meant, edit)) = symbols.find(|(written, _, _)| line.starts_with(written))
    {
        let edit = match *written {
            "#" | "--" => certain::remark(line.get(written.len()..).unwrap_or("")),
            "," | ";" => certain::separator(line.get(written.len()..).unwrap_or("")),
            _ => edit.map(str::to_owned),
        };
        return Some(Answer {
            length: written.len(),
            meant: (*meant).to_owned(),
            edit,
        });
    }
    attribute(line)
}

/// Words behind a type, upper or lower case; no meaning: drop them.
const REST: &[(&str, &str)] = &[
    ("not null", ""),
    ("required", ""),
    ("null", "`?` directly behind the type"),
    ("nullable", "`?` directly behind the type"),
    ("optional", "`?` directly behind the type"),
    (
        "primary key",
        "nothing: every entity has a key `id` of its own",
    ),
    (
        "auto_increment",
        "nothing: every entity has a key `id` of its own",
    ),
    ("default", "`= value`"),
    (
        "references",
        "the name of the other entity as the type: `author: Author on delete cascade`",
    ),
    (
        "check",
        "a bound such as `in 0..100`, or a line `invariant name: rule`",
    ),
    ("between", "`in low..high`"),
    ("like", "`starts_with(…)`, `ends_with(…)` or `contains(…)`"),
    (
        "asc",
        "nothing: ascending is what happens when nothing is said",
    ),
];

/// A symbol, what it is here, and what to put in its place.
type Symbol = (&'static str, &'static str, Option<&'static str>);

const ANYWHERE: &[Symbol] = &[
    (
        ";",
        "the end of the line: nothing else ends a member",
        Some(""),
    ),
    ("#", "`//` before a comment", None),
    ("--", "`//` before a comment", None),
];

const IN_FIELD: &[Symbol] = &[
    (
        ",",
        "the end of the line: members are not separated by commas",
        Some(""),
    ),
    (
        "[]",
        "`list of` before the type, or `many` before an entity",
        None,
    ),
    (
        "<",
        "`list of T`, `many Entity` or `T?`: types have no parameters in `<…>`",
        None,
    ),
    (
        "[",
        "`list of T`, `many Entity` or `T?`: types have no parameters in `[…]`",
        None,
    ),
    ("|", "one type; values to choose from are an `enum`", None),
    ("->", "the name of the other entity as the type", None),
];

/// `@unique`, `@default(now())` and the like behind a field.
fn attribute(line: &str) -> Option<Answer> {
    let name = line.strip_prefix('@')?;
    let word = name
        .find(|it: char| !it.is_alphanumeric() && it != '_')
        .unwrap_or(name.len());
    let (meant, edit) = match name.get(..word)? {
        "id" => ("nothing: every entity has a key `id` of its own", None),
        "unique" => ("`unique`", Some("unique".to_owned())),
        "default" => ("`= value`", None),
        "relation" => ("the name of the other entity as the type", None),
        "updatedAt" => ("`touched`", Some("touched".to_owned())),
        "map" => ("the name itself; `was old_name` renames", None),
        _ => ("a word behind the type, without `@`", None),
    };
    Some(Answer {
        length: word + 1,
        meant: meant.to_owned(),
        edit,
    })
}

/// A whole line of an entity that somebody wrote as in another language.
pub(crate) fn member(line: &str) -> Option<Answer> {
    let line = line.lines().next().unwrap_or("").trim_end();
    let whole = |meant: String| {
        Some(Answer {
            length: line.len(),
            meant,
            edit: None,
        })
    };
    for (start, meant) in MEMBERS {
        if words(line, start).is_some() || (start.starts_with('@') && line.starts_with(start)) {
            return whole((*meant).to_owned());
        }
    }
    let (name, behind) = identifier(line)?;
    if let Some(kind) = behind.strip_prefix('=').map(str::trim_start) {
        let field = kind.strip_prefix("models.").unwrap_or(kind);
        let (class, _) = identifier(field)?;
        let ty = meant(class).or_else(|| field.contains("ForeignKey").then_some("Entity"))?;
        return whole(format!("`{name}: {ty}`"));
    }
    if let Some(rest) = behind.strip_prefix("?:") {
        let told = whole(format!("`{name}: type?`, the `?` behind the type"));
        let (ty, rest) = identifier(rest.trim_start()).unwrap_or(("", rest));
        let ty = format!("{}?", meant(ty).unwrap_or(ty));
        let edit = (ty.len() > 1).then(|| Column { name, ty, rest }.field());
        return told.map(|told| Answer {
            edit: edit.flatten(),
            ..told
        });
    }
    let (ty, more) = identifier(behind)?;
    let foreign = meant(ty)
        .filter(|_| !matches!(name, "shown" | "sorted" | "unique" | "index" | "identified"))?;
    let lower = more.to_lowercase();
    if lower.contains("@id") || lower.contains("primary key") {
        let told = whole("nothing: every entity has a key `id` of its own".to_owned());
        return told.map(|told| Answer {
            edit: (name == "id").then(String::new),
            ..told
        });
    }
    let size = more
        .starts_with('(')
        .then(|| more.find(')').and_then(|end| more.get(..=end)));
    let size = size
        .flatten()
        .filter(|_| matches!(foreign, "text"))
        .unwrap_or("");
    let optional = if more.starts_with('?') { "?" } else { "" };
    let list = if more.starts_with("[]") {
        "list of "
    } else {
        ""
    };
    let unique = if lower.contains("unique") {
        " unique"
    } else {
        ""
    };
    let told = whole(format!("`{name}: {list}{foreign}{size}{optional}{unique}`"));
    let rest = more.strip_prefix(size).unwrap_or(more);
    let column = Column {
        name,
        ty: format!("{list}{foreign}{size}"),
        rest: if list.is_empty() {
            rest
        } else {
            rest.trim_start_matches("[]")
        },
    };
    told.map(|told| Answer {
        edit: column.field(),
        ..told
    })
}

const MEMBERS: &[(&str, &str)] = &[
    ("@@unique", "`unique (a, b)`"),
    ("@@index", "`index (a, b)`"),
    ("@@id", "nothing: every entity has a key `id` of its own"),
    ("@@", "nothing: tables are named by the entity"),
    (
        "foreign key",
        "the name of the other entity as the type: `author: Author on delete cascade`",
    ),
    (
        "primary key",
        "nothing: every entity has a key `id` of its own",
    ),
    ("constraint", "`invariant name: rule` or `unique (a, b)`"),
    ("check", "`invariant name: rule`"),
    ("key", "`index (a, b)`"),
    (
        "class meta",
        "members of the entity: `sorted by`, `shown as`, `unique (a, b)`, `index (a, b)`",
    ),
    ("def", "nothing: code belongs into the built project"),
];

/// A line at the top level that begins an item of another language.
pub(crate) fn item(line: &str) -> Option<Answer> {
    for (start, meant) in ITEMS {
        if let Some(length) = words(line, start) {
            let behind = line.lines().next().and_then(|line| line.get(length..));
            let is_entity = meant.starts_with("`entity ");
            return Some(Answer {
                length,
                meant: (*meant).to_owned(),
                edit: behind.filter(|_| is_entity).and_then(certain::header),
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
        edit: certain::remark(line.lines().next()?.get(written.len()..)?),
    })
}

/// Whether a line begins like an item of another language.
pub(crate) fn begins_item(line: &str) -> bool {
    ITEMS.iter().any(|(start, _)| words(line, start).is_some())
}

const ITEMS: &[(&str, &str)] = &[
    ("model", "`entity Name { … }`"),
    ("create table", "`entity Name { … }`"),
    ("create index", "a line `index (a, b)` in the entity"),
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

/// Whether `line` begins with these words, in any case; how long they are.
fn words(line: &str, wanted: &str) -> Option<usize> {
    let mut at = 0;
    for word in wanted.split(' ') {
        let rest = line.get(at..)?;
        at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let head = line.get(at..at + word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        at += word.len();
    }
    let goes_on = line
        .get(at..)?
        .starts_with(|it: char| it.is_alphanumeric() || it == '_');
    (!goes_on).then_some(at)
}

/// The identifier at the start, and what follows it and its blanks.
fn identifier(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|it: char| !it.is_alphanumeric() && it != '_')
        .unwrap_or(text.len());
    let (word, behind) = text.split_at_checked(end)?;
    (!word.is_empty()).then(|| (word, behind.trim_start()))
}
