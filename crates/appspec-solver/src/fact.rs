use std::borrow::Cow;

use appspec_diagnostics::Span;
use appspec_ir::{
    Bound, Entity, Expr, Field, Id, Invariant, Moment, RowRule, Value, Walk, range_condition,
};

/// Something that may hold for a row, and where it was written.
#[derive(Clone, Debug)]
pub struct Fact<'s> {
    /// What it says.
    pub says: Says<'s>,
    /// Where it was written.
    pub span: Span,
}

/// What a fact says.
#[derive(Clone, Debug)]
pub enum Says<'s> {
    /// A condition over the fields of the row.
    Condition(Cow<'s, Expr>),
    /// The field, where it has a value, lies between two constants, both included; for text, its length does.
    Range {
        /// The field.
        field: Id<Field>,
        /// The smallest value.
        low: Option<&'s Value>,
        /// The largest value.
        high: Option<&'s Value>,
    },
    /// The whole text of the field, where it has one, matches a pattern.
    Matches {
        /// The field.
        field: Id<Field>,
        /// The pattern, without anchors.
        pattern: &'s str,
    },
}

impl<'s> Fact<'s> {
    /// A condition of the spec.
    pub fn condition(condition: &'s Expr) -> Self {
        Self {
            span: condition.span,
            says: Says::Condition(Cow::Borrowed(condition)),
        }
    }

    /// A condition that was made up.
    pub fn made(condition: Expr) -> Self {
        Self {
            span: condition.span,
            says: Says::Condition(Cow::Owned(condition)),
        }
    }

    /// What a bound says; nothing for those of files and lists, which no expression reads.
    pub fn bound(field: Walk<'s, Field>, bound: &'s Bound) -> Option<Self> {
        let (says, span) = match bound {
            Bound::Range { low, high, span } => (
                Says::Range {
                    field: field.id,
                    low: low.as_ref(),
                    high: high.as_ref(),
                },
                *span,
            ),
            Bound::Matches { pattern, span } => (
                Says::Matches {
                    field: field.id,
                    pattern,
                },
                *span,
            ),
            Bound::File { .. } => return None,
        };
        let is_list = matches!(field.get().ty, appspec_ir::FieldType::List(_));
        (!is_list).then_some(Self { says, span })
    }

    /// Whether it is a range with two ends.
    pub(crate) fn is_closed_range(&self) -> bool {
        matches!(
            self.says,
            Says::Range {
                low: Some(_),
                high: Some(_),
                ..
            }
        )
    }

    /// The fields that it reads, each once.
    pub fn fields(&self) -> Vec<Id<Field>> {
        match &self.says {
            Says::Condition(condition) => condition.fields(),
            Says::Range { field, .. } | Says::Matches { field, .. } => vec![*field],
        }
    }
}

/// A rule of an entity that a row can break.
#[derive(Clone, Debug)]
pub struct Rule<'s> {
    /// Which one it is.
    pub origin: RowRule,
    /// What it says.
    pub fact: Fact<'s>,
}

/// Every rule about single rows of an entity: the bounds of its fields, then its invariants, then the ranges of what is
/// derived.
pub fn rules(entity: Walk<'_, Entity>) -> Vec<Rule<'_>> {
    let mut found = Vec::new();
    for field in entity.fields() {
        for (place, bound) in field.get().bounds.iter().enumerate() {
            found.extend(Fact::bound(field, bound).map(|fact| Rule {
                origin: RowRule::Bound {
                    field: field.id,
                    place,
                },
                fact,
            }));
        }
    }
    for invariant in entity.invariants() {
        found.push(Rule {
            origin: RowRule::Invariant(invariant.id),
            fact: Fact::condition(&invariant.get().condition),
        });
    }
    for derive in entity.derives() {
        found.extend(range_condition(derive).map(|condition| Rule {
            origin: RowRule::Derived(derive.id),
            fact: Fact::made(condition),
        }));
    }
    found
}

/// The same without those about the creation of rows.
pub(crate) fn standing_rules(entity: Walk<'_, Entity>) -> Vec<Rule<'_>> {
    let mut rules = rules(entity);
    rules.retain(|rule| match rule.origin {
        RowRule::Invariant(id) => entity.spec.walk::<Invariant>(id).moment == Moment::Always,
        RowRule::Bound { .. } | RowRule::Derived(_) => true,
    });
    rules
}

/// A fact, as it should be or the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The place of the fact in the list that the solver was given.
    pub fact: usize,
    /// Whether it holds.
    pub holds: bool,
}

impl Claim {
    /// The fact holds.
    pub fn yes(fact: usize) -> Self {
        Self { fact, holds: true }
    }

    /// The fact does not hold.
    pub fn no(fact: usize) -> Self {
        Self { fact, holds: false }
    }
}
