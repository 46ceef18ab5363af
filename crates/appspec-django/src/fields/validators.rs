//! What a value is asked before the database sees it.

use appspec_backend::python::{Expr as Py, Ident};
use appspec_ir::{Bound, Field, FieldType, FileKind, ListItem, Scalar, Value, Walk};

use super::{constant, is_text, json_kind, text_pattern};
use crate::target::{Target, stored_values};

/// The validators of a field, in the order of its bounds.
pub(super) fn of(field: Walk<'_, Field>, target: Target) -> Vec<Py> {
    let mut checks = Vec::new();
    if let FieldType::List(item) = &field.get().ty {
        checks.push(list(field, *item, target));
    }
    if let Some((pattern, message)) = text_pattern(&field.get().ty) {
        checks.push(regex(pattern, Some(message)));
    }
    if let FieldType::Scalar(Scalar::Decimal { digits, places }) = field.get().ty
        && digits == places
    {
        let largest = format!("0.{}", "9".repeat(places as usize));
        for (end, value) in [("Min", format!("-{largest}")), ("Max", largest)] {
            let decimal = crate::values::decimal(&value);
            checks.push(validator(format!("{end}ValueValidator")).arg(decimal));
        }
    }
    let is_list = matches!(field.get().ty, FieldType::List(_));
    let message = field.get().bounds_message.as_deref();
    for bound in &field.get().bounds {
        match bound {
            Bound::Range { low, high, .. } if is_list => {
                checks.push(items(low.as_ref(), high.as_ref(), message));
            }
            Bound::Range { low, high, .. } => {
                checks.extend(
                    low.as_ref()
                        .map(|low| limit(field, "Min", low, message, target)),
                );
                checks.extend(
                    high.as_ref()
                        .map(|high| limit(field, "Max", high, message, target)),
                );
            }
            Bound::Matches { pattern, .. } => checks.push(regex(pattern, message)),
            Bound::File { rule, .. } => {
                if let Some(bytes) = rule.max_bytes {
                    checks.push(Py::from("core.files", "MaxBytes").arg(Py::int(bytes)));
                }
                if !rule.kinds.is_empty() {
                    checks.push(
                        rule.kinds
                            .iter()
                            .fold(Py::from("core.files", "Kinds").call(), |call, kind| {
                                call.arg(Py::text(kind_name(*kind)))
                            }),
                    );
                }
            }
        }
    }
    checks
}

fn limit(
    field: Walk<'_, Field>,
    end: &str,
    value: &Value,
    message: Option<&str>,
    target: Target,
) -> Py {
    let class = match &field.get().ty {
        FieldType::List(_) => Py::from("core.lists", format!("{end}Items")),
        ty if is_text(ty) => validator(format!("{end}LengthValidator")),
        _ => validator(format!("{end}ValueValidator")),
    };
    class
        .arg(constant(field, value, target))
        .maybe_kw("message", message.map(crate::values::message))
}

/// `Items(at_least=1, at_most=3)`
fn items(low: Option<&Value>, high: Option<&Value>, message: Option<&str>) -> Py {
    let count = |end: Option<&Value>| match end {
        Some(Value::Int(count)) => Some(Py::int(*count)),
        _ => None,
    };
    Py::from("core.lists", "Items")
        .call()
        .maybe_kw("at_least", count(low))
        .maybe_kw("at_most", count(high))
        .maybe_kw("message", message.map(crate::values::message))
}

fn regex(pattern: &str, message: Option<&str>) -> Py {
    validator("RegexValidator")
        .arg(Py::text(anchored(pattern)))
        .maybe_kw("message", message.map(crate::values::message))
}

/// The pattern for the whole text, as Python and PostgreSQL both understand it.
pub(crate) fn anchored(pattern: &str) -> String {
    format!(r"\A(?:{pattern})\Z")
}

fn list(field: Walk<'_, Field>, item: ListItem, target: Target) -> Py {
    let call = Py::from("core.lists", "ListOf").arg(Py::text(json_kind(item)));
    match item {
        ListItem::Enum(id) => call.kw("choices", stored_values(field.spec, id, target)),
        ListItem::Scalar(scalar) => {
            let call = match scalar {
                Scalar::Text { max: Some(max) } | Scalar::Slug { max } => length(call, max),
                Scalar::Token { length: most } => length(call, most),
                Scalar::Phone => length(call, 32),
                Scalar::Url => length(call, 2000),
                Scalar::Decimal { digits, places } => call
                    .kw("max_digits", Py::int(digits))
                    .kw("decimal_places", Py::int(places)),
                _ => call,
            };
            call.maybe_kw(
                "pattern",
                text_pattern(&FieldType::Scalar(scalar))
                    .map(|(pattern, _)| Py::text(anchored(pattern))),
            )
        }
    }
}

fn length(call: Py, most: u32) -> Py {
    call.kw("max_length", Py::int(most))
}

fn validator(name: impl Into<Ident>) -> Py {
    Py::from("django.core.validators", name)
}

pub(crate) fn kind_name(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Png => "png",
        FileKind::Jpeg => "jpeg",
        FileKind::Gif => "gif",
        FileKind::Webp => "webp",
        FileKind::Pdf => "pdf",
        FileKind::Csv => "csv",
        FileKind::Txt => "txt",
        FileKind::Json => "json",
        FileKind::Zip => "zip",
        FileKind::Docx => "docx",
        FileKind::Xlsx => "xlsx",
        FileKind::Mp3 => "mp3",
        FileKind::Mp4 => "mp4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::salon;

    /// The validator of the first field, were it a list of this.
    fn list_of(item: Scalar) -> Py {
        let spec = salon();
        let field = spec
            .walk_modules()
            .flat_map(appspec_ir::Walk::entities)
            .find_map(|entity| entity.fields().next())
            .unwrap();
        list(field, ListItem::Scalar(item), Target::Model)
    }

    #[test]
    fn items_of_a_list_have_the_limits_of_their_type() {
        let call = |kind: &str| Py::from("core.lists", "ListOf").arg(Py::text(kind));
        let sized = |length: u32| call("text").kw("max_length", Py::int(length));
        for (item, expected) in [
            (Scalar::Text { max: None }, call("text")),
            (Scalar::Text { max: Some(5) }, sized(5)),
            (Scalar::Token { length: 8 }, sized(8)),
            (
                Scalar::Slug { max: 20 },
                sized(20).kw("pattern", Py::text(r"\A(?:[a-z0-9_-]+)\Z")),
            ),
            (
                Scalar::Decimal {
                    digits: 5,
                    places: 2,
                },
                call("decimal")
                    .kw("max_digits", Py::int(5))
                    .kw("decimal_places", Py::int(2)),
            ),
            (Scalar::Url, call("url").kw("max_length", Py::int(2000))),
        ] {
            assert_eq!(list_of(item), expected);
        }
    }
}
