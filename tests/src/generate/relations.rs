//! Relations, and values that are copied through them.

use super::deck::{Relation, To};
use super::draft::{Draft, USER};
use super::fields::plain;
use super::model::{
    Expr, Field, Id, Initial, ItemKind, Kind, MemberKind, OnDelete, Scalar, Target, Unique,
};
use super::texts;

impl Draft {
    /// A relation as the next card says, of an entity that was declared already.
    pub(super) fn add_relation(&mut self, entity: Id) {
        match self.relations.deal() {
            Relation::One {
                to,
                on_delete,
                optional,
                unique,
            } => {
                if let Some((target, row)) = self.target(entity, to, optional) {
                    self.add_reference(entity, (target, row), on_delete, optional, unique);
                }
            }
            Relation::Many(to) => {
                if let Some((target, row)) = self.target(entity, to, true) {
                    self.add_many(entity, target, row, None);
                }
            }
            Relation::Through(to) => self.add_link(entity, to),
        }
    }

    /// What a relation of an entity can point to: a required one only to what was declared before.
    fn target(&mut self, entity: Id, to: To, is_free: bool) -> Option<(Target, Id)> {
        let place = self.entities.iter().position(|(id, _)| *id == entity)?;
        match to {
            To::User => Some((Target::User, USER)),
            To::Itself => Some((Target::Entity(entity), entity)),
            To::Other => {
                let others: Vec<Id> = self
                    .entities
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at < place || is_free && *at != place)
                    .map(|(_, (id, _))| *id)
                    .collect();
                if others.is_empty() {
                    return None;
                }
                let other = self.pick(&others);
                Some((Target::Entity(other), other))
            }
        }
    }

    /// A reference to one row.
    pub(super) fn add_reference(
        &mut self,
        entity: Id,
        (target, row): (Target, Id),
        on_delete: Option<OnDelete>,
        optional: bool,
        unique: bool,
    ) -> Id {
        let unique = unique && !self.seeded.contains_key(&entity);
        let kind = Kind::One {
            target,
            on_delete,
            inverse: None,
        };
        let name = self.member_name(&[entity], &kind);
        let inverse = self.inverse(row, &name);
        // One row at most for each other row, and only that is said.
        let unique = unique && self.take_rule(entity, &format!("{name}_unique"));
        let indexed =
            !unique && self.one_in(10) && self.take_rule(entity, &format!("{name}_index"));
        let id = self.add(
            entity,
            MemberKind::Field(Field {
                name,
                optional,
                indexed,
                ..plain(Kind::One {
                    target,
                    on_delete,
                    inverse,
                })
            }),
        );
        if unique && let Some(field) = self.field_mut(id) {
            field.unique = Some(Unique {
                ignoring_case: false,
                condition: optional.then_some(Expr::IsSet(id, true)),
            });
        }
        id
    }

    fn inverse(&mut self, row: Id, field: &str) -> Option<String> {
        if self.one_in(3) {
            return None;
        }
        let name = if self.one_in(2) {
            format!("{field}_of")
        } else {
            "items".to_owned()
        };
        let name: String = name.chars().take(60).collect();
        Some(self.free_name(&[row], &name, 60, false))
    }

    /// The name of the table's columns is made of the names of both sides.
    fn is_short(&self, target: Target) -> bool {
        match target {
            Target::User => true,
            Target::Entity(id) => self.spec.item(id).is_some_and(|item| item.name.len() <= 50),
        }
    }

    fn add_many(&mut self, entity: Id, target: Target, row: Id, through: Option<Id>) {
        if through.is_none() && !(self.is_short(target) && self.is_short(Target::Entity(entity))) {
            return;
        }
        let kind = Kind::Many {
            target,
            through,
            inverse: None,
        };
        let name = self.member_name(&[entity], &kind);
        if through.is_none() && !self.take_pairs(entity, &name) {
            return;
        }
        let inverse = self.inverse(row, &name);
        self.add(
            entity,
            MemberKind::Field(Field {
                name,
                ..plain(Kind::Many {
                    target,
                    through,
                    inverse,
                })
            }),
        );
    }

    /// An entity that holds pairs, and a relation that goes through it.
    fn add_link(&mut self, entity: Id, to: To) {
        let Some((target, row)) = self.target(entity, to, true) else {
            return;
        };
        let module = self.module();
        let link = self.add_entity(module, false);
        let on_delete = self.pick(&[None, Some(OnDelete::Cascade), Some(OnDelete::Restrict)]);
        let own = (Target::Entity(entity), entity);
        let source = self.add_reference(link, own, on_delete, false, false);
        let other = self.add_reference(link, (target, row), on_delete, false, false);
        if self.one_in(2) {
            self.add_field(link, &[link]);
        }
        if self.one_in(2) {
            let names =
                [source, other].map(|id| self.spec.field(id).map_or("", |it| &it.name).to_owned());
            if self.take_rule(link, &format!("{}_unique", names.join("_"))) {
                let message = texts::sometimes(&mut self.random, 2);
                self.add(
                    link,
                    MemberKind::Unique {
                        fields: vec![source, other],
                        condition: None,
                        message,
                    },
                );
            }
        }
        self.add_many(entity, target, row, Some(link));
    }

    /// A value that is copied from the row that a required relation points to, directly or one step further.
    pub(super) fn add_path_default(&mut self, entity: Id) {
        let Some((first, target)) = self.step(entity) else {
            return;
        };
        let mut steps = vec![first];
        let mut row = target;
        if self.one_in(3)
            && let Some((second, target)) = self.step(row)
        {
            steps.push(second);
            row = target;
        }
        let copied: Vec<(Id, Field)> = self
            .row(row)
            .into_iter()
            .filter(|(_, field)| match &field.kind {
                Kind::Scalar(_) | Kind::Named(_) => {
                    let scalar = self.spec.scalar(&field.kind);
                    !matches!(scalar, None | Some(Scalar::File | Scalar::Image))
                }
                Kind::Enum(_) | Kind::ListOf(_) | Kind::ListOfEnum(_) => true,
                Kind::One { .. } | Kind::Many { .. } | Kind::OneOf { .. } | Kind::Serial { .. } => {
                    false
                }
            })
            .collect();
        if copied.is_empty() {
            return;
        }
        let (source, field) = self.pick(&copied);
        steps.push(source);
        let name = self.member_name(&[entity], &field.kind);
        let is_list = matches!(field.kind, Kind::ListOf(_) | Kind::ListOfEnum(_));
        let optional = field.optional || !is_list && self.one_in(4);
        self.add(
            entity,
            MemberKind::Field(Field {
                name,
                optional,
                default: Some(Initial::Path(steps)),
                unique: None,
                indexed: false,
                touched: false,
                immutable: false,
                sample: None,
                ..field
            }),
        );
    }

    /// An optional relation from what an entity needs back to it: modules that need each other.
    pub(super) fn add_way_back(&mut self, entity: Id) {
        if let Some((_, target)) = self.step(entity) {
            let back = (Target::Entity(entity), entity);
            self.add_reference(target, back, Some(OnDelete::SetNull), true, false);
        }
    }

    /// A required relation of an entity to another one of the spec.
    fn step(&mut self, entity: Id) -> Option<(Id, Id)> {
        let found: Vec<(Id, Id)> = self
            .row(entity)
            .into_iter()
            .filter(|(_, field)| !field.optional)
            .filter_map(|(id, field)| match field.kind {
                Kind::One {
                    target: Target::Entity(target),
                    ..
                } => Some((id, target)),
                _ => None,
            })
            .collect();
        (!found.is_empty()).then(|| self.pick(&found))
    }

    /// Declares an entity without members.
    pub(super) fn add_entity(&mut self, module: usize, is_first: bool) -> Id {
        let name = self.declared_name(module, 93);
        let labels = (0..self.random.below(3))
            .map(|_| texts::any(&mut self.random))
            .collect();
        let mut mixins = Vec::new();
        let available = self.all(|kind| matches!(kind, ItemKind::Mixin(_)));
        let id = self.declare(
            module,
            name,
            ItemKind::Entity {
                labels,
                mixins: Vec::new(),
                members: Vec::new(),
            },
        );
        for mixin in available {
            if !is_first && self.one_in(3) && self.mix(id, mixin) {
                mixins.push(mixin);
            }
        }
        if let Some(item) = self.item_mut(id)
            && let ItemKind::Entity { mixins: own, .. } = &mut item.kind
        {
            *own = mixins;
        }
        self.entities.push((id, module));
        id
    }
}
