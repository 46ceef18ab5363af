//! What is declared over the fields of an entity, one file per kind of rule.

mod derives;
mod indexes;
mod invariants;
mod lifecycles;
mod overlaps;
mod uniques;

use appspec_diagnostics::{Diagnostic, Span, codes::evolve};
use appspec_ir::{Entity, Id};

use super::Diff;
use super::fields::FieldNames;
use crate::EntityFacts;

impl<'a> Diff<'a> {
    /// Compares everything that is declared over the fields of an entity that was built.
    pub(super) fn rules(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        self.derives(id, before, then, fields);
        self.uniques(id, before, then, fields);
        self.overlaps(id, before, then, fields);
        self.lifecycles(id, before, then, fields);
        self.indexes(id, before, then, fields);
        self.invariants(id, before, then, fields);
    }

    fn changed(span: Span, kind: &str, name: &str) -> Diagnostic {
        Diagnostic::new(
            &evolve::RULE_CHANGED,
            span,
            format!("{kind} `{name}` says something else than what has been built"),
        )
        .label("existing rows follow the old one")
        .help(format!(
            "restore the old {kind}; changing one is not in this version"
        ))
    }

    fn dropped(&mut self, id: Id<Entity>, kind: &str, name: &str, now: Option<(&str, Span)>) {
        let entity = self.spec.walk(id).get();
        let finding = match now {
            Some((other, span)) => Diagnostic::new(
                &evolve::RULE_DROPPED,
                span,
                format!(
                    "{kind} `{name}` of `{}` is called `{other}` now",
                    entity.name
                ),
            )
            .label(format!("built as `{name}`"))
            .help(format!(
                "call it `{name}`; renaming one is not in this version"
            )),
            None => Diagnostic::new(
                &evolve::RULE_DROPPED,
                entity.span,
                format!("{kind} `{name}` of `{}` is gone", entity.name),
            )
            .label(format!("`{name}` has been built and is not here any more"))
            .help(format!(
                "restore the {kind}; taking one away is not in this version"
            )),
        };
        self.refuse(finding);
    }
}
