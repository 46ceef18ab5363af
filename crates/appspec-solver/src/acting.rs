//! Rows that the actions of lifecycles move and refuse.

use appspec_ir::{Acting, Expr, Lifecycle, Row, Strayed, Value};

use crate::patterns::Patterns;
use crate::same;
use crate::step::Step;
use crate::witnesses::{Known, solved};

/// For each action a row that it moves, and one that it refuses where it has a `when`.
pub(crate) fn acting(known: &Known<'_, '_>, near: &Row, patterns: &mut Patterns) -> Vec<Acting> {
    let mut found = Vec::new();
    for (place, lifecycle) in known.entity.get().lifecycles.iter().enumerate() {
        for (number, action) in lifecycle.actions.iter().enumerate() {
            let steps = action.from.iter();
            let steps =
                steps.filter_map(|from| Step::of(known.entity, lifecycle, action, &from.name));
            let steps: Vec<Step<'_>> = steps.collect();
            let mut moved = steps.iter();
            let moved = moved.find_map(|step| step.moved(near, &known.tank, patterns));
            let Some(moved) = moved else {
                continue;
            };
            let mut refused = steps.iter().filter(|_| action.when.is_some());
            let refused = refused.find_map(|step| step.refused(near, &known.tank, patterns));
            found.push(Acting {
                lifecycle: place,
                action: number,
                moved,
                refused,
            });
        }
    }
    found
}

/// For each lifecycle a row that may not simply have another state.
pub(crate) fn strayed(known: &Known<'_, '_>, near: &Row, patterns: &mut Patterns) -> Vec<Strayed> {
    let mut found = Vec::new();
    for (place, lifecycle) in known.entity.get().lifecycles.iter().enumerate() {
        let moves = lifecycle.moves();
        let choices = lifecycle.choices(known.entity.spec);
        let pairs = choices.iter().flat_map(|from| {
            let next = moves.get(from.name.as_str());
            let is_move = move |to: &str| next.is_some_and(|next| next.contains(&to));
            let others = choices.iter().filter(|to| to.name != from.name);
            others
                .filter(move |to| !is_move(&to.name))
                .map(|to| (from.name.as_str(), to.name.as_str()))
        });
        let open = known.entity.get().frozen.iter();
        let open: Vec<Expr> = open
            .map(|frozen| same::not(frozen.condition.clone()))
            .collect();
        // Of a frozen row nothing changes anyway, so another one says more.
        let rows = [open.as_slice(), &[]].into_iter();
        let pairs: Vec<(&str, &str)> = pairs.collect();
        let mut ways = rows.flat_map(|open| pairs.iter().map(move |(from, to)| (open, *from, *to)));
        let jump = ways.find_map(|(open, from, to)| {
            let row = in_state(known, lifecycle, from, open, near, patterns)?;
            keeps(known, lifecycle, &row, to, patterns).then(|| Strayed {
                lifecycle: place,
                row,
                to: to.to_owned(),
            })
        });
        found.extend(jump);
    }
    found
}

/// For each lifecycle a row that is not in the first state.
pub(crate) fn later(
    known: &Known<'_, '_>,
    near: &Row,
    patterns: &mut Patterns,
) -> Vec<(usize, Row)> {
    let spec = known.entity.spec;
    let lifecycles = known.entity.get().lifecycles.iter().enumerate();
    let found = lifecycles.filter_map(|(place, lifecycle)| {
        let first = lifecycle.first(spec);
        let mut others = lifecycle.choices(spec).iter();
        let row = others.find_map(|state| {
            if Some(state.name.as_str()) == first {
                return None;
            }
            in_state(known, lifecycle, &state.name, &[], near, patterns)
        });
        Some((place, row?))
    });
    found.collect()
}

/// A row that keeps all rules in a state.
fn in_state(
    known: &Known<'_, '_>,
    lifecycle: &Lifecycle,
    state: &str,
    more: &[Expr],
    near: &Row,
    patterns: &mut Patterns,
) -> Option<Row> {
    let field = known.entity.spec.walk(lifecycle.field);
    let is_there = same::condition(field, &Value::Enum(state.to_owned()))?;
    let more = more.iter().cloned().chain([is_there]);
    solved(known, more.collect(), near, patterns)
}

/// Whether a row keeps all rules in another state.
fn keeps(
    known: &Known<'_, '_>,
    lifecycle: &Lifecycle,
    row: &Row,
    state: &str,
    patterns: &mut Patterns,
) -> bool {
    let spec = known.entity.spec;
    let mut there = row.clone();
    there.set(lifecycle.field, Value::Enum(state.to_owned()));
    let replay = crate::replay::Replay { spec };
    let mut rules = known.rules.iter();
    rules.all(|rule| replay.agrees(&rule.fact, true, &there, patterns))
}
