use std::path::Path;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};

use super::read::shown;

/// The dotted module name of a file: `people/staff.appspec` is `people.staff`.
///
/// A module is a Python package later, so each part has to be a plain word.
pub(super) fn module_name(folder: &Path, path: &str, findings: &mut Diagnostics) -> Option<String> {
    let stem = path.strip_suffix(".appspec").unwrap_or(path);
    if stem.split('/').all(is_word) {
        return Some(stem.replace('/', "."));
    }
    let suggestion: Vec<String> = stem.split('/').map(|part| as_word(part, "main")).collect();
    findings.push(
        Diagnostic::without_place(
            &codes::world::FILE_NAME,
            format!("the file name `{path}` can't be the name of a module"),
        )
        .help(format!(
            "a module is named by its file, in lower-case letters, digits and `_`, a letter first; rename it to \
             `{}.appspec`",
            suggestion.join("/")
        ))
        .about_file(shown(&folder.join(path))),
    );
    None
}

/// Whether a name needs no change to be a module's.
pub(crate) fn is_word(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The word nearest to a name: `Über uns` is `uber_uns`. Where no letter of it is one that a module may have, `instead`.
pub(crate) fn as_word(name: &str, instead: &str) -> String {
    let mut word = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => word.push(c),
            'à'..='å' => word.push('a'),
            'è'..='ë' => word.push('e'),
            'ì'..='ï' => word.push('i'),
            'ò'..='ö' | 'ø' => word.push('o'),
            'ù'..='ü' => word.push('u'),
            'ç' => word.push('c'),
            'ñ' => word.push('n'),
            'ß' => word.push_str("ss"),
            _ if !word.is_empty() && !word.ends_with('_') => word.push('_'),
            _ => {}
        }
    }
    let word = word.trim_end_matches('_');
    if word.is_empty() {
        instead.to_owned()
    } else if is_word(word) {
        word.to_owned()
    } else {
        format!("part_{word}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_become_dots() {
        let mut findings = Diagnostics::new();
        let name = module_name(Path::new("salon"), "people/staff.appspec", &mut findings);
        assert_eq!(name.as_deref(), Some("people.staff"));
        assert!(findings.is_empty());
    }

    #[test]
    fn a_suggestion_is_always_a_word() {
        for (name, word) in [
            ("Über uns", "uber_uns"),
            ("my-app", "my_app"),
            ("2024", "part_2024"),
            ("予約", "main"),
            ("_x", "x"),
        ] {
            assert_eq!(as_word(name, "main"), word);
            assert!(is_word(word), "{word}");
        }
    }
}
