//! What a field of an example row may hold: how it is written down, and what the evaluator makes of it at some moment.

use appspec_ir::{Default, Field, FieldType, Identity, Scalar, Value, Walk, made_up_key};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;

/// A moment and a distance from UTC at which a row has to keep the rules, since nobody knows when it is made and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation {
    /// The Monday of the week, in days since 1970-01-01.
    monday: i64,
    /// Minutes since that Monday began, where the project is.
    minute: i64,
    /// What is added to UTC there.
    pub(super) zone: i64,
}

/// Monday morning and Sunday night, near the ends of years and of a February, far in the future; west and east.
pub(super) const SITUATIONS: [Situation; 5] = [
    situation(20_451, 2 * 1_440 + 600, 60),
    situation(20_451, 0, 0),
    situation(20_535, 7 * 1_440 - 1, 14 * 60),
    situation(21_235, 4 * 1_440 + 720, -12 * 60),
    situation(56_977, 5 * 1_440 + 1_080, 0),
];

const fn situation(monday: i64, minute: i64, zone: i64) -> Situation {
    Situation {
        monday,
        minute,
        zone: zone * MINUTE,
    }
}

impl Situation {
    /// The moment, in UTC.
    pub(super) fn now(self) -> i64 {
        self.monday * DAY + self.minute * MINUTE - self.zone
    }
}

/// What a field may hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Candidate {
    /// Nothing.
    Empty,
    /// What the field gets by itself.
    Default,
    /// Always the same.
    Constant(Value),
    /// So many days after the Monday of the week in which the row is made.
    Day(i64),
    /// So many days after it, at a minute of the day.
    At(i64, i64),
    /// A row of another entity, or an earlier one of the same, by its place.
    Row(usize),
    /// What no rule reads: a list, a file, JSON, bytes.
    Unread,
}

impl Candidate {
    /// The value that the evaluator is given.
    pub(super) fn value(&self, field: Walk<'_, Field>, at: Situation) -> Option<Value> {
        match self {
            Self::Empty => None,
            Self::Default => default(field, at),
            Self::Constant(value) => Some(value.clone()),
            Self::Day(days) => Some(Value::Date(at.monday + days)),
            Self::At(days, minute) => {
                let local = (at.monday + days) * DAY + minute * MINUTE;
                Some(Value::DateTime(local - at.zone))
            }
            Self::Row(place) => {
                let identity = field
                    .target()
                    .map_or(Identity::Uuid, |target| target.get().identity);
                Some(made_up_key(identity, place + 1))
            }
            Self::Unread => Some(Value::Bool(true)),
        }
    }

    /// Whether the value depends on the day on which the row is made.
    pub(super) fn moves(&self, field: Walk<'_, Field>) -> bool {
        match self {
            Self::Day(_) | Self::At(..) => true,
            Self::Default => {
                field.touched
                    || matches!(
                        field.get().default,
                        Some(Default::Now { .. } | Default::Today)
                    )
            }
            Self::Empty | Self::Constant(_) | Self::Row(_) | Self::Unread => false,
        }
    }
}

/// A value of a row in the first situation, as one that moves with the week in which rows are made.
pub(super) fn anchored(value: Value) -> Candidate {
    let at = SITUATIONS[0];
    match value {
        Value::Date(day) => Candidate::Day(day - at.monday),
        Value::DateTime(moment) => {
            let local = moment + at.zone - at.monday * DAY;
            match local.rem_euclid(DAY) {
                rest if rest % MINUTE == 0 => Candidate::At(local.div_euclid(DAY), rest / MINUTE),
                _ => Candidate::Constant(value),
            }
        }
        _ => Candidate::Constant(value),
    }
}

/// What a field holds when nothing is given.
fn default(field: Walk<'_, Field>, at: Situation) -> Option<Value> {
    if field.touched {
        return Some(Value::DateTime(at.now()));
    }
    match field.get().default.as_ref()? {
        Default::Value(value) => Some(value.clone()),
        Default::Now { offset } => Some(Value::DateTime(at.now().saturating_add(*offset))),
        Default::Today => Some(Value::Date((at.now() + at.zone).div_euclid(DAY))),
        // Nobody can tell what it will be: it is drawn, or hangs on another row.
        Default::Uuid | Default::Token { .. } | Default::Path(_) => None,
        Default::EmptyList | Default::EmptyObject => Some(Value::Bool(true)),
    }
}

/// Whether a field gets a value by itself that a rule can be asked about.
pub(super) fn has_default(field: Walk<'_, Field>) -> bool {
    field.touched
        || matches!(
            field.get().default,
            Some(
                Default::Value(_)
                    | Default::Now { .. }
                    | Default::Today
                    | Default::EmptyList
                    | Default::EmptyObject
            )
        )
}

/// Whether a field gets a value by itself that nobody knows before.
pub(super) fn has_secret(field: Walk<'_, Field>) -> bool {
    matches!(
        field.get().default,
        Some(Default::Uuid | Default::Token { .. })
    )
}

/// Whether no expression can read more of a field than whether it is set.
pub(super) fn is_unread(field: Walk<'_, Field>) -> bool {
    matches!(
        field.get().ty,
        FieldType::List(_)
            | FieldType::Scalar(Scalar::Json | Scalar::File | Scalar::Image | Scalar::Bytes)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_mondays() {
        for at in SITUATIONS {
            // The first day of 1970 was a Thursday.
            assert_eq!((at.monday + 3) % 7, 0, "{at:?}");
            assert!((0..7 * 1_440).contains(&at.minute), "{at:?}");
        }
    }
}
