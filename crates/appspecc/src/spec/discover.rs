use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use appspec_diagnostics::{Diagnostic, Diagnostics, Origin, Source, Sources, Span, codes};

use super::read::{Content, Wrong, is_file, read, shown, unreadable, without_mark};
use super::unsaved::Unsaved;

/// What holds other people's files, or ours.
const SKIPPED: [&str; 6] = [
    "__pycache__",
    "build",
    "dist",
    "node_modules",
    "target",
    "venv",
];

/// A file of a spec.
pub(super) struct Found {
    /// Relative to the spec's folder, with `/`.
    pub(super) path: String,
    text: String,
    /// A byte order mark stands before the text.
    has_mark: bool,
    /// Why it is no file of a spec.
    wrong: Option<Wrong>,
}

impl Found {
    pub(super) fn new(path: String, content: Content) -> Self {
        let (text, wrong) = match content {
            Content::Text(text) => (text, None),
            Content::Broken(text, wrong) => (text, Some(wrong)),
        };
        let length = text.len();
        let text = without_mark(text);
        let mark = length - text.len();
        let wrong = wrong.map(|wrong| Wrong {
            at: wrong.at.saturating_sub(mark),
            ..wrong
        });
        Self {
            path,
            text,
            has_mark: mark > 0,
            wrong,
        }
    }

    /// Adds the file to the sources, and what is wrong with it to the findings. One without the name of a module is only added
    /// to show what is wrong with it.
    pub(super) fn add_to(
        self,
        module: Option<String>,
        sources: &mut Sources,
        findings: &mut Diagnostics,
    ) {
        if module.is_none() && self.wrong.is_none() {
            return;
        }
        let file = sources.add(Source {
            path: self.path,
            module: module.unwrap_or_default(),
            origin: Origin::Spec,
            text: self.text,
        });
        if self.has_mark {
            sources.mark(file);
        }
        if let Some(wrong) = self.wrong {
            let at = u32::try_from(wrong.at).unwrap_or(u32::MAX);
            let found = Diagnostic::new(wrong.code, Span::new(file, at, at), wrong.message);
            findings.push(found.label(wrong.label).help(wrong.help));
        }
    }

    /// Whether the file says `project NAME`. Only a guess, to find the folder; the parser decides.
    fn is_root(&self) -> bool {
        self.text.lines().any(|line| {
            line.strip_prefix("project")
                .filter(|rest| rest.starts_with([' ', '\t']))
                .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_alphabetic()))
        })
    }

    /// Whether some line between items has the word, perhaps in a header with a mistake.
    fn may_be_root(&self) -> bool {
        let mut lines = self.text.lines();
        lines.any(|line| !line.starts_with([' ', '\t', '/']) && line.contains("project"))
    }

    /// Whether nothing is in it.
    fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The folder that the file lies in, relative to the spec's folder.
    fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// The folder of the spec that a path means, and all its files, sorted.
///
/// The folder is the one that holds the file with `project`: the path's own, else one below, and for a file
/// else one above. A folder says exactly where to look: one above it is pointed to, and not read.
pub(super) fn discover(
    path: &Path,
    unsaved: Option<&Unsaved>,
    findings: &mut Diagnostics,
) -> (PathBuf, Vec<Found>) {
    let Some(start) = start(path, unsaved.is_some(), findings) else {
        return (path.to_owned(), Vec::new());
    };
    let mut found = collect(&start, unsaved, findings);
    if findings.has_errors() || found.iter().any(|file| file.wrong.is_some()) {
        return (start, found);
    }
    if found.is_empty() {
        findings.push(no_spec(&start));
        return (start, found);
    }
    let roots: BTreeSet<&str> = found
        .iter()
        .filter(|file| file.is_root())
        .map(Found::folder)
        .collect();
    match (roots.first(), roots.last()) {
        (Some(first), Some(last)) if first == last => {
            let folder = (*first).to_owned();
            below(start, &folder, found, findings)
        }
        // Two `project`s, one above the other, are for the compiler to refuse.
        (Some(&""), _) => (start, found),
        (Some(_), Some(_)) => {
            findings.push(several(&start, &roots));
            (start, found)
        }
        _ if path.is_dir() && found.iter().all(Found::is_empty) => {
            let said = nothing_said(&start, &found);
            if let Some(first) = found.first_mut() {
                first.wrong = Some(said);
            }
            (start, found)
        }
        _ => match above(&start) {
            // A `project` that can't be read is for the compiler to name.
            Some(_) if found.iter().any(Found::may_be_root) => (start, found),
            Some(folder) if path.is_dir() => {
                findings.push(only_a_part(&start, &folder));
                (start, found)
            }
            Some(folder) => {
                let found = collect(&folder, unsaved, findings);
                (folder, found)
            }
            None => (start, found),
        },
    }
}

