//! The emitted tests of references to rows of several entities: whichever row is set, one reference holds it.

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{Entity, Module, Walk};

use super::of_testing;
use super::parametrized::{in_database, table, test};
use super::rows::Rows;

/// The table of an app, and the test of what it holds.
pub(super) fn of(rows: &Rows<'_>, module: Walk<'_, Module>) -> Vec<Stmt> {
    let entities = module.entities().filter(|entity| rows.has(entity.id));
    let cases: Vec<Py> = entities.flat_map(|entity| cases(rows, entity)).collect();
    if cases.is_empty() {
        return Vec::new();
    }
    let mut body = in_database();
    body.extend([
        table("CHOSEN", "Chosen", cases),
        test(
            "test_one_reference_holds_the_row",
            "A row that is set is held by the reference to its model, and by no other.",
            ("Chosen", Py::name("CHOSEN")),
            "astray",
        ),
    ]);
    body
}

/// `Chosen(make_note, "subject", "subject_order", Saved(make_order))`
fn cases(rows: &Rows<'_>, entity: Walk<'_, Entity>) -> Vec<Py> {
    let wholes = entity.get().one_of.iter();
    let parts = wholes.flat_map(|whole| whole.fields.iter().map(move |id| (whole, *id)));
    let cases = parts.filter_map(|(whole, id)| {
        let field = entity.spec.walk(id);
        let target = entity.spec.walk(field.get().relation()?.target);
        rows.has(target.id).then(|| {
            let saved = of_testing("Saved").arg(rows.factory(target, None));
            of_testing("Chosen")
                .arg(rows.factory(entity, None))
                .arg(Py::text(&whole.name))
                .arg(Py::text(&field.get().name))
                .arg(saved)
        })
    });
    cases.collect()
}
