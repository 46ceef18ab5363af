use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use appspec_analysis::{Mended, Mending, mend};
use appspec_diagnostics::{Diagnostic, Diagnostics, FileId, codes::world};

use crate::output::{reason, replace};
use crate::spec::SpecFiles;
use crate::table::number;
use crate::terminal::Terminal;

/// What some editors put before a text, and reading leaves out.
const MARK: &str = "\u{feff}";

/// How much of a changed text is told.
const MOST_TOLD: usize = 48;

/// Mends what is certain in the files of a spec, all of them or none, and tells what was done. What can't be
/// written is a finding, and then nothing changes.
pub(super) fn files(spec: &mut SpecFiles, found: &mut Diagnostics, terminal: &mut Terminal) {
    let mending = mend(&spec.sources, &|_| true);
    let refused = write(spec, &mending);
    if refused.is_empty() {
        finish(spec, &mending, terminal);
    } else {
        for finding in refused {
            found.push(finding);
        }
    }
}

/// Mends what is certain in the text that an editor sent, and answers with the whole text. An editor puts the answer in the
/// place of what it has, so a text that can't be mended comes back as it is.
pub(super) fn input(spec: &mut SpecFiles, is_readable: bool, terminal: &mut Terminal) {
    let Some(file) = spec.unsaved.filter(|_| is_readable) else {
        terminal.out_bytes(&spec.sent);
        return;
    };
    let sources = &spec.sources;
    let mending = match catch_unwind(AssertUnwindSafe(|| mend(sources, &|it| it == file))) {
        Ok(mending) => mending,
        Err(panic) => {
            terminal.out_bytes(&spec.sent);
            resume_unwind(panic);
        }
    };
    finish(spec, &mending, terminal);
    let text = spec
        .sources
        .get(file)
        .map_or("", |source| source.text.as_str());
    if spec.sources.before_text(file) > 0 {
        terminal.out(MARK);
    }
    terminal.out(text);
}

/// Puts the new texts in the place of the old ones, and says what was mended.
fn finish(spec: &mut SpecFiles, mending: &Mending, terminal: &mut Terminal) {
    if !terminal.quiet {
        terminal.err(&told(spec, mending));
    }
    for (file, text) in &mending.texts {
        spec.sources.replace(*file, text.clone());
    }
}

/// Replaces every file that changes; if one can't be, none is, as far as can be told before.
fn write(spec: &SpecFiles, mending: &Mending) -> Vec<Diagnostic> {
    let looked = mending
        .texts
        .iter()
        .map(|(file, text)| look(spec, *file, text));
    let (mut files, mut refused) = (Vec::new(), Vec::new());
    for result in looked {
        match result {
            Ok(file) => files.push(file),
            Err(finding) => refused.push(*finding),
        }
    }
    if !refused.is_empty() {
        return refused;
    }
    let texts: Vec<(&Path, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_path(), text.as_str()))
        .collect();
    let results = replace(&texts).into_iter();
    results
        .filter_map(|result| result.err().map(|finding| *finding))
        .collect()
}

/// Where a file is and what it is to hold, if it is still what was read and may be written.
fn look(spec: &SpecFiles, file: FileId, text: &str) -> Result<(PathBuf, String), Box<Diagnostic>> {
    let source = spec.sources.get(file);
    let (name, read) = source.map_or(("", ""), |it| (it.path.as_str(), it.text.as_str()));
    let path = spec.folder.join(name);
    let shown = path.strip_prefix(".").unwrap_or(&path).display();
    let cant = |why: &str| {
        let message = format!("can't write `{shown}`: {why}");
        Box::new(
            Diagnostic::without_place(&world::CANT_WRITE, message)
                .help("nothing was changed; make the file writable, or leave `--fix` out"),
        )
    };
    let bytes = fs::read(&path).map_err(|error| cant(&reason(&error)))?;
    let is_read_only = fs::metadata(&path).is_ok_and(|it| it.permissions().readonly());
    if is_read_only {
        return Err(cant("it is read-only"));
    }
    let on_disk = String::from_utf8_lossy(&bytes);
    match on_disk.strip_prefix(MARK) {
        Some(rest) if rest == read => Ok((path, format!("{MARK}{text}"))),
        _ if on_disk == read => Ok((path, text.to_owned())),
        _ => Err(Box::new(
            Diagnostic::without_place(
                &world::CHANGED_MEANWHILE,
                format!("`{shown}` was changed while it was being mended"),
            )
            .help("nothing was written; run `appspecc check --fix` again"),
        )),
    }
}

