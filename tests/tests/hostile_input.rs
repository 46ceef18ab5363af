//! Files that nobody writes on purpose: an answer, never a crash.

use std::fmt::Write as _;

use appspec_tests::{Ran, Random, Tree, build, check, compiler, library, surroundings};
use tempfile::TempDir;

/// Both commands answer, with this exit code or one of these.
#[track_caller]
fn answered(text: impl AsRef<[u8]>, codes: &[i32]) -> Ran {
    let spec = library::spec_of(text);
    let folder = TempDir::new().unwrap();
    let built = build(spec.path(), &folder.path().join("project")).answers();
    assert!(codes.contains(&built.code().unwrap()), "{built}");
    let checked = check(spec.path()).answers();
    assert_eq!(
        built.code(),
        checked.code(),
        "build: {built}\ncheck: {checked}"
    );
    if checked.code() == Some(1) {
        assert!(
            checked.said().contains("error") || checked.said().contains("::"),
            "no diagnostic: {checked}"
        );
    }
    checked
}

/// An entity whose invariant is this.
fn invariant(expression: &str) -> String {
    library::first().replace(
        "  author:",
        &format!("  invariant odd: {expression}\n  author:"),
    )
}

#[test]
fn ten_megabytes() {
    let mut text = library::first();
    let mut number = 0;
    while text.len() < 10_000_000 {
        let _ = writeln!(
            text,
            "entity Thing{number} {{\n  name: text(100)\n  size: int in 0..100\n}}\n"
        );
        number += 1;
    }
    let spec = library::spec_of(text);
    let ran = check(spec.path()).answers();
    assert!(matches!(ran.code(), Some(0 | 1)), "{ran}");
}

#[test]
fn ten_megabytes_of_one_token() {
    for piece in [
        "(", "}", "{", "\"", "/// ", "// ", "a", "\n", "entity ", "1", "r#",
    ] {
        let text = format!(
            "{}{}",
            library::first(),
            piece.repeat(10_000_000 / piece.len())
        );
        let spec = library::spec_of(text);
        let ran = check(spec.path()).answers();
        assert!(matches!(ran.code(), Some(0 | 1)), "{piece:?}: {ran}");
    }
}

#[test]
fn a_hundred_thousand_nested_parentheses() {
    let deep = format!("{}pages{} > 0", "(".repeat(100_000), ")".repeat(100_000));
    answered(invariant(&deep), &[1]);
    answered(invariant(&"(".repeat(100_000)), &[1]);
}

#[test]
fn other_ways_down() {
    for deep in [
        format!("{}pages > 0", "not ".repeat(100_000)),
        format!("{}pages > 0", "-".repeat(100_000)),
        format!("{}pages{} > 0", "abs(".repeat(100_000), ")".repeat(100_000)),
        format!("pages{} > 0", ".author".repeat(100_000)),
        format!("pages in {}", "{".repeat(100_000)),
    ] {
        answered(invariant(&deep), &[1]);
    }
    answered(
        library::first().replace(
            "pages: int",
            &format!("pages: {}int", "list of ".repeat(100_000)),
        ),
        &[1],
    );
    answered(
        format!("{}{}", library::first(), "entity X {\n".repeat(50_000)),
        &[1],
    );
}

/// Long, but flat to whoever reads it: an answer of either kind.
#[test]
fn long_chains() {
    for operator in [" and pages > 0", " or pages > 0", " implies pages > 0"] {
        answered(
            invariant(&format!("pages > 0{}", operator.repeat(50_000))),
            &[0, 1],
        );
    }
    answered(
        invariant(&format!("pages{} > 0", " + 1".repeat(100_000))),
        &[0, 1],
    );
}

#[test]
fn invalid_utf8() {
    let mut text = library::first().into_bytes();
    text.extend_from_slice(b"\n// \xff\xfe\n");
    let ran = answered(text, &[1]);
    assert!(ran.said().contains("UTF-8"), "{ran}");
}

#[test]
fn nothing_at_all() {
    for text in ["", "\n", "   \t\n\n", "// only a comment\n", "\u{feff}"] {
        let ran = answered(text, &[1]);
        assert!(
            ran.said().contains("project"),
            "{text:?} does not ask for a project: {ran}"
        );
    }
}

#[test]
fn strange_characters() {
    for junk in [
        "\0",
        "\u{202e}",
        "\u{0}entity X {}",
        "é",
        "🦀",
        "\u{2028}",
        "\r",
        "\x1b[31m",
        "`",
        "$",
        "\\",
    ] {
        let ran = answered(format!("{}\n{junk}\n", library::first()), &[0, 1]);
        assert!(
            !ran.said().contains('\x1b'),
            "an escape sequence of the input reached the terminal: {junk:?}\n{ran}"
        );
    }
}

#[test]
fn unterminated() {
    for tail in [
        "\"no end",
        "r\"no end",
        "/// no entity",
        "entity X {",
        "entity",
        "enum E { a, ",
        "seed Book {",
        "entity X { a: text(",
    ] {
        answered(format!("{}\n{tail}", library::first()), &[0, 1]);
    }
}

/// Real specs with pieces cut out, doubled, moved and mixed.
#[test]
fn damaged_specs() {
    let count = if surroundings().long { 10_000 } else { 600 };
    let texts: Vec<Vec<char>> = compiler::apps()
        .iter()
        .flat_map(|app| std::fs::read_dir(app).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "appspec")
        })
        .map(|path| std::fs::read_to_string(path).unwrap().chars().collect())
        .collect();
    let mut random = Random::new(0x5eed_0003);
    for round in 0..count {
        let mut text = texts[random.below(texts.len())].clone();
        for _ in 0..=random.below(4) {
            let donor = &texts[random.below(texts.len())];
            let piece = slice(donor, &mut random).to_vec();
            let at = random.below(text.len() + 1);
            match random.below(3) {
                0 => drop(text.splice(at..at, piece)),
                1 => drop(text.drain(at..(at + piece.len()).min(text.len()))),
                _ => drop(text.splice(at..(at + piece.len()).min(text.len()), piece)),
            }
        }
        let text: String = text.into_iter().collect();
        let spec = library::spec_of(&text);
        let ran = check(spec.path()).answers();
        assert!(
            matches!(ran.code(), Some(0 | 1)),
            "round {round}: {ran}\n{text}"
        );
    }
}

/// From one character to a few lines.
fn slice<'t>(text: &'t [char], random: &mut Random) -> &'t [char] {
    let start = random.below(text.len());
    let longest = [2, 10, 200][random.below(3)];
    let length = 1 + random.below(longest);
    &text[start..(start + length).min(text.len())]
}

/// The same spec, whatever an editor did to its line ends and its first bytes.
#[test]
fn line_ends_and_byte_order_marks_say_nothing() {
    let plain = built(&library::first());
    let crlf = built(&library::first().replace('\n', "\r\n"));
    assert_eq!(plain.differences(&crlf), Vec::<String>::new(), "CRLF");
    let marked = built(&format!("\u{feff}{}", library::first()));
    assert_eq!(plain.differences(&marked), Vec::<String>::new(), "BOM");
    let no_last_newline = built(library::first().trim_end());
    assert_eq!(
        plain.differences(&no_last_newline),
        Vec::<String>::new(),
        "no newline at the end"
    );
}

fn built(text: &str) -> Tree {
    let spec = library::spec_of(text);
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");
    build(spec.path(), &out).fine();
    Tree::read(&out)
}
