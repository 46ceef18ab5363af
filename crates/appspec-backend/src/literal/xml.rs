use std::fmt::Write as _;

use askama::filters::Safe;

use super::Written;
use super::unseen::{is_unseen, shown};

/// Text of XML, SVG or HTML, for an element's content or a quoted attribute.
pub fn xml_text(text: &str) -> Written {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(character),
            // XML has no way at all to write these.
            control if control.is_control() => out.push('\u{fffd}'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other if is_unseen(other) && shown(other) == other => {
                // Writing to a string can't fail.
                let _ = write!(out, "&#x{:x};", u32::from(other));
            }
            other => out.push(shown(other)),
        }
    }
    Safe(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            xml_text("</text><script>\"'&").0,
            "&lt;/text&gt;&lt;script&gt;&quot;&#39;&amp;"
        );
        assert_eq!(xml_text("a\u{0}b\u{202e}c").0, "a\u{fffd}b\u{fffd}c");
        assert_eq!(xml_text("a\u{200d}b").0, "a&#x200d;b");
    }
}
