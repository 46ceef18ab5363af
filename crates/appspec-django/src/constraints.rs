//! Everything that the database refuses about rows of an entity: named, and the same in models and migrations.

mod across;
mod columns;
mod kept;

use appspec_backend::python::Expr as Py;
use appspec_ir::{
    Derive, Entity, Expr, Field, FieldType, Id, Index, Lifecycle, Moment, Overlap, Scalar, SortKey,
    Unique, Walk, ends_of_type, has_range,
};

use crate::expressions::{Conditions, Scope, core, models, q};
use crate::fields::is_mark;
use crate::names;
use crate::target::Target;
use crate::values;

pub(crate) use across::across;
use columns::field_rules;
pub(crate) use columns::{field_rule, is_closed, numbered, of_field};
pub(crate) use kept::{code_when_changed, kept, said_when_changed};

/// A rule of the database.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Constraint {
    /// Its name in the database.
    pub(crate) name: String,
    /// The call that makes it.
    pub(crate) call: Py,
    /// The fields that it mentions.
    pub(crate) fields: Vec<Id<Field>>,
    /// The expression of the spec that it holds, if any.
    pub(crate) condition: Option<Expr>,
    /// What it was made from.
    pub(crate) source: Source,
    /// Whether it is a bound, which carries the message of its field's bounds.
    pub(crate) is_bound: bool,
}

/// What a rule of the database was made from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// What a field says about its values: the kind of rule.
    Field(Id<Field>, String),
    /// A derived value, which has to fit its column.
    Derive(Id<Derive>),
    /// A unique set, an index or an invariant of this name.
    Rule(String),
    /// The lifecycle of this name.
    Lifecycle(String),
    /// What rows keep, of this name.
    Kept(String),
}

/// A rule of the database by its name alone, which costs a fraction of the call that makes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    /// Its name in the database.
    pub(crate) name: String,
    /// What it was made from.
    pub(crate) source: Source,
}

/// The names of [`all`] rules of an entity, in the same order.
pub(crate) fn named(entity: Walk<'_, Entity>) -> Vec<Named> {
    let app = names::app(entity);
    let rule = |rule: &String| Named {
        name: names::constraint(&app, &entity.name, rule),
        source: Source::Rule(rule.clone()),
    };
    let mut found: Vec<Named> = Vec::new();
    for field in entity.fields() {
        found.extend(field_rules(field).into_iter().map(|own| Named {
            name: own.name,
            source: Source::Field(field.id, own.kind),
        }));
    }
    found.extend(entity.derives().filter_map(of_derive).map(|own| Named {
        name: own.name,
        source: own.source,
    }));
    let uniques = entity.get().uniques.iter();
    found.extend(
        uniques
            .filter(|unique| !is_one_to_one(entity, unique))
            .map(|unique| rule(&unique.name)),
    );
    let overlaps = entity.get().overlaps.iter();
    found.extend(overlaps.map(|overlap| rule(&overlap.name)));
    let lifecycles = entity.get().lifecycles.iter();
    found.extend(lifecycles.map(|lifecycle| Named {
        source: Source::Lifecycle(lifecycle.name.clone()),
        ..rule(&lifecycle.name)
    }));
    found.extend(entity.kept().into_iter().map(|kept| Named {
        name: names::constraint(&app, &entity.name, &kept.name),
        source: Source::Kept(kept.name),
    }));
    found.extend(
        entity
            .invariants()
            .filter(|invariant| invariant.moment == Moment::Always)
            .map(|invariant| rule(&invariant.get().name)),
    );
    found
}

/// All rules of an entity: what fields and derived values say first, then unique sets, then invariants.
pub(crate) fn all(entity: Walk<'_, Entity>, target: Target) -> Vec<Constraint> {
    let mut found: Vec<Constraint> = entity
        .fields()
        .flat_map(|field| of_field(field, target))
        .collect();
    found.extend(entity.derives().filter_map(of_derive));
    found.extend(
        entity
            .get()
            .uniques
            .iter()
            .filter(|unique| !is_one_to_one(entity, unique))
            .map(|one| unique(entity, one, target)),
    );
    let overlaps = entity.get().overlaps.iter();
    found.extend(overlaps.map(|one| overlap(entity, one, target)));
    let lifecycles = entity.get().lifecycles.iter();
    found.extend(lifecycles.map(|one| lifecycle(entity, one, target)));
    let rules = entity.kept();
    found.extend(rules.iter().map(|one| kept(entity, one, target)));
    found.extend(
        entity
            .invariants()
            .filter(|invariant| invariant.moment == Moment::Always)
            .map(|one| invariant(one, target)),
    );
    found
}

