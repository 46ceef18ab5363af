//! Changes that a rule about them refuses, and changes that it allows.

use std::collections::BTreeMap;

use appspec_ir::{
    ChangeRule, Changed, Comparison, Expr, ExprKind, Field, Id, Keeping, Put, Row, Spec, Type,
    Value,
};

use crate::keeping::allowed_by_others;
use crate::patterns::Patterns;
use crate::same;
use crate::witnesses::{Known, solved};

/// A change that only this rule refuses, with one that nothing refuses.
pub(crate) fn changing(
    known: &Known<'_, '_>,
    place: usize,
    rule: &ChangeRule,
    near: &Row,
    patterns: &mut Patterns,
) -> Option<Keeping> {
    let entity = known.entity;
    // No other way of writing moves a state, and what is immutable has another rule for it.
    let fields = rule.fields.iter().copied();
    let fields =
        fields.filter(|id| !entity.is_state(*id) && !entity.spec.walk(*id).never_changes());
    let fields: Vec<Id<Field>> = fields.filter(|id| !entity.spec.walk(*id).touched).collect();
    let rows = starts(known, &fields, near, patterns);
    let mut find = |holds: bool| {
        let mut ways = rows
            .iter()
            .flat_map(|row| fields.iter().map(move |it| (row, *it)));
        let mut ends = fields.iter();
        // Where the row stands at the end of a range, it can only come from elsewhere.
        ways.find_map(|(row, field)| becomes(known, rule, field, row, holds, patterns))
            .or_else(|| ends.find_map(|it| comes_from(known, rule, *it, near, holds, patterns)))
    };
    let kept = find(false)?;
    Some(Keeping {
        rule: place,
        kept,
        free: find(true),
    })
}

/// Rows from which a field can go in some direction.
fn starts(
    known: &Known<'_, '_>,
    fields: &[Id<Field>],
    near: &Row,
    patterns: &mut Patterns,
) -> Vec<Row> {
    let spec = known.entity.spec;
    let frozen = known.entity.get().frozen.iter();
    let open: Vec<Expr> = frozen.map(|it| same::not(it.condition.clone())).collect();
    let mut ways: Vec<Vec<Expr>> = vec![vec![]];
    for id in fields {
        let field = spec.walk(*id);
        match near.get(*id) {
            Some(value) => {
                let sides = [Comparison::Greater, Comparison::Less];
                let sides = sides.into_iter();
                ways.extend(sides.filter_map(|side| Some(vec![same::lies(field, side, value)?])));
                ways.extend(same::differs(field, value, true).map(|other| vec![other]));
            }
            None => ways.push(vec![same::is_set(field)]),
        }
    }
    let asked = ways.into_iter().map(|way| [way, open.clone()].concat());
    asked
        .filter_map(|asked| {
            if asked.is_empty() {
                Some(near.clone())
            } else {
                solved(known, asked, near, patterns)
            }
        })
        .collect()
}

/// The row with another value in a field, for which the rule holds or not; states are left as they are.
fn becomes(
    known: &Known<'_, '_>,
    rule: &ChangeRule,
    field: Id<Field>,
    row: &Row,
    holds: bool,
    patterns: &mut Patterns,
) -> Option<Changed> {
    let entity = known.entity;
    let spec = entity.spec;
    let said = of_row(spec, rule, row);
    let asked = if holds { said } else { same::not(said) };
    let other = match row.get(field) {
        Some(value) => same::differs(spec.walk(field), value, true)?,
        None => same::is_set(spec.walk(field)),
    };
    let states = entity.get().lifecycles.iter();
    let states = states.filter_map(|lifecycle| {
        let state = row.get(lifecycle.field)?;
        same::condition(spec.walk(lifecycle.field), state)
    });
    let asked: Vec<Expr> = states.chain([other, asked]).collect();
    let to = solved(known, asked, row, patterns)?;
    let is_alone = allowed_by_others(entity, &rule.name, row, &to, patterns);
    (is_alone && row.get(field) != to.get(field)).then(|| Changed {
        row: row.clone(),
        to,
    })
}

/// The row from which this one comes by another value of a field, for which the rule holds or not.
fn comes_from(
    known: &Known<'_, '_>,
    rule: &ChangeRule,
    field: Id<Field>,
    to: &Row,
    holds: bool,
    patterns: &mut Patterns,
) -> Option<Changed> {
    let entity = known.entity;
    let spec = entity.spec;
    let values = constants(spec, rule, to);
    let becomes = |id: Id<Field>| values.get(&id).map_or(Put::Nothing, Put::Value);
    let said = rule.condition.truth_between(&|_| Put::Own, &becomes);
    let asked = if holds { said } else { same::not(said) };
    let other = same::differs(spec.walk(field), to.get(field)?, true)?;
    let states = entity.get().lifecycles.iter();
    let states = states.filter_map(|lifecycle| {
        let state = to.get(lifecycle.field)?;
        same::condition(spec.walk(lifecycle.field), state)
    });
    let frozen = entity.get().frozen.iter();
    let open = frozen.map(|it| same::not(it.condition.clone()));
    let asked: Vec<Expr> = states.chain(open).chain([other, asked]).collect();
    let row = solved(known, asked, to, patterns)?;
    let is_alone = allowed_by_others(entity, &rule.name, &row, to, patterns);
    (is_alone && row.get(field) != to.get(field)).then(|| Changed {
        row,
        to: to.clone(),
    })
}

/// What the rule says of the row that this one becomes.
pub(crate) fn of_row(spec: &Spec, rule: &ChangeRule, row: &Row) -> Expr {
    let values = constants(spec, rule, row);
    let was = |id: Id<Field>| values.get(&id).map_or(Put::Nothing, Put::Value);
    rule.condition.truth_between(&was, &|_| Put::Own)
}

/// The values of a row that the rule reads.
fn constants(spec: &Spec, rule: &ChangeRule, row: &Row) -> BTreeMap<Id<Field>, Expr> {
    let mentioned = rule.mentions().into_iter();
    let values = mentioned.filter_map(|id| Some((id, constant(spec, id, row.get(id)?))));
    values.collect()
}

/// A value of a field; of one that is only asked whether it has a value, any stands for it.
fn constant(spec: &Spec, id: Id<Field>, value: &Value) -> Expr {
    let field = spec.walk(id);
    Expr {
        kind: ExprKind::Value(value.clone()),
        ty: same::type_of(field).unwrap_or(Type::Opaque),
        span: field.span,
    }
}
