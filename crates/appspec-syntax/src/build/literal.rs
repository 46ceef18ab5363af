use appspec_diagnostics::codes::syntax;

use crate::ast::Literal;
use crate::grammar::{Pair, Rule};

use super::Context;
use super::text::text;

/// A constant, or nothing when `pair` is none or its value does not fit.
pub(super) fn literal(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<Literal> {
    let written = pair.as_str();
    Some(match pair.as_rule() {
        Rule::integer => Literal::Int(written.to_owned()),
        Rule::decimal => Literal::Decimal(written.to_owned()),
        Rule::text | Rule::raw_text => Literal::Text(text(cx, pair)),
        Rule::boolean => Literal::Bool(written == "true"),
        Rule::date => Literal::Date(written.to_owned()),
        Rule::time => Literal::Time(written.to_owned()),
        Rule::date_time => Literal::DateTime(written.to_owned()),
        Rule::duration => Literal::Duration(or_too_large(cx, pair, duration(written))?),
        Rule::size => Literal::Size(size(cx, pair)?),
        _ => return None,
    })
}

/// `5MB` in bytes.
pub(super) fn size(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<u64> {
    let (digits, unit) = split_unit(pair.as_str());
    let factor = match unit {
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        _ => 1 << 30,
    };
    let bytes = digits
        .parse::<u64>()
        .ok()
        .and_then(|count| count.checked_mul(factor));
    or_too_large(cx, pair, bytes)
}

/// Whole numbers between parentheses of a type: `80`.
pub(super) fn whole(cx: &mut Context<'_>, pair: &Pair<'_>) -> Option<u64> {
    let value = pair.as_str().parse().ok();
    or_too_large(cx, pair, value)
}

/// `15min` in microseconds.
fn duration(written: &str) -> Option<i64> {
    let (digits, unit) = split_unit(written);
    let factor: i64 = match unit {
        "ms" => 1_000,
        "s" => 1_000_000,
        "min" => 60_000_000,
        "h" => 3_600_000_000,
        _ => 86_400_000_000,
    };
    digits.parse::<i64>().ok()?.checked_mul(factor)
}

fn split_unit(written: &str) -> (&str, &str) {
    let digits = written.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    (digits, written.strip_prefix(digits).unwrap_or(""))
}

fn or_too_large<T>(cx: &mut Context<'_>, pair: &Pair<'_>, value: Option<T>) -> Option<T> {
    if value.is_none() {
        let at = cx.token(pair);
        cx.error(
            &syntax::TOO_LARGE,
            at,
            format!("`{}` is too large", pair.as_str()),
            "beyond 64 bits",
            "write a smaller number",
        );
    }
    value
}
