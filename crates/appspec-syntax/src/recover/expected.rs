//! Reads a piece of junk again and says where it goes wrong and what would fit.

use appspec_diagnostics::{Diagnostic, Suggestion, closest, codes::syntax};
use pest::error::{ErrorVariant, InputLocation};

use crate::build::Context;
use crate::foreign::{self, Around};
use crate::grammar::{Pair, Rule};
use crate::invisible;
use crate::stack;
use crate::words::split;

use super::advice::advice;
use super::edits::{own_line, stands_apart};
use super::forms;
use super::found::{self, describe};
use super::goes_on::{goes_on_from, is_message_of_a_type};
use super::mend::{self, Mend};
use super::misplaced;
use super::phrases;
use super::required;
use super::signs;
use super::symbols;

/// Reports the first mistake in a piece of junk that was meant to be `rule`.
pub(super) fn report(cx: &mut Context<'_>, junk: &Pair<'_>, rule: Rule) {
    if cx.is_full() {
        return;
    }
    let start = junk.as_span().start();
    let end = cx.trimmed_end(start, junk.as_span().end());
    report_piece(cx, start, end, rule);
}

/// Reports the first mistake in a piece of the text that was meant to be `rule`.
pub(super) fn report_piece(cx: &mut Context<'_>, start: usize, end: usize, rule: Rule) {
    let slice = cx.text().get(start..end).unwrap_or("");
    // A byte order mark is read at the start of a file, and so at the start of a piece of it.
    let is_mark = slice.starts_with('\u{feff}');
    if is_mark && invisible::report(cx, start, start..end, "") {
        return;
    }
    let whole = match rule {
        Rule::only_item => foreign::item(slice, cx.whole()),
        Rule::only_member => {
            let around = Around {
                dialect: cx.dialect(),
                before: cx.text().get(..start).unwrap_or(""),
                behind: cx.text().get(end..).unwrap_or(""),
                whole: cx.whole(),
            };
            foreign::member(slice, &around)
        }
        _ => None,
    };
    if let Some(answer) = whole {
        let place = cx.range(start, start + answer.length);
        foreign::reply(cx, place, &answer);
        return;
    }
    let mistake = if rule == Rule::only_item && is_message_of_a_type(cx, start) {
        Mistake::find_behind("type X = text ", slice, rule)
    } else {
        Mistake::find(slice, rule)
    };
    let mend = mistake.mend(slice, rule);
    report_at(cx, start, end, &mistake, mend.as_ref(), rule);
}

/// Reports the first mistake in the header of a block.
pub(super) fn report_header(cx: &mut Context<'_>, block: &Pair<'_>, header: &Pair<'_>) {
    let start = block.as_span().start();
    let end = header.as_span().end();
    let slice = cx.text().get(start..end).unwrap_or("");
    let mut mistake = Mistake::find(&format!("{slice}{{"), Rule::only_header);
    mistake.offset = mistake.offset.min(slice.len());
    report_at(cx, start, end, &mistake, None, Rule::only_header);
}

