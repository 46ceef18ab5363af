//! The emitted tests of how long rows are kept: nothing deletes one before its time, and then it goes.

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{Entity, Keeper, Module, Term, Walk};

use super::of_testing;
use super::parametrized::{in_database, table, test, test_on_pages};
use super::rows::{Arguments, Rows};
use crate::names;

/// The table of an app, and the tests of what it holds.
pub(super) fn of(rows: &Rows<'_>, module: Walk<'_, Module>) -> Vec<Stmt> {
    let cases: Vec<Py> = module
        .entities()
        .filter_map(|entity| case(rows, entity))
        .collect();
    if cases.is_empty() {
        return Vec::new();
    }
    let all = || ("Term", Py::name("TERMS"));
    let mut body = in_database();
    body.extend([
        table("TERMS", "Term", cases),
        test(
            "test_nothing_deletes_a_row_before_its_time",
            "Django says until when a row is kept, and the database refuses the rest.",
            all(),
            "gone_early",
        ),
        test(
            "test_a_row_goes_when_its_time_is_over",
            "From then on it is a row like any other.",
            all(),
            "gone_late",
        ),
    ]);
    body.extend(test_on_pages(
        rows,
        "test_pages_say_until_when_a_row_is_kept",
        "The admin site deletes no row before its time.",
        all(),
        "gone_from_pages",
    ));
    body
}

/// Whether there is a case of an entity's rule.
pub(super) fn tries(rows: &Rows<'_>, entity: Walk<'_, Entity>) -> bool {
    case(rows, entity).is_some()
}

/// `Term(make_invoice, "billing_invoice_keep")`
fn case(rows: &Rows<'_>, entity: Walk<'_, Entity>) -> Option<Py> {
    entity.keep.as_ref()?;
    if !rows.has(entity.id) || !rows.may_be_old(entity) {
        return None;
    }
    let free = free(rows, entity)?;
    let rule = names::constraint(&names::app(entity), &entity.name, Term::RULE);
    let call = of_testing("Term")
        .arg(rows.factory(entity, None))
        .arg(Py::text(rule));
    Some(call.maybe_kw("row", (!free.is_empty()).then_some(Py::Dict(free))))
}

/// What makes the first row one that no other rule keeps.
pub(super) fn free(rows: &Rows<'_>, entity: Walk<'_, Entity>) -> Option<Arguments> {
    let rules = entity.kept();
    let place = rules
        .iter()
        .position(|rule| matches!(rule.source, Keeper::Frozen(_)));
    let Some(place) = place else {
        return Some(Vec::new());
    };
    let own = rows.witnesses.of(entity.id)?;
    let frozen = own.keeping.iter().find(|one| one.rule == place)?;
    let free = &frozen.free.as_ref()?.row;
    let [row] = rows.placed(entity, [free])?;
    Some(rows.difference(entity, rows.first(entity.id)?, &row, None))
}
