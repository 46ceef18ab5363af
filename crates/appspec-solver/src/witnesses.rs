use appspec_ir::{
    Colliding, Comparison, Entity, EntityWitnesses, Expr, ExprKind, Field, Id, Overlap, Row, Spec,
    Unique, UniqueRule, Value, Walk, Witnesses, in_circle, in_shares,
};

use crate::acting;
use crate::fact::{Claim, Fact, Rule, rules, standing_rules};
use crate::failing;
use crate::fuel::Tank;
use crate::keeping;
use crate::patterns::Patterns;
use crate::plain;
use crate::replay::Replay;
use crate::same;
use crate::solver::{Solver, Verdict};
use crate::study::{self, Study, WORTH_A_THREAD};

/// The rows that a study found.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    entity: Id<Entity>,
    /// One that keeps all rules.
    pub(crate) passing: Option<Row>,
    /// In the order of the rules, one that breaks it alone; none of ranges with two ends.
    pub(crate) broken: Vec<Option<Row>>,
    filled: Vec<(Id<Field>, Row)>,
    /// Whether they need not keep the rules about the creation of rows.
    made_earlier: bool,
}

impl Rows {
    /// None at all.
    pub(crate) fn none(entity: Id<Entity>) -> Self {
        Self {
            entity,
            passing: None,
            broken: Vec::new(),
            filled: Vec::new(),
            made_earlier: false,
        }
    }

    /// The entity that they are of.
    pub(crate) fn entity(&self) -> Id<Entity> {
        self.entity
    }

    /// Those of a study.
    fn of(study: Study<'_>) -> Self {
        let filled = study.fillable.into_iter();
        Self {
            entity: study.entity.id,
            made_earlier: study.made_earlier,
            passing: row(study.all),
            broken: study.broken.into_iter().map(row).collect(),
            filled: filled
                .filter_map(|(field, verdict)| Some((field, row(verdict)?)))
                .collect(),
        }
    }
}

/// An entity, its rules about single rows, and what a study found out about them.
pub(crate) struct Known<'r, 's> {
    pub(crate) entity: Walk<'s, Entity>,
    pub(crate) rules: Vec<Rule<'s>>,
    pub(crate) rows: &'r Rows,
    /// For all questions about its rows.
    pub(crate) tank: Tank,
}

/// Rows on both sides of the rules of each entity.
pub fn witnesses(spec: &Spec) -> Witnesses {
    let entities: Vec<(Id<Entity>, bool)> = spec.entities.ids().zip(crowded(spec)).collect();
    let entities = in_shares(&entities, WORTH_A_THREAD, |entities| {
        let mut patterns = Patterns::new();
        entities
            .iter()
            .map(|(entity, is_crowded)| {
                let rows = Rows::of(study::rows(spec.walk(*entity), &mut patterns));
                of_entity(spec, &rows, *is_crowded, &mut patterns)
            })
            .collect()
    });
    Witnesses { entities }
}

/// Whether rows may need three rows of an entity beside each other: those of its own kind, in a circle of entities, and
/// those that a unique rule tells apart by the row that they point to.
fn crowded(spec: &Spec) -> Vec<bool> {
    let pointing = || {
        let fields = spec.walk_entities().flat_map(Walk::fields);
        fields.filter_map(|field| Some((field, field.get().relation()?)))
    };
    let edges = pointing().map(|(field, to)| (field.get().entity.index(), to.target.index()));
    let mut crowded = in_circle(spec.entities.len(), edges);
    for (field, to) in pointing() {
        let entity = field.entity();
        let sets = entity.get().uniques.iter().flat_map(|set| &set.fields);
        let mut apart = sets.chain(entity.get().overlaps.iter().flat_map(|own| &own.per));
        let is_own = to.target == entity.id;
        if (is_own || to.one_to_one || apart.any(|id| *id == field.id))
            && let Some(slot) = crowded.get_mut(to.target.index())
        {
            *slot = true;
        }
    }
    crowded
}

