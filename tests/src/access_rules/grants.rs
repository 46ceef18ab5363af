//! Random access blocks.

use appspec_ir::{Entity, Field, Id, Type, Verb, Walk};
use serde_json::{Value, json};

use super::conditions::{Conditions, Site};
use super::constants;
use super::reach::Base;
use super::roles::Role;
use super::said::Said;

/// A line of an access block.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// As the spec has it.
    pub(super) text: String,
    /// Who, where and which rows, without constants.
    pub(super) shape: String,
    pub(super) data: Value,
    pub(super) is_wall: bool,
    /// The role that it is about.
    pub(super) role: Option<String>,
}

/// How many lines grant something in each block, walls aside.
const GRANTS: usize = 9;

impl Conditions<'_> {
    /// The names for conditions and the lines of an entity's block.
    pub(super) fn block(&mut self, entity: Id<Entity>, roles: &[Role]) -> (Vec<String>, Vec<Line>) {
        self.lets.clear();
        let named = self.condition(self.site(entity, true), 1);
        let lets = vec![format!("let nice = {}", named.text)];
        let mut lines = Vec::new();
        let least = self.spec.entities[entity].lifecycles.len();
        for _ in 0..[0, 0, 1, 1, 2][self.random.below(5)].max(least) {
            lines.push(self.wall(entity));
        }
        self.lets.push(("nice".to_owned(), named));
        // Somebody reads most rows: what is never seen is never written either.
        lines.push(self.grant(entity, roles, true));
        while lines.iter().filter(|it| !it.is_wall).count() < GRANTS {
            lines.push(self.grant(entity, roles, false));
        }
        (lets, lines)
    }

    fn site(&self, entity: Id<Entity>, asks_who: bool) -> Site {
        let base = Base {
            entity,
            before: "",
            name: "row",
        };
        let me = Base {
            entity: self.spec.user,
            before: "me.",
            name: "me",
        };
        Site {
            base,
            outer: None,
            me: asks_who.then_some(me),
            this: Some(entity),
            is_one_of_several: false,
        }
    }

    fn wall(&mut self, entity: Id<Entity>) -> Line {
        let asks_who = self.random.chance(60);
        let site = self.site(entity, asks_who);
        // A wall that most rows are on the right side of; an action may lead to the other one.
        let mut parts = vec![self.condition(site, 0)];
        parts.push(match self.state(entity) {
            Some((state, ty)) => {
                let other = constants::of(self.spec, &mut self.random, ty);
                Said::joined("!=", "!=", &[state, other])
            }
            None => self.condition(site, 1),
        });
        let condition = Said::joined("or", "or", &parts);
        Line {
            text: format!("only where {}", condition.text),
            shape: format!("only where {}", condition.shape),
            data: condition.data,
            is_wall: true,
            role: None,
        }
    }

    /// The state of an entity's rows, if they have one.
    fn state(&self, entity: Id<Entity>) -> Option<(Said, Type)> {
        let lifecycle = self.spec.entities[entity].lifecycles.first()?;
        let field = &self.spec.fields[lifecycle.field];
        let names = std::slice::from_ref(&field.name);
        let read = self.site(entity, false).base.read(names);
        Some((read, field.ty.seen()))
    }

    fn grant(&mut self, entity: Id<Entity>, roles: &[Role], is_open: bool) -> Line {
        let (who, role) = match self.random.below(20) {
            _ if is_open => ("Person".to_owned(), Some(&roles[0])),
            0 | 1 => ("anyone".to_owned(), None),
            2 => ("signed in".to_owned(), None),
            3 => ("system".to_owned(), None),
            _ => {
                let role = self.random.one_of(roles);
                (role.name.clone(), Some(role))
            }
        };
        let at = role.and_then(|role| role.scope).map(|scope| {
            if scope == entity && self.random.chance(70) {
                return Some(("this".to_owned(), Vec::new()));
            }
            let base = self.site(entity, true).base;
            let leads_there = |it: &Field| it.ty.seen() == Type::Reference(scope);
            let hops = self.random.below(4);
            let found = base.reach(self.spec, &mut self.random, hops, &leads_there);
            found.map(|it| (it.said.text, it.names))
        });
        let at = match at {
            // From here no way leads to the scope: another role is drawn.
            Some(None) => return self.grant(entity, roles, is_open),
            Some(Some(at)) => Some(at),
            None => None,
        };
        let asks_who = role.is_some() || who == "signed in";
        let condition = self.random.chance(80).then(|| {
            let depth = self.random.below(3);
            self.condition(self.site(entity, asks_who), depth)
        });
        let condition = condition.filter(|_| !is_open);
        let (verbs, verbs_data) = if is_open {
            ("read".to_owned(), json!({"read": null}))
        } else {
            self.verbs(self.spec.walk(entity))
        };
        let whom = role.map_or(&who, |role| &role.shape);
        let (mut text, mut shape) = (vec![who.clone()], vec![whom.clone()]);
        if let Some((path, _)) = &at {
            text.push(format!("at {path}"));
            shape.push(format!("at {path}"));
        }
        text.push(format!("may {verbs}"));
        if let Some(condition) = &condition {
            text.push(format!("where {}", condition.text));
            shape.push(format!("where {}", condition.shape));
        }
        let (text, shape) = (text.join(" "), shape.join(" "));
        let data = json!({
            "text": text,
            "who": who,
            "at": at.map(|(_, names)| names),
            "verbs": verbs_data,
            "where": condition.map(|it| it.data),
        });
        Line {
            text,
            shape: format!("{}: {shape}", self.spec.entities[entity].name),
            data,
            is_wall: false,
            role: role.map(|it| it.name.clone()),
        }
    }

    /// What is granted, with which fields.
    fn verbs(&mut self, entity: Walk<'_, Entity>) -> (String, Value) {
        let (mut words, mut data) = (Vec::new(), serde_json::Map::new());
        if self.random.chance(8) {
            for verb in entity.verbs() {
                data.insert(verb.word().to_owned(), Value::Null);
            }
            return ("do anything".to_owned(), Value::Object(data));
        }
        while words.is_empty() {
            for verb in entity.verbs() {
                let chance = match verb {
                    Verb::Read => 60,
                    Verb::Update => 50,
                    Verb::Create | Verb::Action(_) => 30,
                    Verb::Delete => 25,
                };
                if self.random.chance(chance) {
                    let (named, fields) = self.fields(entity, &verb);
                    words.push(format!("{}{named}", verb.word()));
                    data.insert(verb.word().to_owned(), fields);
                }
            }
        }
        (words.join(", "), Value::Object(data))
    }

    /// The fields that a verb is about: all, some, or all but some.
    fn fields(&mut self, entity: Walk<'_, Entity>, verb: &Verb) -> (String, Value) {
        let all: Vec<&Field> = entity
            .fields()
            .filter(|it| match verb {
                Verb::Create => entity.is_given(it.id),
                Verb::Update => entity.is_given(it.id) && !it.immutable,
                _ => it.name != "deleted_at",
            })
            .map(Walk::<Field>::get)
            .collect();
        if !verb.takes_fields() || self.random.chance(40) {
            return (String::new(), Value::Null);
        }
        let is_needed = |it: &Field| {
            *verb == Verb::Create && !it.optional && it.default.is_none() && it.many().is_none()
        };
        let names =
            |of: Vec<&Field>| -> Vec<String> { of.into_iter().map(|it| it.name.clone()).collect() };
        if self.random.chance(50) {
            let random = &mut self.random;
            let some = all.iter().copied();
            let mut some = names(
                some.filter(|it| is_needed(it) || random.chance(45))
                    .collect(),
            );
            if some.is_empty() {
                some = names(all[..1].to_vec());
            }
            (format!(" ({})", some.join(", ")), json!({"only": some}))
        } else {
            let random = &mut self.random;
            let some = all.iter().copied();
            let some = names(
                some.filter(|it| !is_needed(it) && random.chance(30))
                    .collect(),
            );
            if some.is_empty() {
                return (String::new(), Value::Null);
            }
            (
                format!(" except ({})", some.join(", ")),
                json!({"except": some}),
            )
        }
    }
}
