//! The API: for each entity that people may do something with, a serializer, filters and views, and the addresses
//! of all of them in `config/api.py`.

mod actions;
mod filters;
mod serializers;
mod urls;
mod views;

use appspec_backend::python::Stmt;
use appspec_backend::{Artifacts, pascal_case};
use appspec_ir::{Action, Entity, Field, Fields, Spec, Verb, Walk, Who};

use crate::models::{add, held_enums};
use crate::names;

/// Emits the API; nothing where no rule says who may do what.
pub(crate) fn emit(spec: &Spec, out: &mut Artifacts) {
    if !spec.has_access() {
        return;
    }
    for module in spec.walk_modules().filter(|module| names::is_app(*module)) {
        let entities: Vec<_> = module.entities().filter(|it| is_served(*it)).collect();
        if entities.is_empty() {
            continue;
        }
        let label = &module.get().label;
        let mut file = |name: &str, doc: String, classes: fn(Walk<'_, Entity>) -> Vec<Stmt>| {
            let body: Vec<Stmt> = entities.iter().flat_map(|it| classes(*it)).collect();
            if !body.is_empty() {
                add(out, spec, module, name, &doc, body);
            }
        };
        let rows = format!("The rows of `{label}` as JSON.");
        let choices = format!("What the lists of `{label}` can be filtered by.");
        let uses = format!("What the API does with the rows of `{label}`.");
        file("api/serializers.py", rows, serializers::classes);
        file("api/filters.py", choices, filters::classes);
        file("api/views.py", uses, views::classes);
        add(out, spec, module, "api/__init__.py", "", vec![]);
    }
    urls::emit(spec, out);
}

/// What the API calls each enum, and where it is. Two modules may have enums of one name, and two enums one list of values.
pub(crate) fn choices(spec: &Spec) -> Vec<(String, String)> {
    let held = held_enums(spec);
    let enums: Vec<_> = held.into_iter().map(|id| spec.walk(id)).collect();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut lists = Vec::new();
    for list in &enums {
        let choices = &list.get().choices;
        let values: Vec<_> = choices.iter().map(|it| (&it.stored, &it.label)).collect();
        if lists.contains(&values) {
            continue;
        }
        lists.push(values);
        let package = names::package(spec.walk(list.module));
        let namesakes = enums.iter().filter(|other| other.name == list.name);
        let called = if namesakes.count() == 1 {
            list.name.clone()
        } else {
            format!("{}{}", pascal_case(&package), list.name)
        };
        found.push((called, format!("{package}.choices.{}", list.name)));
    }
    found.sort();
    found
}

/// Whether people, and not only jobs, may do something with its rows.
fn is_served(entity: Walk<'_, Entity>) -> bool {
    let access = entity.get().access.as_ref();
    access.is_some_and(|access| access.grants.iter().any(|grant| grant.who != Who::System))
}

/// Whether people may do this with some of its rows.
fn is_granted(entity: Walk<'_, Entity>, verb: &Verb) -> bool {
    let grants = entity.get().access.iter().flat_map(|access| &access.grants);
    let mut people = grants.filter(|grant| grant.who != Who::System);
    people.any(|grant| grant.permissions.iter().any(|it| it.verb == *verb))
}

/// The fields of its rows that somebody may read.
fn shown(entity: Walk<'_, Entity>) -> impl Iterator<Item = Walk<'_, Field>> {
    let readable = Fields::All.resolve(entity, &Verb::Read);
    entity.fields().filter(move |it| readable.contains(&it.id))
}

/// The actions of its lifecycles that people may do.
fn actions(entity: Walk<'_, Entity>) -> impl Iterator<Item = &Action> {
    let all = entity.get().lifecycles.iter();
    let all = all.flat_map(|lifecycle| &lifecycle.actions);
    all.filter(move |action| is_granted(entity, &Verb::Action(action.name.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{ruled, salon};

    fn emitted(spec: &Spec) -> Artifacts {
        let mut out = Artifacts::new();
        emit(spec, &mut out);
        out
    }

    #[test]
    fn views_read_as_written_by_hand() {
        let files = emitted(&ruled());
        for path in [
            "booking/api/serializers.py",
            "booking/api/filters.py",
            "booking/api/views.py",
            "config/api.py",
        ] {
            insta::assert_snapshot!(path, files.get(path).unwrap().content);
        }
    }

    #[test]
    fn a_spec_without_rules_has_none() {
        assert_eq!(emitted(&salon()).iter().count(), 0);
    }
}
