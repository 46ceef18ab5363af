//! English for people, made from names.

/// `OrderLine` and `order_line` are "order line"; runs of capitals stay together (`HTTPLog` is "http log").
pub(crate) fn words(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len() + 4);
    for (index, letter) in letters.iter().copied().enumerate() {
        if letter == '_' {
            text.push(' ');
            continue;
        }
        let previous = index.checked_sub(1).and_then(|at| letters.get(at)).copied();
        let next = letters.get(index + 1).copied();
        let starts_word = letter.is_uppercase()
            && previous.is_some_and(|previous| {
                previous.is_lowercase()
                    || previous.is_numeric()
                    || (previous.is_uppercase() && next.is_some_and(char::is_lowercase))
            });
        if starts_word {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// The words with a capital at the start: `no_show` is "No show".
pub(crate) fn capitalized(name: &str) -> String {
    let text = words(name);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

/// What a broken invariant says when the spec gives no message: a name alone reads as if it held.
pub(crate) fn broken(name: &str) -> String {
    format!("The rule '{}' is broken.", words(name))
}

/// What an action says whose `when` does not hold, when the spec gives no message.
pub(crate) fn not_possible(action: &str) -> String {
    format!("The action '{}' is not possible now.", words(action))
}

#[cfg(test)]
mod tests {
    use super::{broken, capitalized, words};

    #[test]
    fn names_become_words() {
        assert_eq!(words("OrderLine"), "order line");
        assert_eq!(words("HTTPLog"), "http log");
        assert_eq!(words("no_show"), "no show");
        assert_eq!(words("Address2Line"), "address2 line");
        assert_eq!(capitalized("no_show"), "No show");
        assert_eq!(
            broken("ends_after_start"),
            "The rule 'ends after start' is broken."
        );
    }
}
