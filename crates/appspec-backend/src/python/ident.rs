use std::borrow::Cow;
use std::fmt;

/// A valid Python identifier that is no keyword.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(Cow<'static, str>);

impl Ident {
    /// The identifier closest to `name`: what can't stand in one becomes `_`, a keyword gets a `_` behind.
    ///
    /// The analysis has refused such names long before, so this only makes the type's promise hold.
    pub fn new(name: &str) -> Self {
        let mut text = String::with_capacity(name.len() + 1);
        Self::write(name, &mut text);
        Self(Cow::Owned(text))
    }

    /// Writes the identifier closest to `name` at the end of a text.
    pub(super) fn write(name: &str, out: &mut String) {
        let start = out.len();
        // Nearly every name is plain, and names are most of what is printed.
        let is_plain = is_plain(name);
        if is_plain {
            out.push_str(name);
        }
        for character in name.chars().filter(|_| !is_plain) {
            let fits = character == '_'
                || character.is_alphabetic()
                || (out.len() > start && character.is_alphanumeric());
            out.push(if fits { character } else { '_' });
        }
        // What was replaced is an underscore, so only the name itself can be a keyword.
        if name.is_empty() || Self::is_keyword(name) {
            out.push('_');
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the word can't be a name in Python; the soft keywords can.
    pub fn is_keyword(word: &str) -> bool {
        Self::is_keyword_of(word.as_bytes())
    }

    /// The same of bytes.
    pub(super) fn is_keyword_of(word: &[u8]) -> bool {
        matches!(
            word,
            b"False"
                | b"None"
                | b"True"
                | b"and"
                | b"as"
                | b"assert"
                | b"async"
                | b"await"
                | b"break"
                | b"class"
                | b"continue"
                | b"def"
                | b"del"
                | b"elif"
                | b"else"
                | b"except"
                | b"finally"
                | b"for"
                | b"from"
                | b"global"
                | b"if"
                | b"import"
                | b"in"
                | b"is"
                | b"lambda"
                | b"nonlocal"
                | b"not"
                | b"or"
                | b"pass"
                | b"raise"
                | b"return"
                | b"try"
                | b"while"
                | b"with"
                | b"yield"
        )
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Whether a name has letters, digits and underscores of ASCII alone, and begins with no digit.
fn is_plain(name: &str) -> bool {
    let fits = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    name.bytes().all(fits) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// A name that the compiler itself gives, as most are: it costs no copy.
impl From<&'static str> for Ident {
    fn from(name: &'static str) -> Self {
        if is_plain(name) && !name.is_empty() && !Self::is_keyword(name) {
            Self(Cow::Borrowed(name))
        } else {
            Self::new(name)
        }
    }
}

impl From<&String> for Ident {
    fn from(name: &String) -> Self {
        Self::new(name)
    }
}

impl From<String> for Ident {
    fn from(name: String) -> Self {
        Self::new(&name)
    }
}

impl From<&Ident> for Ident {
    fn from(name: &Ident) -> Self {
        name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_name_comes_out() {
        for (text, name) in [
            ("price", "price"),
            ("preço", "preço"),
            ("class", "class_"),
            ("", "_"),
            ("2nd", "_nd"),
            ("x = 1; import os", "x___1__import_os"),
            ("a\nb", "a_b"),
        ] {
            assert_eq!(Ident::new(text).as_str(), name);
        }
    }
}
