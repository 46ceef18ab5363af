//! Foreign spellings inside an expression: they mean something certain, so the tree is built as if
//! they were right, and the answer says how to write them.

use appspec_diagnostics::{Diagnostic, Span, codes::syntax};

use crate::ast::{Literal, Path, Text};
use crate::build::Context;
use crate::grammar::{Pair, Rule};

use super::{answer, division::is_division, functions, shortened};

/// The operator that a foreign one stands for.
pub(crate) fn stands_for(written: &str) -> Rule {
    match written {
        "&&" | "AND" | "And" => Rule::op_and,
        "||" | "OR" | "Or" => Rule::op_or,
        "!==" | "<>" => Rule::op_not_equal,
        "=<" => Rule::op_less_or_equal,
        "/" | "%" => Rule::op_multiply,
        _ => Rule::op_equal,
    }
}

/// Answers an operator that is not ours; says nothing about one that is.
pub(crate) fn operator(cx: &mut Context<'_>, token: &Pair<'_>) {
    let at = cx.token(token);
    let written = token.as_str();
    let meant = match token.as_rule() {
        // Answered once the whole expression is known.
        Rule::foreign_infix | Rule::foreign_divide if is_division(written) => return,
        Rule::foreign_infix => match stands_for(written) {
            Rule::op_and => "and",
            Rule::op_or => "or",
            Rule::op_not_equal => "!=",
            Rule::op_less_or_equal => "<=",
            _ => "==",
        },
        Rule::foreign_not => "not",
        _ => return,
    };
    let (before, behind) = cx.around(at);
    let (before, behind) = (before.chars().next_back(), behind.chars().next());
    let is_word = meant.starts_with(|it: char| it.is_ascii_alphabetic());
    let blank = |neighbour: Option<char>| {
        if is_word && neighbour.is_some_and(|it| it.is_alphanumeric() || it == '_') {
            " "
        } else {
            ""
        }
    };
    let edit = if written == "!" {
        format!("{meant} ")
    } else {
        format!("{}{meant}{}", blank(before), blank(behind))
    };
    let found = Diagnostic::new(
        &syntax::FOREIGN_SPELLING,
        at,
        format!("you wrote `{written}`; in appspec it is `{meant}`"),
    );
    let found = found.label("not appspec").help(format!("write `{meant}`"));
    cx.report(found.edit(at, edit));
}

/// `True`, `'text'`
pub(crate) fn literal(cx: &mut Context<'_>, pair: &Pair<'_>, at: Span) -> Literal {
    let written = pair.as_str();
    if pair.as_rule() == Rule::foreign_boolean {
        let value = written.eq_ignore_ascii_case("true");
        let meant = if value { "true" } else { "false" };
        answer(cx, at, written, &format!("`{meant}`"), Some(meant));
        return Literal::Bool(value);
    }
    let inner = written.trim_matches('\'').to_owned();
    let certain = !inner.contains(['"', '\\']);
    let meant = format!("\"{inner}\"");
    answer(
        cx,
        at,
        written,
        "a text in double quotes",
        certain.then_some(meant.as_str()),
    );
    Literal::Text(Text {
        value: inner,
        span: at,
    })
}

/// `in (a, b)`, `in [a, b]`
pub(crate) fn list(cx: &mut Context<'_>, pair: &Pair<'_>) {
    let at = cx.token(pair);
    let written = pair.as_str();
    let mut inner = written.chars();
    inner.next();
    inner.next_back();
    let inner = inner.as_str();
    if inner
        .trim_start()
        .get(..7)
        .is_some_and(|word| word.eq_ignore_ascii_case("select "))
    {
        cx.error(
            &syntax::FOREIGN_SPELLING,
            at,
            format!("you wrote `{}`; appspec has no queries", shortened(written)),
            "not appspec",
            super::signs::NO_QUERY,
        );
        return;
    }
    if let Some(range) = range(inner) {
        return answer(cx, at, written, "a range without brackets", Some(&range));
    }
    let meant = if inner.contains('\'') {
        let (before, _) = cx.around(at);
        let before = before.trim_end();
        let before = before.strip_suffix("in").unwrap_or(before).trim_end();
        let before = before.strip_suffix(" not").unwrap_or(before).trim_end();
        let start = before.rfind(|it: char| !it.is_alphanumeric() && it != '_');
        let name = before.get(start.map_or(0, |start| start + 1)..);
        let is_text = name.and_then(|name| type_of(cx.whole(), name));
        unquoted(inner, is_text.is_none_or(|ty| !is_enum(ty)))
    } else {
        inner.to_owned()
    };
    let meant = format!("{{{meant}}}");
    answer(cx, at, written, "a list of values in braces", Some(&meant));
}

