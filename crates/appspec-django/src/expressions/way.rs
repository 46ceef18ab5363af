//! The way from a row to another one, over references.

use appspec_ir::{Field, Id, MOST_STEPS, Rows, Spec};

use crate::pairs;

/// One step to another row.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// By a reference.
    Reference(Id<Field>),
    /// From a pair that no entity holds to the row at its other end.
    End(Rows),
}

/// Steps one behind another. Those beyond the most that a path has, and the one from a pair, are none.
#[derive(Clone, Copy, Default)]
pub(super) struct Way {
    steps: [Option<Step>; MOST_STEPS + 1],
}

impl Way {
    /// The same with one more step.
    pub(super) fn then(mut self, step: Step) -> Self {
        if let Some(free) = self.steps.iter_mut().find(|it| it.is_none()) {
            *free = Some(step);
        }
        self
    }

    /// What Django calls each step.
    pub(super) fn names(self, spec: &Spec) -> Vec<String> {
        let steps = self.steps.into_iter().flatten();
        let names = steps.map(|step| match step {
            Step::Reference(id) => spec.walk(id).name.clone(),
            Step::End(rows) => pairs::there(spec, rows),
        });
        names.collect()
    }
}
