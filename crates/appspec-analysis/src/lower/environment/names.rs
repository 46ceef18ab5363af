//! Names of variables: how they are spelled, and which the built project or what it stands on has taken.

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_syntax::ast::{self, Name};

use crate::checks::taken::KEYWORDS;

/// Longer names are no use to anybody, and some shells cut them.
const LONGEST: usize = 60;

/// Secrets that the built project reads, and may be declared as what they are.
const SHARED: [(&str, &str); 2] = [
    ("DATABASE_URL", "says which database to use"),
    ("EMAIL_URL", "says which server sends mail"),
];

/// The class that holds the variables would have a field of this name, and its other fields that type.
const IN_TYPES: &str = "in small letters it is a type of Python that variables have";

/// Names that mean something already.
const TAKEN: [(&str, &str); 24] = [
    (
        "DATABASE_STATEMENT_TIMEOUT",
        "ends statements of the database that run too long",
    ),
    (
        "SECRET_KEY",
        "signs sessions; it is read from `DJANGO_SECRET_KEY`",
    ),
    (
        "ALLOWED_HOSTS",
        "names the hosts that the project answers to; it is read from `DJANGO_ALLOWED_HOSTS`",
    ),
    (
        "HSTS_SECONDS",
        "keeps browsers on HTTPS; it is read from `DJANGO_HSTS_SECONDS`",
    ),
    (
        "LOG_LEVEL",
        "sets what is logged; it is read from `DJANGO_LOG_LEVEL`",
    ),
    (
        "MEDIA_ROOT",
        "names the folder of uploaded files; it is read from `DJANGO_MEDIA_ROOT`",
    ),
    (
        "STATEMENT_TIMEOUT",
        "ends slow statements; it is read from `DATABASE_STATEMENT_TIMEOUT`",
    ),
    ("DATABASE", "is the database itself"),
    ("DEBUG", "shows the insides of errors; the stage decides it"),
    ("BASE_DIR", "is the folder of the project"),
    ("CONTRACT", "is the list of all variables"),
    (
        "T",
        "stands for any type in the module that reads variables",
    ),
    ("STR", IN_TYPES),
    ("INT", IN_TYPES),
    ("BOOL", IN_TYPES),
    ("LIST", IN_TYPES),
    ("FIELD", IN_TYPES),
    ("TIMEDELTA", IN_TYPES),
    ("PATH", "says where programs are"),
    ("HOME", "says where the files of a person are"),
    ("LANG", "is the language of the system"),
    ("TZ", "is the time zone of the system"),
    ("USER", "is who runs the project"),
    ("PORT", "is where many hosts say which port to listen on"),
];

/// Beginnings of names that belong to others.
const BEGINNINGS: [(&str, &str); 3] = [
    ("DJANGO_", "Django and the built project"),
    ("PYTHON", "Python"),
    ("LC_", "the system"),
];

/// Whether a variable may be called what it is; if not, this is told.
pub(super) fn check_var(item: &ast::Var, out: &mut Diagnostics) -> bool {
    let name = &item.name;
    if !is_upper_snake(&name.text) {
        out.push(misspelt(name));
        return false;
    }
    if name.text.len() > LONGEST {
        let length = name.text.len();
        out.push(
            finding(name, format!("this name has {length} letters"))
                .help(format!("names of variables have at most {LONGEST}")),
        );
        return false;
    }
    if let Some((_, what)) = SHARED.iter().find(|(shared, _)| *shared == name.text)
        && item.ty.is_some()
    {
        out.push(
            finding(
                name,
                format!("`{}` {what}, with a password in it", name.text),
            )
            .label("a secret of the built project")
            .help(format!("declare it as `secret {}`", name.text)),
        );
        return false;
    }
    if let Some((_, what)) = TAKEN.iter().find(|(taken, _)| *taken == name.text) {
        out.push(taken(name, &format!("it {what}")));
        return false;
    }
    let mut beginnings = BEGINNINGS.iter();
    if let Some((_, whose)) = beginnings.find(|(begins, _)| name.text.starts_with(begins)) {
        out.push(taken(name, &format!("names like this belong to {whose}")));
        return false;
    }
    if KEYWORDS.contains(&name.text.to_ascii_lowercase().as_str()) {
        out.push(taken(name, "in lower case it is a word of Python"));
        return false;
    }
    true
}

/// Whether a service may be called what it is; if not, this is told.
pub(super) fn check_service(name: &Name, out: &mut Diagnostics) -> bool {
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let begins = name.text.starts_with(|it: char| it.is_ascii_lowercase());
    if begins && name.text.bytes().all(is_lower) && name.text.len() <= LONGEST {
        return true;
    }
    out.push(
        finding(name, format!("`{}` is no name of a service", name.text))
            .help("write it in small letters: `mailer`, `main_database`"),
    );
    false
}

fn is_upper_snake(name: &str) -> bool {
    let is_upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.starts_with(|it: char| it.is_ascii_uppercase())
        && name.bytes().all(is_upper)
        && !name.ends_with('_')
        && !name.contains("__")
}

fn misspelt(name: &Name) -> Diagnostic {
    let found = finding(
        name,
        format!("`{}` is not spelled like a variable", name.text),
    )
    .label("capital letters, digits and `_`");
    let fixed = spelled(&name.text);
    if is_upper_snake(&fixed) {
        found.help(format!("write `{fixed}`"))
    } else {
        found.help("write it like `SITE_URL`")
    }
}

/// `siteUrl` as `SITE_URL`.
fn spelled(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            spelled.push('_');
        }
        spelled.push(letter.to_ascii_uppercase());
        before = letter;
    }
    spelled
}

fn taken(name: &Name, why: &str) -> Diagnostic {
    finding(name, format!("`{}` is taken: {why}", name.text))
        .label("means something already")
        .help("choose another name, such as one with the name of the project before it")
}

fn finding(name: &Name, message: String) -> Diagnostic {
    Diagnostic::new(&codes::env::NAME, name.span, message)
}

#[cfg(test)]
mod tests {
    use super::{TAKEN, is_upper_snake, spelled};

    #[test]
    fn types_of_variables_are_taken() {
        for name in ["STR", "INT", "BOOL", "LIST", "FIELD", "TIMEDELTA"] {
            assert!(TAKEN.iter().any(|(taken, _)| *taken == name), "{name}");
        }
    }

    #[test]
    fn names_are_spelled_like_variables() {
        for name in ["SITE_URL", "A", "S3_KEY"] {
            assert!(is_upper_snake(name), "{name}");
        }
        for name in ["site_url", "_A", "A_", "A__B", "1A", "Ä", ""] {
            assert!(!is_upper_snake(name), "{name}");
        }
        assert_eq!(spelled("siteUrl"), "SITE_URL");
        assert_eq!(spelled("site_url"), "SITE_URL");
        assert_eq!(spelled("SITE_URL"), "SITE_URL");
    }
}
