use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Field, FieldType, Id, Index, Scalar, SortKey, Through, Unique};
use appspec_syntax::ast::{self, Mark, MarkKind, TypeRefKind};

use super::layout::{Body, Layout, Slot, is_one_to_one};
use super::named::Shape;
use super::{bounds, defaults, serial};
use crate::expr::{Lowerer, Place, Results, Site};

/// A lowered field with the unique set and the index that its marks ask for.
#[derive(Debug)]
pub(crate) struct LoweredField {
    pub(crate) field: Field,
    pub(crate) unique: Option<Unique>,
    pub(crate) index: Option<Index>,
}

/// Everything about a field beyond its type; `None` when its type is broken.
pub(crate) fn lower(
    layout: &Layout<'_>,
    results: &Results,
    (at, body): (usize, &Body<'_>),
    slot: &Slot<'_>,
    out: &mut Diagnostics,
) -> Option<LoweredField> {
    let field = slot.ast;
    let ty = slot.ty.clone()?;
    let shape = shape(&ty);
    let named = slot.named.and_then(|id| layout.types.get(id.index()));
    let mut all = named.map(|named| named.bounds.clone()).unwrap_or_default();
    let own = bounds::lower(layout.names, slot.module, shape, &all, &field.bounds, out);
    all.reserve_exact(own.len());
    all.extend(own);
    // A bound that was refused is still what the message was meant for.
    let is_bounded = !all.is_empty() || !field.bounds.is_empty();
    if let Some(message) = field.message.as_ref().filter(|_| !is_bounded) {
        out.push(bounds::field_message_without_bounds(field, message));
    }
    clauses(field, &ty, out);
    let default = field
        .default
        .as_ref()
        .and_then(|expr| defaults::lower(layout, body, slot, &all, expr, out));
    let ty = with_through(layout, body, slot, ty, out)?;
    let serial = serial::lower(layout, body, slot, out);
    if slot.is_numbered() && serial.is_none() {
        return None;
    }
    let mut lowered = LoweredField {
        field: Field {
            name: field.name.text.clone(),
            doc: super::doc(field.doc.as_ref()),
            entity: super::entity_of(body),
            ty,
            named: slot.named,
            optional: field.optional.is_some(),
            bounds: all,
            bounds_message: field
                .message
                .as_ref()
                .map(|message| message.value.clone())
                .or_else(|| named.and_then(|named| named.message.clone())),
            default,
            touched: false,
            immutable: false,
            serial: serial.clone(),
            was: field.was.as_ref().map(|name| name.text.clone()),
            span: field.name.span,
        },
        unique: serial.map(|serial| serial::unique(body, slot, &serial)),
        index: None,
    };
    let site = Site {
        body: at,
        module: slot.module,
        row: None,
        place: Place::Condition,
    };
    for (index, mark) in field.marks.iter().enumerate() {
        let earlier = field.marks.get(..index).unwrap_or_default();
        if let Some(first) = earlier.iter().find(|other| same_mark(other, mark)) {
            out.push(
                misfit(mark, "this mark is given twice")
                    .note(first.span, "first given here")
                    .help("remove one of the two"),
            );
            continue;
        }
        let mut conditions = Lowerer::new(layout, results, site, out);
        marked(&mut conditions, slot, mark, &mut lowered);
    }
    Some(lowered)
}

fn shape(ty: &FieldType) -> Shape {
    match ty {
        FieldType::Scalar(scalar) => Shape::Scalar(*scalar),
        FieldType::Enum(id) => Shape::Enum(*id),
        FieldType::List(item) => Shape::List(*item),
        FieldType::Relation(relation) => Shape::One(relation.target),
        FieldType::Many(many) => Shape::Many {
            target: many.target,
            through: None,
        },
    }
}

fn same_mark(a: &Mark, b: &Mark) -> bool {
    std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind)
}

fn misfit(mark: &Mark, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::types::MARK_DOES_NOT_FIT, mark.span, message)
        .label("does not fit this type")
}

