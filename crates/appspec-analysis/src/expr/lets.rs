//! Conditions that an access block gives names to.

use appspec_diagnostics::Span;
use appspec_ir::Expr;
use appspec_syntax::ast::Path;

use super::lowerer::Lowerer;
use crate::names::Mark;

/// `let own = client == me`
#[derive(Debug)]
pub(crate) struct LetValue<'l> {
    /// Its name.
    pub(crate) name: &'l str,
    /// Where the name stands.
    pub(crate) span: Span,
    /// The condition; `None` when it is broken, which was reported.
    pub(crate) value: Option<Expr>,
    /// Whether a rule of the block says it.
    pub(crate) used: Mark,
}

impl<'l> Lowerer<'l, '_> {
    /// The named condition that a path is.
    pub(super) fn named_let(&self, path: &Path) -> Option<&'l LetValue<'l>> {
        let [only] = path.names.as_slice() else {
            return None;
        };
        if self.reads_me() {
            return None;
        }
        let found = self.lets.iter().find(|it| it.name == only.text)?;
        found.used.set();
        Some(found)
    }

    /// The condition in the place of its name. Where it is broken, that was reported.
    pub(super) fn let_value(&self, named: &LetValue<'_>, at: Span) -> Option<Expr> {
        let mut value = named.value.clone()?;
        value.span = at;
        Some(if self.outer.is_some() {
            super::across::outer_of(value)
        } else {
            value
        })
    }
}
