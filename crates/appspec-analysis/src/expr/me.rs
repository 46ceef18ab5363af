//! The person who asks, and the row that is asked for, in rules that say who may do what.

use appspec_diagnostics::{Diagnostic, codes};
use appspec_ir::{Expr, ExprKind, Type};
use appspec_syntax::ast::{self, Path};

use super::lowerer::{Lowerer, Place};

/// What the person who asks is called.
pub(super) const ME: &str = "me";
/// What the row that is asked for is called.
const THIS: &str = "this";

impl Lowerer<'_, '_> {
    /// Whether a path reads the person who asks, and is not being read there already.
    pub(super) fn is_me(&self, path: &Path) -> bool {
        let begins = path.names.first().is_some_and(|first| first.text == ME);
        begins && !self.reads_me()
    }

    /// Whether what is read is the row of the person who asks.
    pub(super) fn reads_me(&self) -> bool {
        self.site.row == Some(ME)
    }

    /// `me`, `me.salon`
    pub(super) fn me(&mut self, path: &Path, hint: Option<Type>) -> Option<Expr> {
        let user = self.person(path)?;
        if path.names.len() == 1 {
            return Some(Expr {
                kind: ExprKind::Me,
                ty: Type::Reference(user),
                span: path.span,
            });
        }
        self.of_me(path, |this| this.path(path, hint))
    }

    /// Reads something of the person who asks, who is named before each field there.
    pub(super) fn of_me(
        &mut self,
        path: &Path,
        read: impl FnOnce(&mut Self) -> Option<Expr>,
    ) -> Option<Expr> {
        let user = self.person(path)?;
        let names = self.names();
        let mut site = self.site;
        site.body = names.mixins.len() + user.index();
        site.row = Some(ME);
        std::mem::swap(&mut self.site, &mut site);
        std::mem::swap(&mut self.facts, &mut self.my_facts);
        let read = read(self);
        std::mem::swap(&mut self.facts, &mut self.my_facts);
        self.site = site;
        let read = read?;
        Some(Expr {
            ty: read.ty,
            span: read.span,
            kind: ExprKind::Mine(Box::new(read)),
        })
    }

    /// The entity of those who sign in, where somebody asks; if nobody does, this is told.
    fn person(&mut self, path: &Path) -> Option<appspec_ir::Id<appspec_ir::Entity>> {
        if self.site.place == Place::Access {
            return self.names().user();
        }
        let at = path.names.first().map_or(path.span, |first| first.span);
        let (message, help) = match self.site.place {
            Place::Role => (
                "`me` can't say who has a role: the row says it",
                "leave it out: `for` names the person",
            ),
            _ => (
                "`me` is the person who asks, and this rule holds whoever asks",
                "say it in an `access` block: `Role may update where …`",
            ),
        };
        self.out.push(
            Diagnostic::new(&codes::permission::NO_PERSON, at, message)
                .label("nobody in particular")
                .help(help),
        );
        None
    }

    /// The row itself, where it can be compared with a reference to it.
    pub(super) fn this(&self, path: &Path) -> Option<Expr> {
        let [only] = path.names.as_slice() else {
            return None;
        };
        if !self.site.place.is_asked() || self.reads_me() {
            return None;
        }
        let here = |body: usize| {
            let entity = self.layout.bodies.get(body)?.entity?;
            Some(Expr {
                kind: ExprKind::This,
                ty: Type::Reference(entity),
                span: path.span,
            })
        };
        match &self.outer {
            // One of several rows is not the row that is asked for.
            Some(outer) => {
                let row = outer.row().unwrap_or(THIS);
                let found = here(outer.body()).filter(|_| only.text == row)?;
                Some(Expr {
                    ty: found.ty,
                    span: found.span,
                    kind: ExprKind::Outer(Box::new(found)),
                })
            }
            None if only.text == self.site.row.unwrap_or(THIS) => here(self.site.body),
            None => None,
        }
    }

    /// Whether an expression is a row that has a place of its own in a comparison.
    pub(super) fn is_this(&self, expr: &ast::Expr) -> bool {
        matches!(&expr.kind, ast::ExprKind::Path(path) if self.this(path).is_some())
    }
}
