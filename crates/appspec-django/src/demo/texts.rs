//! Texts for a field, by what it is called.

use std::collections::BTreeSet;
use std::iter;

use appspec_ir::{Entity, Field, FieldType, Scalar, Walk};

use super::topics::{Topic, topic, words};
use super::{kinds, pools as pool};

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

impl Turn {
    /// That of a row so many places behind this one.
    pub(super) fn later(self, steps: usize) -> Self {
        Self {
            row: self.row + steps,
            variant: self.variant + steps,
            person: self.person + steps,
        }
    }
}

/// An item of a pool; when the pool is used up, its items come again with a number.
pub(super) fn pick(pool: &[&str], turn: usize) -> String {
    let item = pool
        .get(turn % pool.len().max(1))
        .copied()
        .unwrap_or("Example");
    match turn / pool.len().max(1) {
        0 => item.to_owned(),
        again => format!("{item} {}", again + 1),
    }
}

/// A first and a last name; when all people had their turn, the last names move on by one.
fn person(turn: Turn) -> (String, String) {
    let people = &pool::PEOPLE;
    let again = turn.person / people.len();
    let first = people.get(turn.person % people.len());
    let last = people.get((turn.person + again * 5) % people.len());
    (
        first.map_or("Alex", |(first, _)| first).to_owned(),
        last.map_or("Morgan", |(_, last)| last).to_owned(),
    )
}

fn place(turn: Turn, column: usize) -> String {
    let place = pool::PLACES.get(turn.variant % pool::PLACES.len());
    let text = place
        .and_then(|place| place.get(column))
        .copied()
        .unwrap_or("Lisbon");
    text.to_owned()
}

/// A longer word of an address is one that nobody has.
const LONGEST_SLUG: usize = 60;

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
    if out.len() > LONGEST_SLUG {
        out.truncate(LONGEST_SLUG);
        out.truncate(out.rfind('-').unwrap_or(LONGEST_SLUG));
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
    let name = if is_person(&entity.name) {
        let (first, last) = person(turn);
        format!("{}.{}", slug(&first), slug(&last))
    } else {
        slug(&title(entity, turn))
    };
    format!("{name}@example.com")
}

/// Whether a name is one of people.
fn is_person(name: &str) -> bool {
    words(name).has(&kinds::PERSONS)
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
    if own.has(&kinds::PERSONS) {
        let (first, last) = person(turn);
        return format!("{first} {last}");
    }
    if own.has(&kinds::FIRMS) {
        return pick(&pool::COMPANIES, turn.variant);
    }
    let last = own.last();
    if let Some((_, list)) = kinds::KINDS.iter().find(|(word, _)| *word == last) {
        return pick(list, turn.variant);
    }
    let label = &entity.get().labels.singular;
    let label = if label.chars().any(char::is_control) {
        &entity.name
    } else {
        label
    };
    let label = label.to_lowercase();
    // No station is called after its station.
    let names: Vec<&str> = pool::NAMES
        .into_iter()
        .filter(|name| !has_ignoring_case(&label, name))
        .collect();
    format!("{} {label}", pick(&names, turn.variant))
}

