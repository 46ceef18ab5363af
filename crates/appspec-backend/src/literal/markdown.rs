use askama::filters::Safe;

use super::{Written, one_line};

/// Text of one line: a heading, a list item.
pub fn markdown_line(text: &str) -> Written {
    Safe(escape_line(text))
}

/// Text of one cell of a table. What is written for a line also never ends a cell.
pub fn markdown_cell(text: &str) -> Written {
    markdown_line(text)
}

/// Text as it is, in the font of code; also inside a table.
pub fn markdown_code(text: &str) -> Written {
    let line = one_line(text);
    if !line.is_empty() && !line.contains(['|', '`']) {
        return Safe(["`", &line, "`"].concat());
    }
    let line = line.replace('|', "\\|");
    let mut fence = String::from("`");
    while line.contains(&fence) {
        fence.push('`');
    }
    let space = if line.starts_with('`') || line.ends_with('`') || line.is_empty() {
        " "
    } else {
        ""
    };
    Safe(format!("{fence}{space}{line}{space}{fence}"))
}

/// Paragraphs of documentation: an empty line stays one, any other line break is a space, and what stands between
/// two backticks is code.
pub fn markdown_paragraphs(text: &str) -> Written {
    let normal = text.replace("\r\n", "\n");
    let paragraphs: Vec<String> = normal
        .split("\n\n")
        .map(prose)
        .filter(|paragraph| !paragraph.is_empty())
        .collect();
    Safe(paragraphs.join("\n\n"))
}

/// Documentation of one line, for a heading, a list item or a cell: what stands between two backticks is code.
pub fn markdown_prose(text: &str) -> Written {
    Safe(prose(text))
}

fn prose(text: &str) -> String {
    let line = one_line(text);
    let parts: Vec<&str> = line.split('`').collect();
    // An odd number of backticks leaves one that opens nothing, and two codes side by side would be read as one.
    let inner = parts.get(1..parts.len() - 1).unwrap_or_default();
    if parts.len().is_multiple_of(2) || inner.iter().skip(1).step_by(2).any(|part| part.is_empty())
    {
        return escape_line(&line);
    }
    let mut out = String::with_capacity(line.len());
    for (place, part) in parts.iter().enumerate() {
        if !place.is_multiple_of(2) && !part.trim().is_empty() {
            out.push_str(&markdown_code(part).0);
        } else if !place.is_multiple_of(2) {
            out.push_str("\\`\\`");
        } else {
            escape_inline(part, out.is_empty(), &mut out);
        }
    }
    out
}

fn escape_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_inline(&one_line(text), true, &mut out);
    out
}

/// Writes a part of a line, which may be the line's start.
fn escape_inline(line: &str, starts: bool, out: &mut String) {
    let start = out.len();
    let closing = line.trim_end_matches('#');
    for (place, (offset, character)) in line.char_indices().enumerate() {
        match character {
            '#' if offset == closing.len() && closing.ends_with(' ') => out.push_str("\\#"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(character);
            }
            // These mean something only where a line begins, and `#` also where a heading ends.
            '#' | '+' | '-' | '=' if starts && place == 0 => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    // `1. x` at the start of a line would be a list.
    let rest = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = line.len() - rest.len();
    if starts && digits > 0 && rest.starts_with(['.', ')']) {
        out.insert(start + digits, '\\');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_plain() {
        assert_eq!(
            markdown_line("An appointment (early) ends - maybe - at 5.").0,
            "An appointment (early) ends - maybe - at 5."
        );
    }

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(
            markdown_line("# a\n<b> [x](y) | `c` *d*").0,
            "\\# a &lt;b&gt; \\[x\\](y) \\| \\`c\\` \\*d\\*"
        );
        assert_eq!(markdown_line("1. one").0, "1\\. one");
        assert_eq!(markdown_line("- item").0, "\\- item");
        assert_eq!(markdown_line("---").0, "\\---");
        assert_eq!(markdown_line("C # ##").0, "C # \\##");
        assert_eq!(markdown_line("C#").0, "C#");
    }

    #[test]
    fn code_can_hold_any_text() {
        assert_eq!(markdown_code("a < b").0, "`a < b`");
        assert_eq!(markdown_code("a ``b`` `").0, "``` a ``b`` ` ```");
        assert_eq!(markdown_code("a | b").0, "`a \\| b`");
    }

    #[test]
    fn documentation_may_speak_of_code() {
        assert_eq!(
            markdown_prose("add `a_b` and <b>").0,
            "add `a_b` and &lt;b&gt;"
        );
        assert_eq!(markdown_prose("one ` only_").0, "one \\` only\\_");
        assert_eq!(markdown_prose("- `a`").0, "\\- `a`");
        assert_eq!(markdown_prose("a `` b").0, "a \\`\\` b");
        assert_eq!(markdown_prose("`a``b`").0, "\\`a\\`\\`b\\`");
    }

    #[test]
    fn paragraphs_are_kept_apart() {
        assert_eq!(
            markdown_paragraphs("one\ntwo\n\n\nthree").0,
            "one two\n\nthree"
        );
    }
}
