use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{Comparison, Expr, ExprKind, FieldType, Function, Scalar, Type, Value};
use appspec_syntax::ast::{self, Literal};
use rust_decimal::{Decimal, RoundingStrategy};

use super::lowerer::{Lowerer, value};
use crate::checks::spelling;
use crate::lower::calendar;
use crate::lower::constant::{self, Misfit};
use crate::lower::quoted;
use crate::lower::scalars::text_limit;

impl Lowerer<'_, '_> {
    /// A literal of the type that is expected, where it can have that type without loss.
    pub(super) fn literal(
        &mut self,
        literal: &Literal,
        span: Span,
        hint: Option<Type>,
    ) -> Option<Expr> {
        let read = match literal {
            Literal::Int(digits) | Literal::Decimal(digits) => {
                return self.number(digits, matches!(literal, Literal::Int(_)), span, hint);
            }
            Literal::Bool(flag) => Ok((Value::Bool(*flag), Type::Bool)),
            Literal::Text(text) => return self.text(&text.value, span, hint),
            Literal::Duration(micros) => Ok((Value::Duration(*micros), Type::Duration)),
            Literal::Date(text) => calendar::date(text)
                .map(|days| (Value::Date(days), Type::Date))
                .ok_or_else(|| constant::no_such("day", text)),
            Literal::Time(text) => calendar::time(text)
                .map(|micros| (Value::Time(micros), Type::Time))
                .ok_or_else(|| constant::no_such("time", text)),
            Literal::DateTime(text) => {
                constant::moment(text).map(|micros| (Value::DateTime(micros), Type::DateTime))
            }
            Literal::Size(_) => {
                self.out.push(
                    Diagnostic::new(
                        &codes::types::NOT_IN_A_RULE,
                        span,
                        "a file size can't be used in a rule",
                    )
                    .help("bound the field itself: `file max 5MB`"),
                );
                return None;
            }
        };
        match read {
            Ok((constant, ty)) => Some(value(constant, ty, span)),
            Err(misfit) => self.refuse(misfit, span),
        }
    }

    fn refuse(&mut self, misfit: Misfit, span: Span) -> Option<Expr> {
        misfit.report(&codes::types::LOSSY_LITERAL, span, self.out);
        None
    }

    fn number(
        &mut self,
        digits: &str,
        is_whole: bool,
        span: Span,
        hint: Option<Type>,
    ) -> Option<Expr> {
        let number = match constant::exact(digits) {
            Ok(number) => number,
            Err(misfit) => return self.refuse(misfit, span),
        };
        let places = number.scale();
        Some(match hint {
            Some(Type::Float) => value(Value::Decimal(number), Type::Float, span),
            Some(Type::Decimal { .. }) => {
                value(Value::Decimal(number), Type::Decimal { places }, span)
            }
            _ if is_whole => {
                let whole = i128::try_from(number.trunc()).ok()?;
                value(Value::Int(whole), Type::Int, span)
            }
            _ => value(Value::Decimal(number), Type::Decimal { places }, span),
        })
    }

    fn text(&mut self, text: &str, span: Span, hint: Option<Type>) -> Option<Expr> {
        match hint {
            Some(Type::Uuid) => {
                let uuid = constant::uuid(text);
                if uuid.is_none() {
                    self.out.push(
                        Diagnostic::new(&codes::types::MISMATCH, span, "this is not a UUID")
                            .help("write 32 hexadecimal digits in five groups"),
                    );
                }
                Some(value(Value::Uuid(uuid?), Type::Uuid, span))
            }
            Some(Type::Enum(id)) => {
                let names = self.names();
                if constant::is_empty(names, id) {
                    return None;
                }
                let mut finding = Diagnostic::new(
                    &codes::types::MISMATCH,
                    span,
                    format!("text is not a value of `{}`", names.enum_name(id)),
                );
                finding = if names.enums_with_value(text).contains(&id) {
                    finding
                        .help(format!("write the value without quotes: `{text}`"))
                        .edit(span, text)
                } else {
                    finding.help(constant::values_help(names, id))
                };
                self.out.push(finding);
                None
            }
            Some(Type::Date | Type::Time | Type::DateTime) => {
                if let Some(finding) = hint.and_then(|ty| quoted::finding(text, span, ty)) {
                    self.out.push(finding);
                    return None;
                }
                Some(value(Value::Text(text.to_owned()), Type::Text, span))
            }
            _ => Some(value(Value::Text(text.to_owned()), Type::Text, span)),
        }
    }

