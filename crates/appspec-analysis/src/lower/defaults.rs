use appspec_diagnostics::{Code, Diagnostic, Diagnostics, Root, Span, codes};
use appspec_ir::{Bound, Default, FieldType, Id, Module, Scalar, Value};
use appspec_syntax::ast::{self, BinaryOp, ExprKind, Literal, Name};

use super::bounds::span_of;
use super::constant::fit;
use super::layout::{Body, Entry, Layout, Slot};
use super::named::Shape;
use super::regex;
use super::scalars::{SHORTEST_TOKEN, text_limit};

/// The default of a field; `None` when it does not fit, which is reported.
pub(crate) fn lower(
    layout: &Layout<'_>,
    body: &Body<'_>,
    slot: &Slot<'_>,
    bounds: &[Bound],
    expr: &ast::Expr,
    out: &mut Diagnostics,
) -> Option<Default> {
    let ty = slot.ty.as_ref()?;
    match &expr.kind {
        ExprKind::Call {
            function,
            arguments,
        } => generated(ty, function, arguments, expr.span, out),
        ExprKind::Binary {
            op: op @ (BinaryOp::Add | BinaryOp::Subtract),
            left,
            right,
            ..
        } => moved(ty, *op, left, right, expr.span, out),
        ExprKind::List(items) => list(ty, bounds, items, expr.span, out),
        ExprKind::EmptyObject => match ty {
            FieldType::Scalar(Scalar::Json) => Some(Default::EmptyObject),
            _ => refuse(
                expr.span,
                "only a `json` field can start as `{}`",
                "remove it",
                out,
            ),
        },
        ExprKind::Path(path) if path.names.first().is_some_and(|it| it.text == "me") => {
            out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    path.span,
                    "`me`: the person who asks is not in this version of appspec as a default",
                )
                .label("not built yet")
                .help("leave the default out, and give the field when the row is made"),
            );
            None
        }
        ExprKind::Path(path) if path.names.len() > 1 && starts_in_row(body, path) => {
            super::path_default::lower(layout, body, slot, path, out)
        }
        ExprKind::Path(path) if !matches!(ty, FieldType::Enum(_)) => {
            let help = match path.names.as_slice() {
                [name] if name.text == "today" => "write `today()`",
                [name] if name.text == "now" => "write `now()`",
                [name] if name.text == "uuid" => "write `uuid()`",
                [name, ..] if body.entries.contains_key(name.text.as_str()) => {
                    "a default is a constant, or a path through a relation such as `service.price`"
                }
                _ => "write a constant of the field's type",
            };
            refuse(
                expr.span,
                "this is not a default that the field can have",
                help,
                out,
            )
        }
        _ => constant(layout, slot.module, ty, bounds, expr, out),
    }
}

fn refuse<T>(at: Span, message: impl Into<String>, help: &str, out: &mut Diagnostics) -> Option<T> {
    out.push(
        Diagnostic::new(&codes::types::DEFAULT_DOES_NOT_FIT, at, message)
            .label("this default")
            .help(help),
    );
    None
}

fn starts_in_row(body: &Body<'_>, path: &ast::Path) -> bool {
    let first = path.names.first().map(|name| name.text.as_str());
    let entry = first.and_then(|first| body.entries.get(first));
    matches!(entry, Some((Entry::Field(_) | Entry::OneOf(_), _)))
}

fn constant(
    layout: &Layout<'_>,
    module: Id<Module>,
    ty: &FieldType,
    bounds: &[Bound],
    expr: &ast::Expr,
    out: &mut Diagnostics,
) -> Option<Default> {
    let shape = match ty {
        FieldType::Scalar(scalar) => Shape::Scalar(*scalar),
        FieldType::Enum(id) => Shape::Enum(*id),
        FieldType::List(_) => {
            return refuse(
                expr.span,
                "the default of a list is `[]`",
                "write `[]`",
                out,
            );
        }
        FieldType::Relation(_) => {
            let help = "leave it out; a row of another entity has no constant";
            return refuse(expr.span, "a relation has no constant default", help, out);
        }
        FieldType::Many(_) => {
            return refuse(
                expr.span,
                "a relation to many rows has no default",
                "it starts empty; remove the default",
                out,
            );
        }
    };
    let code = &codes::types::DEFAULT_DOES_NOT_FIT;
    match fit(layout.names, module, expr, shape) {
        Ok(value) => within(bounds, &value, code, expr.span, out).then_some(Default::Value(value)),
        Err(misfit) => {
            misfit.report(code, expr.span, out);
            None
        }
    }
}

