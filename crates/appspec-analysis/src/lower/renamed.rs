//! What became of a name that a `was` took away: whoever still writes the old one means the new one.

use appspec_diagnostics::{Diagnostic, Root, Span};
use appspec_ir::{Enum, Id};
use appspec_syntax::ast::Name;

use super::layout::Body;
use crate::names::Names;

/// The field of a body that was called so.
pub(crate) fn field<'a>(body: &Body<'a>, old: &str) -> Option<&'a Name> {
    let renamed = |name: &Option<Name>| name.as_ref().is_some_and(|was| was.text == old);
    let slot = body.slots.iter().find(|slot| renamed(&slot.ast.was))?;
    Some(&slot.ast.name)
}

/// The value of an enum that was called so.
pub(crate) fn value<'a>(names: &Names<'a>, id: Id<Enum>, old: &str) -> Option<&'a Name> {
    let renamed = |name: &Option<Name>| name.as_ref().is_some_and(|was| was.text == old);
    let values = &names.enums.get(id.index())?.item.values;
    values
        .iter()
        .find(|value| renamed(&value.was))
        .map(|value| &value.name)
}

/// Leads from an old name at `at` to the new one.
pub(crate) fn leads_to(finding: Diagnostic, at: Span, new: &Name) -> Diagnostic {
    let old = finding.message.clone();
    finding
        .rooted(Root::new(new.span, old))
        .note(new.span, "renamed here")
        .help(format!("write `{}`", new.text))
        .edit(at, new.text.as_str())
}
