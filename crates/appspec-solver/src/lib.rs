//! Can these rules hold for a row? A witness row that the evaluator has replayed, or a smallest set that contradicts.
//!
//! A tableau over null bits, bitsets of symbols and an exact difference-bound matrix of scaled whole numbers, and the
//! simplex method where sums of more numbers are left. What is not
//! understood may come out either way, so that it never proves anything; what has a witness was asked of the evaluator
//! before anyone is told; everything else is [`Verdict::Unknown`], which means silence.

mod acting;
mod affixes;
mod apart;
mod automaton;
mod becoming;
mod branches;
mod calendar;
mod candidates;
mod changing;
mod definition;
mod differing;
mod fact;
mod failing;
mod float;
mod folded;
mod formula;
mod fraction;
mod fuel;
mod further;
mod groups;
mod keeping;
mod linear;
mod lower;
mod matrix;
mod model;
mod moves;
mod patterns;
mod plain;
mod problem;
mod repair;
mod replay;
mod same;
mod search;
mod slot;
mod solver;
mod state;
mod step;
mod study;
mod sums;
mod texts;
mod unchanging;
mod witnesses;

pub use apart::Apart;
pub use branches::{Branch, Role};
pub use fact::{Claim, Fact, Rule, Says, rules};
pub use further::{colliding, further};
pub use patterns::Patterns;
pub use same::{differs, takes_up, type_of};
pub use search::Why;
pub use solver::{Implication, Solver, Verdict};
pub use step::{Never, Step};
pub use study::{Study, proofs};
pub use unchanging::{Because, Unchanging, unchanging};
pub use witnesses::witnesses;
