//! The text under which types, values and expressions are remembered.
//!
//! It is written here and nowhere else because it outlives the compiler that wrote it: what people read in
//! messages may get nicer, this text has to stay the same for the same meaning.

use appspec_ir::{
    ArithmeticOp, Bound, Comparison, Default, Expr, ExprKind, FieldType, Id, ListItem, Rows,
    Scalar, SortKey, Spec, Summary, Type, Value,
};
use appspec_ir::{Direction, Entity, Enum, Field, is_sorted_by_key};
use serde::Serialize;

use crate::names::Names;

/// Writes canonical text, with the names of now or with those of the last build.
#[derive(Clone, Copy)]
pub(crate) struct Canonical<'s> {
    pub(crate) spec: &'s Spec,
    /// Where names of the last build come from; without it, those of now are written.
    pub(crate) names: Option<&'s Names>,
}

impl Canonical<'_> {
    pub(crate) fn entity(self, id: Id<Entity>) -> String {
        match self.names.and_then(|names| names.entity_before(id)) {
            Some(old) => old.to_owned(),
            None => self.spec.walk(id).full_name(),
        }
    }

    pub(crate) fn enumeration(self, id: Id<Enum>) -> String {
        if let Some(old) = self.names.and_then(|names| names.enum_before(id)) {
            return old.to_owned();
        }
        let enumeration = self.spec.walk(id).get();
        let module = self.spec.walk(enumeration.module).get();
        format!("{}.{}", module.path, enumeration.name)
    }

    pub(crate) fn field(self, id: Id<Field>) -> String {
        match self.names.and_then(|names| names.field_before(id)) {
            Some((_, old)) => old.to_owned(),
            None => self.spec.walk(id).get().name.clone(),
        }
    }

    /// What the database holds for an enum value.
    pub(crate) fn stored(self, id: Id<Enum>, name: &str) -> String {
        if let Some(old) = self.names.and_then(|names| names.stored_before(id, name)) {
            return old.to_owned();
        }
        let choices = &self.spec.walk(id).get().choices;
        choices
            .iter()
            .find(|choice| choice.name == name)
            .map_or_else(|| name.to_owned(), |choice| choice.stored.clone())
    }

    pub(crate) fn ty(self, ty: &FieldType) -> String {
        match ty {
            FieldType::Scalar(scalar) => self::scalar(*scalar),
            FieldType::Enum(id) => format!("enum {}", self.enumeration(*id)),
            FieldType::List(ListItem::Scalar(item)) => format!("list of {}", self::scalar(*item)),
            FieldType::List(ListItem::Enum(id)) => {
                format!("list of enum {}", self.enumeration(*id))
            }
            FieldType::Relation(relation) => format!("one {}", self.entity(relation.target)),
            FieldType::Many(many) => match &many.through {
                None => format!("many {}", self.entity(many.target)),
                Some(through) => format!(
                    "many {} through {} ({}, {})",
                    self.entity(many.target),
                    self.entity(through.entity),
                    self.field(through.source),
                    self.field(through.target),
                ),
            },
        }
    }

    pub(crate) fn key(self, key: SortKey) -> String {
        let name = self.field(key.field);
        match key.direction {
            Direction::Ascending => name,
            Direction::Descending => format!("{name} desc"),
        }
    }

    /// A key of the order of rows. What it means hangs on other entities where it is a reference.
    pub(crate) fn sort(self, key: SortKey) -> String {
        let key_of = if is_sorted_by_key(self.spec, key.field) {
            "key of "
        } else {
            ""
        };
        format!("{key_of}{}", self.key(key))
    }

    pub(crate) fn bound(bound: &Bound) -> String {
        let end = |value: &Option<Value>| value.as_ref().map(constant).unwrap_or_default();
        match bound {
            Bound::Range { low, high, .. } => format!("in {}..{}", end(low), end(high)),
            Bound::Matches { pattern, .. } => format!("matches {}", quoted(pattern)),
            Bound::File { rule, .. } => {
                let kinds: Vec<String> = rule.kinds.iter().map(word).collect();
                match rule.max_bytes {
                    Some(bytes) => format!("max {bytes} of {}", kinds.join(", ")),
                    None => format!("of {}", kinds.join(", ")),
                }
            }
        }
    }

    /// `None` for a default that only generated code knows: a path.
    pub(crate) fn default(self, default: &Default, ty: &FieldType) -> Option<String> {
        Some(match default {
            Default::Value(Value::Enum(name)) => match ty {
                FieldType::Enum(id) => quoted(&self.stored(*id, name)),
                _ => quoted(name),
            },
            Default::Value(value) => constant(value),
            Default::Now { offset: 0 } => "now()".to_owned(),
            Default::Now { offset } => format!("now() + {}", constant(&Value::Duration(*offset))),
            Default::Today => "today()".to_owned(),
            Default::Uuid => "uuid()".to_owned(),
            Default::Token { length } => format!("token({length})"),
            Default::EmptyList => "[]".to_owned(),
            Default::EmptyObject => "{}".to_owned(),
            Default::Path(_) => return None,
        })
    }

    /// Every operation stands in parentheses, so that precedence can never change what was remembered.
    pub(crate) fn expr(self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Value(value) => self.value(value, expr.ty),
            ExprKind::Field(id) => self.field(*id),
            ExprKind::Not(inner) => format!("(not {})", self.expr(inner)),
            ExprKind::And(parts) => self.joined(parts, " and "),
            ExprKind::Or(parts) => self.joined(parts, " or "),
            ExprKind::Implies(a, b) => format!("({} implies {})", self.expr(a), self.expr(b)),
            ExprKind::Compare(op, a, b) => {
                format!("({} {} {})", self.expr(a), comparison(*op), self.expr(b))
            }
            ExprKind::In(inner, values) => {
                let values: Vec<String> = values
                    .iter()
                    .map(|value| self.value(value, inner.ty))
                    .collect();
                format!("({} in {{{}}})", self.expr(inner), values.join(", "))
            }
            ExprKind::Between(value, low, high) => format!(
                "({} in {}..{})",
                self.expr(value),
                self.expr(low),
                self.expr(high)
            ),
            ExprKind::IsSet(id) => format!("({} is set)", self.field(*id)),
            ExprKind::Otherwise(id, other) => {
                format!("({} otherwise {})", self.field(*id), self.expr(other))
            }
            ExprKind::Negate(inner) => format!("(-{})", self.expr(inner)),
            ExprKind::Arithmetic(op, a, b) => {
                let sign = match op {
                    ArithmeticOp::Add => '+',
                    ArithmeticOp::Subtract => '-',
                    ArithmeticOp::Multiply => '*',
                };
                format!("({} {sign} {})", self.expr(a), self.expr(b))
            }
            ExprKind::Call(function, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(|part| self.expr(part)).collect();
                format!("{}({})", word(function), arguments.join(", "))
            }
            ExprKind::Behind(reference, inner) => {
                format!("({}. {})", self.field(*reference), self.expr(inner))
            }
            ExprKind::Fallback(value, other) => {
                format!("({} otherwise {})", self.expr(value), self.expr(other))
            }
            ExprKind::Each(each) => {
                let said = match &each.summary {
                    Summary::All(said) => format!("all {}", self.expr(said)),
                    Summary::Some(said) => format!("some {}", self.expr(said)),
                    Summary::Count(condition) => format!("count{}", self.among(condition.as_ref())),
                    Summary::Sum(value, condition) => {
                        format!("sum {}{}", self.expr(value), self.among(condition.as_ref()))
                    }
                    Summary::Min(value, condition) => {
                        format!("min {}{}", self.expr(value), self.among(condition.as_ref()))
                    }
                    Summary::Max(value, condition) => {
                        format!("max {}{}", self.expr(value), self.among(condition.as_ref()))
                    }
                };
                let of = |id| self.entity(self.spec.fields[id].entity);
                match each.rows {
                    Rows::Pointing(field) => {
                        format!("({said} of {} by {})", of(field), self.field(field))
                    }
                    Rows::Held(field) => format!("({said} in {})", self.field(field)),
                    Rows::Holding(field) => {
                        format!("({said} of {} with {})", of(field), self.field(field))
                    }
                    Rows::Matching { theirs, own } => {
                        let (theirs_named, own) = (self.field(theirs), self.field(own));
                        format!("({said} of {} where {theirs_named} is {own})", of(theirs))
                    }
                }
            }
            ExprKind::Outer(inner) => format!("(outer {})", self.expr(inner)),
            ExprKind::Old(inner) => format!("(old {})", self.expr(inner)),
            ExprKind::This => "(this)".to_owned(),
            ExprKind::Me => "(me)".to_owned(),
            ExprKind::Mine(inner) => format!("(mine {})", self.expr(inner)),
        }
    }

    fn value(self, value: &Value, ty: Type) -> String {
        match (value, ty) {
            (Value::Enum(name), Type::Enum(id)) => quoted(&self.stored(id, name)),
            _ => constant(value),
        }
    }

    fn among(self, condition: Option<&Expr>) -> String {
        condition.map_or_else(String::new, |condition| {
            format!(" where {}", self.expr(condition))
        })
    }

    fn joined(self, parts: &[Expr], between: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.expr(part)).collect();
        format!("({})", parts.join(between))
    }
}