fn report_at(
    cx: &mut Context<'_>,
    start: usize,
    end: usize,
    mistake: &Mistake,
    mend: Option<&Mend>,
    rule: Rule,
) {
    let behind = cx.text().get(start + mistake.offset..).unwrap_or("");
    let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let at = start + mistake.offset + blanks;
    let expected = mistake.expected();
    if invisible::report(cx, at, start..end, &list(&expected)) {
        return;
    }
    if signs::report(cx, rule, start..end, at) {
        return;
    }
    let rest = cx.text().get(at..end).unwrap_or("");
    if misplaced::report(cx, (start, at, end), mistake.in_field(), rule) {
        return;
    }
    if let Some((word, meant)) = mistake.first_word(cx.text().get(start..end).unwrap_or("")) {
        let place = cx.range(start, start + word.len());
        let message = format!("expected a member such as `name: type`, found `{word}`");
        let found = Diagnostic::new(&syntax::UNEXPECTED, place, message).label("can't stand here");
        cx.report(found.did_you_mean(place, meant));
        return;
    }
    if rule == Rule::only_member
        && !mistake.in_field()
        && phrases::report(cx, start..end, mistake.offset)
    {
        return;
    }
    if report_foreign(cx, (start, at, end), mistake, mend, rule) {
        return;
    }
    // A block that was not opened is missing at the end of its header, not on the line below.
    let header_end = cx.trimmed_end(start, at);
    let on_next_line = cx
        .text()
        .get(header_end..at)
        .is_some_and(|gap| gap.contains('\n'));
    let at = if on_next_line && mistake.has("`{`") {
        header_end
    } else {
        at
    };
    let (found, length) = describe(cx.text(), at);
    let place = cx.range(at, at + length);
    let message = if expected.is_empty() {
        format!("unexpected {found}")
    } else {
        format!("expected {}, found {found}", list(&expected))
    };
    let mut diagnostic = Diagnostic::new(&syntax::UNEXPECTED, place, message);
    diagnostic = diagnostic.label(if length == 0 {
        "something is missing here"
    } else {
        "can't stand here"
    });
    let word = cx.slice(place);
    // Short words are close to many others; at the start of an item, only keywords can be meant.
    let shortest = if rule == Rule::only_item { 3 } else { 4 };
    let piece = cx.text().get(start..end).unwrap_or("");
    let read = cx.text().get(start..at).unwrap_or("");
    let token = match rule {
        Rule::only_item | Rule::only_header | Rule::only_auth | Rule::only_variable => None,
        _ if mistake.has("`{`") || mistake.has("a name") || mistake.has(CODE) => None,
        _ if piece.starts_with("suppress ") => None,
        _ => found::help(read, rest),
    };
    let form = if rule == Rule::only_member {
        forms::form(piece, at - start, &|name| mistake.has(name))
    } else {
        None
    };
    if let Some(form) = form {
        diagnostic = diagnostic.help(form.help);
        if let Some((place, text)) = form.edit {
            diagnostic = diagnostic.edit(cx.range(start + place.start, start + place.end), text);
        }
    } else if let Some(meant) = closest(word, mistake.words().filter(|it| it.len() >= shortest)) {
        diagnostic = diagnostic.did_you_mean(place, meant);
    } else if let Some(&Mend { token, is_certain }) = mend {
        let before = cx.trimmed_end(start, start + mistake.offset);
        diagnostic = diagnostic.help(format!("add `{token}`")).edit_if(
            is_certain,
            cx.range(before, before),
            token,
        );
    } else if let Some(help) = token
        .or_else(|| advice(rule, piece, rest, &mistake.names))
        .or_else(|| mistake.help_at(read, rest))
    {
        diagnostic = diagnostic.help(help);
    }
    if rule == Rule::only_member
        && mistake.has("`(`")
        && let Some((keyword, list, text)) =
            in_brackets(cx.text().get(at..end).unwrap_or(""), piece)
    {
        diagnostic = diagnostic
            .help(format!("write `{keyword} {text}`"))
            .edit(cx.range(at, at + list), text);
    }
    cx.report(diagnostic);
}

/// `vet, starts` of `unique vet, starts where open`: the word before the list, how long it is, and what to write for it.
fn in_brackets<'t>(rest: &str, piece: &'t str) -> Option<(&'t str, usize, String)> {
    let read = piece.strip_suffix(rest)?;
    let keyword = read.trim();
    let keyword = if keyword.ends_with(" except") {
        "except"
    } else {
        keyword
    };
    if !matches!(keyword, "unique" | "index" | "except") {
        return None;
    }
    let line = rest.lines().next()?;
    let line = line.split("//").next()?;
    let list = line.split(" where ").next()?.trim_end();
    let text = format!("({list})");
    let behind = rest.get(list.len()..)?;
    let is_right = stack::parse(Rule::only_member, &format!("{read}{text}{behind}")).is_ok();
    is_right.then_some((keyword, list.len(), text))
}

