//! The lines between cards, and the marks at their ends.

use std::fmt::Write as _;

use super::{Scene, TOP};
use crate::docs::data_model::route::height_of;
use crate::docs::data_model::wires::{End, Mark, Wire};

const TURN: i64 = 6;

impl Scene<'_> {
    /// All lines. A line lies over a band in the colour of the page, so that what it crosses goes under it.
    pub(super) fn wires(&self, out: &mut String) {
        let indexed: Vec<(usize, &Wire)> = self.net.wires.iter().enumerate().collect();
        for line in indexed.chunk_by(|one, other| one.1.bundle == other.1.bundle) {
            let path: String = line
                .iter()
                .flat_map(|(index, wire)| wire.ends.iter().map(|end| self.path(*index, wire, end)))
                .collect();
            let colour = line.first().map_or(0, |(_, wire)| self.colour(wire.target));
            let _ = writeln!(
                out,
                "<path class=\"halo\" d=\"{path}\"/><path class=\"wire l{colour}\" d=\"{path}\"/>"
            );
        }
    }

    fn path(&self, index: usize, wire: &Wire, end: &End) -> String {
        let (from, to) = (self.port(&wire.source), self.port(end));
        let (edge, width) = self.columns.get(wire.gap).copied().unwrap_or_default();
        let middle = edge + width + self.routes.offsets.get(index).copied().unwrap_or_default();
        let fall = to.1 - from.1;
        if fall == 0 {
            return format!("M{} {}H{}", from.0, from.1, to.0);
        }
        let turn = TURN.min(fall.abs() / 2);
        let down = fall.signum() * turn;
        let (inwards, outwards) = (
            (middle - from.0).signum() * turn,
            (to.0 - middle).signum() * turn,
        );
        format!(
            "M{} {}H{}Q{middle} {1} {middle} {}V{}Q{middle} {} {} {5}H{}",
            from.0,
            from.1,
            middle - inwards,
            from.1 + down,
            to.1 - down,
            to.1,
            middle + outwards,
            to.0
        )
    }

    /// Where an end is on the page.
    pub(super) fn port(&self, end: &End) -> (i64, i64) {
        let node = self.net.nodes.get(end.node);
        let (edge, width) = node
            .and_then(|node| self.columns.get(node.column))
            .copied()
            .unwrap_or_default();
        let x = if end.left { edge + width } else { edge };
        // A line that passes a column crosses it: half of the way belongs to each of its two wires.
        let x = if node.is_some_and(|node| node.card.is_none()) {
            edge + width / 2
        } else {
            x
        };
        (x, TOP + height_of(end, &self.tops))
    }

    pub(super) fn marks(&self, wire: &Wire, out: &mut String) {
        let mut path = String::new();
        for end in std::iter::once(&wire.source).chain(&wire.ends) {
            let (x, y) = self.port(end);
            let out_of = if end.left { 1 } else { -1 };
            match end.mark {
                Mark::None => {}
                Mark::One => {
                    let _ = write!(path, "M{} {}V{}", x + 6 * out_of, y - 5, y + 5);
                }
                Mark::Many => {
                    let tip = x + 10 * out_of;
                    let _ = write!(path, "M{tip} {y}L{x} {}M{tip} {y}L{x} {}", y - 5, y + 5);
                }
            }
        }
        if !path.is_empty() {
            let _ = writeln!(
                out,
                "<path class=\"mark l{}\" d=\"{path}\"/>",
                self.colour(wire.target)
            );
        }
    }
}
