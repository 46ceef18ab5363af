/// Byte offsets to line and column, by binary search over the starts of lines.
#[derive(Clone, Debug)]
pub struct LineTable {
    starts: Vec<u32>,
}

impl LineTable {
    /// Finds the line starts of a text once; `\r\n` counts as one line end.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        for (offset, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                starts.push(u32::try_from(offset + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// Line and column of a byte offset, both counted from one, the column in characters.
    pub fn position(&self, text: &str, offset: u32) -> (usize, usize) {
        let line = self.line(offset);
        let column = text
            .get(self.start(line)..offset as usize)
            .map_or(0, |before| before.chars().count());
        (line + 1, column + 1)
    }

    /// Line and column of a byte offset as editors count: both from zero, the column in UTF-16 code units.
    pub fn utf16_position(&self, text: &str, offset: u32) -> (usize, usize) {
        let line = self.line(offset);
        let column = text
            .get(self.start(line)..offset as usize)
            .map_or(0, |before| before.chars().map(char::len_utf16).sum());
        (line, column)
    }

    /// The line that a byte offset lies in, counted from zero.
    pub fn line(&self, offset: u32) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// The offset of a line's first byte; lines are counted from zero.
    pub fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(0) as usize
    }

    /// The offset just past a line, its line end included; lines are counted from zero.
    pub fn end(&self, text: &str, line: usize) -> usize {
        self.starts
            .get(line + 1)
            .map_or(text.len(), |start| *start as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::LineTable;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let text = "é = 1\nsecond";
        let table = LineTable::new(text);
        assert_eq!(table.position(text, 0), (1, 1));
        assert_eq!(table.position(text, 3), (1, 3));
        assert_eq!(table.position(text, 7), (2, 1));
        assert_eq!(table.position(text, 13), (2, 7));
    }

    #[test]
    fn editors_count_utf16_code_units_from_zero() {
        let text = "a\n💇é x";
        let table = LineTable::new(text);
        assert_eq!(table.utf16_position(text, 0), (0, 0));
        assert_eq!(table.utf16_position(text, 6), (1, 2));
        assert_eq!(table.utf16_position(text, 9), (1, 4));
    }

    #[test]
    fn a_line_ends_where_the_next_starts() {
        let text = "one\r\ntwo";
        let table = LineTable::new(text);
        assert_eq!((table.start(0), table.end(text, 0)), (0, 5));
        assert_eq!((table.start(1), table.end(text, 1)), (5, 8));
        assert_eq!(table.line(4), 0);
        assert_eq!(table.line(5), 1);
    }
}
