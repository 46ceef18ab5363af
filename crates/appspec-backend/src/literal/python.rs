use std::fmt::Write as _;

use askama::filters::Safe;

use super::Written;
use super::unseen::is_unseen;

/// A Python string literal, quotes included, as the formatter would leave it.
pub fn python_string(text: &str) -> Written {
    let mut out = String::with_capacity(text.len() + 2);
    write_python_string(text, &mut out);
    Safe(out)
}

/// Writes that literal at the end of a text.
pub(crate) fn write_python_string(text: &str, out: &mut String) {
    // Nearly all strings are plain, and a single pass tells; without an end before the last byte, many are looked at together.
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && !matches!(byte, b'\\' | b'"');
    if text
        .bytes()
        .fold(true, |plain, byte| plain & is_plain(byte))
    {
        out.push('"');
        out.push_str(text);
        out.push('"');
        return;
    }
    let double = text.matches('"').count();
    let single = text.matches('\'').count();
    let quote = if double > single { '\'' } else { '"' };
    out.push(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character == quote => {
                out.push('\\');
                out.push(quote);
            }
            _ if needs_escape(character) => escape(character, out),
            _ => out.push(character),
        }
    }
    out.push(quote);
}

/// Characters that nobody sees, and punctuation that reads like another character.
pub(crate) fn needs_escape(character: char) -> bool {
    is_unseen(character)
        || matches!(
            character,
            '\u{b4}' | '\u{d7}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2212}'
                | '\u{ff01}'..='\u{ff5e}'
        )
}

fn escape(character: char, out: &mut String) {
    let code = u32::from(character);
    // Writing to a string can't fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quote_that_needs_fewer_escapes_is_taken() {
        assert_eq!(python_string("plain").0, "\"plain\"");
        assert_eq!(python_string("it's").0, "\"it's\"");
        assert_eq!(python_string("say \"hi\"").0, "'say \"hi\"'");
        assert_eq!(python_string("\"it's\"").0, "'\"it\\'s\"'");
    }

    #[test]
    fn nothing_ends_the_literal_early() {
        assert_eq!(python_string("a\\").0, "\"a\\\\\"");
        assert_eq!(
            python_string("\"\"\"\n{{ x }}\u{0}").0,
            "'\"\"\"\\n{{ x }}\\x00'"
        );
        assert_eq!(python_string("'''").0, "\"'''\"");
    }

    #[test]
    fn letters_of_any_script_stay_readable() {
        assert_eq!(python_string("Salão 美容 😀").0, "\"Salão 美容 😀\"");
        assert_eq!(
            python_string("a\u{202e}b\u{2013}c").0,
            "\"a\\u202eb\\u2013c\""
        );
    }
}
