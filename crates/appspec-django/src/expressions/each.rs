//! What is said of the rows that point to a row, as a query inside of another one.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Each, ExprKind, Summary};

use super::{Conditions, Scope};
use crate::names;

impl Scope<'_> {
    /// Something of `core.db.related`.
    pub(super) fn each(&self, each: &Each) -> Py {
        let reference = self.spec.walk(each.reference);
        let entity = reference.entity();
        let model = format!("{}.{}", names::app(entity), entity.name);
        let rows = Scope::of(self.spec, self.target);
        let call = |name: &'static str| {
            Py::from("core.db.related", name)
                .arg(Py::text(model))
                .arg(Py::text(&reference.name))
        };
        let among = |condition: &Option<_>| {
            let condition = condition.as_ref();
            condition.map(|condition| Conditions(rows).condition(condition))
        };
        match &each.summary {
            Summary::All(condition) => call("AllRows").arg(Conditions(rows).condition(condition)),
            Summary::Some(condition) => call("HasRow").arg(Conditions(rows).condition(condition)),
            Summary::Count(condition) => call("RowCount").maybe_kw("where", among(condition)),
            Summary::Sum(value, condition) => {
                let number = match value.kind {
                    ExprKind::Field(id) => rows.f(id),
                    _ => rows.exact(value),
                };
                call("RowSum")
                    .arg(number)
                    .maybe_kw("where", among(condition))
            }
        }
    }
}