/// An invariant that stands at any time.
pub(crate) fn invariant(invariant: Walk<'_, appspec_ir::Invariant>, target: Target) -> Constraint {
    let spec = invariant.spec;
    let entity = spec.walk(invariant.get().entity);
    let condition = Conditions(Scope::of(spec, target)).check(&invariant.get().condition);
    let name = names::constraint(&names::app(entity), &entity.name, &invariant.name);
    let call = check(&name, condition)
        .kw(
            "violation_error_code",
            Py::text(names::error_code(&invariant.name)),
        )
        .kw(
            "violation_error_message",
            values::message(&invariant.get().message),
        );
    Constraint {
        name,
        call,
        fields: invariant.get().condition.fields(),
        condition: Some(invariant.get().condition.clone()),
        source: Source::Rule(invariant.name.clone()),
        is_bound: false,
    }
}

/// A unique set.
pub(crate) fn unique(entity: Walk<'_, Entity>, unique: &Unique, target: Target) -> Constraint {
    let spec = entity.spec;
    let name = names::constraint(&names::app(entity), &entity.name, &unique.name);
    let fields = unique.fields.iter().map(|id| spec.walk(*id).name.clone());
    let call = models().attr("UniqueConstraint").call();
    let call = if unique.ignoring_case {
        fields.fold(call, |call, field| {
            call.arg(core("SameLetters").arg(Py::text(field)))
        })
    } else {
        call.kw("fields", Py::texts(fields))
    };
    let condition = unique
        .condition
        .as_ref()
        .map(|expr| Conditions(Scope::of(spec, target)).condition(expr));
    let call = call
        .maybe_kw("condition", condition)
        .kw("name", Py::text(&name));
    let message = said_when_broken(entity, unique);
    let call = match message {
        Some(message) => call
            .kw("violation_error_code", Py::text("unique"))
            .kw("violation_error_message", values::message(&message)),
        None => call,
    };
    let conditional = unique.condition.iter().flat_map(Expr::fields);
    Constraint {
        name,
        call,
        fields: unique.fields.iter().copied().chain(conditional).collect(),
        condition: unique.condition.clone(),
        source: Source::Rule(unique.name.clone()),
        is_bound: false,
    }
}

/// Stretches of which no two may meet.
pub(crate) fn overlap(entity: Walk<'_, Entity>, overlap: &Overlap, target: Target) -> Constraint {
    let spec = entity.spec;
    let name = names::constraint(&names::app(entity), &entity.name, &overlap.name);
    let field = |id: Id<Field>| Py::text(&spec.walk(id).name);
    let condition = overlap
        .condition
        .as_ref()
        .map(|expr| Conditions(Scope::of(spec, target)).condition(expr));
    let per = overlap.per.iter().map(|id| field(*id)).collect();
    let message = said_in_the_way(entity, overlap);
    let call = Py::from("core.db.constraints", "NoOverlap")
        .kw("start", field(overlap.start))
        .kw("end", field(overlap.end))
        .maybe_kw("closed", overlap.closed.then(|| Py::bool(true)))
        .maybe_kw("per", (!overlap.per.is_empty()).then_some(Py::List(per)))
        .maybe_kw("condition", condition)
        .kw("name", Py::text(&name))
        .kw("violation_error_code", Py::text("overlap"))
        .kw("violation_error_message", values::message(&message));
    let conditional = overlap.condition.iter().flat_map(Expr::fields);
    Constraint {
        name,
        call,
        fields: [overlap.start, overlap.end]
            .into_iter()
            .chain(overlap.per.iter().copied())
            .chain(conditional)
            .collect(),
        condition: overlap.condition.clone(),
        source: Source::Rule(overlap.name.clone()),
        is_bound: false,
    }
}

