use super::{Decl, Mark, Names};

/// Which declarations were looked up. Entities are not counted: each becomes a table, whoever names it.
/// Nor are roles: whether one is of use hangs on what it may do.
#[derive(Debug, Default)]
pub(super) struct Uses {
    types: Vec<Mark>,
    enums: Vec<Mark>,
    mixins: Vec<Mark>,
    predicates: Vec<Mark>,
}

impl Uses {
    /// Room for every declaration; none is used yet.
    pub(super) fn of(names: &Names<'_>) -> Self {
        let none = |count: usize| (0..count).map(|_| Mark::default()).collect();
        Self {
            types: none(names.types.len()),
            enums: none(names.enums.len()),
            mixins: none(names.mixins.len()),
            predicates: none(names.predicates.len()),
        }
    }

    pub(super) fn mark(&self, decl: Decl) {
        if let Some(used) = self.of_decl(decl) {
            used.set();
        }
    }

    pub(super) fn has(&self, decl: Decl) -> bool {
        self.of_decl(decl).is_none_or(Mark::is_set)
    }

    fn of_decl(&self, decl: Decl) -> Option<&Mark> {
        match decl {
            Decl::Type(id) => self.types.get(id.index()),
            Decl::Enum(id) => self.enums.get(id.index()),
            Decl::Mixin(id) => self.mixins.get(id.index()),
            Decl::Predicate(id) => self.predicates.get(id.index()),
            Decl::Entity(_) | Decl::Role(_) => None,
        }
    }
}
