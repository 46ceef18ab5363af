//! Specs that nobody wrote: valid by construction, the same for the same seed, and together with everything that the
//! language can say.
//!
//! A spec is made as a value ([`model`]) and printed ([`mod@print`]). Rules are made around one row that keeps all of them, so
//! that they can't contradict one another; whatever the compiler then only warns about is acknowledged in the spec
//! ([`acknowledge`]). What the compiler refuses is a defect, of the compiler or of the generator.

pub mod acknowledge;
pub mod coverage;
pub mod deck;
mod draft;
mod fields;
pub mod judge;
pub mod model;
pub mod names;
pub mod print;
mod relations;
mod rules;
pub mod scalars;
mod seeds;
pub mod shrink;
pub mod texts;
mod traits;
pub mod value;

use draft::{Draft, USER};
use model::{Id, ItemKind, Kind, MemberKind, Module, OnDelete, Scalar, Spec, Target};
use scalars::is_lookup;

use crate::random::Random;

/// What a spec has more of than others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A little of everything.
    Mixed,
    /// One entity of 60 fields.
    Wide,
    /// Twelve modules, each with an entity that needs that of the one before.
    Chain,
    /// Entities without members, with relations alone, with nothing that has to be given.
    Sparse,
    /// Many rules.
    Ruled,
}

/// The spec of a seed.
pub fn spec(seed: u64) -> Result<Spec, String> {
    let mut spec = draft(seed);
    acknowledge::warnings(&mut spec)?;
    Ok(spec)
}

/// The same, before its warnings are acknowledged.
pub fn draft(seed: u64) -> Spec {
    let shape = match seed % 7 {
        1 => Shape::Wide,
        2 => Shape::Chain,
        3 => Shape::Sparse,
        4 => Shape::Ruled,
        _ => Shape::Mixed,
    };
    let mut draft = Draft::new(seed, frame(seed, shape));
    draft.declarations();
    draft.entities_of(shape);
    draft.extensions();
    draft.rules_of(shape);
    draft.rules_across();
    draft.rules_about_changes();
    draft.rest();
    draft.traits();
    draft.spec
}

/// The project and its empty modules.
fn frame(seed: u64, shape: Shape) -> Spec {
    let mut random = Random::new(seed.wrapping_add(7).wrapping_mul(0xD129_0DD0_5E1A_3A2D) | 1);
    let count = match shape {
        Shape::Chain => 12,
        _ => 1 + random.below(4),
    };
    let mut left: Vec<&str> = names::MODULES.to_vec();
    let modules = (0..count)
        .map(|at| {
            let name = left.remove(random.below(left.len()));
            Module {
                path: if at > 0 && random.below(6) == 0 {
                    format!("back.{name}")
                } else {
                    name.to_owned()
                },
                qualifies: random.below(3) == 0,
                items: Vec::new(),
            }
        })
        .collect();
    let zones = [
        "UTC",
        "Europe/Lisbon",
        "Pacific/Chatham",
        "America/St_Johns",
        "Asia/Kolkata",
    ];
    let languages = ["en", "de", "pt-br", "fr", "zh-hans", "ar"];
    Spec {
        name: names::field(&mut random, 20),
        settings: vec![
            ("title", texts::any(&mut random)),
            ("timezone", zones[random.below(zones.len())].to_owned()),
            (
                "language",
                languages[random.below(languages.len())].to_owned(),
            ),
        ],
        doc: texts::doc(&mut random),
        modules,
        ..Spec::default()
    }
}

impl Draft {
    /// Enums, named types and mixins.
    fn declarations(&mut self) {
        for _ in 0..=self.random.below(3) {
            let module = self.module();
            self.enumeration(module);
        }
        for _ in 0..2 + self.random.below(2) {
            let module = self.module();
            self.named_type(module);
        }
        for _ in 0..self.random.below(3) {
            let module = self.module();
            let name = self.declared_name(module, 60);
            let mixin = self.declare(module, name, ItemKind::Mixin(Vec::new()));
            for _ in 0..=self.random.below(3) {
                self.add_field(mixin, &[mixin]);
            }
            let fields = self.own_fields(mixin);
            let rules = self.random.below(3);
            self.add_rules(mixin, &[mixin], &fields, rules);
        }
    }

