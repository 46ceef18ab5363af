//! The roles, the access blocks and the named conditions of a spec, as long as lines can be left out.

use std::collections::BTreeSet;

use appspec_ir::{Entity, Id, Spec, Type, Walk};
use serde_json::{Value, json};

use super::MODEL;
use super::conditions::{Conditions, Site};
use super::grants::Line;
use super::reach::Base;
use super::roles::Role;

/// What is drawn for a spec.
pub(super) struct Draft {
    /// Behind the line that begins the entity.
    predicates: Vec<(String, String)>,
    roles: Vec<Role>,
    blocks: Vec<(Id<Entity>, Vec<String>, Vec<Line>)>,
}

/// Draws a spec.
pub(super) fn draft(conditions: &mut Conditions<'_>) -> Draft {
    let spec = conditions.spec;
    let mut predicates = Vec::new();
    for (id, entity) in spec.entities.iter() {
        let base = Base {
            entity: id,
            before: "",
            name: "own",
        };
        let site = Site {
            base,
            outer: None,
            me: None,
            this: None,
            // What a predicate says is about its own row alone.
            is_one_of_several: true,
        };
        let said = loop {
            let said = conditions.condition(site, 1);
            // What is computed of one row is read there, and not from a row beyond.
            if !reads_beyond(&said.data) {
                break said;
            }
        };
        let begins = if id == spec.user {
            "extend entity auth.User {".to_owned()
        } else {
            format!("entity {} {{", entity.name)
        };
        predicates.push((begins, format!("predicate fine = {}", said.text)));
        conditions.predicates.insert(id, ("fine".to_owned(), said));
    }
    let roles = conditions.roles();
    let blocks = spec
        .entities
        .ids()
        .map(|id| {
            let (lets, lines) = conditions.block(id, &roles);
            (id, lets, lines)
        })
        .collect();
    Draft {
        predicates,
        roles,
        blocks,
    }
}

/// Whether data reads something over a reference, or asks for the day: no predicate does.
fn reads_beyond(data: &Value) -> bool {
    let Some(parts) = data.as_array() else {
        return false;
    };
    if parts.first().is_some_and(|tag| tag == "read") {
        return parts
            .get(2)
            .and_then(Value::as_array)
            .is_some_and(|names| names.len() > 1);
    }
    parts.iter().any(reads_beyond) || data == &json!(["today"])
}

impl Draft {
    /// How many lines it has that can be left out.
    pub(super) fn lines(&self) -> usize {
        self.roles.len() + self.blocks.iter().map(|it| it.2.len()).sum::<usize>()
    }

    /// Leaves out a line with an error, and what can't be without it.
    pub(super) fn leave_out(&mut self, line: &str) -> bool {
        let before = self.lines();
        for (_, lets, lines) in &mut self.blocks {
            if lets.iter().any(|it| it == line) {
                lines.retain(|it| !it.text.contains("nice"));
                lets.clear();
            }
            lines.retain(|it| it.text != line);
        }
        let wrong: Vec<String> = self
            .roles
            .iter()
            .filter(|it| it.line == line)
            .map(|it| it.name.clone())
            .collect();
        for name in wrong {
            self.without_role(&name);
        }
        self.lines() < before
    }

    fn without_role(&mut self, name: &str) {
        self.roles.retain(|it| it.name != name);
        for (_, _, lines) in &mut self.blocks {
            lines.retain(|it| it.role.as_deref() != Some(name));
        }
        let needy = self.roles.iter().filter(|it| it.needs(name));
        let needy: Vec<String> = needy.map(|it| it.name.clone()).collect();
        for name in needy {
            self.without_role(&name);
        }
    }

    pub(super) fn text(&self, spec: &Spec) -> String {
        let mut text = String::from(MODEL);
        for (begins, predicate) in &self.predicates {
            text = text.replacen(begins, &format!("{begins}\n  {predicate}"), 1);
        }
        for role in &self.roles {
            text.extend(["\n", &role.line, "\n"]);
        }
        for (id, lets, lines) in &self.blocks {
            text.extend(["\naccess ", &spec.entities[*id].name, " {\n"]);
            for line in lets.iter().chain(lines.iter().map(|it| &it.text)) {
                text.extend(["  ", line, "\n"]);
            }
            text += "}\n";
        }
        text
    }

    pub(super) fn data(&self, spec: &Spec) -> Value {
        let roles: Vec<&Value> = self.roles.iter().map(|it| &it.data).collect();
        let entities = self.blocks.iter().map(|(id, _, lines)| {
            let entity = spec.walk(*id);
            let (walls, grants): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|it| it.is_wall);
            let walls = walls
                .iter()
                .map(|it| json!({"text": it.text, "where": it.data}));
            json!({
                "name": entity.name,
                "fields": fields(entity),
                "derived": derived(entity),
                "actions": actions(entity),
                "walls": walls.collect::<Vec<_>>(),
                "grants": grants.iter().map(|it| &it.data).collect::<Vec<_>>(),
            })
        });
        json!({"roles": roles, "entities": entities.collect::<Vec<_>>()})
    }

    pub(super) fn shapes(&self) -> BTreeSet<String> {
        let lines = self.blocks.iter().flat_map(|it| &it.2);
        lines.map(|it| it.shape.clone()).collect()
    }
}

/// What rows of an entity hold, and who gives it to them.
fn fields(entity: Walk<'_, Entity>) -> Vec<Value> {
    let fields = entity.fields().filter(|it| it.name != "deleted_at");
    let data = fields.map(|it| {
        let choices: Vec<&String> = match it.ty.seen() {
            Type::Enum(of) => {
                let choices = entity.spec.enums[of].choices.iter();
                choices.map(|it| &it.name).collect()
            }
            _ => Vec::new(),
        };
        json!({
            "name": it.name,
            "is_given": entity.is_given(it.id),
            "is_fixed": it.immutable,
            "is_optional": it.optional,
            "is_needed": !it.optional && it.default.is_none() && it.many().is_none(),
            "choices": choices,
        })
    });
    data.collect()
}

/// The fields that each derived value reads.
fn derived(entity: Walk<'_, Entity>) -> Value {
    let derived = entity.derives.iter().map(|id| {
        let derive = &entity.spec.derives[*id];
        let read = derive.value.fields().into_iter();
        let read = read.map(|it| Value::from(entity.spec.fields[it].name.as_str()));
        (derive.name.clone(), read.collect())
    });
    Value::Object(derived.collect())
}

fn actions(entity: Walk<'_, Entity>) -> Vec<Value> {
    let actions = entity.lifecycles.iter().flat_map(|it| &it.actions);
    actions.map(|it| json!({"name": it.name})).collect()
}
