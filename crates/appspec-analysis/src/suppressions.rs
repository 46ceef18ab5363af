//! What the spec acknowledges: which `suppress` is about which finding, and which is about none.

use std::collections::BTreeMap;

use appspec_diagnostics::{
    Code, Diagnostic, Diagnostics, FileId, Severity, Span, Suggestion, closest,
    codes::{self, suppression},
};
use appspec_syntax::ast::{
    AccessLine, AuthLine, EnvironmentLine, File, Item, Lifecycle, Member, Suppress,
};

use crate::unit::Unit;

/// One `suppress` that can be about something.
#[derive(Debug)]
struct Suppression {
    code: &'static Code,
    reason: String,
    at: Span,
    /// From the `suppress` to the end of what stands behind it; nothing when nothing does.
    covers: Option<Span>,
    used: bool,
}

/// Everything that a spec acknowledges.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    list: Vec<Suppression>,
    /// Places in the list. What covers an item, a member and an action are kept apart: then no two of a kind
    /// overlap, but for those of one target, of which the last begins nearest to it.
    by_place: BTreeMap<(&'static str, FileId, Level, u32), usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Action,
    Member,
    Item,
}

/// Finds every `suppress` of the spec's own files, and reports those that can't be about any finding.
pub(crate) fn collect(units: &[Unit], out: &mut Diagnostics) -> Suppressions {
    let mut found = Suppressions::default();
    for unit in units.iter().filter(|unit| !unit.is_std) {
        for (suppress, target, level) in written(&unit.ast) {
            let Some((code, reason)) = understood(suppress, out) else {
                continue;
            };
            let at = suppress.span;
            let key = (code.id, at.file, level, at.start);
            found.by_place.insert(key, found.list.len());
            found.list.push(Suppression {
                code,
                reason: reason.to_owned(),
                at,
                covers: target.map(|target| at.to(target)),
                used: false,
            });
        }
    }
    found
}

/// The span of each `suppress` of a file, and of what it is about.
pub(crate) fn places(file: &File) -> impl Iterator<Item = (Span, Span)> {
    let all = written(file).into_iter();
    all.filter_map(|(suppress, target, _)| Some((suppress.span, target?)))
}

/// Each `suppress` of a file with the span of what it is about.
fn written(file: &File) -> Vec<(&Suppress, Option<Span>, Level)> {
    let mut all = Vec::new();
    // From the end, where what stands behind is known already.
    let mut target = None;
    for item in file.items.iter().rev() {
        if let Item::Suppress(suppress) = item {
            all.push((suppress, target, Level::Item));
            continue;
        }
        target = Some(item.span());
        if let Item::Auth(auth) = item {
            let mut target = None;
            for line in auth.lines.iter().rev() {
                match line {
                    AuthLine::Suppress(suppress) => all.push((suppress, target, Level::Member)),
                    AuthLine::Setting(setting) => target = Some(setting.span),
                }
            }
            continue;
        }
        if let Item::Environment(environment) = item {
            let mut target = None;
            for line in environment.lines.iter().rev() {
                match line {
                    EnvironmentLine::Suppress(it) => all.push((&**it, target, Level::Member)),
                    other => target = Some(other.span()),
                }
            }
            continue;
        }
        if let Item::Access(access) = item {
            let mut target = None;
            for line in access.lines.iter().rev() {
                match line {
                    AccessLine::Suppress(suppress) => all.push((suppress, target, Level::Member)),
                    other => target = Some(other.span()),
                }
            }
            continue;
        }
        let members = match item {
            Item::Entity(entity) => &entity.members,
            Item::Mixin(mixin) => &mixin.members,
            Item::Extend(extend) => &extend.members,
            _ => continue,
        };
        let mut target = None;
        for member in members.iter().rev() {
            match member {
                Member::Suppress(suppress) => all.push((suppress, target, Level::Member)),
                other => target = Some(other.span()),
            }
            if let Member::Lifecycle(lifecycle) = member {
                all.extend(in_lifecycle(lifecycle));
            }
        }
    }
    all.reverse();
    all
}

/// Each `suppress` of a lifecycle with the action behind it, from the end.
fn in_lifecycle(lifecycle: &Lifecycle) -> impl Iterator<Item = (&Suppress, Option<Span>, Level)> {
    lifecycle.suppressed.iter().rev().map(|suppress| {
        let mut behind = lifecycle.actions.iter().map(|action| action.span);
        let target = behind.find(|action| action.start > suppress.span.start);
        (suppress, target, Level::Action)
    })
}

/// The code and the reason, if both can stand there.
fn understood<'a>(
    suppress: &'a Suppress,
    out: &mut Diagnostics,
) -> Option<(&'static Code, &'a str)> {
    let written = suppress.code.text.as_str();
    let Some(code) = codes::find(written) else {
        out.push(unknown(suppress));
        return None;
    };
    if code.severity == Severity::Error || *code == suppression::UNUSED {
        out.push(not_possible(suppress, code));
        return None;
    }
    let reason = suppress.reason.as_ref().map(|text| text.value.trim());
    let Some(reason) = reason.filter(|reason| !reason.is_empty()) else {
        out.push(no_reason(suppress));
        return None;
    };
    Some((code, reason))
}

