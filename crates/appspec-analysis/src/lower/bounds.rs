use appspec_diagnostics::{Diagnostic, Diagnostics, Span, Suggestion, codes};
use appspec_ir::{Bound, FileKind, FileRule, Id, Module, Scalar, Value};
use appspec_syntax::ast::{self, MarkKind, SizeBound, Text};

use super::constant::fit;
use super::named::Shape;
use super::scalars::text_limit;
use crate::names::Names;

/// The bounds of a field or a type; those that do not fit the type are reported and left out.
pub(crate) fn lower(
    names: &Names<'_>,
    module: Id<Module>,
    shape: Shape,
    inherited: &[Bound],
    written: &[ast::Bound],
    out: &mut Diagnostics,
) -> Vec<Bound> {
    let mut bounds = Vec::with_capacity(written.len());
    for bound in written {
        let lowered = match bound {
            ast::Bound::Range { low, high, span } => range(
                names,
                module,
                shape,
                (low.as_ref(), high.as_ref()),
                *span,
                out,
            ),
            ast::Bound::Matches { pattern, span } => matches(names, shape, pattern, *span, out),
            ast::Bound::Size(size) => file_rule(shape, size, out),
        };
        let Some(lowered) = lowered else { continue };
        let twin = bounds.iter().find(|other| same_kind(other, &lowered));
        if let (Some(twin), false) = (twin, matches!(lowered, Bound::Matches { .. })) {
            out.push(
                misfit(span_of(&lowered), "this kind of bound is given twice")
                    .label("given again here")
                    .note(span_of(twin), "first given here")
                    .help("keep one of the two"),
            );
            continue;
        }
        bounds.push(lowered);
    }
    bounds.retain(|bound| possible(shape, inherited, bound, out));
    bounds
}

/// The message of a field without bounds: a unique mark has none of its own, a unique set has.
pub(crate) fn field_message_without_bounds(field: &ast::Field, message: &Text) -> Diagnostic {
    let form = field.marks.iter().find_map(|mark| match &mark.kind {
        MarkKind::Unique {
            ignoring_case,
            condition,
        } => Some((*ignoring_case, condition.is_some())),
        _ => None,
    });
    let Some((ignoring_case, has_condition)) = form else {
        return message_without_bounds(message);
    };
    let name = &field.name.text;
    let finding = misfit(
        message.span,
        format!("this message is never shown: it is about bounds, and `{name}` has none"),
    );
    if ignoring_case {
        return finding.help("remove the message: `unique ignoring case` brings words of its own");
    }
    let rows = if has_condition { " where …" } else { "" };
    finding.help(format!(
        "remove both, and write the member `unique ({name}){rows} message \"…\"`"
    ))
}

/// A message that nothing can ever show.
pub(crate) fn message_without_bounds(message: &Text) -> Diagnostic {
    misfit(
        message.span,
        "this message is never shown: nothing here can be broken",
    )
    .label("never shown")
    .help("add a bound such as `in 0..100` or `matches r\"…\"`, or remove the message")
}

fn misfit(at: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::types::BOUND_DOES_NOT_FIT, at, message)
}

fn same_kind(a: &Bound, b: &Bound) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

pub(crate) fn span_of(bound: &Bound) -> Span {
    match bound {
        Bound::Range { span, .. } | Bound::Matches { span, .. } | Bound::File { span, .. } => *span,
    }
}

/// The type of the two ends: for text and lists they count characters and items.
fn range_shape(shape: Shape) -> Option<Shape> {
    match shape {
        Shape::List(_) => Some(Shape::Scalar(Scalar::Int)),
        Shape::Scalar(Scalar::Token { .. })
        | Shape::Enum(_)
        | Shape::One(_)
        | Shape::Many { .. } => None,
        Shape::Scalar(scalar) if text_limit(scalar).is_some() => Some(Shape::Scalar(Scalar::Int)),
        Shape::Scalar(
            Scalar::Int
            | Scalar::BigInt
            | Scalar::Float
            | Scalar::Decimal { .. }
            | Scalar::Date
            | Scalar::Time
            | Scalar::DateTime
            | Scalar::Duration,
        ) => Some(shape),
        Shape::Scalar(_) => None,
    }
}

