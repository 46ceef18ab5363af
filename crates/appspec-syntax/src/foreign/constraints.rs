//! Keys, indexes and constraints on lines of their own.

use super::lines::{Answer, words};
use super::{Around, field, names, parts, relations};

/// `constraint name check (…)`: its name, if it has one, and what follows.
pub(super) fn named_constraint(line: &str) -> Option<(Option<&str>, &str)> {
    let Some(length) = words(line, "constraint") else {
        let begins = words(line, "foreign key").or_else(|| words(line, "check"));
        return begins.map(|_| (None, line));
    };
    let rest = line.get(length..)?.trim_start();
    let (name, _) = parts::path(rest.trim_start_matches(['"', '`']));
    let rest = rest.trim_start_matches(['"', '`']).get(name.len()..)?;
    Some((names::plain(name), rest.trim_start_matches(['"', '`', ' '])))
}

/// A constraint of SQL that stands on a line of its own.
pub(super) fn table_constraint(
    name: Option<&str>,
    rest: &str,
    around: &Around<'_>,
) -> Option<Answer> {
    let written = if let Some(length) = words(rest, "check") {
        let (rule, _) = parts::group(rest.get(length..)?.trim_start())?;
        let rule = field::rule_of(rule);
        format!("invariant {}: {rule}", name.unwrap_or("checked"))
    } else if let Some(length) = words(rest, "foreign key") {
        let (column, behind) = parts::group(rest.get(length..)?.trim_start())?;
        let column = format!("{} int not null {behind}", names::plain(column)?);
        field::read(&column, around)?.write.ok()?
    } else {
        keys(rest, around.whole, around.entity().as_deref())?
    };
    super::is_member(&written).then(|| Answer {
        length: 0,
        meant: format!("`{written}`"),
        help: Some(format!("write `{written}`")),
        edit: None,
    })
}

/// `@@index([a, b])`, `unique key x (a, b)`: the fields between the brackets, in the words that we have.
/// What a reference holds is called like the reference.
pub(super) fn keys(line: &str, whole: &str, entity: Option<&str>) -> Option<String> {
    let line = parts::without_remark(line).trim_end_matches([',', ';']);
    let (kind, arguments) = KEYS.iter().find_map(|(start, kind)| {
        let behind = match line.strip_prefix(start).filter(|_| start.starts_with('@')) {
            Some(behind) => behind,
            None => line.get(words(line, start)?..)?.trim_start(),
        };
        // `unique key name (a, b)`
        let (_, unnamed) = parts::path(behind);
        let (inside, rest) = parts::group(unnamed.trim_start())?;
        let is_last =
            rest.trim().is_empty() && (start.starts_with('@') || behind.len() != line.len());
        is_last.then_some((*kind, inside))
    })?;
    let is_ours = line.starts_with(kind) && line.get(kind.len()..)?.trim_start().starts_with('(');
    let inside = arguments
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'))
        .map_or(arguments, |(inside, _)| inside);
    let fields = inside.split(',').map(|it| {
        let it = it.trim();
        let (name, more) = parts::path(it);
        let name = names::plain(if name.is_empty() { it } else { name })?;
        let descends = more.to_ascii_lowercase().contains("desc");
        let mark = if descends && kind == "index" {
            " desc"
        } else {
            ""
        };
        let field = if entity.is_some() {
            relations::field(whole, entity, name)
        } else {
            names::snake(name)
        };
        Some(format!("{field}{mark}"))
    });
    let fields: Vec<String> = fields.collect::<Option<_>>()?;
    let written = format!("{kind} ({})", fields.join(", "));
    (!is_ours && super::is_member(&written)).then_some(written)
}

/// What lists the fields of a set or an index elsewhere.
const KEYS: &[(&str, &str)] = &[
    ("@@unique", "unique"),
    ("@@index", "index"),
    ("unique key", "unique"),
    ("unique index", "unique"),
    ("unique", "unique"),
    ("index", "index"),
    ("key", "index"),
];
