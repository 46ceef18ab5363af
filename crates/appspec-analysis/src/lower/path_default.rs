use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Default, Entity, FieldType, Id};
use appspec_syntax::ast;

use super::defaults::copies;
use super::layout::{Body, Entry, Layout, Slot};
use super::one_of;
use crate::names::near;

/// `price = service.price`: copied from the row that a required relation points to.
pub(super) fn lower(
    layout: &Layout<'_>,
    body: &Body<'_>,
    slot: &Slot<'_>,
    path: &ast::Path,
    out: &mut Diagnostics,
) -> Option<Default> {
    let (last, through) = path.names.split_last()?;
    let mut here = body;
    let mut fields = Vec::with_capacity(path.names.len());
    for name in through {
        let step = find(layout, here, name, out)?;
        let target = relation(step, name, slot, out)?;
        fields.push(step.id);
        here = layout.entity(target)?;
    }
    let source = find(layout, here, last, out)?;
    fields.push(source.id);
    let (from, to) = (source.ty.as_ref()?, slot.ty.as_ref()?);
    let refused = |message: &str| {
        Diagnostic::new(&codes::types::DEFAULT_DOES_NOT_FIT, path.span, message)
            .note(source.ast.name.span, "copied from here")
            .note(slot.ast.name.span, "into this field")
    };
    if !copies(from, to) {
        out.push(
            refused("not every value of that field fits this one")
                .help("give both fields the same type"),
        );
        return None;
    }
    if source.ast.optional.is_some() && slot.ast.optional.is_none() {
        out.push(
            refused("that field may be empty, this one may not")
                .help("make this field optional with `?`, or the other one required"),
        );
        return None;
    }
    Some(Default::Path(fields))
}

/// The field of this name.
pub(super) fn find<'b, 'a>(
    layout: &Layout<'_>,
    body: &'b Body<'a>,
    name: &ast::Name,
    out: &mut Diagnostics,
) -> Option<&'b Slot<'a>> {
    if let Some((Entry::Field(at), _)) = body.entries.get(name.text.as_str()) {
        return body.slots.get(*at);
    }
    if let Some((Entry::OneOf(at), _)) = body.entries.get(name.text.as_str()) {
        let whole = body.one_of.get(*at)?;
        out.push(one_of::no_value(whole, body, name.span));
        return None;
    }
    let finding = Diagnostic::new(
        &codes::name::UNKNOWN,
        name.span,
        format!("`{}` has no field `{}`", body.name, name.text),
    );
    let fields = body.slots.iter().map(|slot| slot.ast.name.text.as_str());
    let meant = layout.names.closest(&name.text, fields);
    let finding = finding.rooted(body.root(&name.text, meant.map(|it| it.name)));
    let finding = match meant {
        Some(meant) => near::field(finding, name.span, &name.text, meant),
        None if body.is_incomplete => return None,
        None => finding.help(format!("name a field of `{}`", body.name)),
    };
    out.push(finding);
    None
}

/// The entity behind a step: a required relation to one row, and not the field itself.
fn relation(
    step: &Slot<'_>,
    name: &ast::Name,
    slot: &Slot<'_>,
    out: &mut Diagnostics,
) -> Option<Id<Entity>> {
    let (message, help) = match step.ty.as_ref()? {
        FieldType::Relation(_) if step.id == slot.id => {
            ("a field can't be its own default", "name another relation")
        }
        FieldType::Relation(relation) if step.ast.optional.is_none() => {
            return Some(relation.target);
        }
        FieldType::Relation(_) => (
            "a default can only be copied through a required relation",
            "make the relation required, or remove the default",
        ),
        _ => (
            "a default can only be copied through a relation to one row",
            "name a relation first: `service.price`",
        ),
    };
    out.push(
        Diagnostic::new(&codes::types::DEFAULT_DOES_NOT_FIT, name.span, message)
            .note(step.ast.name.span, "declared here")
            .help(help),
    );
    None
}
