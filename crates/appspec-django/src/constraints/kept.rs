use appspec_backend::python::Expr as Py;
use appspec_ir::{
    ChangeRule, Entity, Field, Id, Keeper, Kept, Serial, SerialPart, SoftDelete, Term, Traced, Walk,
};

use super::{Constraint, Source, capitalized, labels};
use crate::expressions::{Conditions, Scope};
use crate::names;
use crate::target::Target;
use crate::values;

/// What rows keep.
pub(crate) fn kept(entity: Walk<'_, Entity>, kept: &Kept<'_>, target: Target) -> Constraint {
    match kept.source {
        Keeper::Change(rule) => return change(entity, kept, rule, target),
        Keeper::Live(marked) => return live(entity, kept, marked),
        Keeper::Term(term) => return stays(entity, kept, term),
        Keeper::Audit => return audited(entity, kept),
        Keeper::Field(_) | Keeper::Serial(..) | Keeper::Rows | Keeper::Frozen(_) => {}
    }
    let spec = entity.spec;
    let fields = kept.fields.iter().map(|id| spec.walk(*id).name.clone());
    // Without fields, no write at all is allowed; that stays so when the entity gets another one.
    let fields = (kept.source != Keeper::Rows).then(|| Py::List(fields.map(Py::text).collect()));
    let condition = kept
        .condition()
        .map(|expr| Conditions(Scope::of(spec, target)).condition(expr));
    let class = match kept.source {
        Keeper::Serial(..) => Py::from("core.db.serial", "Serial"),
        _ => Py::from("core.db.kept", "Kept"),
    };
    let numbers: Vec<_> = entity
        .serials()
        .map(|(field, _)| &field.get().name)
        .collect();
    let numbers = (kept.source == Keeper::Rows && !numbers.is_empty()).then(|| Py::texts(numbers));
    let call = class
        .call()
        .maybe_kw("fields", fields)
        .maybe_kw("condition", condition)
        .maybe_kw("deletable", (!kept.keeps_row()).then(|| Py::bool(true)))
        .maybe_kw("numbers", numbers);
    let call = match kept.source {
        Keeper::Serial(_, serial) => numbering(call, entity, serial),
        _ => call,
    };
    let mut mentioned = kept.fields.clone();
    if let Keeper::Serial(_, serial) = kept.source {
        mentioned.extend(serial.per.iter().flatten());
        mentioned.extend(entity.made_at().map(|field| field.id));
    }
    if let Keeper::Frozen(frozen) = kept.source {
        mentioned.extend(frozen.except.iter().copied());
        mentioned.extend(frozen.condition.fields());
    }
    named(entity, kept, call, mentioned)
}

/// What numbers look like, what their counter begins anew for, and when rows that are there were made.
fn numbering(call: Py, entity: Walk<'_, Entity>, serial: &Serial) -> Py {
    let spec = entity.spec;
    let parts = serial.parts.iter().map(|part| match part {
        SerialPart::Text(text) => text.clone(),
        part => part.to_string(),
    });
    let path = |path: &Vec<Id<Field>>| {
        let steps: Vec<&str> = path
            .iter()
            .map(|id| spec.walk(*id).get().name.as_str())
            .collect();
        steps.join("__")
    };
    let per: Vec<String> = serial.per.iter().map(path).collect();
    call.kw("pattern", Py::texts(parts))
        .maybe_kw("per", (!per.is_empty()).then(|| Py::texts(per)))
        .maybe_kw(
            "zone",
            serial.has_date().then(|| Py::text(&spec.project.timezone)),
        )
        .maybe_kw(
            "made",
            entity.made_at().map(|field| Py::text(&field.get().name)),
        )
}

/// Rows are marked before they go.
fn live(entity: Walk<'_, Entity>, kept: &Kept<'_>, marked: &SoftDelete) -> Constraint {
    let class = Py::from("core.db.deletions", "MarkedFirst");
    named(entity, kept, class.call(), vec![marked.field])
}

/// Rows stay for some years.
fn stays(entity: Walk<'_, Entity>, kept: &Kept<'_>, term: &Term) -> Constraint {
    let call = Py::from("core.db.terms", "KeptFor")
        .call()
        .kw("years", Py::int(term.years))
        .kw("since", Py::text(&entity.spec.walk(term.since).get().name));
    named(entity, kept, call, vec![term.since])
}