fn of_entity(
    spec: &Spec,
    rows: &Rows,
    is_crowded: bool,
    patterns: &mut Patterns,
) -> EntityWitnesses {
    let entity = spec.walk(rows.entity);
    let known = Known {
        entity,
        rules: if rows.made_earlier {
            standing_rules(entity)
        } else {
            rules(entity)
        },
        rows,
        tank: Tank::one_of(spec.entities.len()),
    };
    // All other rows stay close to the lean one: what points to a row of its own kind stands in that row's way.
    let passing = rows
        .passing
        .as_ref()
        .map(|row| leaner(&known, row, patterns));
    let mut own = EntityWitnesses {
        entity: entity.id,
        made_earlier: rows.made_earlier,
        passing: None,
        another: None,
        third: None,
        filled: rows.filled.clone(),
        failing: Vec::new(),
        colliding: Vec::new(),
        acting: Vec::new(),
        strayed: Vec::new(),
        later: Vec::new(),
        keeping: Vec::new(),
    };
    if let Some(passing) = &passing {
        let uniques = Uniques::of(&known);
        own.another = uniques.another(&[passing], patterns);
        own.third = own
            .another
            .as_ref()
            .filter(|_| is_crowded)
            .and_then(|another| uniques.another(&[passing, another], patterns));
        own.failing = failing::all(&known, passing, patterns);
        own.colliding = uniques.colliding(passing, patterns);
        own.acting = acting::acting(&known, passing, patterns);
        own.strayed = acting::strayed(&known, passing, patterns);
        own.later = acting::later(&known, passing, patterns);
        own.keeping = keeping::keeping(&known, passing, patterns);
    }
    own.passing = passing;
    own
}

/// The row without the references that it can do without, even where another value is not its default then: what a row
/// points to has to be there before it, and a row that always points to one of its own kind can never be the first.
fn leaner(known: &Known<'_, '_>, passing: &Row, patterns: &mut Patterns) -> Row {
    let spec = known.entity.spec;
    let empty = |field: &Id<Field>| same::is_empty(spec.walk(*field));
    let references: Vec<Id<Field>> = known
        .entity
        .fields()
        .filter(|field| field.optional && field.relation().is_some())
        .map(|field| field.id)
        .filter(|field| passing.get(*field).is_some())
        .collect();
    let mut gone: Vec<Id<Field>> = Vec::new();
    let mut found = passing.clone();
    for field in references {
        let fewer: Vec<Expr> = gone.iter().chain([&field]).map(empty).collect();
        if let Some(row) = solved(known, fewer, &found, patterns) {
            found = row;
            gone.push(field);
        }
    }
    found
}

pub(crate) fn row(verdict: Verdict) -> Option<Row> {
    match verdict {
        Verdict::Satisfiable(row) => Some(row),
        Verdict::Contradiction(_) | Verdict::Unknown(_) => None,
    }
}

/// What no two rows may share.
struct Shared<'s> {
    rule: UniqueRule,
    fields: Vec<Id<Field>>,
    condition: Option<&'s Expr>,
    ignoring_case: bool,
    /// Between rows that share the fields, only stretches that meet are in each other's way.
    stretch: Option<&'s Overlap>,
}

impl Shared<'_> {
    /// What two rows have in common that the rule keeps apart.
    fn common(&self) -> Vec<Id<Field>> {
        let ends = self
            .stretch
            .into_iter()
            .flat_map(|own| [own.start, own.end]);
        self.fields.iter().copied().chain(ends).collect()
    }

    /// The fields that its condition reads.
    fn reads(&self) -> Vec<Id<Field>> {
        self.condition.map(Expr::fields).unwrap_or_default()
    }
}

fn shared<'s>(known: &Known<'_, 's>) -> Vec<Shared<'s>> {
    let entity = known.entity;
    let of_set = |(place, unique): (usize, &'s Unique)| Shared {
        rule: UniqueRule::Set(place),
        fields: unique.fields.clone(),
        condition: unique.condition.as_ref(),
        ignoring_case: unique.ignoring_case,
        stretch: None,
    };
    let of_overlap = |(place, overlap): (usize, &'s Overlap)| Shared {
        rule: UniqueRule::Overlap(place),
        fields: overlap.per.clone(),
        condition: overlap.condition.as_ref(),
        ignoring_case: false,
        stretch: Some(overlap),
    };
    let mut found: Vec<Shared<'s>> = entity
        .get()
        .uniques
        .iter()
        .enumerate()
        // The system keeps numbers apart.
        .filter(|(_, set)| {
            !set.fields
                .iter()
                .any(|id| entity.spec.walk(*id).serial.is_some())
        })
        .map(of_set)
        .collect();
    for field in entity.fields() {
        let is_one = field.get().relation().is_some_and(|own| own.one_to_one);
        let said = found
            .iter()
            .any(|own| own.fields == [field.id] && own.condition.is_none());
        if is_one && !said {
            found.push(Shared {
                rule: UniqueRule::OneToOne(field.id),
                fields: vec![field.id],
                condition: None,
                ignoring_case: false,
                stretch: None,
            });
        }
    }
    found.extend(entity.get().overlaps.iter().enumerate().map(of_overlap));
    found
}

