//! Which rows can be made beside everything that they point to.
//!
//! A chain of references may lead through every entity, so each row of the solver's is looked at once, for all rows
//! that point to it.

use std::collections::BTreeSet;

use appspec_ir::{
    Default, Entity, Field, Id, Row, Spec, Walk, Witnesses, collisions, made_up_number, references,
};

use crate::kept::is_row_kept;

/// The rows of an entity are number 1, and numbers 2 and 3 beside it.
const NUMBERS: [usize; 3] = [1, 2, 3];

/// A row of the solver's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    entity: Id<Entity>,
    number: usize,
}

impl Node {
    fn place(self) -> usize {
        self.entity.index() * NUMBERS.len() + self.number - 1
    }
}

/// All rows of the solver's, and what they point to.
pub(super) struct Standing<'c> {
    spec: &'c Spec,
    witnesses: &'c Witnesses,
    /// What each row points to; none where that, or the row, is not known.
    targets: Vec<Option<Vec<Node>>>,
    /// How many rows stand on each other below each row; none for a row that can't be made.
    depths: Vec<Option<usize>>,
}

impl<'c> Standing<'c> {
    /// Those of the entities of which rows can be made.
    pub(super) fn of(
        spec: &'c Spec,
        witnesses: &'c Witnesses,
        is_plain: impl Fn(Walk<'c, Entity>) -> bool,
    ) -> Self {
        let mut standing = Self {
            spec,
            witnesses,
            targets: Vec::with_capacity(spec.entities.len() * NUMBERS.len()),
            depths: Vec::new(),
        };
        for entity in spec.walk_entities() {
            let [one, two, three] = NUMBERS.map(|number| witnesses.numbered(entity.id, number));
            let one = one.filter(|one| is_plain(entity) && standing.leaves(entity, one));
            let two = two.filter(|two| {
                one.is_some_and(|one| are_apart(entity, one, two)) && standing.leaves(entity, two)
            });
            let three = three.filter(|three| {
                let others = [one, two];
                others
                    .iter()
                    .all(|other| other.is_some_and(|other| are_apart(entity, other, three)))
                    && standing.leaves(entity, three)
            });
            let targets = [one, two, three].map(|row| pointed_to(entity, row?));
            standing.targets.extend(targets);
        }
        // The others are for those who have the first one.
        while standing.measure() {}
        standing
    }

    /// Whether a row of the solver's can be made.
    pub(super) fn has(&self, entity: Id<Entity>, number: usize) -> bool {
        NUMBERS.contains(&number) && self.depth(Node { entity, number }).is_some()
    }

    /// Whether rows of an entity can be made, each beside what all of them point to. They may be in each other's way.
    pub(super) fn carries(&self, entity: Walk<'_, Entity>, rows: &[&Row]) -> bool {
        let mut targets = Vec::new();
        for row in rows {
            if !self.leaves(entity, row) {
                return false;
            }
            let Some(more) = pointed_to(entity, row) else {
                return false;
            };
            targets.extend(more);
        }
        self.has(entity.id, 1)
            && targets.iter().all(|target| self.depth(*target).is_some())
            && self.below(entity.id, targets).into_iter().all(|number| {
                let own = self.witnesses.numbered(entity.id, number);
                own.is_some_and(|own| rows.iter().all(|row| are_apart(entity, row, own)))
            })
    }

    /// Whether a row is stored as it is: no number is cut, and nothing that is missing is taken along a path.
    fn leaves(&self, entity: Walk<'_, Entity>, row: &Row) -> bool {
        is_row_kept(entity, row)
            && entity.fields().all(|field| match &field.get().default {
                Some(Default::Path(path)) if row.get(field.id).is_none() => {
                    !self.leads_to_a_value(row, path)
                }
                _ => true,
            })
    }

    /// Whether there is a value at the end of a path.
    fn leads_to_a_value(&self, row: &Row, path: &[Id<Field>]) -> bool {
        let Some((last, through)) = path.split_last() else {
            return false;
        };
        let mut here = Some(row);
        for step in through {
            here = here.and_then(|here| {
                let number = made_up_number(here.get(*step)?)?;
                let target = self.spec.walk::<Field>(*step).target()?;
                self.witnesses.numbered(target.id, number)
            });
        }
        here.is_some_and(|here| here.get(*last).is_some())
    }

    fn depth(&self, node: Node) -> Option<usize> {
        self.depths.get(node.place()).copied().flatten()
    }

    /// The numbers of an entity's rows among these and all that they point to.
    fn below(&self, entity: Id<Entity>, from: Vec<Node>) -> BTreeSet<usize> {
        let own = NUMBERS.map(|number| self.depth(Node { entity, number }));
        let least = own.into_iter().flatten().min();
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = from;
        while let Some(node) = open.pop() {
            // What stands deeper than the entity's rows does not point to them.
            if self.depth(node) < least || !seen.insert(node) {
                continue;
            }
            if node.entity == entity {
                found.insert(node.number);
            }
            open.extend(
                self.targets
                    .get(node.place())
                    .into_iter()
                    .flatten()
                    .flatten(),
            );
        }
        found
    }

    /// Finds the depths; whether that took the first row from an entity that still has another one.
    fn measure(&mut self) -> bool {
        let mut seen: Vec<Seen> = vec![Seen::Never; self.targets.len()];
        let nodes = self
            .spec
            .entities
            .ids()
            .flat_map(|entity| NUMBERS.map(|number| Node { entity, number }));
        for node in nodes {
            self.measure_from(node, &mut seen);
        }
        self.depths = seen
            .into_iter()
            .map(|seen| match seen {
                Seen::Done(depth) => depth,
                Seen::Never | Seen::Open => None,
            })
            .collect();
        let mut changed = false;
        for entity in self.spec.entities.ids() {
            for number in [2, 3] {
                let other = Node { entity, number };
                if !self.has(entity, 1)
                    && self.has(entity, number)
                    && let Some(targets) = self.targets.get_mut(other.place())
                {
                    *targets = None;
                    changed = true;
                }
            }
        }
        changed
    }

    /// Rows are done after those that they point to; one that would have to be there before itself can't be made.
    fn measure_from(&self, start: Node, seen: &mut [Seen]) {
        let look =
            |seen: &[Seen], node: Node| seen.get(node.place()).copied().unwrap_or(Seen::Open);
        let mut open = vec![start];
        while let Some(node) = open.last().copied() {
            let targets = self.targets.get(node.place()).and_then(Option::as_deref);
            let now = match (look(seen, node), targets) {
                (Seen::Done(_), _) => {
                    open.pop();
                    continue;
                }
                (_, None) => Seen::Done(None),
                (Seen::Never, Some(targets)) => {
                    let waits = targets
                        .iter()
                        .copied()
                        .filter(|target| look(seen, *target) == Seen::Never);
                    open.extend(waits);
                    Seen::Open
                }
                (Seen::Open, Some(targets)) => {
                    let mut depth = Some(0);
                    for target in targets {
                        depth = match (look(seen, *target), depth) {
                            (Seen::Done(Some(below)), Some(depth)) => Some(depth.max(below + 1)),
                            _ => None,
                        };
                    }
                    Seen::Done(depth)
                }
            };
            if let Some(slot) = seen.get_mut(node.place()) {
                *slot = now;
            }
        }
    }
}

/// How far a row has been looked at.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Never,
    Open,
    Done(Option<usize>),
}

fn are_apart(entity: Walk<'_, Entity>, one: &Row, other: &Row) -> bool {
    collisions(entity, one, other).is_empty()
}

/// What a row points to; none where that is not known.
fn pointed_to(entity: Walk<'_, Entity>, row: &Row) -> Option<Vec<Node>> {
    let nodes = references(entity, row).into_iter().map(|(field, number)| {
        let number = number.filter(|number| NUMBERS.contains(number))?;
        let entity = field.relation()?.target;
        Some(Node { entity, number })
    });
    nodes.collect()
}
