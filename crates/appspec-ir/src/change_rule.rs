use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Expr, Field, Id};

/// `invariant name on change of price: price <= old.price * 2`: what has to hold whenever one of the fields gets another
/// value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeRule {
    /// Its name; also the error code of the emitted project.
    pub name: String,
    /// Why.
    pub doc: Option<String>,
    /// The fields whose change it is about, as they are listed.
    pub fields: Vec<Id<Field>>,
    /// What has to hold of the row as it is written; [`crate::ExprKind::Old`] reads the row as it was.
    pub condition: Expr,
    /// What people read when it is broken; made from the name when the spec says nothing.
    pub message: String,
    /// Where the name stands.
    pub span: Span,
}

impl ChangeRule {
    /// Every field that it is about or reads, each once.
    pub fn mentions(&self) -> Vec<Id<Field>> {
        let mut found = self.fields.clone();
        for field in self.condition.fields() {
            if !found.contains(&field) {
                found.push(field);
            }
        }
        found
    }
}
