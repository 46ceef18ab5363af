//! Texts with everything that people write, and that other languages read as something else.

use crate::random::Random;

/// Short ones first, so that something fits everywhere.
pub const TEXTS: &[&str] = &[
    "x",
    "é",
    "'",
    "\"",
    "\\",
    "ab",
    "%s",
    "N/A",
    "Ärger",
    "日本語",
    "it's",
    "{{ x }}",
    "a\\nb",
    "${HOME}",
    "straße 5",
    "He said \"no\"",
    "O'Brien & Sons",
    "'; DROP TABLE x; --",
    "<b>bold</b>",
    "100 % of {it} and %(more)s",
    "tab\tand \"\"\" quotes",
    "ends with a backslash \\",
    "🙂 çok güzel, naïve, Ωmega",
    "`rm -rf` $(true) #{x}",
    "a long text, as long as people make them: one, two, three, four, five, six, seven, eight, nine, ten",
];

/// What a person reads.
pub fn any(random: &mut Random) -> String {
    TEXTS[random.below(TEXTS.len())].to_owned()
}

/// A text of at most so many characters.
pub fn within(random: &mut Random, longest: usize) -> String {
    let fitting: Vec<&&str> = TEXTS
        .iter()
        .filter(|text| text.chars().count() <= longest)
        .collect();
    (*fitting[random.below(fitting.len())]).to_owned()
}

/// Documentation: one line or several.
pub fn doc(random: &mut Random) -> Option<String> {
    match random.below(8) {
        0 => Some(any(random)),
        1 => Some(format!("{}\n\n{}.", any(random), any(random))),
        _ => None,
    }
}

/// Words for people, where some are given.
pub fn sometimes(random: &mut Random, one_in: usize) -> Option<String> {
    (random.below(one_in) == 0).then(|| any(random))
}
