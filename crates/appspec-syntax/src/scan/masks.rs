//! Signs that would make the grammar read a mistake as something else: a `}` that closes too much, a `"` that
//! hides the `}` behind it. They are read as a sign that means nothing. What a merge left behind is read as blanks.

use std::ops::Range;

/// Where such signs stand, in order.
#[derive(Debug, Default)]
pub(super) struct Masks(Vec<Mask>);

#[derive(Debug)]
struct Mask {
    range: Range<usize>,
    is_hidden: bool,
}

impl Masks {
    /// The sign at this place means nothing.
    pub(super) fn push(&mut self, at: usize) {
        self.0.push(Mask {
            range: at..at + 1,
            is_hidden: false,
        });
    }

    /// What stands here is as good as blank.
    pub(super) fn hide(&mut self, range: Range<usize>) {
        self.0.push(Mask {
            range,
            is_hidden: true,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of a piece with all of them masked; nothing when it has none.
    pub(super) fn apply(&self, text: &str, piece: &Range<usize>) -> Option<String> {
        let first = self.0.partition_point(|it| it.range.start < piece.start);
        let rest = self.0.get(first..).unwrap_or_default();
        let in_piece = |it: &&Mask| it.range.start < piece.end;
        let mut inside = rest.iter().take_while(in_piece).peekable();
        inside.peek()?;
        let (mut masked, mut end) = (String::with_capacity(piece.len()), piece.start);
        for Mask { range, is_hidden } in inside {
            masked.push_str(text.get(end..range.start).unwrap_or(""));
            if *is_hidden {
                let hidden = text.get(range.clone()).unwrap_or("").bytes();
                masked.extend(hidden.map(|it| if it == b'\n' { '\n' } else { ' ' }));
            } else {
                masked.push(MASK);
            }
            end = range.end;
        }
        masked.push_str(text.get(end..piece.end).unwrap_or(""));
        Some(masked)
    }
}

/// One byte, as what it stands for, that no rule of the grammar begins with.
const MASK: char = '`';
