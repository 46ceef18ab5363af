//! What stands around the cards: the page, its words for those who can't see it, its colours, the legend.

use std::fmt::Write as _;

use appspec_backend::literal::xml_text;

use super::{EDGE, Scene};
use crate::docs::data_model::diagram::{Diagram, MAX_WIDTH, shortened, text_width};

/// Header fill and line of each group, in light and in dark.
pub(super) const COLOURS: [[&str; 4]; 8] = [
    ["#dbeafe", "#2563eb", "#1e3a5f", "#60a5fa"],
    ["#dcfce7", "#15803d", "#14432a", "#4ade80"],
    ["#fef3c7", "#b45309", "#4a3510", "#fbbf24"],
    ["#ede9fe", "#7c3aed", "#3b2a63", "#a78bfa"],
    ["#ffe4e6", "#be123c", "#581c2c", "#fb7185"],
    ["#ccfbf1", "#0f766e", "#134e4a", "#2dd4bf"],
    ["#e2e8f0", "#475569", "#334155", "#94a3b8"],
    ["#ffedd5", "#c2410c", "#52291a", "#fb923c"],
];

const TITLE_WIDTH: i64 = 2 * MAX_WIDTH;
const LEGEND_MARKS: i64 = 170;

/// The room that title and legend need.
pub(super) fn width(diagram: &Diagram) -> i64 {
    let groups = diagram.groups.iter();
    let legend = EDGE + groups.map(|name| legend_width(name)).sum::<i64>() + LEGEND_MARKS;
    let title = 2 * EDGE + text_width(&shortened(&diagram.title, 10, TITLE_WIDTH), 10);
    legend.max(title)
}

impl Scene<'_> {
    pub(super) fn open(&self, out: &mut String) {
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

    pub(super) fn legend(&self, out: &mut String) {
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
}

fn legend_width(name: &str) -> i64 {
    18 + text_width(name, 7) + 18
}
