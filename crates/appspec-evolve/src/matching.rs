use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, closest, codes::evolve};

/// Something of the new spec that has a name and perhaps had another one.
pub(crate) struct Named<'s> {
    pub(crate) name: &'s str,
    pub(crate) was: Option<&'s str>,
    pub(crate) span: Span,
}

/// What became of the names of one place: a module, an entity, an enum.
pub(crate) struct Matched<'s> {
    /// For each element of now, its name of then; `None` for a new one.
    pub(crate) before: Vec<Option<&'s str>>,
    /// Whether the element's `was` is a mistake, or a mistake claims its name; nothing more is said about such an element.
    pub(crate) refused: Vec<bool>,
    /// Names of then that nothing answers to any more, and that no mistake already speaks of.
    pub(crate) vanished: BTreeSet<&'s str>,
}

impl<'s> Matched<'s> {
    /// What is new and says nothing of an old name: positions and names.
    pub(crate) fn arrived(&self, now: &[Named<'s>]) -> Vec<(usize, &'s str)> {
        let found = now.iter().zip(&self.before).zip(&self.refused).enumerate();
        found
            .filter(|(_, ((item, before), refused))| {
                before.is_none() && !**refused && item.was.is_none()
            })
            .map(|(index, ((item, _), _))| (index, item.name))
            .collect()
    }

    /// A new element turns out to be one that was built.
    pub(crate) fn is_now(&mut self, index: usize, old: &'s str) {
        if let Some(before) = self.before.get_mut(index) {
            *before = Some(old);
            self.vanished.remove(old);
        }
    }
}

/// Finds for each element of now the one that it was.
///
/// `then` holds the names as last built with the `was` that had been applied to each: a `was` that is still
/// there is the one that was applied, and asks for nothing.
pub(crate) fn match_names<'s>(
    kind: &str,
    then: &BTreeMap<&'s str, Option<&'s str>>,
    now: &[Named<'s>],
    out: &mut Diagnostics,
) -> Matched<'s> {
    let pending = |item: &Named<'s>| {
        item.was
            .filter(|was| *was != item.name)
            .filter(|was| then.get(item.name) != Some(&Some(*was)))
    };
    let mut names = Names {
        kind,
        then,
        stays: BTreeMap::new(),
        asked: BTreeMap::new(),
        claimed: BTreeSet::new(),
        vanished: BTreeSet::new(),
    };
    for item in now {
        match pending(item) {
            Some(was) => names.asked.entry(was).or_insert(item.span),
            None => names.stays.entry(item.name).or_insert(item.span),
        };
    }
    names.vanished = then
        .keys()
        .copied()
        .filter(|name| !names.stays.contains_key(name) && !names.asked.contains_key(name))
        .collect();

    let mut before = Vec::with_capacity(now.len());
    let mut refused = Vec::with_capacity(now.len());
    for item in now {
        let kept = then.contains_key(item.name).then_some(item.name);
        match pending(item) {
            None => {
                before.push(kept);
                refused.push(false);
            }
            Some(was) => {
                let mistake = names.mistake(item, was);
                before.push(if mistake.is_none() { Some(was) } else { kept });
                refused.push(mistake.is_some());
                if let Some(mistake) = mistake {
                    names.vanished.remove(item.name);
                    out.push(mistake);
                }
            }
        }
    }
    // What keeps a name that another one claims may be the built one or a new one: compared with the
    // built one, it would be blamed for every difference.
    for (item, refused) in now.iter().zip(&mut refused) {
        *refused |= names.claimed.contains(item.name);
    }
    Matched {
        before,
        refused,
        vanished: names.vanished,
    }
}

/// The names of one place, then and now.
struct Names<'a, 's> {
    kind: &'a str,
    then: &'a BTreeMap<&'s str, Option<&'s str>>,
    /// Names of now whose declarations ask for no other one's.
    stays: BTreeMap<&'s str, Span>,
    /// Old names and who asked for them first.
    asked: BTreeMap<&'s str, Span>,
    /// Names that stay although another declaration asks for them.
    claimed: BTreeSet<&'s str>,
    vanished: BTreeSet<&'s str>,
}

