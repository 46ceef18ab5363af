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
}
