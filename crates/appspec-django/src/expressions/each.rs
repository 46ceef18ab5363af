//! What is said of several rows, as a query inside of another one.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Each, Expr, ExprKind, Rows, Summary, Type};

use super::exact::needs_exact;
use super::{Conditions, Scope, models};
use crate::names;
use crate::pairs;

impl Scope<'_> {
    /// Something of `core.db.related`.
    pub(super) fn each(&self, each: &Each) -> Py {
        let spec = self.spec;
        let alone = Scope::of(spec, self.target);
        let (model, reference, own, rows) = match (each.rows, each.rows.through(spec)) {
            (Rows::Held(_) | Rows::Holding(_), None) => {
                let reference = pairs::here(spec, each.rows);
                let model = pairs::model(spec, each.rows);
                (model, reference, None, alone.at_end(each.rows))
            }
            (_, Some((here, _))) => {
                let field = spec.walk(here);
                let model = names::model_label(field.entity());
                (model, field.name.clone(), None, alone.at_end(each.rows))
            }
            (Rows::Pointing(field), None) => {
                let field = spec.walk(field);
                let model = names::model_label(field.entity());
                (model, field.name.clone(), None, alone)
            }
            (Rows::Matching { theirs, own }, None) => {
                let field = spec.walk(theirs);
                let model = names::model_label(field.entity());
                let own = spec.walk(own).name.clone();
                (model, field.name.clone(), Some(own), alone)
            }
        };
        let call = |name: &'static str| {
            Py::from("core.db.related", name)
                .arg(Py::text(&model))
                .arg(Py::text(&reference))
        };
        let condition = |condition: &Expr| Conditions(rows).condition(condition);
        let among = |only: &Option<Expr>| only.as_ref().map(condition);
        let called = match &each.summary {
            Summary::All(said) => call("AllRows").arg(condition(said)),
            Summary::Some(said) if said.is_true() => call("HasRow"),
            Summary::Some(said) => call("HasRow").arg(condition(said)),
            Summary::Count(only) => call("RowCount").maybe_kw("where", among(only)),
            Summary::Sum(value, only) => call("RowSum")
                .arg(rows.of_each(value))
                .maybe_kw("where", among(only)),
            Summary::Min(value, only) => rows
                .least(call("RowMin"), value)
                .maybe_kw("where", among(only)),
            Summary::Max(value, only) => rows
                .least(call("RowMax"), value)
                .maybe_kw("where", among(only)),
        };
        called.maybe_kw("own", own.map(Py::text))
    }

    /// A number of each of several rows.
    fn of_each(&self, value: &Expr) -> Py {
        match value.kind {
            ExprKind::Field(id) => self.f(id),
            _ => self.exact(value),
        }
    }

    /// The smallest or the largest of a value of several rows; its type tells what it is compared with.
    fn least(&self, call: Py, value: &Expr) -> Py {
        let field = match value.ty {
            Type::Decimal { .. } => "DecimalField",
            Type::Float => "FloatField",
            Type::Date => "DateField",
            Type::Time => "TimeField",
            Type::DateTime => "DateTimeField",
            Type::Duration => "DurationField",
            _ => "BigIntegerField",
        };
        let is_exact = matches!(value.ty, Type::Decimal { .. }) || needs_exact(self.spec, value);
        let value = if is_exact {
            self.of_each(value)
        } else {
            self.value(value)
        };
        call.arg(value)
            .kw("output_field", models().attr(field).call())
    }
}
