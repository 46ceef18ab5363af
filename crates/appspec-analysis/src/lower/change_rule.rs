//! Rules about changes: which fields they are about, and what they ask of both rows.

use appspec_ir::ChangeRule;
use appspec_syntax::ast;

use super::members::Lowering;
use super::words::broken;
use crate::expr::Place;

impl<'a> Lowering<'_, 'a, '_> {
    pub(super) fn change_rule(&mut self, invariant: &'a ast::Invariant) -> Option<ChangeRule> {
        let ast::Moment::Change { fields: names, .. } = &invariant.moment else {
            return None;
        };
        let condition = self.condition(&invariant.condition, Place::Change);
        let mut fields = Vec::with_capacity(names.len());
        for name in names {
            match self.lookup(name, "on change of") {
                Some(slot) if fields.contains(&slot.id) => self.twice(name),
                Some(slot) => fields.push(slot.id),
                None => {}
            }
        }
        (fields.len() == names.len()).then_some(ChangeRule {
            name: invariant.name.text.clone(),
            doc: super::doc(invariant.doc.as_ref()),
            fields,
            condition: condition?,
            message: invariant.message.as_ref().map_or_else(
                || broken(&invariant.name.text),
                |message| message.value.clone(),
            ),
            span: invariant.name.span,
        })
    }
}
