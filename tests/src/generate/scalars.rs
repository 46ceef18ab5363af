//! Types with their constants: ordinary ones, and those at the very edge of what a type holds.

use super::model::{Bound, Scalar};
use super::texts;
use super::value::Value;
use crate::random::Random;

/// One of each scalar; the arguments are drawn when a field is made.
pub const ALL: [Scalar; 21] = [
    Scalar::Text(None),
    Scalar::Slug(None),
    Scalar::Email,
    Scalar::Url,
    Scalar::Phone,
    Scalar::Ip,
    Scalar::Int,
    Scalar::BigInt,
    Scalar::Float,
    Scalar::Decimal(8, 2),
    Scalar::Bool,
    Scalar::Date,
    Scalar::Time,
    Scalar::DateTime,
    Scalar::Duration,
    Scalar::Uuid,
    Scalar::Bytes,
    Scalar::Json,
    Scalar::Token(None),
    Scalar::File,
    Scalar::Image,
];

/// The digits of a decimal that a constant can have.
pub(super) const CONSTANT_DIGITS: u32 = 28;

/// The scalar with arguments, some of them the largest or smallest that there are.
pub fn with_arguments(random: &mut Random, scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::Text(_) => {
            let sizes = [
                None,
                Some(1),
                Some(2),
                Some(20),
                Some(80),
                Some(255),
                Some(4000),
            ];
            Scalar::Text(sizes[random.below(sizes.len())])
        }
        Scalar::Slug(_) => Scalar::Slug([None, Some(1), Some(255)][random.below(3)]),
        Scalar::Token(_) => Scalar::Token([None, Some(8), Some(255)][random.below(3)]),
        Scalar::Decimal(..) => {
            let sizes = [
                (1, 0),
                (1, 1),
                (2, 2),
                (3, 0),
                (5, 2),
                (8, 2),
                (12, 4),
                (15, 15),
                (19, 4),
                (28, 0),
                (28, 28),
                (38, 0),
                (38, 10),
                (38, 38),
            ];
            let (digits, places) = sizes[random.below(sizes.len())];
            Scalar::Decimal(digits, places)
        }
        other => other,
    }
}

/// Whether `<` orders its values.
pub fn is_ordered(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Int
            | Scalar::BigInt
            | Scalar::Float
            | Scalar::Decimal(..)
            | Scalar::Date
            | Scalar::Time
            | Scalar::DateTime
            | Scalar::Duration
    )
}

/// Whether it is text to rules and bounds.
pub fn is_text(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Text(_) | Scalar::Slug(_) | Scalar::Email | Scalar::Url | Scalar::Phone
    )
}

/// Whether rows can be looked up by it.
pub fn is_lookup(scalar: Scalar) -> bool {
    !matches!(
        scalar,
        Scalar::Json | Scalar::File | Scalar::Image | Scalar::Bytes
    )
}

/// How many characters it holds, where it is text.
pub fn longest(scalar: Scalar) -> Option<u32> {
    match scalar {
        Scalar::Text(size) => size,
        Scalar::Slug(size) => Some(size.unwrap_or(50)),
        Scalar::Email => Some(254),
        Scalar::Url => Some(2000),
        Scalar::Phone => Some(32),
        _ => None,
    }
}

/// Constants of an ordered type, from the smallest to the largest.
pub fn pool(scalar: Scalar) -> Vec<Value> {
    let ints = |numbers: &[i128]| numbers.iter().map(|it| Value::Int(*it)).collect::<Vec<_>>();
    match scalar {
        Scalar::Int => ints(&[
            i128::from(i32::MIN),
            -2_147_483_647,
            -1000,
            -1,
            0,
            1,
            2,
            7,
            100,
            32_768,
            65_535,
            i128::from(i32::MAX),
        ]),
        Scalar::BigInt => ints(&[
            i128::from(i64::MIN),
            -9_007_199_254_740_993,
            -1,
            0,
            1,
            10,
            4_294_967_296,
            9_007_199_254_740_993,
            i128::from(i64::MAX),
        ]),
        Scalar::Decimal(digits, places) => decimals(digits, places),
        Scalar::Float => [-1_000_000_000, -25, -5, 0, 5, 15, 1000, 12_345_678_905]
            .iter()
            .map(|units| Value::Decimal(*units, 1))
            .collect(),
        Scalar::Date => [
            (1, 1, 1),
            (1582, 10, 15),
            (1900, 2, 28),
            (1970, 1, 1),
            (2000, 2, 29),
            (2024, 12, 31),
            (2026, 3, 1),
            (2100, 1, 1),
            (9999, 12, 31),
        ]
        .iter()
        .map(|(year, month, day)| Value::Date(*year, *month, *day))
        .collect(),
        Scalar::Time => [
            (0, 0, 0),
            (0, 0, 1),
            (6, 30, 0),
            (9, 30, 0),
            (12, 0, 1),
            (23, 59, 0),
            (23, 59, 59),
        ]
        .iter()
        .map(|(hour, minute, second)| Value::Time(*hour, *minute, *second))
        .collect(),
        Scalar::DateTime => [
            (1, 1, 2, 0, 0),
            (1900, 1, 1, 0, 0),
            (1970, 1, 1, 0, 0),
            (2000, 2, 29, 12, 30),
            (2026, 3, 29, 1, 30),
            (2038, 1, 19, 3, 14),
            (2400, 1, 1, 0, 0),
            (9999, 12, 30, 23, 59),
        ]
        .iter()
        .map(|(year, month, day, hour, minute)| Value::Moment(*year, *month, *day, *hour, *minute))
        .collect(),
        Scalar::Duration => {
            let day = 86_400_000;
            [
                -36_500 * day,
                -day,
                -1000,
                0,
                1,
                1500,
                900_000,
                day,
                30 * day,
                100_000 * day,
            ]
            .iter()
            .map(|millis| Value::Duration(*millis))
            .collect()
        }
        _ => Vec::new(),
    }
}

