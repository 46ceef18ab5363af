//! Rows of every installation: the sample of each field, and a key that tells the rows apart.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::fields::plain;
use super::model::{
    Field, Id, ItemKind, Kind, MemberKind, Scalar, SeedRow, SeedValue, Target, Unique,
};
use super::scalars;
use super::value::Value;

/// The handles of the rows of each entity.
pub(super) type Handles = BTreeMap<Id, Vec<String>>;

impl Draft {
    /// Gives an entity the field by which its rows are known.
    pub(super) fn make_seeded(&mut self, entity: Id) {
        let scalar = self.pick(&[Scalar::Text(Some(40)), Scalar::Int, Scalar::Slug(None)]);
        let kind = Kind::Scalar(scalar);
        let name = self.member_name(&[entity], &kind);
        self.take_rule(entity, &format!("{name}_unique"));
        let ignoring_case = scalar != Scalar::Int && self.one_in(4);
        let key = self.add(
            entity,
            MemberKind::Field(Field {
                name,
                unique: Some(Unique {
                    ignoring_case,
                    condition: None,
                }),
                ..plain(kind)
            }),
        );
        let others: Vec<Id> = self.seeded.keys().copied().collect();
        self.seeded.insert(entity, key);
        if !others.is_empty() && !self.one_in(3) {
            let other = self.pick(&others);
            let target = (Target::Entity(other), other);
            self.add_reference(entity, target, None, false, false);
        }
        self.settled.insert(key);
    }

    /// Rows of an entity, if all that they need can be written.
    pub(super) fn add_seed(&mut self, entity: Id, handles: &mut Handles) {
        let Some(key) = self.seeded.get(&entity).copied() else {
            return;
        };
        let fields = self.row(entity);
        let count = if self.has_other_unique(entity, key) {
            1
        } else {
            1 + self.random.below(4)
        };
        let mut rows = Vec::new();
        for number in 0..count {
            let mut values = Vec::new();
            for (id, field) in &fields {
                if !is_kept_by_sqlite(field) {
                    return;
                }
                if *id == key {
                    values.push((*id, SeedValue::One(key_value(field, number))));
                    continue;
                }
                match self.seed_value(field, handles, number) {
                    Some(Some(value)) => values.push((*id, value)),
                    Some(None) => {}
                    None => return,
                }
            }
            let handle = self.pick(&["first", "order", "class", "x", "select"]);
            rows.push(SeedRow {
                handle: format!("{handle}_{number}"),
                values,
            });
        }
        handles.insert(entity, rows.iter().map(|row| row.handle.clone()).collect());
        let module = self.module();
        self.declare(module, String::new(), ItemKind::Seed { entity, rows });
    }

    /// The outer option: whether the row can be written; the inner one: whether a value is given.
    #[allow(clippy::option_option, reason = "outer: impossible; inner: left out")]
    fn seed_value(
        &mut self,
        field: &Field,
        handles: &Handles,
        number: usize,
    ) -> Option<Option<SeedValue>> {
        let may_be_left_out = field.optional || field.default.is_some() || field.touched;
        match &field.kind {
            Kind::Many { .. } | Kind::Serial { .. } => Some(None),
            Kind::OneOf { .. } => may_be_left_out.then_some(None),
            // Rules were made for a row that points to nothing there.
            Kind::One { .. } if field.optional => Some(None),
            Kind::One { target, .. } => {
                let rows = match target {
                    Target::Entity(id) => handles.get(id),
                    Target::User => None,
                };
                match rows {
                    Some(rows) => Some(Some(SeedValue::Row(rows[number % rows.len()].clone()))),
                    None => may_be_left_out.then_some(None),
                }
            }
            Kind::ListOf(scalar) => {
                let items = if self.one_in(2) {
                    scalars::sample(&mut self.random, *scalar)
                } else {
                    None
                };
                Some(Some(SeedValue::List(items.into_iter().collect())))
            }
            Kind::ListOfEnum(id) => {
                let choices = self.choices(*id);
                let item = Value::Choice(*id, self.pick(&choices));
                Some(Some(SeedValue::List(vec![item])))
            }
            Kind::Scalar(_) | Kind::Named(_) | Kind::Enum(_) => match &field.sample {
                Some(value) => Some(Some(SeedValue::One(value.clone()))),
                None => may_be_left_out.then_some(None),
            },
        }
    }

    /// Whether something else than the key has to differ between rows.
    fn has_other_unique(&self, entity: Id, key: Id) -> bool {
        let Some(item) = self.spec.item(entity) else {
            return true;
        };
        let mixins: &[Id] = match &item.kind {
            ItemKind::Entity { mixins, .. } => mixins,
            _ => &[],
        };
        let mixed = mixins.iter().filter_map(|id| self.spec.item(*id));
        let mut members = mixed.chain([item]).flat_map(super::model::Item::members);
        members.any(|member| match &member.kind {
            MemberKind::Field(field) => member.id != key && field.unique.is_some(),
            MemberKind::Unique { fields, .. } => !fields.contains(&key),
            _ => false,
        })
    }
}

/// Whether a row that is there in every installation can have this value: SQLite refuses a decimal of more than 15 digits.
fn is_kept_by_sqlite(field: &Field) -> bool {
    let Some(Value::Decimal(units, written)) = &field.sample else {
        return true;
    };
    let places = match &field.kind {
        Kind::Scalar(Scalar::Decimal(_, places)) => *places,
        // No type has more.
        _ if *written == scalars::CONSTANT_DIGITS => 38,
        _ => *written,
    };
    let first_refused = 10_u128.pow(15) / 10_u128.pow((places - written).min(15));
    units.unsigned_abs() < first_refused
}

fn key_value(field: &Field, number: usize) -> Value {
    match field.kind {
        Kind::Scalar(Scalar::Int) => Value::Int(i128::try_from(number).unwrap_or(0)),
        _ => Value::Text(["a", "b-2", "class", "4"][number % 4].to_owned()),
    }
}