    /// Gives a constant the type of the other side, after asking whether the other side can ever be equal to it.
    /// `None` means that it can't, which is reported.
    ///
    /// Where only the order counts, a number between two values of the other side gives way to one of them: every layer
    /// then compares values of one type.
    pub(super) fn against(
        &mut self,
        constant: Expr,
        other: &Expr,
        instead: Instead,
    ) -> Option<Expr> {
        let ExprKind::Value(held) = &constant.kind else {
            return Some(constant);
        };
        if matches!(other.kind, ExprKind::Value(_)) {
            return Some(constant);
        }
        let places = match other.ty {
            Type::Int => Some(0),
            Type::Decimal { places } => Some(places),
            _ => None,
        };
        let mut fitted = held.clone();
        if let (Value::Decimal(number), Some(places)) = (held, places) {
            let mut number = *number;
            if number.scale() > places {
                let Some(strategy) = instead.strategy() else {
                    let number = self.names().text(constant.span);
                    let message = if other.ty == Type::Int {
                        format!("a whole number is never {number}")
                    } else {
                        format!("a value with {places} places is never {number}")
                    };
                    return self.never(&constant, other, instead, message);
                };
                number = number.round_dp_with_strategy(places, strategy);
            }
            fitted = match other.ty {
                Type::Int => Value::Int(i128::try_from(number.trunc()).ok()?),
                _ => Value::Decimal(number.normalize()),
            };
        }
        if let Value::Text(text) = held
            && text.is_empty()
            && !may_be_empty(other)
        {
            let name = self.names().text(other.span);
            let is_required = match &other.kind {
                ExprKind::Field(id) => self.slot(*id).is_some_and(|it| it.ast.optional.is_none()),
                // What may be empty there can't be compared without a word about it.
                ExprKind::Behind(_, inner) => matches!(inner.kind, ExprKind::Field(_)),
                _ => false,
            };
            let advice = if is_required {
                format!("leave this out: every row has a `{name}` of at least one character")
            } else {
                format!(
                    "a text that is missing is not set: ask `{name} is set` or `{name} is not set`"
                )
            };
            self.out.push(
                Diagnostic::new(
                    &codes::types::LOSSY_LITERAL,
                    constant.span,
                    "text is never empty",
                )
                .note(other.span, "compared with this")
                .help(advice),
            );
            return None;
        }
        let scalar = match &other.kind {
            ExprKind::Field(id) => self.slot(*id).and_then(|slot| match slot.ty {
                Some(FieldType::Scalar(scalar)) => Some(scalar),
                _ => None,
            }),
            _ => None,
        };
        let message = scalar.and_then(|scalar| {
            let written = self.names().text(constant.span);
            out_of_reach(&fitted, written, scalar)
        });
        if let Some(message) = message {
            return self.never(&constant, other, instead, message);
        }
        let ty = match (&fitted, other.ty) {
            (Value::Int(_), Type::Int) => Type::Int,
            (Value::Decimal(number), Type::Decimal { .. }) => Type::Decimal {
                places: number.scale(),
            },
            _ => constant.ty,
        };
        Some(value(fitted, ty, constant.span))
    }

