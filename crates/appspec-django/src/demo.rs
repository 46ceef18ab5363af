//! `examples.py`: rows that show an app at work while one develops it. They look real, and the evaluator says of each
//! that it keeps every rule, on whichever day it is made; where nothing that looks real does, the solver's row stands in.

mod along;
mod candidate;
mod choices;
mod judge;
mod kinds;
mod made;
mod mend;
mod numbers;
mod order;
mod patterns;
mod pools;
mod rows;
mod states;
mod texts;
mod topics;

use appspec_backend::Artifacts;
use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{
    Bound, Compiled, Default, Entity, Field, FieldType, FileKind, ListItem, Scalar, Walk, let_go,
};

use crate::each;
use crate::fields::{constant, kind_name};
use crate::models::add;
use crate::names;
use crate::rule_tests::lists;
use crate::target::{Target, stored};
use candidate::Candidate;
pub(crate) use patterns::Patterns;
use rows::{Example, Examples};

/// Emits the examples of every app.
pub(crate) fn emit(compiled: &Compiled, out: &mut Artifacts) {
    let spec = &compiled.spec;
    let examples = Examples::of(compiled);
    let modules: Vec<_> = spec
        .walk_modules()
        .filter(|module| names::is_app(*module))
        .collect();
    each(&modules, out, |module, out| {
        let own: Vec<Py> = module
            .entities()
            .filter(|entity| !examples.seeded.contains(&entity.id))
            .map(|entity| written(&examples, entity))
            .collect();
        if own.is_empty() {
            return;
        }
        let doc = "Rows for development that look real; the command `demo` stores them.";
        let body = vec![Stmt::assign("EXAMPLES", Py::List(own))];
        add(out, spec, *module, "examples.py", doc, body);
    });
    let_go(examples);
}

/// `Examples(model="booking.Visit", rows={…})`
fn written(examples: &Examples, entity: Walk<'_, Entity>) -> Py {
    let rows = examples.rows.get(&entity.id);
    let rows = rows.into_iter().flatten();
    let rows = rows.map(|example| (Py::text(&example.handle), row(examples, entity, example)));
    Py::from("core.demo", "Examples")
        .kw("model", Py::text(names::model_label(entity)))
        .kw("rows", Py::Dict(rows.collect()))
}

fn row(examples: &Examples, entity: Walk<'_, Entity>, example: &Example) -> Py {
    let mut given = Vec::new();
    for field in entity.fields() {
        let links = example.links.iter().find(|(id, _)| *id == field.id);
        let value = match (example.values.get(&field.id), links) {
            (_, Some((_, places))) => {
                let rows = places.iter().map(|place| pointer(examples, field, *place));
                Some(Py::List(rows.collect()))
            }
            (Some(candidate), None) => value(examples, field, candidate),
            (None, None) => None,
        };
        if let Some(value) = value {
            given.push((Py::text(&field.name), value));
        }
    }
    Py::Dict(given)
}

/// A value as Python writes it; none where the field gets it by itself.
fn value(examples: &Examples, field: Walk<'_, Field>, candidate: &Candidate) -> Option<Py> {
    let at = |name: &'static str| Py::from("core.demo", name);
    match candidate {
        Candidate::Default => None,
        Candidate::Empty => field.get().default.is_some().then(Py::none),
        Candidate::Constant(value) => {
            let usual =
                matches!(&field.get().default, Some(Default::Value(usual)) if usual == value);
            (!usual).then(|| constant(field, value, Target::Model))
        }
        Candidate::Day(days) => Some(at("Day").arg(Py::int(*days))),
        Candidate::At(days, minute) => {
            let call = at("At").arg(Py::int(*days)).arg(Py::int(minute / 60));
            Some(match minute % 60 {
                0 => call,
                rest => call.arg(Py::int(rest)),
            })
        }
        Candidate::Row(place) => Some(pointer(examples, field, *place)),
        Candidate::Unread => Some(unread(field)),
    }
}

/// `Row("people.Salon", "salon_1")`
fn pointer(examples: &Examples, field: Walk<'_, Field>, place: usize) -> Py {
    let target = field.target();
    let rows = target.and_then(|target| examples.rows.get(&target.id));
    let handle = rows
        .and_then(|rows| rows.get(place))
        .map_or("", |row| &row.handle);
    Py::from("core.seeding", "Row")
        .arg(Py::text(target.map(names::model_label).unwrap_or_default()))
        .arg(Py::text(handle))
}

/// What no rule reads.
fn unread(field: Walk<'_, Field>) -> Py {
    match &field.get().ty {
        FieldType::List(ListItem::Enum(id)) if lists::accepts(field, 2) => {
            let choices = field.spec.walk(*id).get().choices.iter().take(2);
            Py::List(
                choices
                    .map(|choice| Py::text(stored(field.spec, *id, &choice.name)))
                    .collect(),
            )
        }
        FieldType::List(_) => lists::shortest(field),
        FieldType::Scalar(Scalar::Bytes) => Py::name("bytes").arg(Py::int(1)),
        FieldType::Scalar(Scalar::File | Scalar::Image) => {
            let kinds = field.get().bounds.iter().find_map(|bound| match bound {
                Bound::File { rule, .. } => rule.kinds.first().copied(),
                _ => None,
            });
            let usual = match field.get().ty {
                FieldType::Scalar(Scalar::Image) => FileKind::Png,
                _ => FileKind::Txt,
            };
            Py::from("core.demo", "Sample").arg(Py::text(kind_name(kinds.unwrap_or(usual))))
        }
        _ => Py::Dict(vec![]),
    }
}
