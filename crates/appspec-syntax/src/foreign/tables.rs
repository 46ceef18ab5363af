//! Blocks of other languages that are entities here: where their lines are.

use std::ops::Range;

use super::items::before_keyword;
use super::lines::words;
use super::{Dialect, LONGEST, headers, parts, ruby};

/// A block of another language.
pub(crate) struct Table {
    pub(crate) dialect: Dialect,
    /// Its lines or columns.
    pub(crate) entries: Vec<Range<usize>>,
    /// Where it ends.
    pub(crate) end: usize,
    /// Its lines stand in braces, as those of an entity do.
    pub(crate) is_block: bool,
    /// Its header is mended by an edit, and then its lines can be, too.
    pub(crate) can_mend: bool,
}

/// The block that begins here.
pub(crate) fn table(text: &str) -> Option<Table> {
    if let Some(header) = headers::header(text) {
        let mut cut = Cut::new(text, header.open, true, header.dialect);
        cut.run();
        return Some(Table {
            dialect: header.dialect,
            end: cut.at,
            entries: cut.entries,
            is_block: true,
            can_mend: false,
        });
    }
    if let Some(table) = ruby::table(text) {
        return Some(table);
    }
    let skipped = before_keyword(text);
    let keyword = text.get(skipped..)?;
    let (start, dialect) = STARTS.iter().find_map(|(start, dialect)| {
        let length = words(keyword, start)?;
        Some((skipped + length, *dialect))
    })?;
    let header = text.lines().next().unwrap_or("");
    if words(keyword, "class").is_some() && header.trim_end().ends_with(':') {
        return Some(python(text));
    }
    let open = text.get(start..)?.find(['{', '('])? + start;
    // What opens far below belongs to something else.
    if text.get(start..open)?.lines().count() > 2 {
        return None;
    }
    let is_block = text.get(open..)?.starts_with('{');
    let mut cut = Cut::new(text, open + 1, is_block, dialect);
    cut.run();
    Some(Table {
        dialect,
        end: cut.at,
        entries: cut.entries,
        is_block,
        can_mend: super::item(text, text).is_some_and(|it| it.edit.is_some()),
    })
}

const STARTS: &[(&str, Dialect)] = &[
    ("model", Dialect::Prisma),
    ("create table", Dialect::Sql),
    ("table", Dialect::Sql),
    ("class", Dialect::Script),
    ("interface", Dialect::Script),
    ("struct", Dialect::Script),
];

/// The indented lines below a header.
fn python(text: &str) -> Table {
    let mut at = text.find('\n').map_or(text.len(), |end| end + 1);
    let (mut entries, mut indent) = (Vec::new(), None);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        let content = line.trim_start_matches([' ', '\t']);
        let depth = line.len() - content.len();
        if content.trim().is_empty() {
            at += line.len();
            continue;
        }
        if depth == 0 {
            break;
        }
        let first = *indent.get_or_insert(depth);
        let start = at + depth;
        at += line.len();
        // `models.CharField(` goes on until its bracket is closed.
        let mut length = content.trim_end().len();
        while length < LONGEST
            && opens(text.get(start..start + length).unwrap_or(""))
            && let Some(more) = text
                .get(at..)
                .and_then(|rest| rest.split_inclusive('\n').next())
        {
            at += more.len();
            length = text.get(start..at).unwrap_or("").trim_end().len();
        }
        let is_ours = !content.starts_with(['#', '@', '"', '\'']) && depth == first;
        if is_ours {
            entries.push(start..start + length);
        }
    }
    Table {
        dialect: Dialect::Python,
        entries,
        end: at,
        is_block: false,
        can_mend: false,
    }
}

