use appspec_ir::{
    Default, Entity, Expr, ExprKind, Field, FieldType, Function, Id, Invariant, Row, RowRule,
    Scalar, Spec, UniqueRule, Walk, certain_form, in_shares,
};

use crate::branches::{self, Branch, Part};
use crate::fact::{Claim, Fact, Rule, Says, rules, standing_rules};
use crate::moves::Moves;
use crate::patterns::Patterns;
use crate::same;
use crate::search::Why;
use crate::solver::{Solver, Verdict};

/// Below this many entities, starting a thread costs more than it saves.
pub(crate) const WORTH_A_THREAD: usize = 32;

/// Everything that was found out about the rules of one entity.
#[derive(Clone)]
pub struct Study<'s> {
    /// The entity.
    pub entity: Walk<'s, Entity>,
    /// Its rules about single rows; a claim names them by their place.
    pub rules: Vec<Rule<'s>>,
    /// Whether those about the creation of rows are left out, because no row is known that keeps them at any moment.
    pub made_earlier: bool,
    /// Whether a row can keep all of them.
    pub all: Verdict,
    /// Where none can, proofs that the others can't be kept together either; no rule is in two of them. Only [`proofs`]
    /// looks for them.
    pub further: Vec<Vec<Claim>>,
    /// Whether a row can break this one and keep the others. In the order of the rules; empty when no row that keeps all
    /// of them is known, like everything below.
    pub broken: Vec<Verdict>,
    /// Whether an optional field that an invariant or a derived value with a range reads can have a value. `rows` asks
    /// about those alone of which emitted tests want to know.
    pub fillable: Vec<(Id<Field>, Verdict)>,
    /// Whether the parts of invariants that something hangs on can be true. Only [`proofs`] asks this, like everything below.
    pub branches: Vec<Branch<'s>>,
    /// Whether an optional field that an invariant or a derived value with a range reads can be empty.
    pub clearable: Vec<(Id<Field>, Verdict)>,
    /// Whether the condition of a rule about two rows can be true.
    pub conditions: Vec<(UniqueRule, Verdict)>,
    /// Proofs that some constant defaults can't be kept, by themselves or together; no default is in two of them.
    pub refused_defaults: Vec<Vec<Claim>>,
    /// The fields whose defaults that is about, with the facts that claim them.
    pub default_facts: Vec<(Id<Field>, usize)>,
    /// The fields that stand for what rules read of other rows; only [`Apart`](crate::Apart) has any.
    pub beyond: Vec<Id<Field>>,
    /// What is known of the rows besides the rules: of what those fields stand for.
    pub known: &'s [Expr],
}

impl Study<'_> {
    /// Proofs that no row keeps these rules together; no rule is in two of them.
    pub fn proofs(&self) -> impl Iterator<Item = &Vec<Claim>> {
        let first = match &self.all {
            Verdict::Contradiction(proof) => Some(proof),
            Verdict::Satisfiable(_) | Verdict::Unknown(_) => None,
        };
        first.into_iter().chain(&self.further)
    }

    /// A row of small values that keeps all rules. That of [`proofs`] may be any.
    pub fn smallest(&self, patterns: &mut Patterns) -> Option<Row> {
        let facts = Probes::of(self.entity, &self.rules, Vec::new()).facts;
        let claims: Vec<Claim> = (0..self.rules.len()).map(Claim::yes).collect();
        let mut solver = Solver::new(self.entity.spec, self.entity.id, facts, patterns);
        match solver.satisfy(&claims) {
            Verdict::Satisfiable(row) => Some(row),
            _ => None,
        }
    }
}

/// Studies every entity of a spec as far as proofs go, for a fraction of the cost of rows: whether a row keeps all rules
/// is answered by some row, and everything else by a contradiction or by [`Why::Unasked`].
pub fn proofs(spec: &Spec) -> Vec<Study<'_>> {
    let entities: Vec<Id<Entity>> = spec.entities.ids().collect();
    in_shares(&entities, WORTH_A_THREAD, |entities| {
        let mut patterns = Patterns::new();
        let studied = entities.iter().map(|entity| {
            let entity = spec.walk(*entity);
            proofs_of(entity, rules(entity), &[], &mut patterns)
        });
        studied.collect()
    })
}

