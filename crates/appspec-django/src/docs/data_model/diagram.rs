//! What the picture shows, before anything has a place.

/// The whole picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Diagram {
    /// What the project is called.
    pub(super) title: String,
    /// The groups that cards belong to, in order of their colours.
    pub(super) groups: Vec<String>,
    /// One card per entity.
    pub(super) cards: Vec<Card>,
    /// One link per relation.
    pub(super) links: Vec<Link>,
}

/// An entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Card {
    /// Its name.
    pub(super) name: String,
    /// Its group, by position.
    pub(super) group: usize,
    /// The fields that are shown.
    pub(super) rows: Vec<Row>,
    /// How many fields are not shown.
    pub(super) hidden: usize,
}

/// A field on a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Its name.
    pub(super) name: String,
    /// Its type.
    pub(super) kind: String,
}

/// A relation: from a row of one card to another card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The card that has the field.
    pub(super) from: usize,
    /// The row of the field.
    pub(super) row: usize,
    /// The card that is pointed to.
    pub(super) to: usize,
    /// Whether several rows may point to the same one.
    pub(super) many_from: bool,
    /// Whether one row may point to several.
    pub(super) many_to: bool,
}

/// Every coordinate is a multiple of this, so that lines either meet or are clearly apart.
pub(super) const GRID: i64 = 6;
const HEADER: i64 = 30;
const ROW: i64 = 18;

impl Card {
    /// How tall it is.
    pub(super) fn height(&self) -> i64 {
        let lines = count(self.rows.len()) + i64::from(self.hidden > 0);
        HEADER + lines * ROW + if lines > 0 { GRID } else { 0 }
    }

    /// How wide its longest line is.
    pub(super) fn width(&self, group: &str) -> i64 {
        let header = text_width(&self.name, 8) + text_width(group, 6) + 40;
        self.rows
            .iter()
            .map(|row| text_width(&row.name, 7) + text_width(&row.kind, 7) + 40)
            .fold(header, i64::max)
            .clamp(MIN_WIDTH, MAX_WIDTH)
    }
}

pub(super) const MIN_WIDTH: i64 = 168;
pub(super) const MAX_WIDTH: i64 = 324;

/// The middle of a row, from the top of its card.
pub(super) fn row_middle(row: usize) -> i64 {
    HEADER + count(row) * ROW + ROW / 2
}

/// Where a line to one row enters a card, from its top.
pub(super) const PORT_ONE: i64 = 15;
/// Where a line to many rows enters a card.
pub(super) const PORT_MANY: i64 = 27;
/// The height of a header, for painting.
pub(super) const HEADER_HEIGHT: i64 = HEADER;

/// About how wide a text is when a letter takes `letter` pixels; letters of East Asia take twice that.
pub(super) fn text_width(text: &str, letter: i64) -> i64 {
    text.chars()
        .map(|character| {
            if u32::from(character) >= 0x1100 {
                2 * letter
            } else {
                letter
            }
        })
        .sum()
}

/// As much of a text as fits, with `…` for the rest.
pub(super) fn shortened(text: &str, letter: i64, width: i64) -> String {
    if text_width(text, letter) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = letter;
    for character in text.chars() {
        used += text_width(character.encode_utf8(&mut [0; 4]), letter);
        if used > width {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}

/// A length as a coordinate.
pub(super) fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
