//! What an entity says of all its rows: what keeps them, who numbers them, which states they go through.
//!
//! Traits come last, onto a spec that is valid without them. Not every one goes with everything else, and the compiler says
//! so; what it refuses is taken back, so that each spec has those that fit.

use super::acknowledge;
use super::draft::Draft;
use super::model::{
    Action, Expr, Field, Id, Initial, ItemKind, Kind, MemberKind, OnDelete, Scalar, Target, Trait,
};
use super::value::Value;
use super::{fields, names, shrink, texts};

/// How often something is tried with an entity.
const ATTEMPTS: usize = 3;

const PATTERNS: [&str; 5] = [
    "{0}",
    "N{000}",
    "{0000}/{year}",
    "RE-{year}-{00000}",
    "\u{2116} {00}",
];

impl Trait {
    /// Everything that it speaks of.
    pub(super) fn mentions(&self) -> Vec<Id> {
        let of =
            |condition: &Option<Expr>| condition.as_ref().map(shrink::read).unwrap_or_default();
        match self {
            Self::Audited | Self::SoftDelete | Self::AppendOnly | Self::Keep(_) => Vec::new(),
            Self::Frozen { condition, except } => {
                [shrink::read(condition), except.clone()].concat()
            }
            Self::Overlap {
                from,
                to,
                per,
                condition,
                ..
            } => [vec![*from, *to], per.clone(), of(condition)].concat(),
            Self::Lifecycle {
                field,
                of: states,
                actions,
                ..
            } => {
                let asked = |action: &Action| [action.needs.clone(), of(&action.guard)].concat();
                let asked = actions.iter().flat_map(asked).collect();
                [vec![*field, *states], asked].concat()
            }
        }
    }

    /// The same with less said.
    pub(super) fn shorter(&self) -> Vec<Self> {
        let mut plain = self.clone();
        match &mut plain {
            Self::Audited | Self::SoftDelete | Self::AppendOnly | Self::Keep(_) => {
                return Vec::new();
            }
            Self::Frozen { except, .. } => except.clear(),
            Self::Overlap {
                per,
                condition,
                message,
                ..
            } => {
                per.clear();
                (*condition, *message) = (None, None);
            }
            Self::Lifecycle { actions, .. } => {
                for action in actions {
                    action.needs.clear();
                    action.guard = None;
                }
            }
        }
        vec![plain]
    }
}

impl Draft {
    /// Gives traits to some entities. What else is drawn is the same with them and without.
    pub(super) fn traits(&mut self) {
        let random = self.random.clone();
        for (entity, _) in self.entities.clone() {
            if self.one_in(2) {
                continue;
            }
            for _ in 0..ATTEMPTS {
                self.add_trait(entity);
            }
        }
        self.random = random;
    }

    fn add_trait(&mut self, entity: Id) {
        let before = self.spec.clone();
        match self.random.below(10) {
            0 => self.say(entity, Trait::Audited),
            1 => self.say(entity, Trait::SoftDelete),
            2 => self.say(entity, Trait::AppendOnly),
            3 => {
                let years = 1 + self.random.below(30);
                self.say(entity, Trait::Keep(years));
            }
            4 => self.freeze(entity),
            5 => self.make_immutable(entity),
            6 => self.add_overlap(entity),
            7 => self.add_lifecycle(entity),
            8 => self.add_serial(entity),
            _ => self.add_one_of(entity),
        }
        if acknowledge::errors(&self.spec).is_some() {
            self.spec = before;
        }
    }

    fn say(&mut self, entity: Id, said: Trait) {
        self.add(entity, MemberKind::Trait(said));
    }

    fn freeze(&mut self, entity: Id) {
        let row = self.row(entity);
        let known = self.known(&row);
        let want = self.one_in(2);
        let Some(condition) = self.condition(&known, want, 1) else {
            return;
        };
        let except = row
            .iter()
            .map(|(id, _)| *id)
            .filter(|_| self.one_in(4))
            .collect();
        self.say(entity, Trait::Frozen { condition, except });
    }

    fn make_immutable(&mut self, entity: Id) {
        let own: Vec<Id> = self.own_fields(entity).iter().map(|(id, _)| *id).collect();
        if own.is_empty() {
            return;
        }
        let field = self.pick(&own);
        if let Some(field) = self.field_mut(field) {
            field.immutable = true;
        }
    }