/// The folder to look in.
fn start(path: &Path, may_be_new: bool, findings: &mut Diagnostics) -> Option<PathBuf> {
    let is_folder = match fs::metadata(path) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) if may_be_new && error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !path.is_symlink() => {
            findings.push(nothing_at(path));
            return None;
        }
        Err(error) => {
            findings.push(unreadable(path, &error));
            return None;
        }
    };
    if is_folder {
        return Some(path.to_owned());
    }
    if path
        .extension()
        .is_some_and(|extension| extension == "appspec")
    {
        let folder = path.parent().unwrap_or(Path::new(""));
        let here = folder.as_os_str().is_empty();
        return Some(if here {
            PathBuf::from(".")
        } else {
            folder.to_owned()
        });
    }
    findings.push(not_a_spec(path));
    None
}

fn nothing_at(path: &Path) -> Diagnostic {
    let message = format!("there is nothing at `{}`", path.display());
    let help = if path == Path::new("-") {
        "name the file whose text comes in on standard input: `appspecc check --stdin-path FILE`"
    } else {
        "give the folder of a spec; `appspecc new NAME` makes one"
    };
    Diagnostic::without_place(&codes::world::NOT_FOUND, message).help(help)
}

/// The files that a path means by itself: those in a folder and below, or one file.
pub(super) fn files(path: &Path, findings: &mut Diagnostics) -> Vec<PathBuf> {
    if start(path, false, findings).is_none() {
        return Vec::new();
    }
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let listed = list(path, findings);
    if listed.is_empty() && !findings.has_errors() {
        findings.push(no_spec(path));
    }
    listed.into_iter().map(|(file, _)| file).collect()
}

/// Every `.appspec` file in a folder and below, sorted by path.
fn collect(folder: &Path, unsaved: Option<&Unsaved>, findings: &mut Diagnostics) -> Vec<Found> {
    let unsaved = unsaved.and_then(|it| Some((it.below(folder)?, it)));
    let is_unsaved = |path: &str| unsaved.as_ref().is_some_and(|(it, _)| it == path);
    let mut found: Vec<Found> = list(folder, findings)
        .into_iter()
        .filter(|(_, path)| !is_unsaved(path))
        .filter_map(|(file, path)| Some(Found::new(path, read(&file, findings)?)))
        .collect();
    if let Some((path, unsaved)) = &unsaved {
        found.push(Found {
            path: path.clone(),
            text: unsaved.text.clone(),
            has_mark: unsaved.has_mark,
            wrong: None,
        });
        found.sort_by(|a, b| a.path.cmp(&b.path));
    }
    findings.sort();
    found
}

/// The `.appspec` files of a folder and below, sorted: where they are, and relative to the folder.
pub(super) fn list(folder: &Path, findings: &mut Diagnostics) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut seen: BTreeSet<PathBuf> = folder.canonicalize().into_iter().collect();
    let mut pending = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = pending.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                findings.push(unreadable(&folder, &error));
                continue;
            }
        };
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = entry.path();
            let relative = format!("{prefix}{name}");
            let kind = entry.file_type();
            let is_link = kind.as_ref().is_ok_and(fs::FileType::is_symlink);
            let is_folder = if is_link {
                path.is_dir()
            } else {
                kind.is_ok_and(|kind| kind.is_dir())
            };
            let is_named_so = Path::new(&name)
                .extension()
                .is_some_and(|it| it == "appspec");
            if is_named_so {
                match is_file(&path) {
                    Ok(true) => found.push((path, relative)),
                    Ok(false) => findings.push(not_a_file(&path)),
                    Err(error) => findings.push(unreadable(&path, &error)),
                }
            } else if is_folder && !SKIPPED.contains(&name.as_str()) {
                // A link may lead back to where we came from.
                if !is_link || path.canonicalize().is_ok_and(|real| seen.insert(real)) {
                    pending.push((path, format!("{relative}/")));
                }
            }
        }
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    findings.sort();
    found
}