    fn own_fields(&self, item: Id) -> Vec<(Id, model::Field)> {
        let members = self.spec.item(item).map_or(&[][..], |item| item.members());
        let fields = members.iter();
        fields
            .filter_map(|it| Some((it.id, it.field()?.clone())))
            .collect()
    }

    fn entities_of(&mut self, shape: Shape) {
        let modules = self.spec.modules.len();
        let count = match shape {
            Shape::Chain => modules,
            Shape::Wide => 2,
            Shape::Sparse => 7,
            Shape::Ruled => 3,
            Shape::Mixed => 3 + self.random.below(4),
        };
        let mut before: Option<Id> = None;
        let mut made = Vec::new();
        for number in 0..count {
            let module = if shape == Shape::Chain {
                number
            } else {
                self.module()
            };
            let entity = self.add_entity(module, shape == Shape::Sparse);
            made.push(entity);
            let is_root = shape == Shape::Chain && number < 2;
            if is_root || self.one_in(4) && shape != Shape::Sparse {
                self.make_seeded(entity);
            }
            let (fields, relations) = match shape {
                Shape::Chain => (2, usize::from(self.one_in(3))),
                Shape::Wide if number == 0 => (60, 0),
                Shape::Wide => (3, 5),
                Shape::Sparse => {
                    [(0, 0), (0, 4), (8, 0), (0, 0), (0, 3), (9, 0), (8, 2)][number % 7]
                }
                Shape::Ruled => (10, 2),
                Shape::Mixed => (3 + self.random.below(6), 1 + self.random.below(3)),
            };
            for _ in 0..fields {
                self.add_field(entity, &[entity]);
            }
            if shape == Shape::Ruled && number == 0 {
                self.add_pairs(entity);
            }
            if let (Shape::Chain, Some(before)) = (shape, before) {
                let target = (Target::Entity(before), before);
                self.add_reference(entity, target, Some(OnDelete::Cascade), false, false);
            }
            if self.one_in(2)
                && fields > 0
                && !self.all(|it| matches!(it, ItemKind::Enum(_))).is_empty()
            {
                self.add_enum_field(entity, &[entity]);
            }
            for _ in 0..relations {
                self.add_relation(entity);
            }
            if shape == Shape::Sparse && number == 2 {
                self.let_all_be_missing(entity);
            }
            before = Some(entity);
        }
        if let (Shape::Chain, [first, .., last]) = (shape, made.as_slice()) {
            // Closes the circle through all modules.
            let target = (Target::Entity(*last), *last);
            self.add_reference(*first, target, Some(OnDelete::SetNull), true, false);
        }
        if shape != Shape::Sparse {
            for named in self.all(|kind| matches!(kind, ItemKind::Type { .. })) {
                let entity = self.pick(&made);
                self.add_named_field(entity, named);
            }
        }
        for entity in made {
            if self.one_in(2) {
                self.add_path_default(entity);
            }
            if self.one_in(3) {
                self.add_way_back(entity);
            }
        }
    }

    /// Two plain fields of each type that rules compute with.
    fn add_pairs(&mut self, entity: Id) {
        let types = [
            Scalar::Int,
            Scalar::Decimal(8, 2),
            Scalar::Date,
            Scalar::DateTime,
            Scalar::Time,
            Scalar::Text(Some(80)),
        ];
        for scalar in types {
            for _ in 0..2 {
                let kind = Kind::Scalar(scalar);
                let name = self.member_name(&[entity], &kind);
                let sample = scalars::sample(&mut self.random, scalar);
                let field = model::Field {
                    name,
                    sample,
                    ..fields::plain(kind)
                };
                self.add(entity, MemberKind::Field(field));
            }
        }
    }

