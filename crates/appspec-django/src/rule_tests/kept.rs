//! The emitted tests of what rows keep: no way of writing changes it, and nothing else is kept.

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{Entity, Keeping, Module, Walk};

use super::lifecycles::test;
use super::of_testing;
use super::rows::Rows;
use crate::constraints;
use crate::names;

/// The table of an app, and the tests of what it holds.
pub(super) fn of(rows: &Rows<'_>, module: Walk<'_, Module>) -> Vec<Stmt> {
    let (mut cases, mut stays, mut leaves) = (Vec::new(), false, false);
    for entity in module.entities() {
        let Some(own) = rows.witnesses.of(entity.id) else {
            continue;
        };
        for keeping in &own.keeping {
            let Some(found) = case(rows, entity, keeping) else {
                continue;
            };
            stays |= found.stays;
            leaves |= found.leaves;
            cases.push(found.call);
        }
    }
    if cases.is_empty() {
        return Vec::new();
    }
    let mark = Py::module("pytest").attr("mark").attr("django_db");
    let ty = Py::name("list").subscript(of_testing("Keeping"));
    let all = || Py::name("KEPT");
    let mut body = vec![
        Stmt::assign("pytestmark", mark),
        Stmt::Blank,
        Stmt::Annotated("KEPT".into(), ty, Py::List(cases)),
        test(
            "test_nothing_changes_what_a_row_keeps",
            "No way of writing a row changes it.",
            ("Keeping", all()),
            "changed",
        ),
    ];
    if stays {
        body.push(test(
            "test_nothing_deletes_a_row_that_stays",
            "No way of deleting rows takes it along.",
            ("Keeping", of_testing("staying").arg(all())),
            "deleted",
        ));
    }
    if leaves {
        body.push(test(
            "test_another_row_changes_and_goes",
            "A rule refuses nothing but what it is about.",
            ("Keeping", of_testing("partial").arg(all())),
            "bound",
        ));
    }
    body
}

/// Whether there is a case of a rule.
pub(super) fn tries(rows: &Rows<'_>, entity: Walk<'_, Entity>, rule: &str) -> bool {
    let place = entity.kept().iter().position(|kept| kept.name == rule);
    let own = rows.witnesses.of(entity.id);
    let mut cases = own.iter().flat_map(|own| &own.keeping);
    cases.any(|it| Some(it.rule) == place && case(rows, entity, it).is_some())
}

/// A case, and which of the tests are about it.
struct Case {
    call: Py,
    stays: bool,
    leaves: bool,
}

/// `Keeping(make_result, "league_result_frozen", row={…}, to={…}, code="frozen", message="…")`
fn case(rows: &Rows<'_>, entity: Walk<'_, Entity>, keeping: &Keeping) -> Option<Case> {
    let base = rows.first(entity.id)?;
    let kept = entity.kept();
    let rule = kept.get(keeping.rule)?;
    let changed = &keeping.kept;
    let [row, to] = rows.placed(entity, [&changed.row, &changed.to])?;
    let differs = |from, to| Py::Dict(rows.difference(entity, from, to, None));
    let call = of_testing("Keeping")
        .arg(rows.factory(entity, None))
        .arg(Py::text(names::constraint(
            &names::app(entity),
            &entity.name,
            &rule.name,
        )))
        .kw("row", differs(base, &row))
        .kw("to", differs(&row, &to))
        .kw("code", Py::text(constraints::code_when_changed(rule)))
        .kw(
            "message",
            Py::text(constraints::said_when_changed(entity, rule)),
        )
        .maybe_kw("stays", rule.keeps_row().then(|| Py::bool(true)));
    let free = keeping.free.as_ref();
    let free = free.and_then(|free| rows.placed(entity, [&free.row, &free.to]));
    let leaves = free.is_some();
    let call = match &free {
        Some([row, to]) => call
            .kw("free", differs(base, row))
            .kw("becomes", differs(row, to)),
        None => call,
    };
    Some(Case {
        call,
        stays: rule.keeps_row(),
        leaves,
    })
}
