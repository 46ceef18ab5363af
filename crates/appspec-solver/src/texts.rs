//! Texts and keys for symbols that are like no constant.

use appspec_ir::{FieldType, Row, Scalar, Surroundings, Value, has_form, holds};

use crate::fuel::{EVALUATION, TEXT};
use crate::patterns::Patterns;
use crate::problem::{FRESH, Opaque, Problem, characters};
use crate::slot::{self, Kind, Sort};
use crate::state::State;

/// Longer texts are not made up.
const LONGEST: i128 = 600;
/// So many constants are put together, two and two.
const MOST_JOINED: usize = 8;

/// A value for each filled slot whose symbol is like no constant: the same for symbols that are the same, another for
/// each other one. Each has so many characters where it may. `None` when nothing was found.
pub(crate) fn make(
    problem: &Problem<'_>,
    state: &State,
    patterns: &mut Patterns,
    near: Option<&Row>,
    least: i128,
) -> Option<Vec<(usize, Value)>> {
    let mut made: Vec<(usize, Value)> = Vec::new();
    let mut classes: Vec<(usize, Value)> = Vec::new();
    for (place, slot) in problem.slots.iter().enumerate() {
        let Kind::Symbol(sort) = slot.kind else {
            continue;
        };
        let class = state.class(slot.variable);
        if state.filled(place) != Some(true) || state.domain(class) != FRESH {
            continue;
        }
        let known = classes.iter().find(|(known, _)| *known == class);
        let value = if let Some((_, value)) = known {
            value.clone()
        } else {
            let taken = |value: &Value| {
                classes.iter().any(|(_, known)| known == value)
                    || problem
                        .constants(slot.variable)
                        .is_some_and(|own| own.values.contains(value))
            };
            let wish = near.and_then(|near| near.get(slot.field));
            // One of them is free, however many are taken.
            let most = problem.slots.len() + problem.constants(slot.variable)?.values.len();
            let value = match (wish, sort) {
                (_, Sort::Text) => text(problem, state, class, patterns, (near, least), &taken)?,
                (Some(wish), _) if !taken(wish) => wish.clone(),
                (_, Sort::Key(entity)) => (0..=most)
                    .map(|which| slot::key(problem.spec, entity, which))
                    .find(|key| !taken(key))?,
                _ => (0..=most).map(slot::uuid).find(|key| !taken(key))?,
            };
            classes.push((class, value.clone()));
            value
        };
        made.push((place, value));
    }
    Some(made)
}

/// A text for all filled fields of a class.
fn text(
    problem: &Problem<'_>,
    state: &State,
    class: usize,
    patterns: &mut Patterns,
    (near, least): (Option<&Row>, i128),
    taken: &impl Fn(&Value) -> bool,
) -> Option<Value> {
    let (mut shortest, mut longest) = (0, i128::from(u32::MAX));
    let mut found: Vec<String> = Vec::new();
    let weight = 10_i128.checked_pow(problem.scale).unwrap_or(1);
    let members: Vec<_> = problem
        .slots
        .iter()
        .enumerate()
        .filter(|(place, slot)| {
            slot.kind == Kind::Symbol(Sort::Text)
                && state.class(slot.variable) == class
                && state.filled(*place) == Some(true)
        })
        .collect();
    for (_, slot) in &members {
        let (low, high) = match slot.length {
            Some(length) => {
                let (low, high) = state.ends(length);
                (low.div_euclid(weight), high.div_euclid(weight))
            }
            None => slot::lengths(problem.spec.walk(slot.field).get()),
        };
        (shortest, longest) = (shortest.max(low), longest.min(high));
        if let Some(Value::Text(text)) = near.and_then(|near| near.get(slot.field)) {
            found.push(text.clone());
        } else if let Some(Value::Text(text)) = slot::usual(problem.spec.walk(slot.field)) {
            found.push(text);
        }
    }
    let shortest = shortest.max(least.min(longest));
    let of_class = |atom: &crate::problem::Atom<'_>| {
        atom.subject
            .is_some_and(|subject| state.class(subject) == class)
    };
    let fits = |text: &String, patterns: &mut Patterns| {
        let value = Value::Text(text.clone());
        (shortest..=longest).contains(&characters(&value))
            && !taken(&value)
            && members.iter().all(|(_, slot)| {
                let ty = &problem.spec.walk(slot.field).get().ty;
                has_form(ty, text) && atoms_agree(problem, state, slot, &value, patterns)
            })
    };
    // What is wished first.
    for (place, atom) in problem.atoms.iter().enumerate() {
        if let Opaque::Matches(pattern) = &atom.says
            && of_class(atom)
            && state.opaque(place) == Some(true)
        {
            found.extend(patterns.examples(pattern));
        }
    }
    let types = || {
        let fields = members.iter().map(|(_, slot)| slot.field);
        fields.map(|field| &problem.spec.walk(field).get().ty)
    };
    let constants = problem.constants(class);
    let constants = constants.iter().flat_map(|own| own.values.iter());
    let texts: Vec<&str> = constants
        .filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let at_ends = texts.iter().flat_map(|text| {
        let formed = types().flat_map(|ty| around_in_form(ty, text));
        around(text, shortest).into_iter().chain(formed)
    });
    let few = || texts.iter().take(MOST_JOINED);
    let pairs = few().flat_map(|first| few().map(move |last| (first, last)));
    let joined = pairs.flat_map(|(first, last)| {
        let threes = few().map(move |middle| format!("{first}{middle}{last}"));
        between(first, last, shortest).into_iter().chain(threes)
    });
    // Most texts need not even be made.
    let text = found
        .into_iter()
        .chain(types().flat_map(|ty| of_type(ty, shortest, longest)))
        .chain(at_ends)
        .chain(joined)
        .take_while(|_| problem.fuel.take_for(1, TEXT))
        .find(|text| fits(text, patterns));
    text.map(Value::Text)
}

