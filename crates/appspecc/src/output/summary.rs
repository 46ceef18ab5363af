use appspec_diagnostics::{Diagnostic, codes::world};

use super::plan::names;

/// What a build did, or would do; paths relative to the project, sorted.
///
/// What the compiler remembers for itself under `.appspec` is not listed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Files that did not exist.
    pub(crate) new: Vec<String>,
    /// Generated files whose content changes.
    pub(crate) changed: Vec<String>,
    /// Files that are as they should be.
    pub(crate) unchanged: Vec<String>,
    /// Files of the user that were started for them.
    pub(crate) stubs: Vec<String>,
    /// Generated files that the spec no longer gives.
    pub(crate) removed: Vec<String>,
    /// Files of the user, or edited by the user, that nothing asks for any more.
    pub(crate) unused: Vec<String>,
    /// Files that were edited by hand and stay so.
    pub(crate) kept: Vec<String>,
    /// Those of them in which this build would have changed something.
    pub(crate) behind: Vec<String>,
    /// Whether migrations are remembered that were not before.
    pub(crate) remembers: bool,
}

impl Summary {
    /// Whether the project is what the spec says.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.new.is_empty()
            && self.changed.is_empty()
            && self.stubs.is_empty()
            && self.removed.is_empty()
            && !self.remembers
    }

    /// Whether nothing is there, once it is written, of which the next build would have to speak again.
    pub(crate) fn is_all_as_emitted(&self) -> bool {
        self.kept.is_empty() && self.unused.is_empty() && self.behind.is_empty()
    }

    /// The new migrations.
    pub(crate) fn migrations(&self) -> Vec<String> {
        let new = self.new.iter();
        new.filter(|path| path.contains("/migrations/") && !path.ends_with("/__init__.py"))
            .cloned()
            .collect()
    }

    /// What kept files now lack: nobody else would say so before the database does.
    pub(crate) fn warning(&self) -> Option<Diagnostic> {
        let lack = match self.behind.as_slice() {
            [] => return None,
            [_] => "does not have what the spec changed in it",
            _ => "do not have what the spec changed in them",
        };
        let migrations = self.migrations();
        let (beside, when) = if migrations.is_empty() {
            (String::new(), "")
        } else {
            let beside = format!(
                "; the migrations are as the spec says: {}",
                names(&migrations)
            );
            (beside, " before you migrate")
        };
        let text = format!("kept, {} {lack}{beside}", names(&self.behind));
        let help = format!(
            "run `appspecc build` without `--keep`, which shows the difference and writes nothing, and bring it in by \
             hand{when}"
        );
        Some(Diagnostic::without_place(&world::KEPT_BEHIND, text).help(help))
    }
}
