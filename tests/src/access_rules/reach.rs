use appspec_ir::{Entity, Field, Id, Spec, Type};
use serde_json::json;

use super::said::Said;
use crate::Random;

/// A row from which rules read: the one that is asked for, one of several, or the person who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) entity: Id<Entity>,
    /// What stands before its fields.
    pub(super) before: &'static str,
    /// What it is called in the data.
    pub(super) name: &'static str,
}

/// A value at the end of a path.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    pub(super) said: Said,
    pub(super) names: Vec<String>,
    pub(super) ty: Type,
    /// Whether it may be missing, itself or a row on the way to it.
    pub(super) is_optional: bool,
}

impl Base {
    /// A value that can be read from here over so many references at most.
    pub(super) fn reach(
        self,
        spec: &Spec,
        random: &mut Random,
        hops: usize,
        wanted: &dyn Fn(&Field) -> bool,
    ) -> Option<Reached> {
        // A walk ends anywhere: of so many, one ends at something that is wanted, if there is anything.
        (0..30).find_map(|_| self.walk(spec, random, hops, wanted))
    }

    fn walk(
        self,
        spec: &Spec,
        random: &mut Random,
        hops: usize,
        wanted: &dyn Fn(&Field) -> bool,
    ) -> Option<Reached> {
        let (mut entity, mut names, mut is_optional) = (self.entity, Vec::new(), false);
        for hop in 0..=hops {
            let fields: Vec<&Field> = readable(spec, entity).collect();
            let field = *random.one_of(&fields);
            names.push(field.name.clone());
            is_optional |= field.optional;
            if let Some(relation) = field.relation()
                && hop < hops
                && random.below(2) == 0
            {
                entity = relation.target;
                continue;
            }
            return wanted(field).then(|| Reached {
                said: self.read(&names),
                names,
                ty: field.ty.seen(),
                is_optional,
            });
        }
        None
    }

    /// What stands at the end of a path.
    pub(super) fn read(self, names: &[String]) -> Said {
        let text = format!("{}{}", self.before, names.join("."));
        Said::word(text, json!(["read", self.name, names]))
    }
}

/// The fields of which a rule can say something.
pub(super) fn readable(spec: &Spec, entity: Id<Entity>) -> impl Iterator<Item = &Field> {
    let fields = spec.entities[entity].fields.iter();
    fields.map(|id| &spec.fields[*id]).filter(|field| {
        let ty = field.ty.seen();
        !matches!(ty, Type::Opaque | Type::DateTime) && field.name != "email"
    })
}