/// Whether everything that was assumed about this one text is true of it.
fn atoms_agree(
    problem: &Problem<'_>,
    state: &State,
    slot: &crate::problem::Slot,
    value: &Value,
    patterns: &mut Patterns,
) -> bool {
    let Value::Text(text) = value else {
        return false;
    };
    let mut row = Row::new();
    row.set(slot.field, value.clone());
    problem.atoms.iter().enumerate().all(|(place, atom)| {
        let Some(truth) = state.opaque(place) else {
            return true;
        };
        if atom.subject != Some(slot.variable) {
            return true;
        }
        if !problem.fuel.take_for(1, EVALUATION) {
            return false;
        }
        match &atom.says {
            Opaque::Matches(pattern) => patterns.matches(pattern, text) == Some(truth),
            Opaque::Condition(condition) => {
                holds(condition, &row, Surroundings::default()) == Ok(truth)
            }
        }
    })
}

/// Texts of the form that a type asks for.
pub(crate) fn of_type(ty: &FieldType, shortest: i128, longest: i128) -> Vec<String> {
    let length =
        |least: i128| usize::try_from(shortest.max(least).min(longest).min(LONGEST)).unwrap_or(1);
    let filled = |before: &str, after: &str, letters: &str| -> Vec<String> {
        let fixed = before.chars().count() + after.chars().count();
        let shortest = length(1).saturating_sub(fixed).max(1);
        letters
            .chars()
            .map(|letter| {
                let middle: String = std::iter::repeat_n(letter, shortest).collect();
                format!("{before}{middle}{after}")
            })
            .collect()
    };
    match ty {
        FieldType::Scalar(Scalar::Email) => {
            let mut found = filled("", "@example.com", "abcdef");
            found.extend(filled("", "@b.co", "abcdef"));
            found
        }
        FieldType::Scalar(Scalar::Url) => {
            let mut found = vec!["https://example.com".to_owned()];
            found.extend(filled("https://example.com/", "", "abcdef"));
            found.extend(filled("http://", ".co", "abcdef"));
            found
        }
        FieldType::Scalar(Scalar::Phone) => filled("+1", "0", "512346"),
        FieldType::Scalar(Scalar::Slug { .. }) => filled("", "", "abcdef012345"),
        FieldType::Scalar(Scalar::Token { length }) => {
            let longest = usize::try_from(*length).unwrap_or(1);
            let mut found: Vec<String> = ["a", "b", "c"]
                .iter()
                .map(|letter| letter.repeat(longest))
                .collect();
            found.extend(filled("", "", "abcdef"));
            found
        }
        _ => {
            let mut found = filled("", "", "abcdefA1");
            found.extend(filled(" ", "", "a"));
            found.extend(filled("", " ", "a"));
            found.extend(filled("a ", "", "b"));
            found
        }
    }
}

