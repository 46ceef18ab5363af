//! Foreign spellings that the grammar can't read: looked for in junk only, so they cost nothing in a
//! file that is right and can never change what a right file means.

use super::constraints::{keys, named_constraint, table_constraint};
use super::parts;
use super::{
    Around, Dialect, certain, decorators, field, nearly, numbers, reversed, ruby, serial, values,
    zenstack,
};

/// An answer to a foreign spelling.
pub(crate) struct Answer {
    /// How many bytes of the looked-at text it is about.
    pub(crate) length: usize,
    /// "in appspec it is …", or what to do in its place.
    pub(crate) meant: String,
    /// What to do, when that says more than what is meant.
    pub(crate) help: Option<String>,
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
                help: None,
                edit,
            });
        }
    }
    let stays = STAYS
        .iter()
        .filter(|_| in_field)
        .find_map(|it| words(line, it));
    // `frozen when` is a member of its own.
    if let Some(length) = stays
        && line
            .get(length..)
            .is_some_and(|it| words(it, "when").is_none())
    {
        return Some(Answer {
            length,
            meant: "`immutable`".to_owned(),
            help: None,
            edit: Some("immutable".to_owned()),
        });
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
            help: None,
            edit,
        });
    }
    numbers::grouped(line).or_else(|| attribute(line))
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
    ("auto_increment", serial::COUNTS),
    ("autoincrement", serial::COUNTS),
    ("default", "`= value`"),
    ("auto_now_add", "`= now()`"),
    ("auto_now", "`= now() touched`"),
    ("blank", "`?` directly behind the type"),
    ("max_length", "the number behind the type: `text(80)`"),
    (
        "choices",
        "an enum of its own: `enum Name { one, two }`, with its name as the type",
    ),
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

/// Words behind a type that say that a value never changes.
const STAYS: &[&str] = &["const", "final", "frozen", "readonly"];

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
    ("!", "said by a field without `?`: leave it out", Some("")),
    ("|", "one type; values to choose from are an `enum`", None),
    ("->", "the name of the other entity as the type", None),
];

/// `@unique`, `@default(now())` and the like behind a field.
fn attribute(line: &str) -> Option<Answer> {
    let name = line.strip_prefix('@')?;
    let (word, behind) = parts::path(name);
    let arguments = parts::group(behind);
    let length = arguments.map_or(word.len() + 1, |(_, rest)| line.len() - rest.len());
    let given = arguments.map_or("", |(inside, _)| inside);
    let (meant, edit) = match word {
        "id" => (
            "nothing: every entity has a key `id` of its own".to_owned(),
            None,
        ),
        "unique" => match super::constraints::keys(&format!("@{line}"), "", None) {
            // It lists what is only told apart together, which is more than the field before it.
            Some(keys) if given.contains('[') => (format!("`{keys}`, on a line of its own"), None),
            _ if given.is_empty() || given.starts_with("map:") => {
                ("`unique`".to_owned(), Some("unique".to_owned()))
            }
            _ => (
                "`unique`, or `unique (a, b)` on a line of its own".to_owned(),
                None,
            ),
        },
        "default" => match values::default(given, "Enum") {
            Some(values::Default::Value(value)) => {
                // Between texts and values of an enum, the type decides, which stands elsewhere.
                let is_text = given.starts_with(['"', '\'']);
                let value = if is_text {
                    given.replace('\'', "\"")
                } else {
                    value
                };
                (format!("`= {value}`"), Some(format!("= {value}")))
            }
            _ if given.starts_with("autoincrement") => (serial::COUNTS.to_owned(), None),
            _ => (
                "set in code: a default is a constant, `now()`, `today()` or `uuid()`".to_owned(),
                None,
            ),
        },
        "relation" => {
            let options = parts::arguments(given);
            let on_delete = options.iter().find_map(|it| it.strip_prefix("onDelete:"));
            let kind = match on_delete.map(str::trim) {
                Some("Cascade") => Some("on delete cascade"),
                Some("Restrict") => Some("on delete restrict"),
                Some("SetNull") => Some("on delete set null"),
                Some(_) => None,
                None => Some(""),
            };
            let meant = match kind {
                Some("") => "nothing: the name of the other entity is the type".to_owned(),
                Some(kind) => format!("`{kind}`"),
                None => "`on delete` and one of `cascade`, `protect`, `restrict` and `set null`"
                    .to_owned(),
            };
            (meant, kind.map(str::to_owned))
        }
        "updatedAt" => (
            "`= now() touched`".to_owned(),
            Some("= now() touched".to_owned()),
        ),
        "map" => ("the name itself; `was old_name` renames".to_owned(), None),
        _ => ("a word behind the type, without `@`".to_owned(), None),
    };
    Some(Answer {
        length,
        meant,
        help: None,
        edit,
    })
}

