//! The emitted tests of an app: every rule is in the database; validation and the database refuse a row that breaks
//! it and accept one that keeps it.

mod also;
mod asked;
mod audit;
mod cases;
mod deletions;
mod factories;
mod kept;
mod lifecycles;
pub(crate) mod lists;
mod one_of;
pub(crate) mod parametrized;
mod rows;
mod samples;
mod standing;
mod terms;
mod ways;

use appspec_backend::Artifacts;
use appspec_backend::python::{Def, Expr as Py, Parameter, Stmt};
use appspec_ir::{Compiled, Entity, Module, Moment, SoftDelete, Term, Walk};

use crate::constraints;
use crate::demo::Patterns;
use crate::models::add;
use crate::names;
use cases::Cases;
use rows::{Arguments, Rows};

/// Emits `tests/factories.py` and `tests/test_rules.py` of every app.
pub(crate) fn emit(compiled: &Compiled, out: &mut Artifacts) {
    let spec = &compiled.spec;
    let rows = Rows::of(compiled);
    let apps: Vec<_> = spec
        .walk_modules()
        .filter(|module| names::is_app(*module))
        .collect();
    crate::each(&apps, out, |module, out| {
        let label = &module.get().label;
        add(out, spec, *module, "tests/__init__.py", "", vec![]);
        let factories = factories::of(&rows, *module);
        if !factories.is_empty() {
            let doc = format!(
                "Rows of `{label}` that keep every rule, for any test.\n\n\
                 Number 2 can stand beside number 1, and so can number 3 where there is one."
            );
            add(out, spec, *module, "tests/factories.py", &doc, factories);
        }
        let (doc, body) = file(&rows, *module);
        add(out, spec, *module, "tests/test_rules.py", &doc, body);
        let of_rows = |what: &str| format!("Rows of `{label}` that {what}");
        let further = [
            (
                "lifecycles",
                format!("The states of rows of `{label}` change by actions, and in no other way."),
                lifecycles::of(&rows, *module),
            ),
            (
                "deletions",
                of_rows("are deleted are marked, hidden and restored."),
                deletions::of(&rows, *module),
            ),
            (
                "terms",
                of_rows("are kept for some years go no earlier."),
                terms::of(&rows, *module),
            ),
            (
                "audit",
                format!("Each change of a row of `{label}` is recorded, whatever writes."),
                audit::of(&rows, *module),
            ),
            (
                "one_of",
                of_rows("point to one of several point to that alone."),
                one_of::of(&rows, *module),
            ),
            (
                "kept",
                format!("What rows of `{label}` keep is changed by nobody."),
                kept::of(&rows, *module),
            ),
        ];
        for (name, doc, mut tests) in further {
            if !tests.is_empty() {
                tests.extend(has_across(spec).then(alone));
                add(
                    out,
                    spec,
                    *module,
                    &format!("tests/test_{name}.py"),
                    &doc,
                    tests,
                );
            }
        }
    });
}

pub(crate) use samples::moved;

/// Rules about rows are asked of rows in the middle of their lives.
fn in_any_state() -> Stmt {
    let fixture = Py::module("pytest").attr("fixture");
    Stmt::Def(Def {
        decorators: vec![fixture.kw("autouse", Py::bool(true))],
        name: "_in_any_state".into(),
        parameters: vec![],
        returns: Py::from("collections.abc", "Iterator").subscript(Py::none()),
        doc: Some("Let rows begin in any state: rules are asked of all of them.".to_owned()),
        body: vec![Stmt::With(
            vec![Py::from("core.db.lifecycles", "any_state").call()],
            vec![Stmt::Yield],
        )],
    })
}

/// Rules about single rows are asked by themselves.
fn alone() -> Stmt {
    let fixture = Py::module("pytest").attr("fixture");
    Stmt::Def(Def {
        decorators: vec![fixture.kw("autouse", Py::bool(true))],
        name: "_alone".into(),
        parameters: vec![],
        returns: Py::from("collections.abc", "Iterator").subscript(Py::none()),
        doc: Some("Ask no rule that spans rows: those have tests of their own.".to_owned()),
        body: vec![Stmt::With(
            vec![of_testing("alone").call()],
            vec![Stmt::Yield],
        )],
    })
}

