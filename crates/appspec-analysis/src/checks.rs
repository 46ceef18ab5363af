//! What can be wrong with a spec whose names and types are right. One file per check, one line per check here.

mod action_changes_kept;
mod action_never;
mod all_of_none;
mod anonymous_write;
#[cfg(test)]
mod apart;
mod bound_says_nothing;
mod by_type;
mod cascade_blocked;
mod cascade_breaks_rule;
mod cascade_bypass;
mod cascade_cycle;
mod cascade_loses_rows;
mod cascade_meets_kept;
mod chain;
mod change_never;
mod compares_itself;
mod contradiction;
mod copied;
mod copied_default;
mod dead_branch;
mod declared;
mod default_breaks_rule;
mod defaults_contradict;
mod delete_breaks_rule;
mod delete_changes_kept;
mod delete_collides;
mod delete_finds_frozen;
mod emptied;
mod expiring_value;
mod first_row;
mod float_money;
mod follows;
mod frozen_condition;
mod grant_condition;
mod grant_shadowed;
mod guarantee;
mod guard_always_true;
mod impossible_state;
mod invariant_constant;
mod kept_already;
mod kept_pairs;
mod lifecycle_states;
mod marked_pairs;
mod module_is_taken;
mod moments;
mod moving_default;
mod name_breaks_django;
mod name_breaks_postgresql;
mod name_breaks_python;
mod name_case;
mod name_collides;
mod name_too_long;
mod never_deleted;
mod never_empty;
mod no_mailer;
mod nobody_can;
mod numbers_repeat;
mod only_empty;
mod overlap_backwards;
mod pair_twice;
mod pattern_never_fits;
mod redundant_index;
mod redundant_overlap;
mod redundant_unique;
mod required_cycle;
mod required_field_denied;
mod reverse_clash;
mod role_without_permissions;
mod rounding_dependent;
mod same_label;
mod seed_breaks_across;
mod seed_breaks_rule;
mod self_promotion;
mod set_null_required;
mod solved;
pub(crate) mod spelling;
mod state_across;
pub(crate) mod taken;
#[cfg(test)]
pub(crate) mod testing;
mod touched_breaks_rule;
mod undecided;
mod unique_caps_rows;
mod unique_default;
mod unique_never_applies;
mod unique_optional;
mod variable_unused;

use appspec_diagnostics::Diagnostics;
use appspec_ir::{Spec, in_shares};
use appspec_solver::Study;

use crate::lower::Broken;
use Needs::{Part, Whole};

/// Looks at a whole spec and reports what it finds; never changes anything, never depends on another check.
type Check = fn(&Spec, &mut Diagnostics);

/// Below this many entities, starting a thread costs more than it saves.
const WORTH_A_THREAD: usize = 32;

/// What a check has to know, so that what it tells is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// The parts that it speaks of: nothing that stands elsewhere could make it untrue.
    Part,
    /// Everything: what it tells is that something is missing, or that a row is kept.
    Whole,
}

/// Every check.
const CHECKS: &[(Check, Needs)] = &[
    // Names that the emitted project can't have.
    (name_breaks_python::check, Part),
    (name_breaks_django::check, Part),
    (name_breaks_postgresql::check, Part),
    (name_case::check, Part),
    (name_collides::check, Part),
    (name_too_long::check, Part),
    (module_is_taken::check, Part),
    (same_label::check, Part),
    // Relations between entities.
    (required_cycle::check, Part),
    (set_null_required::check, Part),
    (reverse_clash::check, Part),
    (cascade_blocked::check, Whole),
    (cascade_cycle::check, Part),
    (pair_twice::check, Whole),
    (numbers_repeat::check, Part),
    (redundant_index::check, Part),
    // What the project is told from outside.
    (variable_unused::check, Whole),
    (no_mailer::check, Whole),
    // Types.
    (float_money::check, Part),
    // Rules about rows.
    (unique_optional::check, Whole),
    (pattern_never_fits::check, Part),
    (invariant_constant::check, Part),
    (copied::check, Part),
    (seed_breaks_rule::check, Part),
    (seed_breaks_across::check, Part),
    (expiring_value::check, Part),
    // How states change.
    (lifecycle_states::check, Part),
    // What rows keep.
    (kept_already::check, Whole),
    (kept_pairs::check, Part),
    (delete_changes_kept::check, Part),
    // What can be restored.
    (cascade_loses_rows::check, Part),
    (cascade_meets_kept::check, Part),
    (never_deleted::check, Part),
    (marked_pairs::check, Part),
    // Who may do what. Beside errors of names and types nothing is known of it.
    (role_without_permissions::check, Whole),
    (self_promotion::check, Whole),
    (nobody_can::check, Whole),
    (required_field_denied::check, Whole),
    (anonymous_write::check, Whole),
    (cascade_bypass::check, Whole),
];

