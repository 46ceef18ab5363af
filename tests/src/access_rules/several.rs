//! Random conditions about the rows that are related to a row.

use appspec_ir::{Entity, Field, FieldType, Id, Spec, Type};
use serde_json::{Value, json};

use super::conditions::{Conditions, Site};
use super::constants;
use super::reach::{Base, readable};
use super::said::Said;

/// Rows that are related to those of an entity.
struct Related {
    /// What they are called there.
    name: String,
    entity: Id<Entity>,
    /// How they are found, as data.
    rows: Value,
}

impl Conditions<'_> {
    /// Something about several rows, if any are related to the one in this place.
    pub(super) fn about_several(&mut self, site: Site) -> Option<Said> {
        if site.this.is_some()
            && self.random.chance(25)
            && let Some(exists) = self.exists(site)
        {
            return Some(exists);
        }
        let related = related(self.spec, site.base.entity);
        if related.is_empty() {
            return None;
        }
        let related = self.random.one_of(&related);
        let (name, rows) = (&related.name, &related.rows);
        let inner = inner(site, related.entity);
        Some(match self.random.below(10) {
            0..=3 => {
                let said = self.condition(inner, 1);
                let data = json!(["some", rows, said.data]);
                Said::around(&format!("some(e in {name} has {{}})"), &[&said], data)
            }
            4 | 5 => {
                let said = self.condition(inner, 1);
                let data = json!(["all", rows, said.data]);
                Said::around(&format!("all(e in {name} have {{}})"), &[&said], data)
            }
            6 => {
                let said = Said::word(format!("count(e in {name})"), json!(["count", rows, null]));
                self.beside_a_number(said, Type::Int)
            }
            7 => {
                let said = self.condition(inner, 1);
                let data = json!(["count", rows, said.data]);
                let frame = format!("count(e in {name} where {{}})");
                let said = Said::around(&frame, &[&said], data);
                self.beside_a_number(said, Type::Int)
            }
            _ => self.summary(inner, related)?,
        })
    }

    /// The sum, the smallest or the largest of what several rows hold.
    fn summary(&mut self, inner: Site, related: &Related) -> Option<Said> {
        let is_number =
            |it: &Field| !it.optional && matches!(it.ty.seen(), Type::Int | Type::Decimal { .. });
        let value = inner
            .base
            .reach(self.spec, &mut self.random, 0, &is_number)?;
        let name = &related.name;
        let word = *self.random.one_of(&["sum", "min", "max"]);
        let condition = self.condition(inner, 1);
        let data = json!([word, related.rows, value.said.data, condition.data]);
        let frame = format!("{word}({{}} for e in {name} where {{}})");
        let mut said = Said::around(&frame, &[&value.said, &condition], data);
        if word != "sum" {
            // Of no rows there is none.
            let other = constants::of(self.spec, &mut self.random, value.ty);
            let data = json!(["otherwise", said.data, other.data]);
            said = Said::around("({} otherwise {})", &[&said, &other], data);
        }
        Some(self.beside_a_number(said, value.ty))
    }

    /// That there is a row which has a value in common with this one, or points to it.
    fn exists(&mut self, site: Site) -> Option<Said> {
        let entities: Vec<Id<Entity>> = self.spec.entities.ids().collect();
        let entity = *self.random.one_of(&entities);
        let inner = inner(site, entity);
        let is_shared = |ty: Type| {
            matches!(
                ty,
                Type::Int | Type::Text | Type::Date | Type::Enum(_) | Type::Reference(_)
            )
        };
        let fields = |of| readable(self.spec, of).filter(|it| is_shared(it.ty.seen()));
        let own: Vec<&Field> = fields(site.base.entity).filter(|it| !it.optional).collect();
        let mut pairs: Vec<(&Field, Said)> = Vec::new();
        for theirs in fields(entity) {
            let same = own.iter().filter(|it| it.ty.seen() == theirs.ty.seen());
            pairs.extend(same.map(|it| {
                let names = std::slice::from_ref(&it.name);
                (theirs, site.base.read(names))
            }));
            if theirs.ty.seen() == Type::Reference(site.base.entity) {
                pairs.push((theirs, Said::word("this", json!(["this"]))));
            }
        }
        if pairs.is_empty() {
            return None;
        }
        let (theirs, own) = self.random.one_of(&pairs).clone();
        let read = inner.base.read(std::slice::from_ref(&theirs.name));
        let mut parts = Vec::new();
        if theirs.optional {
            parts.push(read.is_set());
        }
        parts.push(Said::joined("==", "==", &[read, own]));
        if self.random.chance(70) {
            parts.push(self.condition(inner, 1));
        }
        let said = Said::and(&parts);
        let name = &self.spec.entities[entity].name;
        let data = json!(["some", ["every", name], said.data]);
        let frame = format!("exists(e in {name} where {{}})");
        // The parts stand without parentheses, so that what they have in common is found.
        Some(Said::around(&frame, &[&said], data))
    }

    fn beside_a_number(&mut self, said: Said, ty: Type) -> Said {
        let sign = *self.random.one_of(&["==", "!=", "<", "<=", ">", ">="]);
        let limit = constants::of(self.spec, &mut self.random, ty);
        Said::joined(sign, sign, &[said, limit])
    }
}

/// The place where one of several rows is spoken of.
fn inner(site: Site, entity: Id<Entity>) -> Site {
    let base = Base {
        entity,
        before: "e.",
        name: "it",
    };
    Site {
        base,
        // Of a row that says who has a role, nothing is read there.
        outer: site.this.map(|_| site.base),
        is_one_of_several: true,
        ..site
    }
}

fn related(spec: &Spec, entity: Id<Entity>) -> Vec<Related> {
    let mut found = Vec::new();
    for (_, field) in spec.fields.iter() {
        let owner = &spec.entities[field.entity].name;
        let (target, inverse, kind) = match &field.ty {
            FieldType::Relation(relation) => (relation.target, &relation.inverse, "pointing"),
            FieldType::Many(many) => (many.target, &many.inverse, "holding"),
            _ => continue,
        };
        if target == entity
            && let Some(inverse) = inverse
        {
            found.push(Related {
                name: inverse.name.clone(),
                entity: field.entity,
                rows: json!([kind, owner, field.name]),
            });
        }
        if field.entity == entity && kind == "holding" {
            found.push(Related {
                name: field.name.clone(),
                entity: target,
                rows: json!(["held", owner, field.name]),
            });
        }
    }
    found
}
