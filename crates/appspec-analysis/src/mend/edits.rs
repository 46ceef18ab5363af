//! Which edits go together, and texts with edits made.

use std::collections::BTreeMap;
use std::ops::Range;

use appspec_diagnostics::{Diagnostic, FileId, Sources, Span, codes::name};

/// One replacement in one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Replacement {
    pub(super) file: FileId,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Replacement {
    fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether it can't be said what both together would make. Two insertions at one place have no order.
    fn collides(&self, other: &Self) -> bool {
        let (a, b) = (self.range(), other.range());
        self.file == other.file && (a.start < b.end && b.start < a.end || a.start == b.start)
    }
}

/// What one finding asks for; all of it is made, or nothing.
#[derive(Clone, Debug)]
pub(super) struct Fix<'d> {
    pub(super) finding: &'d Diagnostic,
    pub(super) replacements: Vec<Replacement>,
}

/// The edits of a finding, if all of them lie where something may be changed.
pub(super) fn fix<'d>(
    finding: &'d Diagnostic,
    sources: &Sources,
    may_change: &dyn Fn(FileId) -> bool,
) -> Option<Fix<'d>> {
    let mut replacements = Vec::with_capacity(finding.edits.len());
    for edit in &finding.edits {
        let text = &sources
            .get(edit.span.file)
            .filter(|_| may_change(edit.span.file))?
            .text;
        let Range { start, end } = whole_lines(text, edit.span, &edit.text);
        let replaced = text.get(start..end)?;
        if *finding.code == name::UNKNOWN && is_the_declaration(replaced, &edit.text, sources) {
            return None;
        }
        replacements.push(Replacement {
            file: edit.span.file,
            start,
            end,
            text: with_line_ends_of(text, &edit.text),
        });
    }
    replacements.sort();
    let apart = replacements
        .iter()
        .zip(replacements.iter().skip(1))
        .all(|(one, next)| !one.collides(next));
    (apart && !replacements.is_empty()).then_some(Fix {
        finding,
        replacements,
    })
}

/// Where a name that nothing declares stands more often than the one it resembles, the slip is in the declaration, and
/// what to do about that is not certain: it may have been built. A `was` says that it is the old name, however often it stands.
fn is_the_declaration(unknown: &str, declared: &str, sources: &Sources) -> bool {
    let is_letter = |it: char| it.is_alphanumeric() || it == '_';
    if unknown.is_empty() || !unknown.chars().all(is_letter) {
        return false;
    }
    let words = || {
        let texts = sources.iter().map(|(_, source)| source.text.as_str());
        texts.flat_map(|text| {
            text.split(|it| !is_letter(it))
                .filter(|word| !word.is_empty())
        })
    };
    let is_renamed = words()
        .zip(words().skip(1))
        .any(|(word, next)| word == "was" && next == unknown);
    if is_renamed {
        return false;
    }
    let count = |wanted: &str| words().filter(|word| *word == wanted).count();
    // What is built in is declared nowhere.
    let declared = count(declared);
    declared > 0 && count(unknown) > declared
}

