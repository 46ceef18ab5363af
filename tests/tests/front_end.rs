//! A front end that somebody brings: typed by the command that the emitted README documents, served by a server of its
//! own, and used by a client of a salon in a real browser. The front desk is in the admin site meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use appspec_tests::database::Kind;
use appspec_tests::running::Running;
use appspec_tests::server::free_port;
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Browser, Database, Project, Ran, Server, Stage, build, surroundings, tree};
use tempfile::TempDir;

const PERSON: &str = "ines@example.com";
const DESK: &str = "desk@example.com";
const PASSWORD: &str = "made-up 4711 words";
/// Longer than a page takes to show an answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody at the front desk of the salon in which the only visit of the client is.
const HIRE: &str = r#"
from datetime import timedelta
from accounts.models import User
from booking.models import Appointment
from people.models import Staff
visit = Appointment.objects.get(client__email="ines@example.com")
desk = User.objects.create_user("desk@example.com", "made-up 4711 words", is_staff=True)
Staff.objects.create(user=desk, salon=visit.stylist.salon, kind="front_desk")
print(visit.pk)
"#;

/// Everybody has done nothing for three hours.
const PAUSE: &str = r"
from importlib import import_module
from django.conf import settings
from django.contrib.sessions.models import Session
store = import_module(settings.SESSION_ENGINE).SessionStore
for row in Session.objects.all():
    session = store(row.session_key)
    if 'seen' in session:
        session['seen'] -= 3 * 60 * 60
        session.save()
        print('aged')
";

#[test]
fn a_client_books_and_the_front_desk_confirms() {
    let (Some(npm), Some(browser)) = (surroundings().npm.as_ref(), Browser::start()) else {
        // The summary of `tests/run` says so.
        return;
    };
    let salon = Salon::open();
    let page = FrontEnd::serve(npm, &salon);

    browser.open(&page.address);
    shows(&browser, "sign up");
    account(&browser, "sign-up");
    shows(&browser, "A code is on its way.");
    browser.fill("#verify [name=key]", &salon.code());
    browser.click("#verify button");
    shows(&browser, "Welcome.");
    shows(&browser, "Signed in as Client");
    picture(&browser, "signed_up");
    browser.click("#sign-out button");
    shows(&browser, "Goodbye.");
    account(&browser, "sign-in");
    shows(&browser, "Welcome back.");

    book(&browser, 0);
    shows(&browser, "We are closed on Sundays.");
    picture(&browser, "refused_by_a_rule");
    book(&browser, 1);
    shows(&browser, "Booked.");
    shows(&browser, "requested");
    note(&browser, "The dog comes along.");
    shows(&browser, "Noted.");
    picture(&browser, "booked");

    let told = salon.tell(HIRE);
    let visit = told.lines().last().expect("the key of the visit");
    let desk = Browser::start().expect("a second browser");
    let admin = format!("{}/admin/", salon.server.address);
    desk.sign_in(&admin, DESK, PASSWORD);
    desk.open(&format!("{admin}booking/appointment/{visit}/change/"));
    picture(&desk, "front_desk");
    desk.follow("a[href*='/do/confirm/']");
    desk.follow(".submit-row [type=submit]");
    assert!(desk.text().contains("Confirmed"), "{}", desk.text());
    picture(&desk, "front_desk_confirmed");
    assert_eq!(desk.complaints(), Vec::<String>::new());

    note(&browser, "Two dogs.");
    shows(&browser, "Ask the front desk to change a confirmed visit.");
    shows(&browser, "confirmed");
    picture(&browser, "refused_by_a_grant");

    assert!(salon.tell(PAUSE).contains("aged"), "no session was open");
    browser.click("#look");
    shows(&browser, "sign in");
    desk.open(&admin);
    assert!(desk.address().contains("/admin/login/"), "{}", desk.text());
    account(&browser, "sign-in");
    shows(&browser, "Welcome back.");
    browser.click("#sign-out button");
    shows(&browser, "Goodbye.");
    let refused = "the server responded with a status of 4";
    let others: Vec<String> = browser
        .complaints()
        .into_iter()
        .filter(|it| !it.contains(refused))
        .collect();
    assert_eq!(others, Vec::<String>::new());
}

/// The emitted project with its example rows, as somebody develops with it.
struct Salon {
    project: Project,
    database: Database,
    server: Server,
    _folder: TempDir,
}

