//! Mistakes that stand close together, and the lines of their findings: each of them is found, and
//! none twice.

use crate::read;

const FILES: &[(&str, &[usize])] = &[
    ("# one\n-- two\n", &[1, 2]),
    ("# one\n# two\n\n# three\n", &[1, 4]),
    ("use \"std.auth\"\nrequire(\"x\")\n", &[1, 2]),
    ("const x = 3;\nlet x = 3\n", &[1, 2]),
    ("import std.auth\nSELECT * FROM x\n", &[1, 2]),
    ("type P = text message \"x\nname: int\n", &[1, 2]),
    ("lorem ipsum dolor\nsit amet\n", &[1]),
    ("entity A\nname: int\nother: int\n}\n", &[1]),
    // Items with a wrong first word.
    ("// A file.\nentty A {\n  n: int\n  b text\n}\n", &[2, 4]),
    ("export entity A {\n  n: int\n  b text\n}\n", &[1, 3]),
    (
        "\u{FEFF}entty A {\n  b text\n}\nentity B {\n  c text\n}\n",
        &[1, 2, 5],
    ),
    ("// A file.\nenm E {\n  a b\n  c\n}\n", &[2, 3]),
    ("// A file.\nsed C {\n  a { n 1 }\n}\n", &[2, 3]),
    // Headers that can't be read, and what stands below them.
    (
        "// A.\nentity A\n  x int\n  shown as\n  unique name\n  invariant a x > 3\n}\n",
        &[2, 3, 4, 5, 6],
    ),
    (
        "entity A:\n  x int\n  y: int\n  z int\nentity B { b: int }\n",
        &[1, 2, 4],
    ),
    ("entity (A) {\n  x int\n}\n", &[1, 2]),
    ("// A long remark.\nextend User {\n  x int\n}\n", &[2, 3]),
    ("enum E\n  a b\n  c\n}\n", &[1, 2]),
    (
        "// A.\nseedseed C {\n  a { n 1 }\n  b { n: 2 }\n}\n",
        &[2, 3],
    ),
    ("// A file.\n= enum E {\n  a b\n}\n", &[2, 3]),
    ("// A file.\nVisit with Timestamped {\n  a b\n}\n", &[2, 3]),
    ("mixin M\n  a int\n}\nentity B {\n  b int\n}\n", &[1, 2, 5]),
    // A `}` too many, and too few.
    ("entity A {\n  n: int in 1, 2}\n  m int\n}\n", &[2, 3]),
    (
        "entity A {\n  n: int }\n  m: int\n}\nentity B {\n  o int\n}\n",
        &[2, 6],
    ),
    ("entity A {\n  n: int\n  m: int }\n}\n", &[3]),
    (
        "entity A {\n  n: int\n}\n}\nentity B {\n  o int\n}\n",
        &[4, 6],
    ),
    ("enum E {\n  a, b }\n  c d\n}\n", &[2, 3]),
    (
        "entity A {\n  n: int\n\n  entity B {\n    m: int\n  }\n\nentity C { o: int }\n",
        &[2],
    ),
    (
        "entity A {\n  n: int\n  entity B {\n    m int\n  }\n}\n",
        &[3, 4],
    ),
    // Seeds.
    (
        "seed C {\n  a { n 1 }\n  b = { n: 2 }\n  c { n: 3\n  d { n = 4 }\n  e: { n: 5 }\n}\n",
        &[2, 3, 4, 5, 6],
    ),
    (
        "seed C {\n  a { n: 1 }\n  b { n: 2\n    s: \"y\" }\n  c {}\n  d { n = 3 }\n  e = {}\n}\n",
        &[6, 7],
    ),
    (
        "seed C {\n  a { n: 1, m: }\n  b { n: , m: 2 }\n  c n: 1\n  { n: 1 }\n}\n",
        &[2, 3, 4, 5],
    ),
    (
        "seed C {\n  a\n  b { n: 1 }\n  3 { n: 1 }\n  d { n: 1 }}\n",
        &[2, 4],
    ),
];

#[test]
fn mistakes_side_by_side_are_told_apart() {
    let mut wrong = String::new();
    for (text, expected) in FILES {
        let (_, found) = read(text);
        let lines: Vec<usize> = found.iter().map(|(line, _, _)| *line).collect();
        if lines != *expected {
            let said: String = found.into_iter().map(|(_, _, said)| said).collect();
            wrong.push_str(&format!(
                "{text}\nexpected {expected:?}, found {lines:?}\n{said}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
