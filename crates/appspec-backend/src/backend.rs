use appspec_diagnostics::Diagnostics;
use appspec_evolve::Changes;
use appspec_ir::{Compiled, Spec};

use crate::Artifacts;

/// A target that a spec is compiled to.
pub trait Backend {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// Says, with places, what this target can't express.
    fn check(&self, spec: &Spec, out: &mut Diagnostics);

    /// Writes all artifacts. Pure, and total once [`Backend::check`] found no error: the same spec and the
    /// same changes give the same bytes.
    fn emit(&self, compiled: &Compiled, changes: &Changes<'_>, out: &mut Artifacts);
}
