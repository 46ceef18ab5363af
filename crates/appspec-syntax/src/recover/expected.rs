//! Reads a piece of junk again and says where it goes wrong and what would fit.

use appspec_diagnostics::{Diagnostic, codes::syntax};
use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};

use crate::build::Context;
use crate::grammar::{Grammar, Pair, Rule};

use super::found::describe;
use super::symbols;

/// Reports the first mistake in a piece of junk that was meant to be `rule`.
pub(super) fn report(cx: &mut Context<'_>, junk: &Pair<'_>, rule: Rule) {
    let start = junk.as_span().start();
    let end = cx.trimmed_end(start, junk.as_span().end());
    let slice = cx.text().get(start..end).unwrap_or("");
    let (offset, expected) = first_mistake(slice, rule);
    report_at(cx, start + offset, end, &expected);
}

/// Reports the first mistake in the header of a block.
pub(super) fn report_header(cx: &mut Context<'_>, block: &Pair<'_>, header: &Pair<'_>) {
    let start = block.as_span().start();
    let end = header.as_span().end();
    let slice = cx.text().get(start..end).unwrap_or("");
    // An empty block after the header: what stands in the real one is no part of this mistake.
    let whole = format!("{slice}{{}}");
    let (offset, expected) = first_mistake(&whole, Rule::only_item);
    report_at(cx, start + offset.min(slice.len()), end, &expected);
}

fn report_at(cx: &mut Context<'_>, at: usize, end: usize, expected: &[&'static str]) {
    let (found, length) = describe(cx.text(), at);
    let place = cx.range(at, (at + length).min(end.max(at)));
    let message = if expected.is_empty() {
        format!("unexpected {found}")
    } else {
        format!("expected {}, found {found}", list(expected))
    };
    let diagnostic =
        Diagnostic::new(&syntax::UNEXPECTED, place, message).label("not expected here");
    cx.report(diagnostic);
}

/// The offset of the furthest place that `rule` reached, and the names of what fits there.
fn first_mistake(slice: &str, rule: Rule) -> (usize, Vec<&'static str>) {
    let Err(error) = Grammar::parse(rule, slice) else {
        return (slice.len(), Vec::new());
    };
    let offset = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let mut names = Vec::new();
    if let ErrorVariant::ParsingError { positives, .. } = error.variant {
        for rule in positives {
            let name = symbols::of(rule);
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    (offset, names)
}

fn list(names: &[&'static str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