/// Whether a list may have so many items; the first bound that it breaks is reported.
pub(crate) fn has_room(
    bounds: &[Bound],
    items: usize,
    code: &'static Code,
    at: Span,
    out: &mut Diagnostics,
) -> bool {
    let count = Value::Int(i128::try_from(items).unwrap_or(i128::MAX));
    within(bounds, &count, code, at, out)
}

/// Whether a constant keeps all bounds; the first broken one is reported.
pub(crate) fn within(
    bounds: &[Bound],
    value: &Value,
    code: &'static Code,
    at: Span,
    out: &mut Diagnostics,
) -> bool {
    let broken = bounds.iter().find(|bound| !keeps(bound, value));
    if let Some(bound) = broken {
        let message = match (bound, value) {
            (Bound::Matches { .. }, _) => "this does not match the pattern of the field".to_owned(),
            (_, Value::Text(text)) => match text.chars().count() {
                1 => "this has 1 character, which is outside of the bounds of the field".to_owned(),
                length => format!(
                    "this has {length} characters, which is outside of the bounds of the field"
                ),
            },
            _ => "this is outside of the bounds of the field".to_owned(),
        };
        // Several values that break one bound are one mistake.
        let what = match bound {
            Bound::Matches { .. } => "pattern",
            _ => "range",
        };
        out.push(
            Diagnostic::new(code, at, message)
                .label("this value")
                .note(span_of(bound), "the bound")
                .help("choose a value that the bound allows, or change the bound")
                .rooted(Root::new(span_of(bound), what)),
        );
    }
    broken.is_none()
}

fn keeps(bound: &Bound, value: &Value) -> bool {
    match (bound, value) {
        (Bound::Matches { pattern, .. }, Value::Text(text)) => regex::is_match(pattern, text),
        (Bound::Range { low, high, .. }, value) => {
            let length;
            let measured = if let Value::Text(text) = value {
                length = Value::Int(i128::try_from(text.chars().count()).unwrap_or(i128::MAX));
                &length
            } else {
                value
            };
            low.as_ref().is_none_or(|low| low <= measured)
                && high.as_ref().is_none_or(|high| measured <= high)
        }
        _ => true,
    }
}

fn list(
    ty: &FieldType,
    bounds: &[Bound],
    items: &[ast::Expr],
    span: Span,
    out: &mut Diagnostics,
) -> Option<Default> {
    match ty {
        FieldType::List(_) if items.is_empty() => {
            let empty = Value::Int(0);
            if let Some(bound) = bounds.iter().find(|bound| !keeps(bound, &empty)) {
                let code = &codes::types::DEFAULT_DOES_NOT_FIT;
                out.push(
                    Diagnostic::new(code, span, "the bound of the field asks for more items")
                        .note(span_of(bound), "the bound")
                        .help("leave the default out, or change the bound"),
                );
                return None;
            }
            Some(Default::EmptyList)
        }
        FieldType::Scalar(Scalar::Json) if items.is_empty() => Some(Default::EmptyList),
        FieldType::List(_) | FieldType::Scalar(Scalar::Json) => {
            out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    span,
                    "a list that starts with items is not in this version",
                )
                .help("write `[]`"),
            );
            None
        }
        _ => refuse(
            span,
            "only a `list of …` or a `json` field can start as a list",
            "remove it",
            out,
        ),
    }
}

/// `now()`, `today()`, `uuid()`, `token()`
fn generated(
    ty: &FieldType,
    function: &Name,
    arguments: &[ast::Expr],
    span: Span,
    out: &mut Diagnostics,
) -> Option<Default> {
    let name = function.text.as_str();
    if name == "token" {
        return token(ty, arguments, span, out);
    }
    let (default, wanted) = match name {
        "now" => (Default::Now { offset: 0 }, Scalar::DateTime),
        "today" => (Default::Today, Scalar::Date),
        "uuid" => (Default::Uuid, Scalar::Uuid),
        _ => {
            let finding = Diagnostic::new(
                &codes::types::DEFAULT_DOES_NOT_FIT,
                span,
                format!("`{name}(…)` is no default"),
            )
            .label("not known as a default");
            let forms = ["now", "today", "uuid", "token"];
            out.push(match appspec_diagnostics::closest(name, forms) {
                Some(meant) => finding
                    .help(format!("did you mean `{}()`?", meant.name))
                    .edit_if(meant.is_certain, function.span, meant.name),
                None => finding.help(
                    "a default is a constant, `now()`, `today()`, `uuid()`, `token()` or a path such as \
                     `service.price`",
                ),
            });
            return None;
        }
    };
    if let Some(argument) = arguments.first() {
        out.push(
            Diagnostic::new(
                &codes::types::FUNCTION_ARGUMENTS,
                argument.span,
                format!("`{name}` takes no arguments"),
            )
            .label("given here")
            .help(format!("write `{name}()`")),
        );
        return None;
    }
    if *ty == FieldType::Scalar(wanted) {
        return Some(default);
    }
    let help = match (ty, wanted) {
        (FieldType::Scalar(Scalar::Date), Scalar::DateTime) => "write `today()`",
        (FieldType::Scalar(Scalar::DateTime), Scalar::Date) => "write `now()`",
        _ => "use it with a field of that type",
    };
    let message = format!("`{name}()` is a value of `{wanted}`");
    refuse(span, message, help, out)
}

