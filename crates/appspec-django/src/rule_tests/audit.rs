//! The emitted tests of the audit trail: every way of writing a row is recorded, with who did it, and nobody edits that.

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{Changed, Entity, FieldType, Keeper, Module, Scalar, Walk, audit};

use super::of_testing;
use super::parametrized::{in_database, table, test, test_on_pages};
use super::rows::Rows;
use crate::names;

/// The table of an app, and the tests of what it holds.
pub(super) fn of(rows: &Rows<'_>, module: Walk<'_, Module>) -> Vec<Stmt> {
    let entities = module.entities();
    let cases: Vec<Case> = entities.filter_map(|entity| case(rows, entity)).collect();
    if cases.is_empty() {
        return Vec::new();
    }
    let (changes, goes) = (
        cases.iter().any(|case| case.changes),
        cases.iter().any(|case| case.goes),
    );
    let calls = cases.into_iter().map(|case| case.call).collect();
    let all = || Py::name("AUDITED");
    let mut body = in_database();
    body.extend([
        table("AUDITED", "Auditing", calls),
        test(
            "test_every_way_of_making_a_row_is_recorded",
            "Once, with all that the row holds.",
            ("Auditing", all()),
            "made_unrecorded",
        ),
    ]);
    if changes {
        body.push(test(
            "test_every_way_of_changing_a_row_is_recorded",
            "Once, with what has changed and nothing else; what changes nothing is no change.",
            ("Auditing", of_testing("changing").arg(all())),
            "changed_unrecorded",
        ));
    }
    if goes {
        body.push(test(
            "test_every_way_of_deleting_a_row_is_recorded",
            "Once, also where it goes along with another one.",
            ("Auditing", of_testing("going").arg(all())),
            "deleted_unrecorded",
        ));
        body.extend(test_on_pages(
            rows,
            "test_pages_say_who_did_it",
            "The trail names whoever has signed in, and the page.",
            ("Auditing", of_testing("going").arg(all())),
            "unnamed_by_pages",
        ));
    }
    body.push(test(
        "test_emptying_a_table_is_recorded",
        "PostgreSQL empties tables as a whole, and says so once.",
        ("Auditing", all()),
        "emptied_unrecorded",
    ));
    body.push(test(
        "test_the_trail_tells_where_a_change_comes_from",
        "Commands, jobs and shells are told apart.",
        ("Auditing", all()),
        "not_told_apart",
    ));
    body.push(test(
        "test_nobody_edits_the_trail",
        "Not by Django, and not past it.",
        ("Auditing", all()),
        "edited",
    ));
    body
}

/// Whether there is a case of an entity's trail.
pub(super) fn tries(rows: &Rows<'_>, entity: Walk<'_, Entity>) -> bool {
    case(rows, entity).is_some()
}

/// A case, and which of the tests are about it.
struct Case {
    call: Py,
    changes: bool,
    goes: bool,
}

/// `Auditing(make_payment, "billing_payment_audited", row={…}, to={…}, goes=True)`
fn case(rows: &Rows<'_>, entity: Walk<'_, Entity>) -> Option<Case> {
    entity.audited?;
    let base = rows.first(entity.id)?;
    let rule = names::constraint(&names::app(entity), &entity.name, audit::RULE);
    let changed = changed(rows, entity);
    let changed = changed.and_then(|it| rows.placed(entity, [&it.row, &it.to]));
    let goes = rows.may_be_old(entity) && !entity.kept().iter().any(stays);
    let differs = |from, to| Py::Dict(rows.difference(entity, from, to, None));
    let (row, to) = match &changed {
        Some([row, to]) => (Some(differs(base, row)), Some(differs(row, to))),
        None => (None, None),
    };
    let call = of_testing("Auditing")
        .arg(rows.factory(entity, None))
        .arg(Py::text(rule))
        .maybe_kw("row", row)
        .maybe_kw("to", to)
        .maybe_kw("goes", goes.then(|| Py::bool(true)));
    Some(Case {
        call,
        changes: changed.is_some(),
        goes,
    })
}

/// Whether a rule keeps a row from going, or from being marked, for ever or as long as something holds.
fn stays(rule: &appspec_ir::Kept<'_>) -> bool {
    rule.keeps_row() && !matches!(rule.source, Keeper::Live(_) | Keeper::Term(_))
}

/// A row, and one that it may become.
fn changed<'r>(rows: &'r Rows<'_>, entity: Walk<'_, Entity>) -> Option<&'r Changed> {
    let kept = entity.kept();
    let place = kept.iter().position(|rule| rule.source == Keeper::Audit)?;
    let own = rows.witnesses.of(entity.id)?;
    let mut cases = own.keeping.iter();
    let found = cases.find(|it| it.rule == place).map(|it| &it.kept)?;
    // A file that is written again has another name, which is another change.
    let mut files = entity.fields().filter(|field| {
        matches!(
            field.get().ty,
            FieldType::Scalar(Scalar::File | Scalar::Image)
        )
    });
    let is_plain = files.all(|field| found.row.get(field.id) == found.to.get(field.id));
    is_plain.then_some(found)
}
