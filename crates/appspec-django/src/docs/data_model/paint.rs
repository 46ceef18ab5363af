//! A placed diagram as SVG.

use std::fmt::Write as _;

use appspec_backend::literal::xml_text;

use super::columns::columns;
use super::diagram::{
    Card, Diagram, HEADER_HEIGHT, MAX_WIDTH, MIN_WIDTH, row_middle, shortened, text_width,
};
use super::place::place;
use super::route::{Routes, height_of, routes};
use super::wires::{End, Mark, Net, Wire, net};

const EDGE: i64 = 24;
const TOP: i64 = 78;
const TURN: i64 = 6;

/// Header fill and line of each group, in light and in dark.
const COLOURS: [[&str; 4]; 8] = [
    ["#dbeafe", "#2563eb", "#1e3a5f", "#60a5fa"],
    ["#dcfce7", "#15803d", "#14432a", "#4ade80"],
    ["#fef3c7", "#b45309", "#4a3510", "#fbbf24"],
    ["#ede9fe", "#7c3aed", "#3b2a63", "#a78bfa"],
    ["#ffe4e6", "#be123c", "#581c2c", "#fb7185"],
    ["#ccfbf1", "#0f766e", "#134e4a", "#2dd4bf"],
    ["#e2e8f0", "#475569", "#334155", "#94a3b8"],
    ["#ffedd5", "#c2410c", "#52291a", "#fb923c"],
];

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
        let mut left = EDGE;
        let mut columns = Vec::with_capacity(many);
        for column in 0..many {
            let width = diagram
                .cards
                .iter()
                .zip(&places)
                .filter(|(_, place)| **place == column)
                .map(|(card, _)| card.width(group(diagram, card)))
                .max()
                .unwrap_or(MIN_WIDTH);
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
        let legend = EDGE
            + diagram
                .groups
                .iter()
                .map(|name| legend_width(name))
                .sum::<i64>()
            + LEGEND_MARKS;
        let title = 2 * EDGE + text_width(&shortened(&diagram.title, 10, TITLE_WIDTH), 10);
        Self {
            diagram,
            tops,
            routes,
            columns,
            width: (left + EDGE).max(legend).max(title),
            height: TOP + bottom + EDGE,
            net,
        }
    }

    fn open(&self, out: &mut String) {
        let title = format!("Data model of {}", self.diagram.title);
        let (width, height) = (self.width, self.height);
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" aria-labelledby=\"title description\">"
        );
        let _ = writeln!(out, "<title id=\"title\">{}</title>", xml_text(&title));
        let _ = writeln!(
            out,
            "<desc id=\"description\">{}</desc>",
            xml_text(&self.description())
        );
        self.style(out);
        let _ = writeln!(
            out,
            "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>"
        );
        let _ = writeln!(
            out,
            "<text class=\"title\" x=\"{EDGE}\" y=\"36\">{}</text>",
            xml_text(&shortened(&self.diagram.title, 10, TITLE_WIDTH))
        );
    }

    /// What the picture shows, for those who can't see it.
    fn description(&self) -> String {
        let name = |card: usize| {
            self.diagram
                .cards
                .get(card)
                .map_or("", |card| card.name.as_str())
        };
        let relations: Vec<String> = self
            .diagram
            .links
            .iter()
            .map(|link| {
                let row = self
                    .diagram
                    .cards
                    .get(link.from)
                    .and_then(|card| card.rows.get(link.row));
                let field = row.map_or("", |row| row.name.as_str());
                let how = match (link.many_from, link.many_to) {
                    (_, true) => "refers to many",
                    (true, false) => "refers to one",
                    (false, false) => "belongs to its own",
                };
                format!("{}.{field} {how} {}", name(link.from), name(link.to))
            })
            .collect();
        let cards: Vec<&str> = self
            .diagram
            .cards
            .iter()
            .map(|card| card.name.as_str())
            .collect();
        if relations.is_empty() {
            return format!("{}.", cards.join(", "));
        }
        format!("{}. {}.", cards.join(", "), relations.join("; "))
    }

    fn style(&self, out: &mut String) {
        let mut light = String::from(
            ".page{fill:#ffffff}.title{fill:#111827}.text{fill:#1f2937}.soft{fill:#6b7280}.body{fill:#ffffff}\
             .halo{stroke:#ffffff}",
        );
        let mut dark = String::from(
            ".page{fill:#0d1117}.title{fill:#f3f4f6}.text{fill:#e5e7eb}.soft{fill:#9ca3af}.body{fill:#161b22}\
             .halo{stroke:#0d1117}",
        );
        for (group, colours) in COLOURS.iter().enumerate().take(self.diagram.groups.len()) {
            let [fill, line, dark_fill, dark_line] = colours;
            let _ = write!(light, ".f{group}{{fill:{fill}}}.l{group}{{stroke:{line}}}");
            let _ = write!(
                dark,
                ".f{group}{{fill:{dark_fill}}}.l{group}{{stroke:{dark_line}}}"
            );
        }
        let _ = writeln!(
            out,
            "<style>\n\
             text{{font:12px ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}}\n\
             .title{{font-size:18px;font-weight:600}}.name{{font-size:13px;font-weight:600}}.small{{font-size:11px}}\n\
             .kind{{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}}\n\
             .wire,.mark,.halo{{fill:none;stroke-linejoin:round}}.wire,.mark{{stroke-linecap:round}}\n\
             .wire,.mark{{stroke-width:1.5}}.halo{{stroke-width:5}}.rim{{stroke-width:1.5}}\n\
             {light}\n\
             @media (prefers-color-scheme:dark){{{dark}}}\n\
             </style>"
        );
    }

    fn legend(&self, out: &mut String) {
        let mut left = EDGE;
        for (index, name) in self.diagram.groups.iter().enumerate() {
            let colour = index % COLOURS.len();
            let _ = writeln!(
                out,
                "<rect class=\"rim f{colour} l{colour}\" x=\"{left}\" y=\"50\" width=\"12\" height=\"12\" rx=\"3\"/>\
                 <text class=\"text small\" x=\"{}\" y=\"60\">{}</text>",
                left + 18,
                xml_text(name)
            );
            left += legend_width(name);
        }
        let _ = writeln!(
            out,
            "<path class=\"mark l0\" d=\"M{0} 56H{1}M{2} 56L{0} 51M{2} 56L{0} 61\"/>\
             <text class=\"soft small\" x=\"{3}\" y=\"60\">many</text>\
             <path class=\"mark l0\" d=\"M{4} 56H{5}M{6} 51V61\"/>\
             <text class=\"soft small\" x=\"{7}\" y=\"60\">one</text>",
            left,
            left + 24,
            left + 10,
            left + 30,
            left + 72,
            left + 96,
            left + 78,
            left + 102
        );
    }

    /// All lines. A line lies over a band in the colour of the page, so that what it crosses goes under it.
    fn wires(&self, out: &mut String) {
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
    fn port(&self, end: &End) -> (i64, i64) {
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

    fn marks(&self, wire: &Wire, out: &mut String) {
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

    fn card(&self, index: usize, card: &Card, out: &mut String) {
        let node = self.net.nodes.get(index);
        let (x, width) = node
            .and_then(|node| self.columns.get(node.column))
            .copied()
            .unwrap_or_default();
        let y = TOP + self.tops.get(index).copied().unwrap_or_default();
        let height = card.height();
        let colour = card.group % COLOURS.len();
        let right = x + width - 10;
        let group = group(self.diagram, card);
        let room = width - 36 - text_width(group, 6);
        let _ = writeln!(
            out,
            "<g><rect class=\"body\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\
             <path class=\"f{colour}\" d=\"M{x} {}V{}q0 -6 6 -6H{}q6 0 6 6V{}z\"/>\
             <rect class=\"rim l{colour}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\" \
             fill=\"none\"/>",
            y + HEADER_HEIGHT.min(height),
            y + 6,
            x + width - 6,
            y + HEADER_HEIGHT.min(height),
        );
        let _ = writeln!(
            out,
            "<text class=\"text name\" x=\"{}\" y=\"{}\">{}</text>\
             <text class=\"soft small\" x=\"{right}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            x + 10,
            y + 20,
            xml_text(&shortened(&card.name, 8, room)),
            y + 20,
            xml_text(group),
        );
        for (place, row) in card.rows.iter().enumerate() {
            let base = y + row_middle(place) + 4;
            let room = width - 32;
            let name = shortened(&row.name, 7, room * 3 / 5);
            let kind = shortened(&row.kind, 7, room - text_width(&name, 7));
            let _ = writeln!(
                out,
                "<text class=\"text\" x=\"{}\" y=\"{base}\">{}</text>\
                 <text class=\"soft kind\" x=\"{right}\" y=\"{base}\" text-anchor=\"end\">{}</text>",
                x + 10,
                xml_text(&name),
                xml_text(&kind),
            );
        }
        if card.hidden > 0 {
            let base = y + row_middle(card.rows.len()) + 4;
            let _ = writeln!(
                out,
                "<text class=\"soft small\" x=\"{}\" y=\"{base}\">+ {} more</text>",
                x + 10,
                card.hidden
            );
        }
        out.push_str("</g>\n");
    }

    fn colour(&self, card: usize) -> usize {
        self.diagram
            .cards
            .get(card)
            .map_or(0, |card| card.group % COLOURS.len())
    }
}

const TITLE_WIDTH: i64 = 2 * MAX_WIDTH;
const LEGEND_MARKS: i64 = 170;

fn legend_width(name: &str) -> i64 {
    18 + text_width(name, 7) + 18
}

fn group<'d>(diagram: &'d Diagram, card: &Card) -> &'d str {
    diagram.groups.get(card.group).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::data_model::samples::{chain, crowd};

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