    /// A stretch with a beginning, an end that lies behind it, and a rule that keeps others out of it.
    fn add_overlap(&mut self, entity: Id) {
        let row = self.row(entity);
        let scalar = self.pick(&[Scalar::Date, Scalar::DateTime, Scalar::Int]);
        let open = self.one_in(2);
        let from = self.add_field_of(entity, Kind::Scalar(scalar), false);
        let to = self.add_field_of(entity, Kind::Scalar(scalar), open);
        let word = self.pick(&["until", "through"]);
        let sign = if word == "until" { "<" } else { "<=" };
        let [begins, ends] = [from, to].map(|id| Box::new(Expr::Member(id)));
        let ordered = Expr::Binary(sign, begins, ends);
        let ordered = if open {
            Expr::Binary(
                "implies",
                Box::new(Expr::IsSet(to, true)),
                Box::new(ordered),
            )
        } else {
            ordered
        };
        self.add_named_invariant(entity, &[entity], ordered, false);
        let per = row
            .iter()
            .filter(|(_, field)| {
                matches!(field.kind, Kind::One { .. } | Kind::Enum(_)) && !field.optional
            })
            .map(|(id, _)| *id)
            .take(self.random.below(3))
            .collect();
        let known = self.known(&row);
        let condition = if self.one_in(2) {
            self.condition(&known, true, 1)
        } else {
            None
        };
        let message = texts::sometimes(&mut self.random, 2);
        self.say(
            entity,
            Trait::Overlap {
                from,
                to,
                word,
                per,
                condition,
                message,
            },
        );
    }

    /// A state goes from each value of an enum to the next one.
    fn add_lifecycle(&mut self, entity: Id) {
        let own = self.own_fields(entity);
        let states = own.iter().find_map(|(id, field)| match field.kind {
            Kind::Enum(of) if !field.optional && field.unique.is_none() => Some((*id, of)),
            _ => None,
        });
        let Some((field, of)) = states else { return };
        let choices = self.choices(of);
        let [first, .., last] = choices.as_slice() else {
            return;
        };
        let row = self.row(entity);
        let known = self.known(&row);
        let needed: Vec<Id> = row
            .iter()
            .filter(|(_, field)| {
                field.optional && !field.touched && matches!(field.kind, Kind::Scalar(_))
            })
            .map(|(id, _)| *id)
            .collect();
        let mut actions: Vec<Action> = Vec::new();
        for (place, pair) in choices.windows(2).enumerate() {
            let name = self.pick(&["go", "send", "finish", "open_it", "delete_it", "objects_to"]);
            let name = format!("{name}{place}");
            let needs = needed.iter().copied().filter(|_| self.one_in(2)).collect();
            let guard = if self.one_in(2) {
                self.condition(&known, true, 1)
            } else {
                None
            };
            actions.push(Action {
                name,
                from: vec![pair[0].clone()],
                to: pair[1].clone(),
                needs,
                guard,
            });
        }
        if choices.len() > 2 && self.one_in(2) {
            actions.push(Action {
                name: "give_up".to_owned(),
                from: choices[..choices.len() - 2].to_vec(),
                to: last.clone(),
                needs: Vec::new(),
                guard: None,
            });
        }
        let value = Value::Choice(of, first.clone());
        if let Some(field) = self.field_mut(field) {
            field.default = Some(Initial::Value(value));
        }
        let lifecycle = Trait::Lifecycle {
            field,
            of,
            actions,
            last: last.clone(),
        };
        self.say(entity, lifecycle);
    }

    fn add_serial(&mut self, entity: Id) {
        let per: Vec<Id> = self
            .own_fields(entity)
            .iter()
            .filter(|(_, field)| matches!(field.kind, Kind::One { .. }) && !field.optional)
            .map(|(id, _)| *id)
            .take(self.random.below(2))
            .collect();
        let kind = Kind::Serial {
            pattern: self.pick(&PATTERNS),
            per,
            gapless: self.one_in(3),
        };
        let _ = self.add_field_of(entity, kind, false);
    }

    fn add_one_of(&mut self, entity: Id) {
        let mut targets: Vec<Target> = Vec::new();
        let entities = self.all(|kind| matches!(kind, ItemKind::Entity { .. }));
        for _ in 0..2 + self.random.below(2) {
            let target = if self.one_in(6) {
                Target::User
            } else {
                Target::Entity(self.pick(&entities))
            };
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        let optional = self.one_in(2);
        let on_delete = match self.random.below(4) {
            0 => Some(OnDelete::Cascade),
            1 => Some(OnDelete::Protect),
            2 if optional => Some(OnDelete::SetNull),
            _ => None,
        };
        let _ = self.add_field_of(entity, Kind::OneOf { targets, on_delete }, optional);
    }

    fn add_field_of(&mut self, entity: Id, kind: Kind, optional: bool) -> Id {
        let name = names::field(&mut self.random, 30);
        let name = self.free_name(&[entity], &name, 30, true);
        let field = Field {
            name,
            optional,
            ..fields::plain(kind)
        };
        self.add(entity, MemberKind::Field(field))
    }
}
