//! Expressions and constants as `.appspec` text, for messages, documents and comparisons.

mod constant;

use constant::constant;

use crate::{
    ArithmeticOp, Comparison, Each, Expr, ExprKind, Field, FieldType, Function, Id, Rows, Spec,
    Summary, Type, Value,
};

/// An expression as it would be written by hand: one space around operators, parentheses only where the
/// language or the reader needs them. Reads back as the same expression.
pub fn print(spec: &Spec, expr: &Expr) -> String {
    printed(spec, expr, false)
}

/// The same for people, with the numbers that they wrote: equal conditions may be printed differently.
pub fn print_as_written(spec: &Spec, expr: &Expr) -> String {
    printed(spec, expr, true)
}

fn printed(spec: &Spec, expr: &Expr, as_written: bool) -> String {
    let mut printer = Printer {
        spec,
        as_written,
        fields: expr.fields(),
        row: String::new(),
        text: String::new(),
    };
    printer.expr(expr, Strength::Weakest);
    printer.text
}

/// A constant as it would be written by hand.
pub fn print_value(value: &Value) -> String {
    constant(value)
}

/// How tightly the parts of an expression hold together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// `implies`, `and`, `or`
    Weakest,
    /// `not x`
    Not,
    /// `x otherwise y`; tighter than a comparison for the parser, not for the eye.
    Otherwise,
    /// Comparisons, `in`, `is set`; they do not chain.
    Comparison,
    /// `a + b`
    Sum,
    /// `a * b`
    Product,
    /// `-x`
    Negation,
    /// Names, calls, constants.
    Atom,
}

struct Printer<'s> {
    spec: &'s Spec,
    as_written: bool,
    fields: Vec<Id<Field>>,
    /// What stands before the names of fields: `l.` where `l` is one of several rows.
    row: String,
    text: String,
}