/// What is unique among the rows of an entity.
pub(crate) struct Uniques<'t, 's> {
    known: &'t Known<'t, 's>,
    all: Vec<Shared<'s>>,
    /// The fields that some rule reads.
    read: Vec<Id<Field>>,
}

impl<'t, 's> Uniques<'t, 's> {
    pub(crate) fn of(known: &'t Known<'t, 's>) -> Self {
        let all = shared(known);
        let rules = known.rules.iter().flat_map(|rule| rule.fact.fields());
        let read = rules.chain(all.iter().flat_map(Shared::reads)).collect();
        Self { known, all, read }
    }

    /// Two rows for each unique rule, which it alone keeps apart.
    fn colliding(&self, passing: &Row, patterns: &mut Patterns) -> Vec<Colliding> {
        let mut found = Vec::new();
        for (place, unique) in self.all.iter().enumerate() {
            let Some(first) = concerned(self.known, unique, passing, patterns) else {
                continue;
            };
            if let Some(second) = self.second(Some((place, unique)), &[&first], patterns) {
                found.push(Colliding {
                    rule: unique.rule,
                    first,
                    second,
                });
            }
        }
        found
    }

    /// A row that only this unique rule keeps apart from the first.
    pub(crate) fn colliding_with(
        &self,
        rule: UniqueRule,
        first: &Row,
        patterns: &mut Patterns,
    ) -> Option<Row> {
        let place = self.all.iter().position(|own| own.rule == rule)?;
        self.second(Some((place, self.all.get(place)?)), &[first], patterns)
    }

    /// A row that no unique rule keeps apart from these.
    fn another(&self, others: &[&Row], patterns: &mut Patterns) -> Option<Row> {
        self.second(None, others, patterns)
    }
}

/// A row that keeps all rules and that the unique rule is about.
fn concerned(
    known: &Known<'_, '_>,
    unique: &Shared<'_>,
    passing: &Row,
    patterns: &mut Patterns,
) -> Option<Row> {
    let spec = known.entity.spec;
    let mut more: Vec<Expr> = unique
        .fields
        .iter()
        .filter(|field| passing.get(**field).is_none())
        .map(|field| same::is_set(spec.walk(*field)))
        .collect();
    more.extend(unique.condition.cloned());
    more.extend(
        unique
            .stretch
            .and_then(|stretch| same::takes_up(spec, stretch)),
    );
    let replay = Replay { spec };
    let mut keeps =
        |condition: &Expr| replay.agrees(&Fact::made(condition.clone()), true, passing, patterns);
    if more.iter().all(&mut keeps) {
        return Some(passing.clone());
    }
    solved(known, more, passing, patterns)
}

