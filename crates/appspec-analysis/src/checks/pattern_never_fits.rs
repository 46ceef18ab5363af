use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Bound, Field, FieldType, Scalar, Spec, Value};
use regex_syntax::hir::{Hir, HirKind};

/// A pattern whose shortest match is too long for the field, or whose longest is too short.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    // Many fields have the pattern of one type or mixin.
    let mut known: BTreeMap<&str, Option<Lengths>> = BTreeMap::new();
    for (_, field) in spec.fields.iter() {
        for bound in &field.bounds {
            let Bound::Matches { pattern, span } = bound else {
                continue;
            };
            let own = known.entry(pattern).or_insert_with(|| read(pattern));
            let Some((message, label)) = own.and_then(|own| misfit(field, own)) else {
                continue;
            };
            found.push(
                Diagnostic::new(&codes::invariant::PATTERN_NEVER_FITS, *span, message)
                    .label(label)
                    .note(field.span, "no text fits both")
                    .help("change the pattern or the length"),
            );
        }
    }
}

/// Whether no value of a field fits its own patterns.
pub(super) fn is_about(field: &Field) -> bool {
    field.bounds.iter().any(|bound| match bound {
        Bound::Matches { pattern, .. } => {
            read(pattern).is_some_and(|own| misfit(field, own).is_some())
        }
        _ => false,
    })
}

/// The shortest and the longest match, in characters.
type Lengths = (u64, Option<u64>);

fn read(pattern: &str) -> Option<Lengths> {
    Some(lengths(&regex_syntax::parse(pattern).ok()?))
}

/// What is too long or too short, and for what.
fn misfit(field: &Field, (shortest, longest): Lengths) -> Option<(String, String)> {
    let (low, high) = limits(field);
    if let Some(high) = high.filter(|high| shortest > *high) {
        return Some((
            format!("the shortest match has {}", characters(shortest)),
            format!("`{}` holds {high} at most", field.name),
        ));
    }
    let longest = longest.filter(|longest| *longest < low)?;
    Some((
        format!("the longest match has {}", characters(longest)),
        format!("`{}` has to have {low} at least", field.name),
    ))
}

fn characters(count: u64) -> String {
    if count == 1 {
        "1 character".to_owned()
    } else {
        format!("{count} characters")
    }
}

/// The smallest and the largest length that type and bounds leave.
fn limits(field: &Field) -> (u64, Option<u64>) {
    let mut low = 0;
    let mut high = match field.ty {
        FieldType::Scalar(Scalar::Text { max }) => max.map(u64::from),
        FieldType::Scalar(Scalar::Slug { max }) => Some(u64::from(max)),
        _ => None,
    };
    let length = |value: &Option<Value>| match value {
        Some(Value::Int(number)) => u64::try_from(*number).ok(),
        _ => None,
    };
    for bound in &field.bounds {
        if let Bound::Range {
            low: from,
            high: to,
            ..
        } = bound
        {
            low = low.max(length(from).unwrap_or(0));
            high = match (high, length(to)) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
    }
    (low, high)
}

/// The lengths of the shortest and the longest match in characters; no longest for an open end. The properties that
/// the parser itself offers count bytes. Its own limit on nesting makes the recursion safe.
fn lengths(pattern: &Hir) -> (u64, Option<u64>) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Literal(literal) => {
            let bytes = literal.0.iter();
            // Continuation bytes of UTF-8 begin no character.
            let count = bytes.filter(|byte| **byte & 0xC0 != 0x80).count();
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            (count, Some(count))
        }
        HirKind::Class(_) => (1, Some(1)),
        HirKind::Capture(capture) => lengths(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (shortest, longest) = lengths(&repetition.sub);
            let most = match (repetition.max, longest) {
                (Some(times), Some(length)) => Some(length.saturating_mul(u64::from(times))),
                (_, Some(0)) => Some(0),
                _ => None,
            };
            (shortest.saturating_mul(u64::from(repetition.min)), most)
        }
        HirKind::Concat(parts) => parts.iter().map(lengths).fold((0, Some(0)), |sum, part| {
            let most = sum
                .1
                .zip(part.1)
                .map(|(a, b): (u64, u64)| a.saturating_add(b));
            (sum.0.saturating_add(part.0), most)
        }),
        HirKind::Alternation(parts) => {
            let all: Vec<_> = parts.iter().map(lengths).collect();
            let shortest = all.iter().map(|length| length.0).min().unwrap_or(0);
            let longest: Option<Vec<_>> = all.iter().map(|length| length.1).collect();
            (shortest, longest.and_then(|all| all.into_iter().max()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lengths;
    use crate::checks::testing::codes;

    #[test]
    fn lengths_count_characters() {
        let of = |pattern: &str| lengths(&regex_syntax::parse(pattern).unwrap());
        assert_eq!(of("[A-Z]{5}"), (5, Some(5)));
        assert_eq!(of("(a|bcd)é?x*"), (1, None));
        assert_eq!(of("(ab|c){2,3}"), (2, Some(6)));
        assert_eq!(of("é{2}"), (2, Some(2)));
        assert_eq!(of(""), (0, Some(0)));
    }

    #[test]
    fn a_text_that_fits_exactly_is_fine() {
        let field = |text: &str| codes(&format!("entity E {{ c: {text} }}"));
        assert_eq!(
            field(r#"text(3) matches r"[A-Z]{4,}""#),
            ["invariant::pattern_never_fits"]
        );
        let read = codes(
            "entity E {\n c: text(3)? matches r\"[A-Z]{4,}\"\n invariant x: c is set implies c != \"a\"\n}",
        );
        assert_eq!(read, ["invariant::pattern_never_fits"]);
        assert_eq!(field(r#"text(4) matches r"[A-Z]{4,}""#), [""; 0]);
        assert_eq!(field(r#"text matches r"[A-Z]{4,}""#), [""; 0]);
    }
}
