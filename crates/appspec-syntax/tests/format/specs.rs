//! Every spec of the repository, and what two texts have in common.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use appspec_diagnostics::{Diagnostics, FileId};
use appspec_syntax::{FormatError, format, parse};

use crate::dump;

/// A spec and where it was found.
pub(crate) struct Spec {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Every `.appspec` file, and every block of that language in the documents.
pub(crate) fn all() -> Vec<Spec> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut specs = Vec::new();
    for folder in ["crates", "docs", "stdlib", "tests"] {
        collect(&root.join(folder), &mut specs);
    }
    // Some folders are seen twice, through a link.
    let mut seen = BTreeSet::new();
    specs.retain(|spec| seen.insert(spec.text.clone()));
    specs
}

fn collect(folder: &Path, specs: &mut Vec<Spec>) {
    let entries = std::fs::read_dir(folder).expect("a folder can be read");
    let mut paths: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.to_string_lossy().into_owned();
        let is = |wanted| path.extension().is_some_and(|it| it == wanted);
        if path.is_dir() {
            collect(&path, specs);
        } else if is("appspec") {
            let text = std::fs::read_to_string(&path).expect("a spec is a text");
            specs.push(Spec { name, text });
        } else if is("md") {
            let text = std::fs::read_to_string(&path).expect("a page is a text");
            let blocks = text.split("```appspec\n").skip(1);
            specs.extend(blocks.map(|block| Spec {
                name: name.clone(),
                text: block.split("```").next().unwrap_or(block).to_owned(),
            }));
        }
    }
}

/// The text in its one layout; the formatter's own proof has to hold.
pub(crate) fn formatted(name: &str, text: &str) -> String {
    match format(text) {
        Ok(formatted) => formatted.text,
        Err(FormatError::Unreadable(_)) => text.to_owned(),
        Err(error) => panic!("{name}: {error:?}\n{text}"),
    }
}

/// The tree, in a form that has no places; it does not come from the formatter.
pub(crate) fn tree(text: &str) -> String {
    let mut found = Diagnostics::new();
    let mut file = parse(FileId(0), text, &mut found);
    file.comments.clear();
    let mut codes: Vec<_> = found.iter().map(|it| it.code.id).collect();
    codes.sort_unstable();
    format!("{codes:?}\n{}", dump::file(&file))
}

/// The comments in order, without documentation, which is part of the tree.
pub(crate) fn comments(text: &str) -> Vec<&str> {
    let mut found = Diagnostics::new();
    let file = parse(FileId(0), text, &mut found);
    let comments = file.comments.iter().map(|span| {
        let range = span.start as usize..span.end as usize;
        text.get(range)
            .expect("a comment is in its file")
            .trim_end_matches([' ', '\t', '\r', '\n'])
    });
    comments.collect()
}