/// `[1..3]`, `(1..3)`
fn range(inner: &str) -> Option<String> {
    let (low, high) = inner.split_once("..")?;
    let range = format!("{}..{}", low.trim(), high.trim());
    (!inner.contains(',') && is_rule(&format!("x in {range}"))).then_some(range)
}

/// The type with which a file declares a field of this name, where it does.
fn type_of<'t>(file: &'t str, name: &str) -> Option<&'t str> {
    let mut lines = file.lines().take(MOST_LINES).map(str::trim_start);
    let declared = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let declared = declared?;
    let end = declared.find(|it: char| !it.is_alphanumeric() && it != '_');
    declared.get(..end.unwrap_or(declared.len()))
}

/// Further down nobody looks: each list in the brackets of another language would read all of a long file.
const MOST_LINES: usize = 2_000;

/// Whether the name of a type is one that a spec declares.
fn is_enum(ty: &str) -> bool {
    ty.starts_with(|it: char| it.is_uppercase())
}

/// Values in single quotes as ours: texts, or the names of an enum.
fn unquoted(list: &str, are_texts: bool) -> String {
    let values = list.split(',').map(|value| {
        let value = value.trim();
        let inner = value
            .strip_prefix('\'')
            .and_then(|it| it.strip_suffix('\''));
        match inner {
            Some(inner) if are_texts => format!("\"{inner}\""),
            Some(inner) => inner.to_owned(),
            None => value.to_owned(),
        }
    });
    values.collect::<Vec<_>>().join(", ")
}

/// `name.lower()`, with what stands in its brackets.
pub(crate) fn method(cx: &mut Context<'_>, path: &Path, at: Span) {
    let mut names = path
        .names
        .iter()
        .map(|name| name.text.as_str())
        .collect::<Vec<_>>();
    let function = names.pop().unwrap_or_default();
    let receiver = names.join(".");
    let written = cx.slice(at);
    let inside = written.split_once('(').map_or("", |(_, inside)| inside);
    let inside = inside.strip_suffix(')').unwrap_or(inside).trim();
    let how_many = matches!(function, "count" | "length" | "size" | "len") && inside.is_empty();
    let of_rows = how_many.then(|| super::said("count", &receiver)).flatten();
    if let Some(ours) = of_rows {
        return answer(cx, at, written, &format!("`{ours}`"), Some(&ours));
    }
    let Some(call) = functions::call(&receiver, function, inside).filter(|it| is_rule(it)) else {
        if inside == "this" {
            return of_module(cx, &receiver, function, at);
        }
        let message = format!(
            "you wrote `{}`; in appspec values have no methods",
            shortened(written)
        );
        cx.error(
            &syntax::FOREIGN_SPELLING,
            at,
            message,
            "not appspec",
            "ask with what there is: `starts_with(text, beginning)`, `ends_with(text, end)`, `contains(text, part)`, \
             `length(text)`, `lower(text)`, `upper(text)` or `trim(text)`",
        );
        return;
    };
    // What stands in the brackets was not read, so it may hold another mistake.
    let is_certain =
        inside.is_empty() || super::values::is_number(inside) || inside.starts_with('"');
    let edit = is_certain.then_some(call.as_str());
    let found = super::spelling(written, &format!("`{}`", shortened(&call)), at)
        .help(format!("write `{}`", crate::invisible::shown(&call)));
    cx.report(match edit {
        Some(text) => found.edit(at, text),
        None => found,
    });
}

/// `things.cheap(this)`: a row is given to a predicate, of which somebody names the module.
fn of_module(cx: &mut Context<'_>, module: &str, predicate: &str, at: Span) {
    let message = format!(
        "you wrote `{}`; in appspec a predicate is called by its name alone",
        shortened(cx.slice(at))
    );
    cx.error(
        &syntax::FOREIGN_SPELLING,
        at,
        message,
        "has the name of a module in front",
        format!(
            "write `{predicate}(this)`; where another module declares it, `use {module}.{{{predicate}}}` at the top of the \
             file gives the name"
        ),
    );
}

fn is_rule(text: &str) -> bool {
    !text.contains(['\n', '\r']) && super::is_member(&format!("invariant x: {text}"))
}
