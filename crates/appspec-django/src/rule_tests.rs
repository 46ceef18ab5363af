//! The emitted tests of an app: every rule is in the database, refuses a row that breaks it and accepts one that
//! keeps it.

mod samples;

use appspec_backend::Artifacts;
use appspec_backend::python::{Def, Expr as Py, Parameter, Stmt};
use appspec_ir::{Entity, Module, Moment, Spec, Walk};

use crate::constraints;
use crate::models::add;
use crate::names;
use crate::target::Target;

/// Emits `tests/test_rules.py` of every app.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let label = &module.get().label;
        add(out, spec, module, "tests/__init__.py", "", vec![]);
        let doc = format!("Each rule of `{label}` is in the database, and refuses what breaks it.");
        add(out, spec, module, "tests/test_rules.py", &doc, file(module));
    }
}

/// A row that a rule refuses or accepts.
struct Case {
    model: String,
    rule: String,
    values: Vec<(Py, Py)>,
}

fn file(module: Walk<'_, Module>) -> Vec<Stmt> {
    let mut rules = Vec::new();
    let mut refused = Vec::new();
    let mut accepted = Vec::new();
    let mut late = Vec::new();
    let mut timely = Vec::new();
    for entity in module.entities() {
        let all = constraints::all(entity, Target::Model);
        let listed = Py::List(all.iter().map(|rule| Py::text(&rule.name)).collect());
        rules.push(Py::Tuple(vec![
            Py::text(names::model_label(entity)),
            listed,
        ]));
        for rule in all {
            refused.extend(wrong_value(entity, rule));
        }
        cases(entity, &mut refused, &mut accepted, &mut late, &mut timely);
    }
    let mut body = vec![
        Stmt::assign(
            "pytestmark",
            Py::module("pytest").attr("mark").attr("django_db"),
        ),
        Stmt::Blank,
        Stmt::Annotated("RULES".into(), rules_type(), Py::List(rules)),
    ];
    let tests = [
        (
            "REFUSED",
            "refuses",
            refused,
            "A row that breaks a rule is refused.",
            "validate",
            true,
        ),
        (
            "ACCEPTED",
            "accepts",
            accepted,
            "A row that keeps a rule is accepted by it.",
            "validate",
            false,
        ),
        (
            "LATE",
            "refuses_at_creation",
            late,
            "A new row that breaks a rule is refused.",
            "create",
            true,
        ),
        (
            "TIMELY",
            "accepts_at_creation",
            timely,
            "A new row that keeps a rule is accepted.",
            "create",
            false,
        ),
    ];
    let mut functions = vec![has_rules()];
    for (name, verb, cases, doc, helper, refuses) in tests {
        if cases.is_empty() {
            continue;
        }
        let listed = cases
            .into_iter()
            .map(|case| {
                Py::Tuple(vec![
                    Py::text(case.model),
                    Py::text(case.rule),
                    Py::Dict(case.values),
                ])
            })
            .collect();
        body.push(Stmt::Annotated(name.into(), cases_type(), Py::List(listed)));
        functions.push(test(name, verb, doc, helper, refuses));
    }
    body.extend(functions);
    body
}

/// A row that breaks a rule about a single field.
fn wrong_value(entity: Walk<'_, Entity>, rule: constraints::Constraint) -> Option<Case> {
    let constraints::Source::Field(field, kind) = &rule.source else {
        return None;
    };
    let field = entity.spec.walk(*field);
    let value = samples::breaking(field, kind)?;
    Some(Case {
        model: names::model_label(entity),
        rule: rule.name,
        values: vec![(Py::text(&field.get().name), value)],
    })
}

fn cases(
    entity: Walk<'_, Entity>,
    refused: &mut Vec<Case>,
    accepted: &mut Vec<Case>,
    late: &mut Vec<Case>,
    timely: &mut Vec<Case>,
) {
    let model = names::model_label(entity);
    for invariant in entity.invariants() {
        let at_creation = invariant.moment == Moment::Create;
        let rule = if at_creation {
            invariant.name.clone()
        } else {
            names::constraint(&names::app(entity), &entity.name, &invariant.name)
        };
        let (breaks, keeps) = samples::rows(invariant);
        let places = if at_creation {
            (&mut *late, &mut *timely)
        } else {
            (&mut *refused, &mut *accepted)
        };
        let case = |values| Case {
            model: model.clone(),
            rule: rule.clone(),
            values,
        };
        places.0.extend(breaks.map(case));
        places.1.extend(keeps.map(case));
    }
}

fn text_type() -> Py {
    Py::name("str")
}

fn rules_type() -> Py {
    let pair = Py::Subscript(
        Box::new(Py::name("tuple")),
        vec![text_type(), Py::name("list").subscript(text_type())],
    );
    Py::name("list").subscript(pair)
}

fn cases_type() -> Py {
    let case = Py::Subscript(
        Box::new(Py::name("tuple")),
        vec![text_type(), text_type(), values_type()],
    );
    Py::name("list").subscript(case)
}

fn values_type() -> Py {
    Py::Subscript(
        Box::new(Py::name("dict")),
        vec![text_type(), Py::from("typing", "Any")],
    )
}

fn parametrized(names: &[&str], values: &str) -> Py {
    Py::module("pytest")
        .attr("mark")
        .attr("parametrize")
        .arg(Py::text_tuple(names.iter().copied()))
        .arg(Py::name(values))
}

fn has_rules() -> Stmt {
    Stmt::Def(Def {
        decorators: vec![parametrized(&["model", "rules"], "RULES")],
        name: "test_the_database_has_every_rule".into(),
        parameters: vec![
            Parameter::typed("model", text_type()),
            Parameter::typed("rules", Py::name("list").subscript(text_type())),
        ],
        returns: Py::none(),
        doc: Some("No rule is missing in the table.".to_owned()),
        body: vec![Stmt::Assert(Py::binary(
            appspec_backend::python::Operator::Equal,
            helper("missing_rules")
                .arg(Py::name("model"))
                .arg(Py::name("rules")),
            Py::List(vec![]),
        ))],
    })
}

fn test(cases: &str, verb: &str, doc: &str, name: &str, refuses: bool) -> Stmt {
    let call = ["model", "rule", "values"]
        .into_iter()
        .fold(helper(name).call(), |call, argument| {
            call.arg(Py::name(argument))
        });
    let body = if refuses {
        vec![Stmt::With(
            vec![
                Py::module("pytest")
                    .attr("raises")
                    .arg(Py::from("django.core.exceptions", "ValidationError")),
            ],
            vec![Stmt::Expr(call)],
        )]
    } else {
        vec![Stmt::Expr(call)]
    };
    Stmt::Def(Def {
        decorators: vec![parametrized(&["model", "rule", "values"], cases)],
        name: format!("test_the_rule_{verb}").into(),
        parameters: vec![
            Parameter::typed("model", text_type()),
            Parameter::typed("rule", text_type()),
            Parameter::typed("values", values_type()),
        ],
        returns: Py::none(),
        doc: Some(doc.to_owned()),
        body,
    })
}

fn helper(name: &str) -> Py {
    Py::from("core.testing", name)
}