/// Whether a text in small letters has a name of ASCII in it.
fn has_ignoring_case(text: &str, name: &str) -> bool {
    let mut parts = text.as_bytes().windows(name.len());
    parts.any(|part| part.eq_ignore_ascii_case(name.as_bytes()))
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

/// So many digits, others for each row.
fn digits(count: usize, turn: Turn) -> String {
    let step = u64::try_from(turn.variant)
        .unwrap_or(0)
        .wrapping_mul(73_019);
    let number = 2_047_381_965_u64.wrapping_add(step);
    let mut digits = format!("{number}{number}");
    digits.truncate(count);
    digits
}

/// The thirteen digits below the bars on a book, the last of which checks the others.
fn barcode(turn: Turn) -> String {
    let first = format!("978{}", digits(9, turn));
    let weighed = first.chars().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = weighed
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    format!("{first}{}", (10 - sum % 10) % 10)
}

/// Texts for a field, the best one first and each thought of when it is asked for; whether they fit is for others to say.
///
/// Rules may ask two fields to differ, or for letters of one size: those of the next rows follow, and the first one in
/// both sizes.
pub(super) fn texts(field: Walk<'_, Field>, turn: Turn) -> impl Iterator<Item = String> {
    // A shirt that is a `Colour` has a colour.
    let named = field.named.and_then(|id| field.spec.types.find(id));
    let about = topic(&field.name).or_else(|| topic(&named?.name));
    let of_rows = [turn, turn.later(1), turn.later(2)].into_iter();
    let of_rows = of_rows.flat_map(move |turn| best(field, about, turn));
    let first = move || best(field, about, turn).into_iter().next();
    let sizes = iter::once_with(first).flat_map(|first| {
        let first = first.unwrap_or_default();
        [first.to_lowercase(), first.to_uppercase()]
    });
    let mut seen = BTreeSet::new();
    of_rows
        .chain(sizes)
        .filter(move |text| seen.insert(text.clone()))
}

/// What a field that is about this says in this row.
fn best(field: Walk<'_, Field>, about: Option<Topic>, turn: Turn) -> Vec<String> {
    let entity = field.entity();
    let (first, last) = person(turn);
    let is_long = match field.get().ty {
        FieldType::Scalar(Scalar::Text { max }) => max.is_none_or(|max| max > 100),
        _ => false,
    };
    let text = match about {
        Some(Topic::FirstName) => first,
        Some(Topic::LastName) => last,
        Some(Topic::Person) => format!("{first} {last}"),
        Some(Topic::Login) => slug(&first),
        Some(Topic::Email) => email(entity, turn),
        Some(Topic::Phone) => phone(turn),
        Some(Topic::Url) => url(entity, turn),
        Some(Topic::Place(column)) => place(turn, column),
        // Its name, and its code where that alone fits.
        Some(Topic::Country) => return vec![place(turn, 5), place(turn, 4)],
        Some(Topic::Colour) => {
            let plain = pick(&pool::WORDS, turn.variant);
            return vec![
                pick(&pool::COLOURS, turn.variant % pool::COLOURS.len()),
                plain,
            ];
        }
        Some(Topic::Currency) => pick(&pool::CURRENCIES, turn.row % pool::CURRENCIES.len()),
        Some(Topic::Language) => pick(&pool::LANGUAGES, turn.row % pool::LANGUAGES.len()),
        Some(Topic::Unit) => pick(&pool::UNITS, turn.row % pool::UNITS.len()),
        Some(Topic::Size) => pick(&pool::SIZES, turn.row % pool::SIZES.len()),
        Some(Topic::Version) => pick(&pool::VERSIONS, turn.row % pool::VERSIONS.len()),
        Some(Topic::Iban) => pick(&pool::IBANS, turn.variant),
        Some(Topic::Barcode) => barcode(turn),
        Some(Topic::Code) => return vec![code(entity, turn), digits(6, turn), digits(9, turn)],
        Some(Topic::Note) => pick(&pool::NOTES, turn.variant),
        Some(Topic::Reason) => pick(&pool::REASONS, turn.variant % pool::REASONS.len()),
        Some(Topic::Paragraph) => pick(&pool::PARAGRAPHS, turn.variant),
        Some(Topic::Job) => pick(&pool::JOBS, turn.variant),
        Some(Topic::Company) => pick(&pool::COMPANIES, turn.variant),
        Some(Topic::Title) => title(entity, turn),
        None if is_person(&field.name) => format!("{first} {last}"),
        None if is_long => pick(&pool::REMARKS, turn.variant),
        None => pick(&pool::WORDS, turn.variant),
    };
    vec![text]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_of_a_barcode_checks_the_others() {
        let code = barcode(Turn {
            row: 1,
            variant: 1,
            person: 0,
        });
        assert_eq!(code.len(), 13);
        let digits = code.chars().filter_map(|digit| digit.to_digit(10));
        let sum: u32 = digits
            .enumerate()
            .map(|(place, digit)| digit * [1, 3][place % 2])
            .sum();
        assert_eq!(sum % 10, 0, "{code}");
    }

    #[test]
    fn people_have_names_of_their_own() {
        let names: BTreeSet<_> = (0..256)
            .map(|place| {
                person(Turn {
                    row: 0,
                    variant: 0,
                    person: place,
                })
            })
            .collect();
        assert_eq!(names.len(), 256);
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug("Inês Carvalho"), "ines-carvalho");
        assert_eq!(slug("Olive oil, 500 ml"), "olive-oil-500-ml");
        assert_eq!(slug("日本"), "");
        assert_eq!(slug(&"Harbour road ".repeat(9)).len(), 59);
    }

    #[test]
    fn a_pool_that_is_used_up_goes_on_with_numbers() {
        assert_eq!(pick(&["a", "b"], 1), "b");
        assert_eq!(pick(&["a", "b"], 3), "b 2");
        assert_eq!(pick(&[], 3), "Example 4");
    }
}
