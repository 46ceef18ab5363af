use std::ops::Deref;

use crate::{Derive, Entity, Enum, Field, FieldType, Id, Invariant, Module, Seed, Spec};

/// An element of a spec together with the spec: ids inside, friendly reading outside.
///
/// Dereferences to the element, so `entity.name` and `entity.fields_in_order()` both work.
pub struct Walk<'s, T> {
    /// The whole spec.
    pub spec: &'s Spec,
    /// The element's id.
    pub id: Id<T>,
}

// Written out because a derive would ask the same of `T`.
impl<T> Clone for Walk<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Walk<'_, T> {}

macro_rules! walks {
    ($($element:ident in $arena:ident;)*) => {
        $(
            impl<'s> Walk<'s, $element> {
                /// The element itself, as long-lived as the spec.
                #[allow(
                    clippy::indexing_slicing,
                    reason = "ids are handed out by the arenas of this spec; see `Arena`"
                )]
                pub fn get(self) -> &'s $element {
                    &self.spec.$arena[self.id]
                }
            }

            impl Deref for Walk<'_, $element> {
                type Target = $element;

                fn deref(&self) -> &$element {
                    self.get()
                }
            }
        )*
    };
}

walks! {
    Module in modules;
    Entity in entities;
    Field in fields;
    Derive in derives;
    Invariant in invariants;
    Enum in enums;
    Seed in seeds;
}

impl Spec {
    /// All modules.
    pub fn walk_modules(&self) -> impl Iterator<Item = Walk<'_, Module>> {
        self.modules.ids().map(|id| self.walk(id))
    }

    /// All entities.
    pub fn walk_entities(&self) -> impl Iterator<Item = Walk<'_, Entity>> {
        self.entities.ids().map(|id| self.walk(id))
    }
}

impl<'s> Walk<'s, Module> {
    /// The entities that the module declares.
    pub fn entities(self) -> impl Iterator<Item = Walk<'s, Entity>> {
        self.get()
            .entities
            .iter()
            .map(move |id| self.spec.walk(*id))
    }

    /// The enums that the module declares.
    pub fn enums(self) -> impl Iterator<Item = Walk<'s, Enum>> {
        self.get().enums.iter().map(move |id| self.spec.walk(*id))
    }
}

impl<'s> Walk<'s, Entity> {
    /// The module that declares it.
    pub fn module(self) -> Walk<'s, Module> {
        self.spec.walk(self.get().module)
    }

    /// `booking.Visit`: the name that is unique in the spec.
    pub fn full_name(self) -> String {
        format!("{}.{}", self.module().get().path, self.get().name)
    }

    /// Its fields in order.
    pub fn fields(self) -> impl Iterator<Item = Walk<'s, Field>> {
        self.get().fields.iter().map(move |id| self.spec.walk(*id))
    }

    /// Its derived values in order.
    pub fn derives(self) -> impl Iterator<Item = Walk<'s, Derive>> {
        self.get().derives.iter().map(move |id| self.spec.walk(*id))
    }

    /// Its invariants in order.
    pub fn invariants(self) -> impl Iterator<Item = Walk<'s, Invariant>> {
        self.get()
            .invariants
            .iter()
            .map(move |id| self.spec.walk(*id))
    }

    /// The field with this name.
    pub fn field(self, name: &str) -> Option<Walk<'s, Field>> {
        self.fields().find(|field| field.name == name)
    }
}

impl<'s> Walk<'s, Field> {
    /// The entity that has it.
    pub fn entity(self) -> Walk<'s, Entity> {
        self.spec.walk(self.get().entity)
    }

    /// The entity that it points to, for relations to one or many.
    pub fn target(self) -> Option<Walk<'s, Entity>> {
        match &self.get().ty {
            FieldType::Relation(relation) => Some(self.spec.walk(relation.target)),
            FieldType::Many(many) => Some(self.spec.walk(many.target)),
            _ => None,
        }
    }
}
