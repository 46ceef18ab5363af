use std::collections::BTreeMap;

use appspec_diagnostics::Span;

use crate::{Expr, Value};

/// What the text of a spec says that its meaning does not: for messages and documents, whose readers know the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// Numbers of conditions by their place, where an equal condition compares with another one, or with the same one
    /// in fewer digits: a price with two places is below 9.999 exactly where it is below 10, and 9.90 is 9.9.
    pub numbers: BTreeMap<Span, Value>,
    /// The same for both ends of a range, by the place of the bound.
    pub ends: BTreeMap<Span, [Option<Value>; 2]>,
    /// The predicates that conditions name, by the place of the name.
    pub predicates: BTreeMap<Span, NamedCondition>,
}

/// A predicate in whose place its condition stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCondition {
    /// Its name.
    pub name: String,
    /// Where its condition is written.
    pub body: Span,
}

impl Written {
    /// The ends of a bound as they were written.
    pub fn ends<'v>(
        &'v self,
        bound: Span,
        low: Option<&'v Value>,
        high: Option<&'v Value>,
    ) -> (Option<&'v Value>, Option<&'v Value>) {
        match self.ends.get(&bound) {
            Some([written_low, written_high]) => {
                (written_low.as_ref().or(low), written_high.as_ref().or(high))
            }
            None => (low, high),
        }
    }

    /// The predicate that a part of a condition was written as, if it was.
    pub fn predicate(&self, part: &Expr) -> Option<&NamedCondition> {
        self.predicates.get(&part.span)
    }
}
