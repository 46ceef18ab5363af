//! What the fields of one row may hold, the best first.

use std::iter;

use appspec_ir::{Bound, Default, Field, FieldType, Function, Scalar, Value, Walk};

use super::candidate::{Candidate, has_default, has_secret, is_unread};
use super::numbers::{ends, numbers};
use super::pools as pool;
use super::states::is_set_by_action;
use super::texts::{self, Turn};
use super::topics::words;
use crate::fields::is_mark;

/// More values of an enum than this are not tried.
const MOST_CHOICES: usize = 8;

/// Words of moments at which a row is made: now.
const MADE: [&str; 6] = [
    "created",
    "joined",
    "made",
    "modified",
    "registered",
    "updated",
];

/// Words of the day on which a life began.
const BORN: [&str; 4] = ["birthday", "birth", "born", "dob"];

/// Words of what only some rows have: they go wrong, or have ended.
const SELDOM: [&str; 14] = [
    "archived",
    "cancelled",
    "cancellation",
    "cause",
    "closed",
    "deleted",
    "ended",
    "reason",
    "refund",
    "refunded",
    "rejected",
    "retired",
    "returned",
    "void",
];

/// What one row is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) turn: Turn,
    /// The day that dates of the row lie around: so many days after this week's Monday.
    pub(super) day: i64,
}

/// Candidates, each thought of when it is asked for.
type Candidates<'s> = Box<dyn Iterator<Item = Candidate> + 's>;

