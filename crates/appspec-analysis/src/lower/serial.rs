//! `serial "A-{year}-{00000}" per stylist.salon`: what numbers look like, and what their counter begins anew for.

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Field, FieldType, Id, Scalar, Serial, SerialPart, Unique};
use appspec_syntax::ast::{self, TypeRefKind};

use super::layout::{Body, Layout, Slot};
use super::path_default;

/// The serial of a field; `None` where the field is none, or a mistake in it was reported.
pub(super) fn lower(
    layout: &Layout<'_>,
    body: &Body<'_>,
    slot: &Slot<'_>,
    out: &mut Diagnostics,
) -> Option<Serial> {
    let TypeRefKind::Serial(written) = &slot.ast.ty.kind else {
        return None;
    };
    clauses(slot.ast, out);
    let parts = parts(&written.pattern, out);
    let mut per: Vec<Vec<Id<Field>>> = Vec::new();
    let mut is_whole = true;
    for path in &written.per {
        match scope(layout, body, slot, path, out) {
            Some(fields) if per.contains(&fields) => {
                let finding = Diagnostic::new(
                    &codes::name::DUPLICATE,
                    path.span,
                    "the counter begins anew for this already",
                );
                out.push(finding.label("named twice").help("remove one of the two"));
                is_whole = false;
            }
            Some(fields) => per.push(fields),
            None => is_whole = false,
        }
    }
    Some(Serial {
        parts: parts?,
        per,
        gapless: written.gapless.is_some(),
        span: slot.ast.ty.span,
    })
    .filter(|_| is_whole)
}

/// No two rows of what the counter begins anew for have the same number. Behind a reference, that is told of the
/// reference: it is a column of the row. Where the path may lead elsewhere later, nothing is told.
pub(super) fn unique(body: &Body<'_>, slot: &Slot<'_>, serial: &Serial) -> Unique {
    let mut fields: Vec<Id<Field>> = Vec::new();
    for first in serial.per.iter().filter_map(|path| path.first()) {
        if !fields.contains(first) {
            fields.push(*first);
        }
    }
    fields.push(slot.id);
    let slots = fields.iter().filter_map(|id| {
        let mut slots = body.slots.iter();
        slots.find(|slot| slot.id == *id)
    });
    let names: Vec<&str> = slots.map(|slot| slot.ast.name.text.as_str()).collect();
    Unique {
        name: format!("{}_unique", names.join("_")),
        fields,
        condition: None,
        ignoring_case: false,
        message: None,
        span: serial.span,
    }
}

/// What can't be said of a field that nobody fills in.
fn clauses(field: &ast::Field, out: &mut Diagnostics) {
    let mut refuse = |at: Span, message: &str| {
        out.push(
            Diagnostic::new(&codes::types::CLAUSE_DOES_NOT_FIT, at, message)
                .label("means nothing here")
                .help("remove it"),
        );
    };
    if let Some(optional) = field.optional {
        refuse(optional, "every row gets a number");
    }
    if let Some(default) = &field.default {
        refuse(
            default.span,
            "the system gives the number, so nothing is left to start with",
        );
    }
    if let Some(bound) = field.bounds.first() {
        let (ast::Bound::Range { span, .. }
        | ast::Bound::Matches { span, .. }
        | ast::Bound::Size(ast::SizeBound { span, .. })) = bound;
        refuse(*span, "the pattern says what a number looks like");
    }
}

fn parts(pattern: &ast::Text, out: &mut Diagnostics) -> Option<Vec<SerialPart>> {
    let mut refuse = |message: String, help: String| {
        out.push(
            Diagnostic::new(&codes::types::SERIAL_PATTERN, pattern.span, message)
                .label("the pattern")
                .help(help),
        );
        None
    };
    let parts = match read(&pattern.value) {
        Ok(parts) => parts,
        Err((message, help)) => return refuse(message, help.to_owned()),
    };
    let counters = parts.iter().filter_map(|part| match part {
        SerialPart::Counter(digits) => Some(*digits),
        _ => None,
    });
    let counters: Vec<u32> = counters.collect();
    let digits = match counters.as_slice() {
        [digits] => *digits,
        [] => {
            return refuse(
                "nothing counts, so the second row would get the number of the first".to_owned(),
                "add the counter, with as many zeros as it has digits at least: `{0000}`"
                    .to_owned(),
            );
        }
        _ => {
            let message = format!("{} counters count the same rows", counters.len());
            return refuse(message, "leave one of them".to_owned());
        }
    };
    let has = |part: &SerialPart| parts.contains(part);
    for (finer, coarser, name) in [
        (SerialPart::Month, SerialPart::Year, "{year}"),
        (SerialPart::Day, SerialPart::Month, "{month}"),
    ] {
        if has(&finer) && !has(&coarser) {
            let (every, what) = match finer {
                SerialPart::Day => ("month", "days"),
                _ => ("year", "months"),
            };
            return refuse(
                format!(
                    "the counter begins anew with each of the {what}, and they come again every {every}"
                ),
                format!("add `{name}`: without it numbers repeat"),
            );
        }
    }
    let length: usize = parts
        .iter()
        .map(|part| match part {
            SerialPart::Text(text) => text.chars().count(),
            SerialPart::Year => 4,
            SerialPart::Month | SerialPart::Day => 2,
            SerialPart::Counter(_) => usize::try_from(Serial::DIGITS).unwrap_or(18),
        })
        .sum();
    if digits > Serial::DIGITS {
        let most = Serial::DIGITS;
        return refuse(
            format!("the counter has {digits} digits, {most} fit"),
            "leave as many zeros as people want to read".to_owned(),
        );
    }
    let longest = Serial::LONGEST;
    if usize::try_from(longest).is_ok_and(|longest| length > longest) {
        return refuse(
            format!("numbers become up to {length} characters long, {longest} fit"),
            "shorten the text".to_owned(),
        );
    }
    Some(parts)
}

