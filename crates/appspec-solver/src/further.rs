use appspec_ir::{Entity, Id, Row, Spec, UniqueRule};

use crate::fact::rules;
use crate::fuel::Tank;
use crate::patterns::Patterns;
use crate::witnesses::{Known, Rows, Uniques, solved};

/// A row of an entity that keeps every rule beside others, of which no unique rule keeps it apart. None when none was
/// found, which does not mean that there is none.
pub fn further(spec: &Spec, entity: Id<Entity>, there: &[Row]) -> Option<Row> {
    let none = Rows::none(entity);
    let known = known(spec, &none);
    let near = there.first()?;
    let conditions = Uniques::of(&known).apart_from(there)?;
    if conditions.is_empty() {
        return Some(near.clone());
    }
    solved(&known, conditions, near, &mut Patterns::new())
}

/// A row that keeps every rule, and that one unique rule alone keeps apart from another row, which keeps them too. None
/// when none was found, which does not mean that there is none.
pub fn colliding(
    spec: &Spec,
    entity: Id<Entity>,
    rule: UniqueRule,
    first: &Row,
    patterns: &mut Patterns,
) -> Option<Row> {
    let none = Rows::none(entity);
    let known = known(spec, &none);
    Uniques::of(&known).colliding_with(rule, first, patterns)
}

/// An entity of which nothing was found out.
fn known<'r, 's>(spec: &'s Spec, none: &'r Rows) -> Known<'r, 's> {
    let entity = spec.walk(none.entity());
    Known {
        entity,
        rules: rules(entity),
        rows: none,
        tank: Tank::one_of(spec.entities.len()),
    }
}