/// Reports the rest of a line in another language; whether it is one. The piece begins at `start`, could be read up to
/// `at`, and ends at `end`.
fn report_foreign(
    cx: &mut Context<'_>,
    (start, at, end): (usize, usize, usize),
    mistake: &Mistake,
    mend: Option<&Mend>,
    rule: Rule,
) -> bool {
    let rest = cx.text().get(at..end).unwrap_or("");
    let piece = cx.text().get(start..end).unwrap_or("");
    let has_bounds = mistake.in_field() || mistake.has(SIZE) || piece.starts_with("type ");
    if has_bounds && let Some((place, answer)) = foreign::length(piece, at - start) {
        let place = cx.range(start + place.start, start + place.end);
        foreign::reply(cx, place, &answer);
        return true;
    }
    let is_decorator = rule == Rule::only_item && rest.starts_with('@');
    let answer = if mend.is_some_and(|it| it.token == ":") || is_decorator {
        None
    } else {
        foreign::rest(rest, mistake.in_field())
    };
    if let Some(answer) = answer {
        let field = piece.get(..at - start).unwrap_or("");
        if required::report(cx, field, at, &answer) {
            return true;
        }
        let says_optional = answer.meant.starts_with("`?` directly");
        let place = cx.range(at, at + answer.length);
        let whole = cx.with_blanks_before(place);
        let edit = if !says_optional {
            let edit = answer.edit.as_deref();
            let edit = edit.filter(|text| *text != "\n");
            edit.map(|text| match text {
                // Nothing is left of it, and no blanks at the end of its line.
                "" if stands_apart(cx, place) => (whole, ""),
                text => (place, text),
            })
        } else if mistake.has("`?`") {
            Some((whole, "?"))
        } else {
            let is_optional = cx.around(whole).0.ends_with('?');
            is_optional.then_some((whole, ""))
        };
        let line = own_line(cx, start, place).filter(|_| answer.edit.as_deref() == Some("\n"));
        let edit = edit.or(line.as_ref().map(|(place, text)| (*place, text.as_str())));
        foreign::answer_with(cx, place, cx.slice(place), &answer.meant, edit);
        return true;
    }
    false
}

/// The furthest place that a rule reached, and the rules that would have gone on there.
struct Mistake {
    offset: usize,
    names: Vec<&'static str>,
}

impl Mistake {
    fn find(slice: &str, rule: Rule) -> Self {
        // `message …` on a line of its own goes on with the member above, so it is read behind one.
        let before = if rule == Rule::only_member {
            goes_on_from(slice)
        } else {
            ""
        };
        Self::find_behind(before, slice, rule)
    }

    /// The mistake in a piece that goes on with `before`.
    fn find_behind(before: &str, slice: &str, rule: Rule) -> Self {
        let text = format!("{before}{slice}");
        let Err(error) = stack::parse(rule, &text) else {
            // Alone it is right: what follows on the line is not.
            let names = vec![symbols::of(Rule::EOI)];
            return Self {
                offset: slice.len(),
                names,
            };
        };
        let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
        let offset = at.saturating_sub(before.len());
        let mut names = Vec::new();
        if let ErrorVariant::ParsingError { positives, .. } = error.variant {
            for rule in positives {
                let name = symbols::of(rule);
                if !name.is_empty() && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        if rule == Rule::only_value {
            let end = symbols::of(Rule::EOI);
            names
                .iter_mut()
                .filter(|name| **name == end)
                .for_each(|name| *name = "`,`");
        }
        // `sorted starts_at`: a keyword is meant, not a field that is called like one.
        let word = slice.get(..offset).unwrap_or("").trim_end();
        if names.len() > 1 && MEMBER_WORDS.contains(&word) {
            names.retain(|name| *name != "`:`");
        }
        Self { offset, names }
    }

    /// Behind the type of a field.
    fn in_field(&self) -> bool {
        self.has("`indexed`")
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// One token that makes the piece right, if there is one.
    fn mend(&self, slice: &str, rule: Rule) -> Option<Mend> {
        let tokens = [":", ")", "}", "]"];
        let mut fitting = tokens.into_iter().filter(|token| {
            self.has(&format!("`{token}`")) && mend::fits(slice, self.offset, token, rule)
        });
        let token = fitting.next()?;
        let is_certain = mend::is_certain(slice, self.offset, token, rule);
        Some(Mend { token, is_certain })
    }

    /// What would fit, in few words: long lists of keywords are called by what they make.
    fn expected(&self) -> Vec<&'static str> {
        if self.has("`project`") && self.has("`entity`") {
            return vec!["an item such as `entity Name { … }`"];
        }
        if self.has("`derive`") && self.has("`invariant`") {
            return vec!["a member such as `name: type`"];
        }
        if self.in_field() {
            return vec!["the end of the line", "another part of the field"];
        }
        if self.has("a value") {
            return vec!["a value"];
        }
        let mut names = self.names.clone();
        if names.len() > 1 && !self.has("`:`") {
            names.retain(|name| *name != "`(`");
        }
        names
    }

    /// A first word that is no keyword, but nearly one: `sortd by a`.
    fn first_word<'t>(&self, slice: &'t str) -> Option<(&'t str, Suggestion<'static>)> {
        let word = slice.get(..self.offset)?.trim_end();
        let behind = slice.get(self.offset..)?.trim_start();
        let is_key =
            behind.starts_with("by ") || behind.starts_with("as ") || behind.starts_with('(');
        let is_code = |word: &str| word.contains("::");
        let is_key = is_key || behind.split_whitespace().next().is_some_and(is_code);
        let (name, sign) = split(behind);
        let is_rule = !name.is_empty()
            && !word.contains([' ', '\t'])
            && sign.trim_start().starts_with([':', '=']);
        let message = closest(word, ["message"]).filter(|_| behind.starts_with('"'));
        if let Some(meant) = message.filter(|_| self.has("`:`") && word != "message") {
            return Some((word, meant));
        }
        let meant = closest(word, MEMBER_WORDS.iter().copied())?;
        let is_key = is_key || (is_rule && NAMED.contains(&meant.name));
        (self.has("`:`") && is_key && meant.name != word).then_some((word, meant))
    }

    /// The keywords that would fit, for "did you mean".
    fn words(&self) -> impl Iterator<Item = &'static str> {
        let names = self.names.iter().map(|name| name.trim_matches('`'));
        names.filter(|name| name.chars().all(|it| it.is_ascii_lowercase()))
    }

