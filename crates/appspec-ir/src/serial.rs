use std::fmt;

use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Default, Entity, Field, FieldType, Id, Scalar, Spec, Walk};

/// `serial "A-{year}-{00000}" per salon gapless`: the number of a row, which the system gives when the row is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Serial {
    /// What a number is made of, in order; one of them is the counter.
    pub parts: Vec<SerialPart>,
    /// The paths to what the counter begins anew for, each a field of the row and what follows behind references.
    pub per: Vec<Vec<Id<Field>>>,
    /// Whether no number is ever missing, so that rows stay.
    pub gapless: bool,
    /// Where the pattern stands.
    pub span: Span,
}

/// A part of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SerialPart {
    /// As it is written.
    Text(String),
    /// The year of the day on which the row is made, in the project's time zone.
    Year,
    /// Its month, with two digits.
    Month,
    /// Its day, with two digits.
    Day,
    /// The counter, with so many digits at least.
    Counter(u32),
}

impl Serial {
    /// The longest number, in characters: no counter goes beyond this.
    pub const LONGEST: u32 = 64;
    /// The digits of the largest counter.
    pub const DIGITS: u32 = 18;

    /// The pattern, as it is written.
    pub fn pattern(&self) -> String {
        self.parts.iter().map(SerialPart::to_string).collect()
    }

    /// The steps behind `per` that may lead elsewhere once a row has its number: those of paths that go on behind a
    /// reference and of which the field may change. What a field of the row itself holds stays with the number.
    pub fn moving_steps<'s>(&'s self, spec: &'s Spec) -> impl Iterator<Item = Walk<'s, Field>> {
        let paths = self.per.iter().filter(|path| path.len() > 1);
        let steps = paths.flatten().map(|id| spec.walk(*id));
        steps.filter(|field| !field.immutable && field.entity().append_only.is_none())
    }

    /// Whether the day on which a row is made is part of its number.
    pub fn has_date(&self) -> bool {
        let is_date =
            |part: &SerialPart| !matches!(part, SerialPart::Text(_) | SerialPart::Counter(_));
        self.parts.iter().any(is_date)
    }
}

impl fmt::Display for SerialPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Year => f.write_str("{year}"),
            Self::Month => f.write_str("{month}"),
            Self::Day => f.write_str("{day}"),
            Self::Counter(digits) => {
                write!(
                    f,
                    "{{{}}}",
                    "0".repeat(usize::try_from(*digits).unwrap_or(1))
                )
            }
        }
    }
}

impl Field {
    /// Whether each write, or the one that makes the row, gives it its value, and nobody else does.
    pub fn is_given_by_writes(&self) -> bool {
        self.touched || self.serial.is_some()
    }

    /// Whether it keeps the value with which its row was made.
    pub fn never_changes(&self) -> bool {
        self.immutable || self.serial.is_some()
    }
}

impl<'s> Walk<'s, Entity> {
    /// The fields that number its rows.
    pub fn serials(self) -> impl Iterator<Item = (Walk<'s, Field>, &'s Serial)> {
        self.fields()
            .filter_map(|field| Some((field, field.get().serial.as_ref()?)))
    }

    /// The field that says when a row was made, as far as one does: rows that are there when they are numbered get the
    /// number of that day.
    pub fn made_at(self) -> Option<Walk<'s, Field>> {
        self.fields().find(|field| {
            field.ty == FieldType::Scalar(Scalar::DateTime)
                && field.get().default == Some(Default::Now { offset: 0 })
                && !field.optional
                && !field.touched
        })
    }
}
