//! English plurals, for people and for addresses.

const IRREGULAR: [(&str, &str); 12] = [
    ("person", "people"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("mouse", "mice"),
    ("leaf", "leaves"),
    ("shelf", "shelves"),
    ("half", "halves"),
    ("life", "lives"),
    ("knife", "knives"),
];

/// Words without a plural of their own.
const SAME: [&str; 16] = [
    "staff",
    "equipment",
    "series",
    "species",
    "news",
    "information",
    "feedback",
    "data",
    "metadata",
    "media",
    "money",
    "software",
    "furniture",
    "luggage",
    "sheep",
    "fish",
];

/// Several of it: only the last word changes.
pub fn plural(singular: &str) -> String {
    let (before, last) = match singular.rsplit_once(' ') {
        Some((before, last)) => (format!("{before} "), last),
        None => (String::new(), singular),
    };
    let lower = last.to_lowercase();
    if SAME.contains(&lower.as_str()) {
        return singular.to_owned();
    }
    if let Some((_, several)) = IRREGULAR.iter().find(|(one, _)| *one == lower) {
        return format!("{before}{several}");
    }
    for (one, several) in [("sis", "ses"), ("xis", "xes")] {
        if let Some(stem) = lower.strip_suffix(one) {
            return format!("{before}{stem}{several}");
        }
    }
    let hissing = ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    if hissing {
        return format!("{before}{last}es");
    }
    match last.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{before}{stem}ies"),
        _ => format!("{before}{last}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn plurals_are_english() {
        for (one, several) in [
            ("order line", "order lines"),
            ("category", "categories"),
            ("day", "days"),
            ("address", "addresses"),
            ("box", "boxes"),
            ("branch", "branches"),
            ("sales person", "sales people"),
            ("staff", "staff"),
            ("analysis", "analyses"),
            ("house", "houses"),
        ] {
            assert_eq!(plural(one), several);
        }
    }
}