fn token(
    ty: &FieldType,
    arguments: &[ast::Expr],
    span: Span,
    out: &mut Diagnostics,
) -> Option<Default> {
    let given = match arguments {
        [] => None,
        [only] => match &only.kind {
            ExprKind::Literal(Literal::Int(digits)) => digits.parse::<u32>().ok(),
            _ => Some(0),
        },
        _ => Some(0),
    };
    match (ty, given) {
        (FieldType::Scalar(Scalar::Token { length }), None) => {
            Some(Default::Token { length: *length })
        }
        (FieldType::Scalar(Scalar::Token { length }), Some(given)) if given == *length => {
            Some(Default::Token { length: given })
        }
        (FieldType::Scalar(Scalar::Token { length }), Some(_)) => refuse(
            span,
            format!("the field holds exactly {length} characters"),
            "write `token()`: the length is that of the field",
            out,
        ),
        (FieldType::Scalar(Scalar::Text { max }), Some(given))
            if (SHORTEST_TOKEN..=255).contains(&given) && max.is_none_or(|max| given <= max) =>
        {
            Some(Default::Token { length: given })
        }
        (FieldType::Scalar(Scalar::Text { .. }), _) => refuse(
            span,
            "the field can't hold a token of this length",
            "write `token(n)` with n from 8 to the length of the field",
            out,
        ),
        _ => refuse(
            span,
            "`token()` is text",
            "use it with a `token` field",
            out,
        ),
    }
}

/// `now() + 7d`
fn moved(
    ty: &FieldType,
    op: BinaryOp,
    left: &ast::Expr,
    right: &ast::Expr,
    span: Span,
    out: &mut Diagnostics,
) -> Option<Default> {
    let help = "a default is a constant, `now()` with a duration (`now() + 7d`), or a path";
    let ExprKind::Call {
        function,
        arguments,
    } = &left.kind
    else {
        return refuse(span, "a default can't be computed", help, out);
    };
    let ExprKind::Literal(Literal::Duration(micros)) = &right.kind else {
        return refuse(
            right.span,
            "only a duration can be added to a moment",
            help,
            out,
        );
    };
    match function.text.as_str() {
        "now" => {
            generated(ty, function, arguments, span, out)?;
            let offset = if op == BinaryOp::Add {
                *micros
            } else {
                -*micros
            };
            Some(Default::Now { offset })
        }
        "today" => {
            out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    span,
                    "a day counted from today is not in this version",
                )
                .help("use a `datetime` with `now() + 7d`"),
            );
            None
        }
        _ => refuse(span, "a default can't be computed", help, out),
    }
}

/// Whether every value of one type is a value of another, so that it can be copied.
pub(super) fn copies(from: &FieldType, to: &FieldType) -> bool {
    match (from, to) {
        (FieldType::Scalar(from), FieldType::Scalar(to)) => copies_scalar(*from, *to),
        (FieldType::Relation(from), FieldType::Relation(to)) => from.target == to.target,
        (from, to) => from == to && !matches!(from, FieldType::Many(_)),
    }
}

fn copies_scalar(from: Scalar, to: Scalar) -> bool {
    match (from, to) {
        (
            Scalar::Decimal { digits, places },
            Scalar::Decimal {
                digits: to_digits,
                places: to_places,
            },
        ) => places <= to_places && digits - places <= to_digits - to_places,
        (Scalar::Int, Scalar::BigInt) => true,
        (Scalar::File | Scalar::Image, _) => false,
        (from, Scalar::Text { max }) if text_limit(from).is_some() => {
            max.is_none_or(|max| text_limit(from).flatten().is_some_and(|from| from <= max))
        }
        (from, to) => from == to,
    }
}