/// Whether some rules span rows.
pub(crate) fn has_across(spec: &appspec_ir::Spec) -> bool {
    spec.walk_entities()
        .any(|entity| !entity.get().across.is_empty())
}

/// Whether some rows have states.
pub(crate) fn has_lifecycles(spec: &appspec_ir::Spec) -> bool {
    spec.walk_entities()
        .any(|entity| !entity.get().lifecycles.is_empty())
}

/// Whether some rules are about changes.
pub(crate) fn has_changes(spec: &appspec_ir::Spec) -> bool {
    let mut entities = spec.walk_entities();
    entities.any(|entity| !entity.get().changes.is_empty())
}

/// Whether some rows are marked when they are deleted.
pub(crate) fn has_soft_delete(spec: &appspec_ir::Spec) -> bool {
    spec.walk_entities()
        .any(|entity| entity.get().soft_delete.is_some())
}

/// Whether some rows stay for some time.
pub(crate) fn has_terms(spec: &appspec_ir::Spec) -> bool {
    spec.walk_entities()
        .any(|entity| entity.get().keep.is_some())
}

/// Whether some rows keep what they hold.
pub(crate) fn has_kept(spec: &appspec_ir::Spec) -> bool {
    let mut rules = spec.walk_entities().flat_map(appspec_ir::Walk::kept);
    rules.any(|rule| crate::admin::keeps_values(&rule))
}

/// A row that a rule refuses or accepts, judged by that rule alone.
struct Sample {
    model: String,
    rule: String,
    values: Arguments,
}

/// Those of an app.
#[derive(Default)]
struct Samples {
    refused: Vec<Sample>,
    accepted: Vec<Sample>,
    late: Vec<Sample>,
    timely: Vec<Sample>,
}

/// The documentation and the body.
fn file(rows: &Rows<'_>, module: Walk<'_, Module>) -> (String, Vec<Stmt>) {
    let mut rules = Vec::new();
    let mut samples = Samples::default();
    let mut tables = Tables::default();
    let mut untried = Vec::new();
    let mut patterns = Patterns::default();
    for entity in module.entities() {
        let all = constraints::named(entity);
        let listed = Py::List(all.iter().map(|rule| Py::text(&rule.name)).collect());
        rules.push(Py::Tuple(vec![
            Py::text(names::model_label(entity)),
            listed,
        ]));
        let known = cases::of(rows, entity, &all, &mut patterns);
        let before = samples.refused.len();
        for rule in all.iter().filter(|rule| !known.has(&rule.name)) {
            samples.refused.extend(wrong_value(entity, rule));
        }
        by_trying(entity, &known, &mut samples);
        let judged = samples.refused.get(before..).unwrap_or_default();
        untried.extend(
            all.into_iter()
                .filter(|rule| !is_tried_elsewhere(rows, entity, rule))
                .map(|rule| rule.name)
                .filter(|rule| !known.has(rule) && judged.iter().all(|own| own.rule != *rule)),
        );
        let has_second = rows.second(entity.id).is_some();
        tables.add(&rows.factory(entity, None), has_second, known);
    }
    let mut body = parametrized::in_database();
    body.push(Stmt::Annotated(
        "RULES".into(),
        rules_type(),
        Py::List(rules),
    ));
    let mut functions = vec![has_rules()];
    if has_lifecycles(rows.spec) {
        functions.insert(0, in_any_state());
    }
    if has_across(rows.spec) {
        functions.insert(0, alone());
    }
    tables.print(rows, &mut body, &mut functions);
    samples.print(&mut body, &mut functions);
    body.extend(functions);
    (doc(&module.get().label, &untried), body)
}