/// Changes of rows are recorded.
fn audited(entity: Walk<'_, Entity>, kept: &Kept<'_>) -> Constraint {
    let traced: Vec<_> = entity.traced().collect();
    let name = |field: &Walk<'_, Field>| field.get().name.clone();
    let hidden = traced.iter().filter(|(_, it)| *it == Traced::Changes);
    let hidden: Vec<String> = hidden.map(|(field, _)| name(field)).collect();
    let numbers: Vec<String> = entity.serials().map(|(field, _)| name(&field)).collect();
    let fields = traced.iter().map(|(field, _)| name(field));
    let call = Py::from("core.db.audit", "Audited")
        .call()
        .kw("label", Py::text(names::migration_label(entity)))
        .kw("fields", Py::texts(fields))
        .maybe_kw("hidden", (!hidden.is_empty()).then(|| Py::texts(hidden)))
        .maybe_kw("numbers", (!numbers.is_empty()).then(|| Py::texts(numbers)));
    let fields = traced.iter().map(|(field, _)| field.id).collect();
    named(entity, kept, call, fields)
}

/// The rule that a call makes, with its name and what it says.
fn named(
    entity: Walk<'_, Entity>,
    kept: &Kept<'_>,
    call: Py,
    fields: Vec<Id<Field>>,
) -> Constraint {
    let name = names::constraint(&names::app(entity), &entity.name, &kept.name);
    let call = call
        .kw("name", Py::text(&name))
        .kw("violation_error_code", Py::text(code_when_changed(kept)))
        .kw(
            "violation_error_message",
            values::message(&said_when_changed(entity, kept)),
        );
    Constraint {
        name,
        call,
        fields,
        condition: kept.condition().cloned(),
        source: Source::Kept(kept.name.clone()),
        is_bound: false,
    }
}

/// What has to hold when a field changes.
fn change(
    entity: Walk<'_, Entity>,
    kept: &Kept<'_>,
    rule: &ChangeRule,
    target: Target,
) -> Constraint {
    let spec = entity.spec;
    let fields = rule.fields.iter().map(|id| spec.walk(*id).name.clone());
    let scope = Scope::of(spec, target).of_change();
    let call = Py::from("core.db.changes", "OnChange")
        .call()
        .kw("fields", Py::List(fields.map(Py::text).collect()))
        .kw("condition", Conditions(scope).condition(&rule.condition));
    Constraint {
        condition: Some(rule.condition.clone()),
        ..named(entity, kept, call, rule.mentions())
    }
}

/// The code of the refusal.
pub(crate) fn code_when_changed<'k>(kept: &'k Kept<'_>) -> &'k str {
    match kept.source {
        Keeper::Change(_) => names::error_code(&kept.name),
        Keeper::Field(_)
        | Keeper::Serial(..)
        | Keeper::Rows
        | Keeper::Frozen(_)
        | Keeper::Live(_)
        | Keeper::Term(_)
        | Keeper::Audit => &kept.name,
    }
}

/// What people read when something is changed that stays as it is. Made of the names of fields alone, and so a part of
/// the rule.
pub(crate) fn said_when_changed(entity: Walk<'_, Entity>, kept: &Kept<'_>) -> String {
    match kept.source {
        Keeper::Field(field) => {
            format!(
                "{} is given once and never changes.",
                labels(entity, &[field])
            )
        }
        Keeper::Serial(field, serial) => {
            let label = labels(entity, &[field]);
            if serial.gapless {
                format!(
                    "{label} is given by the system and never changes, and no row with one is deleted."
                )
            } else {
                format!("{label} is given by the system and never changes.")
            }
        }
        Keeper::Change(rule) => rule.message.clone(),
        Keeper::Rows => "It is never changed or deleted.".to_owned(),
        Keeper::Live(_) => "It is marked as deleted before it can go for good.".to_owned(),
        Keeper::Term(term) => format!("It is kept for {} after it was made.", term.length()),
        Keeper::Audit => "Each change of it is recorded.".to_owned(),
        Keeper::Frozen(frozen) => {
            let given = labels(entity, &frozen.condition.fields());
            let except = labels(entity, &by_name(entity, &frozen.except));
            let says = if except.is_empty() {
                "it is not changed or deleted any more.".to_owned()
            } else {
                format!("only {except} can change, and it is not deleted any more.")
            };
            if given.is_empty() {
                capitalized(&says)
            } else {
                format!("Given its {given}, {says}")
            }
        }
    }
}

/// In an order that no other way of writing them changes.
fn by_name(entity: Walk<'_, Entity>, fields: &[Id<Field>]) -> Vec<Id<Field>> {
    let mut fields = fields.to_vec();
    fields.sort_by_key(|id| &entity.spec.walk(*id).get().name);
    fields
}
