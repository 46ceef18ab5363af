//! What a field is about, by the words of its name.

use appspec_backend::snake_case;

/// What a field is about, as far as its name says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    FirstName,
    LastName,
    Person,
    Login,
    Email,
    Phone,
    Url,
    Place(usize),
    Country,
    Colour,
    Currency,
    Language,
    Unit,
    Size,
    Version,
    Iban,
    Barcode,
    Code,
    Note,
    Reason,
    Paragraph,
    Job,
    Company,
    Title,
}

/// Words in the names of fields; the first that is found decides.
const TOPICS: [(Topic, &[&str]); 27] = [
    (Topic::FirstName, &["forename"]),
    (Topic::LastName, &["surname"]),
    (Topic::Email, &["email", "mail"]),
    (
        Topic::Phone,
        &["phone", "mobile", "telephone", "tel", "fax"],
    ),
    (Topic::Url, &["url", "website", "link", "homepage"]),
    (Topic::Place(0), &["street", "address"]),
    (Topic::Place(1), &["postal", "zip", "postcode"]),
    (Topic::Place(2), &["city", "town", "place", "location"]),
    (Topic::Place(3), &["region", "state", "county", "province"]),
    (Topic::Country, &["country", "nationality"]),
    (Topic::Colour, &["colour", "color"]),
    (Topic::Currency, &["currency"]),
    (Topic::Language, &["language", "locale"]),
    (Topic::Unit, &["unit"]),
    (Topic::Size, &["size"]),
    (Topic::Version, &["version"]),
    (Topic::Iban, &["iban"]),
    (Topic::Barcode, &["isbn", "ean", "barcode", "gtin"]),
    (
        Topic::Code,
        &[
            "code",
            "number",
            "reference",
            "sku",
            "ref",
            "badge",
            "serial",
            "no",
            "plate",
        ],
    ),
    (
        Topic::Login,
        &["username", "nickname", "login", "handle", "nick"],
    ),
    (
        Topic::Note,
        &[
            "note",
            "notes",
            "remark",
            "remarks",
            "comment",
            "comments",
            "message",
            "instructions",
        ],
    ),
    (Topic::Reason, &["reason", "cause", "why"]),
    (
        Topic::Paragraph,
        &[
            "description",
            "summary",
            "body",
            "text",
            "content",
            "about",
            "bio",
            "details",
            "intro",
            "abstract",
        ],
    ),
    (Topic::Job, &["job", "position", "occupation", "profession"]),
    (
        Topic::Company,
        &[
            "company",
            "employer",
            "supplier",
            "manufacturer",
            "brand",
            "publisher",
            "organisation",
        ],
    ),
    (
        Topic::Person,
        &[
            "author",
            "contact",
            "person",
            "recipient",
            "speaker",
            "referee",
            "owner",
            "full",
        ],
    ),
    (
        Topic::Title,
        &["name", "title", "label", "subject", "heading", "headline"],
    ),
];

/// What the name of a field says.
pub(super) fn topic(field: &str) -> Option<Topic> {
    let own = words(field);
    if own.has(&["name"]) && own.has(&["first", "given"]) {
        return Some(Topic::FirstName);
    }
    if own.has(&["name"]) && own.has(&["last", "family"]) {
        return Some(Topic::LastName);
    }
    let found = TOPICS.iter().find(|(_, list)| own.has(list));
    found.map(|(topic, _)| *topic)
}

/// The words of a name, as one text: each row asks for those of every field anew.
pub(super) struct Words(String);

pub(super) fn words(name: &str) -> Words {
    let snake = snake_case(name);
    // Of ASCII that has left no capitals.
    Words(if snake.is_ascii() {
        snake
    } else {
        snake.to_lowercase()
    })
}

impl Words {
    /// Whether one of these is among them.
    pub(super) fn has(&self, list: &[&str]) -> bool {
        self.0.split('_').any(|word| list.contains(&word))
    }

    pub(super) fn last(&self) -> &str {
        self.0.rsplit('_').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_say_what_they_are_about() {
        for (name, expected) in [
            ("first_name", Some(Topic::FirstName)),
            ("family_name", Some(Topic::LastName)),
            ("shipping_street", Some(Topic::Place(0))),
            ("contact_email", Some(Topic::Email)),
            ("order_number", Some(Topic::Code)),
            ("name", Some(Topic::Title)),
            ("flavour", None),
        ] {
            assert_eq!(topic(name), expected, "{name}");
        }
    }
}
