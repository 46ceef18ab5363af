use std::collections::BTreeMap;

use appspec_ir::{Entity, Enum, Field, Id};

/// Under which names the elements of a spec were built before. Nothing is found for what is new.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) entities: BTreeMap<Id<Entity>, String>,
    pub(crate) fields: BTreeMap<Id<Field>, (Id<Entity>, String)>,
    pub(crate) enums: BTreeMap<Id<Enum>, String>,
    /// Stored texts by the name of now.
    pub(crate) choices: BTreeMap<Id<Enum>, BTreeMap<String, String>>,
    pub(crate) uniques: BTreeMap<Id<Entity>, BTreeMap<String, String>>,
    pub(crate) overlaps: BTreeMap<Id<Entity>, BTreeMap<String, String>>,
    pub(crate) lifecycles: BTreeMap<Id<Entity>, BTreeMap<String, String>>,
    pub(crate) kept: BTreeMap<Id<Entity>, BTreeMap<String, String>>,
    /// Serials whose fields have other names now and which say something else as well.
    pub(crate) serials: BTreeMap<Id<Entity>, BTreeMap<String, String>>,
    pub(crate) indexes: BTreeMap<Id<Entity>, BTreeMap<String, String>>,
}

impl Names {
    /// The full name of the entity.
    pub(crate) fn entity_before(&self, id: Id<Entity>) -> Option<&str> {
        self.entities.get(&id).map(String::as_str)
    }

    /// The full name of the entity and the name of the field.
    pub(crate) fn field_before(&self, id: Id<Field>) -> Option<(&str, &str)> {
        let (entity, field) = self.fields.get(&id)?;
        Some((self.entity_before(*entity)?, field))
    }

    /// The full name of the enum.
    pub(crate) fn enum_before(&self, id: Id<Enum>) -> Option<&str> {
        self.enums.get(&id).map(String::as_str)
    }

    /// What the database held for the value that has this name now.
    pub(crate) fn stored_before(&self, id: Id<Enum>, name: &str) -> Option<&str> {
        self.choices.get(&id)?.get(name).map(String::as_str)
    }

    pub(crate) fn unique_before(&self, id: Id<Entity>, name: &str) -> Option<&str> {
        self.uniques.get(&id)?.get(name).map(String::as_str)
    }

    pub(crate) fn overlap_before(&self, id: Id<Entity>, name: &str) -> Option<&str> {
        self.overlaps.get(&id)?.get(name).map(String::as_str)
    }

    pub(crate) fn lifecycle_before(&self, id: Id<Entity>, name: &str) -> Option<&str> {
        self.lifecycles.get(&id)?.get(name).map(String::as_str)
    }

    pub(crate) fn kept_before(&self, id: Id<Entity>, name: &str) -> Option<&str> {
        self.kept.get(&id)?.get(name).map(String::as_str)
    }

    pub(crate) fn serial_before(&self, id: Id<Entity>, name: &str) -> Option<&str> {
        self.serials.get(&id)?.get(name).map(String::as_str)
    }

    pub(crate) fn index_before(&self, id: Id<Entity>, name: &str) -> Option<&str> {
        self.indexes.get(&id)?.get(name).map(String::as_str)
    }
}
