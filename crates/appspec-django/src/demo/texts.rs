//! Texts for a field, by what it is called.

use appspec_backend::snake_case;
use appspec_ir::{Entity, Field, FieldType, Scalar, Walk};

use super::pools as pool;

/// Which row a text is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// The place of the row among those of its entity.
    pub(super) row: usize,
    /// Grows when what was tried first collides with another row.
    pub(super) variant: usize,
    /// Who the row is about.
    pub(super) person: usize,
}

/// An item of a pool; when the pool is used up, its items come again with a number.
fn pick(pool: &[&str], turn: usize) -> String {
    let item = pool
        .get(turn % pool.len().max(1))
        .copied()
        .unwrap_or("Example");
    match turn / pool.len().max(1) {
        0 => item.to_owned(),
        again => format!("{item} {}", again + 1),
    }
}

fn person(turn: Turn) -> (String, String) {
    let (first, last) = pool::PEOPLE
        .get(turn.person % pool::PEOPLE.len())
        .copied()
        .unwrap_or(("Alex", "Morgan"));
    match turn.person / pool::PEOPLE.len() {
        0 => (first.to_owned(), last.to_owned()),
        again => (first.to_owned(), format!("{last} {}", roman(again + 1))),
    }
}

/// People of the same name are told apart as kings are.
fn roman(number: usize) -> String {
    match number {
        2 => "II".to_owned(),
        3 => "III".to_owned(),
        other => other.to_string(),
    }
}

fn place(turn: Turn, column: usize) -> String {
    let place = pool::PLACES.get(turn.variant % pool::PLACES.len());
    let text = place
        .and_then(|place| place.get(column))
        .copied()
        .unwrap_or("Lisbon");
    text.to_owned()
}

/// The words of a name.
pub(super) fn words(name: &str) -> Vec<String> {
    snake_case(name).split('_').map(str::to_lowercase).collect()
}

/// Lower-case letters, digits and hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        match plain(character) {
            Some(letter) => out.push(letter),
            None if !out.ends_with('-') && !out.is_empty() => out.push('-'),
            None => {}
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// A letter without its marks.
fn plain(character: char) -> Option<char> {
    Some(match character {
        'a'..='z' | '0'..='9' => character,
        'á' | 'à' | 'ã' | 'â' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        'ß' => 's',
        _ => return None,
    })
}

/// The address of whoever or whatever the row is about.
pub(super) fn email(entity: Walk<'_, Entity>, turn: Turn) -> String {
    let is_person = words(&entity.name)
        .iter()
        .any(|word| pool::PERSONS.contains(&word.as_str()));
    let name = if is_person {
        let (first, last) = person(turn);
        format!("{}.{}", slug(&first), slug(&last))
    } else {
        slug(&title(entity, turn))
    };
    format!("{name}@example.com")
}

/// An address of a page.
pub(super) fn url(entity: Walk<'_, Entity>, turn: Turn) -> String {
    format!("https://www.example.com/{}", slug(&title(entity, turn)))
}

/// A number that no telephone has: they are kept for films.
pub(super) fn phone(turn: Turn) -> String {
    format!(
        "+44 20 7946 0{:03}",
        100 + (turn.variant * 7 + turn.person) % 900
    )
}

/// What a row of an entity is called.
pub(super) fn title(entity: Walk<'_, Entity>, turn: Turn) -> String {
    let own = words(&entity.name);
    let is = |list: &[&str]| own.iter().any(|word| list.contains(&word.as_str()));
    if is(&pool::PERSONS) {
        let (first, last) = person(turn);
        return format!("{first} {last}");
    }
    if is(&pool::FIRMS) {
        return pick(&pool::COMPANIES, turn.variant);
    }
    let last = own.last().map_or("", String::as_str);
    if let Some((_, list)) = pool::KINDS.iter().find(|(word, _)| *word == last) {
        return pick(list, turn.variant);
    }
    let label = &entity.get().labels.singular;
    let label = if label.chars().any(char::is_control) {
        &entity.name
    } else {
        label
    };
    format!(
        "{} {}",
        pick(&pool::NAMES, turn.variant),
        label.to_lowercase()
    )
}

/// `AP-1001`
fn code(entity: Walk<'_, Entity>, turn: Turn) -> String {
    let letters: String = entity
        .name
        .chars()
        .filter(char::is_ascii_alphabetic)
        .take(2)
        .collect();
    format!("{}-{}", letters.to_uppercase(), 1001 + turn.variant)
}

