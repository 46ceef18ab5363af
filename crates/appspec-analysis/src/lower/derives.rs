use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Expr, ExprKind, Field, FieldType, Function, Id, Scalar, Type, Value};
use appspec_syntax::ast;

use super::layout::Layout;
use super::named::{self, Shape};
use super::scalars::text_limit;
use crate::expr::{Lowerer, Results, Site, describe};

/// The expression and the declared type of a derived value.
pub(crate) fn lower(
    layout: &Layout<'_>,
    results: &Results,
    site: Site<'_>,
    item: &ast::Derive,
    out: &mut Diagnostics,
) -> Option<(Expr, FieldType)> {
    let declared = declared_type(layout, site, item, out);
    let Some(declared) = declared else {
        Lowerer::new(layout, results, site, out).lower(&item.value, None);
        return None;
    };
    let receiver = Receiver {
        name: &item.name.text,
        ty: &declared,
        declared: item.ty.span,
        is_derived: true,
    };
    let lowerer = Lowerer::new(layout, results, site, out);
    let expr = received(lowerer, &receiver, &item.value)?;
    Some((expr, declared))
}

/// What holds the value of an expression.
pub(super) struct Receiver<'r> {
    pub(super) name: &'r str,
    pub(super) ty: &'r FieldType,
    /// Where the type stands.
    pub(super) declared: Span,
    /// Whether it is a derived value, whose type follows the expression, or a field, whose type does not.
    pub(super) is_derived: bool,
}

impl Receiver<'_> {
    /// What to do where the type is the one to change, or the expression.
    fn help(&self, derived: impl Into<String>) -> String {
        if self.is_derived {
            derived.into()
        } else {
            format!("write a value that fits `{}`", self.name)
        }
    }
}

/// An expression whose value something holds.
pub(super) fn received(
    mut lowerer: Lowerer<'_, '_>,
    receiver: &Receiver<'_>,
    value: &ast::Expr,
) -> Option<Expr> {
    let expr = lowerer.lower(value, hint(receiver.ty))?;
    fits(&mut lowerer, receiver, &expr).then_some(expr)
}

fn declared_type(
    layout: &Layout<'_>,
    site: Site<'_>,
    item: &ast::Derive,
    out: &mut Diagnostics,
) -> Option<FieldType> {
    let lookup = |id: appspec_ir::Id<_>| layout.types.get(id.index());
    let resolved = named::resolve(layout.names, &lookup, site.module, &item.ty, out)?;
    let bounded = resolved
        .named
        .and_then(lookup)
        .is_some_and(|named| !named.bounds.is_empty());
    if bounded {
        out.push(
            Diagnostic::new(
                &codes::types::BOUND_DOES_NOT_FIT,
                item.ty.span,
                "a derived value has no bounds: nobody can enter it",
            )
            .label("a type with a bound")
            .help("give it the built-in type, and write an invariant for what must hold"),
        );
        return None;
    }
    match resolved.shape {
        Shape::Scalar(scalar) if scalar.seen() != Type::Opaque => Some(FieldType::Scalar(scalar)),
        Shape::Enum(id) => Some(FieldType::Enum(id)),
        _ => {
            out.push(
                Diagnostic::new(
                    &codes::types::MISMATCH,
                    item.ty.span,
                    "no expression has this type",
                )
                .label("the type of the derived value")
                .help("derive a number, a text, a date, a moment, a duration or a yes-or-no"),
            );
            None
        }
    }
}

fn hint(declared: &FieldType) -> Option<Type> {
    match declared {
        FieldType::Scalar(scalar) => Some(scalar.seen()),
        FieldType::Enum(id) => Some(Type::Enum(*id)),
        _ => None,
    }
}