/// The marks of one field, applied one by one.
fn marked(
    conditions: &mut Lowerer<'_, '_>,
    slot: &Slot<'_>,
    mark: &Mark,
    lowered: &mut LoweredField,
) {
    let field = slot.ast;
    let name = &field.name.text;
    if lowered.field.serial.is_some() && !matches!(mark.kind, MarkKind::Indexed) {
        let known = match mark.kind {
            MarkKind::Immutable => "a number is given once and never changes anyway",
            MarkKind::Unique { .. } => "the counter and a unique rule keep numbers apart already",
            MarkKind::Touched | MarkKind::Indexed => "the system gives the number",
        };
        conditions.report(misfit(mark, known).help("remove the mark"));
        return;
    }
    match &mark.kind {
        MarkKind::Touched => {
            if lowered.field.ty != FieldType::Scalar(Scalar::DateTime) {
                conditions.report(
                    misfit(mark, "only a `datetime` can be touched by every write")
                        .help("make the field a `datetime`, or remove the mark"),
                );
                return;
            }
            lowered.field.touched = true;
        }
        MarkKind::Immutable => immutable(conditions, slot, mark, &mut lowered.field),
        MarkKind::Indexed => {
            if !is_lookup(&lowered.field.ty) {
                conditions.report(
                    misfit(mark, format!("`{name}` can't be looked up by an index"))
                        .help("remove the mark"),
                );
                return;
            }
            lowered.index = Some(Index {
                name: format!("{name}_index"),
                keys: vec![SortKey {
                    field: slot.id,
                    direction: appspec_ir::Direction::Ascending,
                }],
                condition: None,
                span: mark.span,
            });
        }
        MarkKind::Unique {
            ignoring_case,
            condition,
        } => {
            if let Some(unique) = unique(
                conditions,
                slot,
                mark,
                *ignoring_case,
                condition.as_ref(),
                &lowered.field,
            ) {
                lowered.unique = Some(unique);
            }
        }
    }
}

/// What is set once: nothing that other rows or every write say.
fn immutable(conditions: &mut Lowerer<'_, '_>, slot: &Slot<'_>, mark: &Mark, field: &mut Field) {
    let name = &field.name;
    let marks = slot.ast.marks.iter();
    let touched = marks
        .clone()
        .find(|other| matches!(other.kind, MarkKind::Touched));
    if matches!(field.ty, FieldType::Many(_)) {
        conditions.report(
            misfit(
                mark,
                format!("`{name}` holds many rows, and each of them can come and go"),
            )
            .help("remove the mark, or use `many … through` an entity that is `append only`"),
        );
    } else if let Some(touched) = touched {
        conditions.report(
            misfit(mark, format!("every write sets `{name}` anew"))
                .note(touched.span, "by this mark")
                .help("remove one of the two; `= now()` is the moment at which the row was made"),
        );
    } else {
        field.immutable = true;
    }
}

fn unique(
    conditions: &mut Lowerer<'_, '_>,
    slot: &Slot<'_>,
    mark: &Mark,
    ignoring_case: bool,
    condition: Option<&ast::Expr>,
    field: &Field,
) -> Option<Unique> {
    let name = &field.name;
    if !is_lookup(&field.ty) {
        conditions.report(
            misfit(mark, format!("`{name}` can't be unique"))
                .help("remove the mark; rows are told apart by other fields"),
        );
        return None;
    }
    if ignoring_case && !is_text(&field.ty) {
        conditions.report(
            misfit(mark, format!("`{name}` has no upper and lower case"))
                .help("remove `ignoring case`"),
        );
        return None;
    }
    // The column itself is unique then; the set would say it again.
    if field.relation().is_some() && is_one_to_one(slot.ast) {
        return None;
    }
    let condition = match condition {
        Some(condition) => Some(conditions.condition(condition)?),
        None => None,
    };
    Some(Unique {
        name: format!("{name}_unique"),
        fields: vec![slot.id],
        condition,
        ignoring_case,
        message: None,
        span: mark.span,
    })
}

/// Whether a database looks such values up by equality.
pub(crate) fn is_lookup(ty: &FieldType) -> bool {
    match ty {
        FieldType::Scalar(scalar) => !matches!(
            scalar,
            Scalar::Json | Scalar::File | Scalar::Image | Scalar::Bytes
        ),
        FieldType::Enum(_) | FieldType::Relation(_) => true,
        FieldType::List(_) | FieldType::Many(_) => false,
    }
}

fn is_text(ty: &FieldType) -> bool {
    matches!(
        ty,
        FieldType::Scalar(Scalar::Text { .. } | Scalar::Slug { .. } | Scalar::Email | Scalar::Url)
    )
}

