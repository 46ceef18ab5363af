use std::fmt::{self, Write as _};
use std::path::Path;

use appspec_diagnostics::render::clean;
use appspec_ir::Spec;

use crate::output::Summary;
use crate::table;
use crate::terminal::Paint;

/// More migrations than this are counted and not named.
const MOST_MIGRATIONS: usize = 8;

/// The same for values that only `PostgreSQL` stores.
const MOST_REFUSED: usize = 8;

/// What a build says when it is done.
pub(crate) struct Report<'a> {
    pub(crate) spec: &'a Spec,
    /// How many files the spec has.
    pub(crate) files: usize,
    /// How many warnings the spec says are meant.
    pub(crate) acknowledged: usize,
    /// Where the project is.
    pub(crate) folder: &'a Path,
    pub(crate) summary: &'a Summary,
    /// The rules that rows may break from now on.
    pub(crate) dropped: &'a [String],
    /// Whether nothing was to be written.
    pub(crate) check: bool,
    /// Whether each file and each rule is listed.
    pub(crate) verbose: bool,
    pub(crate) paint: Paint,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let project = &self.spec.project;
        write!(
            out,
            "{} ({}): {}",
            self.paint.bold(&clean(&project.title)),
            project.name,
            table::counts(self.spec, self.files)
        )?;
        match self.acknowledged {
            0 => writeln!(out)?,
            count => {
                let warnings =
                    table::number(count, "acknowledged warning", "acknowledged warnings");
                writeln!(out, ", {warnings}")?;
            }
        }
        self.write_files(out)?;
        if self.verbose {
            out.write_str("\nRules, and where each is enforced:\n\n")?;
            out.write_str(&table::rules(self.spec, self.paint, false))?;
        }
        self.write_refused(out)?;
        self.write_weaker(out)?;
        self.write_next(out)
    }
}

