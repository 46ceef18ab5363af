//! `appspecc fmt`.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use crate::transcript::Session;

const UNTIDY: &str = "project   shop {\n    title : \"Shop\"   // the name\n}\n\n\n\nuse people.{ Customer, }\n\
    entity Order {customer: Customer inverse orders on delete protect}\n";

const TIDY: &str = "entity Customer {\n  name: text(80)\n}\n";

fn shop() -> Session {
    Session::new()
        .file("shop.appspec", UNTIDY)
        .file("people.appspec", TIDY)
}

#[test]
fn what_is_untidy_becomes_tidy() {
    let session = shop()
        .run(&["fmt", "--check"])
        .run(&["fmt"])
        .run(&["fmt", "--check"])
        .run(&["fmt"])
        .run(&["check"])
        .files();
    let text = fs::read_to_string(session.path("shop.appspec")).unwrap();
    insta::assert_snapshot!(format!(
        "{}$ cat shop.appspec\n{text}",
        session.transcript()
    ));
}

#[test]
fn some_files_only() {
    let session = shop()
        .run(&["fmt", "people.appspec"])
        .run(&[
            "fmt",
            "--check",
            "people.appspec",
            "shop.appspec",
            "./shop.appspec",
        ])
        .run(&["fmt", "--quiet", "shop.appspec"])
        .run(&["fmt", "--quiet", "--check"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_filter_for_editors() {
    let session = Session::new()
        .run_with(&["fmt", "-"], UNTIDY)
        .run_with(&["fmt", "-"], TIDY)
        .run_with(&["fmt", "-"], "")
        .run_with(&["fmt", "-", "--check"], UNTIDY)
        .run_with(&["fmt", "-", "--check"], TIDY)
        .run_with(&["fmt", "-", "shop.appspec"], TIDY);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn mistakes_stay_as_they_are() {
    let session = Session::new()
        .file(
            "shop.appspec",
            "project  shop {}\nentity A {\n    a   int\n    b :int\n}\n",
        )
        .run(&["fmt"]);
    let text = fs::read_to_string(session.path("shop.appspec")).unwrap();
    insta::assert_snapshot!(format!(
        "{}$ cat shop.appspec\n{text}",
        session.transcript()
    ));
}

#[test]
fn what_cant_be_read_at_all() {
    let deep = format!("entity A {{\n  invariant x: {}a\n}}\n", "(".repeat(70));
    let session = Session::new()
        .file("deep.appspec", deep)
        .file("latin.appspec", b"// Gr\xf6\xdfe\n")
        .run(&["fmt", "deep.appspec"])
        .run(&["fmt", "latin.appspec"])
        .run(&["fmt", "nowhere"])
        .run(&["fmt", "deep.appspec", "--check", "--quiet"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_filter_loses_no_byte() {
    let deep = format!("entity A {{\n  invariant x: {}a\n}}\n", "(".repeat(70));
    let utf16 = "\u{feff}entity A { }"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let large = [b"// ".as_slice(), &b"x".repeat(64 << 20), b"\n"].concat();
    let latin = b"// Gr\xf6\xdfe\n".to_vec();
    for (text, exit) in [(deep.into_bytes(), 1), (latin, 1), (utf16, 1), (large, 3)] {
        for arguments in [&["fmt", "-"][..], &["fmt", "-", "--quiet"]] {
            let output = Session::new().output_with(arguments, &text);
            assert_eq!(output.status.code(), Some(exit));
            assert!(output.stdout == text, "{:?}", output.stderr);
            assert!(!output.stderr.is_empty());
        }
    }
}

#[test]
fn line_ends_and_the_mark_before_the_text() {
    let session = Session::new()
        .file("dos.appspec", "\u{feff}enum A {a}\r\nenum B {b}\r\n")
        .file("unix.appspec", "enum A {a}\nenum B {b}\r\n")
        .run(&["fmt", "--quiet"]);
    let read = |name| fs::read_to_string(session.path(name)).unwrap();
    assert_eq!(read("dos.appspec"), "enum A { a }\r\nenum B { b }\r\n");
    assert_eq!(read("unix.appspec"), "enum A { a }\nenum B { b }\n");
}

#[test]
fn links_and_permissions_stay() {
    let session = Session::new().file("real/shop.txt", UNTIDY);
    let real = session.path("real/shop.txt");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real/shop.txt", session.path("shop.appspec")).unwrap();
    let session = session.run(&["fmt", "shop.appspec"]);
    let link = session.path("shop.appspec");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert_ne!(fs::read_to_string(&real).unwrap(), UNTIDY);
}

#[test]
fn our_own_specs_are_formatted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Session::new()
        .command(&[
            "fmt",
            "--check",
            "stdlib",
            "tests/apps",
            "crates/appspecc/src",
        ])
        .current_dir(root)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("files are formatted"), "{told}");
}
