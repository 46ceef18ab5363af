//! The settings of `docs/editors.md`, over real output: in the editor itself, where it is on this machine.
//! `tests/run` looks for the editors, and says which are missing.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use appspec_tests::compiler::appspecc;
use appspec_tests::ran::Ran;
use appspec_tests::surroundings::{surroundings, tests_folder};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Errors in two files, one behind letters that are more than one byte.
const SHOP: &str = "project shop { title: \"Shop\" }\n\nuse people.{Customer}\n\n\
                    entity Order \"Auftrag\", \"Aufträge\" with Missing {\n  \
                    customer: Custmer\n  customer_note: Customer?\n}\n";
const PEOPLE: &str = "entity Customer {\n  name: Strange\n}\n";

/// Warnings and nothing else.
const WARNED: &str = "project shop { title: \"Shop\" }\n\nentity Visit {\n  day: date\n  hour: int\n\n  \
                      index (day)\n  index (day, hour)\n}\n";

/// A finding as an editor lists it: file, line, column, severity, code, message.
type Listed = (String, u64, u64, String, String, String);

fn folder(shop: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.appspec"), shop).expect("write");
    if shop == SHOP {
        fs::write(folder.path().join("people.appspec"), PEOPLE).expect("write");
    }
    folder
}

/// What there is to be listed, from the JSON of the compiler.
fn expected(folder: &Path) -> Vec<Listed> {
    let ran = Ran::of(
        appspecc()
            .args(["check", "--format", "json"])
            .current_dir(folder),
    );
    let report: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let listed = report["diagnostics"].as_array().expect("a list").iter();
    let listed: Vec<Listed> = listed
        .map(|it| {
            let from = &it["location"]["from"];
            (
                text(&it["location"]["file"]),
                from["line"].as_u64().expect("a line"),
                from["column"].as_u64().expect("a column"),
                text(&it["severity"]),
                text(&it["code"]),
                text(&it["message"]),
            )
        })
        .collect();
    assert!(!listed.is_empty(), "{ran}");
    listed
}

/// The fenced block of the page in this language.
fn block(language: &str) -> String {
    let page = tests_folder().join("../docs/editors.md");
    let page = fs::read_to_string(page).expect("the page");
    let (_, rest) = page
        .split_once(&format!("```{language}\n"))
        .expect("a block");
    rest.split_once("\n```").expect("its end").0.to_owned()
}

/// The compiler under the name that the settings call it by, as the only addition to `PATH`.
fn with_compiler(program: &Path, folder: &Path) -> Command {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).expect("a folder");
    let link = bin.join("appspecc");
    if !link.exists() {
        std::os::unix::fs::symlink(&surroundings().appspecc, link).expect("a link");
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("HOME", folder)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null());
    command
}

