//! A spec that is being made: who has which name already.

use std::collections::{BTreeMap, BTreeSet};

use super::deck::{Deck, Feature, Relation, fields, relations};
use super::model::{
    Choice, Field, Id, Item, ItemKind, Kind, Member, MemberKind, Scalar, Spec, Target,
};
use super::{names, scalars, texts};
use crate::random::Random;

/// What an id stands for that is no declaration: the person who signs in.
pub(super) const USER: Id = 0;

/// What the person who signs in has already.
const OF_THE_USER: [&str; 8] = [
    "email",
    "name",
    "is_active",
    "is_staff",
    "joined_at",
    "groups",
    "password",
    "list",
];

/// How many characters a column may have.
const COLUMN: usize = 63;

/// A spec that is being made.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) random: Random,
    pub(super) spec: Spec,
    pub(super) fields: Deck<(Scalar, Feature)>,
    pub(super) relations: Deck<Relation>,
    pub(super) types: Deck<Scalar>,
    /// How often something was taken in turn.
    turns: u64,
    /// The entities in the order in which rows can be made, with their modules.
    pub(super) entities: Vec<(Id, usize)>,
    /// Those with rows of every installation, with the field that they are known by.
    pub(super) seeded: BTreeMap<Id, Id>,
    /// Fields about which no further rule is made.
    pub(super) settled: BTreeSet<Id>,
    next: Id,
    of_rows: BTreeMap<Id, BTreeSet<String>>,
    of_rules: BTreeMap<Id, BTreeSet<String>>,
    of_modules: BTreeMap<usize, BTreeSet<String>>,
    predicates: BTreeSet<String>,
    tables: BTreeSet<String>,
    /// Names that no member has, because a path that begins with them means a module.
    words: BTreeSet<String>,
}

