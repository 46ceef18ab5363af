//! Whether moving a few fields of a row makes claims hold: most rows that rules allow are a few values away from a plain
//! one, and nothing has to be searched to find them.

use appspec_ir::{Field, Id, Row, Spec};

use crate::fact::Fact;
use crate::fuel::{EVALUATION, Fuel};
use crate::moves::Moves;
use crate::patterns::Patterns;
use crate::replay::Replay;

/// So many claims are seen to in turn before a row is given up: moving what one reads can break another.
const MOST: usize = 8;

/// What is claimed about a row.
pub(crate) struct Told<'f, 's> {
    pub(crate) fact: &'f Fact<'s>,
    pub(crate) holds: bool,
    /// The fields that the fact reads.
    pub(crate) reads: &'f [Id<Field>],
    /// Whether the row may not fulfil it as it is.
    pub(crate) open: bool,
}

/// Moves fields of a row until it fulfils all that is told about it, as the evaluator says; gives it back as it was when
/// that can't be done, which says nothing.
pub(crate) fn repaired<'s>(
    spec: &'s Spec,
    told: &[Told<'_, 's>],
    mut row: Row,
    fuel: &Fuel,
    patterns: &mut Patterns,
) -> Result<Moves<'s>, Row> {
    for backwards in [false, true] {
        let mut moves = Moves::new(spec, row, backwards);
        if fulfilled(&mut moves, told, fuel, patterns) {
            return Ok(moves);
        }
        row = moves.undone();
    }
    Err(row)
}

fn fulfilled(
    moves: &mut Moves<'_>,
    told: &[Told<'_, '_>],
    fuel: &Fuel,
    patterns: &mut Patterns,
) -> bool {
    for _ in 0..MOST {
        let Some(broken) = told
            .iter()
            .find(|own| !is_fulfilled(own, moves, fuel, patterns))
        else {
            return true;
        };
        if moves.fact(broken.fact, broken.holds, patterns).is_none() {
            return false;
        }
    }
    false
}

/// What reads no moved field says what it said before.
fn is_fulfilled(
    own: &Told<'_, '_>,
    moves: &Moves<'_>,
    fuel: &Fuel,
    patterns: &mut Patterns,
) -> bool {
    if !own.open && !moves.touched(own.reads) {
        return true;
    }
    let replay = Replay { spec: moves.spec };
    fuel.take_for(1, EVALUATION) && replay.agrees(own.fact, own.holds, moves.row(), patterns)
}
