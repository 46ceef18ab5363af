//! Small specs as text: what the compiler says about them, without a process and without a disk.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::render::{Files, short};
use appspec_diagnostics::{Diagnostics, Origin, Source, Sources};
use appspec_django::Django;
use appspec_evolve::{History, Migration, diff};

/// The mark of a line that begins another file of the same spec.
const FILE: &str = "// file: ";

/// The files of a spec that is written as one text. Without a line `// file: name.appspec` the text is one file,
/// `shop.appspec`.
pub fn sources(text: &str) -> Sources {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix(FILE) {
            files.push((path.trim().to_owned(), String::new()));
        } else {
            if files.is_empty() {
                files.push(("shop.appspec".to_owned(), String::new()));
            }
            if let Some((_, file)) = files.last_mut() {
                file.push_str(line);
            }
        }
    }
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.add(source(&path, text));
    }
    sources
}

/// One file of a spec.
pub fn source(path: &str, text: String) -> Source {
    Source {
        path: path.to_owned(),
        module: path.trim_end_matches(".appspec").replace('/', "."),
        origin: Origin::Spec,
        text,
    }
}

/// Everything that `appspecc check` would report about the spec, in reading order.
pub fn findings(sources: &mut Sources) -> Diagnostics {
    let (_, mut findings) = appspec_analysis::compile(sources);
    findings.sort();
    findings
}

/// What a build comes to.
#[derive(Debug)]
pub struct Built {
    /// The project's files; of the migrations, only the new ones.
    pub files: Artifacts,
    /// What is remembered of all migrations, for the next build.
    pub history: History,
}

/// What `appspecc build` would write after the builds that `history` remembers; if it would refuse, why.
pub fn build(text: &str, history: &History) -> Result<Built, String> {
    let mut sources = sources(text);
    let (compiled, mut findings) = appspec_analysis::compile(&mut sources);
    let mut changes = None;
    if let Some(compiled) = &compiled
        && !findings.has_errors()
    {
        Django.check(&compiled.spec, &mut findings);
        changes = Some(diff(history, &compiled.spec, &mut findings));
    }
    findings.without_advice();
    let (Some(compiled), Some(changes)) = (compiled, changes) else {
        return Err(short(&findings, &Files::new(&sources)));
    };
    if !findings.is_empty() {
        return Err(short(&findings, &Files::new(&sources)));
    }
    let mut files = Artifacts::new();
    Django.emit(&compiled, &changes, &mut files);
    let mut migrations: Vec<_> = history.migrations.clone();
    for (path, file) in files.iter() {
        if path.starts_with(History::FOLDER) {
            migrations.push(Migration::from_json(&file.content)?);
        }
    }
    Ok(Built {
        files,
        history: History::new(migrations),
    })
}

/// The files of a first build of the spec in a folder, by their paths.
pub fn files(path: &Path) -> Artifacts {
    let mut sources = folder(path);
    let (compiled, mut findings) = appspec_analysis::compile(&mut sources);
    let compiled = compiled.expect("a spec without errors");
    let history = History::default();
    let changes = diff(&history, &compiled.spec, &mut findings);
    assert!(!findings.has_errors());
    let mut files = Artifacts::new();
    Django.emit(&compiled, &changes, &mut files);
    files
}

/// Writes the files of a project into a folder, as the command line would.
pub fn write(files: &Artifacts, folder: &Path) {
    for (path, file) in files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(&path, &file.content).expect("a file");
        if file.executable {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
        }
    }
}

/// The files of a spec in a folder, in the order of their paths.
pub fn folder(path: &Path) -> Sources {
    let mut files: Vec<_> = std::fs::read_dir(path)
        .expect("the folder of a spec")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|file| file.extension().is_some_and(|end| end == "appspec"))
        .collect();
    files.sort();
    let mut text = String::new();
    for file in files {
        let name = file.file_name().expect("a file has a name");
        text.extend([FILE, &name.to_string_lossy(), "\n"]);
        text.push_str(&std::fs::read_to_string(&file).expect("a file of a spec"));
        text.push('\n');
    }
    sources(&text)
}
