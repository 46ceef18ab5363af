//! Numbers that begin anew for what is found along references, under the names that those had.

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{Entity, Field, Keeper, Walk};

use super::Diff;

impl Diff<'_> {
    /// Refuses another name for what numbers that were built are counted by in another app. The triggers read its table and
    /// its column by name, and no migration of their own app can take them away before that one gives them another.
    pub(super) fn numbers(&mut self) {
        let spec = self.spec;
        for (id, _) in spec.entities.iter() {
            let entity = spec.walk(id);
            for kept in entity.kept() {
                let Keeper::Serial(field, serial) = kept.source else {
                    continue;
                };
                let is_built = self.names.kept_before(id, &kept.name).is_some()
                    || self.names.serial_before(id, &kept.name).is_some();
                let steps = serial.per.iter().flat_map(|path| path.iter().skip(1));
                for step in steps.filter(|_| is_built) {
                    let step = spec.walk(*step);
                    if step.entity().module != entity.module
                        && let Some((old, now)) = self.other_name(step)
                    {
                        self.counted_elsewhere(spec.walk(field), step, &old, &now);
                    }
                }
            }
        }
    }

    /// What a field, or else its entity, was called and is called, where that is not the same.
    fn other_name(&self, field: Walk<'_, Field>) -> Option<(String, String)> {
        let (entity, name) = self.names.field_before(field.id)?;
        let owner = field.entity();
        if name != field.name {
            return Some((name.to_owned(), field.name.clone()));
        }
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
        (entity != owner.full_name()).then_some((last(entity)?, owner.name.clone()))
    }

    fn counted_elsewhere(
        &mut self,
        number: Walk<'_, Field>,
        step: Walk<'_, Field>,
        old: &str,
        now: &str,
    ) {
        let owner: Walk<'_, Entity> = step.entity();
        let span = if step.name == now {
            step.get().span
        } else {
            owner.get().span
        };
        let numbered = number.entity();
        let numbered = format!("{}.{}", numbered.name, number.name);
        self.refuse(
            Diagnostic::new(
                &evolve::COUNTED_ELSEWHERE,
                span,
                format!(
                    "`{now}` has another name, and numbers of another module are counted by it"
                ),
            )
            .label(format!("was built as `{old}`"))
            .note(
                number.get().span,
                format!("`{numbered}` begins anew for what is found here"),
            )
            .help(format!("call it `{old}` again, without `was`")),
        );
    }
}
