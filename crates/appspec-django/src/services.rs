//! `services.py`: a function for each action of a lifecycle.

use appspec_backend::python::{Def, Expr as Py, Ident, Parameter, Stmt};
use appspec_backend::{Artifacts, snake_case};
use appspec_ir::{
    Action, Entity, ExprKind, Field, FieldType, Id, Lifecycle, ListItem, Scalar, Spec, Walk,
};

use crate::expressions::{Predicates, Scope};
use crate::fields::{constant, python_type};
use crate::models::add;
use crate::names;
use crate::target::{Target, enum_class};

/// Emits the services of every app whose rows have states.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let functions: Vec<Stmt> = module
            .entities()
            .flat_map(|entity| {
                let lifecycles = entity.get().lifecycles.iter();
                lifecycles.flat_map(move |lifecycle| {
                    let actions = lifecycle.actions.iter();
                    actions.map(move |action| service(entity, lifecycle, action))
                })
            })
            .collect();
        if !functions.is_empty() {
            let label = &module.get().label;
            let doc = format!(
                "What can be done with the rows of `{label}`: the one way to change their states."
            );
            add(out, spec, module, "services.py", &doc, functions);
        }
    }
}

/// `cancel_appointment`
pub(crate) fn name(entity: Walk<'_, Entity>, action: &Action) -> Ident {
    Ident::new(&format!("{}_{}", action.name, snake_case(&entity.name)))
}

/// What a field is called where an action is given it: names of Python itself, and of what the function uses, are not hidden.
pub(crate) fn parameter(field: Walk<'_, Field>) -> Ident {
    let name = &field.get().name;
    let is_taken = |names: &[&str]| names.contains(&name.as_str());
    if is_taken(TAKEN) || field.spec.has_access() && is_taken(&["by", "given", "writing"]) {
        Ident::new(&format!("{name}_"))
    } else {
        Ident::new(name)
    }
}

/// ```python
/// def cancel_appointment(record: Appointment, /, *, reason: str) -> None:
///     """Move a row from `requested`, `confirmed` to `cancelled`."""
///     leaves = (Status.REQUESTED, Status.CONFIRMED)
///     with acting(record, "status", leaves=leaves, given={"reason": reason}) as row:
///         row.cancelled_at = timezone.now()
///         row.status = Status.CANCELLED
/// ```
fn service(entity: Walk<'_, Entity>, lifecycle: &Lifecycle, action: &Action) -> Stmt {
    let spec = entity.spec;
    let needs: Vec<Walk<'_, Field>> = action.needs.iter().map(|id| spec.walk(*id)).collect();
    let model = Py::from(
        &format!("{}.models", names::app(entity)),
        &entity.get().name,
    );
    let mut parameters = vec![Parameter::typed("record", model).by_place()];
    let is_asked = spec.has_access();
    if is_asked {
        let who = Py::from("core.roles", "Actor");
        parameters.push(Parameter::typed("by", who).by_name());
    }
    parameters.extend(
        needs
            .iter()
            .map(|field| Parameter::typed(parameter(*field), annotation(*field)).by_name()),
    );
    let state = |name: &str| match lifecycle.states(spec) {
        Some(states) => Target::Model.choice(spec, states, name),
        None => Py::text(name),
    };
    let leaves = action.from.iter().map(|from| state(&from.name)).collect();
    let given: Vec<(Py, Py)> = needs
        .iter()
        .map(|field| (Py::text(&field.get().name), Py::name(parameter(*field))))
        .collect();
    let field = &spec.walk(lifecycle.field).get().name;
    let manager = Py::from("core.lifecycles", "acting")
        .arg(Py::name("record"))
        .arg(Py::text(field))
        .kw("leaves", Py::Tuple(leaves))
        .maybe_kw(
            "given",
            (!given.is_empty()).then(|| {
                if is_asked {
                    Py::name("given")
                } else {
                    Py::Dict(given.clone())
                }
            }),
        );
    // A reference is compared by its key, which the row has.
    let named: Vec<(Id<Field>, Ident)> = needs
        .iter()
        .filter(|field| field.relation().is_none())
        .map(|field| (field.id, parameter(*field)))
        .collect();
    let predicates = Predicates::of(Scope::of(spec, Target::Model), "row", &named);
    let mut body = Vec::new();
    if let Some(condition) = &action.when {
        let error = Py::from("core.lifecycles", "ActionRefusedError")
            .arg(Py::name("message"))
            .kw("code", Py::text(&action.name));
        body.push(Stmt::If(
            predicates.opposite(condition),
            vec![
                Stmt::assign("message", Py::text(&action.message)),
                Stmt::Raise(error),
            ],
        ));
    }
    for set in &action.sets {
        let target = spec.walk(set.field);
        let value = match &set.value.kind {
            ExprKind::Value(value) => constant(target, value, Target::Model),
            _ => predicates.python(&set.value),
        };
        let name = match target.relation() {
            Some(_) => format!("{}_id", target.name),
            None => target.name.clone(),
        };
        body.push(Stmt::Set(Py::name("row").attr(Ident::new(&name)), value));
    }
    let state_of_row = Py::name("row").attr(Ident::new(field));
    body.push(Stmt::Set(state_of_row, state(&action.to.name)));
    Stmt::Def(Def {
        decorators: vec![],
        name: name(entity, action),
        parameters,
        returns: Py::none(),
        doc: Some(summary(action)),
        body: if is_asked {
            asking(action, given, manager, body)
        } else {
            vec![Stmt::WithAs(manager, "row".into(), body)]
        },
    })
}