impl Draft {
    /// Of nothing.
    pub(super) fn new(seed: u64, spec: Spec) -> Self {
        let words = spec.modules.iter().map(|module| label(&module.path));
        let words = words.chain(["auth".to_owned()]).collect();
        let user = OF_THE_USER.iter().map(|name| (*name).to_owned()).collect();
        Self {
            // Neighbouring seeds should have nothing in common.
            random: Random::new(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            spec,
            fields: Deck::open(fields(), seed, 23),
            relations: Deck::open(relations(), seed, 3),
            types: Deck::open(scalars::ALL.to_vec(), seed, 2),
            turns: 0,
            entities: Vec::new(),
            seeded: BTreeMap::new(),
            settled: BTreeSet::new(),
            next: USER,
            of_rows: BTreeMap::from([(USER, user)]),
            of_rules: BTreeMap::new(),
            of_modules: BTreeMap::new(),
            predicates: BTreeSet::new(),
            tables: BTreeSet::new(),
            words,
        }
    }

    /// One of so many choices, each in its turn: a spec that takes some makes them all.
    pub(super) fn next_of(&mut self, choices: u64) -> u64 {
        self.turns = self.turns.wrapping_add(1);
        self.turns % choices
    }

    /// Whether one of so many.
    pub(super) fn one_in(&mut self, many: usize) -> bool {
        self.random.below(many) == 0
    }

    /// Any element of a list that is not empty.
    pub(super) fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.random.below(list.len())].clone()
    }

    /// A new id.
    pub(super) fn id(&mut self) -> Id {
        self.next += 1;
        self.next
    }

    /// Any module.
    pub(super) fn module(&mut self) -> usize {
        self.random.below(self.spec.modules.len())
    }

    /// Declares something.
    pub(super) fn declare(&mut self, module: usize, name: String, kind: ItemKind) -> Id {
        let id = self.id();
        let doc = texts::doc(&mut self.random);
        self.spec.modules[module].items.push(Item {
            id,
            name,
            doc: match kind {
                ItemKind::Extend { .. } | ItemKind::Seed { .. } => None,
                _ => doc,
            },
            kind,
        });
        id
    }

    /// A name of a declaration that is free in its module.
    pub(super) fn declared_name(&mut self, module: usize, longest: usize) -> String {
        let name = names::entity(&mut self.random, longest);
        let label = label(&self.spec.modules[module].path);
        let taken = self.of_modules.entry(module).or_default();
        let mut free = name.clone();
        let mut number = 1;
        while taken.contains(&free.to_lowercase()) || self.tables.contains(&table(&label, &free)) {
            number += 1;
            free = names::numbered(&name, number, longest);
        }
        taken.insert(free.to_lowercase());
        self.tables.insert(table(&label, &free));
        free
    }

    /// Takes a name for a predicate of the top level that no other module has.
    pub(super) fn predicate_name(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut number = 1;
        while !self.predicates.insert(free.clone()) {
            number += 1;
            free = format!("{name}{number}");
        }
        free
    }

    /// An enum with its values.
    pub(super) fn enumeration(&mut self, module: usize) -> Id {
        let name = self.declared_name(module, 60);
        let mut taken = BTreeSet::new();
        let mut stored = BTreeSet::new();
        let mut choices = Vec::new();
        for _ in 0..=self.random.below(6) {
            let name = names::choice(&mut self.random);
            if !taken.insert(name.to_uppercase()) || !stored.insert(name.clone()) {
                continue;
            }
            let other = texts::any(&mut self.random);
            let other = other.chars().take(100).collect::<String>();
            let keeps = self.one_in(5) && stored.insert(other.clone());
            choices.push(Choice {
                name,
                label: texts::sometimes(&mut self.random, 3),
                stored: keeps.then_some(other),
                doc: texts::doc(&mut self.random),
            });
        }
        self.declare(module, name, ItemKind::Enum(choices))
    }

    /// The values of an enum by name.
    pub(super) fn choices(&self, id: Id) -> Vec<String> {
        match self.spec.item(id).map(|item| &item.kind) {
            Some(ItemKind::Enum(choices)) => choices.iter().map(|it| it.name.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// The ids of all declarations of a kind.
    pub(super) fn all(&self, is_meant: impl Fn(&ItemKind) -> bool) -> Vec<Id> {
        let items = self.spec.items().filter(|(_, item)| is_meant(&item.kind));
        items.map(|(_, item)| item.id).collect()
    }

    /// Adds a member to a declaration.
    pub(super) fn add(&mut self, item: Id, kind: MemberKind) -> Id {
        let id = self.id();
        let doc = match &kind {
            MemberKind::Field(_) | MemberKind::Derive { .. } | MemberKind::Invariant { .. } => {
                texts::doc(&mut self.random)
            }
            _ => None,
        };
        let found = self.item_mut(item);
        if let Some(members) = found.and_then(Item::members_mut) {
            members.push(Member { id, doc, kind });
        }
        id
    }

    /// A declaration, to be changed.
    pub(super) fn item_mut(&mut self, id: Id) -> Option<&mut Item> {
        let items = self.spec.modules.iter_mut().flat_map(|it| &mut it.items);
        items.into_iter().find(|item| item.id == id)
    }

    /// A field, to be changed.
    pub(super) fn field_mut(&mut self, id: Id) -> Option<&mut Field> {
        let items = self.spec.modules.iter_mut().flat_map(|it| &mut it.items);
        let members = items.filter_map(Item::members_mut).flatten();
        members
            .filter(|member| member.id == id)
            .find_map(|member| match &mut member.kind {
                MemberKind::Field(field) => Some(field),
                _ => None,
            })
    }

    /// The fields of a row: those of its mixins, its own, and those of extensions.
    pub(super) fn row(&self, entity: Id) -> Vec<(Id, Field)> {
        let mut found = Vec::new();
        let mut of = |item: &Item| {
            let fields = item.members().iter();
            found.extend(fields.filter_map(|it| Some((it.id, it.field()?.clone()))));
        };
        let Some(item) = self.spec.item(entity) else {
            return found;
        };
        if let ItemKind::Entity { mixins, .. } = &item.kind {
            mixins
                .iter()
                .filter_map(|id| self.spec.item(*id))
                .for_each(&mut of);
        }
        of(item);
        for (_, item) in self.spec.items() {
            if matches!(&item.kind, ItemKind::Extend { target: Target::Entity(id), .. } if *id == entity)
            {
                of(item);
            }
        }
        found
    }

    /// A name for a member of these rows that is free in all of them.
    pub(super) fn member_name(&mut self, rows: &[Id], kind: &Kind) -> String {
        let longest = match kind {
            Kind::One { .. } => COLUMN - 3,
            _ => COLUMN,
        };
        let name = names::field(&mut self.random, longest);
        self.free_name(rows, &name, longest, matches!(kind, Kind::One { .. }))
    }

    /// The name, or one with a number, which is taken then.
    pub(super) fn free_name(
        &mut self,
        rows: &[Id],
        name: &str,
        longest: usize,
        is_reference: bool,
    ) -> String {
        let mut free = name.to_owned();
        let mut number = 1;
        while self.words.contains(&free)
            || rows.iter().any(|row| {
                let taken = self.of_rows.entry(*row).or_default();
                taken.contains(&free) || is_reference && taken.contains(&format!("{free}_id"))
            })
        {
            number += 1;
            free = names::numbered(name, number, longest);
        }
        for row in rows {
            let taken = self.of_rows.entry(*row).or_default();
            taken.insert(free.clone());
            if is_reference {
                taken.insert(format!("{free}_id"));
            }
        }
        free
    }

    /// Gives a row the names of a mixin, if all of them are free.
    pub(super) fn mix(&mut self, entity: Id, mixin: Id) -> bool {
        let rows = self.of_rows.get(&mixin).cloned().unwrap_or_default();
        let rules = self.of_rules.get(&mixin).cloned().unwrap_or_default();
        let own_rows = self.of_rows.entry(entity).or_default();
        let own_rules = self.of_rules.entry(entity).or_default();
        if !own_rows.is_disjoint(&rows) || !own_rules.is_disjoint(&rules) {
            return false;
        }
        own_rows.extend(rows);
        own_rules.extend(rules);
        true
    }

    /// Takes the name of a rule or an index; whether it was free.
    pub(super) fn take_rule(&mut self, row: Id, name: &str) -> bool {
        self.of_rules
            .entry(row)
            .or_default()
            .insert(name.to_lowercase())
    }

    /// Whether a rule or an index of a row has this name.
    pub(super) fn has_rule(&self, row: Id, name: &str) -> bool {
        let taken = self.of_rules.get(&row);
        taken.is_some_and(|taken| taken.contains(&name.to_lowercase()))
    }

    /// Takes the name of the table of pairs of a field; whether it was free.
    pub(super) fn take_pairs(&mut self, entity: Id, field: &str) -> bool {
        let Some((module, item)) = self.spec.items().find(|(_, item)| item.id == entity) else {
            return false;
        };
        let label = label(&self.spec.modules[module].path);
        let name = format!("{}_{field}", table(&label, &item.name));
        self.tables.insert(name)
    }
}

/// The word by which other modules know a module.
pub(super) fn label(path: &str) -> String {
    path.rsplit('.').next().unwrap_or(path).to_owned()
}

fn table(label: &str, name: &str) -> String {
    format!("{label}_{}", name.to_lowercase())
}