/// The parts of a pattern, or what is wrong with it and what to do.
fn read(pattern: &str) -> Result<Vec<SerialPart>, (String, &'static str)> {
    const KNOWN: &str =
        "the parts are `{year}`, `{month}`, `{day}` and the counter, such as `{0000}`";
    if pattern.chars().any(char::is_control) {
        let message = "a number is one line of text".to_owned();
        return Err((message, "remove what can't be read"));
    }
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((text, behind)) = rest.split_once('{') {
        let Some((name, behind)) = behind.split_once('}') else {
            return Err(("a `{` has no `}`".to_owned(), KNOWN));
        };
        push_text(&mut parts, text)?;
        parts.push(match name {
            "year" => SerialPart::Year,
            "month" => SerialPart::Month,
            "day" => SerialPart::Day,
            _ if !name.is_empty() && name.bytes().all(|byte| byte == b'0') => {
                SerialPart::Counter(u32::try_from(name.len()).unwrap_or(u32::MAX))
            }
            _ => return Err((format!("`{{{name}}}` is no part of a number"), KNOWN)),
        });
        rest = behind;
    }
    push_text(&mut parts, rest)?;
    Ok(parts)
}

fn push_text(parts: &mut Vec<SerialPart>, text: &str) -> Result<(), (String, &'static str)> {
    if text.contains('}') {
        return Err(("a `}` has no `{`".to_owned(), "remove it"));
    }
    if !text.is_empty() {
        parts.push(SerialPart::Text(text.to_owned()));
    }
    Ok(())
}

/// The fields along a path to what the counter begins anew for.
fn scope(
    layout: &Layout<'_>,
    body: &Body<'_>,
    own: &Slot<'_>,
    path: &ast::Path,
    out: &mut Diagnostics,
) -> Option<Vec<Id<Field>>> {
    let mut here = Some(body);
    let mut fields = Vec::with_capacity(path.names.len());
    let mut names = path.names.iter().peekable();
    while let Some(name) = names.next() {
        let step = path_default::find(layout, here?, name, out)?;
        let is_last = names.peek().is_none();
        let ty = step.ty.as_ref()?;
        let found = if step.id == own.id {
            Some((
                "a number does not begin anew for itself",
                "name another field",
            ))
        } else if step.ast.optional.is_some() {
            Some((
                "where it is empty nobody knows which counter goes on",
                "make it required, or leave it out behind `per`",
            ))
        } else if is_last {
            (!tells_apart(step, ty)).then_some((
                "a counter begins anew for rows, values of an enum, texts, days and whole numbers",
                "name a field of such a type",
            ))
        } else {
            (!matches!(ty, FieldType::Relation(_))).then_some((
                "nothing is behind it: this is no reference to one row",
                "end the path here, or name a reference",
            ))
        };
        if let Some((message, help)) = found {
            out.push(
                Diagnostic::new(&codes::types::SERIAL_SCOPE, name.span, message)
                    .note(step.ast.name.span, "declared here")
                    .help(help),
            );
            return None;
        }
        fields.push(step.id);
        here = match ty {
            FieldType::Relation(relation) => layout.entity(relation.target),
            _ => None,
        };
    }
    Some(fields)
}

/// Whether a database writes each value of the type in one way, which tells it from others.
fn tells_apart(step: &Slot<'_>, ty: &FieldType) -> bool {
    if matches!(step.ast.ty.kind, TypeRefKind::Serial(_)) {
        return false;
    }
    match ty {
        FieldType::Relation(_) | FieldType::Enum(_) => true,
        FieldType::Scalar(scalar) => matches!(
            scalar,
            Scalar::Text { .. }
                | Scalar::Slug { .. }
                | Scalar::Email
                | Scalar::Int
                | Scalar::BigInt
                | Scalar::Bool
                | Scalar::Date
                | Scalar::Uuid
        ),
        FieldType::List(_) | FieldType::Many(_) => false,
    }
}
