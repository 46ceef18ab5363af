//! How high each node stands in its column: lines short and straight, few crossings, no overlaps.

use std::ops::Range;
use std::rc::Rc;

use super::columns::GAP;
use super::diagram::GRID;
use super::wires::{End, Net, Node};

const SWEEPS: usize = 24;
const CROSSING: i64 = 60;
const BEND: i64 = 40;
const ROUNDS: usize = 6;
const SWAP_ROUNDS: usize = 4;
/// Beyond this many nodes, trying every swap takes longer than a picture so crowded is worth.
const SWAPPED: usize = 100;

/// The top of each node.
pub(super) fn place(net: &Net) -> Vec<i64> {
    let mut best = Placement::new(net);
    let mut least = best.cost(net);
    let mut current = best.clone();
    for sweep in 0..SWEEPS {
        current.sweep(net, sweep % 2 == 0, true);
        let cost = current.cost(net);
        if cost < least {
            (best, least) = (current.clone(), cost);
        }
    }
    if net.nodes.len() <= SWAPPED {
        best.try_swaps(net);
        least = best.cost(net);
    }
    for sweep in 0..SWEEPS {
        let mut settled = best.clone();
        settled.sweep(net, sweep % 2 == 0, false);
        let cost = settled.cost(net);
        if cost <= least {
            (best, least) = (settled, cost);
        }
    }
    let mut tops = best.on_the_grid(net);
    best.straighten(net, &mut tops);
    tops
}

/// Orders and heights.
#[derive(Clone, Debug)]
struct Placement {
    /// The nodes of each column, from the top.
    columns: Vec<Vec<usize>>,
    tops: Vec<i64>,
    /// For each node: the ends of its pairs, its own and the other.
    pairs: Rc<Vec<Vec<(End, End, i64)>>>,
}

impl Placement {
    fn new(net: &Net) -> Self {
        let width = net
            .nodes
            .iter()
            .map(|node| node.column + 1)
            .max()
            .unwrap_or(0);
        let mut columns = vec![Vec::new(); width];
        for (index, node) in net.nodes.iter().enumerate() {
            if let Some(column) = columns.get_mut(node.column) {
                column.push(index);
            }
        }
        let mut pairs = vec![Vec::new(); net.nodes.len()];
        for wire in &net.wires {
            for end in &wire.ends {
                // A line that passes a column has nothing else to do than to be straight.
                let weight = match (node(net, wire.source.node).card, node(net, end.node).card) {
                    (None, None) => 8,
                    (None, _) | (_, None) => 3,
                    _ => 1,
                };
                for (own, other) in [(*end, wire.source), (wire.source, *end)] {
                    if own.node != other.node
                        && let Some(list) = pairs.get_mut(own.node)
                    {
                        list.push((own, other, weight));
                    }
                }
            }
        }
        let mut placement = Self {
            columns,
            tops: vec![0; net.nodes.len()],
            pairs: Rc::new(pairs),
        };
        for column in 0..width {
            placement.settle(net, column, &[]);
        }
        placement
    }

    fn sweep(&mut self, net: &Net, rightwards: bool, reorder: bool) {
        let width = self.columns.len();
        for step in 0..width {
            let column = if rightwards { step } else { width - 1 - step };
            let wishes = self.wishes(column);
            if reorder && let Some(nodes) = self.columns.get_mut(column) {
                let middle = |index: &usize| wish(&wishes, *index) + node(net, *index).height / 2;
                nodes.sort_by_key(middle);
            }
            self.settle(net, column, &wishes);
        }
    }

    /// Where each node of a column would like its top to be.
    fn wishes(&self, column: usize) -> Vec<(usize, i64, i64)> {
        let nodes = self
            .columns
            .get(column)
            .map(Vec::as_slice)
            .unwrap_or_default();
        nodes
            .iter()
            .map(|index| {
                let pairs = self
                    .pairs
                    .get(*index)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let weight: i64 = pairs.iter().map(|(_, _, weight)| weight).sum();
                let sum: i64 = pairs
                    .iter()
                    .map(|(own, other, weight)| {
                        weight * (top(&self.tops, other.node) + other.offset - own.offset)
                    })
                    .sum();
                if weight == 0 {
                    (*index, top(&self.tops, *index), 1)
                } else {
                    (*index, sum / weight, weight)
                }
            })
            .collect()
    }

