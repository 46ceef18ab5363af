//! A small spec in successive versions, for tests that are about the build and not about the spec.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// The file, and therefore the Django app: `shelf`.
pub const FILE: &str = "shelf.appspec";

const PROJECT: &str = r#"/// Lends books.
project library {
  title: "Library"
  timezone: "Europe/Lisbon"
  language: "en"
}
"#;

/// Two entities and a relation.
pub fn first() -> String {
    format!(
        r"{PROJECT}
/// Somebody who wrote a book.
entity Author {{
  shown as name
  name: text(100)
}}

/// Something to read.
entity Book {{
  shown as title
  title: text(200)
  pages: int in 1..10000
  author: Author on delete cascade inverse books
}}
"
    )
}

/// New fields, a renamed field, a renamed entity, a new entity, a new index.
pub fn second() -> String {
    format!(
        r"{PROJECT}
/// Somebody who wrote a book.
entity Writer was Author {{
  shown as name
  name: text(100)
  born: date?
}}

/// Something to read.
entity Book {{
  shown as title
  title: text(200)
  length: int in 1..10000 was pages
  copies: int = 1
  subtitle: text(200)?
  author: Writer on delete cascade inverse books

  index (title, length desc)
}}

/// A place where books stand.
entity Shelf {{
  shown as label
  label: text(40) unique
}}
"
    )
}

/// Many files of many entities, so that a build takes its time; `version` 2 changes all of them by
/// additions only.
pub fn write_many(folder: &Path, version: u8) {
    const MODULES: u32 = 8;
    const ENTITIES: u32 = 4;
    fs::write(folder.join("root.appspec"), PROJECT).expect("write a spec");
    for module in 0..MODULES {
        let mut text = String::new();
        for entity in 0..ENTITIES {
            let name = format!("Thing{module}x{entity}");
            let _ = writeln!(text, "/// Version {version} of a thing.");
            let _ = writeln!(
                text,
                "entity {name} {{\n  shown as name\n  name: text(100)\n  size: int in 0..100"
            );
            if version == 2 {
                let _ = writeln!(text, "  note: text(200)?\n  grade: int = 3");
            }
            let _ = writeln!(text, "}}\n");
        }
        fs::write(folder.join(format!("part{module}.appspec")), text).expect("write a spec");
    }
}

/// A spec folder that holds one file.
pub fn spec_of(text: impl AsRef<[u8]>) -> TempDir {
    let folder = TempDir::new().expect("make a temporary folder");
    rewrite(folder.path(), text);
    folder
}

/// Replaces that file.
pub fn rewrite(folder: &Path, text: impl AsRef<[u8]>) {
    fs::write(folder.join(FILE), text).expect("write a spec");
}
