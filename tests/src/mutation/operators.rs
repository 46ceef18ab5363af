//! The ways to make a mistake.

use std::ops::Range;

use appspec_syntax::ast::File;

use super::{declared, ruled};

/// Places in a file with what stands there instead. The other files of the spec and the text of this one are at hand.
pub(super) type Edits = Vec<(Range<usize>, String)>;

/// A way to make a mistake.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// What it does, in words.
    pub name: &'static str,
    pub(super) edits: fn(&File, &[File], &str) -> Edits,
}

/// Every way.
pub const OPERATORS: &[Operator] = &[
    of("misspell a reference", declared::misspelt),
    of("forget a name of a `use`", declared::not_brought_in),
    of("drop a field", declared::dropped_field),
    of("write a member twice", declared::twice),
    of("drop a value of an enum", declared::dropped_value),
    of("swap the names of two fields", declared::swapped_names),
    of("change a type", declared::other_type),
    of("drop the `?` of a field", declared::required),
    of("drop the `?` of a reference", declared::required_reference),
    of("change an `on delete`", declared::other_delete),
    of("point a reference elsewhere", declared::other_target),
    of(
        "give an inverse the name of another",
        declared::same_inverse,
    ),
    of("narrow a bound", declared::narrowed),
    of("swap the ends of a bound", declared::ends_swapped),
    of("negate the number of a default", declared::negative_default),
    of("change the value of a default", declared::other_default),
    of("drop a field of a unique set", declared::narrower_unique),
    of("flip a comparison", ruled::flipped),
    of(
        "take in or leave out the end of a comparison",
        ruled::shifted,
    ),
    of(
        "swap the sides of a comparison or a difference",
        ruled::sides_swapped,
    ),
    of("`and` for `or`, `or` for `and`", ruled::other_connective),
    of("turn an `implies` around", ruled::turned_around),
    of("remove a guard", ruled::unguarded),
    of("remove what a guard leads to", ruled::only_guard),
    of("negate an `is set`", ruled::set_negated),
    of("write another field of the entity", ruled::other_field),
    of("negate a number of a rule", ruled::negative_number),
    of(
        "write a number of a rule with three more digits",
        ruled::long_number,
    ),
    of("compare with the same value twice", ruled::repeated_value),
    of(
        "copy an invariant and flip its comparison",
        ruled::copied_and_flipped,
    ),
    of("copy an invariant and forget to change it", ruled::copied),
];

const fn of(name: &'static str, edits: fn(&File, &[File], &str) -> Edits) -> Operator {
    Operator { name, edits }
}
