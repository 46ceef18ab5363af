//! A Python module among the templates, cut into its imports and the statements at its left margin, so that a
//! project gets the definitions that it needs and no others.

use std::collections::{BTreeMap, BTreeSet};

/// The longest line, as the formatter has it.
const WIDTH: usize = 100;

/// A module as text in parts.
pub(super) struct Source<'t> {
    /// The module's documentation and what comes from `__future__`.
    head: String,
    /// Its imports, in groups with a blank line between them.
    groups: Vec<Group<'t>>,
    /// Its statements.
    pub(super) pieces: Vec<Piece<'t>>,
}

/// Imports without a blank line between them.
struct Group<'t> {
    /// Whether only type checkers see them.
    for_types: bool,
    imports: Vec<Import<'t>>,
}

/// `from module import names`, or `import module` where there are no names.
struct Import<'t> {
    module: &'t str,
    names: Vec<&'t str>,
}

/// One statement with the comments and decorators above it.
pub(super) struct Piece<'t> {
    text: &'t str,
    /// The blank lines above it.
    gap: usize,
    /// What it defines.
    pub(super) names: Vec<&'t str>,
    /// Every word of its code, without its documentation.
    pub(super) words: BTreeSet<&'t str>,
}

impl<'t> Source<'t> {
    pub(super) fn parse(text: &'t str) -> Self {
        let mut source = Self {
            head: String::new(),
            groups: Vec::new(),
            pieces: Vec::new(),
        };
        for (statement, gap) in statements(text) {
            if statement.starts_with("\"\"\"") || statement.starts_with("from __future__") {
                source.head.push_str(&"\n".repeat(gap));
                source.head.push_str(statement);
                source.head.push('\n');
            } else if let Some(import) = import(statement) {
                match source.groups.last_mut() {
                    Some(group) if gap == 0 && !group.for_types => group.imports.push(import),
                    _ => source.groups.push(Group {
                        for_types: false,
                        imports: vec![import],
                    }),
                }
            } else if let Some(groups) = imports_for_types(statement) {
                source.groups.extend(groups);
            } else {
                source.pieces.push(Piece {
                    text: statement,
                    gap,
                    names: defined(statement),
                    words: words(statement),
                });
            }
        }
        source
    }

    /// Where each imported name comes from, whoever sees it.
    pub(super) fn origins(&self) -> BTreeMap<&'t str, &'t str> {
        self.groups
            .iter()
            .flat_map(|group| &group.imports)
            .flat_map(Import::names)
            .collect()
    }

    /// Every place of a statement.
    #[cfg(test)]
    pub(super) fn all(&self) -> BTreeSet<usize> {
        (0..self.pieces.len()).collect()
    }

    /// What the statements at these places define.
    pub(super) fn names_of(
        &self,
        is_meant: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = &'t str> {
        self.pieces
            .iter()
            .enumerate()
            .filter(move |(place, _)| is_meant(*place))
            .flat_map(|(_, piece)| piece.names.iter().copied())
    }

    /// The statements that these names need, their own included.
    pub(super) fn reach<'n>(&'n self, names: impl IntoIterator<Item = &'n str>) -> BTreeSet<usize> {
        let mut waiting: Vec<&str> = names.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            for (place, piece) in self.pieces.iter().enumerate() {
                if piece.names.contains(&name) && reached.insert(place) {
                    waiting.extend(&piece.words);
                }
            }
        }
        reached
    }

    /// The words of these statements.
    pub(super) fn words(&self, kept: &BTreeSet<usize>) -> BTreeSet<&'t str> {
        kept.iter()
            .filter_map(|place| self.pieces.get(*place))
            .flat_map(|piece| piece.words.iter().copied())
            .collect()
    }

    /// The module with these statements alone, and the imports that they need.
    pub(super) fn print(&self, kept: &BTreeSet<usize>) -> String {
        let mut text = self.head.clone();
        text.push_str(&self.print_imports(self.words(kept)));
        let mut gap = 0;
        let mut is_first = true;
        for (place, piece) in self.pieces.iter().enumerate() {
            gap = gap.max(piece.gap);
            if !kept.contains(&place) {
                continue;
            }
            if is_first {
                gap = if piece.is_block() { 2 } else { 1 };
            }
            text.push_str(&"\n".repeat(gap));
            text.push_str(piece.text);
            text.push('\n');
            (gap, is_first) = (0, false);
        }
        text
    }

    fn print_imports(&self, mut words: BTreeSet<&str>) -> String {
        let mut printed: Vec<(&Group<'_>, String)> = Vec::new();
        // Those for types come last, and need a name that the others import.
        for group in self.groups.iter().rev() {
            let lines = group.print(&words);
            if !lines.is_empty() {
                if group.for_types {
                    words.insert("TYPE_CHECKING");
                }
                printed.push((group, lines));
            }
        }
        let mut text = String::new();
        let mut in_block = false;
        for (group, lines) in printed.into_iter().rev() {
            text.push('\n');
            if group.for_types && !in_block {
                text.push_str("if TYPE_CHECKING:\n");
            }
            in_block = group.for_types;
            text.push_str(&lines);
        }
        text
    }
}

