//! The forms of texts: addresses, numbers, words.

use crate::{FieldType, Scalar};

/// Whether a text has the form that a type asks for, judged narrowly: what has it is accepted by everybody who judges it.
pub fn has_form(ty: &FieldType, text: &str) -> bool {
    let letters = |allowed: &dyn Fn(char) -> bool| text.chars().all(allowed);
    match ty {
        FieldType::Scalar(Scalar::Email) => {
            let parts = text.split_once('@');
            let is_plain = |letter: char| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_-".contains(letter)
            };
            parts.is_some_and(|(local, domain)| {
                let mut words = local.split('.');
                local.len() <= 64
                    && words.all(|word| !word.is_empty() && word.chars().all(is_plain))
                    && is_domain(domain)
            })
        }
        FieldType::Scalar(Scalar::Url) => {
            let rest = text
                .strip_prefix("https://")
                .or(text.strip_prefix("http://"));
            rest.is_some_and(|rest| is_domain(rest.split('/').next().unwrap_or_default()))
                && letters(&|letter| letter.is_ascii_graphic())
        }
        FieldType::Scalar(Scalar::Phone) => {
            text.starts_with('+')
                && text.len() > 2
                && text.chars().skip(1).all(|digit| digit.is_ascii_digit())
        }
        FieldType::Scalar(Scalar::Slug { .. }) => letters(&|letter| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '_' | '-')
        }),
        FieldType::Scalar(Scalar::Token { .. }) => {
            letters(&|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
        }
        _ => true,
    }
}

/// A pattern that every text of a type matches, whoever judges it; `None` where nothing is certain.
pub fn certain_form(scalar: Scalar) -> Option<&'static str> {
    match scalar {
        Scalar::Slug { .. } => Some("[a-z0-9_-]+"),
        Scalar::Phone => Some("[+][0-9][0-9 ().-]*[0-9]"),
        // What stands in quotes before the `@` may be almost anything.
        Scalar::Email => Some("[^A-Z]+@[^A-Z]+"),
        Scalar::Url => Some("([Hh][Tt][Tt][Pp]|[Ff][Tt][Pp])[Ss]?://[^ ]+"),
        _ => None,
    }
}

/// Whether a text names a host of the internet, in small letters: `example.com`.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| inner(letter) || letter == '-')
    };
    let labels: Vec<&str> = text.split('.').collect();
    labels.len() > 1
        && labels.iter().all(|label| is_label(label))
        && labels.last().is_some_and(|last| {
            last.len() > 1 && last.chars().all(|letter| letter.is_ascii_lowercase())
        })
}
