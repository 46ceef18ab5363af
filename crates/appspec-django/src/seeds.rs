//! `seeds.py`: the rows that every installation has.

use appspec_backend::Artifacts;
use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{Field, FieldType, Scalar, Seed, SeedRow, SeedValue, Spec, Unique, Value, Walk};

use crate::fields::constant;
use crate::models::add;
use crate::names;
use crate::target::Target;

/// Emits the seeds of every app that has some.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let seeds: Vec<Py> = spec
            .seeds
            .ids()
            .map(|id| spec.walk(id))
            .filter(|seed| spec.walk(seed.get().entity).module == module.id)
            .map(seed)
            .collect();
        if !seeds.is_empty() {
            let doc = "Rows that every installation has; the command `seed` loads them.";
            add(
                out,
                spec,
                module,
                "seeds.py",
                doc,
                vec![Stmt::assign("SEEDS", Py::List(seeds))],
            );
        }
    }
}

fn seed(seed: Walk<'_, Seed>) -> Py {
    let spec = seed.spec;
    let key = seed
        .get()
        .key
        .iter()
        .map(|id| spec.walk::<Field>(*id).name.clone());
    let rows = seed
        .get()
        .rows
        .iter()
        .map(|one| (Py::text(&one.handle), row(spec, one)))
        .collect();
    let entity = spec.walk(seed.get().entity);
    let call = Py::from("core.seeding", "Seed")
        .kw("model", Py::text(names::model_label(entity)))
        .kw("key", Py::text_tuple(key))
        .kw("rows", Py::Dict(rows));
    let ignores_case = |unique: &Unique| unique.ignoring_case && unique.fields == seed.get().key;
    if entity.get().uniques.iter().any(ignores_case) {
        call.kw("ignoring_case", Py::bool(true))
    } else {
        call
    }
}

fn row(spec: &Spec, row: &SeedRow) -> Py {
    Py::Dict(
        row.values
            .iter()
            .map(|(id, given)| {
                let field = spec.walk(*id);
                (Py::text(&field.name), value(field, given))
            })
            .collect(),
    )
}

fn value(field: Walk<'_, Field>, given: &SeedValue) -> Py {
    match given {
        SeedValue::Value(value) => match (&field.get().ty, value) {
            (FieldType::Scalar(Scalar::Email), Value::Text(text)) => Py::text(text.to_lowercase()),
            _ => constant(field, value, Target::Model),
        },
        SeedValue::List(values) => {
            Py::List(values.iter().map(|value| list_item(field, value)).collect())
        }
        SeedValue::Row(handle) => {
            let model = field.target().map(names::model_label).unwrap_or_default();
            Py::from("core.seeding", "Row")
                .arg(Py::text(model))
                .arg(Py::text(handle))
        }
    }
}

/// An item of a list is kept as JSON: what JSON does not know is a text.
fn list_item(field: Walk<'_, Field>, value: &Value) -> Py {
    match (&field.get().ty, value) {
        (FieldType::List(appspec_ir::ListItem::Enum(id)), Value::Enum(name)) => {
            Py::text(crate::target::stored(field.spec, *id, name))
        }
        (FieldType::List(appspec_ir::ListItem::Scalar(Scalar::Float)), Value::Decimal(number)) => {
            Py::float(&number.to_string())
        }
        (_, Value::Bool(truth)) => Py::bool(*truth),
        (_, Value::Int(number)) => Py::int(*number),
        (_, Value::Decimal(number)) => Py::text(number.to_string()),
        (_, Value::Text(text) | Value::Uuid(text) | Value::Enum(text)) => Py::text(text),
        (_, other) => Py::from("core.lists", "as_json").arg(crate::values::value(
            field.spec,
            Target::Model,
            other,
            None,
        )),
    }
}
