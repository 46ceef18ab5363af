//! Labels that are longer than the terminal is wide.

/// Below this, words stand in a column, and the room on the other side of the mark is the better one.
const NARROW: usize = 24;

/// The picture of a finding with its labels set for so many columns: over several lines, or to the left of their mark where
/// the right side is too narrow. Lines of the source stay as they are.
pub(super) fn fit(picture: &str, columns: usize) -> String {
    let mut out = String::with_capacity(picture.len());
    for line in picture.split_inclusive('\n') {
        let (text, end) = match line.strip_suffix('\n') {
            Some(text) => (text, "\n"),
            None => (line, ""),
        };
        match LabelLine::of(text).filter(|it| it.line.cells.len() > columns) {
            Some(label) => out.push_str(&label.set(columns)),
            None => out.push_str(text),
        }
        out.push_str(end);
    }
    out
}

/// A line as a terminal shows it: each character with the escape sequences before it.
struct Line<'t> {
    cells: Vec<(&'t str, char)>,
    /// What stands behind the last character.
    end: &'t str,
}

impl<'t> Line<'t> {
    fn of(text: &'t str) -> Self {
        let mut cells = Vec::new();
        let mut from = 0;
        let mut is_escape = false;
        for (at, c) in text.char_indices() {
            if is_escape {
                is_escape = c != 'm';
            } else if c == '\u{1b}' {
                is_escape = true;
            } else {
                cells.push((text.get(from..at).unwrap_or(""), c));
                from = at + c.len_utf8();
            }
        }
        Self {
            cells,
            end: text.get(from..).unwrap_or(""),
        }
    }

    fn is_painted(&self) -> bool {
        !self.end.is_empty() || self.cells.iter().any(|(escape, _)| !escape.is_empty())
    }

    /// The sequence that paints the character at a place.
    fn paint(&self, at: usize) -> &'t str {
        let cells = self.cells.get(..=at).unwrap_or(&self.cells);
        let mut escapes = cells.iter().rev().map(|(escape, _)| *escape);
        let escapes = escapes.find(|escape| !escape.is_empty());
        // Of several at one place, the last one holds.
        let last = escapes.map(|it| it.rfind('\u{1b}').and_then(|start| it.get(start..)));
        last.flatten().unwrap_or("")
    }

    /// The characters before a place with their colours.
    fn until(&self, place: usize) -> String {
        let mut out = String::new();
        for (escape, c) in self.cells.iter().take(place) {
            out.push_str(escape);
            out.push(*c);
        }
        if self.is_painted() {
            out.push_str(RESET);
        }
        out
    }

    fn text(&self, from: usize) -> String {
        self.cells.iter().skip(from).map(|(_, c)| *c).collect()
    }
}

const RESET: &str = "\u{1b}[0m";

/// A line of a picture that holds the text of a label: `   ·     │   ╰── a few words`.
struct LabelLine<'t> {
    line: Line<'t>,
    /// Where the line that leads to the text begins.
    mark: usize,
    /// Where the text begins.
    text: usize,
}