fn read_json(file: &Path) -> Vec<Value> {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_task_of_visual_studio_code_is_the_one_that_new_makes() {
    let folder = tempfile::tempdir().expect("a folder");
    Ran::of(appspecc().args(["new", "shop"]).current_dir(folder.path())).fine();
    let made = folder.path().join("shop/.vscode/tasks.json");
    let made: Value = serde_json::from_str(&fs::read_to_string(made).expect("it")).expect("JSON");
    let told: Value = serde_json::from_str(&block("json")).expect("JSON");
    assert_eq!(told, made);
}

#[test]
fn the_matcher_of_visual_studio_code_finds_every_finding() {
    let task: Value = serde_json::from_str(&block("json")).expect("JSON");
    let matcher = &task["tasks"][0]["problemMatcher"];
    let command = task["tasks"][0]["command"].as_str().expect("a command");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let python = "import json, re, sys\n\
                  pattern, text = json.loads(sys.argv[1]), sys.argv[2]\n\
                  found = [re.match(pattern, line) for line in text.splitlines()]\n\
                  print(json.dumps([['', *it.groups()] for it in found if it]))";
    let javascript = "const [pattern, text] = process.argv.slice(1);\n\
                      const found = text.split('\\n').map(line => new RegExp(JSON.parse(pattern)).exec(line));\n\
                      console.log(JSON.stringify(found.filter(it => it !== null)));";
    let surroundings = surroundings();
    let python_program = surroundings.python().interpreter.clone();
    let mut engines = vec![(python_program, "-c", python)];
    engines.extend(
        surroundings
            .editors
            .node
            .iter()
            .map(|node| (node.clone(), "-e", javascript)),
    );
    for spec in [SHOP, WARNED] {
        let folder = folder(spec);
        let output = Ran::of(appspecc().args(&words).current_dir(folder.path())).stdout;
        for (program, flag, script) in &engines {
            let pattern = &matcher["pattern"];
            let ran = Ran::of(
                Command::new(program)
                    .args([*flag, *script])
                    .arg(pattern["regexp"].to_string())
                    .arg(&output),
            )
            .fine();
            let rows: Vec<Vec<String>> = serde_json::from_str(&ran.stdout).expect("rows");
            let group = |row: &[String], name: &str| {
                let at = pattern[name].as_u64().expect("a group");
                row[usize::try_from(at).expect("a group")].clone()
            };
            let number = |row: &[String], name| group(row, name).parse().expect("a number");
            let listed: Vec<Listed> = rows
                .iter()
                .map(|row| {
                    (
                        group(row, "file"),
                        number(row, "line"),
                        number(row, "column"),
                        group(row, "severity"),
                        group(row, "code"),
                        group(row, "message"),
                    )
                })
                .collect();
            assert_eq!(listed, expected(folder.path()), "{ran}");
        }
    }
}

/// Sources the settings for one file, does `work`, and writes where the cursor is at each finding.
fn vim(folder: &Path, file: &str, work: &str) -> Option<Vec<Listed>> {
    let program = surroundings().editors.vim.as_ref()?;
    fs::write(folder.join("settings.vim"), block("vim")).expect("write");
    let script = format!(
        "set encoding=utf-8\nedit {file}\nsource settings.vim\n{work}\n\
         let found = []\n\
         for at in range(1, len(getqflist()))\n\
           execute 'cc!' at\n\
           let it = getqflist()[at - 1]\n\
           call add(found, [expand('%:t'), line('.'), charcol('.'), tolower(it.type), it.text])\n\
         endfor\n\
         call writefile([json_encode(found)], 'listed.json')\nqall!\n"
    );
    fs::write(folder.join("script.vim"), script).expect("write");
    let ran = Ran::of(with_compiler(program, folder).args([
        "-es",
        "-N",
        "-u",
        "NONE",
        "-i",
        "NONE",
        "-S",
        "script.vim",
    ]));
    let listed = folder.join("listed.json");
    assert!(listed.exists(), "{ran}");
    let listed = read_json(&listed).into_iter().map(|it| {
        let text = it[4].as_str().expect("a text");
        let (code, message) = text.trim().split_once("]: ").expect("a code");
        let severity = match it[3].as_str() {
            Some("e") => "error",
            Some("w") => "warning",
            _ => "advice",
        };
        (
            it[0].as_str().expect("a name").to_owned(),
            it[1].as_u64().expect("a line"),
            it[2].as_u64().expect("a column"),
            severity.to_owned(),
            code.trim_start_matches('[').to_owned(),
            message.to_owned(),
        )
    });
    Some(listed.collect())
}

#[test]
fn vim_goes_to_every_finding() {
    for spec in [SHOP, WARNED] {
        let folder = folder(spec);
        if let Some(listed) = vim(folder.path(), "shop.appspec", "silent make!") {
            assert_eq!(listed, expected(folder.path()));
        }
    }
}

#[test]
fn vim_checks_mends_and_lays_out_what_is_not_saved() {
    let folder = folder(WARNED);
    let work = "call setline(1, 'project shop { title:\"Shop\" }')\n\
                call setline(5, '  hour: Integer')\nAppspecCheck";
    let Some(listed) = vim(folder.path(), "shop.appspec", work) else {
        return;
    };
    let codes: Vec<_> = listed
        .iter()
        .map(|it| (it.1, it.2, it.4.as_str()))
        .collect();
    assert_eq!(codes, [(5, 9, "syntax::foreign_spelling")]);
    let work = format!("{work}\nAppspecFix\nAppspecFormat\nwrite! mended.txt\nAppspecCheck");
    let listed = vim(folder.path(), "shop.appspec", &work).expect("it was there before");
    assert_eq!(listed, expected(folder.path()));
    let read = |name| fs::read_to_string(folder.path().join(name)).expect("a file");
    assert_eq!(read("mended.txt"), WARNED);
    assert_eq!(read("shop.appspec"), WARNED);
}

/// The diagnostics of Flymake for a file, once `change` has been made in its buffer.
fn emacs(folder: &Path, file: &str, change: &str) -> Option<Vec<Value>> {
    let program = surroundings().editors.emacs.as_ref()?;
    fs::write(folder.join("settings.el"), block("elisp")).expect("write");
    let script = format!(
        r#"(require 'json)
(find-file "{file}")
{change}
(flymake-start)
(let ((left 300))
  (while (and (> left 0) (not (memq 'appspec-flymake (flymake-reporting-backends))))
    (setq left (1- left))
    (accept-process-output nil 0.1)))
(with-temp-file "listed.json"
  (insert (json-encode
    (with-current-buffer (get-file-buffer "{file}")
      (vconcat (mapcar (lambda (it)
        (goto-char (flymake-diagnostic-beg it))
        (vector (line-number-at-pos) (1+ (current-column))
                (symbol-name (flymake-diagnostic-type it)) (flymake-diagnostic-text it)))
        (flymake-diagnostics)))))))
"#
    );
    fs::write(folder.join("script.el"), script).expect("write");
    let ran = Ran::of(with_compiler(program, folder).args([
        "--batch",
        "-Q",
        "-l",
        "settings.el",
        "-l",
        "script.el",
    ]))
    .fine();
    let listed = folder.join("listed.json");
    assert!(listed.exists(), "{ran}");
    let mut listed = read_json(&listed);
    listed.sort_by_key(|it| (it[0].as_u64(), it[1].as_u64()));
    Some(listed)
}

#[test]
fn emacs_marks_every_finding_of_its_buffer() {
    for (spec, file) in [
        (SHOP, "shop.appspec"),
        (SHOP, "people.appspec"),
        (WARNED, "shop.appspec"),
    ] {
        let folder = folder(spec);
        let Some(listed) = emacs(folder.path(), file, "") else {
            return;
        };
        let expected: Vec<Value> = expected(folder.path())
            .into_iter()
            .filter(|it| it.0 == file)
            .map(|(_, line, column, severity, code, message)| {
                json!([
                    line,
                    column,
                    format!(":{severity}"),
                    format!("[{code}]: {message}")
                ])
            })
            .collect();
        assert_eq!(listed, expected);
    }
}

#[test]
fn emacs_checks_what_is_not_saved() {
    let folder = folder(WARNED);
    let change = r#"(goto-char (point-min)) (search-forward "int") (replace-match "itn")"#;
    if let Some(listed) = emacs(folder.path(), "shop.appspec", change) {
        assert_eq!(
            listed,
            [json!([5, 9, ":error", "[name::unknown]: no type `itn`"])]
        );
    }
}
