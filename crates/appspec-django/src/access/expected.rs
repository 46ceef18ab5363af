//! The tests of an app's rules: what the spec grants in plain Python, to be compared with what queries answer.

use std::collections::BTreeSet;

use appspec_backend::python::{Def, Expr as Py, Ident, Operator, Parameter, Stmt};
use appspec_backend::snake_case;
use appspec_ir::{
    Access, Entity, Expr, ExprKind, Field, Fields, Grant, Id, Module, Origin, Role, Spec, Verb,
    Walk, Who, print,
};

use crate::expressions::{Predicates, Scope};
use crate::models::add;
use crate::names;
use crate::rule_tests::parametrized::in_database;
use crate::target::Target;
use appspec_backend::Artifacts;

/// Emits `tests/test_access.py` of an app.
pub(super) fn emit(spec: &Spec, module: Walk<'_, Module>, out: &mut Artifacts) {
    let mut functions = Functions::default();
    let cases: Vec<Py> = module
        .entities()
        .filter_map(|entity| {
            let access = entity.get().access.as_ref()?;
            Some(expected(entity, access, &mut functions))
        })
        .collect();
    if cases.is_empty() {
        return;
    }
    let mut body = in_database();
    if !functions.0.is_empty() {
        // Definitions bring blank lines of their own.
        body.pop();
    }
    body.extend(functions.0);
    let class = of_testing("Expected");
    let table = Py::name("list").subscript(class.clone());
    body.push(Stmt::Annotated("EXPECTED".into(), table, Py::List(cases)));
    body.push(test());
    let label = &module.get().label;
    let doc = format!("Who may do what with the rows of `{label}`.");
    add(out, spec, module, "tests/test_access.py", &doc, body);
}

/// A test that goes through the table.
fn test() -> Stmt {
    let parametrize = Py::module("pytest")
        .attr("mark")
        .attr("parametrize")
        .arg(Py::text("case"))
        .arg(Py::name("EXPECTED"))
        .kw("ids", Py::name("str"));
    let found = of_testing("otherwise_than_told").arg(Py::name("case"));
    Stmt::Def(Def {
        decorators: vec![parametrize],
        name: "test_rules_allow_what_the_specification_says".into(),
        parameters: vec![Parameter::typed("case", of_testing("Expected"))],
        returns: Py::none(),
        doc: Some("In lists and row by row, to everybody, and with the same fields.".to_owned()),
        body: vec![Stmt::Assert(Py::binary(
            Operator::Equal,
            found,
            Py::List(vec![]),
        ))],
    })
}

fn of_testing(name: &'static str) -> Py {
    Py::from("core.testing_access", name)
}

/// The functions of a file.
#[derive(Default)]
struct Functions(Vec<Stmt>);

impl Functions {
    /// A function that says whether a condition holds of a row of an entity.
    fn add(&mut self, rows: Walk<'_, Entity>, expr: &Expr, has_person: bool) -> Py {
        let spec = rows.spec;
        let predicates = Predicates::of(Scope::of(spec, Target::Model), "record", &[]);
        let predicates = if expr.spans_rows() {
            predicates.following()
        } else {
            predicates
        };
        let number = self.0.len() + 1;
        let name = Ident::new(&format!("_{}_{number}", snake_case(&rows.name)));
        let model = Py::from(&format!("{}.models", names::app(rows)), &rows.name);
        let mut parameters = vec![Parameter::typed("record", model)];
        if has_person {
            parameters.push(if expr.asks_who() {
                Parameter::typed("me", Py::from("accounts.models", "User"))
            } else {
                Parameter::typed("_me", Py::name("object"))
            });
        }
        let says = print(spec, expr);
        let short = format!("Say whether `{says}`.");
        let doc = super::told(short, "Say whether the condition holds.", &says);
        self.0.push(Stmt::Def(Def {
            decorators: vec![],
            name: name.clone(),
            parameters,
            returns: Py::name("bool"),
            doc: Some(doc),
            body: predicates.body(expr),
        }));
        Py::name(name)
    }
}

fn expected(entity: Walk<'_, Entity>, access: &Access, functions: &mut Functions) -> Py {
    let walls = access.walls.iter();
    let walls: Vec<Py> = walls
        .map(|wall| functions.add(entity, &wall.condition, true))
        .collect();
    let grants = access.grants.iter();
    let grants = grants.map(|it| told(entity, it, functions)).collect();
    of_testing("Expected")
        .arg(Py::text(names::model_label(entity)))
        .kw("grants", Py::Tuple(grants))
        .maybe_kw("walls", (!walls.is_empty()).then_some(Py::Tuple(walls)))
}

fn told(entity: Walk<'_, Entity>, grant: &Grant, functions: &mut Functions) -> Py {
    let spec = entity.spec;
    let may = grant.permissions.iter().map(|permission| {
        let verb = super::verb(&permission.verb);
        (verb, fields(entity, &permission.verb, &permission.fields))
    });
    let may = Py::Dict(may.collect());
    let holders = match grant.who {
        Who::Role(role) => holders(spec, role, functions),
        Who::SignedIn => vec![of_testing("Holder").call()],
        Who::Anyone | Who::System => Vec::new(),
    };
    let is = |who: Who| (grant.who == who).then(|| Py::bool(true));
    let condition = grant.condition.as_ref();
    of_testing("Told")
        .kw("may", may)
        .maybe_kw(
            "holders",
            (!holders.is_empty()).then_some(Py::Tuple(holders)),
        )
        .maybe_kw("anyone", is(Who::Anyone))
        .maybe_kw("system", is(Who::System))
        .maybe_kw("at", grant.at.as_ref().map(|it| Py::text(path(spec, it))))
        .maybe_kw("where", condition.map(|it| functions.add(entity, it, true)))
}

/// The fields, by name; those that the verb can be about.
fn fields(entity: Walk<'_, Entity>, verb: &Verb, fields: &Fields) -> Py {
    let resolved: BTreeSet<Id<Field>> = fields.resolve(entity, verb);
    let names = resolved
        .into_iter()
        .map(|id| entity.spec.walk(id).name.clone());
    Py::text_tuple(names)
}

/// Who has a role: by itself, or by one that includes it.
fn holders(spec: &Spec, role: Id<Role>, functions: &mut Functions) -> Vec<Py> {
    let giving: Vec<&Role> = spec
        .roles
        .iter()
        .filter(|(id, _)| spec.with_included(*id).contains(&role))
        .map(|(_, role)| role)
        .collect();
    giving
        .into_iter()
        .map(|role| match &role.origin {
            Origin::SignedIn => of_testing("Holder").call(),
            Origin::Granted { .. } => of_testing("Holder").kw("group", Py::text(&role.name)),
            Origin::Derived {
                entity,
                person,
                scope,
                condition,
            } => {
                let rows = spec.walk(*entity);
                of_testing("Holder")
                    .kw("rows", Py::text(names::model_label(rows)))
                    .kw("person", Py::text(path(spec, person)))
                    .maybe_kw("scope", scope.as_ref().map(|it| Py::text(path(spec, it))))
                    .maybe_kw(
                        "where",
                        condition.as_ref().map(|it| functions.add(rows, it, false)),
                    )
            }
        })
        .collect()
}

/// `stylist.salon_id`: the way to a key, in attributes.
fn path(spec: &Spec, expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Field(id) => format!("{}_id", spec.walk(*id).name),
        ExprKind::Behind(reference, inner) => {
            format!("{}.{}", spec.walk(*reference).name, path(spec, inner))
        }
        _ => "pk".to_owned(),
    }
}
