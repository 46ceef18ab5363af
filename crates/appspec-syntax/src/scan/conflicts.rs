//! What a merge left behind: `<<<<<<< HEAD`, both sides, `>>>>>>> branch`. The first side is read, the rest is not, so that
//! what stands in both is not declared twice.

use std::ops::Range;

/// One conflict, from its first marker to its last.
#[derive(Debug)]
pub(crate) struct Conflict {
    /// The line of the first marker.
    pub(crate) first: Range<usize>,
    /// The line of the last one.
    pub(crate) last: Range<usize>,
    /// What is not read besides the first marker: the original, the second side and their markers.
    pub(crate) second: Range<usize>,
}

/// Every conflict with all of its markers, in order. A line that only looks like a marker is none.
pub(super) fn find(text: &str) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    // Nearly every file has none, and this is seen at once.
    if !text.contains("<<<<<<<") {
        return conflicts;
    }
    let mut open: Option<Range<usize>> = None;
    // Where the first side ends, and whether the second has begun.
    let mut second: Option<(usize, bool)> = None;
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let range = at..at + line.len();
        at += whole.len();
        match (marker(line), &open, second) {
            (Some('<'), _, _) => (open, second) = (Some(range), None),
            (Some('|'), Some(_), None) => second = Some((range.start, false)),
            (Some('='), Some(_), None | Some((_, false))) => {
                let start = second.map_or(range.start, |(start, _)| start);
                second = Some((start, true));
            }
            (Some('>'), Some(first), Some((start, true))) => {
                conflicts.push(Conflict {
                    first: first.clone(),
                    second: start..range.end,
                    last: range,
                });
                (open, second) = (None, None);
            }
            _ => {}
        }
    }
    conflicts
}

/// Which marker a line is: seven signs, and a blank or nothing behind them.
fn marker(line: &str) -> Option<char> {
    let sign = line
        .chars()
        .next()
        .filter(|it| matches!(it, '<' | '|' | '=' | '>'))?;
    let behind = line.trim_start_matches(sign);
    let is_marker =
        line.len() - behind.len() == 7 && (behind.is_empty() || behind.starts_with(' '));
    is_marker.then_some(sign)
}

impl Conflict {
    /// What is not read.
    pub(super) fn unread(&self) -> [Range<usize>; 2] {
        [self.first.clone(), self.second.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn both_forms_are_found_and_nothing_else() {
        let text = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\r\nd\n<<<<<<<\ne\n||||||| 1\nf\n=======\ng\n>>>>>>> y";
        let read: Vec<_> = find(text)
            .iter()
            .flat_map(super::Conflict::unread)
            .map(|it| text.get(it).unwrap_or_default())
            .collect();
        let expected = [
            "<<<<<<< HEAD",
            "=======\nc\n>>>>>>> x",
            "<<<<<<<",
            "||||||| 1\nf\n=======\ng\n>>>>>>> y",
        ];
        assert_eq!(read, expected);
        for text in [
            "<<<<<<< a\n>>>>>>> b",
            "<<<<<<< a\n=======\n",
            "<<<<<<<< a\n=======\n>>>>>>> b",
            " <<<<<<< a\n=======\n>>>>>>> b",
            "=======\n>>>>>>> b",
        ] {
            assert!(find(text).is_empty(), "{text}");
        }
    }
}