/// Texts for a field, the best one first; whether they fit is for others to say.
pub(super) fn texts(field: Walk<'_, Field>, turn: Turn) -> Vec<String> {
    let entity = field.entity();
    let own = words(&field.name);
    let has = |list: &[&str]| own.iter().any(|word| list.contains(&word.as_str()));
    let is_long = match field.get().ty {
        FieldType::Scalar(Scalar::Text { max }) => max.is_none_or(|max| max > 100),
        _ => false,
    };
    let (first, last) = person(turn);
    let digits = |count: usize| -> String {
        let number = 2_047_381_965_u64.wrapping_add((turn.variant as u64).wrapping_mul(73_019));
        let text = format!("{number}{number}{number}");
        text.chars().take(count).collect()
    };
    let text = if has(&["first", "given", "forename"]) && has(&["name", "forename"]) {
        first
    } else if has(&["surname"]) || (has(&["last", "family"]) && has(&["name"])) {
        last
    } else if has(&["email", "mail"]) {
        email(entity, turn)
    } else if has(&["phone", "mobile", "telephone", "tel", "fax"]) {
        phone(turn)
    } else if has(&["url", "website", "link", "homepage"]) {
        url(entity, turn)
    } else if has(&["street", "address"]) {
        place(turn, 0)
    } else if has(&["postal", "zip", "postcode"]) {
        place(turn, 1)
    } else if has(&["city", "town", "place", "location"]) {
        place(turn, 2)
    } else if has(&["region", "state", "county", "province"]) {
        place(turn, 3)
    } else if has(&["country"]) {
        return vec![place(turn, 5), place(turn, 4)];
    } else if has(&["nationality"]) {
        place(turn, 5)
    } else if has(&["colour", "color"]) {
        return vec![
            pick(&pool::COLOURS, turn.variant),
            pick(&pool::WORDS, turn.variant),
        ];
    } else if has(&["currency"]) {
        pick(&pool::CURRENCIES, turn.row % 4)
    } else if has(&["language", "locale"]) {
        pick(&pool::LANGUAGES, turn.row % 5)
    } else if has(&["unit"]) {
        pick(&pool::UNITS, turn.row % 5)
    } else if has(&["size"]) {
        pick(&pool::SIZES, turn.row % 5)
    } else if has(&["version"]) {
        pick(&pool::VERSIONS, turn.row % 4)
    } else if has(&["iban"]) {
        pick(&pool::IBANS, turn.variant)
    } else if has(&["isbn", "ean", "barcode", "gtin"]) {
        digits(13)
    } else if has(&[
        "code",
        "number",
        "reference",
        "sku",
        "ref",
        "badge",
        "serial",
        "no",
        "plate",
    ]) {
        return vec![code(entity, turn), digits(6), digits(9)];
    } else if has(&["username", "nickname", "login", "handle", "nick"]) {
        slug(&first)
    } else if has(&[
        "note",
        "notes",
        "remark",
        "remarks",
        "comment",
        "comments",
        "message",
        "instructions",
    ]) {
        pick(&pool::NOTES, turn.variant)
    } else if has(&["reason", "cause"]) {
        pick(&pool::REASONS, turn.variant % pool::REASONS.len())
    } else if has(&[
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
    ]) {
        pick(&pool::PARAGRAPHS, turn.variant)
    } else if has(&["job", "position", "occupation", "profession"]) {
        pick(&pool::JOBS, turn.variant)
    } else if has(&[
        "company",
        "employer",
        "supplier",
        "manufacturer",
        "brand",
        "publisher",
        "organisation",
    ]) {
        pick(&pool::COMPANIES, turn.variant)
    } else if has(&[
        "author",
        "contact",
        "person",
        "recipient",
        "speaker",
        "referee",
        "owner",
        "contact",
    ]) || (own.len() > 1
        && own.last().is_some_and(|word| word == "name")
        && has(&["full", "contact"]))
    {
        format!("{first} {last}")
    } else if has(&["name", "title", "label", "subject", "heading", "headline"]) {
        title(entity, turn)
    } else if is_long {
        pick(&pool::NOTES, turn.variant)
    } else {
        pick(&pool::WORDS, turn.variant)
    };
    vec![text]
}