fn fits(lowerer: &mut Lowerer<'_, '_>, receiver: &Receiver<'_>, expr: &Expr) -> bool {
    let (layout, declared, name) = (lowerer.layout(), receiver.ty, receiver.name);
    let wanted = hint(declared).filter(|ty| *ty != Type::Opaque);
    let Some(wanted) = wanted else {
        let finding = Diagnostic::new(
            &codes::types::MISMATCH,
            expr.span,
            format!("no expression has the type of `{name}`"),
        );
        let finding = finding.note(receiver.declared, "the declared type");
        lowerer.report(finding.help(format!("let people give it: `needs {name}`")));
        return false;
    };
    let refused = |message: String| Diagnostic::new(&codes::types::MISMATCH, expr.span, message);
    let finding = match (wanted, expr.ty) {
        (Type::Decimal { places }, Type::Decimal { places: given }) if given > places => refused(
            format!("this has {given} digits after the point, `{name}` keeps {places}"),
        )
        .help(format!("write `round(…, {places})`")),
        (Type::Decimal { .. }, Type::Decimal { .. } | Type::Int) => return true,
        (Type::Int, Type::Decimal { .. }) => refused(format!(
            "this is not a whole number, `{name}` is"
        ))
        .help(if receiver.is_derived {
            "write `floor(…)` or `ceil(…)`, or declare a decimal"
        } else {
            "write `floor(…)` or `ceil(…)`"
        }),
        (Type::Text, Type::Text) => match declared {
            FieldType::Scalar(Scalar::Text { max: None }) => return true,
            FieldType::Scalar(Scalar::Text { max: Some(max) }) => match longest(layout, expr) {
                Some(longest) if longest <= *max => return true,
                Some(longest) => refused(format!(
                    "this has up to {longest} characters, `{name}` keeps {max}"
                ))
                .help(receiver.help(format!("declare the derived value as `text({longest})`"))),
                None => refused(format!("nothing says that this text fits `text({max})`"))
                    .help(receiver.help("declare the derived value as `text`")),
            },
            FieldType::Scalar(scalar) if scalar_of(layout, expr) != Some(*scalar) => {
                refused(format!("nothing says that this text fits `{}`", *scalar))
                    .help(receiver.help("declare the derived value as `text`"))
            }
            _ => return true,
        },
        (wanted, given) if wanted == given => return true,
        (wanted, given) => refused(format!(
            "this is {}, `{}` is {}",
            describe(layout.names, given),
            name,
            describe(layout.names, wanted)
        ))
        .help(receiver.help("declare the type that the expression has")),
    };
    lowerer.report(finding.note(receiver.declared, "the declared type"));
    false
}

/// The type of a field that is only renamed.
fn scalar_of(layout: &Layout<'_>, expr: &Expr) -> Option<Scalar> {
    match &expr.kind {
        ExprKind::Field(id) => field_scalar(layout, *id),
        ExprKind::Behind(_, inner) => scalar_of(layout, inner),
        _ => None,
    }
}

fn field_scalar(layout: &Layout<'_>, id: Id<Field>) -> Option<Scalar> {
    let mut slots = layout.bodies.iter().flat_map(|body| &body.slots);
    match slots.find(|slot| slot.id == id)?.ty {
        Some(FieldType::Scalar(scalar)) => Some(scalar),
        _ => None,
    }
}

/// The most characters that a text can have; `None` when there is no limit.
fn longest(layout: &Layout<'_>, expr: &Expr) -> Option<u32> {
    let limit = |id| field_scalar(layout, id).and_then(text_limit).flatten();
    match &expr.kind {
        ExprKind::Value(Value::Text(text)) => u32::try_from(text.chars().count()).ok(),
        ExprKind::Field(id) => limit(*id),
        ExprKind::Otherwise(id, other) => Some(limit(*id)?.max(longest(layout, other)?)),
        ExprKind::Behind(_, inner) => longest(layout, inner),
        ExprKind::Fallback(value, other) => {
            Some(longest(layout, value)?.max(longest(layout, other)?))
        }
        // `lower` and `upper` change ASCII letters alone, so they keep the length.
        ExprKind::Call(Function::Lower | Function::Upper | Function::Trim, arguments) => {
            longest(layout, arguments.first()?)
        }
        _ => None,
    }
}
