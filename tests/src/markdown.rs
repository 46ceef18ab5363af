//! The documents of this repository, and the fenced blocks in them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::surroundings::tests_folder;

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line of the fence, from one.
    pub line: usize,
    /// The first word behind the fence: `appspec`, `console`.
    pub language: String,
    /// The second word: the file that the block is or changes. Readers see it in the text above.
    pub file: Option<String>,
    /// The heading of level two above it; empty before the first.
    pub section: String,
    /// The lines, each with its end.
    pub text: String,
}

/// The top folder of the repository.
pub fn repository() -> &'static Path {
    tests_folder().parent().expect("tests lies in a folder")
}

/// A document, by its path from the top.
pub fn document(path: &str) -> String {
    let file = repository().join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Every Markdown file for readers: `README.md` and those below `docs`, by their paths from the top.
pub fn documents() -> Vec<String> {
    let mut folders = vec![repository().join("docs")];
    let mut found = vec!["README.md".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("read a folder") {
            let path: PathBuf = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                let path = path.strip_prefix(repository()).expect("below the top");
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// The fenced blocks of a document, in order.
///
/// # Panics
/// If one does not end.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    let mut section = "";
    for (index, line) in text.lines().enumerate() {
        match &mut open {
            Some(block) if line == "```" => {
                blocks.push(block.clone());
                open = None;
            }
            Some(block) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {
                if let Some(words) = line.trim_start().strip_prefix("```") {
                    let mut words = words.split_whitespace().map(str::to_owned);
                    open = Some(Block {
                        line: index + 1,
                        language: words.next().unwrap_or_default(),
                        file: words.next(),
                        section: section.to_owned(),
                        text: String::new(),
                    });
                } else if let Some(heading) = line.strip_prefix("## ") {
                    section = heading;
                }
            }
        }
    }
    assert_eq!(open, None, "a block does not end");
    blocks
}

/// A text after a `diff` block: the lines with `-` give way to those with `+`, the others stand around them.
pub fn changed(text: &str, diff: &str) -> Result<String, String> {
    let side = |gone: char| {
        let lines = diff.lines().filter(|line| !line.starts_with(gone));
        let lines = lines.map(|line| line.get(1..).unwrap_or_default());
        lines.collect::<Vec<&str>>()
    };
    let (before, after) = (side('+'), side('-'));
    let lines: Vec<&str> = text.lines().collect();
    let places = lines.windows(before.len().max(1));
    let places: Vec<usize> = places
        .enumerate()
        .filter(|(_, there)| *there == before)
        .map(|(at, _)| at)
        .collect();
    let [at] = places[..] else {
        let found = places.len();
        return Err(format!("there {found} times:\n{}", before.join("\n")));
    };
    let changed = [&lines[..at], &after, &lines[at + before.len()..]].concat();
    Ok(changed.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_where_they_stand() {
        let found = blocks("# T\n\n```sh\nls\n```\n\n## Two\n\n```text\na\n\n## b\n```\n");
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.line, &*it.language, &*it.section, &*it.text))
            .collect();
        assert_eq!(
            told,
            [(3, "sh", "", "ls\n"), (9, "text", "Two", "a\n\n## b\n")]
        );
    }

    #[test]
    fn a_difference_has_one_place() {
        let text = "a\nb\nc\n";
        assert_eq!(changed(text, " a\n-b\n+x\n").unwrap(), "a\nx\nc\n");
        assert_eq!(changed(text, " b\n+x\n").unwrap(), "a\nb\nx\nc\n");
        assert!(changed(text, "-x\n").is_err());
        assert!(changed("a\na\n", "-a\n").is_err());
    }

    #[test]
    #[should_panic(expected = "does not end")]
    fn a_block_has_an_end() {
        blocks("```sh\nls\n");
    }
}
