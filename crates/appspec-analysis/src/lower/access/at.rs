//! Where a role is had that is had at a row: `Owner at salon may …`.

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Expr, FieldType, Id, Role, Who};
use appspec_syntax::ast;

use super::super::layout::Slot;
use super::Block;

impl Block<'_, '_> {
    /// Whether `at` stands where the role needs it, and leads to where the role is had.
    pub(super) fn at_fits(
        &self,
        grant: &ast::Grant,
        who: Who,
        at: Option<&Expr>,
        out: &mut Diagnostics,
    ) -> bool {
        let names = self.layout.names;
        let role = match who {
            Who::Role(id) => match self.roles.get(id.index()) {
                Some(Some(role)) => Some(role),
                // Where it is had is not known, which was reported.
                _ => return true,
            },
            Who::Anyone | Who::SignedIn | Who::System => None,
        };
        let scope = role.and_then(Role::scope);
        let written = names.text(grant.who.span());
        let finding = match (scope, at) {
            (None, None) => return true,
            (Some(scope), Some(at)) if at.leads_to() == Some(scope) => return true,
            (None, Some(at)) => Diagnostic::new(
                &codes::permission::AT_MISMATCH,
                at.span,
                format!("`{written}` is had everywhere, and not at a row"),
            )
            .label("at no row")
            .help("leave `at` and the path out"),
            (Some(scope), None) => {
                let entity = names.entity_name(scope);
                let help = match self.way_to(scope) {
                    Some(path) => format!("write `{written} at {path} may …`"),
                    None => {
                        format!("write `{written} at … may …`, with the path to the `{entity}`")
                    }
                };
                Diagnostic::new(
                    &codes::permission::AT_MISMATCH,
                    grant.who.span(),
                    format!("`{written}` is had at a `{entity}`, and at which one is not said"),
                )
                .label("at which row?")
                .help(help)
            }
            (Some(scope), Some(at)) => {
                let entity = names.entity_name(scope);
                let there = at.leads_to().map_or("", |there| names.entity_name(there));
                let finding = Diagnostic::new(
                    &codes::permission::AT_MISMATCH,
                    at.span,
                    format!("`{written}` is had at a `{entity}`, and this is a `{there}`"),
                )
                .label(format!("a `{there}`"));
                match self.way_to(scope) {
                    Some(path) => finding.help(format!("write `at {path}`")),
                    None => finding.help(format!("name the path to the `{entity}`")),
                }
            }
        };
        out.push(match role {
            Some(role) => finding.note(role.span, "the role"),
            None => finding,
        });
        false
    }

    /// The shortest way from the row to one of another entity, over two references at most.
    fn way_to(&self, scope: Id<Entity>) -> Option<String> {
        if scope == self.entity {
            return Some("this".to_owned());
        }
        let leads = |slot: &Slot<'_>| match &slot.ty {
            Some(FieldType::Relation(relation)) => Some(relation.target),
            _ => None,
        };
        let direct = self
            .body
            .slots
            .iter()
            .find(|slot| leads(slot) == Some(scope));
        if let Some(slot) = direct {
            return Some(slot.ast.name.text.clone());
        }
        self.body.slots.iter().find_map(|slot| {
            let there = self.layout.entity(leads(slot)?)?;
            let next = there.slots.iter().find(|next| leads(next) == Some(scope))?;
            Some(format!("{}.{}", slot.ast.name.text, next.ast.name.text))
        })
    }
}