impl Piece<'_> {
    /// Whether it is a class or a function, which stands two lines apart.
    fn is_block(&self) -> bool {
        self.text
            .lines()
            .find(|line| !line.starts_with('#'))
            .is_some_and(|line| {
                ["@", "class ", "def "]
                    .iter()
                    .any(|start| line.starts_with(start))
            })
    }
}

impl Group<'_> {
    /// The imports of these words.
    fn print(&self, words: &BTreeSet<&str>) -> String {
        let indent = if self.for_types { "    " } else { "" };
        self.imports
            .iter()
            .filter_map(|import| import.print(words, indent))
            .collect()
    }
}

impl<'t> Import<'t> {
    /// The names with the module that they come from.
    fn names(&self) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.names.iter().map(|name| (*name, self.module))
    }

    fn print(&self, words: &BTreeSet<&str>, indent: &str) -> Option<String> {
        let module = self.module;
        if self.names.is_empty() {
            return words
                .contains(module)
                .then(|| format!("{indent}import {module}\n"));
        }
        let wanted: Vec<&str> = self
            .names
            .iter()
            .copied()
            .filter(|name| words.contains(name))
            .collect();
        if wanted.is_empty() {
            return None;
        }
        let line = format!("{indent}from {module} import {}\n", wanted.join(", "));
        Some(if line.len() <= WIDTH + 1 {
            line
        } else {
            let separator = format!(",\n{indent}    ");
            let names = wanted.join(&separator);
            format!("{indent}from {module} import (\n{indent}    {names},\n{indent})\n")
        })
    }
}

/// The names that a Python file imports, with the modules that they come from.
pub(crate) fn imported(text: &str) -> Vec<(&str, &str)> {
    imports_of(head(text))
}

fn imports_of(text: &str) -> Vec<(&str, &str)> {
    statements(text)
        .into_iter()
        .flat_map(|(statement, _)| match import(statement) {
            Some(import) => vec![import],
            None => imports_for_types(statement)
                .into_iter()
                .flatten()
                .flat_map(|group| group.imports)
                .collect(),
        })
        .flat_map(|import| import.names().collect::<Vec<_>>())
        .collect()
}

/// The part of a file in which its imports are: above its first statement of another kind.
fn head(text: &str) -> &str {
    const STARTS: [&str; 9] = [
        "import ",
        "from ",
        "if TYPE_CHECKING:",
        "#",
        "\"\"\"",
        "r\"\"\"",
        " ",
        ")",
        "\n",
    ];
    let (mut at, mut is_quoted) = (0, false);
    for line in text.split_inclusive('\n') {
        if !is_quoted && !STARTS.iter().any(|start| line.starts_with(start)) {
            break;
        }
        is_quoted ^= line.matches("\"\"\"").count() % 2 == 1;
        at += line.len();
    }
    text.get(..at).unwrap_or(text)
}

/// The statements at the left margin, each with the number of blank lines above it.
fn statements(text: &str) -> Vec<(&str, usize)> {
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    let (mut at, mut blank, mut is_open, mut is_quoted) = (0, 0, false, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let was_quoted = is_quoted;
        // Most lines have no quote at all, and looking for one byte is cheap.
        is_quoted ^= line.contains('"') && line.matches("\"\"\"").count() % 2 == 1;
        if was_quoted {
            // Documentation of several paragraphs, whatever its lines begin with.
            if let Some((_, last, _)) = found.last_mut() {
                *last = end;
            }
        } else if line.trim().is_empty() {
            blank += 1;
        } else {
            let goes_on = line.starts_with([' ', ')', ']', '}']) || line.starts_with("else:");
            match found.last_mut() {
                Some((_, last, _)) if goes_on || (is_open && blank == 0) => *last = end,
                _ => found.push((at, end, blank)),
            }
            // A comment or a decorator belongs to what follows.
            is_open = if goes_on {
                is_open
            } else {
                line.starts_with(['#', '@'])
            };
            blank = 0;
        }
        at = end;
    }
    found
        .into_iter()
        .filter_map(|(start, end, gap)| Some((text.get(start..end)?.trim_end(), gap)))
        .collect()
}

/// Reads `import module` and `from module import names`.
fn import(statement: &str) -> Option<Import<'_>> {
    if let Some(module) = statement.strip_prefix("import ") {
        return Some(Import {
            module,
            names: Vec::new(),
        });
    }
    let (module, names) = statement.strip_prefix("from ")?.split_once(" import ")?;
    let names = names
        .split(|letter: char| !is_word(letter))
        .filter(|name| !name.is_empty())
        .collect();
    Some(Import { module, names })
}

