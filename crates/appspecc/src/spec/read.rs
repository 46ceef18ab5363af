use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use appspec_diagnostics::{Code, Diagnostic, Diagnostics, codes};

/// No spec that people write comes near; a larger file is something else with the wrong name.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What a file holds.
pub(super) enum Content {
    Text(String),
    /// As much of it as is text, up to a byte that is none.
    Broken(String, Wrong),
}

/// What is wrong with a file as a whole, and where that shows.
pub(super) struct Wrong {
    pub(super) code: &'static Code,
    /// The place in its text.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
}

/// The content of a file. What can't be read at all is a finding.
pub(super) fn read(file: &Path, findings: &mut Diagnostics) -> Option<Content> {
    let bytes = bytes(file, findings)?;
    Some(Content::of(&shown(file), bytes))
}

impl Content {
    fn of(shown: &str, bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| broken(shown, error.as_bytes()), Self::Text)
    }

    /// The text, for who shows no places; what is none is a finding.
    pub(super) fn text(self, findings: &mut Diagnostics) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Broken(_, wrong) => {
                let finding = Diagnostic::without_place(wrong.code, wrong.message);
                findings.push(finding.help(wrong.help));
                None
            }
        }
    }
}

/// What is no text: up to its mistake it is shown as it is.
fn broken(shown: &str, bytes: &[u8]) -> Content {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    Content::Broken(text, not_utf8(shown, bytes, at))
}

/// The text without the mark that some editors put before it.
pub(super) fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    }
}

/// The text of a file, every byte of it.
pub(super) fn read_all(file: &Path, findings: &mut Diagnostics) -> Option<String> {
    Content::of(&shown(file), bytes(file, findings)?).text(findings)
}

fn bytes(file: &Path, findings: &mut Diagnostics) -> Option<Vec<u8>> {
    match read_bytes(file) {
        Ok(Some(bytes)) => Some(bytes),
        Ok(None) => {
            findings.push(too_large(&shown(file)));
            None
        }
        Err(error) => {
            findings.push(unreadable(file, &error));
            None
        }
    }
}

/// What comes in on a stream, every byte of it, and what that holds: whoever sent it may have nothing else.
pub(super) fn read_stream(
    name: &str,
    mut stream: impl Read,
    findings: &mut Diagnostics,
) -> (Vec<u8>, Option<Content>) {
    let mut bytes = Vec::new();
    let read = stream.by_ref().take(LARGEST + 1).read_to_end(&mut bytes);
    if let Err(error) = read {
        findings.push(unreadable(Path::new(name), &error));
        return (bytes, None);
    }
    if bytes.len() as u64 <= LARGEST {
        let content = Content::of(name, bytes.clone());
        return (bytes, Some(content));
    }
    findings.push(too_large(name));
    // What can't be read any more is lost already.
    let _ = stream.read_to_end(&mut bytes);
    (bytes, None)
}

fn too_large(shown: &str) -> Diagnostic {
    Diagnostic::without_place(
        &codes::world::TOO_LARGE,
        format!("`{shown}` is larger than {} MB", LARGEST / 1024 / 1024),
    )
    .help("split the spec into several files: each is a module")
    .about_file(shown)
}

/// The content, or nothing if it is too much.
fn read_bytes(file: &Path) -> io::Result<Option<Vec<u8>>> {
    limited(File::open(file)?)
}

fn limited(stream: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    // A file can grow while it is read, so the limit is put on the reading.
    stream.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LARGEST).then_some(bytes))
}

/// Whether a path is a file or leads to one.
pub(super) fn is_file(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.is_file())
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let name = shown(path);
    let may_not = error.kind() == io::ErrorKind::PermissionDenied;
    let (message, help) = match fs::read_link(path) {
        Ok(target) if error.kind() == io::ErrorKind::NotFound => (
            format!(
                "`{name}` is a link to `{}`, where nothing is",
                target.display()
            ),
            "remove the link, or let it lead to a file of the spec",
        ),
        Ok(target) if !may_not => (
            format!(
                "can't follow the link `{name}` to `{}`: {}",
                target.display(),
                reason(error)
            ),
            "remove the link, or let it lead to a file of the spec",
        ),
        _ => (
            format!("can't read `{name}`: {}", reason(error)),
            if may_not {
                "look at the permissions of the file and of the folders above it"
            } else {
                "make it readable, or take it out of the folder of the spec"
            },
        ),
    };
    Diagnostic::without_place(&codes::world::UNREADABLE, message)
        .help(help)
        .about_file(name)
}

/// What the system says, without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A path without the `./` that looking around puts before it.
pub(super) fn shown(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    path.display().to_string()
}

fn not_utf8(file: &str, bytes: &[u8], offset: usize) -> Wrong {
    let before = bytes.get(..offset).unwrap_or_default();
    let line = before.split(|byte| *byte == b'\n').count();
    let byte = bytes.get(offset).copied().unwrap_or_default();
    let help = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        "the file looks like UTF-16: save it as UTF-8"
    } else {
        "save the file as UTF-8"
    };
    let message =
        format!("`{file}` is not UTF-8: byte {byte:#04x} in line {line}, at offset {offset}");
    Wrong {
        code: &codes::world::NOT_UTF8,
        at: offset,
        message,
        label: "no UTF-8 from here on",
        help,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_byte_is_found_by_line_and_offset() {
        let finding = not_utf8("a.appspec", b"one\ntwo \xe9\n", 8);
        assert_eq!(
            finding.message,
            "`a.appspec` is not UTF-8: byte 0xe9 in line 2, at offset 8"
        );
    }
}
