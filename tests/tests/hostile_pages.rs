//! The admin site of a project full of hostile texts, in a real browser: nothing runs, nothing is added to a page, and
//! every text can be read.

use std::fs;
use std::path::{Path, PathBuf};

use appspec_tests::database::Kind;
use appspec_tests::hostile::{Entity, Spec};
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Browser, Database, Project, Ran, Server, Stage, build, surroundings};
use serde_json::{Value, json};
use tempfile::TempDir;
use unicode_normalization::UnicodeNormalization;

const SEED: u64 = 0xe55;
/// Entities whose pages are opened.
const ENTITIES: usize = 3;
const PERSON: &str = "root@example.com";
const PASSWORD: &str = "made-up 4711";

/// Every text of the page: of its elements, and what stands in its fields. What a field of one line takes no
/// line breaks of is compared without them.
const TEXTS: &str = r"
    const texts = [document.body.textContent, document.title];
    for (const field of document.querySelectorAll('input, textarea')) texts.push(field.value);
    for (const option of document.querySelectorAll('option')) texts.push(option.value);
    return texts;
";
/// How many elements of each kind the page has, sorted.
const ELEMENTS: &str = r"
    const counts = {};
    for (const element of document.querySelectorAll('*')) {
        const name = [element.localName, ...element.getAttributeNames().filter(it => it.startsWith('on'))].join(' ');
        counts[name] = (counts[name] || 0) + 1;
    }
    return Object.keys(counts).sort().map(name => name + ': ' + counts[name]);
";

#[test]
fn the_admin_shows_hostile_texts_as_texts() {
    let Some(browser) = Browser::start() else {
        // The summary of `tests/run` says so.
        return;
    };
    let mut specs = [false, true].map(|tame| Spec::new(SEED, ENTITIES, tame));
    // It stands on every page.
    r#"</title><script>alert("1")</script>'{{ x }} %s"#.clone_into(&mut specs[0].title);
    let [hostile, twin] = specs.each_ref().map(Site::built);
    let found = hostile.visit(&browser, Some(&pictures()));
    // Before the twin: a browser has one session for all ports of a machine.
    hostile.saves(&browser);
    let harmless = twin.visit(&browser, None);
    assert_eq!(found.len(), harmless.len());
    for ((page, elements), (_, expected)) in found.iter().zip(&harmless) {
        assert_eq!(
            elements, expected,
            "{page} has other elements than its twin"
        );
    }
}

/// What the other test asks for can happen, and is told.
#[test]
fn a_browser_tells_what_happens() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let page = |html: &str| browser.open(&format!("data:text/html,{html}"));
    page("<p>fine</p>");
    assert_eq!(browser.text(), "fine");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    page("<script>nothing()</script>");
    assert_eq!(browser.complaints().len(), 1);
    page(
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\"><script>1</script>",
    );
    let complaints = browser.complaints();
    assert!(
        complaints
            .iter()
            .any(|it| it.contains("Content Security Policy")),
        "{complaints:?}"
    );
    let alone = std::panic::AssertUnwindSafe(&browser);
    let told = std::panic::catch_unwind(|| {
        alone.open("data:text/html,<script>alert(1)</script>");
        alone.text()
    });
    assert!(told.is_err(), "a dialog was not told: {told:?}");
}

/// Where pictures of the pages are left to be looked at.
fn pictures() -> PathBuf {
    tests_folder().join("../target/tests/hostile_pages")
}

/// A project that serves its admin site.
struct Site<'s> {
    spec: &'s Spec,
    server: Server,
    _database: Database,
    _folder: TempDir,
}

impl<'s> Site<'s> {
    fn built(spec: &'s Spec) -> Self {
        let folder = TempDir::new().expect("make a temporary folder");
        let source = folder.path().join("spec");
        fs::create_dir(&source).expect("make a folder");
        fs::write(source.join("hostile.appspec"), spec.text()).expect("write a spec");
        let root = folder.path().join("project");
        build(&source, &root).fine();
        let project = Project::new(&root, surroundings().python());
        let database = project.migrated(Kind::Sqlite).unwrap();
        project
            .manage(Stage::Development, &database, &["seed"])
            .fine();
        let mut command =
            project.command(&project.python.interpreter, Stage::Development, &database);
        command
            .args([
                "manage.py",
                "createsuperuser",
                "--no-input",
                "--email",
                PERSON,
            ])
            .env("DJANGO_SUPERUSER_PASSWORD", PASSWORD);
        Ran::of(&mut command).fine();
        Self {
            spec,
            server: Server::start(&project, &database),
            _database: database,
            _folder: folder,
        }
    }

    fn at(&self, path: &str) -> String {
        format!("{}/admin/{path}", self.server.address)
    }

