//! `subject: one of Order, Invoice`: what it can't say, and the rule that it stands for.

use appspec_diagnostics::{Code, Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Field, Id, Invariant, Moment, OneOf};
use appspec_syntax::ast::{self, MarkKind, OnDeleteKind, TypeRefKind};

use super::layout::{Body, Layout, Several, Slot};
use super::words::words;
use crate::one_of::{is_unique, targets};

/// Says what the field alone shows to be wrong with it.
pub(super) fn check(field: &ast::Field, out: &mut Diagnostics) {
    entities(field, out);
    if field.optional.is_none()
        && let Some(clause) = &field.on_delete
        && clause.kind == OnDeleteKind::SetNull
    {
        out.push(
            Diagnostic::new(
                &codes::relation::SET_NULL_REQUIRED,
                field.name.span,
                format!(
                    "each row needs its `{}`, so a deletion can't empty it",
                    field.name.text
                ),
            )
            .label("`on delete set null`, but no `?` after the last entity")
            .help("write `?` after the last entity, or `on delete protect` or `on delete cascade`"),
        );
    }
    clauses(field, out);
    marks(field, out);
}

/// The entities that it names.
fn entities(field: &ast::Field, out: &mut Diagnostics) {
    let (TypeRefKind::OneOf(paths), Some(targets)) = (&field.ty.kind, targets(field)) else {
        return;
    };
    let finding = |at, message| Diagnostic::new(&codes::relation::ONE_OF_TARGETS, at, message);
    for path in paths {
        let Some(last) = path.names.last() else {
            continue;
        };
        let Some((_, first)) = targets.iter().find(|(known, _)| known.text == last.text) else {
            continue;
        };
        if std::ptr::eq(*first, path) {
            continue;
        }
        let is_same = first
            .names
            .iter()
            .map(|name| &name.text)
            .eq(path.names.iter().map(|name| &name.text));
        let (message, help) = if is_same {
            (
                format!("`{}` is named twice", last.text),
                "remove it here".to_owned(),
            )
        } else {
            let part = OneOf::field_name(&field.name.text, &last.text);
            (
                format!(
                    "two entities are called `{}`, and each would be `{part}`",
                    last.text
                ),
                "use an optional reference to each, and an invariant that says how many are set"
                    .to_owned(),
            )
        };
        out.push(
            finding(path.span, message)
                .label("named again here")
                .note(first.span, "first named here")
                .help(help),
        );
    }
    if let [only] = paths.as_slice() {
        let text = names(only);
        out.push(
            finding(only.span, "there is only one to point to".to_owned())
                .label("the only one")
                .help(format!(
                    "write `{text}` alone, or name another entity behind a comma"
                )),
        );
    }
    if targets.len() > OneOf::MOST
        && let Some((_, path)) = targets.get(OneOf::MOST)
    {
        out.push(
            finding(
                path.span,
                format!(
                    "`{}` names {} entities, {} fit",
                    field.name.text,
                    targets.len(),
                    OneOf::MOST
                ),
            )
            .label("one too many")
            .help("give what they share an entity of its own, and point to that"),
        );
    }
}

fn names(path: &ast::Path) -> String {
    let names: Vec<&str> = path.names.iter().map(|name| name.text.as_str()).collect();
    names.join(".")
}

/// Clauses that say nothing about it.
fn clauses(field: &ast::Field, out: &mut Diagnostics) {
    let name = &field.name.text;
    let finding = |code, at, message| {
        Diagnostic::new(code, at, message)
            .label("means nothing here")
            .help("remove it")
    };
    if let Some(default) = &field.default {
        out.push(finding(
            &codes::types::DEFAULT_DOES_NOT_FIT,
            default.span,
            format!("`{name}` points to a row, which no default can name"),
        ));
    }
    for bound in &field.bounds {
        let at = match bound {
            ast::Bound::Range { span, .. } | ast::Bound::Matches { span, .. } => *span,
            ast::Bound::Size(size) => size.span,
        };
        out.push(finding(
            &codes::types::BOUND_DOES_NOT_FIT,
            at,
            format!("`{name}` points to a row and has no bounds"),
        ));
    }
}

fn marks(field: &ast::Field, out: &mut Diagnostics) {
    let name = &field.name.text;
    for mark in &field.marks {
        let (message, help) = match &mark.kind {
            MarkKind::Immutable => continue,
            MarkKind::Unique { .. } if is_unique(field, mark) => continue,
            MarkKind::Unique {
                ignoring_case: true,
                ..
            } => (
                format!("`{name}` has no upper and lower case"),
                "remove `ignoring case`".to_owned(),
            ),
            MarkKind::Unique { .. } if field.optional.is_some() => (
                format!("`{name}` may be empty, and two rows without it would both be accepted"),
                format!("write `unique where {name} is set`"),
            ),
            MarkKind::Unique { .. } => (
                format!(
                    "what picks rows stands in a set of its own where `{name}` points to several entities"
                ),
                format!("write `unique ({name}) where …` on a line of its own"),
            ),
            MarkKind::Indexed => (
                format!("each reference of `{name}` has an index already"),
                "remove the mark".to_owned(),
            ),
            MarkKind::Touched => (
                "only a `datetime` can be touched by every write".to_owned(),
                "remove the mark".to_owned(),
            ),
        };
        out.push(
            Diagnostic::new(&codes::types::MARK_DOES_NOT_FIT, mark.span, message)
                .label("does not fit this type")
                .help(help),
        );
    }
}