/// Texts that begin with one constant and end with another; those that share what is in the middle too.
fn between(first: &str, last: &str, shortest: i128) -> Vec<String> {
    let own = first.chars().count() + last.chars().count();
    let missing = usize::try_from(shortest).unwrap_or(0).saturating_sub(own);
    let missing = missing.min(usize::try_from(LONGEST).unwrap_or(0));
    let mut found = Vec::new();
    let shared = last.char_indices().map(|(at, _)| at).skip(1);
    for at in shared.chain([last.len()]) {
        let (begin, end) = last.split_at(at);
        if first.ends_with(begin) && missing == 0 {
            found.push(format!("{first}{end}"));
        }
    }
    for letter in ["", "a", "1"] {
        let pad = letter.repeat(missing.max(1));
        found.push(format!("{first}{pad}{last}"));
    }
    found
}

/// Texts with a constant at one end, in the middle, or in other letters.
fn around(constant: &str, shortest: i128) -> Vec<String> {
    let own = constant.chars().count();
    let missing = usize::try_from(shortest).unwrap_or(0).saturating_sub(own);
    let mut found = Vec::new();
    for letter in ["a", "1", " "] {
        let pad = letter.repeat(missing.clamp(1, 600));
        found.push(format!("{constant}{pad}"));
        found.push(format!("{pad}{constant}"));
        found.push(format!("{letter}{constant}{pad}"));
    }
    found.push(constant.to_ascii_uppercase());
    found.push(constant.to_ascii_lowercase());
    found
}

/// The constant as a part of a text of the form that a type asks for.
fn around_in_form(ty: &FieldType, constant: &str) -> Vec<String> {
    match ty {
        FieldType::Scalar(Scalar::Email) => vec![
            format!("a@{constant}"),
            format!("a@a{constant}"),
            format!("a@{constant}com"),
            format!("{constant}@example.com"),
            format!("{constant}.com"),
        ],
        FieldType::Scalar(Scalar::Url) => vec![
            format!("https://{constant}"),
            format!("https://{constant}com"),
            format!("https://example.com/{constant}"),
            format!("{constant}example.com"),
        ],
        FieldType::Scalar(Scalar::Phone) => vec![format!("+1{constant}"), format!("{constant}0")],
        _ => Vec::new(),
    }
}

/// Whether a constant of a rule could be in a column of a type, judged widely: no column holds what has not its form,
/// whatever the rule makes of it.
pub(crate) fn could_have_form(ty: &FieldType, value: &Value) -> bool {
    let Value::Text(text) = value else {
        return true;
    };
    match ty {
        FieldType::Scalar(Scalar::Email) => {
            let is_apart = |letter: char| letter.is_ascii_uppercase() || letter.is_whitespace();
            text.rsplit_once('@').is_some_and(|(local, domain)| {
                let is_whole = !domain.starts_with('.') && !domain.ends_with('.');
                !local.is_empty() && domain.len() > 2 && is_whole && !text.contains(is_apart)
            })
        }
        FieldType::Scalar(Scalar::Url) => text.split_once("://").is_some_and(|(scheme, rest)| {
            let known = ["http", "https", "ftp", "ftps"];
            known.contains(&scheme.to_ascii_lowercase().as_str())
                && !rest.is_empty()
                && !text.contains(char::is_whitespace)
        }),
        FieldType::Scalar(Scalar::Phone) => {
            let digits = |letter: Option<char>| letter.is_some_and(|it| it.is_ascii_digit());
            let inner = |letter: char| letter.is_ascii_digit() || " ().-".contains(letter);
            text.strip_prefix('+').is_some_and(|rest| {
                rest.len() > 1
                    && digits(rest.chars().next())
                    && digits(rest.chars().last())
                    && rest.chars().all(inner)
            })
        }
        FieldType::Scalar(Scalar::Slug { .. }) => has_form(ty, text),
        _ => true,
    }
}