    fn never(
        &mut self,
        constant: &Expr,
        other: &Expr,
        instead: Instead,
        message: String,
    ) -> Option<Expr> {
        let (note, help) = match instead {
            Instead::OfNothing => (
                "counts where this is empty",
                "write a constant that the field can hold",
            ),
            Instead::Nothing | Instead::Smaller | Instead::Larger => (
                "is compared with this",
                "write a constant that the other side can have",
            ),
        };
        self.out.push(
            Diagnostic::new(&codes::types::LOSSY_LITERAL, constant.span, message)
                .label("this constant")
                .note(other.span, note)
                .help(help),
        );
        None
    }
}

/// Whether a text can have no letters: no field holds one, but what is trimmed may have had blanks alone.
fn may_be_empty(text: &Expr) -> bool {
    match &text.kind {
        ExprKind::Call(Function::Trim, _) => true,
        ExprKind::Call(Function::Lower | Function::Upper, arguments) => {
            arguments.iter().any(may_be_empty)
        }
        ExprKind::Otherwise(_, fallback) => is_empty_text(fallback),
        _ => false,
    }
}

/// Whether it is `""`.
pub(super) fn is_empty_text(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Value(Value::Text(text)) if text.is_empty())
}

/// What stands for a number that the other side of a comparison can never be.
#[derive(Clone, Copy)]
pub(super) enum Instead {
    /// Nothing: it would have to be equal.
    Nothing,
    /// Nothing: it counts where the other one is missing.
    OfNothing,
    /// The next smaller one.
    Smaller,
    /// The next larger one.
    Larger,
}

impl Instead {
    /// For a constant that stands behind a comparison.
    pub(super) fn behind(op: Comparison) -> Self {
        match op {
            Comparison::Equal | Comparison::NotEqual => Self::Nothing,
            Comparison::LessOrEqual | Comparison::Greater => Self::Smaller,
            Comparison::Less | Comparison::GreaterOrEqual => Self::Larger,
        }
    }

    /// For a constant that stands before it.
    pub(super) fn before(op: Comparison) -> Self {
        match Self::behind(op) {
            same @ (Self::Nothing | Self::OfNothing) => same,
            Self::Smaller => Self::Larger,
            Self::Larger => Self::Smaller,
        }
    }

    fn strategy(self) -> Option<RoundingStrategy> {
        match self {
            Self::Nothing | Self::OfNothing => None,
            Self::Smaller => Some(RoundingStrategy::ToNegativeInfinity),
            Self::Larger => Some(RoundingStrategy::ToPositiveInfinity),
        }
    }
}

/// Why a field of this type can never be equal to a constant, which is named as it was written.
fn out_of_reach(held: &Value, written: &str, scalar: Scalar) -> Option<String> {
    match (held, scalar) {
        (Value::Int(number), Scalar::Int) if i32::try_from(*number).is_err() => {
            Some(format!("an `int` is never {written}"))
        }
        (Value::Int(number), Scalar::BigInt) if i64::try_from(*number).is_err() => {
            Some(format!("a `bigint` is never {written}"))
        }
        (Value::Decimal(number), Scalar::Decimal { digits, places }) => {
            let limit = Decimal::try_from_i128_with_scale(10_i128.pow(digits - places), 0).ok()?;
            (number.abs() >= limit).then(|| format!("`{scalar}` is never {written}"))
        }
        (Value::Text(text), Scalar::Email) if *text != text.to_lowercase() => {
            Some("an `email` is stored in lower case, so it is never this text".to_owned())
        }
        (Value::Text(text), scalar) if !constant::could_be(text, scalar) => {
            Some(format!("{} is never this text", spelling::one(scalar)))
        }
        (Value::Text(text), scalar) => {
            let max = text_limit(scalar)??;
            let length = text.chars().count();
            (length > max as usize).then(|| format!("`{scalar}` never has {length} characters"))
        }
        _ => None,
    }
}

/// Whether an expression is a constant by its form, so that the other side decides its type.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Literal(_) => true,
        ast::ExprKind::Unary { operand, .. } => {
            matches!(operand.kind, ast::ExprKind::Literal(_))
        }
        _ => false,
    }
}
