//! Random roles.

use appspec_ir::{Entity, Id, Type};
use serde_json::{Value, json};

use super::conditions::{Conditions, Site};
use super::reach::Base;

/// What a person can be.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) name: String,
    /// The entity at whose rows it is had.
    pub(super) scope: Option<Id<Entity>>,
    /// Its line in the spec.
    pub(super) line: String,
    /// The line without its name and its constants.
    pub(super) shape: String,
    pub(super) data: Value,
    includes: Vec<String>,
}

/// How many roles follow from rows.
const DERIVED: usize = 9;

impl Conditions<'_> {
    /// The roles of a spec, each behind those that it includes.
    pub(super) fn roles(&mut self) -> Vec<Role> {
        let plain = |name: &str, words: &str, data: Value| Role {
            name: name.to_owned(),
            scope: None,
            line: format!("role {name} {words}"),
            shape: words.to_owned(),
            data,
            includes: Vec::new(),
        };
        let signed_in =
            json!({"text": "role Person for signed in", "name": "Person", "kind": "signed in"});
        let helper =
            json!({"text": "role Helper granted by Boss", "name": "Helper", "kind": "granted"});
        let boss = json!({"text": "role Boss granted by Boss includes Helper", "name": "Boss", "kind": "granted", "includes": ["Helper"]});
        let mut roles = vec![
            plain("Person", "for signed in", signed_in),
            plain("Helper", "granted by Boss", helper),
            plain("Boss", "granted by Boss includes Helper", boss),
        ];
        while roles.len() < 3 + DERIVED {
            let name = format!("Role{}", roles.len() - 2);
            roles.extend(self.derived(name, &roles));
        }
        roles
    }

    fn derived(&mut self, name: String, before: &[Role]) -> Option<Role> {
        let entities: Vec<Id<Entity>> = self.spec.entities.ids().collect();
        let entity = *self.random.one_of(&entities);
        let base = Base {
            entity,
            before: "r.",
            name: "row",
        };
        let user = self.spec.user;
        let is_somebody = |it: &appspec_ir::Field| it.ty.seen() == Type::Reference(user);
        let itself = (String::from("r"), Vec::new());
        let (person, person_names) = if entity == user && self.random.chance(60) {
            itself.clone()
        } else {
            let hops = self.random.below(3);
            let reached = base.reach(self.spec, &mut self.random, hops, &is_somebody)?;
            (reached.said.text, reached.names)
        };
        let is_row =
            |it: &appspec_ir::Field| matches!(it.ty.seen(), Type::Reference(to) if to != user);
        let scope = if self.random.chance(65) {
            if entity != user && self.random.chance(15) {
                Some((itself, entity))
            } else {
                let hops = self.random.below(3);
                let reached = base.reach(self.spec, &mut self.random, hops, &is_row)?;
                let Type::Reference(to) = reached.ty else {
                    return None;
                };
                Some(((reached.said.text, reached.names), to))
            }
        } else {
            None
        };
        let condition = self.random.chance(60).then(|| {
            let site = Site {
                base,
                outer: None,
                me: None,
                this: None,
                is_one_of_several: false,
            };
            self.condition(site, 1)
        });
        let scope_entity = scope.as_ref().map(|(_, to)| *to);
        let possible: Vec<&Role> = before
            .iter()
            .filter(|it| it.scope.is_none() || it.scope == scope_entity)
            .filter(|it| it.name != "Boss" && it.name != "Person")
            .collect();
        let includes: Vec<String> = if possible.is_empty() || self.random.chance(60) {
            Vec::new()
        } else {
            vec![self.random.one_of(&possible).name.clone()]
        };
        let rows = &self.spec.entities[entity].name;
        let mut words = vec![format!("from {rows} r for {person}")];
        words.extend(scope.iter().map(|((text, _), _)| format!("at {text}")));
        let mut shape = words.clone();
        if let Some(condition) = &condition {
            words.push(format!("where {}", condition.text));
            shape.push(format!("where {}", condition.shape));
        }
        words.extend(includes.iter().map(|it| format!("includes {it}")));
        let (words, shape) = (words.join(" "), shape.join(" "));
        let data = json!({
            "text": format!("role {name} {words}"),
            "name": name,
            "kind": "derived",
            "entity": rows,
            "person": person_names,
            "scope": scope.as_ref().map(|((_, names), _)| names),
            "where": condition.map(|it| it.data),
            "includes": includes,
        });
        Some(Role {
            line: format!("role {name} {words}"),
            name,
            scope: scope_entity,
            shape,
            data,
            includes,
        })
    }
}

impl Role {
    /// Whether it can't be without another one.
    pub(super) fn needs(&self, other: &str) -> bool {
        self.includes.iter().any(|it| it == other)
    }
}