impl Report<'_> {
    /// What happened to the files.
    fn write_files(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = self.summary;
        let folder = self.folder.to_string_lossy();
        let folder = clean(&folder);
        let edited = !summary.kept.is_empty();
        if summary.is_unchanged() {
            let total = summary.unchanged.len() + summary.kept.len();
            writeln!(
                out,
                "{} {folder} is what the spec says{} ({}); nothing {} written.",
                self.paint.green("✓"),
                if edited {
                    ", but for what you keep"
                } else {
                    ""
                },
                table::number(total, "file", "files"),
                if self.check { "would be" } else { "was" },
            )?;
        } else if self.check {
            let cross = self.paint.red("×");
            writeln!(out, "{cross} {folder} is not what the spec says:")?;
        } else {
            writeln!(out, "{} {folder}", self.paint.green("✓"))?;
        }
        let mut rows = Vec::new();
        // The last column: whether the files are named and not only counted.
        let lists = [
            ("new", &summary.new, self.check || self.verbose),
            ("changed", &summary.changed, self.check || self.verbose),
            ("unchanged", &summary.unchanged, self.verbose),
            ("removed", &summary.removed, true),
            ("yours, added", &summary.stubs, true),
            ("yours, unused", &summary.unused, true),
            ("edited, kept", &summary.kept, true),
        ];
        for (name, list, named) in lists {
            let said_already = name == "unchanged" && summary.is_unchanged() && !self.verbose;
            if list.is_empty() || said_already {
                continue;
            }
            let count = table::number(list.len(), "file", "files");
            rows.push(vec![name.to_owned(), count]);
            if named {
                rows.extend(list.iter().map(|path| vec![String::new(), path.clone()]));
            }
        }
        let migrations = self.migrations();
        if !migrations.is_empty() {
            let shown = if self.verbose {
                migrations.len()
            } else {
                MOST_MIGRATIONS
            };
            let mut text = migrations
                .iter()
                .take(shown)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            if let Some(more) = migrations.len().checked_sub(shown).filter(|more| *more > 0) {
                let _ = write!(text, ", and {more} more");
            }
            rows.push(vec!["migrations".to_owned(), text]);
        }
        out.write_str(&table::align(&rows))?;
        match self.dropped {
            [] => Ok(()),
            dropped => writeln!(out, "  no longer enforced: {}", dropped.join(", ")),
        }
    }

    /// What the project can be given on `PostgreSQL` alone. No warning: who runs nothing else has nothing to change.
    fn write_refused(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused = appspec_django::refused_by_sqlite(self.spec);
        if refused.is_empty() {
            return Ok(());
        }
        out.write_str(
            "\nSQLite holds 15 digits of a decimal and refuses more. Only PostgreSQL stores:\n",
        )?;
        let shown = if self.verbose {
            refused.len()
        } else {
            MOST_REFUSED
        };
        for value in refused.iter().take(shown) {
            writeln!(out, "  {value}")?;
        }
        match refused.len().saturating_sub(shown) {
            0 => Ok(()),
            more => writeln!(out, "  and {more} more"),
        }
    }

    /// What another program can do to a `SQLite` file and not to `PostgreSQL`.
    fn write_weaker(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weaker = appspec_django::asked_by_the_connection(self.spec);
        if weaker.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\nOn SQLite the project asks these rules at the end of a transaction, and no other program can:\n  {}",
            weaker.join(", ")
        )
    }

    /// `booking 0001_initial` for every migration of this build.
    fn migrations(&self) -> Vec<String> {
        self.summary
            .new
            .iter()
            .filter_map(|path| {
                let (app, file) = path.strip_suffix(".py")?.split_once("/migrations/")?;
                (file != "__init__").then(|| format!("{app} {file}"))
            })
            .collect()
    }

    /// The commands that come next.
    fn write_next(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.summary.new.iter().any(|path| path == "manage.py");
        let folder = shell_word(&self.folder.to_string_lossy());
        if self.check {
            if !self.summary.is_unchanged() {
                out.write_str(
                    "\nNext: run the same command without --check, and commit the result.\n",
                )?;
            }
            return Ok(());
        }
        let mut commands = Vec::new();
        if first {
            commands.extend([
                "python3 -m venv .venv",
                ". .venv/bin/activate",
                "pip install --require-hashes -r requirements/development.txt",
            ]);
        }
        let path = "requirements/development.txt";
        let needs_packages = !first && self.summary.changed.iter().any(|it| it == path);
        if needs_packages {
            commands.push("pip install --require-hashes -r requirements/development.txt");
        }
        // Packages bring migrations of their own.
        if first || needs_packages || !self.migrations().is_empty() {
            commands.push("python manage.py migrate");
        }
        if self.has_new_seeds() {
            commands.push("python manage.py seed");
        }
        if first {
            commands.extend([
                "python manage.py createsuperuser",
                "python manage.py runserver",
            ]);
        }
        if commands.is_empty() {
            return Ok(());
        }
        if first {
            write!(out, "\nNext:\n  cd {folder}\n")?;
        } else {
            writeln!(out, "\nNext, in {folder}:")?;
        }
        commands
            .iter()
            .try_for_each(|command| writeln!(out, "  {command}"))
    }

    /// Whether this build wrote lookup rows that the database does not have yet.
    fn has_new_seeds(&self) -> bool {
        let summary = self.summary;
        let mut written = summary.new.iter().chain(&summary.changed);
        written.any(|path| path.ends_with("/seeds.py"))
    }
}

/// A path as a shell takes it.
fn shell_word(path: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | ',' | ':');
    if !path.is_empty() && path.chars().all(plain) && !path.starts_with('-') {
        path.to_owned()
    } else if clean(path) == path && !path.contains(['\n', '\t']) {
        format!("'{}'", path.replace('\'', r"'\''"))
    } else {
        // Bash and Zsh read every byte of it, and a terminal obeys none.
        let escaped: String = path
            .bytes()
            .map(|byte| match byte {
                b'\'' | b'\\' => format!("\\{}", char::from(byte)),
                b' '..=b'~' => char::from(byte).to_string(),
                _ => format!("\\x{byte:02x}"),
            })
            .collect();
        format!("$'{escaped}'")
    }
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_path_can_be_pasted() {
        assert_eq!(shell_word("build/salon"), "build/salon");
        assert_eq!(shell_word("my specs/it's"), r"'my specs/it'\''s'");
        assert_eq!(shell_word("a\u{1b}[2J'\\"), r"$'a\x1b[2J\'\\'");
    }
}
