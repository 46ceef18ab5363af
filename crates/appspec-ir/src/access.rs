use std::collections::BTreeSet;

use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Expr, ExprKind, Field, FieldType, Id, Module, Spec, Walk};

/// What a person can be to the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// How people see it, where the spec says so.
    pub label: Option<String>,
    /// Who has it, in words.
    pub doc: Option<String>,
    /// The module that declares it.
    pub module: Id<Module>,
    /// How a person comes to it.
    pub origin: Origin,
    /// The roles that whoever has this one has as well, each at the same row if it is had at one.
    pub includes: Vec<Id<Role>>,
    /// `was OldName`: the name under which it was built before.
    pub was: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

/// How a person comes to a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "a spec has a handful of roles")]
pub enum Origin {
    /// Whoever is signed in has it.
    SignedIn,
    /// Somebody gives it to a person.
    Granted {
        /// The roles of those who may give and take it.
        by: Vec<Id<Role>>,
    },
    /// A row says that a person has it.
    Derived {
        /// The entity of these rows.
        entity: Id<Entity>,
        /// The person: a reference to the entity of those who sign in, read in the row.
        person: Expr,
        /// What the role is had at, a reference read in the row; everywhere without it.
        scope: Option<Expr>,
        /// Which rows say so; all without it.
        condition: Option<Expr>,
    },
}

impl Role {
    /// The entity at whose rows the role is had; `None` when it is had everywhere.
    pub fn scope(&self) -> Option<Id<Entity>> {
        match &self.origin {
            Origin::Derived { scope, .. } => scope.as_ref().and_then(Expr::leads_to),
            Origin::SignedIn | Origin::Granted { .. } => None,
        }
    }
}

/// Who may do what with the rows of an entity. What is not granted is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Access {
    /// What has to hold of a row besides each grant, whoever asks. The system itself, in a job, is not held by it.
    pub walls: Vec<Wall>,
    /// Who may do what, in the order of the text.
    pub grants: Vec<Grant>,
    /// Where the entity is named.
    pub span: Span,
}

/// `only where salon == me.salon`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Wall {
    /// What has to hold of the row.
    pub condition: Expr,
    /// Where it was written.
    pub span: Span,
}

/// `Owner at salon may read, update (name) where open`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grant {
    /// Who may.
    pub who: Who,
    /// Of a role that is had at a row: how that row is reached, a reference read in the entity's row.
    pub at: Option<Expr>,
    /// What they may, each verb once.
    pub permissions: Vec<Permission>,
    /// What has to hold of the row, before and after a write; nothing without it.
    pub condition: Option<Expr>,
    /// How often, where anyone may.
    pub limit: Option<Rate>,
    /// What people read when it is refused.
    pub message: Option<String>,
    /// Where it was written.
    pub span: Span,
}

/// Who a grant is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever asks, signed in or not.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// The system itself: jobs.
    System,
    /// Whoever has this role.
    Role(Id<Role>),
}

/// A verb and the fields that it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Permission {
    /// What may be done.
    pub verb: Verb,
    /// With which fields; an action and a deletion are about the whole row.
    pub fields: Fields,
    /// Where it was written.
    pub span: Span,
}

/// What can be done with a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// See it.
    Read,
    /// Make it.
    Create,
    /// Change it.
    Update,
    /// Delete it.
    Delete,
    /// Move it to another state: the name of an action of one of the entity's lifecycles.
    Action(String),
}

impl Verb {
    /// The word that stands for it in a spec.
    pub fn word(&self) -> &str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Action(name) => name,
        }
    }

    /// Whether it can be granted for some of the fields.
    pub fn takes_fields(&self) -> bool {
        matches!(self, Self::Read | Self::Create | Self::Update)
    }
}

/// The fields that a permission is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fields {
    /// Each that the verb can be about.
    All,
    /// These.
    Only(Vec<Id<Field>>),
    /// Each that the verb can be about, except these.
    Except(Vec<Id<Field>>),
}

/// `at most 5 per hour`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// How often.
    pub times: u32,
    /// In which time.
    pub per: Period,
}