/// How the states of a row change.
pub(crate) fn lifecycle(
    entity: Walk<'_, Entity>,
    lifecycle: &Lifecycle,
    target: Target,
) -> Constraint {
    let spec = entity.spec;
    let name = names::constraint(&names::app(entity), &entity.name, &lifecycle.name);
    let state = |name: &str| match lifecycle.states(spec) {
        Some(states) => target.choice(spec, states, name),
        None => Py::text(name),
    };
    let mut moves = Vec::new();
    // In the order of the enum, so that another order of the actions is no other rule.
    let next = lifecycle.moves();
    let choices = lifecycle.choices(spec);
    for from in choices {
        if let Some(next) = next.get(from.name.as_str()) {
            let next = choices.iter().filter(|to| next.contains(&to.name.as_str()));
            let next = next.map(|to| state(&to.name)).collect();
            moves.push((state(&from.name), Py::List(next)));
        }
    }
    let call = Py::from("core.db.lifecycles", "Lifecycle")
        .kw("field", Py::text(&spec.walk(lifecycle.field).name))
        .kw("first", state(lifecycle.first(spec).unwrap_or_default()))
        .kw("moves", Py::Dict(moves))
        .kw("name", Py::text(&name))
        .kw("violation_error_code", Py::text(&lifecycle.name))
        .kw(
            "violation_error_message",
            values::message(&said_out_of_turn(entity, lifecycle)),
        );
    Constraint {
        name,
        call,
        fields: vec![lifecycle.field],
        condition: None,
        source: Source::Lifecycle(lifecycle.name.clone()),
        is_bound: false,
    }
}

/// What people read when a state is written past the actions. Made of the field's name alone, like [`exists_already`].
pub(crate) fn said_out_of_turn(entity: Walk<'_, Entity>, lifecycle: &Lifecycle) -> String {
    let label = labels(entity, &[lifecycle.field]);
    format!("{label} begins in its first state and changes by its actions alone.")
}

/// What people read when another row is in the way.
pub(crate) fn said_in_the_way(entity: Walk<'_, Entity>, overlap: &Overlap) -> String {
    let own = overlap.message.clone();
    own.unwrap_or_else(|| in_the_way(entity, overlap))
}

/// `Another one with the same Stylist overlaps with this one.`
fn in_the_way(entity: Walk<'_, Entity>, overlap: &Overlap) -> String {
    let with = if overlap.per.is_empty() {
        String::new()
    } else {
        format!(" with the same {}", labels(entity, &overlap.per))
    };
    format!("Another one{with} overlaps with this one.")
}

/// What people read when a unique set is broken; None where Django has words of its own.
pub(crate) fn said_when_broken(entity: Walk<'_, Entity>, unique: &Unique) -> Option<String> {
    match &unique.message {
        Some(message) => Some(message.clone()),
        // Django has words of its own for a plain set, but shows the name of any other.
        None => (unique.ignoring_case || unique.condition.is_some())
            .then(|| exists_already(entity, unique)),
    }
}

/// `Another one has this Client and Starts at already, given its Status.`
///
/// Made of the names of fields alone: whatever else changed the text would have to alter the constraint too.
fn exists_already(entity: Walk<'_, Entity>, unique: &Unique) -> String {
    let mut message = format!(
        "Another one has this {} already",
        labels(entity, &unique.fields)
    );
    let mut given = unique
        .condition
        .as_ref()
        .map_or_else(Vec::new, Expr::fields);
    // That it is not deleted goes without saying.
    given.retain(|id| !unique.fields.contains(id) && !is_mark(entity.spec.walk(*id)));
    if !given.is_empty() {
        message.push_str(", given its ");
        message.push_str(&labels(entity, &given));
    }
    message.push('.');
    message
}

/// `Client, Stylist and Day`: fields as forms call them.
fn labels(entity: Walk<'_, Entity>, fields: &[Id<Field>]) -> String {
    let labels: Vec<String> = fields
        .iter()
        .map(|id| capitalized(&entity.spec.walk(*id).name.replace('_', " ")))
        .collect();
    match labels.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => labels.concat(),
    }
}