/// Those that can be made together; of two that collide, the earlier one. Two that ask for the same are one.
pub(super) fn together(fixes: Vec<Fix<'_>>) -> Vec<Fix<'_>> {
    let mut taken: BTreeMap<FileId, BTreeMap<usize, Replacement>> = BTreeMap::new();
    let mut chosen = Vec::new();
    for fix in fixes {
        let free = fix.replacements.iter().all(|it| {
            let of_file = taken.entry(it.file).or_default();
            let before = of_file.range(..=it.start).next_back();
            let behind = of_file.range(it.start..).next();
            let mut near = before.into_iter().chain(behind);
            near.all(|(_, other)| other == it || !other.collides(it))
        });
        if free {
            for it in &fix.replacements {
                let of_file = taken.entry(it.file).or_default();
                of_file.insert(it.start, it.clone());
            }
            chosen.push(fix);
        }
    }
    chosen
}

/// The files that change, as they are with all replacements made.
pub(super) fn applied(sources: &Sources, fixes: &[Fix<'_>]) -> BTreeMap<FileId, String> {
    let mut of_files: BTreeMap<FileId, Vec<&Replacement>> = BTreeMap::new();
    for it in fixes.iter().flat_map(|fix| &fix.replacements) {
        of_files.entry(it.file).or_default().push(it);
    }
    let mut texts = BTreeMap::new();
    for (file, mut replacements) in of_files {
        replacements.sort();
        replacements.dedup();
        let text = sources.get(file).map_or("", |source| source.text.as_str());
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for it in replacements {
            out.push_str(text.get(at..it.start).unwrap_or(""));
            out.push_str(&it.text);
            at = it.end;
        }
        out.push_str(text.get(at..).unwrap_or(""));
        texts.insert(file, out);
    }
    texts
}

/// Where something is removed and nothing else stands on its lines, they go as a whole.
fn whole_lines(text: &str, span: Span, replacement: &str) -> Range<usize> {
    let (start, end) = (span.start as usize, span.end as usize);
    let (before, behind) = (text.get(..start), text.get(end..));
    let (Some(before), Some(behind), "", true) = (before, behind, replacement, start < end) else {
        return start..end;
    };
    let blanks = [' ', '\t'];
    let before = before.trim_end_matches(blanks);
    let behind = behind.trim_start_matches(blanks);
    let begins = before.is_empty() || before.ends_with('\n');
    let line_end = ["\r\n", "\n"].into_iter().find(|it| behind.starts_with(it));
    match (begins, line_end) {
        (true, Some(line_end)) => before.len()..text.len() - behind.len() + line_end.len(),
        (true, None) if behind.is_empty() => before.len()..text.len(),
        _ => start..end,
    }
}

/// New lines end as those of the file.
fn with_line_ends_of(text: &str, inserted: &str) -> String {
    let first = text.split_inclusive('\n').next().unwrap_or("");
    if first.ends_with("\r\n") {
        inserted.replace('\n', "\r\n")
    } else {
        inserted.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use appspec_diagnostics::{FileId, Span};

    use super::{Replacement, whole_lines, with_line_ends_of};

    #[test]
    fn a_line_of_which_nothing_is_left_goes() {
        let text = "one\n  two  \r\nthree // four\nfive";
        let removed = |word: &str| {
            let start = u32::try_from(text.find(word).unwrap()).unwrap();
            let end = start + u32::try_from(word.len()).unwrap();
            let range = whole_lines(text, Span::new(FileId(0), start, end), "");
            text.get(range).unwrap()
        };
        assert_eq!(removed("one"), "one\n");
        assert_eq!(removed("two"), "  two  \r\n");
        assert_eq!(removed("three"), "three");
        assert_eq!(removed("five"), "five");
        let somewhere = Span::new(FileId(0), 0, 3);
        assert_eq!(whole_lines(text, somewhere, "other"), 0..3);
    }

    #[test]
    fn line_ends_are_those_of_the_file() {
        assert_eq!(with_line_ends_of("a\r\nb", "\n}"), "\r\n}");
        assert_eq!(with_line_ends_of("a\nb\r\n", "\n}"), "\n}");
        assert_eq!(with_line_ends_of("", "\n}"), "\n}");
    }

    #[test]
    fn neighbours_do_not_collide() {
        let at = |start, end| Replacement {
            file: FileId(0),
            start,
            end,
            text: String::new(),
        };
        assert!(!at(0, 2).collides(&at(2, 4)));
        assert!(!at(0, 2).collides(&at(2, 2)));
        assert!(at(0, 2).collides(&at(1, 3)));
        assert!(at(0, 2).collides(&at(1, 1)));
        assert!(at(2, 2).collides(&at(2, 2)));
        assert!(at(2, 2).collides(&at(2, 3)));
    }
}
