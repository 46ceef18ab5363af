//! `appspecc new`.

use std::fs;

use crate::transcript::Session;

#[test]
fn a_new_spec_is_complete_and_right() {
    let session = Session::new()
        .run(&["new", "shop"])
        .files()
        .run(&["check", "shop"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn the_editor_finds_findings_by_the_short_format() {
    let session = Session::new().run(&["new", "shop"]);
    let tasks = fs::read_to_string(session.path("shop/.vscode/tasks.json")).unwrap();
    let tasks: serde_json::Value = serde_json::from_str(&tasks).unwrap();
    assert_eq!(
        tasks["tasks"][0]["command"],
        "appspecc check --format short"
    );
    let settings = fs::read_to_string(session.path("shop/.vscode/settings.json")).unwrap();
    serde_json::from_str::<serde_json::Value>(&settings).unwrap();
}

#[test]
fn a_name_has_a_form() {
    let session = Session::new()
        .run(&["new", "My Shop"])
        .run(&["new", "specs/2024"])
        .run(&["new", "日本"])
        .run(&["new", "../"])
        .run(&["new", ""])
        .files();
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_name_may_be_taken() {
    let session = Session::new()
        .run(&["new", "auth"])
        .run(&["new", "class"])
        .run(&["new", "core"])
        .files();
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn the_title_is_made_from_the_name() {
    let session = Session::new().run(&["new", "town_library"]);
    let text = fs::read_to_string(session.path("town_library/town_library.appspec")).unwrap();
    assert!(
        text.contains("project town_library {\n  title: \"Town library\"\n"),
        "{text}"
    );
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let session = Session::new()
        .file("shop/notes.txt", "mine")
        .file("file", "mine")
        .run(&["new", "shop"])
        .run(&["new", "file"])
        .files();
    fs::create_dir(session.path("empty")).unwrap();
    let session = session.run(&["new", "empty", "--quiet"]).files();
    insta::assert_snapshot!(session.transcript());
}

const TEMPLATES: [&str; 5] = ["library", "salon", "shop", "league", "blank"];

#[test]
fn every_spec_to_start_from_is_right_and_laid_out() {
    for template in TEMPLATES {
        let session = Session::new().run(&["new", "mine", "--from", template, "--quiet"]);
        let ran = |arguments: &[&str]| {
            let output = session.command(arguments).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(0), "{template}: {said}");
            assert_eq!(said, "", "{template}");
            String::from_utf8(output.stdout).unwrap()
        };
        let found = ran(&["check", "mine", "--advice"]);
        assert!(found.starts_with("mine is fine: "), "{template}: {found}");
        ran(&["fmt", "--check", "--quiet", "mine"]);
        ran(&["build", "--quiet", "mine"]);
        for file in [
            ".gitignore",
            ".vscode/settings.json",
            ".vscode/tasks.json",
            "mine.appspec",
            "build/mine/manage.py",
        ] {
            assert!(
                session.path("mine").join(file).is_file(),
                "{template}: {file}"
            );
        }
        let text = fs::read_to_string(session.path("mine/mine.appspec")).unwrap();
        assert!(
            text.contains("project mine {\n  title: \"Mine\"\n"),
            "{text}"
        );
    }
}

#[test]
fn an_unknown_spec_to_start_from_is_answered_with_the_list() {
    let session = Session::new()
        .run(&["new", "mine", "--from", "bakery"])
        .files();
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_name_is_free_in_the_spec_to_start_from() {
    let long = "a".repeat(101);
    let session = Session::new()
        .run(&["new", "specs/catalogue", "--from", "shop"])
        .run(&["new", "money", "--from", "shop"])
        .run(&["new", "select", "--from", "blank"])
        .run(&["new", &long])
        .files();
    insta::assert_snapshot!(session.transcript());
}
