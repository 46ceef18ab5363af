//! A field as another language writes it, on a line of its own: read to its end, so that nothing that it says is lost without
//! a word.

mod clauses;
mod column;
mod conditions;
mod decorated;
mod django;
mod graphql;
mod mongoose;
mod script;
mod zod;

use super::parts;
use super::{Around, Dialect, decorators, names, relations, serial, types};

/// What a line of another language says about a field.
#[derive(Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a word that a line can hold or not"
)]
pub(super) struct Field {
    name: String,
    ty: String,
    /// `list of ` or `many `.
    many: &'static str,
    optional: Option<bool>,
    low: Option<String>,
    high: Option<String>,
    pattern: Option<String>,
    size: Option<String>,
    default: Option<String>,
    unique: bool,
    indexed: bool,
    touched: bool,
    immutable: bool,
    on_delete: Option<&'static str>,
    inverse: Option<String>,
    /// A rule that needs a line of its own.
    rule: Option<String>,
    /// What has no place here, and why.
    lost: Vec<(String, &'static str)>,
    /// What the type can be as well, and when.
    other_type: Option<(&'static str, &'static str)>,
    /// The type is the guess of somebody who has not seen the rest of the spec.
    is_guess: bool,
    /// It holds the key of the row.
    is_key: bool,
    /// It names a row of another table, also where it holds the key.
    is_reference: bool,
    /// That table holds the users that log in.
    is_login: bool,
    /// Something in it can only be another language.
    is_foreign: bool,
}

pub(super) use conditions::rule_of;

/// What to say about a line.
pub(super) struct Line {
    /// The member, or what to do when there is none.
    pub(super) write: Result<String, String>,
    /// A second member, for the line below.
    pub(super) rule: Option<String>,
    pub(super) also: Option<String>,
    /// Nothing was lost, and nothing had to be guessed.
    pub(super) is_certain: bool,
}

/// Reads a line; nothing if it is no field of another language, or says what can't be told.
pub(super) fn read(line: &str, around: &Around<'_>) -> Option<Line> {
    let line = parts::without_remark(line)
        .trim_end_matches([',', ';'])
        .trim();
    let (bare, modifier) = without_modifiers(line);
    let before = line.strip_suffix(bare).unwrap_or("");
    let is_immutable = before.split_whitespace().any(|it| STAYS.contains(&it));
    let found = django::read(bare, around)
        .or_else(|| zod::read(bare))
        .or_else(|| mongoose::read(bare, around))
        .or_else(|| graphql::read(bare, around))
        .or_else(|| script::read(bare, modifier, around))
        .or_else(|| column::read(bare, around));
    if let Some(mut field) = found {
        field.immutable = is_immutable;
        let decorators = decorators::above(around.before);
        for decorator in decorators.iter().rev() {
            field.decorate(decorator);
        }
        let mut line = field.line(around)?;
        // Those lines are left, and would be about something else.
        if !decorators.is_empty() {
            line.is_certain = false;
            let also = line.also.get_or_insert_default();
            let gap = if also.is_empty() { "" } else { "; " };
            also.push_str(gap);
            also.push_str("remove the decorators above it");
        }
        return Some(line);
    }
    modifier.and_then(|word| script::modified(word, bare, is_immutable))
}

/// `private static final String name`: the line without those words, and the first of them.
fn without_modifiers(line: &str) -> (&str, Option<&str>) {
    let (mut rest, mut first) = (line, None);
    loop {
        let (word, behind) = parts::path(rest);
        let next = behind.trim_start_matches([' ', '\t']);
        let has_more = next.len() < behind.len()
            && next.starts_with(|it: char| it.is_alphabetic() || it == '_');
        // `private bool` is a field that is called so.
        let is_name = types::is_ours(parts::path(next).0) && first.is_none();
        if !MODIFIERS.contains(&word) || !has_more || is_name {
            return (rest, first);
        }
        first = first.or(Some(word));
        rest = next;
    }
}

/// What stands before the name of a field elsewhere.
const MODIFIERS: &[&str] = &[
    "const",
    "final",
    "immutable",
    "let",
    "private",
    "protected",
    "public",
    "readonly",
    "static",
    "val",
    "var",
];

/// Those of them that say that a value never changes.
const STAYS: &[&str] = &["final", "immutable", "readonly"];

impl Field {
    /// The bounds, as we write them.
    fn range(&self) -> String {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => format!(" in {low}..{high}"),
            (Some(low), None) => format!(" in {low}.."),
            (None, Some(high)) => format!(" in ..{high}"),
            (None, None) => String::new(),
        }
    }

    fn print(&self) -> String {
        let name = &names::snake(&self.name);
        let inverse = self.inverse.as_deref().map(names::snake);
        let is_optional = self.optional == Some(true) && self.many.is_empty();
        let mut out = format!("{name}: {}{}", self.many, self.ty);
        if is_optional {
            out.push('?');
        }
        out.push_str(&self.range());
        let parts = [
            ("matches ", self.pattern.as_deref()),
            ("max ", self.size.as_deref()),
            ("= ", self.default.as_deref()),
            ("unique", self.unique.then_some("")),
            ("where ", (self.unique && is_optional).then_some(name)),
            ("indexed", (self.indexed && !self.unique).then_some("")),
            ("touched", self.touched.then_some("")),
            ("immutable", self.immutable.then_some("")),
            ("on delete ", self.on_delete),
            ("inverse ", inverse.as_deref()),
        ];
        for (word, value) in parts {
            if let Some(value) = value {
                let set = if word == "where " { " is set" } else { "" };
                out.extend([" ", word, value, set]);
            }
        }
        out
    }

