//! Words that belong to the language, but not to this version. Each gets one finding for the whole
//! construct: nothing in a spec is read and ignored.

use appspec_diagnostics::{Span, codes::syntax};

use crate::ast::Name;
use crate::build::Context;
use crate::foreign;
use crate::grammar::{Pair, Rule};

/// Says that `what`, written at `at`, is not in this version.
fn refuse(cx: &mut Context<'_>, at: Span, what: &str, help: &str) {
    cx.error(
        &syntax::NOT_IN_THIS_VERSION,
        at,
        format!("{what} not in this version of appspec"),
        "not built yet",
        help,
    );
}

/// `job …`, `deploy opalstack { … }`
pub(crate) fn item(cx: &mut Context<'_>, word: &Pair<'_>) {
    let at = cx.token(word);
    let (what, help) = match word.as_str() {
        "job" => (
            "`job`: jobs are",
            "leave it out, or write the work by hand in the built project",
        ),
        "action" => (
            "`action`: actions are",
            "leave it out, or write the work by hand in the built project",
        ),
        "deploy" => (
            "`deploy`: deployment is",
            "leave the block out and deploy the built project by hand",
        ),
        "scenario" => (
            "`scenario`: scenarios are",
            "leave it out, or write a test in the built project",
        ),
        "report" => ("`report`: reports are", LEAVE_OUT),
        "search" => ("`search`: full-text search is", LEAVE_OUT),
        "live" => ("`live`: live updates are", LEAVE_OUT),
        _ => ("`api`: settings of the API are", LEAVE_OUT),
    };
    refuse(cx, at, what, help);
}

const LEAVE_OUT: &str = "leave it out";

/// `invariant name on update: …`
pub(crate) fn member(cx: &mut Context<'_>, word: &Pair<'_>) {
    let at = cx.span(word);
    let first = word.as_str().split_whitespace().next().unwrap_or_default();
    let (what, help) = match first {
        "audited" => ("`audited`: the record of changes is", "leave the line out"),
        _ => (
            "an invariant of this moment is",
            "only `on create` and `on change of` are; without a moment, the rule always holds",
        ),
    };
    refuse(cx, at, what, help);
}

/// `personal`, `secret`, `public`
pub(crate) fn mark(cx: &mut Context<'_>, word: &Pair<'_>) {
    let at = cx.token(word);
    let what = format!("`{}`: this mark is", word.as_str());
    refuse(cx, at, &what, "leave the word out");
}

/// `all(x in xs have …)`, `sum(…)`, `if … then … else …`
pub(crate) fn operand(cx: &mut Context<'_>, pair: Pair<'_>) {
    let at = cx.span(&pair);
    let Some(inner) = pair.into_inner().next() else {
        return;
    };
    if inner.as_rule() == Rule::quantifier {
        let word = inner
            .as_str()
            .split(|it: char| !it.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let inside = inner.as_str().get(word.len()..).unwrap_or_default();
        let inside = inside
            .trim_start()
            .strip_prefix('(')
            .and_then(|it| it.trim_end().strip_suffix(')'));
        several_rows(cx, at, word, inside.unwrap_or_default());
    } else {
        refuse(
            cx,
            at,
            "`if … then … else` is",
            "write `condition implies rule` for each case",
        );
    }
}

/// What is said of several rows and could not be read.
fn several_rows(cx: &mut Context<'_>, at: Span, word: &str, inside: &str) {
    if let Some(ours) = foreign::said(word, inside) {
        let answer = foreign::Answer {
            length: 0,
            meant: format!("`{ours}`"),
            help: Some(format!("write `{ours}`")),
            edit: Some(ours),
        };
        return foreign::reply(cx, at, &answer);
    }
    let help = match word {
        "all" => "write `all(line in lines have …)`",
        "some" => "write `some(line in lines has …)`",
        "count" => "write `count(line in lines)` or `count(line in lines where …)`",
        "sum" => {
            "write `sum(line.amount for line in lines)`, with `where …` behind it if not all count"
        }
        "min" => {
            "write `min(line.amount for line in lines)`, with `where …` behind it if not all count"
        }
        "max" => {
            "write `max(line.amount for line in lines)`, with `where …` behind it if not all count"
        }
        _ => "write `exists(price in Price where price.country == country)`",
    };
    cx.error(
        &syntax::UNEXPECTED,
        at,
        format!("`{word}(…)` can't be read like this"),
        "not understood",
        help,
    );
}

/// Refuses the name of an action that is what can be done with any row.
pub(crate) fn action(cx: &mut Context<'_>, name: &Name) {
    if ANY_ROW.contains(&name.text.as_str()) {
        cx.error(
            &syntax::RESERVED_WORD,
            name.span,
            format!(
                "`{}` is what can be done with any row and can't be the name of an action",
                name.text
            ),
            "reserved word",
            "choose another name, such as what people call this step",
        );
    } else {
        declared(cx, name);
    }
}

/// What access rules allow besides actions.
const ANY_ROW: &[&str] = &["read", "create", "update", "delete", "do"];

/// Refuses a declared name that is a word of the language.
pub(crate) fn declared(cx: &mut Context<'_>, name: &Name) {
    if !is_reserved(&name.text) {
        return;
    }
    cx.error(
        &syntax::RESERVED_WORD,
        name.span,
        format!(
            "`{}` is a word of the language and can't be a name",
            name.text
        ),
        "reserved word",
        "choose another name, such as a longer one",
    );
}

/// Whether a word belongs to the language, so that nothing can have it as its name.
pub fn is_reserved(word: &str) -> bool {
    WORDS.contains(&word)
}

/// Words that an expression or a later version needs for itself.
const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "implies",
    "otherwise",
    "in",
    "is",
    "true",
    "false",
    "null",
    "this",
    "me",
    "if",
    "then",
    "else",
    "report",
    "search",
    "live",
    "scenario",
    "api",
];