fn range(
    names: &Names<'_>,
    module: Id<Module>,
    shape: Shape,
    (low, high): (Option<&ast::Expr>, Option<&ast::Expr>),
    span: Span,
    out: &mut Diagnostics,
) -> Option<Bound> {
    let Some(ends) = range_shape(shape) else {
        out.push(
            misfit(span, format!("{} has no range", describe(shape))).help("remove the range"),
        );
        return None;
    };
    let mut end = |expr: Option<&ast::Expr>| -> Result<Option<Value>, ()> {
        let Some(expr) = expr else { return Ok(None) };
        match fit(names, module, expr, ends) {
            Ok(value) => Ok(Some(value)),
            Err(misfit) => {
                misfit.report(&codes::types::BOUND_DOES_NOT_FIT, expr.span, out);
                Err(())
            }
        }
    };
    let (low, high) = (end(low), end(high));
    let (Ok(low), Ok(high)) = (low, high) else {
        return None;
    };
    if let (Some(low), Some(high)) = (&low, &high)
        && low > high
    {
        out.push(
            misfit(span, "the range ends before it begins")
                .label("the first end is the larger one")
                .help("write the smaller end first"),
        );
        return None;
    }
    Some(Bound::Range { low, high, span })
}

fn describe(shape: Shape) -> String {
    match shape {
        Shape::Scalar(scalar) => format!("`{scalar}`"),
        Shape::Enum(_) => "an enum".to_owned(),
        Shape::List(_) => "a list".to_owned(),
        Shape::One(_) | Shape::Many { .. } => "a relation".to_owned(),
    }
}

fn matches(
    names: &Names<'_>,
    shape: Shape,
    pattern: &Text,
    span: Span,
    out: &mut Diagnostics,
) -> Option<Bound> {
    let text = match shape {
        Shape::Scalar(Scalar::Token { .. }) => false,
        Shape::Scalar(scalar) => text_limit(scalar).is_some(),
        _ => false,
    };
    if !text {
        out.push(
            misfit(
                span,
                format!("{} matches no pattern, only text does", describe(shape)),
            )
            .help("remove the pattern"),
        );
        return None;
    }
    let pattern = names.patterns.portable(pattern, out)?;
    Some(Bound::Matches { pattern, span })
}

const KINDS: [(&str, FileKind); 13] = [
    ("png", FileKind::Png),
    ("jpeg", FileKind::Jpeg),
    ("gif", FileKind::Gif),
    ("webp", FileKind::Webp),
    ("pdf", FileKind::Pdf),
    ("csv", FileKind::Csv),
    ("txt", FileKind::Txt),
    ("json", FileKind::Json),
    ("zip", FileKind::Zip),
    ("docx", FileKind::Docx),
    ("xlsx", FileKind::Xlsx),
    ("mp3", FileKind::Mp3),
    ("mp4", FileKind::Mp4),
];

fn is_picture(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Png | FileKind::Jpeg | FileKind::Gif | FileKind::Webp
    )
}

fn file_rule(shape: Shape, size: &SizeBound, out: &mut Diagnostics) -> Option<Bound> {
    let pictures = match shape {
        Shape::Scalar(Scalar::File) => false,
        Shape::Scalar(Scalar::Image) => true,
        _ => {
            out.push(
                misfit(
                    size.span,
                    format!("{} has no size, only files do", describe(shape)),
                )
                .help("for the length of text write `text(200)`, for numbers `in 0..200`"),
            );
            return None;
        }
    };
    if let Some((0, at)) = size.max_bytes {
        out.push(misfit(at, "no file fits into 0 bytes").help("write a size such as `5MB`"));
        return None;
    }
    let mut kinds = Vec::new();
    for name in &size.kinds {
        let allowed = KINDS
            .iter()
            .filter(|(_, kind)| !pictures || is_picture(*kind));
        let found = allowed.clone().find(|(known, _)| *known == name.text);
        match found {
            Some((_, kind)) if kinds.contains(kind) => out.push(
                misfit(name.span, format!("`{}` is listed twice", name.text)).help("remove one"),
            ),
            Some((_, kind)) => kinds.push(*kind),
            None => out.push(unknown_kind(
                name,
                pictures,
                allowed.map(|(known, _)| *known),
            )),
        }
    }
    Some(Bound::File {
        rule: FileRule {
            max_bytes: size.max_bytes.map(|(bytes, _)| bytes),
            kinds,
        },
        span: size.span,
    })
}

fn unknown_kind<'k>(
    name: &ast::Name,
    pictures: bool,
    allowed: impl Iterator<Item = &'k str> + Clone,
) -> Diagnostic {
    let what = if pictures { "picture" } else { "file" };
    let finding = Diagnostic::new(
        &codes::name::UNKNOWN,
        name.span,
        format!("no kind of {what} `{}`", name.text),
    )
    .label("not known");
    let meant = if name.text.eq_ignore_ascii_case("jpg") {
        Some(Suggestion {
            name: "jpeg",
            is_certain: true,
        })
    } else {
        appspec_diagnostics::closest(&name.text, allowed.clone())
    };
    if let Some(meant) = meant {
        return finding.did_you_mean(name.span, meant);
    }
    let list: Vec<&str> = allowed.collect();
    finding.help(format!("the kinds are {}", list.join(", ")))
}