fn scalar(scalar: Scalar) -> String {
    match scalar {
        Scalar::Text { max: Some(max) } => format!("text({max})"),
        Scalar::Slug { max } => format!("slug({max})"),
        Scalar::Decimal { digits, places } => format!("decimal({digits}, {places})"),
        Scalar::Token { length } => format!("token({length})"),
        Scalar::Text { max: None } => "text".to_owned(),
        Scalar::Email => "email".to_owned(),
        Scalar::Url => "url".to_owned(),
        Scalar::Phone => "phone".to_owned(),
        Scalar::Int => "int".to_owned(),
        Scalar::BigInt => "bigint".to_owned(),
        Scalar::Float => "float".to_owned(),
        Scalar::Bool => "bool".to_owned(),
        Scalar::Date => "date".to_owned(),
        Scalar::Time => "time".to_owned(),
        Scalar::DateTime => "datetime".to_owned(),
        Scalar::Duration => "duration".to_owned(),
        Scalar::Uuid => "uuid".to_owned(),
        Scalar::Json => "json".to_owned(),
        Scalar::File => "file".to_owned(),
        Scalar::Image => "image".to_owned(),
        Scalar::Ip => "ip".to_owned(),
        Scalar::Bytes => "bytes".to_owned(),
    }
}

/// Constants that would look alike carry their type, `1.0` and `1.00` are the same number.
fn constant(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Decimal(value) => value.normalize().to_string(),
        Value::Text(text) | Value::Enum(text) => quoted(text),
        Value::Date(days) => format!("date({days})"),
        Value::Time(microseconds) => format!("time({microseconds})"),
        Value::DateTime(microseconds) => format!("datetime({microseconds})"),
        Value::Duration(microseconds) => format!("duration({microseconds})"),
        Value::Uuid(text) => format!("uuid({text})"),
    }
}

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The name of a unit variant as it is serialized.
fn word(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
