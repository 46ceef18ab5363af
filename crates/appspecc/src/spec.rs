//! Reading a spec from disk: which files it has, and their texts.

mod discover;
mod module_name;
mod read;
mod unsaved;

pub(crate) use module_name::{as_word, is_word};

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use appspec_diagnostics::render::Files;
use appspec_diagnostics::{Diagnostics, FileId, Sources};

use self::read::Content;
use self::unsaved::Unsaved;

/// The files of a spec.
pub(crate) struct SpecFiles {
    /// The folder that everything is relative to.
    pub(crate) folder: PathBuf,
    /// Their texts, sorted by path. Compiling adds the modules of the standard library that are used.
    pub(crate) sources: Sources,
    /// How many of the sources are files of the spec.
    pub(crate) count: usize,
    /// What went wrong while reading; with an error here there is nothing to compile.
    pub(crate) findings: Diagnostics,
    /// The file whose text came from an editor.
    pub(crate) unsaved: Option<FileId>,
    /// What the editor sent, every byte of it.
    pub(crate) sent: Vec<u8>,
}

impl SpecFiles {
    /// Sources that are in no file yet.
    pub(crate) fn in_memory(folder: PathBuf, sources: Sources) -> Self {
        Self {
            folder,
            count: sources.len(),
            sources,
            findings: Diagnostics::new(),
            unsaved: None,
            sent: Vec::new(),
        }
    }

    /// The sources with their names as the reader of this terminal would write them.
    pub(crate) fn for_rendering(&self) -> Files<'_> {
        let folder = self.folder.to_string_lossy().replace('\\', "/");
        let folder = folder.strip_prefix("./").unwrap_or(&folder);
        Files::new(&self.sources).in_folder(if folder == "." { "" } else { folder })
    }
}

/// A file by itself, every byte of it.
pub(crate) struct File {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// How its place is shown.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Reads the files that paths mean by themselves, each once: no spec has to be complete.
pub(crate) fn files(paths: &[PathBuf], findings: &mut Diagnostics) -> Vec<File> {
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for path in paths {
        for path in discover::files(path, findings) {
            let is_new = path.canonicalize().map_or(true, |real| seen.insert(real));
            if is_new && let Some(text) = read::read_all(&path, findings) {
                let name = read::shown(&path);
                files.push(File { path, name, text });
            }
        }
    }
    files
}

/// Reads what comes in on a stream.
pub(crate) fn stream(
    name: &str,
    stream: impl Read,
    findings: &mut Diagnostics,
) -> Result<String, Vec<u8>> {
    let (sent, content) = read::read_stream(name, stream, findings);
    content
        .and_then(|content| content.text(findings))
        .ok_or(sent)
}

/// The files of a spec's folder with what changes when they are written: noticing it costs no reading.
pub(crate) fn stamps(folder: &Path) -> BTreeMap<PathBuf, Option<(SystemTime, u64)>> {
    discover::list(folder, &mut Diagnostics::new())
        .into_iter()
        .map(|(file, _)| {
            let data = std::fs::metadata(&file).ok();
            let stamp = data.and_then(|data| Some((data.modified().ok()?, data.len())));
            (file, stamp)
        })
        .collect()
}

/// Reads the spec that a path given on the command line means: a folder, or one of the spec's files.
pub(crate) fn load(path: &Path) -> SpecFiles {
    gather(path, None, Diagnostics::new())
}

/// Reads the spec that a file belongs to, with the text of that file from `content` instead of the disk.
pub(crate) fn load_unsaved(file: &Path, content: impl Read) -> SpecFiles {
    let mut findings = Diagnostics::new();
    let (sent, content) = read::read_stream(&read::shown(file), content, &mut findings);
    let unsaved = match content {
        Some(Content::Text(text)) => Unsaved::new(file, text, &mut findings),
        Some(broken) => {
            return SpecFiles {
                sent,
                ..alone(file, broken)
            };
        }
        None => None,
    };
    let read = match unsaved {
        Some(unsaved) => gather(file, Some(&unsaved), findings),
        None => SpecFiles {
            findings,
            ..SpecFiles::in_memory(file.to_owned(), Sources::new())
        },
    };
    SpecFiles { sent, ..read }
}

/// A file without the rest of its spec, to show what is wrong with it.
fn alone(file: &Path, content: Content) -> SpecFiles {
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut read = SpecFiles::in_memory(folder, Sources::new());
    let found = discover::Found::new(name.into_owned(), content);
    found.add_to(None, &mut read.sources, &mut read.findings);
    read
}

fn gather(path: &Path, unsaved: Option<&Unsaved>, mut findings: Diagnostics) -> SpecFiles {
    let (folder, found) = discover::discover(path, unsaved, &mut findings);
    let mut sources = Sources::new();
    for file in found {
        let module = module_name::module_name(&folder, &file.path, &mut findings);
        file.add_to(module, &mut sources, &mut findings);
    }
    let unsaved = unsaved.and_then(|it| {
        let path = it.below(&folder)?;
        let (file, _) = sources.iter().find(|(_, source)| source.path == path)?;
        Some(file)
    });
    SpecFiles {
        folder,
        count: sources.len(),
        sources,
        findings,
        unsaved,
        sent: Vec::new(),
    }
}
