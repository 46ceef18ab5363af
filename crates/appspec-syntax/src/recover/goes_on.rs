//! Lines that are right in themselves, below a member that they can't go on with: a clause of a field on
//! a line of its own, a second `message`, a `where` that nothing takes.

use appspec_diagnostics::{Diagnostic, Span, codes::syntax};

use crate::ast::{Expr, Mark, MarkKind, Member, Text};
use crate::build::Context;
use crate::grammar::{Pair, Rule};
use crate::stack;
use crate::words::split;

/// Reports such a line; `above` is the last member that could be read. Whether it was one.
pub(super) fn report(cx: &mut Context<'_>, junk: &Pair<'_>, above: Option<&Member>) -> bool {
    let start = junk.as_span().start();
    let end = cx.trimmed_end(start, junk.as_span().end());
    let line = cx.text().get(start..end).unwrap_or("");
    let at = cx.range(start, end);
    let above = above.filter(|above| touches(cx, above.span(), at));
    let found = match first_word(line) {
        "message" if reads("invariant x: x", line) => message(at, above),
        "where" if reads("unique (x)", line) => condition(at, above),
        _ => match above {
            Some(Member::Field(_)) if is_clause(line) && reads("x: X", line) => {
                clause(cx, line, start, end)
            }
            _ => return false,
        },
    };
    cx.report(found);
    true
}

/// Whether nothing stands between a member and this line but comments and other clauses.
fn touches(cx: &Context<'_>, above: Span, at: Span) -> bool {
    let (before, _) = cx.around(at);
    let between = before.get(above.end as usize..).unwrap_or("");
    between.lines().all(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with("//") || is_clause(line)
    })
}

fn is_clause(line: &str) -> bool {
    line.starts_with('=') && !line.starts_with("==") || CLAUSES.contains(&first_word(line))
}

/// What a field's line can hold, and no line of its own begins with.
const CLAUSES: &[&str] = &[
    "in",
    "matches",
    "max",
    "of",
    "unique",
    "indexed",
    "touched",
    "immutable",
];

/// Whether the line is all that was wrong: behind this beginning, it is a member.
fn reads(beginning: &str, line: &str) -> bool {
    // Several clauses, each on a line of its own, are one line here; a comment would swallow the next.
    let line = if line.contains("//") {
        line.to_owned()
    } else {
        line.replace(['\n', '\r'], " ")
    };
    stack::parse(Rule::only_member, &format!("{beginning} {line}")).is_ok()
}

fn clause(cx: &Context<'_>, line: &str, start: usize, end: usize) -> Diagnostic {
    let at = cx.range(start, end);
    let found = Diagnostic::new(
        &syntax::UNEXPECTED,
        at,
        "the clauses of a field stand on its line",
    )
    .label("the line before has ended the field");
    let before = cx.text().get(..start).unwrap_or("");
    let end_above = before.trim_end().len();
    let blanks = before.len() - end_above;
    let above = before.get(..end_above).and_then(|text| text.lines().last());
    let above = above.unwrap_or("");
    let gap = before.get(end_above..).unwrap_or("");
    // Other clauses may stand between them.
    let lines = before.get(..end_above).unwrap_or("").lines().rev();
    let owner = lines.take(MOST_LINES).find(|it| is_field(it.trim()));
    let owner = owner.unwrap_or(above);
    let is_next_line = gap.matches('\n').count() == 1;
    let is_deeper = gap.len() - gap.trim_end_matches([' ', '\t']).len() > indent(owner);
    // Elsewhere, such a word stands above the field that it is about.
    if MARKS.contains(&first_word(line)) && !(is_next_line && is_deeper) {
        let behind = cx.text().get(end..).unwrap_or("");
        return found.help(places(owner, behind, line));
    }
    let found = found.help("write it behind the type, on the line of the field");
    // A comment at the end of the line above would swallow what is moved there.
    if above.is_empty() || above.contains("//") || line.contains(['\n', '\r']) {
        return found;
    }
    let gap = Span {
        start: at.start - u32::try_from(blanks).unwrap_or(0),
        end: at.start,
        ..at
    };
    found.edit(gap, " ")
}

/// A field has a few clauses.
const MOST_LINES: usize = 20;