/// A stretch of time that is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Period {
    Second,
    Minute,
    Hour,
    Day,
}

impl Period {
    /// All, the shortest first.
    pub const ALL: [Self; 4] = [Self::Second, Self::Minute, Self::Hour, Self::Day];

    /// The word that stands for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

impl Fields {
    /// The fields of an entity that a verb is about: what the system writes by itself, such as a state or a serial number, is
    /// read, and neither given nor changed.
    pub fn resolve(&self, entity: Walk<'_, Entity>, verb: &Verb) -> BTreeSet<Id<Field>> {
        let possible = possible(entity, verb);
        match self {
            Self::All => possible,
            Self::Only(fields) => fields
                .iter()
                .copied()
                .filter(|it| possible.contains(it))
                .collect(),
            Self::Except(fields) => possible
                .into_iter()
                .filter(|it| !fields.contains(it))
                .collect(),
        }
    }
}

/// The fields that a verb can be about.
fn possible(entity: Walk<'_, Entity>, verb: &Verb) -> BTreeSet<Id<Field>> {
    if !verb.takes_fields() {
        return BTreeSet::new();
    }
    let fields = entity.fields();
    let fields = fields.filter(|field| match verb {
        Verb::Create => entity.is_given(field.id),
        Verb::Update => entity.is_given(field.id) && !field.get().immutable,
        _ => !entity.is_marker(field.id),
    });
    fields.map(|field| field.id).collect()
}

impl Walk<'_, Entity> {
    /// Whether people give a field its value: the state of a lifecycle, a number, a moment that each write sets and what
    /// the system marks its rows with come about by themselves.
    pub fn is_given(self, field: Id<Field>) -> bool {
        let it = self.spec.walk(field).get();
        let since = self.get().keep.as_ref().filter(|term| term.is_added);
        it.serial.is_none()
            && !it.touched
            && !self.is_state(field)
            && !self.is_marker(field)
            && since.is_none_or(|term| term.since != field)
    }

    /// Whether a field marks deleted rows, which nobody sees.
    fn is_marker(self, field: Id<Field>) -> bool {
        let marked = self.get().soft_delete.as_ref();
        marked.is_some_and(|soft| soft.field == field)
    }

    /// The verbs that can be granted: the four that every row has, then the actions of its lifecycles.
    pub fn verbs(self) -> Vec<Verb> {
        let lifecycles = self.get().lifecycles.iter();
        let actions = lifecycles.flat_map(|lifecycle| &lifecycle.actions);
        [Verb::Read, Verb::Create, Verb::Update, Verb::Delete]
            .into_iter()
            .chain(actions.map(|action| Verb::Action(action.name.clone())))
            .collect()
    }
}

impl Spec {
    /// Whether it says who may do what; then all is closed that no grant opens.
    pub fn has_access(&self) -> bool {
        let mut entities = self.entities.iter();
        entities.any(|(_, entity)| entity.access.is_some())
    }

    /// A role and those that whoever has it has as well.
    pub fn with_included(&self, role: Id<Role>) -> BTreeSet<Id<Role>> {
        let mut found = BTreeSet::new();
        let mut pending = vec![role];
        while let Some(role) = pending.pop() {
            if found.insert(role)
                && let Some(role) = self.roles.find(role)
            {
                pending.extend(&role.includes);
            }
        }
        found
    }
}

impl Expr {
    /// The entity to whose row a reference leads.
    pub fn leads_to(&self) -> Option<Id<Entity>> {
        match self.ty {
            crate::Type::Reference(entity) => Some(entity),
            _ => None,
        }
    }

    /// Whether it asks who is asking.
    pub fn asks_who(&self) -> bool {
        let mut found = false;
        self.visit(&mut |part| found |= matches!(part.kind, ExprKind::Me | ExprKind::Mine(_)));
        found
    }
}

impl Walk<'_, Field> {
    /// Whether it leads to a row of the entity of those who sign in.
    pub fn is_person(self) -> bool {
        matches!(&self.get().ty, FieldType::Relation(relation) if relation.target == self.spec.user)
    }
}
