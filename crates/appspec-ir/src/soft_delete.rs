use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Expr, ExprKind, Field, FieldType, Id, Scalar, Type, Walk};

/// `soft delete`: a row that is deleted is marked and hidden, and can be restored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SoftDelete {
    /// The field that holds when a row was deleted; the entity has it for this alone, and nobody writes it by hand.
    pub field: Id<Field>,
    /// What is true of a row that is not deleted.
    pub live: Expr,
    /// Where it was written.
    pub span: Span,
}

impl SoftDelete {
    /// The name of the field.
    pub const FIELD: &'static str = "deleted_at";
    /// The name of the rule that a row is marked before it goes.
    pub const RULE: &'static str = "soft_delete";

    /// The trait of an entity whose rows are marked in a field.
    pub fn new(field: Id<Field>, span: Span) -> Self {
        let of = |kind| Expr {
            kind,
            ty: Type::Bool,
            span,
        };
        let marked = of(ExprKind::IsSet(field));
        Self {
            field,
            live: of(ExprKind::Not(Box::new(marked))),
            span,
        }
    }

    /// The field of an entity that has the trait.
    pub fn field_of(entity: Id<Entity>, span: Span) -> Field {
        let moment = FieldType::Scalar(Scalar::DateTime);
        Field {
            doc: Some("When it was deleted. Until it is restored, nobody sees it.".to_owned()),
            optional: true,
            ..Field::plain(entity, Self::FIELD, moment, span)
        }
    }
}

impl<'s> Walk<'s, Entity> {
    /// The references that lead to rows which can be deleted and restored, with the rule that none leads to a deleted one,
    /// and what is true of those that are not.
    pub fn pointing_to_live(self) -> Vec<(String, Walk<'s, Field>, &'s Expr)> {
        let references = self.fields().filter_map(|field| {
            let target = field.target().filter(|_| field.relation().is_some())?;
            let marked = target.get().soft_delete.as_ref()?;
            Some((format!("{}_is_live", field.get().name), field, &marked.live))
        });
        references.collect()
    }
}
