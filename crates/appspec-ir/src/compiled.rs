use crate::Spec;

/// What backends are given: the spec and everything that was proven about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Compiled {
    /// The spec.
    pub spec: Spec,
}