/// A whole line of an entity that somebody wrote as in another language.
pub(crate) fn member(line: &str, around: &Around<'_>) -> Option<Answer> {
    let line = line.lines().next().unwrap_or("").trim_end();
    if line.len() > super::LONGEST {
        return None;
    }
    let whole = |meant: String, help: Option<String>| {
        Some(Answer {
            length: line.len(),
            meant,
            help,
            edit: None,
        })
    };
    if around.dialect == Some(Dialect::Ruby) {
        return ruby::line(line, around.entity().as_deref());
    }
    if is_append_only(line) {
        let length = parts::without_remark(line).trim_end().len();
        return Some(Answer {
            length,
            meant: "`append only`".to_owned(),
            help: None,
            edit: Some("append only".to_owned()),
        });
    }
    if let Some(answer) = nearly::member(line) {
        return Some(answer);
    }
    if let Some((constraint, rest)) = named_constraint(line)
        && let Some(answer) = table_constraint(constraint, rest, around)
    {
        return Some(Answer {
            length: line.len(),
            ..answer
        });
    }
    if let Some(written) = keys(line, around.whole, around.entity().as_deref()) {
        return whole(format!("`{written}`"), Some(format!("write `{written}`")));
    }
    if line.starts_with('@') && !line.starts_with("@@") {
        // In a class, the field below tells what they say.
        let is_told = around.dialect == Some(Dialect::Script);
        return decorators::member(line, around).filter(|_| !is_told);
    }
    if let Some(answer) = zenstack::member(line) {
        return Some(answer);
    }
    for (start, meant) in MEMBERS {
        if words(line, start).is_some() || (start.starts_with('@') && line.starts_with(start)) {
            return whole((*meant).to_owned(), None);
        }
    }
    if matches!(around.dialect, None | Some(Dialect::Script))
        && let Some(answer) = reversed::field(parts::without_remark(line))
    {
        return Some(answer);
    }
    let found = field::read(line, around)?;
    let length = parts::without_remark(line).len();
    let edit = found
        .is_certain
        .then(|| found.write.clone().unwrap_or_default());
    let also = found.also;
    let (meant, help) = match found.write {
        Ok(write) => {
            let (second, below) = match found.rule {
                Some(rule) => (
                    format!(" and `{rule}`"),
                    format!(", and on the next line `{rule}`"),
                ),
                None => (String::new(), String::new()),
            };
            let also = also.map(|also| format!("; {also}")).unwrap_or_default();
            (
                format!("`{write}`{second}"),
                format!("write `{write}`{below}{also}"),
            )
        }
        Err(meant) => (
            meant,
            also.unwrap_or_else(|| "leave the line out".to_owned()),
        ),
    };
    Some(Answer {
        length,
        meant,
        help: Some(help),
        edit,
    })
}

/// `append_only`, `appendonly`
fn is_append_only(line: &str) -> bool {
    let line = parts::without_remark(line).trim_end_matches([',', ';', ' ']);
    ["append_only", "append-only", "appendonly", "appendOnly"].contains(&line)
}

const MEMBERS: &[(&str, &str)] = &[
    ("@@unique", "`unique (a, b)`"),
    ("@@index", "`index (a, b)`"),
    ("@@id", "nothing: every entity has a key `id` of its own"),
    ("@@map", "nothing: tables are named by the entity"),
    ("@@schema", "nothing: tables are named by the entity"),
    ("@@", "says: nothing in appspec says the same"),
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

/// Whether `line` begins with these words, in any case; how long they are.
pub(super) fn words(line: &str, wanted: &str) -> Option<usize> {
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
