use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Default, Entity, Field, FieldType, Id, Scalar, Walk};

/// `keep 5 years`: nobody deletes a row before so many years have passed since it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Term {
    /// How many.
    pub years: u32,
    /// The field that says when a row was made. It never changes.
    pub since: Id<Field>,
    /// Whether the entity has the field for this alone: then no form asks for it.
    pub is_added: bool,
    /// Where it was written.
    pub span: Span,
}

impl Term {
    /// The name of the field from which the years are counted.
    pub const FIELD: &'static str = "created_at";
    /// The name of the rule that a row stays for so long.
    pub const RULE: &'static str = "keep";
    /// The most years; whoever wants more means for ever.
    pub const LONGEST: u32 = 100;

    /// `5 years`, `1 year`
    pub fn length(&self) -> String {
        match self.years {
            1 => "1 year".to_owned(),
            years => format!("{years} years"),
        }
    }

    /// The field of an entity that says nothing itself of when its rows were made.
    pub fn field_of(entity: Id<Entity>, span: Span) -> Field {
        let moment = FieldType::Scalar(Scalar::DateTime);
        Field {
            doc: Some("When it was made. From then on it is kept for some years.".to_owned()),
            default: Some(Default::Now { offset: 0 }),
            ..Field::plain(entity, Self::FIELD, moment, span)
        }
    }
}

impl<'s> Walk<'s, Entity> {
    /// Its own `created_at: datetime = now()`.
    pub fn counted_from(self) -> Option<Walk<'s, Field>> {
        self.fields().find(|field| {
            field.name == Term::FIELD
                && field.ty == FieldType::Scalar(Scalar::DateTime)
                && field.get().default == Some(Default::Now { offset: 0 })
                && !field.optional
                && !field.touched
        })
    }
}
