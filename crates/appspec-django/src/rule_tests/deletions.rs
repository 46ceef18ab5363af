//! The emitted tests of deletions that can be undone: every way of deleting marks, and what points to a row goes along.

use std::collections::BTreeSet;

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{
    Entity, Field, Id, Module, Moment, OnDelete, Relation, Row, SoftDelete, Walk, made_up_key,
};

use super::parametrized::{in_database, table, test, test_on_pages};
use super::rows::Rows;
use super::{cases, kept, of_testing, terms, twins_of};
use crate::constraints;
use crate::demo::Patterns;
use crate::{names, words};

/// The tables of an app, and the tests of what they hold.
pub(super) fn of(rows: &Rows<'_>, module: Walk<'_, Module>) -> Vec<Stmt> {
    let (mut marked, mut twins, mut pointing) = (Vec::new(), Vec::new(), Vec::new());
    let mut patterns = Patterns::default();
    for entity in module.entities() {
        pointing.extend(
            entity
                .fields()
                .filter_map(|field| points(rows, entity, field)),
        );
        if entity.get().soft_delete.is_none() || !tries(rows, entity) {
            continue;
        }
        let rule = names::constraint(&names::app(entity), &entity.name, SoftDelete::RULE);
        let factory = rows.factory(entity, None);
        let free = terms::free(rows, entity).filter(|free| !free.is_empty());
        // The first of two rows that share something may be one that is frozen.
        let may_go = free.is_none();
        marked.push(
            of_testing("Marking")
                .arg(factory.clone())
                .arg(Py::text(rule))
                .maybe_kw("row", free.map(Py::Dict)),
        );
        let all = constraints::named(entity);
        let known = cases::of(rows, entity, &all, &mut patterns);
        let pairs = known.twins.into_iter().filter(|_| may_go);
        twins.extend(pairs.map(|pair| twins_of(factory.clone(), pair)));
    }
    let mut body = Vec::new();
    let mut functions = Vec::new();
    tried(
        &mut body,
        "MARKED",
        "Marking",
        marked,
        &mut functions,
        &[
            (
                "test_a_deleted_row_is_hidden_until_it_is_restored",
                "No way of deleting rows loses one.",
                "unmarked",
            ),
            (
                "test_nothing_deletes_a_row_that_is_not_marked",
                "Whatever passes the project by is refused by the database.",
                "lost",
            ),
            (
                "test_only_a_deleted_row_goes_for_good",
                "Whoever wants to lose a row has to say so.",
                "unpurged",
            ),
        ],
    );
    if !functions.is_empty() {
        functions.extend(test_on_pages(
            rows,
            "test_pages_delete_and_restore",
            "The admin site deletes, restores, and deletes for good.",
            ("Marking", Py::name("MARKED")),
            "untold_by_pages",
        ));
    }
    tried(
        &mut body,
        "TWINS",
        "Twins",
        twins,
        &mut functions,
        &[(
            "test_a_deleted_row_is_in_nobodys_way",
            "Another row takes its place, and then it is not restored.",
            "taken",
        )],
    );
    tried(
        &mut body,
        "POINTING",
        "Pointing",
        pointing,
        &mut functions,
        &[(
            "test_what_points_to_a_deleted_row",
            "It goes along and comes back, is emptied, or refuses the deletion.",
            "misled",
        )],
    );
    if functions.is_empty() {
        return Vec::new();
    }
    body.splice(0..0, in_database());
    body.extend(functions);
    body
}

/// Whether there is a case of an entity's mark: a row that may be deleted for good.
pub(super) fn tries(rows: &Rows<'_>, entity: Walk<'_, Entity>) -> bool {
    rows.has(entity.id)
        && rows.may_be_old(entity)
        && terms::free(rows, entity).is_some()
        && !entity.kept().iter().any(kept::stays_for_good)
}

fn tried(
    body: &mut Vec<Stmt>,
    name: &'static str,
    class: &'static str,
    rows: Vec<Py>,
    functions: &mut Vec<Stmt>,
    tests: &[(&'static str, &str, &'static str)],
) {
    if rows.is_empty() {
        return;
    }
    body.push(table(name, class, rows));
    let tests = tests.iter();
    functions.extend(
        tests.map(|(test_name, doc, helper)| test(test_name, doc, (class, Py::name(name)), helper)),
    );
}

