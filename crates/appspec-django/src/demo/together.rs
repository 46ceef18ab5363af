//! Rows of a whole spec that keep every rule together, those that span rows among them.

use appspec_ir::{Compiled, Entity, Field, Id, Row};

use super::order::in_order;
use super::rows::settled;

/// So many rows of each entity are tried, one number after the other.
const NUMBERS: [usize; 4] = [1, 2, 3, 6];

/// A row, and the rows that it holds.
#[derive(Clone, Debug)]
pub struct Together {
    /// Its entity.
    pub entity: Id<Entity>,
    /// Which one of the entity's rows it is; they are numbered from 1, and keys that are made up name them so.
    pub number: usize,
    /// Its values.
    pub row: Row,
    /// The numbers of the rows in each of its `many`.
    pub holds: Vec<(Id<Field>, Vec<usize>)>,
}

/// As few rows as keep every rule together: of each entity one where that can be, and none where no such rows were found.
pub fn rows_together(compiled: &Compiled) -> Vec<Together> {
    let order = in_order(&compiled.spec);
    let tries = NUMBERS.iter().map(|wanted| {
        let settled = settled(compiled, &order, *wanted);
        let is_kept = settled.world().broken().is_empty();
        let mut tables = settled.tables;
        let mut found = Vec::new();
        let mut missing = 0_usize;
        for id in &order {
            let rows = tables.remove(id).filter(|_| is_kept).unwrap_or_default();
            missing += usize::from(rows.is_empty());
            found.extend(rows.into_iter().enumerate().map(|(place, own)| {
                let numbers =
                    |places: Vec<usize>| places.into_iter().map(|place| place + 1).collect();
                let holds = own.links.into_iter();
                Together {
                    entity: *id,
                    number: place + 1,
                    row: own.row,
                    holds: holds
                        .map(|(many, places)| (many, numbers(places)))
                        .collect(),
                }
            }));
        }
        (missing, found)
    });
    let mut best: Option<(usize, Vec<Together>)> = None;
    for (missing, found) in tries {
        if best.as_ref().is_none_or(|(least, _)| missing < *least) {
            best = Some((missing, found));
        }
        if missing == 0 {
            break;
        }
    }
    best.map(|(_, found)| found).unwrap_or_default()
}
