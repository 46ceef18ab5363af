//! One card: its header and its rows.

use std::fmt::Write as _;

use appspec_backend::literal::xml_text;

use super::frame::COLOURS;
use super::{Scene, TOP, group};
use crate::docs::data_model::diagram::{Card, HEADER_HEIGHT, row_middle, shortened, text_width};

impl Scene<'_> {
    pub(super) fn card(&self, index: usize, card: &Card, out: &mut String) {
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
}
