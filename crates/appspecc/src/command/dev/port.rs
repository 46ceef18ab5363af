//! Ports of this machine, and whether somebody answers there.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use appspec_diagnostics::codes::world;

use super::halt::{Outcome, failed};

/// The port that people expect.
const USUAL: u16 = 8000;

/// How many ports behind it are tried before the system chooses one.
const NEIGHBOURS: u16 = 20;

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The port to serve on: the one that was asked for, or a free one.
pub(super) fn choose(asked: Option<u16>) -> Outcome<u16> {
    match asked {
        Some(port) if is_free(port) => Ok(port),
        Some(port) => {
            let other = free().unwrap_or(USUAL);
            Err(failed(
                &world::PORT_TAKEN,
                format!("port {port} is taken by another program"),
                format!(
                    "end that program, or choose another port: `--port {other}`; without `--port` a free one is found"
                ),
            ))
        }
        None => free().ok_or_else(|| {
            failed(
                &world::PORT_TAKEN,
                "this machine has no free port",
                "end a program that listens on one, and run this command again",
            )
        }),
    }
}

fn free() -> Option<u16> {
    (USUAL..=USUAL + NEIGHBOURS)
        .find(|port| is_free(*port))
        .or_else(|| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
            listener.local_addr().ok().map(|address| address.port())
        })
}

/// Whether nobody listens there, on this address or on all of them.
pub(super) fn is_free(port: u16) -> bool {
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(here).is_ok()
        && TcpStream::connect_timeout(&here, Duration::from_millis(200)).is_err()
}

/// The status of an answer on this machine; none when there is no answer.
pub(super) fn status(port: u16, path: &str) -> Option<u16> {
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&here, Duration::from_millis(500)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.take(64).read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer);
    answer
        .strip_prefix("HTTP/1.")?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_one_that_is_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!is_free(port));
        let super::super::halt::Halt::Failed(finding) = choose(Some(port)).unwrap_err() else {
            panic!("nobody stopped it");
        };
        assert!(finding.message.contains(&port.to_string()), "{finding:?}");
        drop(listener);
        assert_eq!(choose(Some(port)).unwrap(), port);
        assert!(status(port, "/").is_none());
    }
}
