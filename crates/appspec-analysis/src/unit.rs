use appspec_diagnostics::{Diagnostics, FileId, Origin, Source, Sources};
use appspec_syntax::ast::{File, Item};

use crate::one_of;
use crate::stdlib::{self, std_module};

/// One parsed module.
#[derive(Debug)]
pub(crate) struct Unit {
    /// Its dotted name.
    pub(crate) path: String,
    /// The name by which backends call it.
    pub(crate) label: String,
    /// Whether it belongs to the standard library.
    pub(crate) is_std: bool,
    /// The file, for findings about the module as a whole.
    pub(crate) file: FileId,
    /// What stands in it.
    pub(crate) ast: File,
}

/// Parses the files of the spec, then the modules of `std` that they use, directly or through one another.
///
/// Modules of the spec come first in path order, then those of `std`, so that ids never hang on chance.
pub(crate) fn parse_all(sources: &mut Sources, out: &mut Diagnostics) -> Vec<Unit> {
    let mut pending: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    let mut units = Vec::new();
    let mut wanted = vec![stdlib::AUTH.to_owned()];
    loop {
        let parsed = parse_files(sources, &pending, out);
        for unit in &parsed {
            wanted.extend(std_modules_used(&unit.ast));
        }
        units.extend(parsed);
        pending.clear();
        for path in wanted.drain(..) {
            let known = sources.iter().any(|(_, source)| source.module == path);
            let Some(module) = std_module(&path).filter(|_| !known) else {
                continue;
            };
            pending.push(sources.add(Source {
                path: module.file.to_owned(),
                module: module.path.to_owned(),
                origin: Origin::Std,
                text: module.text.to_owned(),
            }));
        }
        if pending.is_empty() {
            break;
        }
    }
    units.sort_by(|a, b| {
        let key = |unit: &Unit| {
            let path = sources.get(unit.file).map(|source| source.path.clone());
            (unit.is_std, path)
        };
        key(a).cmp(&key(b))
    });
    units
}

/// The dotted names of the `std` modules that a file asks for.
fn std_modules_used(file: &File) -> impl Iterator<Item = String> {
    file.items.iter().filter_map(|item| match item {
        Item::Use(item)
            if item
                .module
                .names
                .first()
                .is_some_and(|name| name.text == "std") =>
        {
            Some(dotted(&item.module))
        }
        _ => None,
    })
}

/// A path as it is written, without blanks.
pub(crate) fn dotted(path: &appspec_syntax::ast::Path) -> String {
    let names: Vec<&str> = path.names.iter().map(|name| name.text.as_str()).collect();
    names.join(".")
}

/// Below this many bytes, starting threads costs more than it saves.
const WORTH_THREADS: usize = 256 * 1024;

fn parse_files(sources: &Sources, files: &[FileId], out: &mut Diagnostics) -> Vec<Unit> {
    let files: Vec<(FileId, &Source)> = files
        .iter()
        .filter_map(|id| sources.get(*id).map(|source| (*id, source)))
        .collect();
    let bytes: usize = files.iter().map(|(_, source)| source.text.len()).sum();
    let results = if bytes < WORTH_THREADS || files.len() < 2 {
        files
            .iter()
            .map(|(id, source)| parse_one(*id, source))
            .collect()
    } else {
        parse_in_threads(&files)
    };
    results
        .into_iter()
        .map(|(unit, found)| {
            out.append(found);
            unit
        })
        .collect()
}

/// One chunk per thread keeps the order of results without a queue.
fn parse_in_threads(files: &[(FileId, &Source)]) -> Vec<(Unit, Diagnostics)> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = files.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = files
            .chunks(share)
            .map(|chunk| {
                let work = move || -> Vec<(Unit, Diagnostics)> {
                    chunk
                        .iter()
                        .map(|(id, source)| parse_one(*id, source))
                        .collect()
                };
                (chunk, scope.spawn(work))
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|(chunk, worker)| {
                // A worker that died is asked again here, where its panic reaches the caller's handler.
                worker.join().unwrap_or_else(|_| {
                    chunk
                        .iter()
                        .map(|(id, source)| parse_one(*id, source))
                        .collect()
                })
            })
            .collect()
    })
}

fn parse_one(file: FileId, source: &Source) -> (Unit, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut ast = appspec_syntax::parse(file, &source.text, &mut found);
    one_of::spell_out(&mut ast);
    let last = source.module.rsplit('.').next().unwrap_or(&source.module);
    let is_std = source.origin == Origin::Std;
    let label = std_module(&source.module)
        .filter(|_| is_std)
        .map_or(last, |module| module.label);
    let unit = Unit {
        path: source.module.clone(),
        label: label.to_owned(),
        is_std,
        file,
        ast,
    };
    (unit, found)
}
