//! What is so young that it may go without a word in the spec: only builds of one session speak of it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::closest;

use crate::{Change, Changes, EnumFact};

/// What the builds of a session added, each with the build that did. Whoever builds tells it what was built, and which
/// builds somebody else may have by now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Young {
    added: BTreeMap<Added, usize>,
}

/// What can be added. Entities and enums by their full names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Added {
    /// An entity, with whatever it had from the beginning.
    Entity(String),
    /// A field of an entity.
    Field(String, String),
    /// A value of an enum, as the database holds it.
    Value(String, String),
}

impl Young {
    /// Remembers what a build added, renamed and took away.
    pub fn follow(&mut self, changes: &Changes<'_>, build: usize) {
        for step in &changes.steps {
            let now = &step.delta.now;
            let gone = &step.delta.gone;
            match &step.change {
                Change::AddEntity(_) => {
                    let names = now.entities.keys().cloned();
                    self.add(names.map(Added::Entity), build);
                }
                Change::AddField(_) => {
                    for (entity, facts) in &now.entities {
                        let names = facts.fields.keys().cloned();
                        self.add(names.map(|name| Added::Field(entity.clone(), name)), build);
                    }
                }
                Change::RenameEntity { .. } => {
                    if let (Some(from), Some(to)) =
                        (gone.entities.first(), now.entities.keys().next())
                    {
                        self.rename(|added| match added {
                            Added::Entity(name) if name == from => Some(Added::Entity(to.clone())),
                            Added::Field(entity, name) if entity == from => {
                                Some(Added::Field(to.clone(), name.clone()))
                            }
                            _ => None,
                        });
                    }
                }
                Change::RenameField { from, .. } => {
                    let to = now.entities.iter().next();
                    let to =
                        to.and_then(|(entity, facts)| Some((entity, facts.fields.keys().next()?)));
                    if let Some((owner, to)) = to {
                        self.rename(|added| match added {
                            Added::Field(entity, name) if entity == owner && name == from => {
                                Some(Added::Field(owner.clone(), to.clone()))
                            }
                            _ => None,
                        });
                    }
                }
                Change::RenameEnum { .. } => {
                    if let (Some(from), Some(to)) = (gone.enums.first(), now.enums.keys().next()) {
                        self.rename(|added| match added {
                            Added::Value(list, stored) if list == from => {
                                Some(Added::Value(to.clone(), stored.clone()))
                            }
                            _ => None,
                        });
                    }
                }
                Change::RenameChoice {
                    from_stored,
                    to_stored,
                    ..
                } => {
                    let lists: BTreeSet<&String> = now.enums.keys().collect();
                    self.rename(|added| match added {
                        Added::Value(list, stored)
                            if lists.contains(list) && stored == from_stored =>
                        {
                            Some(Added::Value(list.clone(), to_stored.clone()))
                        }
                        _ => None,
                    });
                }
                Change::DropField { .. } => {
                    for (entity, names) in &gone.fields {
                        for name in names {
                            self.added
                                .remove(&Added::Field(entity.clone(), name.clone()));
                        }
                    }
                }
                Change::DropEntity { .. } => {
                    self.added.retain(|added, _| match added {
                        Added::Entity(name) | Added::Field(name, _) => {
                            !gone.entities.contains(name)
                        }
                        Added::Value(..) => true,
                    });
                }
                _ => {}
            }
            for (name, fact) in &now.enums {
                self.follow_values(changes, name, fact, build);
            }
        }
    }

    /// The values of an enum as a build states them: which of them are new, and which are gone.
    fn follow_values(&mut self, changes: &Changes<'_>, list: &str, now: &EnumFact, build: usize) {
        let mut kept: BTreeSet<&str> = BTreeSet::new();
        let mut before = list;
        for step in &changes.steps {
            match &step.change {
                Change::RenameEnum { .. } if step.delta.now.enums.contains_key(list) => {
                    before = step.delta.gone.enums.first().map_or(list, String::as_str);
                }
                Change::RenameChoice { to_stored, .. }
                    if step.delta.now.enums.contains_key(list) =>
                {
                    kept.insert(to_stored);
                }
                _ => {}
            }
        }
        let then = changes.before.enums.get(before);
        kept.extend(
            then.iter()
                .flat_map(|it| &it.choices)
                .map(|it| it.stored.as_str()),
        );
        let values = now.choices.iter().map(|choice| choice.stored.clone());
        let new = values
            .clone()
            .filter(|stored| !kept.contains(stored.as_str()));
        self.add(
            new.map(|stored| Added::Value(list.to_owned(), stored)),
            build,
        );
        let there: BTreeSet<String> = values.collect();
        self.added.retain(|added, _| match added {
            Added::Value(of, stored) => of != list || there.contains(stored),
            _ => true,
        });
    }

    /// What this build and those before it added is not young any more.
    pub fn settle(&mut self, build: usize) {
        self.added.retain(|_, added| *added > build);
    }

    /// The build that added it.
    pub fn build(&self, added: &Added) -> Option<usize> {
        let of_entity = |name: &String| self.added.get(&Added::Entity(name.clone())).copied();
        match added {
            Added::Field(entity, _) => self.added.get(added).copied().or_else(|| of_entity(entity)),
            Added::Entity(_) | Added::Value(..) => self.added.get(added).copied(),
        }
    }

    pub(crate) fn has(&self, added: &Added) -> bool {
        self.build(added).is_some()
    }

    fn add(&mut self, added: impl Iterator<Item = Added>, build: usize) {
        for one in added {
            self.added.entry(one).or_insert(build);
        }
    }

    fn rename(&mut self, to: impl Fn(&Added) -> Option<Added>) {
        let old = std::mem::take(&mut self.added);
        let renamed = old
            .into_iter()
            .map(|(added, build)| (to(&added).unwrap_or(added), build));
        self.added = renamed.collect();
    }
}

/// Which of the new names are other spellings of names that are gone: positions in `arrived`, with the name of then.
/// One that looks like one only is that one; of several it is the one that is a slip of the finger away.
pub(crate) fn respelled<'v>(
    vanished: &[&'v str],
    arrived: &[(usize, &str)],
    alike: impl Fn(&str, usize) -> bool,
) -> Vec<(usize, &'v str)> {
    let mut left: Vec<&'v str> = vanished.to_vec();
    let mut found = Vec::new();
    for (index, name) in arrived {
        let candidates: Vec<&'v str> = left
            .iter()
            .copied()
            .filter(|old| alike(old, *index))
            .collect();
        let is_only = |old: &str| {
            arrived
                .iter()
                .filter(|(other, _)| alike(old, *other))
                .count()
                == 1
        };
        let meant = match candidates.as_slice() {
            [only] if is_only(only) => Some(*only),
            _ => closest(name, candidates.iter().copied()).map(|meant| meant.name),
        };
        if let Some(old) = meant {
            left.retain(|other| *other != old);
            found.push((*index, old));
        }
    }
    found
}
