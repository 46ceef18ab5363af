//! Expressions of a spec in the three forms that a Django project needs: a condition (`Q`) for constraints, a
//! value for generated columns and annotations, a Python predicate for what is checked at one moment.

mod condition;
mod exact;
mod joint;
mod predicate;
mod query;
mod value;

use appspec_backend::python::Expr as Py;
use appspec_ir::{Expr, Field, Id, Spec};

pub(crate) use condition::Conditions;
pub(crate) use predicate::Predicates;
pub(crate) use query::{on_field, q};

use crate::target::Target;

/// What an expression is printed for.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    /// The spec.
    pub(crate) spec: &'s Spec,
    /// Where it is printed to.
    pub(crate) target: Target,
}

impl Scope<'_> {
    /// The name of a field.
    fn field(&self, id: Id<Field>) -> String {
        self.spec.walk(id).name.clone()
    }

    /// `F("name")`
    fn f(&self, id: Id<Field>) -> Py {
        models().attr("F").arg(Py::text(self.field(id)))
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