/// What an action does, in words.
pub(crate) fn summary(action: &Action) -> String {
    let from: Vec<String> = action
        .from
        .iter()
        .map(|from| format!("`{}`", from.name))
        .collect();
    let mut doc = format!(
        "Move a row from {} to `{}`.",
        from.join(", "),
        action.to.name
    );
    if let Some(more) = &action.doc {
        doc.push_str("\n\n");
        doc.push_str(more);
    }
    doc
}

/// Asks whether somebody may do it, and does it.
///
/// ```python
/// given = {"reason": reason}
/// with writing(by, "cancel", record, given):
///     with acting(record, "status", leaves=(Status.REQUESTED,), given=given) as row:
/// ```
fn asking(action: &Action, given: Vec<(Py, Py)>, manager: Py, body: Vec<Stmt>) -> Vec<Stmt> {
    let has_given = !given.is_empty();
    let named = if has_given {
        Py::name("given")
    } else {
        Py::Dict(vec![])
    };
    let asked = Py::from("core.writes", "writing")
        .arg(Py::name("by"))
        .arg(Py::text(&action.name))
        .arg(Py::name("record"))
        .arg(named);
    let mut statements = Vec::new();
    if has_given {
        statements.push(Stmt::assign("given", Py::Dict(given)));
    }
    statements.push(Stmt::WithBoth(asked, manager, "row".into(), body));
    statements
}

/// The type of what is given for a field.
fn annotation(field: Walk<'_, Field>) -> Py {
    let spec = field.spec;
    let any = || Py::from("typing", "Any");
    match &field.get().ty {
        FieldType::Enum(id) => enum_class(spec, *id),
        FieldType::Relation(relation) => {
            let target = spec.walk(relation.target);
            Py::from(
                &format!("{}.models", names::app(target)),
                &target.get().name,
            )
        }
        FieldType::List(ListItem::Scalar(item)) => {
            Py::name("list").subscript(python_type(&FieldType::Scalar(*item)))
        }
        FieldType::List(ListItem::Enum(id)) => Py::name("list").subscript(enum_class(spec, *id)),
        FieldType::Scalar(Scalar::File | Scalar::Image | Scalar::Json) | FieldType::Many(_) => {
            any()
        }
        FieldType::Scalar(Scalar::Bytes) => Py::name("bytes"),
        ty @ FieldType::Scalar(_) => python_type(ty),
    }
}

/// The functions and types that every Python module can use without an import, and what services import or name.
const TAKEN: &[&str] = &[
    "abs",
    "acting",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "ascii_lower",
    "ascii_upper",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "copyright",
    "credits",
    "date",
    "datetime",
    "days_between",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "hours_between",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "license",
    "list",
    "locals",
    "map",
    "math",
    "max",
    "memoryview",
    "message",
    "min",
    "minutes_between",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "otherwise",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "record",
    "repr",
    "reversed",
    "round",
    "rounded",
    "row",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "time",
    "timedelta",
    "timezone",
    "tuple",
    "type",
    "vars",
    "zip",
];

#[cfg(test)]
mod tests {
    use super::TAKEN;

    #[test]
    fn names_that_are_taken_are_in_order() {
        assert!(TAKEN.is_sorted());
    }
}