impl Printer<'_> {
    /// Writes an expression where nothing weaker than `least` may stand bare.
    fn expr(&mut self, expr: &Expr, least: Strength) {
        if strength(expr) < least {
            self.text.push('(');
            self.bare(expr);
            self.text.push(')');
        } else {
            self.bare(expr);
        }
    }

    fn bare(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Value(value) => {
                let written = self.spec.written.numbers.get(&expr.span);
                let written = written.filter(|_| self.as_written);
                self.value(written.unwrap_or(value), expr.ty);
            }
            ExprKind::Field(id) => self.field(*id),
            ExprKind::Not(inner) => self.negated(inner),
            // The parts of `and` may be negated bare, but never hold another `and`, `or` or `implies`.
            ExprKind::And(parts) => self.joined(parts, " and ", Strength::Not),
            ExprKind::Or(parts) => self.joined(parts, " or ", Strength::Not),
            ExprKind::Implies(condition, consequence) => {
                self.expr(condition, Strength::Not);
                self.text.push_str(" implies ");
                self.expr(consequence, Strength::Not);
            }
            ExprKind::Compare(comparison, a, b) => {
                self.expr(a, Strength::Sum);
                self.text.push_str(comparison_sign(*comparison));
                self.expr(b, Strength::Sum);
            }
            ExprKind::In(inner, values) => self.is_in(inner, " in ", values),
            ExprKind::Between(inner, low, high) => self.between(inner, " in ", low, high),
            ExprKind::IsSet(id) => {
                self.field(*id);
                self.text.push_str(" is set");
            }
            ExprKind::Otherwise(id, fallback) => {
                self.field(*id);
                self.text.push_str(" otherwise ");
                // The language asks for parentheses around a sum here.
                self.expr(fallback, Strength::Negation);
            }
            ExprKind::Negate(inner) => {
                self.text.push('-');
                self.expr(inner, Strength::Atom);
            }
            ExprKind::Arithmetic(operator, a, b) => self.arithmetic(*operator, a, b),
            ExprKind::Call(function, arguments) => {
                self.text.push_str(function_name(*function));
                self.text.push('(');
                self.joined(arguments, ", ", Strength::Weakest);
                self.text.push(')');
            }
            ExprKind::Behind(reference, inner) => {
                let name = self
                    .spec
                    .fields
                    .find(*reference)
                    .map_or("?", |field| &field.name);
                let within = format!("{}{name}.", self.row);
                self.within(within, |this| this.bare(inner));
            }
            ExprKind::Fallback(value, other) => {
                self.expr(value, Strength::Negation);
                self.text.push_str(" otherwise ");
                self.expr(other, Strength::Negation);
            }
            ExprKind::Each(each) => self.each(each),
            ExprKind::Outer(inner) => self.within(String::new(), |this| this.bare(inner)),
            ExprKind::Old(inner) => self.within("old.".to_owned(), |this| this.bare(inner)),
            ExprKind::This => {
                let row = self.row.strip_suffix('.').unwrap_or("this");
                self.text.push_str(row);
            }
            ExprKind::Me => self.text.push_str("me"),
            ExprKind::Mine(inner) => self.within("me.".to_owned(), |this| this.bare(inner)),
        }
    }

    /// Writes something about another row, whose fields have this before their names.
    fn within(&mut self, row: String, write: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.row, row);
        write(self);
        self.row = before;
    }

    fn each(&mut self, each: &Each) {
        let named = |id| self.spec.fields.find(id);
        let name = |id| named(id).map_or("?", |field| &field.name);
        let entity = || {
            let entity = each.rows.entity(self.spec);
            let entity = entity.and_then(|id| self.spec.entities.find(id));
            entity.map_or("?", |entity| &*entity.name)
        };
        let is_named = |field| {
            named(field).is_some_and(|field| match &field.ty {
                FieldType::Relation(relation) => relation.inverse.is_some(),
                _ => false,
            })
        };
        let (rows, matching) = match each.rows {
            Rows::Held(many) => (name(many), None),
            Rows::Pointing(field) if !is_named(field) => {
                let equal = format!("{}.{} == this", each.row, name(field));
                (entity(), Some(equal))
            }
            Rows::Pointing(field) | Rows::Holding(field) => {
                let inverse = named(field).and_then(|field| match &field.ty {
                    FieldType::Relation(relation) => relation.inverse.as_ref(),
                    FieldType::Many(many) => many.inverse.as_ref(),
                    _ => None,
                });
                (inverse.map_or("?", |inverse| &*inverse.name), None)
            }
            Rows::Matching { theirs, own } => {
                let equal = format!("{}.{} == {}", each.row, name(theirs), name(own));
                (entity(), Some(equal))
            }
        };
        let row = &each.row;
        let within = format!("{row}.");
        let (word, said, condition) = match &each.summary {
            Summary::All(said) => ("all", Some((" have ", said)), None),
            Summary::Some(said) => ("some", Some((" has ", said)), None),
            Summary::Count(condition) => ("count", None, condition.as_ref()),
            Summary::Sum(_, condition) => ("sum", None, condition.as_ref()),
            Summary::Min(_, condition) => ("min", None, condition.as_ref()),
            Summary::Max(_, condition) => ("max", None, condition.as_ref()),
        };
        if let (Some(equal), Summary::Some(more)) = (&matching, &each.summary) {
            for part in ["exists(", row, " in ", rows, " where ", equal] {
                self.text.push_str(part);
            }
            if !more.is_true() {
                self.text.push_str(" and ");
                let least = match more.kind {
                    ExprKind::And(_) => Strength::Weakest,
                    _ => Strength::Not,
                };
                self.within(within, |this| this.expr(more, least));
            }
            self.text.push(')');
            return;
        }
        self.text.push_str(word);
        self.text.push('(');
        if let Summary::Sum(value, _) | Summary::Min(value, _) | Summary::Max(value, _) =
            &each.summary
        {
            self.within(within.clone(), |this| this.bare(value));
            self.text.push_str(" for ");
        }
        self.text.push_str(row);
        self.text.push_str(" in ");
        self.text.push_str(rows);
        let condition = condition.map(|condition| (" where ", condition));
        if let Some((word, expr)) = said.or(condition) {
            self.text.push_str(word);
            self.within(within, |this| this.bare(expr));
        }
        self.text.push(')');
    }

    fn negated(&mut self, inner: &Expr) {
        match &inner.kind {
            ExprKind::IsSet(id) => {
                self.field(*id);
                self.text.push_str(" is not set");
            }
            ExprKind::In(subject, values) => self.is_in(subject, " not in ", values),
            ExprKind::Between(subject, low, high) => {
                self.between(subject, " not in ", low, high);
            }
            ExprKind::Old(old) if is_asked(old) => {
                self.within("old.".to_owned(), |this| this.negated(old));
            }
            ExprKind::Mine(mine) if is_asked(mine) => {
                self.within("me.".to_owned(), |this| this.negated(mine));
            }
            _ => {
                self.text.push_str("not ");
                self.expr(inner, Strength::Atom);
            }
        }
    }

    fn joined(&mut self, parts: &[Expr], between: &str, least: Strength) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.text.push_str(between);
            }
            self.expr(part, least);
        }
    }

    fn is_in(&mut self, subject: &Expr, word: &str, values: &[Value]) {
        self.expr(subject, Strength::Sum);
        self.text.push_str(word);
        self.text.push('{');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.value(value, subject.ty);
        }
        self.text.push('}');
    }

    fn between(&mut self, subject: &Expr, word: &str, low: &Expr, high: &Expr) {
        self.expr(subject, Strength::Sum);
        self.text.push_str(word);
        self.expr(low, Strength::Sum);
        self.text.push_str("..");
        self.expr(high, Strength::Sum);
    }

    fn arithmetic(&mut self, operator: ArithmeticOp, a: &Expr, b: &Expr) {
        // Subtraction is not associative, so the right side holds tighter than the left.
        let (sign, left, right) = match operator {
            ArithmeticOp::Add => (" + ", Strength::Sum, Strength::Product),
            ArithmeticOp::Subtract => (" - ", Strength::Sum, Strength::Product),
            ArithmeticOp::Multiply => (" * ", Strength::Product, Strength::Negation),
        };
        self.expr(a, left);
        self.text.push_str(sign);
        self.expr(b, right);
    }

    fn field(&mut self, id: Id<Field>) {
        let name = self.spec.fields.find(id).map_or("?", |field| &field.name);
        self.text.push_str(&self.row);
        self.text.push_str(name);
    }

    fn value(&mut self, value: &Value, ty: Type) {
        if let (Value::Enum(name), Type::Enum(id)) = (value, ty)
            && self.is_a_field_too(name)
            && let Some(declared) = self.spec.enums.find(id)
        {
            self.text.push_str(&declared.name);
            self.text.push('.');
        }
        self.text.push_str(&constant(value));
    }

    /// Whether the bare word would be read as a field of the entity that the expression is about.
    fn is_a_field_too(&self, name: &str) -> bool {
        self.fields
            .first()
            .and_then(|id| self.spec.fields.find(*id))
            .is_some_and(|field| self.spec.walk(field.entity).field(name).is_some())
    }
}

