use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::{Derive, Entity, Field, Id, Invariant, Row, Spec, Working, let_go, waiting};

/// What backends are given: the spec, and what can be proven about it.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The spec.
    pub spec: Spec,
    find: fn(&Spec) -> Witnesses,
    found: OnceLock<Witnesses>,
}

impl Compiled {
    /// A spec, and how rows that show what its rules accept and refuse are found.
    pub fn new(spec: Spec, find: fn(&Spec) -> Witnesses) -> Self {
        Self {
            spec,
            find,
            found: OnceLock::new(),
        }
    }

    /// The spec alone.
    pub fn into_spec(self) -> Spec {
        let_go(self.found);
        self.spec
    }

    /// Those rows. They cost more than the checks, so they are looked for when somebody asks.
    pub fn witnesses(&self) -> &Witnesses {
        let find = || {
            let _working = Working::begin();
            (self.find)(&self.spec)
        };
        match self.found.get() {
            Some(found) => found,
            None => waiting(|| self.found.get_or_init(find)),
        }
    }
}

/// Rows on both sides of the rules, each one judged by the evaluator.
///
/// References hold made-up keys: two different keys are two different rows. Fields that no expression reads (lists,
/// files, JSON and the like) hold `true` where they have a value. A `touched` field holds some moment. What would follow
/// from the current moment or from the time zone follows in any.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Witnesses {
    /// One for each entity, in their order.
    pub entities: Vec<EntityWitnesses>,
}

impl Witnesses {
    /// Those of an entity.
    pub fn of(&self, entity: Id<Entity>) -> Option<&EntityWitnesses> {
        self.entities
            .get(entity.index())
            .filter(|own| own.entity == entity)
    }
}

/// The rows of one entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntityWitnesses {
    /// The entity.
    pub entity: Id<Entity>,
    /// Whether the rows need not keep the rules about the creation of rows: none is known that could be made at any moment.
    pub made_earlier: bool,
    /// A row that keeps every rule; small, with its defaults, and empty where it may be. None when none was found.
    pub passing: Option<Row>,
    /// Another row that keeps every rule and that no unique rule keeps apart from the first.
    pub another: Option<Row>,
    /// One that no unique rule keeps apart from either; looked for where rows may point to three of them.
    pub third: Option<Row>,
    /// For each optional field that an invariant or a derived value with a range reads, a row that keeps every rule and has a
    /// value there; of files, and of references to what is deleted only in appearance.
    pub filled: Vec<(Id<Field>, Row)>,
    /// For each rule for which one was found, a row that breaks it and nothing else. A range with two ends has one for
    /// each end.
    pub failing: Vec<Failing>,
    /// For each unique rule for which they were found, two rows that it keeps apart.
    pub colliding: Vec<Colliding>,
    /// For each action for which one was found, a row that it moves.
    pub acting: Vec<Acting>,
    /// For each lifecycle for which one was found, a row that no action moves to some state.
    pub strayed: Vec<Strayed>,
    /// For each lifecycle for which one was found, by its place, a row that keeps every rule and is not in the first state.
    pub later: Vec<(usize, Row)>,
    /// For each rule about what rows keep for which they were found, rows that it concerns and that it leaves alone.
    pub keeping: Vec<Keeping>,
}

/// A row that breaks one rule, and differs little from the passing one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failing {
    /// The rule.
    pub rule: RowRule,
    /// The row.
    pub row: Row,
    /// A row that differs little from it and keeps every rule, where one was found.
    pub mended: Option<Row>,
}

/// A rule about a single row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowRule {
    /// A bound of a field.
    Bound {
        /// The field.
        field: Id<Field>,
        /// Its place among the field's bounds.
        place: usize,
    },
    /// An invariant.
    Invariant(Id<Invariant>),
    /// The range of a derived value.
    Derived(Id<Derive>),
}

/// Two rows of which each can be saved, but not both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Colliding {
    /// The rule that keeps them apart; no other one does.
    pub rule: UniqueRule,
    /// The row that is saved first.
    pub first: Row,
    /// The row that is refused then.
    pub second: Row,
}

/// An action, and rows that it moves and refuses. Rules about the creation of rows need not hold for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acting {
    /// The place of the lifecycle.
    pub lifecycle: usize,
    /// The place of the action.
    pub action: usize,
    /// A row that keeps every rule, before and after the action.
    pub moved: Given,
    /// A row that only its `when` refuses, where there is one and such a row was found.
    pub refused: Option<Given>,
}

/// A row, and what is given to an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The row before.
    pub row: Row,
    /// The values of the fields that the action needs.
    pub given: Row,
}

/// A row that keeps every rule, and would in another state that no action leads to from its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strayed {
    /// The place of the lifecycle.
    pub lifecycle: usize,
    /// The row.
    pub row: Row,
    /// The other state.
    pub to: String,
}

/// A rule about what rows keep, by its place, and changes that it refuses and allows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Keeping {
    /// The place of the rule among those of the entity.
    pub rule: usize,
    /// A change that it alone refuses.
    pub kept: Changed,
    /// A change of a row that it does not concern, where there is one and it was found.
    pub free: Option<Changed>,
}

/// A row before and after, and both keep every rule about a single row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// The row as it was.
    pub row: Row,
    /// What would become of it.
    pub to: Row,
}

/// A rule about two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UniqueRule {
    /// A unique set of the entity, by its place.
    Set(usize),
    /// Stretches of the entity that don't meet, by their place.
    Overlap(usize),
    /// A one-to-one relation.
    OneToOne(Id<Field>),
}