/// Makes a folder below the root; what lies outside of it would not be read.
fn below(
    start: PathBuf,
    folder: &str,
    found: Vec<Found>,
    findings: &mut Diagnostics,
) -> (PathBuf, Vec<Found>) {
    if folder.is_empty() {
        return (start, found);
    }
    let prefix = format!("{folder}/");
    let mut inside = Vec::new();
    for file in found {
        if let Some(rest) = file.path.strip_prefix(&prefix) {
            inside.push(Found {
                path: rest.to_owned(),
                ..file
            });
        } else {
            findings.push(
                Diagnostic::without_place(
                    &codes::world::OUTSIDE,
                    format!("`{}` lies outside `{folder}`, the folder of the spec", file.path),
                )
                .help(format!(
                    "a spec is the folder of the file with `project`: move the file into `{folder}`, or say which \
                     spec is meant with `appspecc check {}`",
                    shown(&start.join(folder))
                ))
                .about_file(shown(&start.join(&file.path))),
            );
        }
    }
    (start.join(folder), inside)
}

/// The nearest folder above that directly holds a file with `project`, within the same repository.
fn above(start: &Path) -> Option<PathBuf> {
    let mut folder = start.to_owned();
    let depth = start.canonicalize().ok()?.components().count();
    for _ in 1..depth {
        if folder.join(".git").exists() {
            return None;
        }
        folder = match folder.components().next_back() {
            Some(Component::Normal(_)) => match folder.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
                _ => PathBuf::from("."),
            },
            Some(Component::CurDir) | None => PathBuf::from(".."),
            _ => folder.join(".."),
        };
        let mut ignored = Diagnostics::new();
        let has_root = fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|it| it == "appspec"))
            .filter(|path| path.is_file())
            .filter_map(|path| read(&path, &mut ignored))
            .any(|content| Found::new(String::new(), content).is_root());
        if has_root {
            return Some(folder);
        }
    }
    None
}

fn not_a_spec(path: &Path) -> Diagnostic {
    Diagnostic::without_place(
        &codes::world::NOT_A_SPEC,
        format!("`{}` is not an .appspec file", path.display()),
    )
    .help("give the folder of the spec, or a file of it whose name ends in `.appspec`")
}

fn not_a_file(path: &Path) -> Diagnostic {
    Diagnostic::without_place(
        &codes::world::NOT_A_FILE,
        format!(
            "`{}` is named like a spec but is not a file",
            path.display()
        ),
    )
    .help("give it a name without `.appspec`")
    .about_file(shown(path))
}

fn no_spec(folder: &Path) -> Diagnostic {
    let finding = Diagnostic::without_place(
        &codes::world::NO_SPEC,
        format!("there is no .appspec file in `{}`", folder.display()),
    );
    match above(folder) {
        // Perhaps a stranger's: whoever begins in an empty folder wants to know how.
        Some(spec) => {
            let spec = named(&spec);
            finding.help(format!(
                "`appspecc new NAME` makes one; the nearest spec above is in `{spec}`"
            ))
        }
        None => finding.help("give the folder of a spec; `appspecc new NAME` makes one"),
    }
}

/// Files, and not a word in them.
fn nothing_said(folder: &Path, found: &[Found]) -> Wrong {
    let message = match found {
        [file] => format!("`{}` is empty", shown(&folder.join(&file.path))),
        _ => format!(
            "all {} files in `{}` are empty",
            found.len(),
            folder.display()
        ),
    };
    Wrong {
        code: &codes::module::NO_PROJECT,
        at: 0,
        message,
        label: "nothing is written here",
        help: "write `project name { title: \"…\" }` at the top of one file",
    }
}

/// A folder with files of a spec whose `project` may stand in a folder above.
fn only_a_part(folder: &Path, spec: &Path) -> Diagnostic {
    Diagnostic::without_place(
        &codes::module::NO_PROJECT,
        format!("no file in `{}` has a `project`", folder.display()),
    )
    .help(format!(
        "if it is a part of the spec in `{spec}`, give that folder, as in `appspecc check {spec}`; else write \
         `project name {{ title: \"…\" }}` at the top of one file",
        spec = named(spec)
    ))
}

/// A folder as it is given on a command line.
fn named(spec: &Path) -> String {
    match shown(spec) {
        here if here.is_empty() => ".".to_owned(),
        folder => folder,
    }
}

fn several(start: &Path, roots: &BTreeSet<&str>) -> Diagnostic {
    let folders: Vec<String> = roots.iter().map(|root| shown(&start.join(root))).collect();
    Diagnostic::without_place(
        &codes::world::SEVERAL_SPECS,
        format!("there are {} specs in `{}`", folders.len(), start.display()),
    )
    .help(format!(
        "say which one is meant:\n  {}",
        folders.join("\n  ")
    ))
}