/// The same for one entity and what is known of its rows besides the rules.
pub(crate) fn proofs_of<'s>(
    entity: Walk<'s, Entity>,
    rules: Vec<Rule<'s>>,
    known: &'s [Expr],
    patterns: &mut Patterns,
) -> Study<'s> {
    let mut facts = forms(entity.spec, &rules);
    facts.extend(known.iter().map(Fact::condition));
    Study {
        known,
        ..study(entity, (rules, facts), Depth::Proofs, patterns)
    }
}

/// What holds of the texts of which rules ask for a part, by what their types are.
fn forms<'s>(spec: &'s Spec, rules: &[Rule<'s>]) -> Vec<Fact<'s>> {
    let mut asked: Vec<Id<Field>> = Vec::new();
    for rule in rules {
        if let Says::Condition(condition) = &rule.fact.says {
            condition.visit(&mut |part| {
                let is_part = matches!(
                    part.kind,
                    ExprKind::Call(
                        Function::StartsWith | Function::EndsWith | Function::Contains,
                        _
                    )
                );
                if is_part {
                    asked.extend(part.fields());
                }
            });
        }
    }
    asked.sort_unstable();
    asked.dedup();
    let forms = asked.into_iter().filter_map(|field| {
        let FieldType::Scalar(scalar) = spec.walk(field).get().ty else {
            return None;
        };
        Some(Fact {
            says: Says::Matches {
                field,
                pattern: certain_form(scalar)?,
            },
            span: spec.walk(field).get().span,
        })
    });
    forms.collect()
}

/// Studies one entity, with rows as small as they can be found. Where no row is known that could be made at any moment,
/// rows that were made at an earlier one: a day that is at most a year ahead is one of a single year.
pub(crate) fn rows<'s>(entity: Walk<'s, Entity>, patterns: &mut Patterns) -> Study<'s> {
    let own = study(entity, (rules(entity), Vec::new()), Depth::Rows, patterns);
    let standing = standing_rules(entity);
    if !matches!(own.all, Verdict::Unknown(_)) || standing.len() == own.rules.len() {
        return own;
    }
    Study {
        made_earlier: true,
        ..study(entity, (standing, Vec::new()), Depth::Rows, patterns)
    }
}

/// What is looked for.
#[derive(Clone, Copy)]
enum Depth {
    Proofs,
    Rows,
}

/// The questions beyond the rules themselves.
struct Probes<'s> {
    facts: Vec<Fact<'s>>,
    branches: Vec<(Id<Invariant>, Part<'s>, usize)>,
    fillable: Vec<(Id<Field>, usize)>,
    conditions: Vec<(UniqueRule, usize)>,
    defaults: Vec<(Id<Field>, usize)>,
}

