//! The emitted tests of what rows keep: no way of writing changes it, and nothing else is kept.

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{Entity, Keeper, Keeping, Kept, Module, Walk};

use super::parametrized::{in_database, table, test};
use super::rows::Rows;
use super::{of_testing, ways};
use crate::constraints;
use crate::names;

/// The table of an app, and the tests of what it holds.
pub(super) fn of(rows: &Rows<'_>, module: Walk<'_, Module>) -> Vec<Stmt> {
    let (mut cases, mut stays, mut leaves) = (Vec::new(), false, false);
    let (mut numbering, mut beside) = (Vec::new(), false);
    for entity in module.entities() {
        let Some(own) = rows.witnesses.of(entity.id) else {
            continue;
        };
        for rule in entity.kept() {
            let case = numbered(rows, entity, &rule, "Keeping");
            // Of two rules that refuse a write, a database names any.
            if let Some(case) = case.filter(|_| entity.get().append_only.is_none()) {
                let other = Py::Dict(vec![(Py::text(field_of(entity, &rule)), Py::text(OTHER))]);
                let case = case.kw("row", Py::Dict(vec![])).kw("to", other);
                let is_kept = rule.keeps_row()
                    && entity.get().frozen.is_none()
                    && !stays_besides(entity, &rule);
                stays |= is_kept;
                cases.push(case.maybe_kw("stays", is_kept.then(|| Py::bool(true))));
            }
            if let Some(case) = numbered(rows, entity, &rule, "Numbering") {
                let mut sets = entity.get().uniques.iter().map(|set| &set.name);
                let is_alone = !sets.any(|name| keeps_number_apart(rows, entity, name, &rule));
                beside |= !is_alone;
                let case = case.kw("field", Py::text(field_of(entity, &rule)));
                numbering.push(case.maybe_kw("alone", is_alone.then(|| Py::bool(true))));
            }
        }
        for keeping in &own.keeping {
            let is_recorded = entity.kept().get(keeping.rule).map(|rule| rule.source);
            if is_recorded == Some(Keeper::Audit) {
                continue;
            }
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
    let all = || Py::name("KEPT");
    let mut body = in_database();
    body.extend([
        table("KEPT", "Keeping", cases),
        test(
            "test_nothing_changes_what_a_row_keeps",
            "No way of writing a row changes it.",
            ("Keeping", all()),
            "changed",
        ),
    ]);
    body.extend(ways::changed(rows, ("Keeping", all())));
    if stays {
        body.push(test(
            "test_nothing_deletes_a_row_that_stays",
            "No way of deleting rows takes it along.",
            ("Keeping", of_testing("staying").arg(all())),
            "deleted",
        ));
    }
    if !numbering.is_empty() {
        body.insert(3, table("NUMBERED", "Numbering", numbering));
        let all = || Py::name("NUMBERED");
        body.push(test(
            "test_every_way_of_making_a_row_numbers_it",
            "A row gets the next number, whoever makes it.",
            ("Numbering", all()),
            "unnumbered",
        ));
        body.push(test(
            "test_nobody_gives_a_row_its_number",
            "A row that brings a number is refused.",
            ("Numbering", all()),
            "numbered_by_hand",
        ));
        if beside {
            body.push(test(
                "test_no_number_is_given_twice",
                "Where a counter is set back, the database refuses the number that is there.",
                ("Numbering", of_testing("beside").arg(all())),
                "repeated",
            ));
        }
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

/// A number that no counter gives.
const OTHER: &str = "(another number)";

/// A case of a rule about numbers.
fn numbered(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    rule: &Kept<'_>,
    class: &'static str,
) -> Option<Py> {
    rows.first(entity.id)?;
    let Keeper::Serial(..) = rule.source else {
        return None;
    };
    let name = names::constraint(&names::app(entity), &entity.name, &rule.name);
    let call = of_testing(class)
        .arg(rows.factory(entity, None))
        .arg(Py::text(name))
        .kw("code", Py::text(constraints::code_when_changed(rule)))
        .kw(
            "message",
            Py::text(constraints::said_when_changed(entity, rule)),
        );
    Some(call)
}

/// The field that holds the number.
fn field_of(entity: Walk<'_, Entity>, rule: &Kept<'_>) -> String {
    let fields = rule.fields.first().map(|id| entity.spec.walk(*id));
    fields.map(|field| field.name.clone()).unwrap_or_default()
}

/// Whether numbers are kept apart by a unique rule, of this name.
pub(super) fn keeps_numbers_apart(rows: &Rows<'_>, entity: Walk<'_, Entity>, rule: &str) -> bool {
    let kept = entity.kept();
    let mut kept = kept.iter();
    kept.any(|kept| keeps_number_apart(rows, entity, rule, kept))
}

/// Whether the numbers of a field are kept apart by a unique rule, of this name.
fn keeps_number_apart(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    rule: &str,
    numbers: &Kept<'_>,
) -> bool {
    let Keeper::Serial(field, _) = numbers.source else {
        return false;
    };
    let mut sets = entity.get().uniques.iter();
    rows.second(entity.id).is_some()
        && sets.any(|set| set.name == rule && set.fields.contains(&field))
}

/// Whether there is a case of a rule.
pub(super) fn tries(rows: &Rows<'_>, entity: Walk<'_, Entity>, rule: &str) -> bool {
    let kept = entity.kept();
    let place = kept.iter().position(|kept| kept.name == rule);
    let is_serial = |kept: &Kept<'_>| matches!(kept.source, Keeper::Serial(..));
    if place
        .and_then(|place| kept.get(place))
        .is_some_and(is_serial)
    {
        return rows.first(entity.id).is_some();
    }
    let own = rows.witnesses.of(entity.id);
    let mut cases = own.iter().flat_map(|own| &own.keeping);
    cases.any(|it| Some(it.rule) == place && case(rows, entity, it).is_some())
}

/// Whether some other rule keeps every row of an entity.
fn stays_besides(entity: Walk<'_, Entity>, rule: &Kept<'_>) -> bool {
    let kept = entity.kept();
    let mut others = kept.iter().filter(|other| other.name != rule.name);
    others.any(stays_for_good)
}

/// Whether a rule keeps every row, whatever becomes of it.
pub(super) fn stays_for_good(rule: &Kept<'_>) -> bool {
    rule.keeps_row() && matches!(rule.source, Keeper::Rows | Keeper::Serial(..))
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
    let is_frozen = matches!(rule.source, Keeper::Frozen(_));
    // What is too young to go is refused for that.
    let may_go = rows.may_be_old(entity);
    // Of two rules that refuse a deletion, a database names any.
    let is_kept = stays_besides(entity, rule);
    let refused_twice = is_kept || entity.get().soft_delete.is_some();
    let stays = rule.keeps_row() && may_go && !(is_frozen && refused_twice);
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
        .maybe_kw("stays", stays.then(|| Py::bool(true)));
    let free = keeping.free.as_ref().filter(|_| may_go && !is_kept);
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
        stays,
        leaves,
    })
}