/// Numbers of so many digits: at both ends, around nothing, and one.
fn decimals(digits: u32, places: u32) -> Vec<Value> {
    let most = 10_i128.pow(digits.min(CONSTANT_DIGITS)) - 1;
    let one = 10_i128.pow(places.min(CONSTANT_DIGITS));
    let mut units = vec![-most, -1, 0, 1, most / 2, most];
    if one < most {
        units.extend([one, one + 1]);
    }
    units.sort_unstable();
    units.dedup();
    // A constant is written with its places: more than it can have would be lost.
    let places = places.min(CONSTANT_DIGITS);
    units
        .into_iter()
        .map(|it| Value::Decimal(it, places))
        .collect()
}

/// What somebody enters, without any bound.
pub fn sample(random: &mut Random, scalar: Scalar) -> Option<Value> {
    let text =
        |list: &[&str], random: &mut Random| Value::Text(list[random.below(list.len())].to_owned());
    Some(match scalar {
        Scalar::Text(size) => {
            Value::Text(texts::within(random, size.map_or(200, |it| it as usize)))
        }
        Scalar::Slug(Some(1)) => text(&["a", "-", "_", "7"], random),
        Scalar::Slug(_) => text(&["a-b_1", "x", "0", "class"], random),
        Scalar::Email => text(&["ana@example.com", "o'brien+x@mail.example.org"], random),
        Scalar::Url => text(
            &["https://example.com", "http://example.org/a?b=c&d='e'#f"],
            random,
        ),
        Scalar::Phone => text(&["+351 210 000 000", "+44 20 7946 0000"], random),
        Scalar::Ip => text(
            &["192.0.2.1", "2001:db8::1", "::", "255.255.255.255"],
            random,
        ),
        Scalar::Uuid => text(
            &[
                "6f1f64a2-4c07-4b36-9c1b-0a3f2b8a9d10",
                "00000000-0000-0000-0000-000000000000",
            ],
            random,
        ),
        Scalar::Bool => Value::Bool(random.below(2) == 0),
        ordered if is_ordered(ordered) => {
            let pool = pool(ordered);
            pool[random.below(pool.len())].clone()
        }
        _ => return None,
    })
}

/// Patterns with a text that matches.
const PATTERNS: &[(&str, &str)] = &[
    ("[a-z]", "q"),
    (r"\d+", "7"),
    (r"[A-Z]{3}-\d{3}", "ABC-123"),
    (r"[a-z]+( [a-z]+)*", "abc de"),
    (r"\d{1,5}", "12345"),
    ("[^<>]+", "it's"),
    ("(a|b)?c+", "ac"),
    ("[äöüß ]+x", "ä ßx"),
    (".+%.*", "5%"),
    (r"\$\{[a-z]+\}", "${x}"),
    (r"[\\/'`]+", "\\'"),
];

/// A pattern for a text-like type, and a text that matches and fits.
pub fn pattern(random: &mut Random, scalar: Scalar) -> Option<(&'static str, &'static str)> {
    let longest = longest(scalar).unwrap_or(u32::MAX) as usize;
    match scalar {
        Scalar::Text(_) => {
            let fitting: Vec<_> = PATTERNS
                .iter()
                .filter(|(_, text)| text.chars().count() <= longest)
                .collect();
            Some(*fitting[random.below(fitting.len())])
        }
        Scalar::Slug(_) => Some(("[a-z]+", "a")),
        Scalar::Email => Some((r".+@example\.com", "ana@example.com")),
        Scalar::Url => Some((r"https://[a-z.]+(/.*)?", "https://example.com")),
        Scalar::Phone => Some((r"\+351 [0-9 ]+", "+351 210 000 000")),
        _ => None,
    }
}

/// A range around a value: of its type, or of its length.
pub fn range_around(random: &mut Random, scalar: Scalar, value: &Value) -> Bound {
    let (low, high) = if let Value::Text(text) = value {
        let length = i128::try_from(text.chars().count()).expect("a short text");
        let most = i128::from(longest(scalar).unwrap_or(300));
        let low = [0, 1, length][random.below(3)];
        let high = [length, (length + 10).min(most), most][random.below(3)];
        (Value::Int(low), Value::Int(high))
    } else {
        let pool = pool(scalar);
        let at = pool.iter().position(|it| it == value).unwrap_or(0);
        let low = pool[random.below(at + 1)].clone();
        let high = pool[at + random.below(pool.len() - at)].clone();
        (low, high)
    };
    match random.below(5) {
        0 => Bound::Range(Some(low), None),
        1 => Bound::Range(None, Some(high)),
        _ => Bound::Range(Some(low), Some(high)),
    }
}

/// What an uploaded file may be.
pub fn size_bound(random: &mut Random, scalar: Scalar) -> Bound {
    let sizes = [Some("1KB"), Some("5MB"), Some("2GB"), None];
    let size = sizes[random.below(sizes.len())];
    let kinds: &[&'static str] = if scalar == Scalar::Image {
        &["png", "jpeg", "gif", "webp"]
    } else {
        &[
            "pdf", "csv", "txt", "json", "zip", "docx", "xlsx", "mp3", "mp4", "png",
        ]
    };
    let start = random.below(kinds.len());
    let count = random.below(kinds.len() - start + 1);
    let mut kinds = kinds[start..start + count].to_vec();
    if size.is_none() && kinds.is_empty() {
        kinds.push("png");
    }
    Bound::Size(size, kinds)
}
