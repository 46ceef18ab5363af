//! Dates, times and moments in quotes.

use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::Type;

use super::calendar::{self, Moment};

/// The finding for a text where a date, time or moment is wanted and the text would be one without its quotes.
pub(crate) fn finding(text: &str, span: Span, ty: Type) -> Option<Diagnostic> {
    let what = match ty {
        Type::Date => "date",
        Type::Time => "time",
        _ => "moment",
    };
    let finding = Diagnostic::new(
        &codes::types::MISMATCH,
        span,
        format!("text is not a {what}"),
    );
    if let Some(bare) = bare(text, ty) {
        let help = format!("write the {what} without quotes: `{bare}`");
        return Some(finding.help(help).edit(span, bare));
    }
    let is_day = calendar::date(text).is_some();
    let help = match ty {
        Type::DateTime if is_day => {
            format!("write a moment with its zone, without quotes, such as `{text}T00:00Z`")
        }
        Type::DateTime if calendar::moment(&with_sign(text)) == Moment::NoZone => {
            let text = with_sign(text);
            format!("write the moment with its zone, without quotes, such as `{text}Z`")
        }
        _ => return None,
    };
    Some(finding.help(help))
}

/// The same for any constant that is written without quotes.
pub(crate) fn constant(text: &str, ty: Type) -> Option<String> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    let is_bare = match ty {
        Type::Bool => matches!(text, "true" | "false"),
        Type::Int => digits(number),
        Type::Decimal { .. } | Type::Float => {
            let (whole, places) = number.split_once('.').unwrap_or((number, "0"));
            digits(whole) && digits(places)
        }
        _ => return bare(text, ty),
    };
    is_bare.then(|| text.to_owned())
}

/// What the text says, as the language writes it; the same value and no other.
pub(crate) fn bare(text: &str, ty: Type) -> Option<String> {
    match ty {
        Type::Date => calendar::date(text).map(|_| text.to_owned()),
        Type::Time => calendar::time(text).map(|_| text.to_owned()),
        Type::DateTime => {
            let text = with_sign(text);
            matches!(calendar::moment(&text), Moment::At(_)).then_some(text)
        }
        _ => None,
    }
}

/// `2026-03-01 09:30z` with the `T` that stands between day and time here, and its zone in upper case.
fn with_sign(text: &str) -> String {
    text.replacen(' ', "T", 1).to_ascii_uppercase()
}