fn unknown(suppress: &Suppress) -> Diagnostic {
    let written = suppress.code.text.as_str();
    let acknowledged = || codes::all().filter(|code| code.severity != Severity::Error);
    let name = |code: &'static Code| code.id.split("::").nth(1).unwrap_or(code.id);
    let same_name = acknowledged().find(|code| name(code) == written);
    // `relation.pair_twice` and `relation:pair_twice` are slips too.
    let signs = written.replace("::", ":").replace(['.', '-'], ":");
    let same_words = acknowledged().find(|code| code.id.replace("::", ":") == signs);
    let meant = same_name
        .or(same_words)
        .map(|code| Suggestion {
            name: code.id,
            is_certain: acknowledged().filter(|it| name(it) == written).count() < 2,
        })
        .or_else(|| closest(written, acknowledged().map(|code| code.id)))
        .or_else(|| closest(written, codes::all().map(|code| code.id)));
    let finding = Diagnostic::new(
        &suppression::UNKNOWN_CODE,
        suppress.code.span,
        format!("no finding has the code `{written}`"),
    );
    match meant {
        Some(meant) => finding
            .label("unknown code")
            .did_you_mean(suppress.code.span, meant),
        None => finding.label("unknown code").help(
            "copy the code from the warning: it stands in brackets, as in `warning[relation::pair_twice]`",
        ),
    }
}

fn not_possible(suppress: &Suppress, code: &'static Code) -> Diagnostic {
    let (message, label, help) = if code.severity == Severity::Error {
        (
            format!(
                "`{}` is an error, and errors can't be acknowledged",
                code.id
            ),
            "only warnings and advice can be meant",
            format!(
                "mend what it is about and remove this line; `appspecc explain {}` says how",
                code.id
            ),
        )
    } else {
        (
            format!("`{}` can't be acknowledged", code.id),
            "a line to keep a needless line",
            "remove this line, and the needless `suppress` that it is about".to_owned(),
        )
    };
    Diagnostic::new(&suppression::NOT_POSSIBLE, suppress.code.span, message)
        .label(label)
        .help(help)
}

fn no_reason(suppress: &Suppress) -> Diagnostic {
    let (at, label) = match &suppress.reason {
        Some(text) => (text.span, "no reason"),
        None => (suppress.span.at_end(), "a reason is missing here"),
    };
    Diagnostic::new(
        &suppression::NO_REASON,
        at,
        format!("`suppress {}` does not say why", suppress.code.text),
    )
    .label(label)
    .help("say in quotes why the warning is meant: whoever reads it next decides by it")
}

impl Suppressions {
    /// Takes what is acknowledged out of the findings, and reports what acknowledges nothing.
    pub(crate) fn apply(mut self, found: &mut Diagnostics) {
        found.acknowledge(|finding| {
            let place = finding.primary.as_ref()?.span;
            let index = self.about(finding.code, place)?;
            let suppression = self.list.get_mut(index)?;
            suppression.used = true;
            Some((suppression.reason.clone(), suppression.at))
        });
        // Checks keep silent about the consequences of an error, and not every finding of a large file is kept:
        // then it isn't known what would be found.
        if found.has_errors() {
            return;
        }
        let unread: Vec<FileId> = found.unread().into_iter().map(|(file, _)| file).collect();
        let needless = self.list.iter().filter(|it| !it.used);
        let reports: Vec<Diagnostic> = needless
            .filter(|it| !unread.contains(&it.at.file))
            .map(|it| unused(it, found))
            .collect();
        for report in reports {
            found.push(report);
        }
    }

    /// The innermost `suppress` of this code around a place.
    fn about(&self, code: &'static Code, place: Span) -> Option<usize> {
        [Level::Action, Level::Member, Level::Item]
            .into_iter()
            .find_map(|level| {
                let key = |start| (code.id, place.file, level, start);
                let before = self.by_place.range(key(0)..=key(place.start));
                let (_, index) = before.last()?;
                let covers = self.list.get(*index)?.covers?;
                (place.start < covers.end).then_some(*index)
            })
    }
}

fn unused(suppression: &Suppression, found: &Diagnostics) -> Diagnostic {
    let id = suppression.code.id;
    let at = suppression.at;
    let finding = |label: &str| {
        let message = format!("this `suppress` acknowledges no `{id}`");
        Diagnostic::new(&codes::suppression::UNUSED, at, message).label(label)
    };
    let elsewhere = found
        .iter()
        .filter(|it| it.code == suppression.code)
        .filter_map(|it| it.primary.as_ref())
        .find(|label| label.span.file == at.file);
    match (elsewhere, suppression.covers) {
        (Some(place), _) => finding("about something else")
            .note(place.span, "this is where it is found")
            .help("put the line directly above what the warning is about"),
        (None, Some(_)) => finding("nothing of this kind is found below")
            .help("remove the line")
            .edit(at, ""),
        (None, None) => finding("nothing follows that it could be about")
            .help("put it above what it is about, or remove it"),
    }
}
