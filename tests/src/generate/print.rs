//! A spec as text, and whose words each line holds.

#![allow(
    clippy::format_push_string,
    reason = "a line is put together clause by clause, and read by people more often than it is made"
)]

mod traits;

use std::collections::{BTreeMap, BTreeSet};

use super::model::{
    Bound, Choice, Expr, Field, Id, Initial, Item, ItemKind, Kind, Member, MemberKind, Scalar,
    SeedRow, SeedValue, Spec, Target,
};
use super::value::{Value, quoted};

/// What one of several rows is called; no member is.
const EACH: &str = "each_one_of_them";

/// One file as text.
#[derive(Debug)]
pub struct Printed {
    /// Its path inside of the spec's folder.
    pub path: String,
    /// Its lines, each with the item or member that it is about.
    pub lines: Vec<(String, Option<Id>)>,
}

impl Printed {
    /// The whole text.
    pub fn text(&self) -> String {
        let lines = self
            .lines
            .iter()
            .flat_map(|(line, _)| [line.as_str(), "\n"]);
        lines.collect()
    }

    /// Whose words stand at a byte of the text.
    pub fn owner(&self, offset: usize) -> Option<Id> {
        let mut end = 0;
        for (line, owner) in &self.lines {
            end += line.len() + 1;
            if offset < end {
                return *owner;
            }
        }
        None
    }
}

/// The files of a spec.
pub fn print(spec: &Spec) -> Vec<Printed> {
    let names = Names::of(spec);
    (0..spec.modules.len())
        .map(|module| {
            let mut printer = Printer {
                spec,
                names: &names,
                module,
                uses: BTreeSet::new(),
                lines: Vec::new(),
                row: None,
            };
            printer.module()
        })
        .collect()
}

/// The whole spec as one text, with a line before each file.
pub fn text(spec: &Spec) -> String {
    let mut text = String::new();
    for file in print(spec) {
        text += &format!("// file: {}\n{}", file.path, file.text());
    }
    text
}

/// What everything is called.
struct Names<'s> {
    items: BTreeMap<Id, (usize, &'s str)>,
    members: BTreeMap<Id, &'s str>,
    /// How many modules declare a name.
    declared: BTreeMap<&'s str, usize>,
    /// The names of all members: an enum's value of the same name is written with its enum.
    of_rows: BTreeSet<&'s str>,
}

impl<'s> Names<'s> {
    fn of(spec: &'s Spec) -> Self {
        let mut names = Self {
            items: BTreeMap::new(),
            members: BTreeMap::new(),
            declared: BTreeMap::from([("User", 1)]),
            of_rows: BTreeSet::new(),
        };
        for (module, item) in spec.items() {
            names.items.insert(item.id, (module, &item.name));
            if !matches!(item.kind, ItemKind::Extend { .. } | ItemKind::Seed { .. }) {
                *names.declared.entry(&item.name).or_default() += 1;
            }
        }
        for member in spec.members() {
            if let Some(name) = member.name() {
                names.members.insert(member.id, name);
                names.of_rows.insert(name);
            }
        }
        names
    }
}

struct Printer<'s> {
    spec: &'s Spec,
    names: &'s Names<'s>,
    module: usize,
    /// What other modules are asked for: their path, and a name where only that is brought in.
    uses: BTreeSet<(String, Option<String>)>,
    lines: Vec<(String, Option<Id>)>,
    /// The name of the row, in a predicate of the top level.
    row: Option<String>,
}

