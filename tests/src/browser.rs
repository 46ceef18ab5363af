//! A real browser without a window: it opens addresses, signs in, and says what is on the page and what it complained of.
//!
//! It speaks W3C `WebDriver` to `chromedriver`, which `tests/run` has looked for. A dialog that a page opens fails whatever
//! is asked next.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::surroundings::surroundings;

/// Longer than any page takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);
/// The key of an element in an answer, which the standard chose.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with a profile of its own; it is closed when this value is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// Starts one; nothing where the machine has none, which the summary of `tests/run` says.
    pub fn start() -> Option<Self> {
        let found = surroundings().browser.as_ref()?;
        let profile = TempDir::new().expect("make a temporary folder");
        let mut driver = Command::new(&found.driver)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("start chromedriver");
        let port = port_of(&mut driver);
        let folder = profile.path().join("profile");
        let arguments = [
            "--headless".to_owned(),
            // The pages are our own, and root has no sandbox.
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--window-size=1280,1000".to_owned(),
            format!("--user-data-dir={}", folder.display()),
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "binary": found.chromium, "args": arguments },
        }}});
        let mut browser = Self {
            driver,
            port,
            session: String::new(),
            _profile: profile,
        };
        let session = browser.request("POST", "/session", Some(&wanted));
        browser.session = text_of(&session["sessionId"]);
        Some(browser)
    }

    /// Opens an address and waits until the page is there.
    pub fn open(&self, address: &str) {
        self.post("/url", &json!({ "url": address }));
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        text_of(&self.get("/url"))
    }

    /// The text that a reader sees.
    pub fn text(&self) -> String {
        text_of(&self.run("return document.body.innerText", &[]))
    }

    /// What a script of ours returns; it reads `arguments`.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.post("/execute/sync", &body)
    }

    /// Types into the field that a CSS selector finds, in place of what is in it.
    pub fn fill(&self, selector: &str, text: &str) {
        let element = self.find(selector);
        self.post(&format!("/element/{element}/clear"), &json!({}));
        self.post(
            &format!("/element/{element}/value"),
            &json!({ "text": text }),
        );
    }

    /// Clicks on what a CSS selector finds.
    pub fn click(&self, selector: &str) {
        let element = self.find(selector);
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Clicks on what leads to another page, and waits until that is there.
    pub fn follow(&self, selector: &str) {
        self.run("window.left = true", &[]);
        self.click(selector);
        let arrived = "return !window.left && document.readyState === 'complete'";
        let started = Instant::now();
        while self.run(arrived, &[]) != Value::Bool(true) {
            assert!(
                started.elapsed() < PATIENCE,
                "{selector} leads nowhere: {}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Signs in to Django's admin site at this address, with its form.
    pub fn sign_in(&self, admin: &str, name: &str, password: &str) {
        self.open(admin);
        self.fill("#id_username", name);
        self.fill("#id_password", password);
        self.follow("[type=submit]");
        assert!(
            !self.address().contains("/login/"),
            "not signed in: {}",
            self.text()
        );
    }

    /// What the browser complained of since it was last asked: errors of scripts, what could not be loaded, what a policy
    /// forbade. That a site has no icon is not among it: the browser asks for one by itself.
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.post("/se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")))
            .map(|entry| text_of(&entry["message"]))
            .filter(|message| !message.contains("/favicon.ico - "))
            .collect()
    }

    /// Saves a picture of the whole page as PNG.
    pub fn screenshot(&self, path: &Path) {
        let script =
            "return Math.max(document.body.scrollHeight, document.documentElement.scrollHeight)";
        let height = self
            .run(script, &[])
            .as_i64()
            .unwrap_or(0)
            .clamp(1_000, 8_000);
        self.post("/window/rect", &json!({ "width": 1280, "height": height }));
        let picture = text_of(&self.get("/screenshot"));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("make a folder");
        }
        std::fs::write(path, base64(&picture)).expect("write a picture");
    }

    /// The element that a CSS selector finds.
    fn find(&self, selector: &str) -> String {
        let body = json!({ "using": "css selector", "value": selector });
        text_of(&self.post("/element", &body)[ELEMENT])
    }

    fn get(&self, path: &str) -> Value {
        self.request("GET", &format!("/session/{}{path}", self.session), None)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.request(
            "POST",
            &format!("/session/{}{path}", self.session),
            Some(body),
        )
    }

    /// What the driver answers.
    ///
    /// # Panics
    /// When it refuses: an element is not there, a dialog is open, the browser has gone.
    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self
            .ask(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let error = &answer["value"]["error"];
        assert!(
            error.is_null(),
            "{method} {path}: {error}: {}",
            answer["value"]["message"]
        );
        answer["value"].clone()
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver closes the browser; killed, it would leave it behind.
        if !self.session.is_empty() {
            let _ = self.ask("DELETE", &format!("/session/{}", self.session), None);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The port that the driver says it listens on.
fn port_of(driver: &mut Child) -> u16 {
    let started = Instant::now();
    let output = driver.stdout.take().expect("the driver's output");
    for line in BufReader::new(output).lines() {
        let line = line.expect("read the driver's output");
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return port.trim_end_matches('.').parse().expect("a port");
        }
        assert!(started.elapsed() < PATIENCE, "chromedriver does not start");
    }
    panic!("chromedriver ended before it listened");
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The bytes of a text in base64; what belongs to no such text is left out.
fn base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut buffer, mut bits) = (0_u32, 0);
    for character in text.bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        buffer = buffer << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits & 0xff) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn pictures_are_read() {
        assert_eq!(base64("iVBORw0KGgo="), b"\x89PNG\r\n\x1a\n");
        assert_eq!(base64("YWI="), b"ab");
    }
}
