use std::fmt::Write as _;

use appspec_backend::literal::{Written, markdown_cell, markdown_code, markdown_line};
use appspec_ir::{
    Access, Entity, Expr, Field, Fields, Grant, Id, Origin, Role, Spec, Walk, Who, print,
};
use askama::Template;

use crate::names;
use crate::project::render;

#[derive(Template)]
#[template(path = "docs/access-matrix.md")]
struct Page {
    title: Written,
    roles: Vec<RoleRow>,
    entities: Vec<Section>,
    closed: Vec<Written>,
}

struct RoleRow {
    name: Written,
    origin: Written,
}

struct Section {
    name: Written,
    walls: Vec<Written>,
    lines: Vec<Line>,
}

struct Line {
    who: Written,
    verb: Written,
    fields: Written,
    rows: Written,
    message: Written,
}

/// `docs/access-matrix.md`
pub(super) fn page(spec: &Spec) -> String {
    let entities = spec.walk_entities();
    let section = |entity: Walk<'_, Entity>| {
        let access = entity.get().access.as_ref()?;
        Some(self::section(entity, access))
    };
    let is_closed = |entity: &Walk<'_, Entity>| entity.get().access.is_none();
    render(&Page {
        title: markdown_line(&spec.project.title),
        roles: spec.roles.iter().map(|(_, it)| role(spec, it)).collect(),
        entities: entities.filter_map(section).collect(),
        closed: spec
            .walk_entities()
            .filter(is_closed)
            .map(|entity| markdown_code(&names::model_label(entity)))
            .collect(),
    })
}

fn role(spec: &Spec, role: &Role) -> RoleRow {
    let called = |id: &Id<Role>| {
        spec.roles
            .find(*id)
            .map_or("", |role| &role.name)
            .to_owned()
    };
    let origin = match &role.origin {
        Origin::SignedIn => "whoever is signed in".to_owned(),
        Origin::Granted { by } => {
            let by: Vec<String> = by.iter().map(called).collect();
            format!("members of its group; given by {}", by.join(", "))
        }
        Origin::Derived {
            entity,
            person,
            scope,
            condition,
        } => {
            let rows = &spec.walk(*entity).name;
            let mut said = format!("{} of a {rows}", print(spec, person));
            if let Some(scope) = scope {
                let _ = write!(said, ", at its {}", print(spec, scope));
            }
            if let Some(condition) = condition {
                let _ = write!(said, ", where {}", print(spec, condition));
            }
            said
        }
    };
    let includes: Vec<String> = role.includes.iter().map(called).collect();
    let origin = if includes.is_empty() {
        origin
    } else {
        format!("{origin}; has {} as well", includes.join(", "))
    };
    RoleRow {
        name: markdown_cell(&role.name),
        origin: markdown_cell(&origin),
    }
}

fn section(entity: Walk<'_, Entity>, access: &Access) -> Section {
    let walls = access.walls.iter();
    Section {
        name: markdown_code(&names::model_label(entity)),
        walls: walls
            .map(|wall| markdown_code(&print(entity.spec, &wall.condition)))
            .collect(),
        lines: access
            .grants
            .iter()
            .flat_map(|grant| lines(entity, grant))
            .collect(),
    }
}

/// One line for each verb of a grant.
fn lines(entity: Walk<'_, Entity>, grant: &Grant) -> Vec<Line> {
    let spec = entity.spec;
    let who = match grant.who {
        Who::Anyone => "anyone".to_owned(),
        Who::SignedIn => "signed in".to_owned(),
        Who::System => "system".to_owned(),
        Who::Role(id) => spec
            .roles
            .find(id)
            .map_or_else(String::new, |role| role.name.clone()),
    };
    let at = grant
        .at
        .as_ref()
        .map(|it| format!("at {}", print(spec, it)));
    let condition = |it: &Expr| print(spec, it);
    let rows: Vec<String> = at
        .into_iter()
        .chain(grant.condition.as_ref().map(condition))
        .collect();
    let message = grant.message.as_deref().unwrap_or("—");
    let permissions = grant.permissions.iter();
    permissions
        .map(|permission| Line {
            who: markdown_cell(&who),
            verb: markdown_cell(permission.verb.word()),
            fields: fields(entity, &permission.fields, permission.verb.takes_fields()),
            rows: if rows.is_empty() {
                markdown_cell("all")
            } else {
                markdown_code(&rows.join(", "))
            },
            message: markdown_cell(message),
        })
        .collect()
}

fn fields(entity: Walk<'_, Entity>, fields: &Fields, takes_fields: bool) -> Written {
    let named = |ids: &[Id<Field>]| {
        let names: Vec<&str> = ids
            .iter()
            .map(|id| entity.spec.walk(*id).get().name.as_str())
            .collect();
        names.join(", ")
    };
    match fields {
        _ if !takes_fields => markdown_cell("—"),
        Fields::All => markdown_cell("all"),
        Fields::Only(ids) => markdown_code(&named(ids)),
        Fields::Except(ids) => markdown_cell(&format!("all but {}", named(ids))),
    }
}