impl<'s> Names<'_, 's> {
    /// Why `item` can't be the new name of `was`.
    fn mistake(&mut self, item: &Named<'s>, was: &'s str) -> Option<Diagnostic> {
        let (kind, name) = (self.kind, item.name);
        if !self.then.contains_key(was) {
            let finding = Diagnostic::new(
                &evolve::WAS_UNKNOWN,
                item.span,
                format!("no {kind} `{was}` has been built, so `{name}` can't be its new name"),
            )
            .label(format!("`was {was}` finds nothing"));
            let Some(meant) = closest(was, self.vanished.iter().copied()) else {
                return Some(finding.help(format!("remove `was {was}`")));
            };
            // The slip explains why `meant` is not there any more.
            self.vanished.remove(meant.name);
            return Some(finding.help(format!("write `was {}`", meant.name)));
        }
        if let Some(other) = self.stays.get(was) {
            self.claimed.insert(was);
            return Some(
                Diagnostic::new(
                    &evolve::WAS_STILL_THERE,
                    item.span,
                    format!("{kind} `{was}` still exists, so `{name}` can't be its new name"),
                )
                .note(*other, format!("`{was}` is here"))
                .help(format!(
                    "remove `was {was}`, or build the rename before another `{was}` is added"
                )),
            );
        }
        if let Some(first) = self.asked.get(was)
            && *first != item.span
        {
            return Some(
                Diagnostic::new(
                    &evolve::WAS_TWICE,
                    item.span,
                    format!("two declarations say that they were `{was}`"),
                )
                .note(*first, "the first one")
                .help(format!(
                    "keep `was {was}` where the data of `{was}` belongs"
                )),
            );
        }
        (self.then.contains_key(name) && !self.asked.contains_key(name)).then(|| {
            Diagnostic::new(
                &evolve::WAS_MERGED,
                item.span,
                format!("`{was}` and `{name}` have both been built and can't become one {kind}"),
            )
            .label(format!("`{name}` was there before `was {was}`"))
            .help(format!(
                "keep {kind} `{was}`, or give the renamed one a name that is free"
            ))
        })
    }
}

/// Renames in an order in which every new name is free when it is taken: (position, old name).
///
/// A circle has no such order; it is a mistake.
pub(crate) fn in_order<'s>(
    kind: &str,
    now: &[Named<'s>],
    before: &[Option<&'s str>],
    out: &mut Diagnostics,
) -> Vec<(usize, &'s str)> {
    let mut left: Vec<(usize, &Named<'s>, &'s str)> = now
        .iter()
        .zip(before)
        .enumerate()
        .filter_map(|(index, (item, before))| Some((index, item, (*before)?)))
        .filter(|(_, item, before)| item.name != *before)
        .collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let held: BTreeSet<&str> = left.iter().map(|(_, _, before)| *before).collect();
        let (free, blocked): (Vec<_>, Vec<_>) = left
            .into_iter()
            .partition(|(_, item, _)| !held.contains(item.name));
        if free.is_empty() {
            circle(kind, &blocked, out);
            break;
        }
        order.extend(free.into_iter().map(|(index, _, before)| (index, before)));
        left = blocked;
    }
    order
}

fn circle(kind: &str, blocked: &[(usize, &Named<'_>, &str)], out: &mut Diagnostics) {
    let names: Vec<String> = blocked
        .iter()
        .map(|(_, item, _)| format!("`{}`", item.name))
        .collect();
    let Some((_, first, _)) = blocked.first() else {
        return;
    };
    let mut finding = Diagnostic::new(
        &evolve::RENAME_CIRCLE,
        first.span,
        format!(
            "{} exchange their names, which takes two builds",
            names.join(" and ")
        ),
    )
    .label(format!("this {kind} takes a name that is not free yet"));
    for (_, item, before) in blocked.iter().skip(1) {
        finding = finding.note(item.span, format!("this one was `{before}`"));
    }
    out.push(finding.help("rename one of them to a third name, build, then give out the names"));
}
