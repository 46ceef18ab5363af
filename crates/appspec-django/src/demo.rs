//! `examples.py`: rows that show an app at work while one develops it. They look real, and the evaluator says of each
//! that it keeps every rule, on whichever day it is made; where nothing that looks real does, the solver's row stands in.

mod along;
mod breaking;
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
mod settled;
mod states;
mod texts;
mod together;
mod topics;
mod world;

use appspec_backend::Artifacts;
use appspec_backend::python::{Def, Expr as Py, Operator, Parameter, Stmt};
use appspec_ir::{
    Bound, Compiled, Default, Entity, Field, FieldType, FileKind, Id, ListItem, Module, Scalar,
    Spec, Walk, let_go,
};

use crate::admin;
use crate::each;
use crate::fields::{constant, kind_name};
use crate::models::add;
use crate::names;
use crate::rule_tests::lists;
use crate::target::{Target, stored};
use breaking::{Becomes, Breaking};
use candidate::Candidate;
pub(crate) use patterns::Patterns;
use rows::{Example, Examples};
pub use together::{Together, rows_together};

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
        let tries = breaking(&examples, module);
        if !tries.is_empty() {
            let doc = across_doc(&examples, *module);
            add(out, spec, *module, "tests/test_across.py", &doc, tries);
        }
        let doc = "Rows for development that look real; the command `demo` stores them.";
        let body = vec![Stmt::assign("EXAMPLES", Py::List(own))];
        add(out, spec, *module, "examples.py", doc, body);
    });
    let_go(examples);
}

/// The tests of rules that span rows: examples that keep them, and what breaks one.
fn breaking(examples: &Examples, module: &Walk<'_, Module>) -> Vec<Stmt> {
    let spec = module.spec;
    let own = examples.breaking.iter();
    let own = own.filter(|it| spec.walk(it.entity).module == module.id);
    let cases: Vec<Py> = own.filter_map(|it| case(examples, spec, it)).collect();
    let rules: Vec<Py> = module
        .entities()
        .filter(|entity| !entity.get().across.is_empty())
        .map(|entity| {
            let own = entity.get().across.iter();
            let own = own.map(|rule| crate::constraints::across(entity, rule, Target::Model).0);
            Py::Tuple(vec![Py::text(names::model_label(entity)), Py::texts(own)])
        })
        .collect();
    if rules.is_empty() {
        return Vec::new();
    }
    let testing = |name: &'static str| Py::from("core.testing", name);
    let mark = Py::module("pytest").attr("mark");
    let parametrize = mark.clone().attr("parametrize").arg(Py::text("case"));
    let parametrize = parametrize
        .arg(Py::name("ACROSS"))
        .kw("ids", Py::name("str"));
    let test = |name: &'static str, doc: &str, helper: &'static str| {
        Stmt::Def(Def {
            decorators: vec![parametrize.clone()],
            name: name.into(),
            parameters: vec![Parameter::typed("case", testing("Breaking"))],
            returns: Py::none(),
            doc: Some(doc.to_owned()),
            body: vec![Stmt::Assert(Py::binary(
                Operator::Equal,
                testing(helper).arg(Py::name("case")),
                Py::List(vec![]),
            ))],
        })
    };
    let named = Py::Subscript(
        Box::new(Py::name("tuple")),
        vec![Py::name("str"), Py::name("list").subscript(Py::name("str"))],
    );
    let parametrized = mark.clone().attr("parametrize");
    let parametrized = parametrized
        .arg(Py::text_tuple(["model", "rules"]))
        .arg(Py::name("RULES"));
    let mut body = vec![
        Stmt::assign("pytestmark", mark.attr("django_db")),
        Stmt::Blank,
        Stmt::Annotated(
            "RULES".into(),
            Py::name("list").subscript(named),
            Py::List(rules),
        ),
    ];
    let has_rules = Stmt::Def(Def {
        decorators: vec![parametrized],
        name: "test_the_database_has_every_rule".into(),
        parameters: vec![
            Parameter::typed("model", Py::name("str")),
            Parameter::typed("rules", Py::name("list").subscript(Py::name("str"))),
        ],
        returns: Py::none(),
        doc: Some("No trigger is missing.".to_owned()),
        body: vec![Stmt::Assert(Py::binary(
            Operator::Equal,
            testing("missing_triggers")
                .arg(Py::name("model"))
                .arg(Py::name("rules")),
            Py::List(vec![]),
        ))],
    });
    if cases.is_empty() {
        body.push(has_rules);
        return body;
    }
    body.push(Stmt::Annotated(
        "ACROSS".into(),
        Py::name("list").subscript(testing("Breaking")),
        Py::List(cases),
    ));
    let is_person_known = examples.rows.contains_key(&spec.user);
    let mut own = examples.breaking.iter();
    let has_page = is_person_known
        && own.any(|it| spec.walk(it.entity).module == module.id && is_on_page(spec, it));
    body.extend([
        has_rules,
        test(
            "test_the_database_refuses",
            "No way of writing the row gets past the end of the transaction.",
            "accepted_across",
        ),
        test(
            "test_validation_refuses",
            "The row that would break the rule is refused in the words of the rule.",
            "unsaid_across",
        ),
    ]);
    if has_page {
        body.push(said_by_admin());
    }
    body
}