/// Clauses that say something alone, so that it is not clear which field they are about.
const MARKS: &[&str] = &["unique", "indexed", "touched", "immutable"];

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// What to write if a line is about the field above it, and what if it is about the one below.
fn places(above: &str, behind: &str, line: &str) -> String {
    let below = behind.lines().skip(1).map(str::trim);
    let below = below.filter(|it| !it.is_empty()).take(1);
    let fields = std::iter::once(above.trim()).chain(below);
    let written = fields
        .filter(|field| !field.contains("//") && reads(field, ""))
        .map(|field| format!("{field} {line}"))
        .filter(|field| is_field(field) && reads(field, ""));
    let written: Vec<String> = written.map(|field| format!("`{field}`")).collect();
    let mut help = match written.as_slice() {
        [] => "write it behind the type, on the line of the field that it is about".to_owned(),
        written => format!(
            "write it on the line of the field that it is about: {}",
            written.join(" or ")
        ),
    };
    if line == "immutable" {
        help.push_str("; where no row ever changes, write `append only`");
    }
    help
}

fn is_field(line: &str) -> bool {
    split(line).1.trim_start().starts_with(':')
}

fn message(at: Span, above: Option<&Member>) -> Diagnostic {
    let first = match above {
        Some(Member::Invariant(rule)) => rule.message.as_ref(),
        Some(Member::Unique(set)) => set.message.as_ref(),
        Some(Member::Overlap(rule)) => rule.message.as_ref(),
        Some(Member::Field(field)) => field.message.as_ref(),
        _ => None,
    };
    match first {
        Some(Text { span, .. }) => twice("message", at, *span),
        None => nothing_above(
            "message",
            at,
            "write it below an invariant, a unique set or a field with a bound",
        ),
    }
}

fn too_late(at: Span, message: &Text) -> Diagnostic {
    Diagnostic::new(&syntax::UNEXPECTED, at, "`where` stands before `message`")
        .label("too late")
        .note(message.span, "the message")
        .help("exchange the two")
}

fn condition(at: Span, above: Option<&Member>) -> Diagnostic {
    let first = match above {
        Some(Member::Invariant(_)) => {
            return Diagnostic::new(&syntax::UNEXPECTED, at, "an invariant takes no `where`")
                .label("can't stand here")
                .help("write the condition into the rule: `condition implies rule`");
        }
        Some(Member::Unique(set)) => match (&set.condition, &set.message) {
            (None, Some(message)) => return too_late(at, message),
            (condition, _) => condition.as_ref(),
        },
        Some(Member::Overlap(rule)) => match (&rule.condition, &rule.message) {
            (None, Some(message)) => return too_late(at, message),
            (condition, _) => condition.as_ref(),
        },
        Some(Member::Index(index)) => index.condition.as_ref(),
        Some(Member::Field(field)) => field.marks.iter().find_map(rows),
        _ => None,
    };
    match first {
        Some(Expr { span, .. }) => twice("where", at, *span),
        None => nothing_above(
            "where",
            at,
            "write it below `unique`, `index` or `no overlap`, which it narrows to some rows",
        ),
    }
}

fn rows(mark: &Mark) -> Option<&Expr> {
    match &mark.kind {
        MarkKind::Unique { condition, .. } => condition.as_ref(),
        MarkKind::Indexed | MarkKind::Touched | MarkKind::Immutable => None,
    }
}

fn twice(what: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        &syntax::DUPLICATE_CLAUSE,
        at,
        format!("`{what}` stands here twice"),
    )
    .label("said again")
    .note(first, "said first")
    .help("keep one of the two")
}

fn nothing_above(what: &str, at: Span, help: &str) -> Diagnostic {
    let message = format!("nothing above takes this `{what}`");
    Diagnostic::new(&syntax::UNEXPECTED, at, message)
        .label("can't stand here")
        .help(help)
}

fn first_word(line: &str) -> &str {
    let end = line.find(|it: char| !it.is_alphanumeric() && it != '_');
    end.and_then(|end| line.get(..end)).unwrap_or(line)
}

/// Whether the line at `start` is the message of the named type above it.
pub(super) fn is_message_of_a_type(cx: &Context<'_>, start: usize) -> bool {
    let (above, line) = cx.text().split_at_checked(start).unwrap_or_default();
    let mut above = above.lines().rev().map(str::trim);
    let is_blank = |line: &str| line.is_empty() || line.starts_with("//");
    split(line).0 == "message"
        && above
            .find(|line| !is_blank(line))
            .is_some_and(|line| split(line).0 == "type")
}

/// The shortest member that a line with this first word could go on from.
pub(super) fn goes_on_from(line: &str) -> &'static str {
    let mut words = line.split([' ', '\t', '\n', '\r']);
    match (words.next(), words.next()) {
        (Some("message"), _) => "invariant x: x ",
        (Some("where"), _) => "unique (x) ",
        (Some("on"), Some("delete")) | (Some("inverse" | "was"), _) => "x: X ",
        _ => "",
    }
}
