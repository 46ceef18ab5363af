mod template;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use appspec_analysis::compile;
use appspec_diagnostics::{Diagnostic, Diagnostics, Origin, Severity, Source, Sources, codes};

use crate::Exit;
use crate::cli::New;
use crate::findings::{self, Shown};
use crate::output::{create_folders, reason, remove_empty};
use crate::spec::{SpecFiles, as_word, is_word};
use crate::terminal::Terminal;

use template::Module;
pub(crate) use template::Template;

/// Where a new spec goes, and what it is called.
#[derive(Clone, Debug)]
pub(crate) struct NewProject {
    folder: PathBuf,
    name: String,
}

impl NewProject {
    /// The last part of the path is the name.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let folder = PathBuf::from(text);
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .ok_or("a name is needed: `appspecc new library`")?;
        if is_word(&name) {
            return Ok(Self { folder, name });
        }
        let parent = folder.parent().unwrap_or(Path::new(""));
        Err(format!(
            "a project is named in lower-case letters, digits and `_`, a letter first; try `{}`",
            parent.join(as_word(&name, "my_app")).display()
        ))
    }
}

/// `appspecc new NAME`
pub(crate) fn run(arguments: &New, terminal: &mut Terminal) -> Exit {
    let NewProject { folder, name } = &arguments.name;
    let modules = arguments.from.modules(name, &title(name));
    if let Some(why) = taken(arguments.from, name) {
        let red = terminal.paint_err().red("error:");
        terminal.err(&format!(
            "{red} a project can't be called `{name}`: {why}\n\n\
             Choose another name{}\n",
            another(arguments)
        ));
        return Exit::Usage;
    }
    let mut found = Diagnostics::new();
    if let Err(finding) = write(folder, name, &modules) {
        found.push(*finding);
    }
    let exit = Exit::of(&found);
    if exit != Exit::Fine {
        let spec = SpecFiles::in_memory(folder.clone(), sources(&modules));
        findings::show(&found, &spec, Shown::IN_PASSING, terminal);
    } else if !terminal.quiet {
        let shown = folder.display();
        let bold = terminal.paint().bold(&format!("{shown}/{name}.appspec"));
        terminal.out(&format!(
            "{bold} is a small spec that works.\n\n\
             Next:\n  \
             appspecc dev {shown}      runs it here, and follows each change\n  \
             appspecc check {shown}    says what is wrong in it\n  \
             appspecc build {shown}    writes the Django project, to {shown}/build/{name}\n"
        ));
    }
    exit
}

/// Why a name that is a plain word can't be that of a project.
fn taken(from: Template, name: &str) -> Option<String> {
    let mut modules = from.modules(name, &title(name));
    let (root, others) = modules.split_first_mut()?;
    if others.iter().any(|module| module.name == *name) {
        return Some("the spec to start from has a module of that name".to_owned());
    }
    // A module without an entity may have any name, but no spec stays like that.
    if from == Template::Blank {
        root.text.push_str("entity First { number: int }\n");
    }
    // Django or Python may have taken it; the compiler knows.
    let (_, found) = compile(&mut sources(&modules));
    let finding = found
        .iter()
        .find(|it| it.code.severity == Severity::Error)?;
    let label = finding.primary.as_ref().map(|label| label.text.clone());
    // Where two places are at odds, only the message says how.
    label
        .filter(|_| finding.notes.is_empty())
        .or_else(|| Some(finding.message.clone()))
}

/// The command with a name that is free, where `my_` makes it one.
fn another(arguments: &New) -> String {
    let NewProject { folder, name } = &arguments.name;
    let other = format!("my_{name}");
    if taken(arguments.from, &other).is_some() {
        return String::new();
    }
    let from = match arguments.from {
        Template::Library => String::new(),
        other => format!(" --from {}", other.name()),
    };
    let path = folder.with_file_name(other);
    format!(": appspecc new {}{from}", path.display())
}

fn sources(modules: &[Module]) -> Sources {
    let mut sources = Sources::new();
    for module in modules {
        sources.add(Source {
            path: module.path(),
            module: module.name.clone(),
            origin: Origin::Spec,
            text: module.text.clone(),
        });
    }
    sources
}

/// `town_library` is "Town library".
fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Makes the folder with all files, or nothing: they are written beside it and moved as one.
fn write(folder: &Path, name: &str, modules: &[Module]) -> Result<(), Box<Diagnostic>> {
    let failed = |path: &Path, error: &io::Error| {
        let message = format!("can't write `{}`: {}", path.display(), reason(error));
        Box::new(
            Diagnostic::without_place(&codes::world::CANT_WRITE, message).help(
                "look at the permissions of the folder and at the space on the disk; nothing has been written",
            ),
        )
    };
    let is_there = match fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(in_use(folder));
            }
            true
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(in_use(folder)),
        Err(error) => return Err(failed(folder, &error)),
    };
    // A link to an empty folder stays a link.
    let folder = if is_there {
        folder
            .canonicalize()
            .map_err(|error| failed(folder, &error))?
    } else {
        folder.to_owned()
    };
    let above = folder.parent().unwrap_or(Path::new(""));
    let made = create_folders(above).map_err(|failure| failed(&failure.path, &failure.error))?;
    let staged = above.join(format!(".{name}.{}", std::process::id()));
    let written = stage(&staged, modules).and_then(|()| {
        // Elsewhere an empty folder gives way by itself.
        if is_there && cfg!(windows) {
            fs::remove_dir(&folder)?;
        }
        fs::rename(&staged, &folder)
    });
    written.map_err(|error| {
        // What can't be removed either is at least hidden, and in nobody's way.
        let _ = fs::remove_dir_all(&staged);
        remove_empty(&made);
        failed(&folder, &error)
    })
}

fn stage(folder: &Path, modules: &[Module]) -> io::Result<()> {
    let vscode = folder.join(".vscode");
    fs::create_dir_all(&vscode)?;
    for (file, content) in [
        (
            vscode.join("settings.json"),
            include_str!("new/settings.json"),
        ),
        (vscode.join("tasks.json"), include_str!("new/tasks.json")),
        (folder.join(".gitignore"), include_str!("new/gitignore")),
    ] {
        fs::write(file, content)?;
    }
    for module in modules {
        fs::write(folder.join(module.path()), &module.text)?;
    }
    Ok(())
}

fn in_use(folder: &Path) -> Box<Diagnostic> {
    let message = format!("`{}` exists and is not an empty folder", folder.display());
    Box::new(
        Diagnostic::without_place(&codes::world::FOLDER_IN_USE, message)
            .help("choose another name; nothing was written"),
    )
}
