use appspec_diagnostics::Diagnostics;
use appspec_ir::Spec;

use crate::{Change, Changes, Delta, History, Schema, Step, facts};

/// What has to be done so that a project with this history becomes what the spec says.
///
/// Everything that can't be appended safely is a diagnostic; the changes are complete when there is none.
pub fn diff(history: &History, spec: &Spec, _out: &mut Diagnostics) -> Changes {
    let now = facts(spec);
    let mut steps = Vec::new();
    for entity in spec.walk_entities() {
        let name = entity.full_name();
        let mut set = Schema::default();
        if let Some(facts) = now.entities.get(&name) {
            set.entities.insert(name, facts.clone());
        }
        steps.push(Step {
            change: Change::AddEntity(entity.id),
            delta: Delta {
                now: set,
                ..Delta::default()
            },
        });
    }
    Changes {
        history: history.clone(),
        steps,
        ..Changes::default()
    }
}
