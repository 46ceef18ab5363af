//! Expressions of a spec in the three forms that a Django project needs: a condition (`Q`) for constraints, a
//! value for generated columns and annotations, a Python predicate for what is checked at one moment.

mod condition;
mod each;
mod exact;
mod joint;
mod predicate;
mod query;
mod value;
mod way;

use appspec_backend::python::Expr as Py;
use appspec_ir::{Expr, ExprKind, Field, Id, Rows, Spec};

pub(crate) use condition::Conditions;
pub(crate) use predicate::Predicates;
pub(crate) use query::{on_field, q};

use crate::target::Target;
use way::{Step, Way};

/// What an expression is printed for.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    /// The spec.
    pub(crate) spec: &'s Spec,
    /// Where it is printed to.
    pub(crate) target: Target,
    /// The way to the row which is read.
    way: Way,
    /// Whether the row which is read is the one of the query around this one.
    is_outer: bool,
    /// Whether the row which is read is the row as it was.
    is_old: bool,
    /// Whether a rule about a change is printed: a migration holds it.
    is_change: bool,
}

impl<'s> Scope<'s> {
    /// Expressions about the rows of a query.
    pub(crate) fn of(spec: &'s Spec, target: Target) -> Self {
        Self {
            spec,
            target,
            way: Way::default(),
            is_outer: false,
            is_old: false,
            is_change: false,
        }
    }

    /// About the rows to which a reference leads.
    fn behind(self, reference: Id<Field>) -> Self {
        Self {
            way: self.way.then(Step::Reference(reference)),
            ..self
        }
    }

    /// About the rows at the other end of pairs.
    fn at_end(self, rows: Rows) -> Self {
        let step = match rows.through(self.spec) {
            Some((_, there)) => Step::Reference(there),
            None => Step::End(rows),
        };
        Self {
            way: self.way.then(step),
            ..self
        }
    }

    /// About the row of the query around this one.
    fn outer(self) -> Self {
        Self {
            way: Way::default(),
            is_outer: true,
            ..self
        }
    }

    /// A rule about a change of the row.
    pub(crate) fn of_change(self) -> Self {
        Self {
            is_change: true,
            ..self
        }
    }

    /// About the row as it was, in a rule about a change.
    fn old(self) -> Self {
        Self {
            is_old: true,
            ..self
        }
    }

    /// Whether a condition can be asked of the row which is read by the names of its fields.
    fn is_asked_by_name(self) -> bool {
        !self.is_outer && !self.is_old
    }

    /// The name of a field.
    fn field(&self, id: Id<Field>) -> String {
        let mut names = self.way.names(self.spec);
        names.push(self.spec.walk(id).name.clone());
        names.join("__")
    }

    /// The name of the row's key.
    fn key(&self) -> String {
        let mut names = self.way.names(self.spec);
        names.push("pk".to_owned());
        names.join("__")
    }

    /// The name of the field that an expression is, where a condition can be asked of it by its name.
    pub(crate) fn column(self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Field(id) if self.is_asked_by_name() => Some(self.field(*id)),
            ExprKind::Behind(reference, inner) => self.behind(*reference).column(inner),
            ExprKind::This if self.is_asked_by_name() => Some(self.key()),
            _ => None,
        }
    }

    /// `F("name")`, of the query around this one `OuterRef("name")`, of the row as it was `Old("name")`
    fn f(&self, id: Id<Field>) -> Py {
        if self.is_old {
            return Py::from("core.db.changes", "Old").arg(Py::text(self.field(id)));
        }
        let name = if self.is_outer { "OuterRef" } else { "F" };
        models().attr(name).arg(Py::text(self.field(id)))
    }

    /// The same as an argument of a database function, where a text names a field.
    fn named(&self, id: Id<Field>) -> Py {
        if self.is_asked_by_name() {
            Py::text(self.field(id))
        } else {
            self.f(id)
        }
    }
}

/// `models`, from Django.
pub(crate) fn models() -> Py {
    Py::from("django.db", "models")
}

/// Something of `core.db.expressions`.
pub(crate) fn core(name: &'static str) -> Py {
    Py::from("core.db.expressions", name)
}

fn function(name: &'static str) -> Py {
    Py::from("django.db.models.functions", name)
}

/// Whether a column of the expression may be NULL.
pub(crate) fn touches_optional(spec: &Spec, expr: &Expr) -> bool {
    expr.fields().iter().any(|id| spec.walk(*id).optional)
}
