//! `audited`: who changed what of a row, and when.

use crate::{Entity, FieldType, Scalar, Walk};

/// The name of the rule that each change is recorded.
pub const RULE: &str = "audited";

/// What the entries about a row are called.
pub const TRAIL: &str = "audit_trail";

/// What the trail says about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traced {
    /// What it held before and after.
    Values,
    /// That it changed: its values are for nobody's eyes, or too large.
    Changes,
}

impl<'s> Walk<'s, Entity> {
    /// The columns that the trail of an audited entity is about, in order. Which moment a row was written last is no change
    /// of its own: each entry says when it was made.
    pub fn traced(self) -> impl Iterator<Item = (Walk<'s, crate::Field>, Traced)> {
        let columns = self.fields().filter(|field| field.is_column());
        columns.filter(|field| !field.touched).map(|field| {
            let traced = match field.get().ty {
                FieldType::Scalar(Scalar::Token { .. } | Scalar::Bytes) => Traced::Changes,
                _ => Traced::Values,
            };
            (field, traced)
        })
    }
}
