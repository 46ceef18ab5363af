//! Who may do what.

use appspec_diagnostics::{Diagnostic, closest, codes};
use appspec_ir::{Asker, Entity, Fields, Granted, Spec, Verb, Walk, print_as_written};
use schemars::JsonSchema;
use serde::Serialize;

use crate::table;
use crate::terminal::Paint;

/// What everybody may do with the rows of each entity. What is not here is refused.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Matrix {
    /// The entities, module by module.
    entities: Vec<Rows>,
}

/// The rows of an entity.
#[derive(Debug, Serialize, JsonSchema)]
struct Rows {
    /// The entity: `booking.Visit`.
    entity: String,
    /// What has to hold besides each line, whoever asks but the system.
    walls: Vec<String>,
    /// Who may do what.
    cells: Vec<Cell>,
}

/// One line about one verb and somebody who asks.
#[derive(Debug, Serialize, JsonSchema)]
struct Cell {
    /// Who asks: `anyone`, `signed in`, `system` or a role.
    who: String,
    /// What may be done: `read`, `create`, `update`, `delete` or an action.
    verb: String,
    /// With which fields; nothing where the verb is about the whole row.
    fields: Option<Vec<String>>,
    /// The same in words.
    #[serde(skip)]
    fields_in_words: String,
    /// The words of the spec for whom the line is about.
    granted_to: String,
    /// Of which rows, in the words of the spec; empty for all.
    rule: String,
    /// What people read when it is refused, if the spec says it.
    message: Option<String>,
}

/// The matrix; of one who asks, if a name is given.
pub(crate) fn of(spec: &Spec, only: Option<&str>) -> Matrix {
    let askers: Vec<Asker> = Asker::all(spec)
        .into_iter()
        .filter(|asker| only.is_none_or(|only| asker.name(spec) == only))
        .collect();
    let entities = spec.walk_entities().filter(|it| it.get().access.is_some());
    Matrix {
        entities: entities.map(|entity| rows(spec, entity, &askers)).collect(),
    }
}

/// That nobody asks by this name, if so.
pub(crate) fn unknown(spec: &Spec, only: Option<&str>) -> Option<Diagnostic> {
    let only = only?;
    let askers = Asker::all(spec);
    let names: Vec<&str> = askers.iter().map(|asker| asker.name(spec)).collect();
    if names.contains(&only) {
        return None;
    }
    let finding = Diagnostic::without_place(
        &codes::name::UNKNOWN,
        format!("the spec has no role `{only}`"),
    );
    Some(match closest(only, names) {
        Some(meant) => finding.help(format!("did you mean `{}`?", meant.name)),
        None => finding.help("name a role, or one of `anyone`, `signed in` and `system`"),
    })
}

fn rows(spec: &Spec, entity: Walk<'_, Entity>, askers: &[Asker]) -> Rows {
    let verbs = entity.verbs();
    let cells = askers.iter().flat_map(|asker| {
        verbs.iter().flat_map(move |verb| {
            let granted = asker.granted(entity, verb).into_iter();
            granted.map(move |granted| cell(spec, entity, asker, verb, &granted))
        })
    });
    let walls = entity.get().access.iter().flat_map(|access| &access.walls);
    Rows {
        entity: format!("{}.{}", entity.module().get().path, entity.name),
        walls: walls
            .map(|wall| print_as_written(spec, &wall.condition))
            .collect(),
        cells: cells.collect(),
    }
}

fn cell(
    spec: &Spec,
    entity: Walk<'_, Entity>,
    asker: &Asker,
    verb: &Verb,
    granted: &Granted<'_>,
) -> Cell {
    let name = |id: &appspec_ir::Id<appspec_ir::Field>| spec.walk(*id).name.clone();
    let names = |ids: &[appspec_ir::Id<appspec_ir::Field>]| {
        let names: Vec<String> = ids.iter().map(name).collect();
        names.join(", ")
    };
    let fields = verb
        .takes_fields()
        .then(|| granted.fields.resolve(entity, verb));
    Cell {
        who: asker.name(spec).to_owned(),
        verb: verb.word().to_owned(),
        fields_in_words: match (granted.fields, &fields) {
            (_, None) => String::new(),
            (Fields::All, _) => "all fields".to_owned(),
            (Fields::Only(ids), _) => names(ids),
            (Fields::Except(ids), _) => format!("all but {}", names(ids)),
        },
        fields: fields.map(|fields| fields.iter().map(name).collect()),
        granted_to: granted.grant.who.name(spec).to_owned(),
        rule: granted.rule(spec),
        message: granted.grant.message.clone(),
    }
}

impl Matrix {
    /// To be looked at.
    pub(crate) fn page(&self, paint: Paint) -> String {
        if self.entities.is_empty() {
            return "no access rules: who may do what is not said in this spec\n".to_owned();
        }
        let mut out = String::new();
        for rows in &self.entities {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&paint.bold(&rows.entity));
            out.push('\n');
            let walls = rows.walls.iter();
            let walls = walls.map(|wall| vec![format!("only where {wall}")]);
            out.push_str(&table::align(&walls.collect::<Vec<_>>()));
            let cells = rows.cells.iter().map(|cell| {
                vec![
                    cell.who.clone(),
                    cell.verb.clone(),
                    cell.fields_in_words.clone(),
                    cell.rule.clone(),
                ]
            });
            out.push_str(&table::align(&cells.collect::<Vec<_>>()));
        }
        out
    }
}
