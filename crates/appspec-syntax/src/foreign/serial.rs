//! Numbers of rows in the words of other languages: `serial int`, `serial('A-{0}')`.

use super::phrases::Phrase;
use super::{is_member, parts};

/// A number that each row gets, in our words.
pub(super) const SERIAL: &str = "serial \"A-{0000}\"";

/// What a type that counts by itself is here.
pub(super) const COUNTS: &str = "`serial \"A-{0000}\"` as the type, for a number that each row gets; the key of a row is a field `id`, which every entity has";

/// Whether a type of another language counts by itself.
pub(super) fn counts(name: &str) -> bool {
    let counters = [
        "serial",
        "bigserial",
        "smallserial",
        "autoincrement",
        "auto_increment",
    ];
    counters.iter().any(|it| name.eq_ignore_ascii_case(it))
}

/// Answers a field whose `serial` is not followed by its pattern.
pub(super) fn pattern(line: &str, at: usize) -> Option<Phrase> {
    let (before, behind) = line.split_at_checked(at)?;
    let before = before.trim_end();
    // In brackets, what stands there is looked at as the size of a type.
    let (before, at, behind) = match before.strip_suffix('(') {
        Some(outside) => (
            outside.trim_end(),
            outside.len(),
            line.get(outside.len()..)?,
        ),
        None => (before, at, behind),
    };
    let field = before.strip_suffix("serial")?;
    let start = field.len();
    if !field.trim_end().ends_with(':') {
        return None;
    }
    let text = |text: &str| {
        let text = text.trim().trim_matches(['"', '\'']);
        let is_pattern = text.contains('{') && !text.contains(['"', '\\', '\'']);
        is_pattern.then(|| format!("serial \"{text}\""))
    };
    let quoted = |behind: &str| {
        let inside = behind.strip_prefix('\'')?;
        let end = inside.find('\'')?;
        Some((inside.get(..end)?.to_owned(), end + 2))
    };
    let given = parts::group(behind)
        .map(|(inside, rest)| (inside.to_owned(), behind.len() - rest.len()))
        .or_else(|| quoted(behind));
    let (ours, length) = match given {
        Some((inside, length)) => (text(&inside), length),
        None => (None, parts::path(behind).0.len()),
    };
    if length == 0 {
        return None;
    }
    let rest = behind.get(length..)?;
    let edit = ours.filter(|ours| is_member(&format!("{field}{ours}{rest}")));
    let meant = edit.as_deref().unwrap_or(SERIAL);
    Some(Phrase {
        place: start..at + length,
        meant: format!("`{meant}`"),
        help: format!("write `{meant}`"),
        edit,
    })
}

#[cfg(test)]
mod tests {
    use super::pattern;

    fn answer(line: &str, at: &str) -> Option<(String, String, Option<String>)> {
        let found = pattern(line, line.find(at).unwrap())?;
        let written = line.get(found.place)?.to_owned();
        Some((written, found.help, found.edit))
    }

    #[test]
    fn patterns_in_other_signs() {
        for (line, at) in [
            ("a: serial(\"N-{00}\") gapless", "\""),
            ("a: serial(\"N-{00}\") gapless", "("),
            ("a: serial ('N-{00}')", "("),
            ("a: serial 'N-{00}' gapless", "'"),
        ] {
            let (_, help, edit) = answer(line, at).unwrap();
            assert_eq!(help, "write `serial \"N-{00}\"`", "{line}");
            assert_eq!(edit.as_deref(), Some("serial \"N-{00}\""), "{line}");
        }
    }

    #[test]
    fn no_pattern() {
        for (line, at, written) in [
            ("a: serial int", "int", "serial int"),
            ("a: serial(5)", "(", "serial(5)"),
        ] {
            let (place, help, edit) = answer(line, at).unwrap();
            assert_eq!(place, written);
            assert_eq!(help, "write `serial \"A-{0000}\"`", "{line}");
            assert_eq!(edit, None, "{line}");
        }
        assert_eq!(answer("serial: int x", "x"), None);
        assert_eq!(answer("a: serial = 5", "="), None);
    }
}