/// That a name in the list is that of something else.
pub(super) fn no_entity(part: &ast::Field) -> Diagnostic {
    let written = match &part.ty.kind {
        TypeRefKind::Named { path, .. } => names(path),
        _ => String::new(),
    };
    Diagnostic::new(
        &codes::relation::ONE_OF_TARGETS,
        part.ty.span,
        format!("`{written}` is no entity, so no row can point to it"),
    )
    .label("no entity")
    .help("name entities alone")
}

/// Says of a name that is taken which field it is a part of.
pub(super) fn says_whose(finding: Diagnostic, body: &Body<'_>, name: &ast::Name) -> Diagnostic {
    let parts = body.one_of.iter().flat_map(|whole| {
        let targets = targets(whole.ast).unwrap_or_default().into_iter();
        targets.map(move |(target, _)| (whole, target))
    });
    let of = |(whole, target): &(&Several<'_>, &ast::Name)| {
        OneOf::field_name(&whole.ast.name.text, &target.text) == name.text
    };
    match parts.into_iter().find(of) {
        Some((whole, target)) => finding.help(format!(
            "`{}` is what `{}` has for `{}`; rename the other one",
            name.text, whole.ast.name.text, target.text
        )),
        None => finding,
    }
}

/// What a field of a body and its rule become; nothing where one of its references is not known, which was told.
pub(super) fn lower(
    layout: &Layout<'_>,
    body: &Body<'_>,
    whole: &Several<'_>,
    known: &[(Id<Field>, Field)],
) -> Option<(OneOf, Invariant)> {
    let field = whole.ast;
    let slots: Vec<&Slot<'_>> = body.references(whole).collect();
    let is_whole = slots.len() == targets(field)?.len()
        && slots
            .iter()
            .all(|slot| known.iter().any(|(id, _)| *id == slot.id));
    if !is_whole || slots.len() < 2 {
        return None;
    }
    let fields: Vec<Id<Field>> = slots.iter().map(|slot| slot.id).collect();
    let (optional, span) = (field.optional.is_some(), field.name.span);
    let message = match &field.message {
        Some(message) => message.value.clone(),
        None => message(layout, &slots, optional),
    };
    let rule = Invariant {
        name: field.name.text.clone(),
        doc: super::doc(field.doc.as_ref()),
        entity: super::entity_of(body),
        moment: Moment::Always,
        condition: OneOf::rule(&fields, optional, span),
        message,
        span,
    };
    let whole = OneOf {
        name: field.name.text.clone(),
        doc: super::doc(field.doc.as_ref()),
        optional,
        fields,
        was: field.was.as_ref().map(|name| name.text.clone()),
        span,
    };
    Some((whole, rule))
}

/// What people read when none or several are chosen.
fn message(layout: &Layout<'_>, slots: &[&Slot<'_>], optional: bool) -> String {
    let targets = slots.iter().filter_map(|slot| slot.ty.as_ref());
    let labels = targets.filter_map(|ty| match ty {
        appspec_ir::FieldType::Relation(relation) => {
            let item = layout.names.entities.get(relation.target.index())?.item;
            let label = item.labels.as_ref();
            Some(label.map_or_else(|| words(&item.name.text), |it| it.singular.value.clone()))
        }
        _ => None,
    });
    let mut labels: Vec<String> = labels.collect();
    let last = labels.pop().unwrap_or_default();
    let how_many = if optional { "at most" } else { "exactly" };
    format!("Choose {how_many} one: {} or {last}.", labels.join(", "))
}

/// That something asks for the row behind such a field as if it were one of one entity.
pub(crate) fn no_value(whole: &Several<'_>, body: &Body<'_>, at: Span) -> Diagnostic {
    let message = "may point to rows of several entities, which share no values";
    no_single(&codes::types::NOT_IN_A_RULE, whole, at, message).help(format!(
        "name the reference to one of them: {}",
        references(whole, body, "")
    ))
}

/// That a row of a seed gives the row behind such a field without saying of which entity it is.
pub(super) fn no_seed(whole: &Several<'_>, body: &Body<'_>, value: &ast::SeedValue) -> Diagnostic {
    let message = "may point to rows of several entities";
    let code = &codes::seed::VALUE_DOES_NOT_FIT;
    no_single(code, whole, value.field.span, message).help(format!(
        "name the reference to one of them: {}",
        references(whole, body, ": …")
    ))
}

/// That a list names such a field where it can't be spelled out.
pub(super) fn no_column(whole: &Several<'_>, body: &Body<'_>, at: Span) -> Diagnostic {
    let message = "is several references, of which a row has one";
    no_single(&codes::types::MARK_DOES_NOT_FIT, whole, at, message).help(format!(
        "name the one that is meant: {}",
        references(whole, body, "")
    ))
}

fn no_single(code: &'static Code, whole: &Several<'_>, at: Span, says: &str) -> Diagnostic {
    let name = &whole.ast.name;
    Diagnostic::new(code, at, format!("`{}` {says}", name.text))
        .label("one of several")
        .note(name.span, "declared here")
}

/// The names of its references, each with what stands behind it.
fn references(whole: &Several<'_>, body: &Body<'_>, behind: &str) -> String {
    let names = body
        .references(whole)
        .map(|slot| format!("`{}{behind}`", slot.ast.name.text));
    names.collect::<Vec<_>>().join(", ")
}