/// The candidates of a field, but for references.
pub(super) fn of(field: Walk<'_, Field>, draft: Draft) -> Candidates<'_> {
    if field.is_given_by_writes() {
        return Box::new(iter::once(Candidate::Default));
    }
    if is_mark(field) {
        return Box::new(iter::once(Candidate::Empty));
    }
    let default = has_default(field).then_some(Candidate::Default);
    let empty = field.optional.then_some(Candidate::Empty);
    if is_unread(field) {
        let first = empty.or(default).into_iter();
        return Box::new(first.chain([Candidate::Unread]));
    }
    let secret = has_secret(field).then_some(Candidate::Default).into_iter();
    // A closure, so that nothing is thought of before it is wanted.
    let own = iter::once(()).flat_map(move |()| valued(field, draft));
    if is_varied(field, draft) {
        Box::new(secret.chain(own).chain(default).chain(empty))
    } else {
        let first = default.or_else(|| empty.clone());
        Box::new(secret.chain(first).chain(own).chain(empty))
    }
}

/// Whether the row looks better with a value of its own than with the default or with none.
fn is_varied(field: Walk<'_, Field>, draft: Draft) -> bool {
    let row = draft.turn.row + field.id.index();
    let own = words(&field.name);
    if let Some(is_set) = is_set_by_action(field, draft) {
        return is_set;
    }
    let mut stretches = field.entity().get().overlaps.iter();
    match (&field.get().ty, field.optional) {
        (FieldType::Enum(_), false) => true,
        // One that is open would be in the way of all others.
        (_, true) if stretches.any(|own| [own.start, own.end].contains(&field.id)) => true,
        (FieldType::Scalar(Scalar::Date | Scalar::DateTime), true) if own.has(&BORN) => true,
        (FieldType::Scalar(Scalar::DateTime), false) => match &field.get().default {
            Some(Default::Now { offset: 0 }) => !own.has(&MADE),
            default => default.is_none(),
        },
        (_, true) if own.has(&SELDOM) => draft.turn.row % 5 == 4,
        // What has happened to some rows has not happened to one that lies ahead.
        (FieldType::Scalar(Scalar::DateTime | Scalar::Date), true) if !is_end(field) => {
            draft.day < 0 && !row.is_multiple_of(3)
        }
        (_, true) if own.has(&["name", "title"]) => true,
        (_, true) => !row.is_multiple_of(3),
        (FieldType::Scalar(Scalar::Bool), false) => field.get().default.is_none(),
        (_, false) => {
            !matches!(field.get().default, Some(Default::Value(_))) || row.is_multiple_of(2)
        }
    }
}

/// The day that a date of the row lies around. What is now unless it is said, what an action has set to now, and what
/// only some rows have: all that lies behind us in rows that are there.
fn day_of(field: Walk<'_, Field>, draft: Draft) -> i64 {
    let entity = field.entity();
    let mut actions = entity.get().lifecycles.iter().flat_map(|one| &one.actions);
    let is_set_to_now = actions.any(|action| {
        let mut own = action.sets.iter().filter(|one| one.field == field.id);
        own.any(|one| one.value.calls(Function::Now) || one.value.calls(Function::Today))
    });
    let is_now = matches!(
        field.get().default,
        Some(Default::Now { offset: 0 } | Default::Today)
    );
    let is_seldom = words(&field.name).has(&SELDOM);
    let before = -1 - 2 * i64::try_from(draft.turn.variant % 30).unwrap_or(0);
    if is_now {
        // A row was made before what it is about.
        before + draft.day.min(0)
    } else if is_set_to_now || (field.optional && is_seldom && !is_end(field)) {
        before
    } else {
        draft.day
    }
}

/// Values of the field's type.
pub(super) fn valued(field: Walk<'_, Field>, draft: Draft) -> Candidates<'_> {
    let turn = draft.turn;
    // A rule may want two fields to differ: the second value is what the next row would say.
    let turns = [turn, turn.later(1)];
    let scalar = match &field.get().ty {
        FieldType::Enum(id) => {
            let choices = &field.spec.walk(*id).get().choices;
            let start = turn.row;
            return Box::new(
                (0..choices.len().min(MOST_CHOICES))
                    .filter_map(move |step| choices.get((start + step) % choices.len()))
                    .map(|choice| Candidate::Constant(Value::Enum(choice.name.clone()))),
            );
        }
        FieldType::Scalar(scalar) => *scalar,
        FieldType::List(_) | FieldType::Relation(_) | FieldType::Many(_) => {
            return Box::new(iter::empty());
        }
    };
    match scalar {
        Scalar::Text { .. } => constants(fitting(field, turn).map(Value::Text)),
        Scalar::Slug { .. } => constants(turns.into_iter().map(move |turn| {
            let text = texts::slug(&texts::title(field.entity(), turn));
            Value::Text(shortened(field, &text))
        })),
        Scalar::Email => constants(
            turns
                .into_iter()
                .map(move |turn| Value::Text(texts::email(field.entity(), turn))),
        ),
        Scalar::Url => constants(
            turns
                .into_iter()
                .map(move |turn| Value::Text(texts::url(field.entity(), turn))),
        ),
        Scalar::Phone => constants(
            turns
                .into_iter()
                .map(move |turn| Value::Text(texts::phone(turn))),
        ),
        Scalar::Ip => constants(
            turns
                .into_iter()
                .map(move |turn| Value::Text(format!("192.0.2.{}", 1 + turn.variant % 250))),
        ),
        Scalar::Token { length } => constants(turns.into_iter().map(move |turn| {
            let text =
                format!("{:0>8}", turn.variant * 7_919 + 10_301).repeat(length as usize / 8 + 1);
            Value::Text(text.chars().take(length as usize).collect())
        })),
        Scalar::Uuid => constants(turns.into_iter().map(move |turn| {
            Value::Uuid(format!(
                "7d444840-9dc0-4{:03x}-8000-{:012x}",
                turn.variant % 4_096,
                field.id.index()
            ))
        })),
        Scalar::Bool => {
            let first = turn.row.is_multiple_of(2);
            constants([Value::Bool(first), Value::Bool(!first)])
        }
        Scalar::Int | Scalar::BigInt | Scalar::Float | Scalar::Decimal { .. } => {
            constants(numbers(field, scalar, turn))
        }
        Scalar::Date => Box::new(days(field, draft).into_iter()),
        Scalar::DateTime => Box::new(moments(field, draft).into_iter()),
        Scalar::Time => Box::new(times(field, turn).into_iter()),
        Scalar::Duration => {
            let minutes = (0..pool::MINUTES.len())
                .filter_map(|step| pool::MINUTES.get((turn.row + step) % pool::MINUTES.len()));
            let mut values: Vec<Value> = minutes
                .map(|minutes| Value::Duration(minutes * 60_000_000))
                .collect();
            values.extend(ends(field));
            constants(values)
        }
        Scalar::Json | Scalar::File | Scalar::Image | Scalar::Bytes => Box::new(iter::empty()),
    }
}

fn constants<'s>(values: impl IntoIterator<Item = Value, IntoIter: 's>) -> Candidates<'s> {
    Box::new(values.into_iter().map(Candidate::Constant))
}

