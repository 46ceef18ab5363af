use std::cell::Cell;
use std::rc::Rc;

/// What all questions about the rows of one entity may cost together, in cells of the matrix that are gone through. Rules
/// that people write take a thousandth of it; it is used up within half a second.
const ALL: u64 = 200_000_000;
/// So many entities have that; of more, each has less, so that a spec of nothing but riddles ends within some seconds as well.
const WITH_ALL: u64 = 4;
/// No entity has less than one such part of it, which is still many times what rules take.
const PARTS: u64 = 50;
/// What it costs to ask the evaluator about one condition.
pub(crate) const EVALUATION: usize = 64;
/// What it costs to make up a text.
pub(crate) const TEXT: usize = 32;
/// What it costs to find out the parts of a day.
pub(crate) const DATE: usize = 8;
/// What it costs to look at one node of a formula.
pub(crate) const NODE: usize = 2;

/// What is left for one entity, whatever solvers ask about it.
#[derive(Clone, Debug)]
pub(crate) struct Tank(Rc<Cell<u64>>);

impl Tank {
    /// What one of so many entities has.
    pub(crate) fn one_of(entities: usize) -> Self {
        let entities = u64::try_from(entities).unwrap_or(u64::MAX).max(WITH_ALL);
        let share = (ALL / entities).saturating_mul(WITH_ALL).max(ALL / PARTS);
        Self(Rc::new(Cell::new(share)))
    }

    #[cfg(test)]
    fn full() -> Self {
        Self::one_of(1)
    }
}

/// What is left for the questions about one problem. A single one has limits of its own; this one keeps an entity with
/// hundreds of rows from asking hundreds of hard ones.
#[derive(Debug)]
pub(crate) struct Fuel {
    left: Cell<u64>,
    step: u64,
    tank: Tank,
}

impl Fuel {
    /// An equal share for one of so many problems, of which a step costs so many cells.
    pub(crate) fn shared(tank: &Tank, problems: usize, step: usize) -> Self {
        let problems = u64::try_from(problems.max(1)).unwrap_or(u64::MAX);
        Self {
            left: Cell::new(ALL / problems),
            step: u64::try_from(step.max(1)).unwrap_or(u64::MAX),
            tank: tank.clone(),
        }
    }

    /// Whether there is enough for another step, which is taken.
    pub(crate) fn take(&self) -> bool {
        self.spend(self.step)
    }

    /// The same for work that is counted by the piece.
    pub(crate) fn take_for(&self, pieces: usize, each: usize) -> bool {
        self.spend(u64::try_from(pieces.saturating_mul(each)).unwrap_or(u64::MAX))
    }

    /// Whether there is nothing left.
    pub(crate) fn is_empty(&self) -> bool {
        self.left.get() == 0 || self.tank.0.get() == 0
    }

    fn spend(&self, cells: u64) -> bool {
        let own = self.left.get().checked_sub(cells);
        let all = self.tank.0.get().checked_sub(cells);
        self.left.set(own.unwrap_or(0));
        self.tank.0.set(all.unwrap_or(0));
        own.is_some() && all.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Fuel, Tank};

    #[test]
    fn it_ends() {
        let fuel = Fuel::shared(&Tank::full(), 2, usize::try_from(ALL / 4).unwrap());
        assert!(fuel.take() && fuel.take());
        assert!(!fuel.take() && !fuel.take());
    }

    #[test]
    fn many_entities_share() {
        let has = |entities| Tank::one_of(entities).0.get();
        assert_eq!((has(1), has(4), has(8)), (ALL, ALL, ALL / 2));
        assert_eq!(has(100_000), ALL / 50);
    }

    #[test]
    fn an_entity_has_no_more_for_many_solvers() {
        let tank = Tank::full();
        let step = usize::try_from(ALL).unwrap();
        assert!(Fuel::shared(&tank, 1, step).take());
        assert!(!Fuel::shared(&tank, 1, 1).take());
    }
}