impl<'t> LabelLine<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let line = Line::of(text);
        let mut cells = line.cells.iter().map(|(_, c)| *c).enumerate();
        // Lines of the source have a number here, and those of a note in another file begin with its frame.
        let (_, edge) = cells.find(|(_, c)| !matches!(c, ' ' | '│'))?;
        if edge != '·' {
            return None;
        }
        let (mark, _) = cells.find(|(_, c)| !matches!(c, ' ' | '│'))?;
        if line.cells.get(mark)?.1 != '╰' {
            return None;
        }
        let leads = |c: char| matches!(c, '─' | '┤' | '▶');
        let (blank, _) = cells.find(|(_, c)| !leads(*c))?;
        (line.cells.get(blank)?.1 == ' ').then_some(Self {
            line,
            mark,
            text: blank + 1,
        })
    }

    fn set(&self, columns: usize) -> String {
        let text = self.line.text(self.text);
        let right = columns.saturating_sub(self.text);
        let left = self.room_to_the_left();
        let words = text.chars().count();
        if right < NARROW && left > right {
            let lines = lines(&text, left.min(words.max(NARROW)));
            return self.to_the_left(&lines);
        }
        self.to_the_right(&lines(&text, right))
    }

    /// How long a text may be that ends before the mark.
    fn room_to_the_left(&self) -> usize {
        let before = self.line.cells.iter().take(self.mark).rev();
        let blanks = before.take_while(|(_, c)| *c == ' ').count();
        // A blank on each side of the text, and the line that leads to it.
        blanks.saturating_sub(4)
    }

    fn to_the_right(&self, lines: &[String]) -> String {
        let indent = " ".repeat(self.text - self.mark);
        let mut out = String::new();
        for (index, words) in lines.iter().enumerate() {
            if index == 0 {
                out.push_str(&self.line.until(self.text));
            } else {
                out.push('\n');
                out.push_str(&self.line.until(self.mark));
                out.push_str(&indent);
            }
            self.paint_words(words, &mut out);
        }
        out
    }

    /// `   ·  a few words ──╯`
    fn to_the_left(&self, lines: &[String]) -> String {
        let width = lines.iter().map(|it| it.chars().count()).max().unwrap_or(0);
        let start = self.mark.saturating_sub(width + 3);
        let mut out = String::new();
        for (index, words) in lines.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            out.push_str(&self.line.until(start));
            if index > 0 {
                self.paint_words(words, &mut out);
                continue;
            }
            let gap = " ".repeat(width - words.chars().count());
            self.paint_words(&format!("{words}{gap} ──╯"), &mut out);
        }
        out
    }

    fn paint_words(&self, words: &str, out: &mut String) {
        if !self.line.is_painted() {
            out.push_str(words);
            return;
        }
        out.push_str(self.line.paint(self.text));
        out.push_str(words);
        out.push_str(RESET);
    }
}

/// Breaks between words.
fn lines(text: &str, most: usize) -> Vec<String> {
    super::fold(text, most).lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::fit;

    const LINE: &str = "  7 │   due: date\n";

    #[test]
    fn what_fits_stays() {
        let picture = format!("{LINE}    ·   ─┬─\n    ·    ╰── a few words\n");
        assert_eq!(fit(&picture, 40), picture);
    }

    #[test]
    fn a_long_label_goes_on_below_itself() {
        assert_eq!(
            fit(
                "    ·  │    ╰── it holds for each of the rows that are there\n",
                44
            ),
            "    ·  │    ╰── it holds for each of the\n    ·  │        rows that are there\n"
        );
    }

    #[test]
    fn where_the_right_side_is_narrow_the_left_one_is_used() {
        assert_eq!(
            fit(
                "    · │                                 ╰── used without asking\n",
                50
            ),
            "    · │           used without asking ──╯\n"
        );
        assert_eq!(
            fit(
                "    ·                               ╰── used without asking whether it is set\n",
                42
            ),
            "    · used without asking whether ──╯\n    · it is set\n"
        );
    }

    #[test]
    fn lines_of_the_source_are_not_touched() {
        let picture =
            "  7 │   // ·     ╰── a comment that is much longer than the terminal is wide\n";
        assert_eq!(fit(picture, 30), picture);
    }

    #[test]
    fn colours_stay_with_their_words() {
        let on = "\u{1b}[35;1m";
        let off = "\u{1b}[0m";
        assert_eq!(
            fit(
                &format!(
                    "    · {on}│{off}  {on}╰── {on}one two three four five six seven{off}{off}\n"
                ),
                35
            ),
            format!(
                "    · {on}│{off}  {on}╰── {off}{on}one two three four{off}\n    · {on}│{off}  {off}    {on}five six seven{off}\n"
            )
        );
    }
}
