use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{Acknowledged, Diagnostic, FileId, Severity, Span};

/// How many findings of one severity are kept for one file. Nobody reads more, and a file of ten
/// megabytes without sense must not fill the memory with them.
pub const MOST_KEPT: usize = 1_000;

/// The findings of one run.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// How many findings there were, those beyond [`MOST_KEPT`] too.
    counts: BTreeMap<(Option<FileId>, Severity), usize>,
    /// What the spec says is meant; neither listed nor counted.
    acknowledged: Vec<Acknowledged>,
}

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding; beyond [`MOST_KEPT`] of its file it is only counted.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let file = diagnostic.primary.as_ref().map(|label| label.span.file);
        let count = self
            .counts
            .entry((file, diagnostic.code.severity))
            .or_default();
        *count += 1;
        if *count <= MOST_KEPT {
            self.list.push(diagnostic);
        }
    }

    /// Whether a file has so many errors that another one would only be counted.
    pub fn is_full(&self, file: FileId) -> bool {
        self.counts
            .get(&(Some(file), Severity::Error))
            .is_some_and(|count| *count >= MOST_KEPT)
    }

    /// Counts an error that nobody will read, so that it need not be made.
    pub fn count_error(&mut self, file: FileId) {
        *self
            .counts
            .entry((Some(file), Severity::Error))
            .or_default() += 1;
    }

    /// Adds all findings of another run, for work that was done in parallel.
    pub fn append(&mut self, other: Self) {
        let mut unread = other.counts;
        for diagnostic in other.list {
            let file = diagnostic.primary.as_ref().map(|label| label.span.file);
            if let Some(count) = unread.get_mut(&(file, diagnostic.code.severity)) {
                *count -= 1;
            }
            self.push(diagnostic);
        }
        for (key, count) in unread {
            *self.counts.entry(key).or_default() += count;
        }
        self.acknowledged.extend(other.acknowledged);
    }

    /// Takes out of the list what is meant: `why` gives the reason and the place where the spec says so.
    pub fn acknowledge(&mut self, mut why: impl FnMut(&Diagnostic) -> Option<(String, Span)>) {
        for finding in std::mem::take(&mut self.list) {
            let Some((reason, at)) = why(&finding) else {
                self.list.push(finding);
                continue;
            };
            let file = finding.primary.as_ref().map(|label| label.span.file);
            if let Some(count) = self.counts.get_mut(&(file, finding.code.severity)) {
                *count -= 1;
            }
            self.acknowledged.push(Acknowledged {
                finding,
                reason,
                at,
            });
        }
    }

    /// What the spec says is meant, in the order of [`Diagnostics::sort`].
    pub fn acknowledged(&self) -> &[Acknowledged] {
        &self.acknowledged
    }

    /// Whether anything found stops a build.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many findings have this severity, those that were only counted too.
    pub fn count(&self, severity: Severity) -> usize {
        let counts = self.counts.iter();
        counts
            .filter(|((_, found), _)| *found == severity)
            .map(|(_, count)| count)
            .sum()
    }

    /// The files with more findings than are kept, and how many were only counted.
    pub fn unread(&self) -> Vec<(FileId, usize)> {
        let mut unread: BTreeMap<FileId, usize> = BTreeMap::new();
        for ((file, _), count) in &self.counts {
            if let (Some(file), true) = (file, *count > MOST_KEPT) {
                *unread.entry(*file).or_default() += count - MOST_KEPT;
            }
        }
        unread.into_iter().collect()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many findings are kept.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The findings in the order in which people read: by file, place, then code. What was found twice in the
    /// very same words at the same place, as in a mixin that two entities use, is told once, and findings with one
    /// [root](crate::Root) are made one.
    pub fn sort(&mut self) {
        let order = |a: &Diagnostic, b: &Diagnostic| {
            let place = |finding: &Diagnostic| finding.primary.as_ref().map(|label| label.span);
            place(a)
                .cmp(&place(b))
                .then_with(|| a.code.id.cmp(b.code.id))
        };
        self.list.sort_by(order);
        self.acknowledged
            .sort_by(|a, b| order(&a.finding, &b.finding));
        self.tell_once();
        self.gather();
    }

    /// Makes one finding of those that come from one mistake.
    fn gather(&mut self) {
        let mut places: HashMap<(&'static str, Span, String), usize> = HashMap::new();
        let mut gathered: Vec<Diagnostic> = Vec::with_capacity(self.list.len());
        for finding in std::mem::take(&mut self.list) {
            let key = finding
                .root
                .as_ref()
                .map(|root| (finding.code.id, root.at, root.what.clone()));
            let first = key.as_ref().and_then(|key| places.get(key));
            if let Some(first) = first.and_then(|at| gathered.get_mut(*at)) {
                let file = finding.primary.as_ref().map(|label| label.span.file);
                if let Some(count) = self.counts.get_mut(&(file, finding.code.severity)) {
                    *count -= 1;
                }
                first.take_in(finding);
                continue;
            }
            if let Some(key) = key {
                places.insert(key, gathered.len());
            }
            gathered.push(finding);
        }
        self.list = gathered;
    }

    fn tell_once(&mut self) {
        let mut told = Told::new();
        self.keep(|finding| is_news(finding, &mut told));
        told.clear();
        self.acknowledged
            .retain(|it| is_news(&it.finding, &mut told));
    }

    /// How many findings were made that the list does not hold.
    pub fn not_shown(&self) -> usize {
        self.counts.values().sum::<usize>() - self.list.len()
    }

    /// Keeps the `limit` worst findings, in their present order, and counts the others; says how many those are.
    pub fn keep_worst(&mut self, limit: usize) -> usize {
        let hidden = self.list.len().saturating_sub(limit);
        if hidden > 0 {
            let severity = |at: usize| self.list.get(at).map(|finding| finding.code.severity);
            let mut worst: Vec<usize> = (0..self.list.len()).collect();
            worst.sort_by_key(|at| std::cmp::Reverse(severity(*at)));
            worst.truncate(limit);
            worst.sort_unstable();
            let mut kept = worst.into_iter().peekable();
            let mut at = 0;
            self.list.retain(|_| {
                let keep = kept.next_if_eq(&at).is_some();
                at += 1;
                keep
            });
        }
        hidden
    }

    /// Leaves out every finding that does not hold; what was only counted stays.
    pub fn keep(&mut self, mut holds: impl FnMut(&Diagnostic) -> bool) {
        let counts = &mut self.counts;
        self.list.retain(|finding| {
            let keep = holds(finding);
            let file = finding.primary.as_ref().map(|label| label.span.file);
            if let Some(count) = counts.get_mut(&(file, finding.code.severity))
                && !keep
            {
                *count -= 1;
            }
            keep
        });
    }

    /// Leaves out what is a matter of taste.
    pub fn without_advice(&mut self) {
        self.leave_out(|_, severity| severity == Severity::Advice);
    }

    /// Leaves out the findings of a file, or of none, and a severity.
    pub fn leave_out(&mut self, is_meant: impl Fn(Option<FileId>, Severity) -> bool) {
        let stays = |finding: &Diagnostic| {
            let file = finding.primary.as_ref().map(|label| label.span.file);
            !is_meant(file, finding.code.severity)
        };
        self.list.retain(stays);
        self.acknowledged.retain(|it| stays(&it.finding));
        self.counts
            .retain(|(file, severity), _| !is_meant(*file, *severity));
    }

    /// The findings, in their present order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }
}

/// What has been said about a place.
type Told = HashSet<(Span, &'static str, String)>;

fn is_news(finding: &Diagnostic, told: &mut Told) -> bool {
    finding
        .primary
        .as_ref()
        .is_none_or(|label| told.insert((label.span, finding.code.id, finding.message.clone())))
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostics, MOST_KEPT};
    use crate::{
        Diagnostic, FileId, Root, Severity, Span, codes::name, codes::relation, codes::syntax,
    };

    fn many(file: u32, count: usize) -> Diagnostics {
        let mut found = Diagnostics::new();
        for _ in 0..count {
            let at = Span::new(FileId(file), 0, 0);
            found.push(Diagnostic::new(&syntax::UNEXPECTED, at, "unexpected"));
        }
        found
    }

    #[test]
    fn errors_are_kept_before_warnings_and_the_order_stays() {
        let mut findings = Diagnostics::new();
        for (code, message) in [
            (&relation::REDUNDANT_INDEX, "one"),
            (&syntax::UNEXPECTED, "two"),
            (&relation::REDUNDANT_INDEX, "three"),
            (&syntax::UNEXPECTED, "four"),
        ] {
            findings.push(Diagnostic::without_place(code, message));
        }
        let messages = |findings: &Diagnostics| -> Vec<String> {
            findings.iter().map(|it| it.message.clone()).collect()
        };
        assert_eq!((findings.keep_worst(4), findings.not_shown()), (0, 0));
        assert_eq!((findings.keep_worst(3), findings.not_shown()), (1, 1));
        assert_eq!(messages(&findings), ["one", "two", "four"]);
        assert_eq!((findings.keep_worst(1), findings.not_shown()), (2, 3));
        assert_eq!(messages(&findings), ["two"]);
        assert_eq!(findings.count(Severity::Warning), 2);
    }

    #[test]
    fn what_is_acknowledged_is_no_longer_counted() {
        let mut findings = many(0, 2);
        let at = Span::new(FileId(0), 3, 4);
        findings.push(Diagnostic::new(&relation::REDUNDANT_INDEX, at, "twice"));
        findings.acknowledge(|it| (it.message == "twice").then(|| ("it is meant".to_owned(), at)));
        assert_eq!((findings.len(), findings.not_shown()), (2, 0));
        assert_eq!(findings.count(Severity::Warning), 0);
        let mut all = many(1, 1);
        all.append(findings);
        assert_eq!((all.len(), all.acknowledged().len()), (3, 1));
        all.leave_out(|file, _| file == Some(FileId(0)));
        assert_eq!((all.len(), all.acknowledged().len()), (1, 0));
    }

    #[test]
    fn what_was_found_twice_is_told_once() {
        let mut found = many(0, 2);
        let at = Span::new(FileId(0), 0, 0);
        found.push(Diagnostic::new(&syntax::UNEXPECTED, at, "something else"));
        found.append(many(1, 1));
        found.push(Diagnostic::without_place(&syntax::UNEXPECTED, "unexpected"));
        found.sort();
        assert_eq!((found.len(), found.not_shown()), (4, 0));
        assert_eq!(found.count(Severity::Error), 4);
        found.append(many(2, 2));
        found.acknowledge(|_| Some(("it is meant".to_owned(), at)));
        found.sort();
        assert_eq!((found.len(), found.acknowledged().len()), (0, 5));
    }

    #[test]
    fn what_comes_from_one_mistake_is_one_finding() {
        let place = |file, start| Span::new(FileId(file), start, start + 1);
        let unknown = |at: Span, what: &str| {
            Diagnostic::new(&name::UNKNOWN, at, format!("no `{what}`"))
                .help("rename one")
                .edit(at, "b")
                .rooted(Root::new(place(0, 9), what).help("rename all"))
        };
        let mut found = Diagnostics::new();
        found.push(unknown(place(1, 4), "a"));
        found.push(unknown(place(0, 2), "a"));
        found.push(unknown(place(0, 0), "other"));
        let mut more = unknown(place(2, 0), "other");
        more.edits.clear();
        found.push(more);
        found.sort();
        assert_eq!(found.count(Severity::Error), 2);
        let shown: Vec<_> = found
            .iter()
            .map(|it| {
                let places = it.notes.iter().map(|note| note.span.file.0);
                (
                    it.help.as_deref(),
                    places.collect::<Vec<_>>(),
                    it.edits.len(),
                )
            })
            .collect();
        let help = Some("rename all");
        assert_eq!(shown, [(help, vec![2, 0], 0), (help, vec![1, 0], 2)]);
    }

    #[test]
    fn what_is_not_kept_is_counted() {
        let mut found = many(0, MOST_KEPT + 7);
        assert_eq!((found.len(), found.is_full(FileId(0))), (MOST_KEPT, true));
        found.append(many(0, MOST_KEPT + 2));
        found.append(many(1, 3));
        found.count_error(FileId(0));
        assert_eq!(found.len(), MOST_KEPT + 3);
        assert_eq!(found.count(Severity::Error), 2 * MOST_KEPT + 13);
        assert_eq!(found.unread(), [(FileId(0), MOST_KEPT + 10)]);
        assert!(!found.is_full(FileId(1)));
    }
}
