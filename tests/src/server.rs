//! An emitted project that serves pages, for as long as a test looks at them.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::database::Database;
use crate::project::{Project, Stage};

/// Longer than Django takes to start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Django's own server on a free port; it ends when this value is dropped.
#[derive(Debug)]
pub struct Server {
    /// `http://127.0.0.1:PORT`
    pub address: String,
    child: Child,
    log: TempDir,
}

impl Server {
    /// Serves a project whose database has been migrated.
    pub fn start(project: &Project, database: &Database) -> Self {
        let log = TempDir::new().expect("make a temporary folder");
        let output = File::create(log.path().join("log")).expect("make a file");
        let port = free_port();
        let mut command =
            project.command(&project.python.interpreter, Stage::Development, database);
        command
            .args(["manage.py", "runserver", "--noreload", "--insecure"])
            .arg(format!("127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("duplicate a file handle"))
            .stderr(output);
        let mut server = Self {
            address: format!("http://127.0.0.1:{port}"),
            child: command.spawn().expect("start the server"),
            log,
        };
        let started = Instant::now();
        while !answers(port) {
            let ended = server.child.try_wait().expect("wait for a child");
            assert!(
                ended.is_none() && started.elapsed() < PATIENCE,
                "the server does not answer: {}",
                server.log()
            );
            thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// What it said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// Whether something at the port answers a request.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let asked = write!(
        stream,
        "GET /admin/login/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
    );
    let mut begin = [0; 5];
    asked.is_ok() && stream.read_exact(&mut begin).is_ok() && &begin == b"HTTP/"
}
