use appspec_backend::python::Expr as Py;
use appspec_ir::{Across, Entity, Field, Id, Rows, Side, Spec, Start, Walk};

use crate::expressions::{Conditions, Scope};
use crate::names;
use crate::pairs;
use crate::target::Target;
use crate::values;

/// A rule that spans rows: what it is called in the database, and the call that makes it.
pub(crate) fn across(entity: Walk<'_, Entity>, rule: &Across, target: Target) -> (String, Py) {
    let spec = entity.spec;
    let name = names::constraint(&names::app(entity), &entity.name, &rule.name);
    let own = |id: Id<Field>| spec.walk(id).name.clone();
    let reads = rule.reads(spec).into_iter();
    // Of rows that are only counted nothing is read but what leads to them.
    let is_read = |(side, fields): &(Side, Vec<Id<Field>>)| {
        !fields.is_empty() || matches!(side.start, Start::Pairs(_)) || side.is_own()
    };
    let reads = reads.filter(is_read).map(|(side, fields)| {
        let path = path(spec, &side);
        let names: Vec<String> = match side.start {
            Start::Pairs(rows) => vec![pairs::here(spec, rows), pairs::there(spec, rows)],
            Start::Own | Start::Of(_) => fields.into_iter().map(own).collect(),
        };
        (Py::text(path), Py::texts(names))
    });
    let call = Py::from("core.db.across", "AcrossRows")
        .kw(
            "condition",
            Conditions(Scope::of(spec, target)).condition(&rule.condition),
        )
        .kw("reads", Py::Dict(reads.collect()))
        .kw("name", Py::text(&name))
        .kw(
            "violation_error_code",
            Py::text(names::error_code(&rule.name)),
        )
        .kw("violation_error_message", values::message(&rule.message));
    (name, call)
}

/// `shop.Line.order.product__brand`: where rows are, as seen from the rule's.
fn path(spec: &Spec, side: &Side) -> String {
    let name = |id: Id<Field>| spec.walk(id).name.clone();
    let mut steps: Vec<String> = side.steps.iter().map(|id| name(*id)).collect();
    let pairs = |rows| format!("{}.{}", pairs::model(spec, rows), pairs::here(spec, rows));
    let start = match side.start {
        Start::Own => return steps.join("__"),
        Start::Of(rows @ Rows::Pointing(by)) => {
            format!("{}.{}", pairs::model(spec, rows), name(by))
        }
        Start::Of(rows @ Rows::Matching { theirs, own }) => {
            let (theirs, own) = (name(theirs), name(own));
            format!("{}.{theirs}={own}", pairs::model(spec, rows))
        }
        Start::Of(rows @ (Rows::Held(_) | Rows::Holding(_))) => {
            steps.insert(0, pairs::there(spec, rows));
            pairs(rows)
        }
        Start::Pairs(rows) => pairs(rows),
    };
    if steps.is_empty() {
        start
    } else {
        format!("{start}.{}", steps.join("__"))
    }
}
