use std::collections::BTreeSet;

use crate::{Entity, Fields, Grant, Id, Role, Spec, Verb, Walk, Who, print_as_written};

/// One line of an access block, as far as it is about one verb and somebody who has what it asks for.
#[derive(Clone, Copy, Debug)]
pub struct Granted<'s> {
    /// The line.
    pub grant: &'s Grant,
    /// The fields of the verb.
    pub fields: &'s Fields,
}

/// Somebody who asks: with a role, signed in, not signed in, or a job.
#[derive(Clone, Debug)]
pub struct Asker {
    who: Who,
    roles: BTreeSet<Id<Role>>,
}

impl Asker {
    /// Somebody of whom no more is known than this, with the roles that it brings along.
    pub fn of(spec: &Spec, who: Who) -> Self {
        let roles = match who {
            Who::Role(role) => spec.with_included(role),
            Who::Anyone | Who::SignedIn | Who::System => BTreeSet::new(),
        };
        Self { who, roles }
    }

    /// Everybody that the lines of a spec can be about: anyone, who is signed in, each role, and the system.
    pub fn all(spec: &Spec) -> Vec<Self> {
        let roles = spec.roles.ids().map(Who::Role);
        let before = [Who::Anyone, Who::SignedIn].into_iter();
        let all = before.chain(roles).chain([Who::System]);
        all.map(|who| Self::of(spec, who)).collect()
    }

    /// Whether a line is about them. The system is nobody who signs in, and so not `anyone` either.
    fn has(&self, who: Who) -> bool {
        match who {
            Who::Anyone => self.who != Who::System,
            Who::SignedIn => !matches!(self.who, Who::System | Who::Anyone),
            Who::System => self.who == Who::System,
            Who::Role(role) => self.roles.contains(&role),
        }
    }

    /// What they are called.
    pub fn name<'s>(&self, spec: &'s Spec) -> &'s str {
        self.who.name(spec)
    }

    /// The lines by which they may do something with rows of an entity, in the order of the text.
    pub fn granted<'s>(&self, entity: Walk<'s, Entity>, verb: &Verb) -> Vec<Granted<'s>> {
        let access = entity.get().access.as_ref();
        let grants = access.into_iter().flat_map(|access| &access.grants);
        let grants = grants.filter(|grant| self.has(grant.who));
        grants
            .filter_map(|grant| {
                let mut permissions = grant.permissions.iter();
                let permission = permissions.find(|it| it.verb == *verb)?;
                Some(Granted {
                    grant,
                    fields: &permission.fields,
                })
            })
            .collect()
    }
}

impl Who {
    /// The words of a spec for it.
    pub fn name(self, spec: &Spec) -> &str {
        match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "signed in",
            Self::System => "system",
            Self::Role(role) => spec.roles.find(role).map_or("", |role| &role.name),
        }
    }
}

impl Granted<'_> {
    /// Which rows it is about, in words: `at stylist.salon where client == me`; empty for all rows.
    pub fn rule(&self, spec: &Spec) -> String {
        let grant = self.grant;
        let at = grant.at.iter().map(|at| {
            let way = print_as_written(spec, at);
            format!("{} at {way}", grant.who.name(spec))
        });
        let condition = grant.condition.iter();
        let condition = condition.map(|it| format!("where {}", print_as_written(spec, it)));
        let limit = grant.limit.iter();
        let limit = limit.map(|it| format!("at most {} per {}", it.times, it.per.word()));
        let parts: Vec<String> = at.chain(condition).chain(limit).collect();
        parts.join(" ")
    }
}