fn study<'s>(
    entity: Walk<'s, Entity>,
    (rules, known): (Vec<Rule<'s>>, Vec<Fact<'s>>),
    depth: Depth,
    patterns: &mut Patterns,
) -> Study<'s> {
    // Of a proof the last claims are given up first, so what is known comes before the rules: it is blamed for nothing.
    let claims = (rules.len()..rules.len() + known.len()).chain(0..rules.len());
    let claims: Vec<Claim> = claims.map(Claim::yes).collect();
    let count = known.len();
    let probes = Probes::of(entity, &rules, known);
    let mut solver = Solver::new(entity.spec, entity.id, probes.facts, patterns);
    let mut all = match depth {
        Depth::Proofs => solver.satisfy_somehow(&claims),
        Depth::Rows => solver.satisfy(&claims),
    };
    // Of what is known besides, a row may miss something that nobody makes up, such as the form of an address.
    if matches!(all, Verdict::Unknown(_)) && count > 0 {
        let own = claims.get(count..).unwrap_or_default();
        if let found @ Verdict::Satisfiable(_) = solver.satisfy_somehow(own) {
            all = found;
        }
    }
    let further = match (&all, depth) {
        (Verdict::Contradiction(proof), Depth::Proofs) => {
            further(&mut solver, rules.len(), &claims, proof)
        }
        _ => Vec::new(),
    };
    let mut study = Study {
        entity,
        rules,
        made_earlier: false,
        further,
        all,
        broken: Vec::new(),
        branches: Vec::new(),
        fillable: Vec::new(),
        clearable: Vec::new(),
        conditions: Vec::new(),
        refused_defaults: Vec::new(),
        default_facts: probes.defaults,
        beyond: Vec::new(),
        known: &[],
    };
    let Verdict::Satisfiable(passing) = study.all.clone() else {
        return study;
    };
    solver.expect(&claims);
    let mut questions = Questions {
        solver,
        depth,
        claims,
        known: count,
        passing,
    };
    let is_of_tests = matches!(depth, Depth::Rows);
    for (place, rule) in study.rules.iter().enumerate() {
        // Of a range with two ends, tests have a row beyond each of them.
        study
            .broken
            .push(if is_of_tests && rule.fact.is_closed_range() {
                Verdict::Unknown(Why::Unasked)
            } else {
                questions.broken(place)
            });
    }
    for (field, fact) in &probes.fillable {
        if !is_of_tests || is_tried_with_a_value(entity.spec.walk(*field)) {
            study.fillable.push((*field, questions.also(&[*fact])));
        }
    }
    if is_of_tests {
        return study;
    }
    for (field, fact) in probes.fillable {
        study
            .clearable
            .push((field, questions.without(field, fact)));
    }
    for (unique, fact) in probes.conditions {
        study.conditions.push((unique, questions.also(&[fact])));
    }
    let mut facts: Vec<usize> = study.default_facts.iter().map(|(_, fact)| *fact).collect();
    while let Verdict::Contradiction(proof) = questions.also(&facts) {
        let before = facts.len();
        facts.retain(|fact| !proof.contains(&Claim::yes(*fact)));
        if facts.len() == before {
            break;
        }
        study.refused_defaults.push(proof);
    }
    // There may be many of these, so they come last. What is inside of something that is never true is never true either,
    // and is not asked about.
    let mut buried: Vec<bool> = Vec::new();
    for (invariant, part, fact) in probes.branches {
        let inside = part.inside.and_then(|outer| buried.get(outer));
        let verdict = match inside {
            Some(true) => Verdict::Unknown(Why::Unasked),
            _ => questions.also(&[fact]),
        };
        buried.push(inside == Some(&true) || matches!(verdict, Verdict::Contradiction(_)));
        study.branches.push(Branch {
            invariant,
            condition: part.condition,
            role: part.role,
            verdict,
        });
    }
    study
}

/// Whether emitted tests have rows with some value in an optional field, whatever it is: with a file, or with a reference
/// to what is deleted only in appearance.
fn is_tried_with_a_value(field: Walk<'_, Field>) -> bool {
    matches!(
        field.get().ty,
        FieldType::Scalar(Scalar::File | Scalar::Image)
    ) || field
        .target()
        .is_some_and(|target| target.get().soft_delete.is_some())
}

/// So many proofs are looked for in one entity: who has read them mends the rest soon.
const MOST_PROOFS: usize = 16;

/// Proofs about the rules that this one does not need.
fn further(
    solver: &mut Solver<'_, '_>,
    rules: usize,
    claims: &[Claim],
    first: &[Claim],
) -> Vec<Vec<Claim>> {
    let mut found: Vec<Vec<Claim>> = Vec::new();
    let mut left: Vec<Claim> = claims.to_vec();
    // What is known is no rule and stays.
    let is_needed = |proof: &[Claim], claim: &Claim| claim.fact < rules && proof.contains(claim);
    left.retain(|claim| !is_needed(first, claim));
    while found.len() < MOST_PROOFS
        && let Verdict::Contradiction(proof) = solver.satisfy_somehow(&left)
    {
        let before = left.len();
        left.retain(|claim| !is_needed(&proof, claim));
        if left.len() == before {
            break;
        }
        found.push(proof);
    }
    found
}

/// What is asked about the rules of an entity when there is a row that keeps all of them.
struct Questions<'s, 'p> {
    solver: Solver<'s, 'p>,
    depth: Depth,
    /// What is known, and then that all rules hold.
    claims: Vec<Claim>,
    known: usize,
    passing: Row,
}