impl Printer<'_> {
    fn module(&mut self) -> Printed {
        let module = &self.spec.modules[self.module];
        for item in &module.items {
            self.blank();
            self.item(item);
        }
        let mut lines = Vec::new();
        if self.module == 0 {
            lines.extend(doc(self.spec.doc.as_ref(), "").map(|line| (line, None)));
            lines.push((format!("project {} {{", self.spec.name), None));
            for (key, value) in &self.spec.settings {
                lines.push((format!("  {key}: {}", quoted(value)), None));
            }
            lines.push(("}".to_owned(), None));
        }
        let mut uses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, name) in &self.uses {
            match name {
                Some(name) => uses.entry(path).or_default().push(name),
                None => lines.push((format!("use {path}"), None)),
            }
        }
        for (path, names) in uses {
            lines.push((format!("use {path}.{{{}}}", names.join(", ")), None));
        }
        lines.append(&mut self.lines);
        Printed {
            path: format!("{}.appspec", module.path.replace('.', "/")),
            lines,
        }
    }

    fn blank(&mut self) {
        self.lines.push((String::new(), None));
    }

    fn line(&mut self, owner: Id, text: String) {
        self.lines.push((text, Some(owner)));
    }

    fn above(&mut self, id: Id, text: Option<&String>, indent: &str) {
        for code in self.spec.acknowledged.get(&id).into_iter().flatten() {
            self.line(
                id,
                format!("{indent}suppress {code} \"It is meant, \\\"so\\\".\""),
            );
        }
        for line in doc(text, indent) {
            self.line(id, line);
        }
    }

    fn item(&mut self, item: &Item) {
        self.above(item.id, item.doc.as_ref(), "");
        let name = &item.name;
        match &item.kind {
            ItemKind::Type {
                base,
                bounds,
                message,
            } => {
                let mut line = format!("type {name} = {}", self.kind(base));
                line += &Self::bounds(bounds);
                if let Some(message) = message {
                    line += &format!(" message {}", quoted(message));
                }
                self.line(item.id, line);
            }
            ItemKind::Enum(choices) => {
                self.line(item.id, format!("enum {name} {{"));
                for choice in choices {
                    self.choice(item.id, choice);
                }
                self.line(item.id, "}".to_owned());
            }
            ItemKind::Mixin(members) => self.block(item.id, &format!("mixin {name}"), members),
            ItemKind::Entity {
                labels,
                mixins,
                members,
            } => {
                let mut head = format!("entity {name}");
                if !labels.is_empty() {
                    let labels: Vec<String> = labels.iter().map(|it| quoted(it)).collect();
                    head += &format!(" {}", labels.join(", "));
                }
                if !mixins.is_empty() {
                    let mixins: Vec<String> = mixins.iter().map(|id| self.path(*id)).collect();
                    head += &format!(" with {}", mixins.join(", "));
                }
                self.block(item.id, &head, members);
            }
            ItemKind::Extend { target, members } => {
                let head = format!("extend entity {}", self.target(*target));
                self.block(item.id, &head, members);
            }
            ItemKind::Predicate {
                row,
                entity,
                condition,
            } => {
                let entity = self.path(*entity);
                self.row = Some(row.clone());
                let condition = self.expr(condition);
                self.row = None;
                self.line(
                    item.id,
                    format!("predicate {name}({row}: {entity}) = {condition}"),
                );
            }
            ItemKind::Seed { entity, rows } => {
                let entity = self.path(*entity);
                self.line(item.id, format!("seed {entity} {{"));
                for row in rows {
                    self.seed_row(item.id, row);
                }
                self.line(item.id, "}".to_owned());
            }
        }
    }

    fn choice(&mut self, owner: Id, choice: &Choice) {
        for line in doc(choice.doc.as_ref(), "  ") {
            self.line(owner, line);
        }
        let mut line = format!("  {}", choice.name);
        if let Some(label) = &choice.label {
            line += &format!(" {}", quoted(label));
        }
        if let Some(stored) = &choice.stored {
            line += &format!(" stored as {}", quoted(stored));
        }
        self.line(owner, line);
    }

    fn seed_row(&mut self, owner: Id, row: &SeedRow) {
        let values: Vec<String> = row
            .values
            .iter()
            .map(|(field, value)| {
                let value = match value {
                    SeedValue::One(value) => value.written(),
                    SeedValue::List(values) => {
                        let values: Vec<String> = values.iter().map(Value::written).collect();
                        format!("[{}]", values.join(", "))
                    }
                    SeedValue::Row(handle) => handle.clone(),
                };
                format!("{}: {value}", self.member_name(*field))
            })
            .collect();
        self.line(
            owner,
            format!("  {} {{ {} }}", row.handle, values.join(", ")),
        );
    }

    fn block(&mut self, owner: Id, head: &str, members: &[Member]) {
        self.line(owner, format!("{head} {{"));
        for member in members {
            self.above(member.id, member.doc.as_ref(), "  ");
            let text = self.member(member);
            self.line(member.id, format!("  {text}"));
        }
        self.line(owner, "}".to_owned());
    }

    fn member(&mut self, member: &Member) -> String {
        match &member.kind {
            MemberKind::Field(field) => self.field(field),
            MemberKind::Derive { name, ty, value } => {
                format!("derive {name}: {} = {}", self.kind(ty), self.expr(value))
            }
            MemberKind::Predicate { name, condition } => {
                format!("predicate {name} = {}", self.expr(condition))
            }
            MemberKind::Invariant {
                name,
                on_create,
                condition,
                message,
            } => {
                let moment = if *on_create { " on create" } else { "" };
                let condition = self.expr(condition);
                format!(
                    "invariant {name}{moment}: {condition}{}",
                    worded(message.as_ref())
                )
            }
            MemberKind::ChangeRule {
                name,
                field,
                optional,
                sign,
                message,
            } => {
                let field = self.member_name(*field).to_owned();
                let asks = if *optional {
                    format!("(old.{field} is set and {field} is set) implies ")
                } else {
                    String::new()
                };
                format!(
                    "invariant {name} on change of {field}: {asks}{field} {sign} old.{field}{}",
                    worded(message.as_ref())
                )
            }
            MemberKind::Unique {
                fields,
                condition,
                message,
            } => {
                let fields: Vec<&str> = fields.iter().map(|id| self.member_name(*id)).collect();
                let mut line = format!("unique ({})", fields.join(", "));
                line += &self.condition(condition.as_ref());
                line + &worded(message.as_ref())
            }
            MemberKind::Index { keys, condition } => {
                format!(
                    "index ({}){}",
                    self.keys(keys),
                    self.condition(condition.as_ref())
                )
            }
            MemberKind::ShownAs(field) => format!("shown as {}", self.member_name(*field)),
            MemberKind::SortedBy(keys) => format!("sorted by {}", self.keys(keys)),
            MemberKind::IdentifiedByInt => "identified by int".to_owned(),
            MemberKind::Trait(said) => self.said(said),
        }
    }

    fn keys(&self, keys: &[(Id, bool)]) -> String {
        let keys: Vec<String> = keys
            .iter()
            .map(|(id, descending)| {
                let name = self.member_name(*id);
                if *descending {
                    format!("{name} desc")
                } else {
                    name.to_owned()
                }
            })
            .collect();
        keys.join(", ")
    }

    fn condition(&mut self, condition: Option<&Expr>) -> String {
        condition.map_or_else(String::new, |it| format!(" where {}", self.expr(it)))
    }

    fn field(&mut self, field: &Field) -> String {
        let mut line = format!("{}: {}", field.name, self.kind(&field.kind));
        if field.optional {
            line.push('?');
        }
        line += &Self::bounds(&field.bounds);
        if let Some(default) = &field.default {
            line += &format!(" = {}", self.initial(default));
        }
        if let Some(unique) = &field.unique {
            line += " unique";
            if unique.ignoring_case {
                line += " ignoring case";
            }
            line += &self.condition(unique.condition.as_ref());
        }
        if field.indexed {
            line += " indexed";
        }
        if field.touched {
            line += " touched";
        }
        if field.immutable {
            line += " immutable";
        }
        if let Kind::One {
            on_delete: Some(kind),
            ..
        }
        | Kind::OneOf {
            on_delete: Some(kind),
            ..
        } = field.kind
        {
            line += traits::on_delete(kind);
        }
        if let Kind::One {
            inverse: Some(name),
            ..
        }
        | Kind::Many {
            inverse: Some(name),
            ..
        } = &field.kind
        {
            line += &format!(" inverse {name}");
        }
        line + &worded(field.message.as_ref())
    }

    fn kind(&mut self, kind: &Kind) -> String {
        match kind {
            Kind::Scalar(scalar) => scalar_name(*scalar),
            Kind::Named(id) | Kind::Enum(id) => self.path(*id),
            Kind::ListOf(scalar) => format!("list of {}", scalar_name(*scalar)),
            Kind::ListOfEnum(id) => format!("list of {}", self.path(*id)),
            Kind::One { target, .. } => self.target(*target),
            Kind::Many {
                target, through, ..
            } => {
                let target = self.target(*target);
                match through {
                    Some(link) => format!("many {target} through {}", self.path(*link)),
                    None => format!("many {target}"),
                }
            }
            Kind::OneOf { targets, .. } => self.one_of(targets),
            Kind::Serial {
                pattern,
                per,
                gapless,
            } => self.serial(pattern, per, *gapless),
        }
    }

    fn bounds(bounds: &[Bound]) -> String {
        let end = |value: &Option<Value>| value.as_ref().map_or_else(String::new, Value::written);
        let bounds = bounds.iter().map(|bound| match bound {
            Bound::Range(low, high) => format!(" in {}..{}", end(low), end(high)),
            Bound::Matches(pattern) => format!(" matches r\"{pattern}\""),
            Bound::Size(size, kinds) => {
                let size = size.map_or_else(String::new, |size| format!(" max {size}"));
                if kinds.is_empty() {
                    size
                } else {
                    format!("{size} of {}", kinds.join(", "))
                }
            }
        });
        bounds.collect()
    }

    fn initial(&mut self, default: &Initial) -> String {
        match default {
            Initial::Value(value) => value.written(),
            Initial::Now(0) => "now()".to_owned(),
            Initial::Now(offset) => {
                let sign = if *offset < 0 { '-' } else { '+' };
                format!("now() {sign} {}", Value::Duration(offset.abs()).written())
            }
            Initial::Today => "today()".to_owned(),
            Initial::Uuid => "uuid()".to_owned(),
            Initial::Token(None) => "token()".to_owned(),
            Initial::Token(Some(length)) => format!("token({length})"),
            Initial::EmptyList => "[]".to_owned(),
            Initial::EmptyObject => "{}".to_owned(),
            Initial::Path(steps) => {
                let steps: Vec<&str> = steps.iter().map(|id| self.member_name(*id)).collect();
                steps.join(".")
            }
        }
    }

    fn member_name(&self, id: Id) -> &str {
        self.names.members.get(&id).copied().unwrap_or("gone")
    }

    fn target(&mut self, target: Target) -> String {
        match target {
            Target::Entity(id) => self.path(id),
            Target::User => self.foreign("std.auth", "User"),
        }
    }

    /// How this module calls a declaration of any module.
    fn path(&mut self, id: Id) -> String {
        let Some((module, name)) = self.names.items.get(&id).copied() else {
            return "Gone".to_owned();
        };
        if module == self.module {
            return name.to_owned();
        }
        let spec = self.spec;
        self.foreign(&spec.modules[module].path, name)
    }

    /// A predicate of the top level: brought in by name, because a call has no module before it.
    fn predicate(&mut self, id: Id) -> String {
        let Some((module, name)) = self.names.items.get(&id).copied() else {
            return "gone".to_owned();
        };
        if module != self.module {
            let path = self.spec.modules[module].path.clone();
            self.uses.insert((path, Some(name.to_owned())));
        }
        name.to_owned()
    }

    fn foreign(&mut self, path: &str, name: &str) -> String {
        let is_alone = self.names.declared.get(name) == Some(&1);
        if is_alone && !self.spec.modules[self.module].qualifies {
            self.uses.insert((path.to_owned(), Some(name.to_owned())));
            return name.to_owned();
        }
        self.uses.insert((path.to_owned(), None));
        let last = path.rsplit('.').next().unwrap_or(path);
        format!("{last}.{name}")
    }

    fn expr(&mut self, expr: &Expr) -> String {
        match expr {
            Expr::Constant(value) => self.constant(value),
            Expr::Member(id) => self.in_row(*id),
            Expr::Predicate(id) => {
                let name = self.predicate(*id);
                let row = self.row.clone().unwrap_or_else(|| "this".to_owned());
                format!("{name}({row})")
            }
            Expr::IsSet(id, true) => format!("{} is set", self.in_row(*id)),
            Expr::IsSet(id, false) => format!("{} is not set", self.in_row(*id)),
            Expr::Otherwise(id, value) => {
                format!("{} otherwise {}", self.in_row(*id), self.constant(value))
            }
            Expr::Binary(sign, left, right) => {
                format!("{} {sign} {}", self.operand(left), self.operand(right))
            }
            Expr::Chain(word, parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.operand(part)).collect();
                parts.join(&format!(" {word} "))
            }
            Expr::Not(inner) => format!("not {}", self.operand(inner)),
            Expr::Negate(inner) => format!("-{}", self.operand(inner)),
            Expr::InSet(inner, negated, values) => {
                let values: Vec<String> = values.iter().map(|it| self.constant(it)).collect();
                let not = if *negated { "not " } else { "" };
                format!("{} {not}in {{{}}}", self.operand(inner), values.join(", "))
            }
            Expr::InRange(inner, negated, low, high) => {
                let not = if *negated { "not " } else { "" };
                let (low, high) = (self.constant(low), self.constant(high));
                format!("{} {not}in {low}..{high}", self.operand(inner))
            }
            Expr::Call(name, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(|it| self.expr(it)).collect();
                format!("{name}({})", arguments.join(", "))
            }
            Expr::Rows(word, reference, inner) => {
                let rows = match self.spec.field(*reference).map(|field| &field.kind) {
                    Some(Kind::One {
                        inverse: Some(inverse),
                        ..
                    }) => inverse.clone(),
                    _ => "nothing".to_owned(),
                };
                let before = self.row.replace(EACH.to_owned());
                let inner = self.expr(inner);
                self.row = before;
                let said = match *word {
                    "all" => "have",
                    "some" => "has",
                    _ => "where",
                };
                format!("{word}({EACH} in {rows} {said} {inner})")
            }
            Expr::Behind(reference, field) => {
                format!("{}.{}", self.in_row(*reference), self.member_name(*field))
            }
        }
    }

    fn operand(&mut self, expr: &Expr) -> String {
        let text = self.expr(expr);
        let is_one = match expr {
            Expr::Member(_)
            | Expr::Predicate(_)
            | Expr::Call(..)
            | Expr::Rows(..)
            | Expr::Behind(..) => true,
            Expr::Constant(_) => !text.starts_with('-'),
            _ => false,
        };
        if is_one { text } else { format!("({text})") }
    }

    fn in_row(&self, id: Id) -> String {
        let name = self.member_name(id);
        match &self.row {
            Some(row) => format!("{row}.{name}"),
            None => name.to_owned(),
        }
    }

    /// Whether a bare word in an expression is something of the row, or the row itself.
    fn means_a_member(&self, word: &str) -> bool {
        match &self.row {
            Some(row) => row == word,
            None => self.names.of_rows.contains(word),
        }
    }

    fn constant(&mut self, value: &Value) -> String {
        match value {
            Value::Choice(id, name) if self.means_a_member(name) => {
                format!("{}.{name}", self.path(*id))
            }
            other => other.written(),
        }
    }
}

