use std::io;
use std::panic::{catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::thread;

use appspec_diagnostics::render::clean;
use appspec_diagnostics::{Diagnostics, Origin, Source, Sources};
use appspec_syntax::{FormatError, Formatted, format};

use crate::Exit;
use crate::bug;
use crate::cli::Fmt;
use crate::findings::{self, Shown};
use crate::output::{replace, unified};
use crate::spec::{self, File, SpecFiles};
use crate::table::number;
use crate::terminal::Terminal;

/// How standard input is called.
const INPUT: &str = "standard input";

/// What becomes of a file.
type Laid = Result<Formatted, FormatError>;

/// The formatter of this program, or one that fails on demand.
type Formatter = fn(&str) -> Laid;

/// `appspecc fmt [PATH]… [--check]`
pub(crate) fn run(arguments: &Fmt, terminal: &mut Terminal) -> Exit {
    let work = Work {
        check: arguments.check,
        formatter: format,
        changed: 0,
        worst: Exit::Fine,
        found: Diagnostics::new(),
        terminal,
    };
    match arguments.paths.as_slice() {
        [path] if path == Path::new("-") => work.input(),
        paths if paths.iter().any(|path| path == Path::new("-")) => {
            let red = work.terminal.paint_err().red("error:");
            let text = format!("{red} `-` is standard input and stands alone\n");
            work.terminal.err(&text);
            Exit::Usage
        }
        paths => work.files(paths),
    }
}

struct Work<'t> {
    check: bool,
    formatter: Formatter,
    /// Files that were, or would be, laid out anew.
    changed: usize,
    worst: Exit,
    /// What is wrong with the world.
    found: Diagnostics,
    terminal: &'t mut Terminal,
}