/// A line for each finding that is gone.
fn told(spec: &SpecFiles, mending: &Mending) -> String {
    let files = spec.for_rendering();
    let mut out = String::new();
    for it in &mending.mended {
        let (line, column) = it.position;
        let place = format!("{}:{line}:{column}", visible(&files.name(it.file)));
        let changes = changes(it).join(", ");
        let _ = writeln!(out, "fixed {place}: {}: {changes}", it.code.id);
    }
    if !mending.mended.is_empty() {
        let findings = number(mending.mended.len(), "finding", "findings");
        let files = number(mending.texts.len(), "file", "files");
        let _ = writeln!(out, "{findings} mended in {files}\n");
    }
    out
}

/// `` `Custmer` is now `Customer` ``
fn changes(mended: &Mended) -> Vec<String> {
    let changes = mended.changes.iter().map(|(before, after)| {
        let (before, after) = (visible(before.trim()), visible(after.trim()));
        match (before.as_str(), after.as_str()) {
            ("", "") => "lines joined".to_owned(),
            ("", added) => format!("`{added}` added"),
            (removed, "") => format!("`{removed}` removed"),
            (before, after) => format!("`{before}` is now `{after}`"),
        }
    });
    changes.collect()
}

/// Text of a spec in a line of a terminal: nothing in it is obeyed, and it is not endless.
fn visible(text: &str) -> String {
    let mut letters = text.chars();
    let mut shown: String = letters
        .by_ref()
        .take(MOST_TOLD)
        .map(|it| if it.is_control() { '·' } else { it })
        .collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use appspec_diagnostics::{Origin, Source, Sources};

    use super::*;

    /// A file on disk, and the spec that was read from what `read` says.
    fn spec(on_disk: &str, read: &str) -> (tempfile::TempDir, SpecFiles, Mending) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shop.appspec"), on_disk).unwrap();
        let mut sources = Sources::new();
        sources.add(Source {
            path: "shop.appspec".to_owned(),
            module: "shop".to_owned(),
            origin: Origin::Spec,
            text: read.to_owned(),
        });
        let mending = mend(&sources, &|_| true);
        assert_eq!(mending.texts.len(), 1);
        let spec = SpecFiles::in_memory(folder.path().to_owned(), sources);
        (folder, spec, mending)
    }

    const WRONG: &str = "project shop { titel: \"Shop\" }\r\n";

    fn content(folder: &tempfile::TempDir) -> String {
        fs::read_to_string(folder.path().join("shop.appspec")).unwrap()
    }

    #[test]
    fn a_file_that_was_changed_meanwhile_is_left_alone() {
        let (folder, spec, mending) = spec("project other { }\n", WRONG);
        let refused = write(&spec, &mending);
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].code.id, "world::changed_meanwhile");
        assert_eq!(content(&folder), "project other { }\n");
    }

    #[test]
    fn a_mark_and_line_ends_stay() {
        let (folder, spec, mending) = spec(&format!("{MARK}{WRONG}"), WRONG);
        assert!(write(&spec, &mending).is_empty());
        let right = WRONG.replace("titel", "title");
        assert_eq!(content(&folder), format!("{MARK}{right}"));
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_sent() {
        assert_eq!(visible("a\u{1b}[31mb\n"), "a·[31mb·");
        assert_eq!(visible(&"x".repeat(60)).chars().count(), MOST_TOLD + 1);
    }
}
