use appspec_backend::python::Expr;
use appspec_ir::{Enum, Id, Spec};

use crate::names;

/// Where code is printed to: the same field reads a little differently in a model and in a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `models.py`: enums and the user model are named.
    Model,
    /// A migration: it never changes, so it repeats the values that it was written with.
    Migration,
}

impl Target {
    /// A value of an enum.
    pub(crate) fn choice(self, spec: &Spec, id: Id<Enum>, name: &str) -> Expr {
        match self {
            Self::Model => enum_class(spec, id).attr(names::member(name)),
            Self::Migration => Expr::text(stored(spec, id, name)),
        }
    }
}

/// The `TextChoices` of an enum.
pub(crate) fn enum_class(spec: &Spec, id: Id<Enum>) -> Expr {
    let found = spec.walk(id);
    let package = names::package(spec.walk(found.module));
    Expr::from(&format!("{package}.choices"), &found.name)
}

/// What the database holds for the values of an enum, as a list.
pub(crate) fn stored_values(spec: &Spec, id: Id<Enum>, target: Target) -> Expr {
    match target {
        Target::Model => enum_class(spec, id).attr("values"),
        Target::Migration => {
            let choices = &spec.walk(id).get().choices;
            Expr::texts(choices.iter().map(|choice| &choice.stored))
        }
    }
}

/// What the database holds for a value of an enum.
pub(crate) fn stored(spec: &Spec, id: Id<Enum>, name: &str) -> String {
    spec.walk(id)
        .choices
        .iter()
        .find(|choice| choice.name == name)
        .map_or_else(|| name.to_owned(), |choice| choice.stored.clone())
}
