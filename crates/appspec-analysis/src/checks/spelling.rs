use appspec_ir::Scalar;

use super::taken::{BUILTIN_CLASSES, KEYWORDS, OF_MODELS, OF_RECORDS};

/// `sales_order` as `SalesOrder`.
pub(crate) fn cap_words(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

/// `startsAt` as `starts_at`, `VATNumber` as `vat_number`.
pub(crate) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let behind = letters.get(at + 1);
        let begins_word = letter.is_ascii_uppercase()
            && before.is_some_and(|it| {
                *it != '_'
                    && (!it.is_ascii_uppercase() || behind.is_some_and(char::is_ascii_lowercase))
            });
        if begins_word {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// A value of a type that is built in, with its article: ``an `email` ``, but ``a `uuid` ``. Names of a spec have no article:
/// nobody knows in which language they are spoken.
pub(crate) fn one(scalar: Scalar) -> String {
    let name = scalar.to_string();
    let is_spoken_you = ["url", "uuid"].contains(&name.as_str());
    let is_vowel = name.starts_with(['a', 'e', 'i', 'o', 'u']) && !is_spoken_you;
    let article = if is_vowel { "an" } else { "a" };
    format!("{article} `{name}`")
}

/// Whether a name that a help offers would not be refused in its turn.
pub(crate) fn is_free(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_alphabetic())
        && !appspec_syntax::is_reserved(name)
        && !KEYWORDS.contains(&name)
        && !BUILTIN_CLASSES.contains(&name)
        && !OF_MODELS.contains(&name)
        && !OF_RECORDS.contains(&name)
        && !["id", "pk", "self", "str", "bool"].contains(&name)
}

#[cfg(test)]
mod tests {
    use appspec_ir::Scalar;

    use super::{cap_words, is_free, one, snake_case};

    #[test]
    fn a_type_has_the_article_that_it_is_spoken_with() {
        assert_eq!(one(Scalar::Int), "an `int`");
        assert_eq!(one(Scalar::Email), "an `email`");
        assert_eq!(one(Scalar::Uuid), "a `uuid`");
        assert_eq!(one(Scalar::Date), "a `date`");
    }

    #[test]
    fn each_spelling_is_turned_into_the_other() {
        assert_eq!(cap_words("sales_order"), "SalesOrder");
        assert_eq!(cap_words("order"), "Order");
        assert_eq!(cap_words("_Order__line_"), "OrderLine");
        assert_eq!(snake_case("startsAt"), "starts_at");
        assert_eq!(snake_case("VATNumber"), "vat_number");
        assert_eq!(snake_case("Net_Total"), "net_total");
        assert_eq!(snake_case("line2Text"), "line2_text");
    }

    #[test]
    fn what_is_refused_elsewhere_is_not_free() {
        for name in [
            "and",
            "in",
            "class",
            "objects",
            "Exception",
            "str",
            "id",
            "2x",
            "",
        ] {
            assert!(!is_free(name), "{name}");
        }
        assert!(is_free("total"));
    }
}