/// The test of pages that write a row with those around it.
fn said_by_admin() -> Stmt {
    let testing = |name: &'static str| Py::from("core.testing", name);
    let mark = Py::module("pytest").attr("mark");
    let cases = testing("on_page").arg(Py::name("ACROSS"));
    let parametrize = mark.attr("parametrize").arg(Py::text("case"));
    Stmt::Def(Def {
        decorators: vec![parametrize.arg(cases).kw("ids", Py::name("str"))],
        name: "test_the_admin_site_refuses".into(),
        parameters: vec![
            Parameter::typed("client", Py::from("django.test", "Client")),
            Parameter::typed("case", testing("Breaking")),
        ],
        returns: Py::none(),
        doc: Some("The page of the row takes it as it is, and answers the change in the words of the rule.".to_owned()),
        body: vec![Stmt::Assert(Py::binary(
            Operator::Equal,
            testing("unsaid_by_admin")
                .arg(Py::name("client"))
                .arg(Py::name("case")),
            Py::List(vec![]),
        ))],
    })
}

/// What the file is about, and which rules it can't break.
fn across_doc(examples: &Examples, module: Walk<'_, Module>) -> String {
    let label = &module.get().label;
    let mut untried = Vec::new();
    for entity in module.entities() {
        for rule in &entity.get().across {
            let is_tried = |it: &Breaking| it.entity == entity.id && it.rule == rule.name;
            if !examples.breaking.iter().any(is_tried) {
                let (name, _) = crate::constraints::across(entity, rule, Target::Model);
                untried.push(name);
            }
        }
    }
    let mut doc = format!(
        "The rules of `{label}` that span rows are kept, whichever of the rows is written."
    );
    if !untried.is_empty() {
        doc.push_str("\n\nOf some no example is known that breaks nothing else: ");
        doc.push_str(&untried.join(", "));
        doc.push('.');
    }
    doc
}

/// `Breaking("shop_order_total_is_sum", Row("shop.Order", "order_1"), …)`
fn case(examples: &Examples, spec: &Spec, it: &Breaking) -> Option<Py> {
    let entity = spec.walk(it.entity);
    let mut rules = entity.get().across.iter();
    let rule = rules.find(|rule| rule.name == it.rule)?;
    let handle = |(id, place): (Id<Entity>, usize)| {
        let row = examples.rows.get(&id)?.get(place)?;
        let model = names::model_label(spec.walk(id));
        let call = Py::from("core.seeding", "Row").arg(Py::text(model));
        Some(call.arg(Py::text(&row.handle)))
    };
    let (mut change, mut holds, mut copies) = (Vec::new(), Vec::new(), None);
    match &it.what {
        Becomes::Changed(id, candidate) => {
            let field = spec.walk(*id);
            let value = match candidate {
                Candidate::Constant(value) => constant(field, value, Target::Model),
                other => value(examples, field, other).unwrap_or_else(Py::none),
            };
            change.push((Py::text(&field.name), value));
        }
        Becomes::Gone => {}
        Becomes::More(number) => copies = i128::try_from(*number).ok(),
        Becomes::Holds(id, places) => {
            let field = spec.walk(*id);
            let rows = places.iter().map(|place| pointer(examples, field, *place));
            holds.push((Py::text(&field.name), Py::List(rows.collect())));
        }
    }
    let (name, _) = crate::constraints::across(entity, rule, Target::Model);
    Some(
        Py::from("core.testing", "Breaking")
            .arg(Py::text(name))
            .arg(handle((it.entity, it.place))?)
            .arg(handle(it.written)?)
            .maybe_kw("change", (!change.is_empty()).then_some(Py::Dict(change)))
            .maybe_kw("holds", (!holds.is_empty()).then_some(Py::Dict(holds)))
            .maybe_kw("copies", copies.map(Py::int))
            .kw("code", Py::text(names::error_code(&rule.name)))
            .maybe_kw("is_on_page", is_on_page(spec, it).then(|| Py::bool(true))),
    )
}

/// Whether the change can be typed on the page of the row that breaks the rule.
fn is_on_page(spec: &Spec, it: &Breaking) -> bool {
    let Becomes::Changed(id, _) = it.what else {
        return false;
    };
    let is_own = it.written == (it.entity, it.place);
    admin::is_written_together(spec.walk(it.entity), spec.walk(id), is_own)
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