/// `Pointing(make_line, {"order": Saved(make_order)}, "order", "cascade")`
fn points(rows: &Rows<'_>, entity: Walk<'_, Entity>, field: Walk<'_, Field>) -> Option<Py> {
    let relation = field.get().relation()?;
    let target = entity.spec.walk(relation.target);
    target.get().soft_delete.as_ref()?;
    let is_refused = matches!(relation.on_delete, OnDelete::Protect | OnDelete::Restrict);
    let stays = entity.frozen.is_some() || refuses(entity, field, relation);
    if !is_refused && stays {
        return None;
    }
    // It goes along by another reference, and then nothing becomes of this one.
    let is_outdone = matches!(relation.on_delete, OnDelete::SetNull | OnDelete::Restrict);
    if is_outdone && goes_along(entity, field, relation) {
        return None;
    }
    // A rule may refuse the row that is left.
    let empties = relation.on_delete == OnDelete::SetNull;
    if empties && is_read(entity, field) {
        return None;
    }
    let base = rows.first(entity.id)?;
    let row = pointing(rows, entity, field, base)?;
    let [row] = rows.placed(entity, [&row])?;
    Some(
        of_testing("Pointing")
            .arg(rows.factory(entity, None))
            .arg(Py::Dict(rows.difference(entity, base, &row, None)))
            .arg(Py::text(&field.name))
            .arg(Py::text(words::on_delete(relation.on_delete))),
    )
}

/// A row that points to another one by a field.
fn pointing(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    field: Walk<'_, Field>,
    base: &Row,
) -> Option<Row> {
    if base.get(field.id).is_some() {
        return Some(base.clone());
    }
    let own = rows.witnesses.of(entity.id)?;
    let mut filled = own.filled.iter();
    if let Some((_, row)) = filled.find(|(id, _)| *id == field.id) {
        return Some(row.clone());
    }
    if is_read(entity, field) {
        return None;
    }
    let target = field.target()?;
    let mut row = base.clone();
    row.set(field.id, made_up_key(target.identity, 1));
    Some(row)
}

/// Whether an invariant reads a field.
fn is_read(entity: Walk<'_, Entity>, field: Walk<'_, Field>) -> bool {
    let mut rules = entity.invariants();
    rules.any(|rule| rule.moment == Moment::Always && rule.condition.fields().contains(&field.id))
}

/// Whether a row goes along with what a reference points to because of others: cascades lead there as well.
fn goes_along(entity: Walk<'_, Entity>, field: Walk<'_, Field>, relation: &Relation) -> bool {
    leads_there(entity, field, relation, |own, _| {
        let goes = own.on_delete == OnDelete::Cascade;
        (goes, goes)
    })
}

/// Whether some other row that has to be there refuses the deletion as well.
fn refuses(entity: Walk<'_, Entity>, field: Walk<'_, Field>, relation: &Relation) -> bool {
    leads_there(entity, field, relation, |own, other| {
        let refused = matches!(own.on_delete, OnDelete::Protect | OnDelete::Restrict);
        (true, refused && !other.optional)
    })
}

/// Whether references lead to what a field points to by another way than the field: `takes` says of each whether it leads on,
/// and whether it may be the last one.
fn leads_there(
    entity: Walk<'_, Entity>,
    field: Walk<'_, Field>,
    relation: &Relation,
    takes: impl Fn(&Relation, Walk<'_, Field>) -> (bool, bool),
) -> bool {
    let mut seen: BTreeSet<Id<Entity>> = BTreeSet::new();
    let mut open = vec![entity];
    while let Some(next) = open.pop() {
        if !seen.insert(next.id) {
            continue;
        }
        for other in next.fields().filter(|other| other.id != field.id) {
            let Some(own) = other.get().relation() else {
                continue;
            };
            let (leads_on, ends) = takes(own, other);
            if ends && own.target == relation.target {
                return true;
            }
            open.extend(other.target().filter(|_| leads_on));
        }
    }
    false
}