impl Salon {
    fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let spec = folder.path().join("spec");
        tree::copy(&tests_folder().join("apps/salon"), &spec);
        let project = Project::new(folder.path().join("project"), surroundings().python());
        build(&spec, &project.root).fine();
        let database = project.migrated(Kind::Sqlite).unwrap();
        project
            .manage(Stage::Development, &database, &["demo"])
            .fine();
        Self {
            server: Server::start(&project, &database),
            project,
            database,
            _folder: folder,
        }
    }

    /// What a script prints.
    fn tell(&self, script: &str) -> String {
        let ran = self.project.shell(&self.database, script).fine();
        ran.stdout.trim().to_owned()
    }

    /// The code in the last mail to the client, which a server in development shows in its terminal.
    fn code(&self) -> String {
        let started = Instant::now();
        loop {
            let log = self.server.log();
            let mail = log
                .rsplit_once(&format!("To: {PERSON}"))
                .map(|(_, mail)| mail);
            let is_code = |line: &&str| {
                line.len() >= 6
                    && line
                        .chars()
                        .all(|it| it == '-' || it.is_ascii_uppercase() || it.is_ascii_digit())
                    && !line.starts_with('-')
            };
            if let Some(code) = mail.and_then(|mail| mail.lines().find(is_code)) {
                return code.to_owned();
            }
            assert!(started.elapsed() < PATIENCE, "no mail with a code: {log}");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The page, built and served.
struct FrontEnd {
    address: String,
    _serving: Running,
    _folder: TempDir,
}

impl FrontEnd {
    fn serve(npm: &Path, salon: &Salon) -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("front_end");
        tree::copy(&tests_folder().join("front_end"), &root);
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command
                .current_dir(&root)
                .env("BACKEND", &salon.server.address)
                .env("NPM_CONFIG_UPDATE_NOTIFIER", "false");
            command
        };
        let run = |arguments: &[&str]| Ran::of(command(npm).args(arguments)).fine();
        run(&["ci", "--no-audit", "--no-fund"]);
        let documented =
            documented(&salon.project.root).replace("http://localhost:8000", &salon.server.address);
        Ran::of(command(Path::new("sh")).args(["-c", &documented])).fine();
        run(&["run", "check"]);
        run(&["run", "build"]);
        let port = free_port();
        let port_text = port.to_string();
        let mut serving = command(&root.join("node_modules/.bin/vite"));
        serving.args([
            "preview",
            "--host",
            "127.0.0.1",
            "--strictPort",
            "--port",
            &port_text,
        ]);
        let mut serving = Running::start(&mut serving);
        serving.says(&port_text, 1);
        Self {
            address: format!("http://127.0.0.1:{port}/"),
            _serving: serving,
            _folder: folder,
        }
    }
}

/// The command of the emitted README that makes a client, which is to keep the versions that the page was locked with.
fn documented(project: &Path) -> String {
    let readme = fs::read_to_string(project.join("README.md")).unwrap();
    let line = readme
        .lines()
        .find(|line| line.contains("npx openapi-typescript@"));
    let line = line.expect("a documented command").to_owned();
    let locked = fs::read_to_string(tests_folder().join("front_end/package.json")).unwrap();
    let locked: serde_json::Value = serde_json::from_str(&locked).unwrap();
    for (group, name) in [
        ("dependencies", "openapi-fetch"),
        ("devDependencies", "openapi-typescript"),
    ] {
        let version = locked[group][name].as_str().unwrap();
        assert!(
            line.contains(&format!("{name}@{version} ")),
            "{name} {version}: {line}"
        );
    }
    line
}

/// Fills in a form for an account and sends it.
fn account(browser: &Browser, form: &str) {
    browser.fill(&format!("#{form} [name=email]"), PERSON);
    browser.fill(&format!("#{form} [name=password]"), PASSWORD);
    browser.click(&format!("#{form} button"));
}

/// Asks for a visit on a day of the week, 0 being Sunday, in some months.
fn book(browser: &Browser, weekday: u8) {
    let script = r"
        const day = new Date(Date.now() + 100 * 24 * 60 * 60 * 1000);
        while (day.getUTCDay() !== arguments[0]) day.setUTCDate(day.getUTCDate() + 1);
        return day.toISOString().slice(0, 10);
    ";
    let day = browser.run(script, &[weekday.into()]);
    browser.fill("#book [name=day]", day.as_str().unwrap());
    browser.click("#book button");
}

/// Changes what the client wants to be known of the visit.
fn note(browser: &Browser, text: &str) {
    browser.fill("#visits [name=text]", text);
    browser.click("#visits #note button");
}

/// Waits until a page shows a text.
#[track_caller]
fn shows(browser: &Browser, text: &str) {
    let started = Instant::now();
    while !browser.text().contains(text) {
        assert!(
            started.elapsed() < PATIENCE,
            "the page never shows {text:?}: {}",
            browser.text()
        );
        thread::sleep(Duration::from_millis(50));
    }
}

/// Saves a picture, to be looked at.
fn picture(browser: &Browser, name: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("front_end");
    browser.screenshot(&folder.join(format!("{name}.png")));
}
