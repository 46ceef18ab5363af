//! Help, and arguments that make no sense.

use crate::transcript::Session;

macro_rules! help {
    ($($name:ident $arguments:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(Session::new().run(&$arguments).transcript());
            }
        )*
    };
}

help! {
    help_short ["-h"];
    help_long ["--help"];
    help_new ["new", "--help"];
    help_check ["check", "--help"];
    help_build ["build", "--help"];
    help_dev ["dev", "--help"];
    help_fmt ["fmt", "--help"];
    help_std ["std", "--help"];
    help_explain ["explain", "--help"];
    help_inspect ["inspect", "--help"];
    help_completions ["completions", "--help"];
}

#[test]
fn nothing_is_a_question() {
    insta::assert_snapshot!(Session::new().run(&[]).transcript());
}

#[test]
fn wrong_words() {
    let session = Session::new()
        .run(&["biuld"])
        .run(&["check", "--formt", "json"])
        .run(&["check", "--format", "xml"])
        .run(&["build", "--keep", "--overwrite"])
        .run(&["build", "one", "two"])
        .run(&["new"])
        .run(&["completions", "tcsh"])
        .run(&["--color", "sometimes", "check"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn the_version_is_the_packages() {
    let output = Session::new().command(&["--version"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, format!("appspecc {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = Session::new()
            .command(&["completions", shell])
            .output()
            .unwrap();
        assert!(output.status.success());
        let script = String::from_utf8(output.stdout).unwrap();
        for word in [
            "new",
            "check",
            "build",
            "fmt",
            "std",
            "explain",
            "inspect",
            "overwrite",
        ] {
            assert!(script.contains(word), "{shell} does not complete `{word}`");
        }
    }
}

#[test]
fn colours_are_for_terminals_or_when_asked_for() {
    let escapes = |arguments: &[&str]| {
        let output = Session::new().command(arguments).output().unwrap();
        output.stderr.contains(&0x1b) || output.stdout.contains(&0x1b)
    };
    assert!(!escapes(&["check", "nowhere"]));
    assert!(escapes(&["check", "nowhere", "--color", "always"]));
    assert!(!escapes(&["check", "nowhere", "--color=never"]));
    assert!(!escapes(&["frobnicate"]));
    assert!(escapes(&["frobnicate", "--color=always"]));
}
