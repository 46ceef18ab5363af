//! Which foreign spellings have one meaning, so that the answer can carry the edit that writes it.

/// The first sign or word, and what follows it and its blanks.
fn first(text: &str) -> (&str, &str) {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let start = usize::from(text.starts_with('@'));
    let rest = text.get(start..).unwrap_or("");
    let length = rest.find(|it: char| !is_word(it)).unwrap_or(rest.len());
    let one = text.chars().next().map_or(0, char::len_utf8);
    let (word, behind) = text
        .split_at_checked((start + length).max(one))
        .unwrap_or((text, ""));
    (word, behind.trim_start())
}

/// What stands for a `#` or `--`, if a remark follows and no colour or option.
pub(super) fn remark(behind: &str) -> Option<String> {
    let begins = behind.is_empty() || behind.starts_with([' ', '\t', '#', '-']);
    begins.then(|| "//".to_owned())
}

/// What stands for a `,` or `;` behind a member: nothing at the end of its line and before what goes on with it, a new line
/// before another member. What else follows may have been meant as anything.
pub(super) fn separator(behind: &str) -> Option<String> {
    let behind = behind.trim_start();
    let (word, next) = first(behind);
    let goes_on = CLAUSES.contains(&word) && !next.starts_with(':');
    if behind.is_empty() || behind.starts_with("//") || word == "}" || goes_on {
        return Some(String::new());
    }
    let is_name = word.starts_with(|it: char| it.is_alphabetic());
    (is_name && next.starts_with(':')).then(|| "\n".to_owned())
}

/// What goes on with a field behind its type.
const CLAUSES: &[&str] = &[
    "=",
    "immutable",
    "in",
    "indexed",
    "inverse",
    "matches",
    "max",
    "message",
    "of",
    "on",
    "touched",
    "unique",
    "was",
];

/// What stands for `DEFAULT`, if a value follows.
pub(super) fn default(behind: &str) -> Option<String> {
    let value = behind.trim_start_matches([' ', '\t']);
    let is_value = value.starts_with(|it: char| it.is_alphanumeric() || it == '"' || it == '-');
    (is_value && value.len() < behind.len()).then(|| "=".to_owned())
}

/// `model User {`: one word for another, and a name and a brace behind it.
pub(super) fn header(behind: &str) -> Option<String> {
    let (name, rest) = first(behind.trim_start());
    let is_name = name.starts_with(|it: char| it.is_alphabetic());
    (is_name && rest.trim_end() == "{").then(|| "entity".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{default, header, remark, separator};

    #[test]
    fn what_divides_members_is_a_line_of_its_own() {
        for end in ["", "  ", " // why", " }", " unique", " = 3"] {
            assert_eq!(separator(end).as_deref(), Some(""), "{end}");
        }
        for member in [" age: int", "age : int, b: int", " unique: bool"] {
            assert_eq!(separator(member).as_deref(), Some("\n"), "{member}");
        }
        for other in [" age int", " 3", "; b: int", " unique (a)x: y"] {
            let certain = separator(other);
            assert_ne!(certain.as_deref(), Some("\n"), "{other}");
        }
        assert_eq!(separator(" age int"), None);
        assert_eq!(separator(" 3"), None);
    }

    #[test]
    fn signs_and_words() {
        assert_eq!(remark(" why").as_deref(), Some("//"));
        assert_eq!(remark("ff0000"), None);
        assert_eq!(default(" 3").as_deref(), Some("="));
        assert_eq!(default("(3)"), None);
        assert_eq!(default(" = 3"), None);
        assert_eq!(header(" User {").as_deref(), Some("entity"));
        assert_eq!(header(" User(models.Model):"), None);
    }
}
