//! Small specs as text: what the compiler says about them, without a process and without a disk.

use std::path::Path;

use appspec_backend::Backend;
use appspec_diagnostics::{Diagnostics, Origin, Source, Sources};

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
        let module = path.trim_end_matches(".appspec").replace('/', ".");
        sources.add(Source {
            path,
            module,
            origin: Origin::Spec,
            text,
        });
    }
    sources
}

/// Everything that `appspecc check` would report about the spec, in reading order.
pub fn findings(sources: &mut Sources) -> Diagnostics {
    let (compiled, mut findings) = appspec_analysis::compile(sources);
    if let Some(compiled) = compiled
        && !findings.has_errors()
    {
        appspec_django::Django.check(&compiled.spec, &mut findings);
    }
    findings.sort();
    findings
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
