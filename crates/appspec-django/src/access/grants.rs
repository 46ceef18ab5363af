//! The rules about the rows of an entity, as its app's `access.py` has them.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Access, Entity, Field, Fields, Grant, Permission, Verb, Walk, Who};

use super::conditions::{self, Named};
use super::{roles, verb};

/// `Rules(grants=(…), walls=(…))`
pub(super) fn rules(entity: Walk<'_, Entity>, access: &Access, named: &mut Named) -> Py {
    let walls = access.walls.iter();
    let walls: Vec<Py> = walls
        .map(|wall| named.condition(entity, &wall.condition))
        .collect();
    let grants = access.grants.iter();
    let grants = grants.map(|it| grant(entity, it, named)).collect();
    let (given, maintained): (Vec<_>, Vec<_>) =
        entity.fields().partition(|field| entity.is_given(field.id));
    let fixed = given.into_iter().filter(|field| field.immutable);
    Py::from("core.access", "Rules")
        .kw("grants", Py::Tuple(grants))
        .maybe_kw("walls", (!walls.is_empty()).then_some(Py::Tuple(walls)))
        .maybe_kw("maintained", names(maintained))
        .maybe_kw("fixed", names(fixed))
}

/// The names of fields, if there are any.
fn names<'s>(fields: impl IntoIterator<Item = Walk<'s, Field>>) -> Option<Py> {
    let names: Vec<_> = fields.into_iter().map(|it| it.name.clone()).collect();
    (!names.is_empty()).then(|| Py::text_tuple(names))
}

fn grant(entity: Walk<'_, Entity>, grant: &Grant, named: &mut Named) -> Py {
    let spec = entity.spec;
    let built_in = |name: &'static str| Py::from("core.roles", name);
    let who = match grant.who {
        Who::Anyone => built_in("ANYONE"),
        Who::SignedIn => built_in("SIGNED_IN"),
        Who::System => built_in("JOBS"),
        Who::Role(id) => roles::constant(spec, id)
            .map_or_else(|| built_in("JOBS"), |name| Py::from("accounts.roles", name)),
    };
    let at = grant.at.as_ref().map(|it| conditions::path(spec, it));
    let may = grant.permissions.iter().map(|it| may(entity, it)).collect();
    let condition = grant.condition.as_ref();
    Py::from("core.access", "Grant")
        .arg(who)
        .maybe_kw("at", at.map(Py::text))
        .kw("may", Py::Tuple(may))
        .maybe_kw("where", condition.map(|it| named.condition(entity, it)))
        .maybe_kw("message", grant.message.as_ref().map(Py::text))
}

/// `May("update", only=("note",))`
fn may(entity: Walk<'_, Entity>, permission: &Permission) -> Py {
    let call = Py::from("core.access", "May").arg(verb(&permission.verb));
    match &permission.fields {
        Fields::All => call,
        Fields::Only(ids) => {
            let names = ids.iter().map(|id| entity.spec.walk(*id).name.clone());
            // What is derived from nothing else tells no more.
            let told = entity.derives().filter(|derive| {
                let read = derive.value.fields();
                permission.verb == Verb::Read
                    && !read.is_empty()
                    && read.iter().all(|id| ids.contains(id))
            });
            let told = told.map(|derive| derive.name.clone());
            call.kw("only", Py::text_tuple(names.chain(told)))
        }
        Fields::Except(ids) => {
            let names = ids.iter().map(|id| entity.spec.walk(*id).name.clone());
            // What is derived from a hidden field would tell it.
            let told = entity.derives().filter(|derive| {
                let read = derive.value.fields();
                ids.iter().any(|id| read.contains(id))
            });
            let told = told.map(|derive| derive.name.clone());
            call.kw("but", Py::text_tuple(names.chain(told)))
        }
    }
}