    /// What to say about it; nothing if what would be printed can't be read.
    fn line(mut self, around: &Around<'_>) -> Option<Line> {
        if self.is_key && self.is_reference {
            return self.shared_key();
        }
        if self.is_key {
            return Some(self.key());
        }
        if self.on_delete == Some("set null") {
            self.optional = Some(true);
        }
        if let Some(line) = self.other_end(around) {
            return Some(line);
        }
        let may_be_key = around.dialect == Some(Dialect::Prisma) || self.is_foreign;
        if may_be_key && let Some(line) = self.key_of_a_reference(around) {
            return Some(line);
        }
        let write = self.print();
        if write.len() > MOST_WRITTEN || !super::is_member(&write) {
            return None;
        }
        let mut also = Vec::new();
        let rule = self
            .rule
            .as_ref()
            .map(|rule| format!("invariant {}_rule: {rule}", names::snake(&self.name)));
        let rule = rule.filter(|rule| super::is_member(rule));
        if self.rule.is_some() && rule.is_none() {
            self.lost.push((
                "check".to_owned(),
                "a rule is a line `invariant name: rule`",
            ));
        }
        if self.ty == "decimal(12, 2)" && self.is_guess {
            also.push("12 digits, 2 of them behind the point: write how many it has".to_owned());
        }
        if let Some((other, when)) = self.other_type {
            also.push(format!("or with `{other}`, {when}"));
        }
        also.extend(
            self.lost
                .iter()
                .map(|(what, why)| format!("`{what}` is left out: {why}")),
        );
        Some(Line {
            is_certain: also.is_empty() && rule.is_none() && !self.is_guess,
            write: Ok(write),
            rule,
            also: (!also.is_empty()).then(|| also.join("; ")),
        })
    }

    /// `id uuid primary key references users(id)`: each row belongs to one of another table, and no other row does.
    fn shared_key(&mut self) -> Option<Line> {
        let mut also = Vec::new();
        if self.name == "id" {
            self.name = names::snake(&self.ty);
        }
        if self.is_login {
            also.push(
                "`use std.auth.{User}` at the top of the file brings the users that log in"
                    .to_owned(),
            );
        }
        if self.on_delete.is_none() {
            also.push(format!(
                "`on delete cascade` behind it deletes the row with its `{}`",
                self.ty
            ));
        }
        also.push("the key of a row is a field `id`, which every entity has".to_owned());
        (self.unique, self.optional, self.default) = (true, None, None);
        let write = self.print();
        super::is_member(&write).then_some(Line {
            write: Ok(write),
            rule: None,
            also: Some(also.join("; ")),
            is_certain: false,
        })
    }

    /// `authorId Int` beside `author User @relation(fields: [authorId], …)`
    fn key_of_a_reference(&self, around: &Around<'_>) -> Option<Line> {
        let entity = around.entity();
        let said = relations::by_key(around.whole, entity.as_deref(), &self.name);
        let is_said = said.is_some();
        let named = || relations::by_name(around.whole, entity.as_deref(), &self.name);
        // A column of SQL that refers says so itself.
        let reference = said.or_else(|| named().filter(|_| !self.is_reference))?;
        let mut also = format!("remove the line: `{reference}` holds the key of its row by itself");
        if self.unique {
            also.push_str("; put `unique` there, behind the type");
        }
        let says_more = self.unique || self.indexed || self.touched || self.default.is_some();
        Some(Line {
            write: Err(format!("a part of `{reference}`")),
            rule: None,
            also: Some(also),
            is_certain: is_said && !says_more && self.lost.is_empty(),
        })
    }

    fn key(&self) -> Line {
        let (write, also, is_certain) = match (self.name.as_str(), self.ty.as_str()) {
            (_, "int" | "bigint") => (
                Ok("identified by int".to_owned()),
                Some(self.or_number()),
                false,
            ),
            ("id", _) => (
                Err("nothing: every entity has a key `id` of its own".to_owned()),
                None,
                true,
            ),
            (name, ty) => (
                Ok(format!("{}: {ty} unique", names::snake(name))),
                Some("the key of a row is a field `id`, which every entity has".to_owned()),
                false,
            ),
        };
        Line {
            write,
            rule: None,
            also,
            is_certain,
        }
    }

    /// What can be meant in the place of a key that is a number.
    fn or_number(&self) -> String {
        let key = "or leave it out: every entity has a key `id` of its own, which is a UUID";
        let name = names::snake(&self.name);
        if name == "id" || name.ends_with("_id") {
            return key.to_owned();
        }
        format!(
            "{key}; for a number that people read it is `{name}: {}`",
            serial::SERIAL
        )
    }

    /// `posts Post[]`: the other end of a reference.
    fn other_end(&self, around: &Around<'_>) -> Option<Line> {
        let is_entity = self.many == "list of " && !types::is_ours(&self.ty);
        if !is_entity {
            return None;
        }
        let (name, other) = (&names::snake(&self.name), &self.ty);
        let here = around.entity().unwrap_or_else(|| "Entity".to_owned());
        let field = names::snake(&here);
        let means_many = clauses::lists(around.whole, other, &here);
        let also = if means_many {
            format!(
                "leave the line in `{other}` out: one end says it, and `inverse` names the other"
            )
        } else {
            format!(
                "leave this line out, and name it where `{other}` refers to `{here}`: `{field}: {here} inverse {name}`"
            )
        };
        Some(Line {
            write: if means_many {
                Ok(format!("{name}: many {other}"))
            } else {
                Err(format!("`inverse {name}` at the reference in `{other}`"))
            },
            rule: None,
            also: Some(also),
            is_certain: false,
        })
    }
}

/// A longer line is nothing that anybody wrote.
const MOST_WRITTEN: usize = 300;
