//! When a rule that compares with the current moment can be asked.

use appspec_diagnostics::Span;
use appspec_syntax::ast::{self, ExprKind, Lifecycle, Member};

use super::lowerer::Lowerer;

impl Lowerer<'_, '_> {
    /// What to do about a standing rule that reads the current moment at a place: no row begins in a later state of its
    /// lifecycle, so there `on create` would ask nothing.
    pub(super) fn at_its_moment(&self, at: Span) -> String {
        self.later_state(at).unwrap_or_else(|| {
            "check it when the row is created: write `on create` after the invariant's name"
                .to_owned()
        })
    }

    fn later_state(&self, at: Span) -> Option<String> {
        let body = self.body()?;
        let members = || body.parts.iter().flat_map(|part| part.members);
        let named = members().find_map(|member| match member {
            Member::Invariant(it) if it.span.contains(at) => Some(last_names(&it.condition)),
            _ => None,
        })?;
        let lifecycles = members().filter_map(|member| match member {
            Member::Lifecycle(it) if named.contains(&it.field.text.as_str()) => Some(it),
            _ => None,
        });
        lifecycles.into_iter().find_map(|it| {
            let first = self.first_state(it)?;
            let mut actions = it.actions.iter();
            let action = actions.find(|it| {
                let state = it.to.text.as_str();
                state != first && named.contains(&state)
            })?;
            Some(format!(
                "ask it when the row gets there: write `when …` behind the states of `{}`, or `on change of {}` after the invariant's name",
                action.name.text, it.field.text
            ))
        })
    }

    /// The state that rows begin in.
    fn first_state(&self, lifecycle: &Lifecycle) -> Option<&str> {
        let mut slots = self.body()?.slots.iter();
        let field = slots.find(|slot| slot.ast.name.text == lifecycle.field.text)?;
        last_names(field.ast.default.as_ref()?).pop()
    }
}

/// What the paths of an expression end in: fields, and values such as `done` and `State.done`.
fn last_names(expr: &ast::Expr) -> Vec<&str> {
    let mut found = Vec::new();
    let mut pending = vec![expr];
    while let Some(expr) = pending.pop() {
        if let ExprKind::Path(path) = &expr.kind {
            found.extend(path.names.last().map(|name| name.text.as_str()));
        }
        pending.extend(expr.children());
    }
    found
}
