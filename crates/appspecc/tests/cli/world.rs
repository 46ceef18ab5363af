//! What can go wrong around a spec: an answer, an exit code, never a crash.

use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use crate::transcript::Session;

const PROJECT: &str = "project shop { title: \"Shop\" }\n\nentity Order { number: int }\n";

#[test]
fn paths_that_lead_to_no_spec() {
    let session = Session::new()
        .file("README.md", "# nothing\n")
        .file("empty/.hidden/shop.appspec", PROJECT)
        .run(&["check", "nowhere"])
        .run(&["check", "README.md"])
        .run(&["check", "empty"])
        .run(&["build", "empty"])
        .run(&["inspect", "empty"])
        .run(&["check", "empty", "--format", "short"])
        .run(&["check", "empty", "--format", "json"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_folder_inside_a_spec() {
    let session = Session::new()
        .file("spec/shop.appspec", PROJECT)
        .file("spec/parts/size.appspec", "enum Size { small, large }\n")
        .file("spec/notes/idea.txt", "")
        .run(&["check", "spec/parts"])
        .run(&["build", "spec/parts"])
        .run(&["inspect", "spec/notes"])
        .run(&["fmt", "spec/parts"])
        .run(&["fmt", "spec/notes"]);
    insta::assert_snapshot!(session.transcript());
}

/// Another spec lies above by chance; what is said is about the folder that was given.
#[test]
fn below_the_spec_of_somebody_else() {
    let session = Session::new()
        .file("x.appspec", PROJECT)
        .file("mine/notes/idea.txt", "")
        .file("mine/library/library.appspec", "\n")
        .file("mine/shop/shop.appspec", "entity Order { number: int }\n")
        .run(&["check", "mine/notes"])
        .run(&["check", "mine/library"])
        .run(&["check", "mine/shop"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn several_specs_in_one_folder() {
    let session = Session::new()
        .file("specs/shop/shop.appspec", PROJECT)
        .file("specs/salon/salon.appspec", PROJECT)
        .run(&["check", "specs"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_file_beside_the_spec() {
    let session = Session::new()
        .file("spec/shop.appspec", PROJECT)
        .file("extra.appspec", "enum Size { small, large }\n")
        .run(&["check"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn names_that_are_no_modules() {
    let session = Session::new()
        .file("shop.appspec", PROJECT)
        .file("Our People.appspec", "")
        .file("2024/büro-plan.appspec", "")
        .run(&["check"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn bytes_that_are_no_text() {
    let utf16: Vec<u8> = "\u{feff}project shop {}\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let session = Session::new()
        .file("latin/shop.appspec", b"project shop {}\n\n// Gr\xf6\xdfe\n")
        .file("wide/shop.appspec", utf16)
        .run(&["check", "latin"])
        .run(&["check", "wide"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn things_named_like_a_spec() {
    let session = Session::new()
        .file("folder/shop.appspec", PROJECT)
        .file("folder/people.appspec/inside.txt", "")
        .file("link/shop.appspec", PROJECT);
    symlink("people.appspec", session.path("link/people.appspec")).unwrap();
    let session = session.run(&["check", "folder"]).run(&["check", "link"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn editors_are_told_where_a_file_begins_that_cant_be_read() {
    let session = Session::new()
        .file("spec/shop.appspec", PROJECT)
        .file("spec/folder.appspec/inside.txt", "")
        .file("spec/My Things.appspec", "");
    symlink("nowhere.appspec", session.path("spec/link.appspec")).unwrap();
    let session = session
        .run(&["check", "spec", "--format", "short"])
        .run(&["check", "spec", "--format", "github"]);
    insta::assert_snapshot!(session.transcript());
    for format in ["json", "sarif"] {
        let output = session
            .command(&["check", "spec", "--format", format])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        for file in ["folder", "link", "My Things"] {
            let name = format!("\"spec/{file}.appspec\"");
            let escaped = name.replace(' ', "%20");
            assert!(
                text.contains(&name) || text.contains(&escaped),
                "{file}: {text}"
            );
        }
    }
}

#[test]
fn a_link_that_leads_nowhere_is_told_as_that() {
    let session = Session::new()
        .file("spec/shop.appspec", PROJECT)
        .file("round/shop.appspec", PROJECT);
    symlink("../people.appspec", session.path("spec/people.appspec")).unwrap();
    symlink("people.appspec", session.path("round/people.appspec")).unwrap();
    let session = session
        .run(&["check", "spec"])
        .run(&["check", "spec/people.appspec"])
        .run(&["check", "round"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_dash_is_no_spec() {
    let session = Session::new().file("shop.appspec", PROJECT);
    insta::assert_snapshot!(session.run(&["check", "-"]).transcript());
}

#[test]
fn a_link_that_leads_back_is_followed_once() {
    let session = Session::new().file("spec/shop.appspec", PROJECT);
    symlink("..", session.path("spec/around")).unwrap();
    fs::create_dir(session.path("spec/deep")).unwrap();
    symlink("../deep", session.path("spec/deep/self")).unwrap();
    let output = session
        .command(&["check", "spec", "--format", "short"])
        .output()
        .unwrap();
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{output:?}"
    );
}

#[test]
fn a_closed_pipe_is_no_mistake() {
    for arguments in [
        &["explain"][..],
        &["--help"],
        &["completions", "bash"],
        &["inspect", "--schema"],
    ] {
        let mut child = Session::new()
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
        assert_eq!(said, "", "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_output_is_a_failure() {
    for arguments in [
        &["explain"][..],
        &["--help"],
        &["build", "--help"],
        &["--version"],
        &["std"],
        &["check", "--format", "json"],
    ] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = Session::new()
            .file("shop.appspec", PROJECT)
            .command(arguments)
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("standard output"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn what_is_no_text_has_its_place_in_every_format() {
    let mut session = Session::new().file("shop.appspec", b"project shop {}\nentity \xe9 {}\n");
    for format in ["human", "short", "github", "sarif", "json"] {
        session = session.run(&["check", "--format", format]);
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_file_without_a_word_has_its_place() {
    let session = Session::new()
        .file("shop.appspec", "\n")
        .run(&["check"])
        .run(&["check", "--format", "short"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn an_offset_counts_the_mark_before_the_text() {
    let session = Session::new()
        .file("shop.appspec", "\u{feff}project shop { titel: \"Shop\" }\n")
        .run(&["check", "--format", "json"]);
    insta::assert_snapshot!(session.transcript());
}