/// Whether another file tries to break the rule: it is about what becomes of a row.
fn is_tried_elsewhere(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    rule: &constraints::Named,
) -> bool {
    let Some(own) = rows.witnesses.of(entity.id) else {
        return false;
    };
    match &rule.source {
        constraints::Source::Lifecycle(name) => {
            let mut lifecycles = entity.get().lifecycles.iter();
            let place = lifecycles.position(|lifecycle| lifecycle.name == *name);
            own.strayed.iter().any(|it| Some(it.lifecycle) == place)
        }
        constraints::Source::Kept(name) if name == SoftDelete::RULE => {
            deletions::tries(rows, entity)
        }
        constraints::Source::Kept(name) if name == appspec_ir::audit::RULE => {
            audit::tries(rows, entity)
        }
        constraints::Source::Kept(name) if name == Term::RULE => terms::tries(rows, entity),
        constraints::Source::Kept(name) => kept::tries(rows, entity, name),
        constraints::Source::Rule(name) => kept::keeps_numbers_apart(rows, entity, name),
        constraints::Source::Field(..) | constraints::Source::Derive(_) => false,
    }
}

/// What the file is about, and which rules it can't break.
fn doc(app: &str, untried: &[String]) -> String {
    let mut doc = format!("Each rule of `{app}` is in the database, and refuses what breaks it.");
    if !untried.is_empty() {
        doc.push_str(
            "\n\nOf some rules it is only asked whether the database has them, since no row is known that breaks \
             nothing else: ",
        );
        doc.push_str(&untried.join(", "));
        doc.push('.');
    }
    doc
}

/// The rows that the solver found, as tables.
#[derive(Default)]
struct Tables {
    both: Vec<Py>,
    validated: Vec<Py>,
    moments: Vec<Py>,
    stored: Vec<Py>,
    twins: Vec<Py>,
}

impl Tables {
    fn add(&mut self, factory: &Py, has_second: bool, cases: Cases) {
        let case = |case: cases::Case| {
            let named = also(&case.rule, case.also);
            of_testing("Case")
                .arg(factory.clone())
                .arg(Py::text(case.rule))
                .kw("breaks", Py::Dict(case.breaks))
                .kw("keeps", Py::Dict(case.keeps))
                .kw("code", Py::text(case.code))
                .maybe_kw("message", case.message.map(Py::text))
                .maybe_kw("also", named)
                .maybe_kw("by_type", case.by_type.then(|| Py::bool(true)))
        };
        self.both.extend(cases.both.into_iter().map(&case));
        self.validated
            .extend(cases.validated.into_iter().map(&case));
        self.moments.extend(cases.moments.into_iter().map(&case));
        self.stored.extend(cases.stored.into_iter().map(|stored| {
            let named = also(&stored.rule, stored.also);
            of_testing("Stored")
                .arg(factory.clone())
                .arg(Py::text(stored.rule))
                .arg(Py::Dict(stored.values))
                .maybe_kw("also", named)
        }));
        // Number 2 stands beside number 1, and nobody knows what it is beside another row.
        self.twins.extend(cases.twins.into_iter().map(|twins| {
            let is_known = has_second && twins.first.is_empty();
            twins_of(factory.clone(), twins).maybe_kw("beside", is_known.then(|| Py::bool(true)))
        }));
    }

    fn print(self, rows: &Rows<'_>, body: &mut Vec<Stmt>, functions: &mut Vec<Stmt>) {
        use asked::Asked;
        let mut tests = |name: &'static str,
                         class: &'static str,
                         cases: Vec<Py>,
                         asked: &[Asked],
                         by: (Option<ways::Way>, Option<ways::Page>)| {
            if cases.is_empty() {
                return;
            }
            body.push(parametrized::table(name, class, cases));
            functions.extend(asked.iter().map(|asked| asked.test(name, class)));
            let cases = || (class, Py::name(name));
            functions.extend(by.0.map(|way| way(cases())));
            functions.extend(by.1.and_then(|page| page(rows, cases())));
        };
        tests(
            "CASES",
            "Case",
            self.both,
            &[Asked::Refused, Asked::RefusedByDatabase, Asked::Accepted],
            (Some(ways::passed), Some(ways::typed)),
        );
        tests(
            "VALIDATED",
            "Case",
            self.validated,
            &[Asked::Invalid, Asked::Valid],
            (None, Some(ways::validated)),
        );
        tests(
            "MOMENTS",
            "Case",
            self.moments,
            &[Asked::RefusedWhenNew, Asked::AcceptedWhenNew],
            (Some(ways::unasked), Some(ways::typed_as_new)),
        );
        tests(
            "STORED",
            "Stored",
            self.stored,
            &[Asked::NeverStored],
            (None, None),
        );
        tests(
            "TWINS",
            "Twins",
            self.twins,
            &[Asked::Apart, Asked::Alone],
            (Some(ways::met), Some(ways::typed_beside)),
        );
    }
}

