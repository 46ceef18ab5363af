//! What can be wrong with a spec whose names and types are right. One file per check, one line per check here.

mod bound_says_nothing;
mod cascade_blocked;
mod cascade_cycle;
mod chain;
mod compares_itself;
mod contradiction;
mod copied;
mod dead_branch;
mod declared;
mod default_breaks_rule;
mod defaults_contradict;
mod delete_breaks_rule;
mod first_row;
mod float_money;
mod follows;
mod hidden_characters;
mod invariant_constant;
mod module_is_taken;
mod moving_default;
mod name_breaks_django;
mod name_breaks_postgresql;
mod name_breaks_python;
mod name_case;
mod name_collides;
mod name_too_long;
mod only_empty;
mod overlap_backwards;
mod pair_twice;
mod pattern_never_fits;
mod redundant_index;
mod redundant_unique;
mod required_cycle;
mod reverse_clash;
mod rounding_dependent;
mod same_label;
mod seed_breaks_rule;
mod set_null_required;
mod solved;
pub(crate) mod spelling;
mod taken;
#[cfg(test)]
pub(crate) mod testing;
mod undecided;
mod unique_caps_rows;
mod unique_default;
mod unique_never_applies;
mod unique_optional;

use appspec_diagnostics::Diagnostics;
use appspec_ir::Spec;
use appspec_solver::Study;

/// Looks at a whole spec and reports what it finds; never changes anything, never depends on another check.
type Check = fn(&Spec, &mut Diagnostics);

/// Every check.
const CHECKS: &[Check] = &[
    // Names that the emitted project can't have.
    name_breaks_python::check,
    name_breaks_django::check,
    name_breaks_postgresql::check,
    name_case::check,
    name_collides::check,
    name_too_long::check,
    module_is_taken::check,
    hidden_characters::check,
    same_label::check,
    // Relations between entities.
    required_cycle::check,
    set_null_required::check,
    reverse_clash::check,
    cascade_blocked::check,
    cascade_cycle::check,
    pair_twice::check,
    unique_caps_rows::check,
    unique_default::check,
    redundant_unique::check,
    redundant_index::check,
    // Types.
    float_money::check,
    // Rules about rows.
    unique_optional::check,
    pattern_never_fits::check,
    invariant_constant::check,
    compares_itself::check,
    copied::check,
    default_breaks_rule::check,
    seed_breaks_rule::check,
];

/// A check that also looks at what the solver found out about the rules of each entity.
type SolvedCheck = fn(&Spec, &[Study<'_>], &mut Diagnostics);

/// Every check that asks the solver. What it could not decide is no finding.
const SOLVED_CHECKS: &[SolvedCheck] = &[
    first_row::check,
    contradiction::check,
    delete_breaks_rule::check,
    follows::check,
    bound_says_nothing::check,
    dead_branch::check,
    only_empty::check,
    unique_never_applies::check,
    overlap_backwards::check,
    defaults_contradict::check,
    moving_default::check,
    rounding_dependent::check,
    undecided::check,
];

/// Runs every check over a spec that resolved without errors.
pub(crate) fn run(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    for check in CHECKS {
        check(spec, found);
    }
    for check in SOLVED_CHECKS {
        check(spec, studies, found);
    }
}
