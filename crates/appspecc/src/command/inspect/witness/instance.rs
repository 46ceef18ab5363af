//! Rows of a whole spec that stand together, each looked at once.

use std::collections::BTreeMap;

use appspec_analysis::further;
use appspec_ir::{
    Compiled, Entity, Id, Row, Spec, Standing, Surroundings, Walk, Witnesses, collisions, holds,
    references,
};

/// More rows of one entity are not looked for.
const MOST_ROWS: usize = 16;

/// Why no row of an entity is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// None was found that keeps its rules.
    NotFound,
    /// The row that was found points to a row of this entity, of which not so many were found.
    Needs(Id<Entity>, usize),
    /// The row that was found would have to be there before itself.
    Circle,
}

/// A row by its entity and its number.
type Name = (Id<Entity>, usize);

pub(super) struct Instance<'c> {
    spec: &'c Spec,
    witnesses: &'c Witnesses,
    /// The rows of each entity that were looked for beyond the two that are known.
    more: BTreeMap<Id<Entity>, Vec<Row>>,
    /// What became of each row that was looked at; nothing of one that is being looked at.
    seen: BTreeMap<Name, Option<Result<(), Why>>>,
    /// The numbers of the rows of each entity that stand.
    numbers: BTreeMap<Id<Entity>, Vec<usize>>,
    pub(super) standing: Vec<Standing>,
}

impl<'c> Instance<'c> {
    pub(super) fn new(compiled: &'c Compiled) -> Self {
        Self {
            spec: &compiled.spec,
            witnesses: compiled.witnesses(),
            more: BTreeMap::new(),
            seen: BTreeMap::new(),
            numbers: BTreeMap::new(),
            standing: Vec::new(),
        }
    }

    /// Lets a row of an entity stand, after those that it points to.
    pub(super) fn add(&mut self, entity: Id<Entity>) -> Result<(), Why> {
        let first = (entity, 1);
        let mut open: Vec<Name> = vec![first];
        while let Some(name) = open.last().copied() {
            match self.seen.get(&name).copied() {
                Some(Some(_)) => {
                    open.pop();
                }
                // What it points to was looked at since.
                Some(None) => {
                    open.pop();
                    let result = self.stand(name);
                    self.seen.insert(name, Some(result));
                }
                None => {
                    self.seen.insert(name, None);
                    let targets = self.targets(name);
                    let is_new = |target: &Name| !self.seen.contains_key(target);
                    open.extend(targets.into_iter().rev().filter(is_new));
                }
            }
        }
        self.seen.get(&first).copied().flatten().unwrap_or(Ok(()))
    }

    /// A row by its name, looked for where it is not known.
    fn row(&mut self, (entity, number): Name) -> Option<Row> {
        if number <= 2 {
            return self.witnesses.numbered(entity, number).cloned();
        }
        let known = |number| self.witnesses.numbered(entity, number).cloned();
        let (first, second) = (known(1)?, known(2)?);
        let more = self.more.entry(entity).or_default();
        while more.len() + 2 < number && number <= MOST_ROWS {
            let mut there = vec![first.clone(), second.clone()];
            there.extend(more.iter().cloned());
            more.push(further(self.spec, entity, &there)?);
        }
        more.get(number - 3).cloned()
    }

    /// What a row points to.
    fn targets(&mut self, name: Name) -> Vec<Name> {
        let Some(row) = self.row(name) else {
            return Vec::new();
        };
        let references = references(self.spec.walk(name.0), &row).into_iter();
        references
            .filter_map(|(field, number)| Some((field.relation()?.target, number?)))
            .collect()
    }

    /// Whether a row can stand beside those that do.
    fn stand(&mut self, name: Name) -> Result<(), Why> {
        let row = self.row(name).ok_or(Why::NotFound)?;
        for target in self.targets(name) {
            match self.seen.get(&target).copied() {
                Some(Some(Ok(()))) => {}
                Some(Some(Err(_))) => return Err(Why::Needs(target.0, target.1)),
                Some(None) | None => return Err(Why::Circle),
            }
        }
        let entity = self.spec.walk(name.0);
        let numbers = self.numbers.entry(name.0).or_default();
        let others = numbers.iter().filter_map(|place| self.standing.get(*place));
        let collides = |other: &Standing| !collisions(entity, &other.row, &row).is_empty();
        if !keeps_every_rule(entity, &row) || others.into_iter().any(collides) {
            return Err(Why::NotFound);
        }
        numbers.push(self.standing.len());
        self.standing.push(Standing {
            entity: name.0,
            number: name.1,
            row,
        });
        Ok(())
    }
}

/// What the evaluator of the language says, on the first day of 2026 at nine.
fn keeps_every_rule(entity: Walk<'_, Entity>, row: &Row) -> bool {
    let around = Surroundings {
        now: Some(1_767_258_000_000_000),
        offset: Some(&|_| 0),
        me: None,
    };
    let mut invariants = entity.invariants();
    invariants.all(|invariant| holds(&invariant.get().condition, row, around) == Ok(true))
}
