//! Names that databases accept.

use std::fmt::Write as _;

pub use appspec_ir::snake_case;
use sha2::{Digest, Sha256};

/// The name itself if it has at most `limit` bytes; otherwise its beginning and a digest of the whole, so that
/// two long names stay two names and the same name is always cut the same way.
pub fn shortened(name: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let mut mark = String::new();
    for byte in digest.iter().take(4) {
        let _ = write!(mark, "{byte:02x}");
    }
    let mut start = String::new();
    for character in name.chars() {
        if start.len() + character.len_utf8() + 1 + mark.len() > limit {
            break;
        }
        start.push(character);
    }
    format!("{}_{mark}", start.trim_end_matches('_'))
}

/// `order_line` as `OrderLine`.
pub fn pascal_case(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(char::to_uppercase);
        first
            .into_iter()
            .flatten()
            .chain(letters)
            .collect::<String>()
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_stay_apart() {
        let (a, b) = ("x".repeat(80), format!("{}y", "x".repeat(79)));
        assert_eq!(shortened(&a, 63).len(), 63);
        assert_ne!(shortened(&a, 63), shortened(&b, 63));
        assert_eq!(shortened("short", 63), "short");
        assert!(shortened(&"ç".repeat(60), 30).len() <= 30);
    }

    #[test]
    fn words_are_found() {
        for (name, snake) in [
            ("OrderLine", "order_line"),
            ("HTTPServer", "http_server"),
            ("A1Bc", "a1_bc"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }
}