fn worded(message: Option<&String>) -> String {
    message.map_or_else(String::new, |it| format!(" message {}", quoted(it)))
}

fn doc<'a>(text: Option<&'a String>, indent: &'a str) -> impl Iterator<Item = String> {
    text.into_iter()
        .flat_map(|text| text.lines())
        .map(move |line| format!("{indent}/// {line}"))
}

/// A scalar as it is written.
pub fn scalar_name(scalar: Scalar) -> String {
    let sized = |name: &str, size: Option<u32>| match size {
        Some(size) => format!("{name}({size})"),
        None => name.to_owned(),
    };
    match scalar {
        Scalar::Text(size) => sized("text", size),
        Scalar::Slug(size) => sized("slug", size),
        Scalar::Token(size) => sized("token", size),
        Scalar::Decimal(digits, places) => format!("decimal({digits}, {places})"),
        other => base_name(other).to_owned(),
    }
}

/// A scalar without its arguments.
pub fn base_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text(_) => "text",
        Scalar::Slug(_) => "slug",
        Scalar::Email => "email",
        Scalar::Url => "url",
        Scalar::Phone => "phone",
        Scalar::Ip => "ip",
        Scalar::Int => "int",
        Scalar::BigInt => "bigint",
        Scalar::Float => "float",
        Scalar::Decimal(..) => "decimal",
        Scalar::Bool => "bool",
        Scalar::Date => "date",
        Scalar::Time => "time",
        Scalar::DateTime => "datetime",
        Scalar::Duration => "duration",
        Scalar::Uuid => "uuid",
        Scalar::Bytes => "bytes",
        Scalar::Json => "json",
        Scalar::Token(_) => "token",
        Scalar::File => "file",
        Scalar::Image => "image",
    }
}