/// Clauses that say something about another kind of field.
fn clauses(field: &ast::Field, ty: &FieldType, out: &mut Diagnostics) {
    let finding = |at, message: &str, help: &str| {
        Diagnostic::new(&codes::types::CLAUSE_DOES_NOT_FIT, at, message)
            .label("means nothing here")
            .help(help)
    };
    if let Some(clause) = &field.on_delete
        && !matches!(ty, FieldType::Relation(_))
    {
        out.push(finding(
            clause.span,
            "`on delete` is about a relation to one row",
            "remove it",
        ));
    }
    if let Some(inverse) = &field.inverse
        && !matches!(ty, FieldType::Relation(_) | FieldType::Many(_))
    {
        out.push(finding(
            inverse.span,
            "only a relation has an inverse",
            "remove it",
        ));
    }
    if let (Some(optional), FieldType::Many(_)) = (field.optional, ty) {
        out.push(
            finding(
                optional,
                "a relation to many rows may always be empty",
                "remove the `?`",
            )
            .edit(optional, ""),
        );
    }
    if let (Some(optional), FieldType::List(_)) = (field.optional, ty) {
        out.push(
            finding(
                optional,
                "a list may be empty, so nothing is left for `?` to say",
                "remove the `?`, and write `= []` where nothing has to be given",
            )
            .edit(optional, ""),
        );
    }
}

/// Finds the two relations of a link entity.
fn with_through(
    layout: &Layout<'_>,
    body: &Body<'_>,
    slot: &Slot<'_>,
    ty: FieldType,
    out: &mut Diagnostics,
) -> Option<FieldType> {
    let (FieldType::Many(mut many), TypeRefKind::Many { through, .. }) =
        (ty.clone(), &slot.ast.ty.kind)
    else {
        return Some(ty);
    };
    let (Some(path), Some(source)) = (through, body.entity) else {
        return Some(ty);
    };
    // Found before, while the type was resolved.
    let link = layout
        .names
        .resolve_entity(slot.module, path, &mut Diagnostics::new())?;
    let target = many.target;
    let ends = |wanted: Id<Entity>| -> Vec<&Slot<'_>> {
        layout.entity(link).map_or_else(Vec::new, |body| {
            body.slots
                .iter()
                .filter(
                    |slot| matches!(&slot.ty, Some(FieldType::Relation(to)) if to.target == wanted),
                )
                .collect()
        })
    };
    let (sources, targets) = (ends(source), ends(target));
    // A link between two rows of one entity: the first relation is this side, the second the other.
    let pair = if source == target {
        match sources.as_slice() {
            [one, other] => Some((*one, *other)),
            _ => None,
        }
    } else {
        match (sources.as_slice(), targets.as_slice()) {
            ([one], [other]) => Some((*one, *other)),
            _ => None,
        }
    };
    let Some((one, other)) = pair else {
        // A field or a mixin of the link that could not be read may be the end that is missing.
        let is_unknown =
            |body: &Body<'_>| body.is_incomplete || body.slots.iter().any(|slot| slot.ty.is_none());
        if layout.entity(link).is_none_or(is_unknown) {
            return None;
        }
        let (name, link_name) = (body.name, layout.names.entity_name(link));
        let target_name = layout.names.entity_name(target);
        let mut finding = Diagnostic::new(
            &codes::relation::THROUGH,
            path.span,
            format!("`{link_name}` does not link one `{name}` to one `{target_name}`"),
        )
        .label("the link");
        let others = if source == target { &[][..] } else { &targets };
        for slot in sources.iter().chain(others) {
            finding = finding.note(slot.ast.name.span, "a relation of the link");
        }
        out.push(finding.help(if source == target {
            format!("give `{link_name}` exactly two relations to `{name}`, this side first")
        } else {
            format!(
                "give `{link_name}` exactly one relation to `{name}` and one to `{target_name}`"
            )
        }));
        return None;
    };
    if one.ast.optional.is_some() || other.ast.optional.is_some() {
        let open = if one.ast.optional.is_some() {
            one
        } else {
            other
        };
        out.push(
            Diagnostic::new(
                &codes::relation::THROUGH,
                path.span,
                "both ends of a link have to be there",
            )
            .note(open.ast.name.span, "this end is optional")
            .help("remove its `?`"),
        );
        return None;
    }
    many.through = Some(Through {
        entity: link,
        source: one.id,
        target: other.id,
    });
    Some(FieldType::Many(many))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    #[test]
    fn a_mistake_in_the_link_is_not_also_a_missing_end() {
        let link = |other: &str| {
            findings(&format!(
                "entity A {{\n name: text\n bs: many B through L\n}}\nentity B {{ name: text }}\n\
                 entity L {{\n a: A\n b: {other}\n unique (a, b)\n}}"
            ))
        };
        assert_eq!(link("Bcd"), ["name::unknown: no type `Bcd`"]);
        assert_eq!(
            link("text"),
            ["relation::through: `L` does not link one `A` to one `B`"]
        );
    }
}