impl Work<'_> {
    fn input(mut self) -> Exit {
        let text = match spec::stream(INPUT, io::stdin().lock(), &mut self.found) {
            Ok(text) => text,
            Err(bytes) => {
                if !self.check {
                    self.terminal.out_bytes(&bytes);
                }
                return self.end();
            }
        };
        self.filter(&text);
        self.end()
    }

    /// Answers with the text in its layout. An editor puts the answer in the place of what it has, so a text that has no
    /// layout comes back as it is.
    fn filter(&mut self, text: &str) {
        let lay_out = self.formatter;
        let laid = match catch_unwind(|| lay_out(text)) {
            Ok(laid) => laid,
            Err(panic) => {
                if !self.check {
                    self.terminal.out(text);
                }
                resume_unwind(panic);
            }
        };
        match self.formatted(INPUT, text, laid) {
            formatted if !self.check => self.terminal.out(formatted.as_deref().unwrap_or(text)),
            Some(formatted) if formatted != text => self.show(INPUT, text, &formatted),
            _ => {}
        }
    }

    fn files(mut self, paths: &[PathBuf]) -> Exit {
        let files = spec::files(paths, &mut self.found);
        let mut changes = Vec::new();
        for (file, result) in files.iter().zip(lay_out(&files, self.formatter)) {
            match self.formatted(&file.name, &file.text, result) {
                Some(formatted) if formatted != file.text => changes.push((file, formatted)),
                _ => {}
            }
        }
        if self.check {
            for (file, formatted) in &changes {
                self.show(&file.name, &file.text, formatted);
            }
        } else {
            self.write(&changes);
        }
        let failed = self.worst != Exit::Fine || !self.found.is_empty();
        if !self.terminal.quiet && !failed {
            let text = self.summary(files.len());
            self.terminal.out(&text);
        }
        self.end()
    }

    fn write(&mut self, changes: &[(&File, String)]) {
        let texts: Vec<(&Path, &str)> = changes
            .iter()
            .map(|(file, formatted)| (file.path.as_path(), formatted.as_str()))
            .collect();
        for ((file, _), result) in changes.iter().zip(replace(&texts)) {
            match result {
                Ok(()) => {
                    self.changed += 1;
                    if !self.terminal.quiet {
                        self.terminal.out(&format!("{}\n", clean(&file.name)));
                    }
                }
                Err(finding) => self.found.push(*finding),
            }
        }
    }

    /// The text in its layout; nothing if there is none, which has been explained.
    fn formatted(&mut self, name: &str, text: &str, result: Laid) -> Option<String> {
        match result {
            Ok(formatted) => {
                if formatted.has_mistakes && !self.terminal.quiet {
                    let note = format!(
                        "`{}` has mistakes, which are left as they are; `appspecc check` shows them\n",
                        clean(name)
                    );
                    self.terminal.err(&note);
                }
                Some(formatted.text)
            }
            Err(FormatError::Unreadable(found)) => {
                self.unreadable(name, text, &found);
                None
            }
            Err(FormatError::Unproven(difference)) => {
                let red = self.terminal.paint_err().red("error:");
                let told = bug::in_the_formatter(name, &format!("{difference:?}"));
                self.terminal.err(&format!("{red} {told}"));
                self.worst = Exit::World;
                None
            }
        }
    }

    fn unreadable(&mut self, name: &str, text: &str, found: &Diagnostics) {
        let mut sources = Sources::new();
        sources.add(Source {
            path: name.to_owned(),
            module: String::new(),
            origin: Origin::Spec,
            text: text.to_owned(),
        });
        let spec = SpecFiles::in_memory(PathBuf::from("."), sources);
        findings::show(found, &spec, Shown::IN_PASSING, self.terminal);
        self.worst = worse(self.worst, Exit::of(found));
    }

    /// What would change.
    fn show(&mut self, name: &str, text: &str, formatted: &str) {
        self.changed += 1;
        let text = unified(&clean(name), ("as it is", text), ("formatted", formatted));
        self.terminal.out(&text);
    }

    fn summary(&self, files: usize) -> String {
        let all = number(files, "file", "files");
        match (self.changed, self.check) {
            (0, _) if files == 1 => "1 file is formatted\n".to_owned(),
            (0, _) => format!("{all} are formatted\n"),
            (changed, false) if changed == files => format!("{all} formatted\n"),
            (changed, false) => format!("{changed} of {all} formatted\n"),
            (1, true) => format!("1 of {all} is not formatted: run `appspecc fmt`\n"),
            (changed, true) => {
                format!("{changed} of {all} are not formatted: run `appspecc fmt`\n")
            }
        }
    }

    fn end(self) -> Exit {
        if !self.found.is_empty() {
            let spec = SpecFiles::in_memory(PathBuf::from("."), Sources::new());
            findings::show(&self.found, &spec, Shown::IN_PASSING, self.terminal);
        }
        match worse(self.worst, Exit::of(&self.found)) {
            Exit::Fine if self.check && self.changed > 0 => Exit::Differs,
            exit => exit,
        }
    }
}

/// Formats all files, in their order. One chunk per thread keeps it without a queue.
fn lay_out(files: &[File], formatter: Formatter) -> Vec<Laid> {
    let each = move |chunk: &[File]| -> Vec<Laid> {
        chunk.iter().map(|file| formatter(&file.text)).collect()
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(threads).max(1);
    if share == files.len() {
        return each(files);
    }
    thread::scope(|scope| {
        let workers: Vec<_> = files
            .chunks(share)
            .map(|chunk| (chunk, scope.spawn(move || each(chunk))))
            .collect();
        workers
            .into_iter()
            // A worker that died is asked again here, where its panic is explained.
            .flat_map(|(chunk, worker)| worker.join().unwrap_or_else(|_| each(chunk)))
            .collect()
    })
}

/// The failure of the world weighs most.
fn worse(one: Exit, other: Exit) -> Exit {
    if other.number() > one.number() {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use appspec_syntax::Difference;

    use super::*;
    use crate::cli::ColorWhen;

    #[test]
    fn what_is_not_proven_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.appspec");
        fs::write(&file, "entity A {a: int}").unwrap();
        for check in [false, true] {
            let mut terminal = Terminal::new(ColorWhen::Never, true);
            let work = Work {
                check,
                formatter: |_| Err(FormatError::Unproven(Difference::Tree)),
                changed: 0,
                worst: Exit::Fine,
                found: Diagnostics::new(),
                terminal: &mut terminal,
            };
            assert_eq!(work.files(std::slice::from_ref(&file)), Exit::World);
            assert_eq!(fs::read_to_string(&file).unwrap(), "entity A {a: int}");
        }
    }
}