/// `Twins(make_visit, "booking_visit_room_unique", first={…}, second={…}, code="unique")`
fn twins_of(factory: Py, twins: cases::Twins) -> Py {
    of_testing("Twins")
        .arg(factory)
        .arg(Py::text(twins.rule))
        .kw("first", Py::Dict(twins.first))
        .kw("second", Py::Dict(twins.second))
        .kw("code", Py::text(twins.code))
        .maybe_kw("message", twins.message.map(Py::text))
}

/// The rules that PostgreSQL may name instead of one: of those that a row breaks it names the first by name. All others are
/// left out, or a test would pass without its own rule.
fn also(rule: &str, rules: Vec<String>) -> Option<Py> {
    let before: Vec<String> = rules
        .into_iter()
        .filter(|other| other.as_str() < rule)
        .collect();
    (!before.is_empty()).then(|| Py::text_tuple(before))
}

fn of_testing(name: &'static str) -> Py {
    Py::from("core.testing", name)
}

/// A row that breaks a rule about a single field.
fn wrong_value(entity: Walk<'_, Entity>, rule: &constraints::Named) -> Option<Sample> {
    let constraints::Source::Field(field, kind) = &rule.source else {
        return None;
    };
    let field = entity.spec.walk(*field);
    let value = samples::breaking(field, kind)?;
    Some(Sample {
        model: names::model_label(entity),
        rule: rule.name.clone(),
        values: vec![(Py::text(&field.get().name), value)],
    })
}

/// Rows for invariants of which the solver knows too little.
fn by_trying(entity: Walk<'_, Entity>, known: &Cases, samples: &mut Samples) {
    let model = names::model_label(entity);
    for invariant in entity.invariants() {
        let at_creation = invariant.moment == Moment::Create;
        let rule = if at_creation {
            invariant.name.clone()
        } else {
            names::constraint(&names::app(entity), &entity.name, &invariant.name)
        };
        if known.has(&rule) {
            continue;
        }
        let (breaks, keeps) = samples::rows(invariant);
        let places = if at_creation {
            (&mut samples.late, &mut samples.timely)
        } else {
            (&mut samples.refused, &mut samples.accepted)
        };
        let sample = |values| Sample {
            model: model.clone(),
            rule: rule.clone(),
            values,
        };
        places.0.extend(breaks.map(sample));
        places.1.extend(keeps.map(sample));
    }
}

impl Samples {
    fn print(self, body: &mut Vec<Stmt>, functions: &mut Vec<Stmt>) {
        let tables = [
            (
                "REFUSED",
                "refuses",
                self.refused,
                "A row that breaks a rule is refused.",
                "validate",
                true,
            ),
            (
                "ACCEPTED",
                "accepts",
                self.accepted,
                "A row that keeps a rule is accepted by it.",
                "validate",
                false,
            ),
            (
                "LATE",
                "refuses_at_creation",
                self.late,
                "A new row that breaks a rule is refused.",
                "create",
                true,
            ),
            (
                "TIMELY",
                "accepts_at_creation",
                self.timely,
                "A new row that keeps a rule is accepted.",
                "create",
                false,
            ),
        ];
        for (name, verb, samples, doc, helper, refuses) in tables {
            if samples.is_empty() {
                continue;
            }
            let listed = samples
                .into_iter()
                .map(|sample| {
                    Py::Tuple(vec![
                        Py::text(sample.model),
                        Py::text(sample.rule),
                        Py::Dict(sample.values),
                    ])
                })
                .collect();
            body.push(Stmt::Annotated(name.into(), cases_type(), Py::List(listed)));
            functions.push(test(name, verb, doc, helper, refuses));
        }
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

fn parametrized(names: &[&str], values: &'static str) -> Py {
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

fn test(cases: &'static str, verb: &str, doc: &str, name: &'static str, refuses: bool) -> Stmt {
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

fn helper(name: &'static str) -> Py {
    Py::from("core.testing", name)
}