    /// What to do: about the token that stands here, or about what should.
    fn help_at(&self, read: &str, rest: &str) -> Option<&'static str> {
        let token = if self.has("`{`") {
            None
        } else {
            found::help(read, rest)
        };
        token.or_else(|| self.help())
    }

    fn help(&self) -> Option<&'static str> {
        if self.has("`project`") && self.has("`entity`") {
            return Some(
                "at the top level stand `project`, `use`, `type`, `enum`, `mixin`, `entity`, `extend entity`, `predicate` and `seed`",
            );
        }
        if self.has("`derive`") && self.has("`invariant`") {
            return Some("write a field as `name: type`");
        }
        if self.in_field() {
            return Some(
                "behind the type of a field can stand `?`, a bound, `= default`, `unique`, `indexed`, `touched`, `immutable`, `on delete`, `inverse`, `was` and `message`",
            );
        }
        if self.has("`:`") && self.has("`on`") {
            return Some("a rule has a name of its own: `invariant name: rule`");
        }
        if self.names == ["a type"] {
            return Some(
                "write a type such as `text(80)`, `int`, `datetime` or the name of an entity",
            );
        }
        if self.has("a value") {
            return Some(
                "write a value, such as `3`, `\"text\"`, the name of a field, or leave the operator out",
            );
        }
        if self.has("`cascade`") {
            return Some("write `on delete cascade`, `protect`, `restrict` or `set null`");
        }
        if self.has("`,`") && self.has("`stored`") {
            return Some(
                "separate the values by commas or newlines; one of two words is written with `_`",
            );
        }
        if self.has(SIZE) {
            return Some("write number and unit as one word: `500KB`, `5MB`, `1GB`");
        }
        if self.has("`{`") {
            return Some("open the block with `{`");
        }
        None
    }
}

/// How a code is called where one is missing.
const CODE: &str = "the code of a warning";

/// How a size is called where one is missing.
const SIZE: &str = "a size such as `5MB`";

/// What members other than fields begin with.
const MEMBER_WORDS: &[&str] = &[
    "derive",
    "identified",
    "index",
    "invariant",
    "predicate",
    "shown",
    "sorted",
    "suppress",
    "unique",
];

/// Those of them that a name follows.
const NAMED: &[&str] = &["derive", "invariant", "predicate"];

fn list(names: &[&'static str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