    /// Opens the pages of every entity; returns the elements of each.
    fn visit(&self, browser: &Browser, pictures: Option<&Path>) -> Vec<(String, Value)> {
        let mut elements = Vec::new();
        let mut look = |name: &str, texts: &[&str]| {
            let shown = browser.run(TEXTS, &[]);
            let shown: Vec<String> = strings(&shown);
            for text in texts {
                assert!(
                    shown.iter().any(|each| holds(each, text)),
                    "{name} does not show {text:?}"
                );
            }
            let complaints = browser.complaints();
            assert!(complaints.is_empty(), "{name}: {complaints:#?}");
            if let Some(folder) = pictures {
                browser.screenshot(&folder.join(format!("{name}.png")));
            }
            elements.push((name.to_owned(), browser.run(ELEMENTS, &[])));
        };
        browser.open(&self.at(""));
        look("sign-in", &[&self.spec.title]);
        browser.sign_in(&self.at(""), PERSON, PASSWORD);
        let plurals: Vec<&str> = self
            .spec
            .entities
            .iter()
            .map(|entity| entity.plural.as_str())
            .collect();
        look("index", &plurals);
        for (number, entity) in self.spec.entities.iter().enumerate() {
            let Entity { label, plural, .. } = entity;
            let labels = entity.choices.iter().map(|(label, _)| label.as_str());
            // The list cuts a long name short; its beginning is there.
            let keys = entity.rows.iter().map(|row| beginning(&row[0]));
            let list = self.at(&format!("hostile/e{number}/"));
            browser.open(&list);
            let texts: Vec<&str> = [plural.as_str()]
                .into_iter()
                .chain(labels.clone())
                .chain(keys)
                .collect();
            look(&format!("e{number}-list"), &texts);
            let place = browser.run(
                "return document.querySelector('#result_list tbody th a').href",
                &[],
            );
            let change = place.as_str().expect("an address").to_owned();
            let query = browser.run("return encodeURIComponent(arguments[0])", &[json!(label)]);
            browser.open(&format!("{list}?q={}", query.as_str().expect("a text")));
            look(&format!("e{number}-search"), &[label]);
            browser.open(&format!("{list}add/"));
            let defaults = entity.defaults.iter().map(String::as_str);
            let texts: Vec<&str> = [label.as_str()]
                .into_iter()
                .chain(labels)
                .chain(defaults)
                .collect();
            look(&format!("e{number}-add"), &texts);
            assert!(change.ends_with("/change/"), "{change}");
            browser.open(&change);
            look(&format!("e{number}-change"), &[label]);
            browser.open(&change.replace("/change/", "/history/"));
            look(&format!("e{number}-history"), &[]);
            browser.open(&change.replace("/change/", "/delete/"));
            look(&format!("e{number}-delete"), &[label]);
        }
        elements
    }

    /// Types hostile texts into a form: what is refused is refused in the words of the spec, and what is saved is shown.
    fn saves(&self, browser: &Browser) {
        let entity = &self.spec.entities[0];
        let typed: String = entity.rows[1]
            .concat()
            .chars()
            .filter(|it| !it.is_control())
            .take(300)
            .collect();
        browser.open(&self.at("hostile/e0/add/"));
        // Characters beyond the first 65,536 can't be typed, only pasted.
        let paste = "document.querySelector(arguments[0]).value = arguments[1]";
        browser.run(paste, &[json!("#id_key"), json!(typed)]);
        browser.run(paste, &[json!("#id_matched"), json!("other")]);
        browser.follow("[name=_save]");
        let shown = browser.run(TEXTS, &[]);
        let shown: Vec<String> = strings(&shown);
        for text in [&typed, &entity.matched_message] {
            assert!(
                shown.iter().any(|each| holds(each, text)),
                "refused without {text:?}"
            );
        }
        browser.run(paste, &[json!("#id_matched"), json!(entity.matched)]);
        browser.screenshot(&pictures().join("refused.png"));
        browser.follow("[name=_save]");
        assert!(
            browser.address().ends_with("/hostile/e0/"),
            "not saved: {}",
            browser.text()
        );
        let shown = strings(&browser.run(TEXTS, &[]));
        let begins = beginning(&typed);
        assert!(shown.iter().any(|each| holds(each, begins)), "{typed:?}");
        let complaints = browser.complaints();
        assert!(complaints.is_empty(), "{complaints:#?}");
        browser.screenshot(&pictures().join("saved.png"));
    }
}

/// Whether a text stands in another, which may begin it with a capital letter, and of which a field of one line takes the
/// line breaks. What Django cuts short where it is too long, it composes: the same text in other code points.
fn holds(shown: &str, text: &str) -> bool {
    let (shown, text): (String, String) = (shown.nfc().collect(), text.nfc().collect());
    let mut letters = text.chars();
    let capital = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect::<String>());
    shown.contains(&text)
        || shown.contains(&text.replace('\n', ""))
        || capital.is_some_and(|capital| shown.contains(&capital))
}

/// Half of what the list shows of a long text.
fn beginning(text: &str) -> &str {
    let end = text
        .char_indices()
        .nth(40)
        .map_or(text.len(), |(end, _)| end);
    &text[..end]
}

fn strings(list: &Value) -> Vec<String> {
    let items = list.as_array().expect("a list");
    items
        .iter()
        .map(|it| it.as_str().unwrap_or_default().to_owned())
        .collect()
}