/// A check that also looks at what the solver found out about the rules of each entity.
type SolvedCheck = fn(&Spec, &[Study<'_>], &mut Diagnostics);

/// Every check that asks the solver. What it could not decide is no finding.
const SOLVED_CHECKS: &[(SolvedCheck, Needs)] = &[
    (first_row::check, Part),
    (default_breaks_rule::check, Part),
    (delete_finds_frozen::check, Part),
    (unique_caps_rows::check, Part),
    (unique_default::check, Part),
    (redundant_unique::check, Part),
    (redundant_overlap::check, Part),
    (bound_says_nothing::check, Part),
    (never_empty::check, Part),
    (unique_never_applies::check, Part),
    (moving_default::check, Part),
    (copied_default::check, Part),
    (touched_breaks_rule::check, Part),
    (undecided::check, Whole),
    (action_never::check, Whole),
    (guard_always_true::check, Part),
    (frozen_condition::check, Part),
    (action_changes_kept::check, Whole),
    (change_never::check, Part),
    (grant_condition::check, Whole),
    (grant_shadowed::check, Whole),
];

/// Those among them that see rules over other rows as well. What a rule reads there may be anything, so no row is an example
/// of the rule; but a row that can't keep it whatever is there is no example of anything.
const WIDER_CHECKS: &[(SolvedCheck, Needs)] = &[
    // What they show is a row.
    (delete_breaks_rule::check, Whole),
    (cascade_breaks_rule::check, Whole),
    (overlap_backwards::check, Whole),
    (rounding_dependent::check, Whole),
    // What they tell is proven.
    (contradiction::check, Part),
    (compares_itself::check, Part),
    (follows::check, Part),
    (dead_branch::check, Part),
    (only_empty::check, Part),
    (defaults_contradict::check, Part),
    (state_across::check, Part),
    (all_of_none::check, Part),
];

/// A spec whose rules over other rows are rules of one row, and its studies.
type Wider<'r, 's> = (&'r Spec, &'r [Study<'s>]);

/// Runs every check over a spec that resolved without errors.
pub(crate) fn run(
    spec: &Spec,
    studies: &[Study<'_>],
    wider: Option<Wider<'_, '_>>,
    found: &mut Diagnostics,
) {
    run_those((spec, studies), wider, &|_| true, found);
}

/// Runs the checks over what is left of a spec with errors. Told is what stays true whatever the broken parts turn out to
/// be, and nothing about themselves.
pub(crate) fn run_beside(
    spec: &Spec,
    studies: &[Study<'_>],
    broken: &Broken,
    found: &mut Diagnostics,
) {
    let mut more = Diagnostics::new();
    run_those((spec, studies), None, &|needs| needs == Part, &mut more);
    more.keep(|finding| !broken.concerns(finding));
    found.append(more);
}

fn run_those(
    (spec, studies): (&Spec, &[Study<'_>]),
    wider: Option<Wider<'_, '_>>,
    are_known: &(dyn Fn(Needs) -> bool + Sync),
    found: &mut Diagnostics,
) {
    let plain = CHECKS
        .iter()
        .map(|(check, needs)| (Kind::Plain(*check), *needs));
    let solved = SOLVED_CHECKS
        .iter()
        .map(|(check, needs)| (Kind::Solved(*check), *needs));
    let wide = WIDER_CHECKS
        .iter()
        .map(|(check, needs)| (Kind::Wider(*check), *needs));
    let (wider_spec, wider_studies) = wider.unwrap_or((spec, studies));
    let kinds: Vec<Kind> = plain
        .chain(solved)
        .chain(wide)
        .filter(|(_, needs)| are_known(*needs))
        .map(|(kind, _)| kind)
        .collect();
    let least = if spec.entities.len() < WORTH_A_THREAD {
        kinds.len()
    } else {
        1
    };
    let parts = in_shares(&kinds, least, |kinds| {
        let mut found = Diagnostics::new();
        for kind in kinds {
            match kind {
                Kind::Plain(check) => check(spec, &mut found),
                Kind::Solved(check) => check(spec, studies, &mut found),
                Kind::Wider(check) => check(wider_spec, wider_studies, &mut found),
            }
        }
        vec![found]
    });
    for part in parts {
        found.append(part);
    }
}

/// A check of one of the lists.
#[derive(Clone, Copy)]
enum Kind {
    Plain(Check),
    Solved(SolvedCheck),
    Wider(SolvedCheck),
}