/// Whether a bracket is open at the end of a text.
fn opens(text: &str) -> bool {
    let (mut depth, mut at) = (0_i32, 0);
    while let Some(it) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match it {
            '\'' | '"' => {
                at += parts::quoted(text.get(at..).unwrap_or("")).max(1);
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        at += it.len_utf8();
    }
    depth > 0
}

/// Cuts what stands between brackets into lines or columns.
struct Cut<'t> {
    text: &'t str,
    at: usize,
    start: usize,
    /// In braces, a line is an entry; in round brackets, a comma ends one.
    is_block: bool,
    dialect: Dialect,
    entries: Vec<Range<usize>>,
}

impl<'t> Cut<'t> {
    fn new(text: &'t str, at: usize, is_block: bool, dialect: Dialect) -> Self {
        Self {
            text,
            at,
            start: at,
            is_block,
            dialect,
            entries: Vec::new(),
        }
    }

    fn run(&mut self) {
        let mut depth = 0_usize;
        while let Some(rest) = self.text.get(self.at..)
            && let Some(it) = rest.chars().next()
        {
            let is_remark =
                rest.starts_with("//") || (self.dialect == Dialect::Sql && rest.starts_with("--"));
            match it {
                _ if is_remark && depth == 0 => {
                    self.end_entry();
                    self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                    self.start = self.at;
                    continue;
                }
                '\'' | '"' | '`' => {
                    self.at += parts::quoted(rest).max(1);
                    continue;
                }
                '(' | '[' | '{' => depth += 1,
                '}' | ')' if depth == 0 => {
                    self.end_entry();
                    self.at += 1;
                    return;
                }
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                '\n' | '\r' if depth == 0 && self.is_block => self.end_entry(),
                ',' | ';' if depth == 0 && self.is_block && self.dialect != Dialect::Prisma => {
                    let behind = rest.get(1..).unwrap_or("").trim_start_matches([' ', '\t']);
                    // What ends a line goes with it when the line is mended.
                    if behind.starts_with(['\n', '\r']) {
                        self.at += 1;
                        self.end_entry();
                        self.start = self.at;
                        continue;
                    }
                    self.end_entry();
                }
                ',' if depth == 0 && !self.is_block => self.end_entry(),
                _ => {}
            }
            self.at += it.len_utf8();
        }
        self.end_entry();
    }

    fn end_entry(&mut self) {
        let written = self.text.get(self.start..self.at).unwrap_or("");
        let content = written.trim_start();
        let start = self.at - content.len();
        let content = content.trim_end();
        if !content.is_empty()
            && content
                .starts_with(|it: char| it.is_alphanumeric() || matches!(it, '_' | '"' | '`' | '@'))
        {
            self.entries.push(start..start + content.len());
        }
        self.start = self.at
            + self
                .text
                .get(self.at..)
                .and_then(|it| it.chars().next())
                .map_or(0, char::len_utf8);
    }
}

#[cfg(test)]
mod tests {
    use super::table;

    fn entries(text: &str) -> Vec<&str> {
        let table = table(text).unwrap();
        table
            .entries
            .iter()
            .map(|it| text.get(it.clone()).unwrap())
            .collect()
    }

    #[test]
    fn columns_and_lines() {
        assert_eq!(
            entries(
                "create table a (\n  id int, -- why, not\n  b numeric(1, 2) check (b in (1, 2)),\n  unique (id)\n);\n"
            ),
            [
                "id int",
                "b numeric(1, 2) check (b in (1, 2))",
                "unique (id)"
            ]
        );
        assert_eq!(
            entries("model A {\n  a Int // x\n\n  @@index([a, b])\n}\n"),
            ["a Int", "@@index([a, b])"]
        );
        assert_eq!(
            entries("interface A { a: string; b?: number }"),
            ["a: string", "b?: number"]
        );
        assert_eq!(
            entries(
                "class A(models.Model):\n    a = f(\n        b=1,\n    )\n\n    def x(self):\n        return 1\n\nb = 1\n"
            ),
            ["a = f(\n        b=1,\n    )", "def x(self):"]
        );
    }
}