    /// Makes every field of an entity optional.
    fn let_all_be_missing(&mut self, entity: Id) {
        for (id, _) in self.own_fields(entity) {
            let Some(field) = self.field_mut(id) else {
                continue;
            };
            let may_be_missing = !matches!(
                field.kind,
                Kind::ListOf(_) | Kind::ListOfEnum(_) | Kind::Many { .. }
            );
            if may_be_missing {
                field.optional = true;
                if let Some(unique) = &mut field.unique {
                    unique.condition = Some(model::Expr::IsSet(id, true));
                }
            }
        }
    }

    /// Members for entities of other modules, and for the people who sign in.
    fn extensions(&mut self) {
        for _ in 0..self.random.below(3) {
            let module = self.module();
            let others: Vec<Id> = self
                .entities
                .iter()
                .filter(|(_, home)| *home != module)
                .map(|(id, _)| *id)
                .collect();
            let (target, row) = if others.is_empty() || self.one_in(3) {
                (Target::User, USER)
            } else {
                let other = self.pick(&others);
                (Target::Entity(other), other)
            };
            let kind = ItemKind::Extend {
                target,
                members: Vec::new(),
            };
            let extension = self.declare(module, String::new(), kind);
            for _ in 0..=self.random.below(3) {
                self.add_field(extension, &[row]);
            }
            let fields = self.own_fields(extension);
            let rules = self.random.below(3);
            self.add_rules(extension, &[row], &fields, rules);
        }
    }

    fn rules_of(&mut self, shape: Shape) {
        for (entity, _) in self.entities.clone() {
            let row = self.row(entity);
            let count = match shape {
                Shape::Ruled => 14,
                Shape::Chain => self.random.below(2),
                Shape::Wide => 5,
                _ => self.random.below(5),
            };
            self.add_rules(entity, &[entity], &row, count);
            if self.one_in(5) {
                self.add_rule_on_create(entity);
            }
            if self.one_in(6) {
                self.add_top_predicate(entity);
            }
        }
    }

    /// Rules about changes. What else is drawn is the same with them and without.
    fn rules_about_changes(&mut self) {
        let random = self.random.clone();
        for (entity, _) in self.entities.clone() {
            if self.one_in(3) {
                self.add_change_rule(entity);
            }
        }
        self.random = random;
    }

    /// Rules over other rows. What else is drawn is the same with them and without.
    fn rules_across(&mut self) {
        let random = self.random.clone();
        for (entity, _) in self.entities.clone() {
            if self.one_in(3) {
                self.add_across(entity);
            }
        }
        self.random = random;
    }

    /// What stands for a row, the order of lists, the keys, and rows of every installation.
    fn rest(&mut self) {
        let mut handles = seeds::Handles::new();
        for (entity, _) in self.entities.clone() {
            let row = self.row(entity);
            let readable: Vec<Id> = row
                .iter()
                .filter(|(_, field)| match &field.kind {
                    Kind::Scalar(scalar) => is_lookup(*scalar),
                    Kind::Enum(_) | Kind::One { .. } => true,
                    _ => false,
                })
                .map(|(id, _)| *id)
                .collect();
            if !readable.is_empty() && self.one_in(3) {
                let field = self.pick(&readable);
                self.add(entity, MemberKind::ShownAs(field));
            }
            if !readable.is_empty() && self.one_in(3) {
                let mut keys: Vec<(Id, bool)> = Vec::new();
                for _ in 0..=self.random.below(3) {
                    let field = self.pick(&readable);
                    if keys.iter().all(|(id, _)| *id != field) {
                        keys.push((field, self.one_in(2)));
                    }
                }
                self.add(entity, MemberKind::SortedBy(keys));
            }
            if self.one_in(4) {
                self.add(entity, MemberKind::IdentifiedByInt);
            }
            self.add_seed(entity, &mut handles);
        }
    }
}