fn strength(expr: &Expr) -> Strength {
    match &expr.kind {
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Implies(..) => Strength::Weakest,
        ExprKind::Not(inner) => match &inner.kind {
            ExprKind::Old(inner) | ExprKind::Mine(inner) if is_asked(inner) => Strength::Comparison,
            _ if is_asked(inner) => Strength::Comparison,
            _ => Strength::Not,
        },
        ExprKind::Otherwise(..) | ExprKind::Fallback(..) => Strength::Otherwise,
        ExprKind::Compare(..) | ExprKind::In(..) | ExprKind::Between(..) | ExprKind::IsSet(_) => {
            Strength::Comparison
        }
        ExprKind::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract, ..) => Strength::Sum,
        ExprKind::Arithmetic(ArithmeticOp::Multiply, ..) => Strength::Product,
        ExprKind::Negate(_) => Strength::Negation,
        ExprKind::Value(value) if is_negative(value) => Strength::Negation,
        ExprKind::Behind(_, inner)
        | ExprKind::Outer(inner)
        | ExprKind::Old(inner)
        | ExprKind::Mine(inner) => strength(inner),
        ExprKind::Value(_)
        | ExprKind::Field(_)
        | ExprKind::Call(..)
        | ExprKind::Each(_)
        | ExprKind::This
        | ExprKind::Me => Strength::Atom,
    }
}

/// Whether it is turned around inside, as in `is not set`.
fn is_asked(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::IsSet(_) | ExprKind::In(..) | ExprKind::Between(..)
    )
}

fn is_negative(value: &Value) -> bool {
    match value {
        Value::Int(number) => *number < 0,
        Value::Decimal(number) => number.is_sign_negative(),
        Value::Duration(length) => *length < 0,
        _ => false,
    }
}

fn comparison_sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => " == ",
        Comparison::NotEqual => " != ",
        Comparison::Less => " < ",
        Comparison::LessOrEqual => " <= ",
        Comparison::Greater => " > ",
        Comparison::GreaterOrEqual => " >= ",
    }
}

/// The word by which the language calls a function.
fn function_name(function: Function) -> &'static str {
    match function {
        Function::Now => "now",
        Function::Today => "today",
        Function::Length => "length",
        Function::Lower => "lower",
        Function::Upper => "upper",
        Function::Trim => "trim",
        Function::Round => "round",
        Function::Abs => "abs",
        Function::Floor => "floor",
        Function::Ceil => "ceil",
        Function::Min => "min",
        Function::Max => "max",
        Function::Year => "year",
        Function::Month => "month",
        Function::Day => "day",
        Function::Weekday => "weekday",
        Function::Hour => "hour",
        Function::Date => "date",
        Function::Time => "time",
        Function::MinutesBetween => "minutes_between",
        Function::HoursBetween => "hours_between",
        Function::DaysBetween => "days_between",
        Function::StartsWith => "starts_with",
        Function::EndsWith => "ends_with",
        Function::Contains => "contains",
    }
}