impl Questions<'_, '_> {
    /// Whether a row can break one rule and keep the others.
    fn broken(&mut self, place: usize) -> Verdict {
        let mut turned = self.claims.clone();
        if let Some(claim) = turned.get_mut(self.known + place) {
            claim.holds = false;
        }
        self.ask(&turned, &[place])
    }

    /// Whether more facts can hold beside all rules, in a row close to the one that keeps the rules.
    fn also(&mut self, facts: &[usize]) -> Verdict {
        let mut more = self.claims.clone();
        more.extend(facts.iter().copied().map(Claim::yes));
        self.ask(&more, facts)
    }

    /// Whether a field can be empty, by the fact that says that it is set.
    fn without(&mut self, field: Id<Field>, is_set: usize) -> Verdict {
        // Mostly it is already.
        if self.passing.get(field).is_none() {
            return Verdict::Unknown(Why::Unasked);
        }
        let mut more = self.claims.clone();
        more.push(Claim::no(is_set));
        self.ask(&more, &[is_set])
    }

    /// Whether moving a few fields of the passing row is enough.
    fn moves(&mut self, claims: &[Claim], facts: &[usize]) -> bool {
        let passing = std::mem::take(&mut self.passing);
        let moved = self.solver.moves(claims, passing, facts);
        let is_moved = moved.is_ok();
        self.passing = moved.map_or_else(|row| row, Moves::undone);
        is_moved
    }

    /// Only what has to do with these facts is not fulfilled by the passing row.
    fn ask(&mut self, claims: &[Claim], facts: &[usize]) -> Verdict {
        let depth = self.depth;
        match depth {
            Depth::Rows => self.solver.satisfy_but(claims, &self.passing, facts),
            // Where there is a row there is no proof to be found.
            Depth::Proofs if self.moves(claims, facts) => Verdict::Unknown(Why::Unasked),
            Depth::Proofs => match self.solver.refute_but(claims, facts) {
                Some(proof) => Verdict::Contradiction(proof),
                None => Verdict::Unknown(Why::Unasked),
            },
        }
    }
}

impl<'s> Probes<'s> {
    /// The facts of the rules come first, then what is known besides.
    fn of(entity: Walk<'s, Entity>, rules: &[Rule<'s>], known: Vec<Fact<'s>>) -> Self {
        let rules_and_known = rules.iter().map(|rule| rule.fact.clone()).chain(known);
        let mut probes = Self {
            facts: rules_and_known.collect(),
            branches: Vec::new(),
            fillable: Vec::new(),
            conditions: Vec::new(),
            defaults: Vec::new(),
        };
        let mut read: Vec<Id<Field>> = Vec::new();
        for rule in rules {
            if matches!(rule.origin, RowRule::Bound { .. }) {
                continue;
            }
            for field in rule.fact.fields() {
                if !read.contains(&field) {
                    read.push(field);
                }
            }
            let RowRule::Invariant(id) = rule.origin else {
                continue;
            };
            for part in branches::of(&entity.spec.walk(id).get().condition, probes.branches.len()) {
                let fact = probes.add(part.fact());
                probes.branches.push((id, part, fact));
            }
        }
        for id in read {
            let field = entity.spec.walk(id).get();
            if field.optional {
                let field = entity.spec.walk(id);
                let fact = probes.add(Fact::made(same::is_set(field)));
                probes.fillable.push((id, fact));
            }
            if let Some(Default::Value(value)) = &field.default
                && let Some(same) = same::condition(entity.spec.walk(id), value)
            {
                let fact = probes.add(Fact::made(same));
                probes.defaults.push((id, fact));
            }
        }
        let uniques = entity.get().uniques.iter().enumerate();
        let uniques = uniques.map(|(place, rule)| (UniqueRule::Set(place), &rule.condition));
        let overlaps = entity.get().overlaps.iter().enumerate();
        let overlaps = overlaps.map(|(place, rule)| (UniqueRule::Overlap(place), &rule.condition));
        for (rule, condition) in uniques.chain(overlaps) {
            if let Some(condition) = condition {
                let fact = probes.add(Fact::condition(condition));
                probes.conditions.push((rule, fact));
            }
        }
        probes
    }

    fn add(&mut self, fact: Fact<'s>) -> usize {
        self.facts.push(fact);
        self.facts.len() - 1
    }
}
