//! What a rule about a change reads of the row as it was.

use appspec_diagnostics::{Diagnostic, codes};
use appspec_ir::{Expr, ExprKind};
use appspec_syntax::ast::Path;

use super::lowerer::{Lowerer, Place};

/// What the row as it was is called.
pub(super) const OLD: &str = "old";

impl Lowerer<'_, '_> {
    /// Whether a path reads the row as it was, and is not being read there already.
    pub(super) fn is_old(&self, path: &Path) -> bool {
        let begins = path.names.first().is_some_and(|first| first.text == OLD);
        self.site.place == Place::Change && !self.reads_old() && begins && path.names.len() > 1
    }

    /// Whether what is read is the row as it was.
    pub(super) fn reads_old(&self) -> bool {
        self.site.place == Place::Change && self.site.row.is_some()
    }

    /// Reads something of the row as it was, which is named before each field there.
    pub(super) fn of_old(&mut self, read: impl FnOnce(&mut Self) -> Option<Expr>) -> Option<Expr> {
        let row = self.site.row.replace(OLD);
        std::mem::swap(&mut self.facts, &mut self.old_facts);
        let read = read(self);
        std::mem::swap(&mut self.facts, &mut self.old_facts);
        self.site.row = row;
        let read = read?;
        Some(Expr {
            ty: read.ty,
            span: read.span,
            kind: ExprKind::Old(Box::new(read)),
        })
    }

    /// Says that there is no row as it was, where a path asks for it; gives whether it does.
    pub(super) fn no_old(&mut self, path: &Path) -> bool {
        let [first, _, ..] = path.names.as_slice() else {
            return false;
        };
        if first.text != OLD || self.site.place == Place::Change {
            return false;
        }
        self.out.push(
            Diagnostic::new(
                &codes::name::UNKNOWN,
                first.span,
                "`old` is the row before a change, and this rule is not about one",
            )
            .label("no change here")
            .help(
                "write `on change of …` after the name of an invariant, or name a field of the row",
            ),
        );
        true
    }
}
