//! A placed diagram as SVG.

mod cards;
mod frame;
mod lines;

use super::columns::columns;
use super::diagram::{Card, Diagram, MIN_WIDTH};
use super::place::place;
use super::route::{Routes, routes};
use super::wires::{Net, net};
use frame::COLOURS;

const EDGE: i64 = 24;
const TOP: i64 = 78;

/// Everything with its place.
struct Scene<'d> {
    diagram: &'d Diagram,
    net: Net,
    tops: Vec<i64>,
    routes: Routes,
    /// Left edge and width of each column.
    columns: Vec<(i64, i64)>,
    width: i64,
    height: i64,
}

/// The picture.
pub(super) fn paint(diagram: &Diagram) -> String {
    let scene = Scene::new(diagram);
    let mut out = String::new();
    scene.open(&mut out);
    scene.legend(&mut out);
    scene.wires(&mut out);
    for (index, card) in diagram.cards.iter().enumerate() {
        scene.card(index, card, &mut out);
    }
    for wire in &scene.net.wires {
        scene.marks(wire, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

impl<'d> Scene<'d> {
    fn new(diagram: &'d Diagram) -> Self {
        let places = columns(diagram);
        let net = net(diagram, &places);
        let tops = place(&net);
        let many = places.iter().map(|column| column + 1).max().unwrap_or(0);
        let routes = routes(&net, &tops, many);
        let mut widths: Vec<Option<i64>> = vec![None; many];
        for (card, place) in diagram.cards.iter().zip(&places) {
            if let Some(widest) = widths.get_mut(*place) {
                *widest = (*widest).max(Some(card.width(group(diagram, card))));
            }
        }
        let mut left = EDGE;
        let mut columns = Vec::with_capacity(many);
        for (column, width) in widths.into_iter().enumerate() {
            let width = width.unwrap_or(MIN_WIDTH);
            columns.push((left, width));
            left += width + routes.widths.get(column).copied().unwrap_or_default();
        }
        let bottom = net
            .nodes
            .iter()
            .zip(&tops)
            .map(|(node, top)| top + node.height)
            .max()
            .unwrap_or(0);
        Self {
            diagram,
            tops,
            routes,
            columns,
            width: (left + EDGE).max(frame::width(diagram)),
            height: TOP + bottom + EDGE,
            net,
        }
    }

    fn colour(&self, card: usize) -> usize {
        self.diagram
            .cards
            .get(card)
            .map_or(0, |card| card.group % COLOURS.len())
    }
}

fn group<'d>(diagram: &'d Diagram, card: &Card) -> &'d str {
    diagram.groups.get(card.group).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::data_model::route::height_of;
    use crate::docs::data_model::samples::{chain, crowd};
    use crate::docs::data_model::wires::Wire;

    /// The rectangles of the cards.
    fn cards(scene: &Scene<'_>) -> Vec<(i64, i64, i64, i64)> {
        scene
            .diagram
            .cards
            .iter()
            .enumerate()
            .map(|(index, card)| {
                let (x, width) = scene.columns[scene.net.nodes[index].column];
                (
                    x,
                    scene.tops[index],
                    x + width,
                    scene.tops[index] + card.height(),
                )
            })
            .collect()
    }

    #[test]
    fn cards_never_overlap() {
        for diagram in [chain(1), chain(9), crowd(20), crowd(60)] {
            let scene = Scene::new(&diagram);
            let cards = cards(&scene);
            for (index, one) in cards.iter().enumerate() {
                for other in &cards[index + 1..] {
                    let apart = one.2 <= other.0
                        || other.2 <= one.0
                        || one.3 <= other.1
                        || other.3 <= one.1;
                    assert!(apart, "{one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn lines_never_run_through_a_card() {
        let diagram = crowd(20);
        let scene = Scene::new(&diagram);
        let passing = scene
            .net
            .nodes
            .iter()
            .zip(&scene.tops)
            .filter(|(node, _)| node.card.is_none());
        for (pass, top) in passing {
            for (index, node) in scene.net.nodes.iter().enumerate() {
                if node.column == pass.column && node.card.is_some() {
                    let (start, end) = (scene.tops[index], scene.tops[index] + node.height);
                    assert!(top + pass.height <= start || end <= *top);
                }
            }
        }
    }

    #[test]
    fn no_two_wires_run_down_the_same_line() {
        let diagram = crowd(20);
        let scene = Scene::new(&diagram);
        let span = |wire: &Wire| {
            let heights = || {
                std::iter::once(&wire.source)
                    .chain(&wire.ends)
                    .map(|end| height_of(end, &scene.tops))
            };
            (heights().min().unwrap(), heights().max().unwrap())
        };
        for (index, one) in scene.net.wires.iter().enumerate() {
            for (offset, other) in scene.net.wires.iter().enumerate().skip(index + 1) {
                let (a, b) = (span(one), span(other));
                let bent = a.0 < a.1 && b.0 < b.1;
                if one.gap == other.gap && bent && a.0 <= b.1 && b.0 <= a.1 {
                    assert_ne!(scene.routes.offsets[index], scene.routes.offsets[offset]);
                }
            }
        }
    }

    #[test]
    fn the_same_diagram_gives_the_same_picture() {
        assert_eq!(paint(&crowd(20)), paint(&crowd(20)));
    }

    #[test]
    fn text_of_the_spec_stays_text() {
        let mut diagram = chain(2);
        diagram.title = "</title><script>alert(1)</script>\"'&\u{0}".to_owned();
        let picture = paint(&diagram);
        assert!(!picture.contains("<script"));
        assert!(!picture.contains('\u{0}'));
    }

    #[test]
    fn ends_know_their_side() {
        let diagram = chain(3);
        let scene = Scene::new(&diagram);
        assert_eq!(scene.net.wires.len(), 2);
        for wire in &scene.net.wires {
            assert!(scene.port(&wire.source).0 < scene.port(&wire.ends[0]).0);
        }
        assert_eq!(scene.columns.len(), 3);
    }
}