/// Reads an `if TYPE_CHECKING:` that holds nothing but imports.
fn imports_for_types(statement: &str) -> Option<Vec<Group<'_>>> {
    let mut rest = statement.strip_prefix("if TYPE_CHECKING:\n")?;
    let mut groups = vec![Group::for_types()];
    while !rest.is_empty() {
        let line = rest.lines().next().unwrap_or_default();
        let end = if line.ends_with('(') {
            rest.find(')').map_or(rest.len(), |end| end + 1)
        } else {
            line.len()
        };
        let (own, others) = rest.split_at_checked(end)?;
        if own.is_empty() {
            groups.push(Group::for_types());
        } else if let Some(group) = groups.last_mut() {
            group.imports.push(import(own.trim_start())?);
        }
        rest = others.strip_prefix('\n').unwrap_or(others);
    }
    Some(groups)
}

impl Group<'_> {
    /// No imports yet.
    fn for_types() -> Self {
        Self {
            for_types: true,
            imports: Vec::new(),
        }
    }
}

/// What a statement defines; both branches of an `if` define the same.
fn defined(statement: &str) -> Vec<&str> {
    let inside = if statement.starts_with("if ") {
        "    "
    } else {
        ""
    };
    let mut names: Vec<&str> = statement
        .lines()
        .filter_map(|line| defined_by(line.strip_prefix(inside)?))
        .collect();
    names.dedup();
    names
}

/// The name after `class` or `def`, or before `=` or `:`.
fn defined_by(line: &str) -> Option<&str> {
    let block = ["class ", "def "]
        .iter()
        .find_map(|word| line.strip_prefix(word));
    if let Some(block) = block {
        return block.split(|letter: char| !is_word(letter)).next();
    }
    let (name, _) = line.split_once([':', ' '])?;
    (!name.is_empty() && name.chars().all(is_word)).then_some(name)
}

/// The words of a statement's code: comments and documentation are none.
fn words(statement: &str) -> BTreeSet<&str> {
    statement
        .split("\"\"\"")
        .step_by(2)
        .flat_map(str::lines)
        .map(|line| line.split_once("# ").map_or(line, |(code, _)| code))
        .flat_map(|line| line.split(|letter: char| !is_word(letter)))
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "\"\"\"Words.\"\"\"

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from collections.abc import (
        Iterator,
        Mapping,
    )

    from django.db.models import Model

FIRST = 1
# Why this is two.
SECOND: int = 2


def one(model: Model) -> date:
    \"\"\"Say json.\"\"\"
    return other(FIRST)  # a datetime


@decorated(
    1,
)
class Two(models.Model):
    field = json.loads(\"{}\")

    def method(self) -> Mapping[str, int]:
        return {}


if TYPE_CHECKING:
    _Base = models.Field[int]
else:
    _Base = models.Field


def other(number: int) -> date:
    return date(2026, 1, number)
";

    fn picked(names: &[&str]) -> String {
        let source = Source::parse(MODULE);
        source.print(&source.reach(names.iter().copied()))
    }

    #[test]
    fn no_template_imports_below_its_head() {
        use super::super::{PICKED, SEED_COMMAND, TESTS, WHOLE};
        let all = WHOLE
            .iter()
            .chain(&PICKED)
            .chain(&TESTS)
            .chain(&SEED_COMMAND);
        for (path, text) in all {
            assert_eq!(imported(text), imports_of(text), "{path}");
        }
        assert!(!imported(MODULE).is_empty());
        assert_eq!(imported(MODULE), imports_of(MODULE));
        assert!(head(MODULE).ends_with("import Model\n\n"));
    }

    #[test]
    fn documentation_may_have_paragraphs() {
        let text = "\"\"\"One.\n\nTwo, at the margin.\n\"\"\"\n\nimport json\n\nFIRST = json.loads(\"1\")\n";
        let source = Source::parse(text);
        assert_eq!(source.print(&source.all()), text);
    }

    #[test]
    fn everything_is_the_module_itself() {
        let source = Source::parse(MODULE);
        let names: Vec<&str> = source.names_of(|_| true).collect();
        assert_eq!(names, ["FIRST", "SECOND", "one", "Two", "_Base", "other"]);
        assert_eq!(
            picked(&["Two", "one", "SECOND", "_Base"]),
            MODULE
                .replace("import date, datetime", "import date")
                .replace("(\n        Iterator,\n        Mapping,\n    )", "Mapping")
        );
    }

    #[test]
    fn a_name_brings_what_it_needs() {
        insta::assert_snapshot!(picked(&["one"]));
    }
}
