//! Links become wires: all links to one card share a line through each gap between columns.

use std::collections::BTreeMap;

use super::diagram::{Card, Diagram, GRID, PORT_MANY, PORT_ONE, row_middle};

/// A thing with a place in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// The card, or nothing for the place where a long line passes the column.
    pub(super) card: Option<usize>,
    /// The column.
    pub(super) column: usize,
    /// How tall it is.
    pub(super) height: i64,
}

/// Where a wire ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// The node.
    pub(super) node: usize,
    /// How far below the node's top.
    pub(super) offset: i64,
    /// Whether the node stands left of the gap.
    pub(super) left: bool,
    /// How the line ends there.
    pub(super) mark: Mark,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It goes on.
    None,
    /// A bar: one row.
    One,
    /// A crow's foot: many rows.
    Many,
}

/// The lines of one target through one gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    /// Wires of one bundle are one line, from gap to gap.
    pub(super) bundle: usize,
    /// The card that is pointed to.
    pub(super) target: usize,
    /// The gap right of this column.
    pub(super) gap: usize,
    /// The end on the target's side.
    pub(super) source: End,
    /// The other ends.
    pub(super) ends: Vec<End>,
}

/// The nodes, cards first and in order, and the wires between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Net {
    pub(super) nodes: Vec<Node>,
    pub(super) wires: Vec<Wire>,
}

/// Links that share a line: same target, same kind of end there, same side of it.
type Bundle = (usize, bool, Side);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Left,
    Right,
}

/// Bundles the links.
pub(super) fn net(diagram: &Diagram, columns: &[usize]) -> Net {
    let column = |card: usize| columns.get(card).copied().unwrap_or_default();
    let mut net = Net {
        nodes: diagram
            .cards
            .iter()
            .enumerate()
            .map(|(index, card)| Node {
                card: Some(index),
                column: column(index),
                height: Card::height(card),
            })
            .collect(),
        wires: Vec::new(),
    };
    let mut bundles: BTreeMap<Bundle, BTreeMap<usize, Vec<End>>> = BTreeMap::new();
    for link in &diagram.links {
        let (here, there) = (column(link.from), column(link.to));
        let side = if here < there {
            Side::Left
        } else {
            Side::Right
        };
        let end = End {
            node: link.from,
            offset: row_middle(link.row),
            // In the same column both ends are left of the gap.
            left: here <= there,
            mark: if link.many_from {
                Mark::Many
            } else {
                Mark::One
            },
        };
        bundles
            .entry((link.to, link.many_to, side))
            .or_default()
            .entry(here)
            .or_default()
            .push(end);
    }
    for (bundle, ((target, many, side), ends)) in bundles.into_iter().enumerate() {
        let port = End {
            node: target,
            offset: if many { PORT_MANY } else { PORT_ONE },
            left: side == Side::Right,
            mark: if many { Mark::Many } else { Mark::One },
        };
        let wire = Wire {
            bundle,
            target,
            gap: column(target),
            source: port,
            ends: Vec::new(),
        };
        net.lay(&wire, side, &ends);
    }
    net
}

impl Net {
    /// Lays the line of a bundle from gap to gap, away from its target; `wire` is its start.
    fn lay(&mut self, wire: &Wire, side: Side, ends: &BTreeMap<usize, Vec<End>>) {
        let home = wire.gap;
        let mut source = wire.source;
        let mut at = home;
        loop {
            let next = match side {
                Side::Right => at + 1,
                Side::Left => at.saturating_sub(1),
            };
            let mut here: Vec<End> = ends.get(&next).cloned().unwrap_or_default();
            if at == home && side == Side::Right {
                here.extend(ends.get(&home).into_iter().flatten());
            }
            let goes_on = match side {
                Side::Right => ends.keys().any(|column| *column > next),
                Side::Left => ends.keys().any(|column| *column < next),
            };
            let passing = goes_on.then(|| self.pass(next));
            if let Some(node) = passing {
                here.push(End {
                    node,
                    offset: GRID / 2,
                    left: side == Side::Left,
                    mark: Mark::None,
                });
            }
            if !here.is_empty() {
                let gap = if side == Side::Right { at } else { next };
                self.wires.push(Wire {
                    gap,
                    source,
                    ends: here,
                    ..wire.clone()
                });
            }
            let Some(node) = passing else { return };
            source = End {
                node,
                offset: GRID / 2,
                left: side == Side::Right,
                mark: Mark::None,
            };
            at = next;
        }
    }

    fn pass(&mut self, column: usize) -> usize {
        self.nodes.push(Node {
            card: None,
            column,
            height: GRID,
        });
        self.nodes.len() - 1
    }
}