    /// Gives each node of a column the place nearest to its wish that the order and the gaps allow.
    ///
    /// Nodes that would overlap form a block, which stands where its members' weighted mean is least
    /// disturbed: least squares under an order, by pooling neighbours.
    fn settle(&mut self, net: &Net, column: usize, wishes: &[(usize, i64, i64)]) {
        /// Nodes that stand as close to each other as they may, by their places in the column.
        struct Block {
            places: Range<usize>,
            height: i64,
            sum: i64,
            weight: i64,
        }
        let nodes = self.columns.get(column).map_or(&[][..], Vec::as_slice);
        let space_above = |place: usize| {
            let above = place.checked_sub(1).and_then(|above| nodes.get(above));
            match (above, nodes.get(place)) {
                (Some(above), Some(below)) => gap(node(net, *above), node(net, *below)),
                _ => 0,
            }
        };
        let mut blocks: Vec<Block> = Vec::new();
        for (place, index) in nodes.iter().enumerate() {
            let (goal, weight) = wishes
                .iter()
                .find(|(wished, _, _)| wished == index)
                .map_or((0, 1), |(_, goal, weight)| (*goal, *weight));
            let mut block = Block {
                places: place..place + 1,
                height: node(net, *index).height,
                sum: goal * weight,
                weight,
            };
            while let Some(before) = blocks.pop() {
                let shift = before.height + space_above(block.places.start);
                if before.sum / before.weight + shift <= block.sum / block.weight {
                    blocks.push(before);
                    break;
                }
                block.sum = before.sum + block.sum - shift * block.weight;
                block.weight += before.weight;
                block.height += shift;
                block.places.start = before.places.start;
            }
            blocks.push(block);
        }
        for block in blocks {
            let mut top = block.sum / block.weight;
            let own = nodes.get(block.places.clone()).unwrap_or_default();
            for (place, index) in block.places.zip(own) {
                if let Some(slot) = self.tops.get_mut(*index) {
                    *slot = top;
                }
                top += node(net, *index).height + space_above(place + 1);
            }
        }
    }

    /// Swaps neighbours as long as that makes the picture better.
    fn try_swaps(&mut self, net: &Net) {
        let mut cost = self.cost(net);
        for _ in 0..SWAP_ROUNDS {
            let before = cost;
            for column in 0..self.columns.len() {
                let length = self.columns.get(column).map_or(0, Vec::len);
                for upper in 0..length.saturating_sub(1) {
                    let mut swapped = self.clone();
                    if let Some(nodes) = swapped.columns.get_mut(column) {
                        nodes.swap(upper, upper + 1);
                    }
                    for near in [column, column.saturating_sub(1), column + 1, column] {
                        let wishes = swapped.wishes(near);
                        swapped.settle(net, near, &wishes);
                    }
                    let new = swapped.cost(net);
                    if new < cost {
                        cost = new;
                        *self = swapped;
                    }
                }
            }
            if cost == before {
                return;
            }
        }
    }

