//! 0 fine, 1 the spec has errors, 2 usage, 3 the world failed, 4 differs or would overwrite.

use std::fs;
use std::path::Path;

use appspec_tests::compiler::appspecc;
use appspec_tests::{Ran, Tree, build, check, library};
use tempfile::TempDir;

#[test]
fn fine() {
    let spec = library::spec_of(library::first());
    let ran = check(spec.path()).exits(0);
    assert_eq!(ran.said().matches("error").count(), 0, "{ran}");
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["std"],
        &["std", "std.auth"],
    ] {
        let ran = Ran::of(appspecc().args(arguments)).exits(0);
        assert!(!ran.stdout.is_empty(), "{ran}");
    }
}

#[test]
fn the_spec_has_errors() {
    let spec = library::spec_of(library::first().replace("author: Author", "author: Autor"));
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");
    for ran in [check(spec.path()), build(spec.path(), &out)] {
        let ran = ran.exits(1);
        assert!(
            ran.said().contains("Autor") && ran.said().contains("Author"),
            "{ran}"
        );
    }
    assert!(!out.exists(), "a spec with errors was built");
}

#[test]
fn usage() {
    for arguments in [
        &["frobnicate"][..],
        &["check", "--no-such-option"],
        &["build", "a", "b"],
        &["build", "--keep", "--overwrite"],
    ] {
        let ran = Ran::of(appspecc().args(arguments)).exits(2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{ran}");
    }
}

#[test]
fn the_world_failed() {
    let ran = check(Path::new("/there/is/no/such/folder")).exits(3);
    assert!(ran.said().contains("/there/is/no/such/folder"), "{ran}");

    let spec = library::spec_of(library::first());
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    let ran = build(spec.path(), &file).exits(3);
    assert!(ran.said().contains("file"), "{ran}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a folder");
}

/// Only asked with `--check`, so that a compiler that forgets to refuse does no harm.
#[test]
fn a_folder_that_holds_everything_is_no_project() {
    let spec = library::spec_of(library::first());
    let home = TempDir::new().unwrap();
    let ask = |out: &Path| {
        let mut command = appspecc();
        command.arg("build").arg(spec.path()).arg("--check");
        Ran::of(command.arg("--out").arg(out).env("HOME", home.path()))
    };
    let ran = ask(Path::new("/")).exits(3);
    assert!(ran.said().contains("the root of the machine"), "{ran}");
    let ran = ask(home.path()).exits(3);
    assert!(ran.said().contains("your home folder"), "{ran}");
    ask(&home.path().join("project")).exits(4);
}

#[test]
fn differs() {
    let spec = library::spec_of(library::first());
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("project");
    build(spec.path(), &out).exits(0);
    let readme = out.join("README.md");
    fs::write(&readme, "by hand").unwrap();
    let ran = build(spec.path(), &out).exits(4);
    assert!(ran.said().contains("README.md"), "{ran}");
    assert_eq!(fs::read_to_string(&readme).unwrap(), "by hand");
}

#[test]
fn a_layout_differs() {
    let spec = library::spec_of(library::first().replace("pages: int", "pages   :int"));
    let before = Tree::read(spec.path());
    let fmt = |arguments: &[&str]| Ran::of(appspecc().arg("fmt").args(arguments).arg(spec.path()));
    let ran = fmt(&["--check"]).exits(4);
    assert!(ran.stdout.contains("pages   :int"), "{ran}");
    assert!(Tree::read(spec.path()).differences(&before).is_empty());
    fmt(&[]).exits(0);
    fmt(&["--check"]).exits(0);
    check(spec.path()).exits(0);
}

#[test]
fn output_is_plain_when_it_is_not_a_terminal() {
    let spec = library::spec_of(library::first().replace("author: Author", "author: Autor"));
    let ran = check(spec.path()).exits(1);
    assert!(
        !ran.said().contains('\x1b') && !ran.stdout.contains('\x1b'),
        "{ran}"
    );
}