/// Whether any value is left when a range meets those of the type and the limit of the type itself.
fn possible(shape: Shape, inherited: &[Bound], own: &Bound, out: &mut Diagnostics) -> bool {
    let Bound::Range { low, high, span } = own else {
        return true;
    };
    if let Some(finding) = length_of_nothing(shape, low.as_ref(), high.as_ref(), *span) {
        out.push(finding);
        return false;
    }
    let longest = match shape {
        Shape::Scalar(scalar) => text_limit(scalar).flatten(),
        _ => None,
    };
    if let (Some(Value::Int(low)), Some(longest)) = (low, longest)
        && *low > i128::from(longest)
    {
        let message = format!("no text is that long: the type ends at {longest} characters");
        out.push(misfit(*span, message).help("lower the bound, or let the type hold more"));
        return false;
    }
    let apart = |low: &Option<Value>, high: &Option<Value>| matches!((low, high), (Some(low), Some(high)) if low > high);
    for base in inherited {
        let Bound::Range {
            low: base_low,
            high: base_high,
            span: base_span,
        } = base
        else {
            continue;
        };
        if apart(low, base_high) || apart(base_low, high) {
            out.push(
                misfit(*span, "no value is left: the type allows other values only")
                    .label("these values")
                    .note(*base_span, "the type allows these")
                    .help("make the two ranges overlap"),
            );
            return false;
        }
    }
    true
}

/// A range of lengths with an end that no text and no list has.
fn length_of_nothing(
    shape: Shape,
    low: Option<&Value>,
    high: Option<&Value>,
    span: Span,
) -> Option<Diagnostic> {
    let (what, shortest) = match shape {
        Shape::List(_) => ("items", 0),
        Shape::Scalar(scalar) if text_limit(scalar).is_some() => ("characters", 1),
        _ => return None,
    };
    let below = |end: Option<&Value>, least| matches!(end, Some(Value::Int(end)) if *end < least);
    if below(low, 0) || below(high, 0) {
        let message = format!("this range counts {what}, and no count is negative");
        let help = format!("write a range such as `in {shortest}..80`");
        return Some(misfit(span, message).help(help));
    }
    below(high, shortest).then(|| {
        misfit(span, "no text is left: a text has at least one character")
            .help("write a range such as `in 1..80`")
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    fn of(ty: &str) -> Vec<String> {
        findings(&format!("entity E {{\n a: {ty}\n}}"))
    }

    #[test]
    fn a_length_is_never_negative_and_a_text_never_blank() {
        let characters =
            "type::bound_does_not_fit: this range counts characters, and no count is negative";
        let items = "type::bound_does_not_fit: this range counts items, and no count is negative";
        let blank = "type::bound_does_not_fit: no text is left: a text has at least one character";
        for (ty, finding) in [
            ("text in -5..-1", characters),
            ("text in -5..10", characters),
            ("slug in ..-1", characters),
            ("list of int in -5..-1", items),
            ("list of int in -1..", items),
            ("text in 0..0", blank),
            ("text? in ..0", blank),
        ] {
            assert_eq!(of(ty), [finding], "{ty}");
        }
        assert_eq!(
            findings("type R = text in 0..0 message \"m\"\nentity E {\n r: R\n}"),
            [blank]
        );
    }

    #[test]
    fn ranges_that_leave_something_are_fine() {
        for ty in [
            "text in 0..80",
            "text in 1..1",
            "list of int in 0..0",
            "int in -5..-1",
        ] {
            assert_eq!(of(ty), [""; 0], "{ty}");
        }
    }

    #[test]
    fn a_message_of_a_bound_that_was_refused_is_not_blamed() {
        assert_eq!(of("text in 0..0 message \"m\"").len(), 1);
    }

    #[test]
    fn a_message_about_a_unique_mark_is_sent_to_a_member() {
        let helps = |mark: &str| {
            crate::checks::testing::helps(&format!(
                "entity E {{\n n: text(9) {mark} message \"Taken.\"\n}}"
            ))
        };
        assert_eq!(
            helps("unique"),
            ["remove both, and write the member `unique (n) message \"…\"`"]
        );
        assert_eq!(
            helps("unique ignoring case"),
            ["remove the message: `unique ignoring case` brings words of its own"]
        );
        assert_eq!(
            helps("indexed"),
            ["add a bound such as `in 0..100` or `matches r\"…\"`, or remove the message"]
        );
    }
}