    /// How much the eye has to follow: lengths, crossings, and the height of the whole.
    fn cost(&self, net: &Net) -> i64 {
        let at = |end: &End| top(&self.tops, end.node) + end.offset;
        let mut lines: Vec<(usize, usize, i64, i64)> = Vec::new();
        let mut length = 0;
        for (index, wire) in net.wires.iter().enumerate() {
            for end in &wire.ends {
                let (source, other) = (at(&wire.source), at(end));
                length += (source - other).abs();
                if wire.source.left != end.left {
                    let (left, right) = if end.left {
                        (other, source)
                    } else {
                        (source, other)
                    };
                    lines.push((wire.gap, index, left, right));
                }
            }
        }
        lines.sort_unstable();
        let crossings = lines
            .iter()
            .enumerate()
            .flat_map(|(index, line)| {
                lines
                    .iter()
                    .skip(index + 1)
                    .take_while(move |other| other.0 == line.0)
                    .filter(move |other| other.1 != line.1)
                    .filter(move |other| {
                        (line.2 - other.2).signum() * (line.3 - other.3).signum() < 0
                    })
            })
            .count();
        let bottom = net
            .nodes
            .iter()
            .zip(&self.tops)
            .map(|(node, top)| top + node.height)
            .max()
            .unwrap_or(0);
        let highest = self.tops.iter().copied().min().unwrap_or(0);
        length + CROSSING * super::diagram::count(crossings) + 2 * (bottom - highest)
    }

    /// Rounds, keeps the gaps, and starts at 0.
    fn on_the_grid(&self, net: &Net) -> Vec<i64> {
        let highest = self.tops.iter().copied().min().unwrap_or(0);
        let mut tops = vec![0; self.tops.len()];
        for column in &self.columns {
            let mut free = 0;
            let mut previous: Option<usize> = None;
            for index in column.iter().copied() {
                let space = previous.map_or(0, |before| gap(node(net, before), node(net, index)));
                previous = Some(index);
                let wanted = (top(&self.tops, index) - highest + GRID / 2) / GRID * GRID;
                let placed = wanted.max(free + space);
                free = placed + node(net, index).height;
                if let Some(slot) = tops.get_mut(index) {
                    *slot = placed;
                }
            }
        }
        tops
    }

    /// Moves single nodes, where there is room, so that lines become straight instead of nearly so.
    fn straighten(&self, net: &Net, tops: &mut [i64]) {
        for _ in 0..ROUNDS {
            for column in &self.columns {
                for (place, index) in column.iter().copied().enumerate() {
                    let above = place
                        .checked_sub(1)
                        .and_then(|above| column.get(above))
                        .copied();
                    let below = column.get(place + 1).copied();
                    let this = node(net, index);
                    let lowest = above.map_or(0, |above| {
                        top(tops, above) + node(net, above).height + gap(node(net, above), this)
                    });
                    let highest = below.map_or(i64::MAX, |below| {
                        top(tops, below) - gap(this, node(net, below)) - this.height
                    });
                    let pairs = self.pairs.get(index).map(Vec::as_slice).unwrap_or_default();
                    let level = |(own, other, _): &(End, End, i64)| {
                        top(tops, other.node) + other.offset - own.offset
                    };
                    let cost = |at: i64| -> i64 {
                        pairs
                            .iter()
                            .map(|pair| {
                                pair.2 * (level(pair) - at).abs()
                                    + if level(pair) == at { 0 } else { BEND }
                            })
                            .sum()
                    };
                    let best = pairs
                        .iter()
                        .map(level)
                        .filter(|at| (lowest..=highest).contains(at))
                        .chain([top(tops, index)])
                        .min_by_key(|at| (cost(*at), *at));
                    if let (Some(best), Some(slot)) = (best, tops.get_mut(index)) {
                        *slot = best;
                    }
                }
            }
        }
    }
}

/// The space between two neighbours in a column.
fn gap(above: &Node, below: &Node) -> i64 {
    if above.card.is_some() && below.card.is_some() {
        GAP
    } else {
        2 * GRID
    }
}

fn wish(wishes: &[(usize, i64, i64)], index: usize) -> i64 {
    wishes
        .iter()
        .find(|(wished, _, _)| *wished == index)
        .map_or(0, |(_, goal, _)| *goal)
}

fn top(tops: &[i64], node: usize) -> i64 {
    tops.get(node).copied().unwrap_or_default()
}

fn node(net: &Net, index: usize) -> &Node {
    const NOWHERE: &Node = &Node {
        card: None,
        column: 0,
        height: 0,
    };
    net.nodes.get(index).unwrap_or(NOWHERE)
}
