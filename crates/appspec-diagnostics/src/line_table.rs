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
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0) as usize;
        let column = text
            .get(start..offset as usize)
            .map_or(0, |before| before.chars().count());
        (line, column + 1)
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
}
