use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Access, Across, ChangeRule, Derive, Expr, Field, Frozen, Id, Invariant, Lifecycle, Module,
    OneOf, Row, SoftDelete, Term,
};

/// A kind of row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// What one row is.
    pub doc: Option<String>,
    /// The module that declares it.
    pub module: Id<Module>,
    /// How people see it.
    pub labels: Labels,
    /// The type of its key `id`.
    pub identity: Identity,
    /// Its fields: those of its mixins first, in the order of `with`, then its own, then those of extensions.
    pub fields: Vec<Id<Field>>,
    /// Which of its references belong together, because a row points to one of several entities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<OneOf>,
    /// Its derived values.
    pub derives: Vec<Id<Derive>>,
    /// Its invariants.
    pub invariants: Vec<Id<Invariant>>,
    /// What must be true of its changes.
    pub changes: Vec<ChangeRule>,
    /// What must be true of its rows together with those that they are related to.
    pub across: Vec<Across>,
    /// Unique sets, field marks included.
    pub uniques: Vec<Unique>,
    /// Stretches of which no two may meet.
    pub overlaps: Vec<Overlap>,
    /// How its states change.
    pub lifecycles: Vec<Lifecycle>,
    /// `append only`, where it stands: rows are made, never changed and never deleted.
    pub append_only: Option<Span>,
    /// How its rows are deleted, where they can be restored.
    pub soft_delete: Option<SoftDelete>,
    /// How long its rows have to stay after they were made.
    pub keep: Option<Term>,
    /// `audited`, where it stands: each change of a row is recorded.
    pub audited: Option<Span>,
    /// When nothing about a row changes any more.
    pub frozen: Option<Frozen>,
    /// Who may do what with its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Indexes, field marks included.
    pub indexes: Vec<Index>,
    /// The field that stands for a row in lists and choices.
    pub shown_as: Option<Id<Field>>,
    /// The natural order of rows, most significant first.
    pub sorted_by: Vec<SortKey>,
    /// `was OldName`: the name under which it was built before.
    pub was: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

impl Entity {
    /// How many rules about its rows it has a name for.
    pub fn rule_count(&self) -> usize {
        self.invariants.len()
            + self.changes.len()
            + self.across.len()
            + self.uniques.len()
            + self.overlaps.len()
            + self.lifecycles.len()
            + usize::from(self.append_only.is_some())
            + usize::from(self.soft_delete.is_some())
            + usize::from(self.keep.is_some())
            + usize::from(self.audited.is_some())
            + usize::from(self.frozen.is_some())
    }
}

/// How people see an entity; both are given when the spec says nothing (`OrderLine` is "order line").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Labels {
    /// One row.
    pub singular: String,
    /// Several rows.
    pub plural: String,
}

/// The type of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// A random UUID, made by the application.
    Uuid,
    /// A number, counted by the database.
    Int,
}

/// Fields that no two rows may share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unique {
    /// Derived from the fields: `client_starts_at_unique`; distinct within the entity.
    pub name: String,
    /// The fields together.
    pub fields: Vec<Id<Field>>,
    /// Which rows it concerns; all without it.
    pub condition: Option<Expr>,
    /// Whether `A` and `a` count as the same (one text field only).
    pub ignoring_case: bool,
    /// What people read when it is broken.
    pub message: Option<String>,
    /// Where it was written.
    pub span: Span,
}

/// A stretch of time, or of numbers, that each row takes up and no other row may take up as well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Overlap {
    /// Derived from the fields: `stylist_starts_at_overlap`; distinct within the entity.
    pub name: String,
    /// Where the stretch begins; a row without a value there has always begun.
    pub start: Id<Field>,
    /// Where it ends; a row without a value there never ends.
    pub end: Id<Field>,
    /// Whether the end is part of it (`through`), or the next one may begin there (`until`).
    pub closed: bool,
    /// What two rows have to share before they can be in each other's way; nothing when empty.
    pub per: Vec<Id<Field>>,
    /// Which rows it concerns; all without it.
    pub condition: Option<Expr>,
    /// What people read when it is broken.
    pub message: Option<String>,
    /// Where it was written.
    pub span: Span,
}

impl Overlap {
    /// Whether a row takes up anything: with `until`, one that ends where it begins does not.
    pub fn takes_up(&self, row: &Row) -> bool {
        match (row.get(self.start), row.get(self.end)) {
            (Some(start), Some(end)) => self.closed || start < end,
            _ => true,
        }
    }

    /// Whether the stretches of two rows meet, whatever they share.
    pub fn meets(&self, first: &Row, second: &Row) -> bool {
        let begins_in_time = |from: &Row, to: &Row| match (from.get(self.start), to.get(self.end)) {
            (Some(start), Some(end)) if self.closed => start <= end,
            (Some(start), Some(end)) => start < end,
            // An open end lies behind every start.
            _ => true,
        };
        begins_in_time(first, second)
            && begins_in_time(second, first)
            && self.takes_up(first)
            && self.takes_up(second)
    }
}

/// Fields that are looked up or sorted by together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Index {
    /// Derived from the fields; distinct within the entity.
    pub name: String,
    /// The fields with their directions.
    pub keys: Vec<SortKey>,
    /// Which rows it covers; all without it.
    pub condition: Option<Expr>,
    /// Where it was written.
    pub span: Span,
}

/// A field and which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SortKey {
    /// The field.
    pub field: Id<Field>,
    /// Which end comes first.
    pub direction: Direction,
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}
