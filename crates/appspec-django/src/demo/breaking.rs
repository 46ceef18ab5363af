//! What breaks a rule that spans rows, and nothing else: for the tests of the emitted project.

use appspec_ir::{Across, Entity, Field, Id, Row, Value, Walk, collisions};

use super::candidate::Candidate;
use super::judge::Values;
use super::rows::Example;
use super::settled::{Change, From, Pairing, Settled};

/// So many copies of a row are tried.
const MOST_COPIES: usize = 9;

/// What breaks a rule, and nothing else.
pub(super) struct Breaking {
    /// The entity of the rule.
    pub(super) entity: Id<Entity>,
    /// The rule.
    pub(super) rule: String,
    /// The place of the row that breaks it then.
    pub(super) place: usize,
    /// The row that is written, or deleted.
    pub(super) written: (Id<Entity>, usize),
    /// What becomes of it.
    pub(super) what: Becomes,
}

/// What becomes of a row.
pub(super) enum Becomes {
    /// A field gets another value.
    Changed(Id<Field>, Candidate),
    /// It goes.
    Gone,
    /// So many rows like it come.
    More(usize),
    /// It holds these rows in its `many`.
    Holds(Id<Field>, Vec<usize>),
}

impl Settled<'_> {
    /// What breaks each rule.
    pub(super) fn breaking(&mut self) -> Vec<Breaking> {
        let mut found = Vec::new();
        for entity in self.spec.walk_entities() {
            for rule in &entity.get().across {
                let of = |place, written, what| Breaking {
                    entity: entity.id,
                    rule: rule.name.clone(),
                    place,
                    written,
                    what,
                };
                let changes = self.changing(entity.id, rule).into_iter();
                found.extend(changes.map(|(place, change)| {
                    let written = (change.entity, change.place);
                    of(
                        place,
                        written,
                        Becomes::Changed(change.field, change.candidate),
                    )
                }));
                let missed = self.missed(entity.id, rule);
                found.extend(missed.map(|(place, written)| of(place, written, Becomes::Gone)));
                let more = self.more(entity.id, rule);
                found.extend(
                    more.map(|(place, written, number)| of(place, written, Becomes::More(number))),
                );
                let paired = self.paired(entity.id, rule);
                found.extend(paired.map(|(place, pairing)| {
                    let written = (pairing.entity, pairing.place);
                    of(place, written, Becomes::Holds(pairing.many, pairing.held))
                }));
            }
        }
        found
    }

    /// Changes of single values, each of which breaks this rule and nothing else: of a row that the rule is about, and of one
    /// that points to it.
    fn changing(&mut self, entity: Id<Entity>, rule: &Across) -> Vec<(usize, Change)> {
        let mut found: Vec<(usize, Change)> = Vec::new();
        let count = self.tables.get(&entity).map_or(0, Vec::len);
        for from in [From::Own, From::Pointing, From::Behind] {
            let places = 0..count;
            found.extend(places.into_iter().find_map(|place| {
                let mut changes = self.changes(entity, rule, place, from);
                changes.retain(|change| may_change(self.spec.walk(change.field)));
                changes.into_iter().find_map(|change| {
                    let is_broken = (entity, rule.name.clone(), place);
                    let own = self.tables.get(&change.entity)?.get(change.place)?;
                    let before = (own.values.clone(), own.row.clone());
                    let breaks = self.tried(&change, |settled| {
                        let broken = settled.world().broken();
                        let alone = broken
                            .iter()
                            .all(|(owner, other, _)| *owner == entity && *other == rule.name);
                        (alone && broken.contains(&is_broken)).then_some(())
                    });
                    breaks.map(|()| {
                        self.put(&change, before.0, before.1);
                        (place, change)
                    })
                })
            }));
        }
        found
    }

    /// A row whose deletion breaks this rule and nothing else, and the row that breaks it then.
    fn missed(
        &mut self,
        entity: Id<Entity>,
        rule: &Across,
    ) -> Option<(usize, (Id<Entity>, usize))> {
        let count = self.tables.get(&entity).map_or(0, Vec::len);
        (0..count).find_map(|place| {
            let read = self.world().read(entity, rule, place);
            read.into_iter().skip(1).find_map(|(owner, other, _)| {
                let kind = self.spec.walk(owner).get();
                let may_go = kind.append_only.is_none()
                    && kind.frozen.is_none()
                    && kind.soft_delete.is_none()
                    && kind.keep.is_none();
                if !may_go || self.is_pointed_to(owner, other) {
                    return None;
                }
                let own = self.tables.get_mut(&owner)?.get_mut(other)?;
                let row = std::mem::replace(&mut own.row, Row::new());
                let broken = self.world().broken();
                let alone = broken.iter().all(|(owner_of, name, at)| {
                    (*owner_of == entity && *name == rule.name)
                        || (*owner_of, *at) == (owner, other)
                });
                let breaks = alone && broken.contains(&(entity, rule.name.clone(), place));
                let own = self.tables.get_mut(&owner)?.get_mut(other)?;
                own.row = row;
                breaks.then_some((place, (owner, other)))
            })
        })
    }

    /// A row of which copies break this rule and nothing else, and the row that breaks it then.
    fn more(
        &mut self,
        entity: Id<Entity>,
        rule: &Across,
    ) -> Option<(usize, (Id<Entity>, usize), usize)> {
        let count = self.tables.get(&entity).map_or(0, Vec::len);
        (0..count).find_map(|place| {
            let read = self.world().read(entity, rule, place);
            read.into_iter().skip(1).find_map(|(owner, other, _)| {
                let kind = self.spec.walk(owner);
                let row = self.tables.get(&owner)?.get(other)?.row.clone();
                let can_be_copied = is_new(kind, &row) && collisions(kind, &row, &row).is_empty();
                if kind.id == self.spec.user || !can_be_copied {
                    return None;
                }
                let before = self.tables.get(&owner)?.len();
                let found = (1..=MOST_COPIES).find_map(|number| {
                    let copy = Example {
                        handle: String::new(),
                        values: Values::new(),
                        links: Vec::new(),
                        row: row.clone(),
                    };
                    self.tables.get_mut(&owner)?.push(copy);
                    let broken = self.world().broken();
                    let alone = broken.iter().all(|(_, name, _)| *name == rule.name);
                    let breaks = alone && broken.contains(&(entity, rule.name.clone(), place));
                    breaks.then_some((place, (owner, other), number))
                });
                self.tables.get_mut(&owner)?.truncate(before);
                found
            })
        })
    }

    /// What a row could hold instead, so that this rule breaks and nothing else, and the row that breaks it then.
    fn paired(&mut self, entity: Id<Entity>, rule: &Across) -> Option<(usize, Pairing)> {
        let count = self.tables.get(&entity).map_or(0, Vec::len);
        (0..count).find_map(|place| {
            let pairings = self.pairings(entity, rule, place).into_iter();
            pairings.into_iter().find_map(|pairing| {
                let held = self.hold(&pairing)?;
                let broken = self.world().broken();
                self.hold(&Pairing {
                    held,
                    ..pairing.clone()
                });
                let alone = broken.iter().all(|(_, name, _)| *name == rule.name);
                let breaks = alone && broken.contains(&(entity, rule.name.clone(), place));
                breaks.then_some((place, pairing))
            })
        })
    }

    fn is_pointed_to(&self, entity: Id<Entity>, place: usize) -> bool {
        self.tables.values().flatten().any(|own| {
            let mut values = own.values.iter();
            values.any(|(id, candidate)| {
                let target = self.spec.walk(*id).target();
                *candidate == Candidate::Row(place)
                    && target.is_some_and(|target| target.id == entity)
            })
        })
    }
}

/// Whether a row can come as it is: none is in a later state from the beginning.
fn is_new(entity: Walk<'_, Entity>, row: &Row) -> bool {
    entity.get().lifecycles.iter().all(|lifecycle| {
        let first = lifecycle.first(entity.spec).map(str::to_owned);
        row.get(lifecycle.field).cloned() == first.map(Value::Enum)
    })
}

/// Whether any way of writing may change a field.
fn may_change(field: Walk<'_, Field>) -> bool {
    let entity = field.entity();
    let own = entity.get();
    !field.never_changes()
        && !field.touched
        && own.append_only.is_none()
        && own.frozen.is_none()
        && own
            .lifecycles
            .iter()
            .all(|lifecycle| lifecycle.field != field.id)
}
