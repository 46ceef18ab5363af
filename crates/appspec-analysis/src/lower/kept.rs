//! What rows keep: the condition of `frozen` and what is excepted from it.

use appspec_ir::Frozen;
use appspec_syntax::ast;

use super::members::Lowering;
use crate::expr::Place;

impl<'a> Lowering<'_, 'a, '_> {
    pub(super) fn frozen(&mut self, frozen: &'a ast::Frozen) -> Option<Frozen> {
        let condition = self.condition(&frozen.condition, Place::Condition);
        let mut except = Vec::with_capacity(frozen.except.len());
        for name in &frozen.except {
            let Some(slot) = self.column(name) else {
                continue;
            };
            if except.contains(&slot.id) {
                self.twice(name);
                continue;
            }
            except.push(slot.id);
        }
        (except.len() == frozen.except.len()).then_some(Frozen {
            condition: condition?,
            except,
            span: frozen.span,
        })
    }
}
