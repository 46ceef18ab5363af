//! What can be wrong with a spec whose names and types are right. One file per check, one line per check here.

use appspec_diagnostics::Diagnostics;
use appspec_ir::Spec;

/// Looks at a whole spec and reports what it finds; never changes anything, never depends on another check.
type Check = fn(&Spec, &mut Diagnostics);

/// Every check, in the order in which people would want to mend things.
const CHECKS: &[Check] = &[];

/// Runs every check over a spec that resolved without errors.
pub(crate) fn run(spec: &Spec, found: &mut Diagnostics) {
    for check in CHECKS {
        check(spec, found);
    }
}