impl Uniques<'_, '_> {
    /// Another row, which no unique rule keeps apart from these; but for one, for which it has the same values as the first.
    fn second(
        &self,
        unique: Option<(usize, &Shared<'_>)>,
        others: &[&Row],
        patterns: &mut Patterns,
    ) -> Option<Row> {
        let spec = self.known.entity.spec;
        let first = *others.first()?;
        let shared = unique.map_or_else(Vec::new, |(_, unique)| unique.common());
        let mut same = Vec::new();
        for field in &shared {
            let field = spec.walk(*field);
            let is_read = self.read.contains(&field.id);
            match first.get(field.id) {
                Some(value) => match same::condition(field, value) {
                    Some(condition) => same.push(condition),
                    None if is_read => return None,
                    // Nothing can be asked of it, so nothing changes it.
                    None => {}
                },
                // An end that is open.
                None => same.push(same::is_empty(field)),
            }
        }
        same.extend(unique.and_then(|(_, unique)| unique.condition.cloned()));
        let mut changed = first.clone();
        let mut more = Vec::new();
        for (place, other) in self.all.iter().enumerate() {
            if unique.is_some_and(|(own, _)| own == place) {
                continue;
            }
            let ways = others.iter();
            let ways: Vec<Vec<Expr>> = ways
                .filter_map(|row| self.ways(other, row, &shared))
                .collect();
            if ways.is_empty() {
                continue;
            }
            // A field of which no rule speaks can simply have another value.
            let mut simple = other
                .fields
                .iter()
                .filter(|field| !shared.contains(field) && !self.read.contains(field));
            let another = simple.find_map(|field| {
                let taken: Vec<&Value> = others.iter().filter_map(|row| row.get(*field)).collect();
                let value = plain::another(spec.walk(*field), &taken)?;
                Some((*field, value))
            });
            if let Some((field, value)) = another {
                changed.set(field, value);
                continue;
            }
            for ways in ways {
                more.push(self.one_of(other, ways)?);
            }
        }
        if more.is_empty() {
            return Some(changed);
        }
        more.extend(same);
        solved(self.known, more, &changed, patterns)
    }
}

impl Uniques<'_, '_> {
    /// How a row can be so that a unique rule does not keep it apart from another one, beside not being what the rule is
    /// about. None where it does not look, because the other row has no value.
    fn ways(&self, rule: &Shared<'_>, other: &Row, shared: &[Id<Field>]) -> Option<Vec<Expr>> {
        let mut ways = Vec::new();
        for field in rule.fields.iter().filter(|field| !shared.contains(field)) {
            let value = other.get(*field)?;
            let field = self.known.entity.spec.walk(*field);
            ways.extend(same::differs(field, value, rule.ignoring_case));
        }
        if let Some(stretch) = rule.stretch {
            ways.extend(self.beside(stretch, other, shared));
        }
        Some(ways)
    }

    /// One of the ways, or the rule is not about the row. None when that can't be.
    fn one_of(&self, rule: &Shared<'_>, mut ways: Vec<Expr>) -> Option<Expr> {
        let any = self.known.entity.spec.walk(*rule.common().first()?);
        if let Some(condition) = rule.condition {
            ways.push(same::not(condition.clone()));
        }
        match ways.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            _ => Some(same::truth(any, ExprKind::Or(ways))),
        }
    }

    /// Conditions on a row that no unique rule keeps apart from others. None when there can't be one.
    pub(crate) fn apart_from(&self, others: &[Row]) -> Option<Vec<Expr>> {
        let mut conditions = Vec::new();
        for rule in &self.all {
            for other in others {
                if let Some(ways) = self.ways(rule, other, &[]) {
                    conditions.push(self.one_of(rule, ways)?);
                }
            }
        }
        Some(conditions)
    }

    /// The stretch ends before that of the first row begins, or begins behind its end.
    fn beside(&self, stretch: &Overlap, first: &Row, shared: &[Id<Field>]) -> Vec<Expr> {
        let spec = self.known.entity.spec;
        let (before, behind) = if stretch.closed {
            (Comparison::Less, Comparison::Greater)
        } else {
            (Comparison::LessOrEqual, Comparison::GreaterOrEqual)
        };
        let sides = [
            (stretch.start, behind, stretch.end),
            (stretch.end, before, stretch.start),
        ];
        sides
            .into_iter()
            .filter(|(own, ..)| !shared.contains(own))
            .filter_map(|(own, side, of)| same::lies(spec.walk(own), side, first.get(of)?))
            .collect()
    }
}

/// A row of which more is true, as close to another one as can be. It is never one that is deleted: such a row is in nobody's
/// way, which would be the shortest way out of every other one's.
pub(crate) fn solved(
    known: &Known<'_, '_>,
    more: Vec<Expr>,
    near: &Row,
    patterns: &mut Patterns,
) -> Option<Row> {
    let mut facts: Vec<Fact<'_>> = known.rules.iter().map(|rule| rule.fact.clone()).collect();
    facts.extend(more.into_iter().map(Fact::made));
    let marked = known.entity.get().soft_delete.as_ref();
    facts.extend(marked.map(|own| Fact::made(own.live.clone())));
    let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
    // The row to stay close to keeps the rules themselves.
    let new: Vec<usize> = (known.rules.len()..facts.len()).collect();
    let spec = known.entity.spec;
    let mut solver = Solver::new(spec, known.entity.id, facts, patterns).drawing_on(&known.tank);
    match solver.satisfy_but(&claims, near, &new) {
        Verdict::Satisfiable(row) => Some(row),
        _ => None,
    }
}
