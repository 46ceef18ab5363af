//! Signs that would make the grammar read a mistake as something else: a `}` that closes too much, a `"` that
//! hides the `}` behind it. They are read as a sign that means nothing.

use std::ops::Range;

/// Where such signs stand, in order.
#[derive(Debug, Default)]
pub(super) struct Masks(Vec<usize>);

impl Masks {
    pub(super) fn push(&mut self, at: usize) {
        self.0.push(at);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of a piece with all of them masked; nothing when it has none.
    pub(super) fn apply(&self, text: &str, piece: &Range<usize>) -> Option<String> {
        let first = self.0.partition_point(|at| *at < piece.start);
        let rest = self.0.get(first..).unwrap_or_default();
        let mut inside = rest.iter().take_while(|at| **at < piece.end).peekable();
        inside.peek()?;
        let (mut masked, mut end) = (String::with_capacity(piece.len()), piece.start);
        for at in inside {
            masked.push_str(text.get(end..*at).unwrap_or(""));
            masked.push(MASK);
            end = at + 1;
        }
        masked.push_str(text.get(end..piece.end).unwrap_or(""));
        Some(masked)
    }
}

/// One byte, as what it stands for, that no rule of the grammar begins with.
const MASK: char = '`';
