use std::fmt::Write as _;

use appspec_diagnostics::render::clean;
use similar::{ChangeTag, TextDiff};

/// Nobody reads more lines of a difference than this in a terminal.
const MOST_LINES: usize = 400;

/// What somebody changed in a file, as a unified difference: `-` is what a build would write, `+` what is there.
pub(crate) fn difference(path: &str, emitted: &str, found: &[u8]) -> String {
    let Ok(found) = std::str::from_utf8(found) else {
        return format!("--- {path} (as a build would write it)\n+++ {path} (not text)\n");
    };
    unified(
        path,
        ("as a build would write it", emitted),
        ("as it is", found),
    )
}

/// Two texts, each with what it is, as a unified difference from the first to the second.
pub(crate) fn unified(path: &str, old: (&str, &str), new: (&str, &str)) -> String {
    let diff = TextDiff::from_lines(old.1, new.1);
    let mut text = String::new();
    let _ = writeln!(text, "--- {path} ({})", old.0);
    let _ = writeln!(text, "+++ {path} ({})", new.0);
    // Line ends are shown where they are what differs.
    let show_ends = old.1.contains('\r') != new.1.contains('\r');
    let mut left = MOST_LINES;
    let mut more = 0;
    for hunk in diff.unified_diff().context_radius(2).iter_hunks() {
        if left > 0 {
            let _ = writeln!(text, "{}", hunk.header());
        }
        for change in hunk.iter_changes() {
            if left == 0 {
                more += 1;
                continue;
            }
            left -= 1;
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let line = change.value().trim_end_matches('\n');
            let end = if show_ends && line.ends_with('\r') {
                "␍"
            } else {
                ""
            };
            let line = line.trim_end_matches('\r');
            // A file may hold anything; a terminal obeys control characters.
            let _ = writeln!(text, "{sign}{}{end}", clean(line));
        }
    }
    if more > 0 {
        let _ = writeln!(text, "… and {more} more lines");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn shows_what_was_changed() {
        let text = difference("a.py", "one\ntwo\nthree\n", b"one\n2\x1b[0m\nthree\n");
        assert_eq!(
            text,
            "--- a.py (as a build would write it)\n+++ a.py (as it is)\n@@ -1,3 +1,3 @@\n one\n-two\n+2?[0m\n three\n"
        );
        let text = difference("a.py", "one\n", b"one\r\n");
        assert!(text.ends_with("@@ -1 +1 @@\n-one\n+one␍\n"), "{text}");
        let long = "x\n".repeat(840);
        let text = difference("a.py", "", long.as_bytes());
        assert!(text.ends_with("… and 440 more lines\n"), "{text}");
    }
}
