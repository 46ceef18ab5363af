//! The field of a value that is one of several. Django takes it from the first, and gives up where another one is of
//! another class; there it has to be told.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Expr, ExprKind, FieldType, Function, Scalar, Type};

use super::{Scope, models};

/// A class of Django's fields, as far as values of it are mixed with those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Whole,
    Long,
    Decimal,
    Char,
    /// One of the subclasses of `CharField`.
    OfChar(Scalar),
    Text,
    /// Of a type that has one class.
    Only,
}

impl Class {
    /// Whether a field of this class is also one of the other.
    fn is_a(self, other: Self) -> bool {
        self == other
            || matches!(
                (self, other),
                (Self::Long, Self::Whole) | (Self::OfChar(_), Self::Char)
            )
    }

    /// The class that holds values of both.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Decimal, _) | (_, Self::Decimal) => Self::Decimal,
            (Self::Whole | Self::Long, _) => Self::Long,
            _ => Self::Text,
        }
    }
}

impl Scope<'_> {
    /// `Coalesce(…)`, `Least(…)` or `Greatest(…)` of such an expression, told its field where Django can't tell.
    pub(super) fn told(&self, call: Py, expr: &Expr) -> Py {
        let classes = self.classes(expr);
        let Some(first) = classes.first() else {
            return call;
        };
        if classes.iter().all(|class| first.is_a(*class)) {
            return call;
        }
        let field = match self.class(expr) {
            Class::Whole | Class::Long => "BigIntegerField",
            Class::Decimal => "DecimalField",
            Class::Char | Class::OfChar(_) | Class::Text | Class::Only => "TextField",
        };
        call.kw("output_field", models().attr(field).call())
    }

    /// The classes of what a value is one of.
    fn classes(&self, expr: &Expr) -> Vec<Class> {
        match &expr.kind {
            ExprKind::Otherwise(id, other) => {
                vec![of_field(&self.spec.walk(*id).get().ty), self.class(other)]
            }
            ExprKind::Fallback(value, other) => vec![self.class(value), self.class(other)],
            ExprKind::Call(Function::Min | Function::Max, arguments) => arguments
                .iter()
                .map(|argument| self.class(argument))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The class that Django, told where it has to be, takes an expression for.
    fn class(&self, expr: &Expr) -> Class {
        match (&expr.kind, expr.ty) {
            (ExprKind::Behind(_, inner) | ExprKind::Outer(inner) | ExprKind::Old(inner), _) => {
                self.class(inner)
            }
            // What `least` says.
            (ExprKind::Each(_), Type::Int) => Class::Long,
            (ExprKind::Field(id), _) => of_field(&self.spec.walk(*id).get().ty),
            (
                ExprKind::Otherwise(..)
                | ExprKind::Fallback(..)
                | ExprKind::Call(Function::Min | Function::Max, _),
                _,
            ) => {
                let mut classes = self.classes(expr).into_iter();
                let first = classes.next().unwrap_or(Class::Only);
                classes.fold(first, Class::with)
            }
            (ExprKind::Call(Function::MinutesBetween | Function::HoursBetween, _), _) => {
                Class::Long
            }
            (ExprKind::Call(Function::DaysBetween, arguments), _)
                if arguments.iter().any(|one| one.ty == Type::DateTime) =>
            {
                Class::Long
            }
            (
                ExprKind::Call(
                    Function::Abs
                    | Function::Trim
                    | Function::Round
                    | Function::Floor
                    | Function::Ceil,
                    arguments,
                ),
                _,
            ) => match arguments.first() {
                Some(number) if self.is_widened(number, expr) => Class::Long,
                Some(own) => self.class(own),
                None => Class::Only,
            },
            (_, Type::Int) => Class::Whole,
            (_, Type::Decimal { .. }) => Class::Decimal,
            (_, Type::Text | Type::Enum(_)) => Class::Char,
            _ => Class::Only,
        }
    }
}

fn of_field(ty: &FieldType) -> Class {
    match ty {
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Int => Class::Whole,
            Scalar::BigInt => Class::Long,
            Scalar::Decimal { .. } => Class::Decimal,
            Scalar::Text { max: None } => Class::Text,
            Scalar::Text { max: Some(_) } | Scalar::Phone | Scalar::Token { .. } => Class::Char,
            Scalar::Slug { .. } => Class::OfChar(Scalar::Slug { max: 0 }),
            Scalar::Email | Scalar::Url => Class::OfChar(*scalar),
            _ => Class::Only,
        },
        FieldType::Enum(_) => Class::Char,
        FieldType::List(_) | FieldType::Relation(_) | FieldType::Many(_) => Class::Only,
    }
}
