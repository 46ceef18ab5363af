use std::cell::Cell;

/// What all questions about the rows of one entity may cost together, in cells of the matrix that are gone through. Rules
/// that people write take a thousandth of it; it is used up within half a second.
const ALL: u64 = 200_000_000;

/// What is left for the questions about one problem. A single one has limits of its own; this one keeps an entity with
/// hundreds of rules from asking hundreds of hard ones.
#[derive(Debug)]
pub(crate) struct Fuel {
    left: Cell<u64>,
    step: u64,
}

impl Fuel {
    /// An equal share for one of so many problems, of which a step costs so many cells.
    pub(crate) fn shared(problems: usize, step: usize) -> Self {
        let problems = u64::try_from(problems.max(1)).unwrap_or(u64::MAX);
        Self {
            left: Cell::new(ALL / problems),
            step: u64::try_from(step.max(1)).unwrap_or(u64::MAX),
        }
    }

    /// Whether there is enough for another step, which is taken.
    pub(crate) fn take(&self) -> bool {
        let left = self.left.get().checked_sub(self.step);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Fuel};

    #[test]
    fn it_ends() {
        let fuel = Fuel::shared(2, usize::try_from(ALL / 4).unwrap());
        assert!(fuel.take() && fuel.take());
        assert!(!fuel.take() && !fuel.take());
    }
}
