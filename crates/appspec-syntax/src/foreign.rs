//! "You wrote X; in appspec it is Y": spellings of other languages.

mod certain;
mod choices;
mod constraints;
mod contains;
mod decorators;
mod deleting;
mod division;
mod field;
mod forgotten;
mod functions;
mod headers;
mod items;
mod lengths;
mod lines;
mod names;
mod nearly;
mod nothing;
mod numbers;
mod one_of;
mod operators;
mod parts;
mod phrases;
mod relations;
mod relationships;
mod reversed;
mod rows;
mod ruby;
mod serial;
mod several;
mod signs;
mod sql;
mod statements;
mod tables;
mod typed;
mod types;
mod values;
mod words;
mod zenstack;

pub(crate) use contains::asked_of_a_list;
pub(crate) use deleting::on_delete;
pub(crate) use items::{begins_item, item};
pub(crate) use lines::{Answer, member, rest};
pub(crate) use phrases::{Phrase, phrase};
pub(crate) use several::said;
pub(crate) use signs::{comma_in_a_row, sign};
pub(crate) use statements::statement;
pub(crate) use tables::{Table, table};
pub(crate) use typed::typed;
pub(crate) use types::check as check_types;
pub use types::nearly_foreign;

pub(crate) use division::{is_division, no_division};
pub(crate) use lengths::length;
pub(crate) use nothing::{
    Asked, Blocks, ask, is_null, is_null_default, null, null_comparison, null_default,
};
pub(crate) use operators::{list, literal, method, operator, stands_for};

use appspec_diagnostics::{Diagnostic, Root, Span, codes::syntax};

use crate::build::Context;
use crate::grammar::Rule;
use crate::invisible;
use crate::stack;

/// A language that says differently what a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// A field without a word about it may be empty.
    Sql,
    /// The same, in the language of `JHipster`.
    Jdl,
    Prisma,
    Python,
    /// A field without `!` may be empty.
    GraphQl,
    Ruby,
    /// TypeScript, Java, Kotlin and the like.
    Script,
}

/// What stands around a line.
pub(crate) struct Around<'t> {
    /// The language of the block that it is in, if that is none of ours.
    pub(crate) dialect: Option<Dialect>,
    /// The file, up to the line.
    pub(crate) before: &'t str,
    /// What follows the line.
    pub(crate) behind: &'t str,
    pub(crate) whole: &'t str,
}

impl Around<'_> {
    /// The entity that the line is in.
    fn entity(&self) -> Option<String> {
        names::around(self.before)
    }
}

/// Nobody writes longer lines, and each part of one is looked at several times.
const LONGEST: usize = 2_000;

/// Whether this is a member: what a message says to write is read before it is said. What is said of several rows in words
/// that are none is read as one piece, and is refused later.
pub(crate) fn is_member(text: &str) -> bool {
    stack::parse(Rule::only_member, text).is_ok_and(|pairs| {
        pairs
            .flatten()
            .all(|pair| pair.as_rule() != Rule::reserved_operand)
    })
}

/// Reports what is written in another language at this place.
pub(crate) fn reply(cx: &mut Context<'_>, at: Span, answer: &Answer) {
    let found = spelling(cx.slice(at), &answer.meant, at);
    let found = match (&answer.help, answer.edit.as_deref()) {
        (help, Some("")) => {
            let help = help.clone().filter(|it| !it.starts_with("leave"));
            found.help(help.unwrap_or_else(|| format!("remove `{}`", shortened(cx.slice(at)))))
        }
        (Some(help), _) => found.help(invisible::shown(help)),
        (None, Some(text)) => found.help(format!("write `{}`", invisible::shown(text))),
        (None, None) => match way_on(&answer.meant) {
            Some(help) => found.help(help),
            None => found.help(format!("write {}", answer.meant)),
        },
    };
    let edit = answer.edit.as_deref().map(|text| (at, text));
    cx.report(match edit {
        Some((place, text)) => found.edit(place, text),
        None => found,
    });
}

fn spelling(written: &str, meant: &str, at: Span) -> Diagnostic {
    let written = shortened(written);
    let meant = invisible::shown(meant);
    let message = if let Some(why) = meant.strip_prefix("nothing: ") {
        format!("you wrote `{written}`; appspec needs nothing here: {why}")
    } else if let Some(why) = meant.strip_prefix("says: ") {
        format!("you wrote `{written}`; {why}")
    } else {
        format!("you wrote `{written}`; in appspec it is {meant}")
    };
    Diagnostic::new(&syntax::FOREIGN_SPELLING, at, message).label("not appspec")
}

/// Reports a statement that no item stands for; all that mean the same are told as one.
pub(crate) fn reply_to_statement(cx: &mut Context<'_>, at: Span, meant: &str, help: &str) {
    let root = Root::new(Span::new(at.file, 0, 0), meant);
    let found = spelling(cx.slice(at), meant, at).help(help).rooted(root);
    cx.report(found);
}

/// Reports a foreign spelling; with `edit`, the fix is certain.
pub(crate) fn answer(
    cx: &mut Context<'_>,
    at: Span,
    written: &str,
    meant: &str,
    edit: Option<&str>,
) {
    answer_with(cx, at, written, meant, edit.map(|text| (at, text)));
}

/// Reports a foreign spelling; with `edit`, the fix is certain, and is made at a place of its own.
pub(crate) fn answer_with(
    cx: &mut Context<'_>,
    at: Span,
    written: &str,
    meant: &str,
    edit: Option<(Span, &str)>,
) {
    let mut found = spelling(written, meant, at);
    found = match edit {
        Some((place, text)) if text.is_empty() => found
            .help(format!("remove `{}`", shortened(written)))
            .edit(place, text),
        Some((place, text)) if text.starts_with('\n') => found
            .help("put what follows on a line of its own")
            .edit(place, text),
        Some((place, text)) => found
            .help(format!("write `{}`", shortened(text)))
            .edit(place, text),
        None => match way_on(meant) {
            Some(help) => found.help(help),
            None => found,
        },
    };
    cx.report(found);
}

/// What to do about a spelling where no edit does it.
fn way_on(meant: &str) -> Option<String> {
    if meant.starts_with("nothing: ") || meant.starts_with("says: ") {
        return Some("leave it out".to_owned());
    }
    meant.starts_with('`').then(|| format!("write {meant}"))
}

/// `/* why */` at the end of its line, as we write it.
pub(crate) fn line_comment(text: &str, comment: &std::ops::Range<usize>) -> Option<String> {
    let behind = text.get(comment.end..)?.lines().next().unwrap_or("");
    let written = text.get(comment.clone())?;
    let inner = written.strip_prefix("/*")?.strip_suffix("*/")?;
    let is_one_line = !written.contains(['\n', '\r']) && behind.trim().is_empty();
    is_one_line.then(|| format!("//{}", inner.trim_end()))
}

/// Text of the spec for a message of one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim_end();
    let shown: String = line.chars().take(MOST_SHOWN).collect();
    let more = if shown.len() == text.trim_end().len() {
        ""
    } else {
        "…"
    };
    format!("{}{more}", invisible::shown(&shown))
}

const MOST_SHOWN: usize = 48;
