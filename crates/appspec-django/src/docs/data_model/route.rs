//! Where each wire runs down its gap between two columns: no two on the same line, few crossings.

use super::diagram::{GRID, count};
use super::wires::{End, Net, Wire};

/// Room at both sides of a gap for what stands at the end of a line.
const MARGIN: i64 = 24;
/// The distance between two lines.
const TRACK: i64 = 2 * GRID;

/// The place of each wire in its gap, and the width of each gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Routes {
    /// For each wire, how far right of the gap's left edge it runs down.
    pub(super) offsets: Vec<i64>,
    /// For each gap.
    pub(super) widths: Vec<i64>,
}

/// A wire as its gap sees it.
#[derive(Clone, Debug)]
struct Strand {
    wire: usize,
    left: Vec<i64>,
    right: Vec<i64>,
    low: i64,
    high: i64,
}

/// Finds the places.
pub(super) fn routes(net: &Net, tops: &[i64], gaps: usize) -> Routes {
    let mut routes = Routes {
        offsets: vec![MARGIN; net.wires.len()],
        widths: vec![0; gaps],
    };
    let mut by_gap: Vec<Vec<Strand>> = vec![Vec::new(); gaps];
    for (index, wire) in net.wires.iter().enumerate() {
        if let Some(strands) = by_gap.get_mut(wire.gap) {
            strands.push(strand(index, wire, tops));
        }
    }
    for (gap, strands) in by_gap.into_iter().enumerate() {
        if strands.is_empty() {
            continue;
        }
        let bent = in_order(
            strands
                .into_iter()
                .filter(|strand| strand.low < strand.high)
                .collect(),
        );
        let mut tracks: Vec<(Strand, i64)> = Vec::new();
        for strand in bent {
            let track = tracks
                .iter()
                .filter(|(other, _)| {
                    strand.low <= other.high + GRID && other.low <= strand.high + GRID
                })
                .map(|(_, track)| track + 1)
                .max()
                .unwrap_or(0);
            if let Some(offset) = routes.offsets.get_mut(strand.wire) {
                *offset = MARGIN + track * TRACK;
            }
            tracks.push((strand, track));
        }
        let used = tracks.iter().map(|(_, track)| *track).max().unwrap_or(0);
        if let Some(width) = routes.widths.get_mut(gap) {
            *width = 2 * MARGIN + used * TRACK;
        }
    }
    // Columns without lines between them still stand apart; nothing needs room after the last.
    let last = gaps.saturating_sub(1);
    for (gap, width) in routes.widths.iter_mut().enumerate() {
        if *width == 0 && gap != last {
            *width = 2 * MARGIN;
        }
    }
    routes
}

/// How far down an end is.
pub(super) fn height_of(end: &End, tops: &[i64]) -> i64 {
    tops.get(end.node).copied().unwrap_or_default() + end.offset
}

fn strand(index: usize, wire: &Wire, tops: &[i64]) -> Strand {
    let ends = || std::iter::once(&wire.source).chain(&wire.ends);
    let side = |left: bool| {
        ends()
            .filter(|end| end.left == left)
            .map(|end| height_of(end, tops))
            .collect()
    };
    let heights = || ends().map(|end| height_of(end, tops));
    Strand {
        wire: index,
        left: side(true),
        right: side(false),
        low: heights().min().unwrap_or(0),
        high: heights().max().unwrap_or(0),
    }
}

/// Sorts from left to right, first by a rule of thumb, then by trying neighbours.
fn in_order(mut strands: Vec<Strand>) -> Vec<Strand> {
    let mean = |heights: &[i64]| heights.iter().sum::<i64>() / count(heights.len()).max(1);
    strands.sort_by_key(|strand| {
        let (left, right) = (mean(&strand.left), mean(&strand.right));
        let rises = right <= left || strand.right.is_empty();
        // Of lines that rise, the upper one turns first; of those that fall, the lower one.
        (!rises, if rises { left } else { -left }, strand.wire)
    });
    for _ in 0..strands.len() {
        let mut changed = false;
        for at in 1..strands.len() {
            if let Some([first, second]) = strands.get(at - 1..=at)
                && conflicts(second, first) < conflicts(first, second)
            {
                strands.swap(at - 1, at);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    strands
}

/// What it costs to run `first` left of `second`.
fn conflicts(first: &Strand, second: &Strand) -> usize {
    let crossed = |heights: &[i64], by: &Strand| {
        heights
            .iter()
            .filter(|height| by.low < **height && **height < by.high)
            .count()
    };
    // The right ends of the first pass the second, and the left ends of the second pass the first.
    let crossings = crossed(&first.right, second) + crossed(&second.left, first);
    let shared = first
        .right
        .iter()
        .filter(|height| second.left.contains(height))
        .count();
    crossings + 10 * shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strand(wire: usize, left: i64, right: i64) -> Strand {
        Strand {
            wire,
            left: vec![left],
            right: vec![right],
            low: left.min(right),
            high: left.max(right),
        }
    }

    #[test]
    fn parallel_lines_do_not_cross() {
        let order = |strands| {
            in_order(strands)
                .iter()
                .map(|strand| strand.wire)
                .collect::<Vec<_>>()
        };
        assert_eq!(order(vec![strand(0, 120, 70), strand(1, 100, 50)]), [1, 0]);
        assert_eq!(order(vec![strand(0, 50, 100), strand(1, 70, 120)]), [1, 0]);
    }
}
