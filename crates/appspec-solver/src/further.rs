use appspec_ir::{Entity, Id, Row, Spec};

use crate::fact::rules;
use crate::fuel::Tank;
use crate::patterns::Patterns;
use crate::witnesses::{Known, Rows, Uniques, solved};

/// A row of an entity that keeps every rule beside others, of which no unique rule keeps it apart. None when none was
/// found, which does not mean that there is none.
pub fn further(spec: &Spec, entity: Id<Entity>, there: &[Row]) -> Option<Row> {
    let entity = spec.walk(entity);
    let known = Known {
        entity,
        rules: rules(entity),
        rows: &Rows::none(entity.id),
        tank: Tank::full(),
    };
    let near = there.first()?;
    let conditions = Uniques::of(&known).apart_from(there)?;
    if conditions.is_empty() {
        return Some(near.clone());
    }
    solved(&known, conditions, near, &mut Patterns::new())
}
