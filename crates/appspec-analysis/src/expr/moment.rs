//! When a rule that compares with the current moment can be asked.

use appspec_diagnostics::Span;
use appspec_syntax::ast::{Lifecycle, Member};

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
        let rule = members().find_map(|member| match member {
            Member::Invariant(it) if holds(it.span, at) => Some(it.span),
            _ => None,
        })?;
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let words: Vec<&str> = self.names().text(rule).split(|it| !is_word(it)).collect();
        let reads = |name: &str| words.contains(&name);
        let lifecycles = members().filter_map(|member| match member {
            Member::Lifecycle(it) if reads(&it.field.text) => Some(it),
            _ => None,
        });
        lifecycles.into_iter().find_map(|it| {
            let first = self.first_state(it)?;
            let mut actions = it.actions.iter();
            let action = actions.find(|it| it.to.text != first && reads(&it.to.text))?;
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
        let default = field.ast.default.as_ref()?;
        // `State.open`, as well.
        self.names().text(default.span).rsplit('.').next()
    }
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}