fn capitalized(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// An index.
pub(crate) fn index(entity: Walk<'_, Entity>, index: &Index, target: Target) -> Constraint {
    let spec = entity.spec;
    let name = names::index(&names::app(entity), &entity.name, index);
    let condition = index
        .condition
        .as_ref()
        .map(|expr| Conditions(Scope::of(spec, target)).condition(expr));
    let call = models()
        .attr("Index")
        .kw(
            "fields",
            Py::texts(index.keys.iter().map(|key| sort_key(entity, *key))),
        )
        .maybe_kw("condition", condition)
        .kw("name", Py::text(&name));
    let conditional = index.condition.iter().flat_map(Expr::fields);
    Constraint {
        name,
        call,
        fields: index
            .keys
            .iter()
            .map(|key| key.field)
            .chain(conditional)
            .collect(),
        condition: index.condition.clone(),
        source: Source::Rule(index.name.clone()),
        is_bound: false,
    }
}

/// `-starts_at`
pub(crate) fn sort_key(entity: Walk<'_, Entity>, key: SortKey) -> String {
    let name = &entity.spec.walk(key.field).name;
    match key.direction {
        appspec_ir::Direction::Ascending => name.clone(),
        appspec_ir::Direction::Descending => format!("-{name}"),
    }
}

/// Whether a unique set is what a one-to-one relation says already.
pub(crate) fn is_one_to_one(entity: Walk<'_, Entity>, unique: &Unique) -> bool {
    unique.condition.is_none()
        && matches!(unique.fields.as_slice(), [only]
            if entity.spec.walk(*only).relation().is_some_and(|relation| relation.one_to_one))
}

/// What a computed column may hold, where nothing proves that every result fits: a result that does not is
/// refused before it is stored, by a rule with a name.
pub(crate) fn of_derive(derive: Walk<'_, Derive>) -> Option<Constraint> {
    let own = derive.get();
    let FieldType::Scalar(scalar) = own.ty else {
        return None;
    };
    if !has_range(derive) {
        return None;
    }
    let (low, high) = if let Scalar::Decimal { digits, places } = scalar {
        let largest = largest(digits, places);
        (
            values::decimal(&format!("-{largest}")),
            values::decimal(&largest),
        )
    } else {
        let (low, high) = ends_of_type(scalar)?;
        let printed = |end| values::value(derive.spec, Target::Migration, &end, None);
        (printed(low), printed(high))
    };
    let entity = derive.spec.walk(own.entity);
    let rule = range_of_derive(&own.name);
    let name = names::constraint(&names::app(entity), &entity.name, &rule);
    let condition = q().kw(format!("{}__range", own.name), Py::Tuple(vec![low, high]));
    let message = format!(
        "The computed {} is out of range.",
        own.name.replace('_', " ")
    );
    Some(Constraint {
        call: check(&name, condition)
            .kw("violation_error_code", Py::text("out_of_range"))
            .kw("violation_error_message", values::message(&message)),
        name,
        fields: own.value.fields(),
        condition: Some(own.value.clone()),
        source: Source::Derive(derive.id),
        is_bound: false,
    })
}

/// The name of that rule, without app and model.
pub(crate) fn range_of_derive(derive: &str) -> String {
    field_rule(derive, "finite")
}

/// The largest decimal of so many digits: `999.99`
fn largest(digits: u32, places: u32) -> String {
    let nines = |count: u32| (0..count).map(|_| '9').collect::<String>();
    match (digits.saturating_sub(places), places) {
        (whole, 0) => nines(whole),
        (0, places) => format!("0.{}", nines(places)),
        (whole, places) => format!("{}.{}", nines(whole), nines(places)),
    }
}

fn check(name: &str, condition: Py) -> Py {
    models()
        .attr("CheckConstraint")
        .kw("condition", condition)
        .kw("name", Py::text(name))
}

#[cfg(test)]
mod tests {
    use super::{Named, all, largest, named};
    use crate::fixture;
    use crate::target::Target;

    #[test]
    fn the_names_alone_are_those_of_the_rules() {
        for spec in [fixture::salon(), fixture::hostile(), fixture::plain()] {
            for entity in spec.walk_entities() {
                let whole = all(entity, Target::Migration).into_iter();
                let whole: Vec<Named> = whole
                    .map(|rule| Named {
                        name: rule.name,
                        source: rule.source,
                    })
                    .collect();
                assert_eq!(named(entity), whole, "{}", entity.name);
            }
        }
    }

    #[test]
    fn the_largest_decimal_has_every_digit() {
        assert_eq!(largest(5, 2), "999.99");
        assert_eq!(largest(4, 0), "9999");
        assert_eq!(largest(2, 2), "0.99");
    }
}