/// Texts that fit. Of a name a part is one as well, of a sentence not.
fn fitting(field: Walk<'_, Field>, turn: Turn) -> Box<dyn Iterator<Item = String> + '_> {
    let most = longest(field);
    let fits = move |text: &String| text.chars().count() <= most;
    let is_sentence = |text: &String| text.ends_with('.');
    let mut found = texts::texts(field, turn)
        .filter(move |text| fits(text) || !is_sentence(text))
        .map(move |text| shortened(field, &text))
        .peekable();
    if found.peek().is_some() {
        return Box::new(found);
    }
    let others = (3..8).flat_map(move |steps| texts::texts(field, turn.later(steps)));
    let mut others = others.filter(fits).peekable();
    if others.peek().is_some() {
        return Box::new(others);
    }
    let word = texts::pick(&pool::WORDS, turn.variant);
    Box::new(iter::once(shortened(field, &word)))
}

/// The most characters that a text may have.
fn longest(field: Walk<'_, Field>) -> usize {
    let own = match field.get().ty {
        FieldType::Scalar(Scalar::Text { max: Some(max) } | Scalar::Slug { max }) => max as usize,
        _ => usize::MAX,
    };
    let bound = field.get().bounds.iter().find_map(|bound| match bound {
        Bound::Range {
            high: Some(Value::Int(high)),
            ..
        } => usize::try_from(*high).ok(),
        _ => None,
    });
    own.min(bound.unwrap_or(usize::MAX))
}

/// A text cut at a blank to what fits.
fn shortened(field: Walk<'_, Field>, text: &str) -> String {
    let most = longest(field);
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    match cut.rsplit_once([' ', '-']) {
        Some((start, _)) if !start.is_empty() => start.trim_end_matches([',', '-']).to_owned(),
        _ => cut,
    }
}

/// Whether a field is the later one of a pair.
fn is_end(field: Walk<'_, Field>) -> bool {
    words(&field.name).has(&[
        "end",
        "ends",
        "last",
        "latest",
        "to",
        "until",
        "closes",
        "closing",
        "finish",
        "due",
        "expires",
        "valid",
        "deadline",
        "arrives",
        "returned",
        "delivered",
    ])
}

/// Days of people's births are the same whenever the row is made, others lie around the row's day.
fn days(field: Walk<'_, Field>, draft: Draft) -> Vec<Candidate> {
    let own = words(&field.name);
    let mut found = Vec::new();
    let around = day_of(field, draft);
    let turn = i64::try_from(draft.turn.person).unwrap_or(0);
    let born = 2_000 + (turn * 1_277) % 9_000;
    if own.has(&BORN) {
        found.push(Candidate::Constant(Value::Date(born)));
    }
    let day = if own.has(&[
        "founded",
        "established",
        "opened",
        "started",
        "hired",
        "learned",
        "since",
        "acquired",
    ]) {
        -200 - 31 * (turn % 40)
    } else if own.has(&[
        "published",
        "issued",
        "sent",
        "received",
        "ordered",
        "reported",
    ]) {
        -3 - 2 * i64::try_from(draft.turn.variant % 20).unwrap_or(0)
    } else if is_end(field) {
        around + 3
    } else {
        around
    };
    found.push(Candidate::Day(day));
    found.extend([around, around + 4, 9, 35, 400, -9, -40, -400].map(Candidate::Day));
    found.extend(ends(field).into_iter().map(Candidate::Constant));
    found
}

/// Moments in the hours in which people work.
fn moments(field: Walk<'_, Field>, draft: Draft) -> Vec<Candidate> {
    let row = i64::try_from(draft.turn.variant).unwrap_or(0);
    let start = 540 + row % 8 * 60;
    let minute = if is_end(field) { start + 45 } else { start };
    let around = day_of(field, draft);
    let mut found = vec![
        Candidate::At(around, minute),
        Candidate::At(around, minute + 60),
        Candidate::At(around - 1, 1_080),
        Candidate::At(around + 3, minute),
    ];
    found.extend(
        [8, 30, 400, 1_200, -2 - row % 20, -30, -400].map(|day| Candidate::At(day, minute)),
    );
    found.extend(ends(field).into_iter().map(Candidate::Constant));
    found
}

fn times(field: Walk<'_, Field>, turn: Turn) -> Vec<Candidate> {
    let row = i64::try_from(turn.row).unwrap_or(0);
    let hour = if is_end(field) {
        17 + row % 3
    } else {
        8 + row % 3
    };
    let mut values: Vec<Value> = [hour, 12, 15]
        .map(|hour| Value::Time(hour * 3_600_000_000))
        .to_vec();
    values.extend(ends(field));
    values.into_iter().map(Candidate::Constant).collect()
}
