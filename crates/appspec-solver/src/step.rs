//! What an action makes of a row, as conditions on the row with what was given: before it is written anything else.

use std::borrow::Cow;

use appspec_ir::{
    Action, Comparison, Entity, Expr, ExprKind, Field, Function, Given, Id, Lifecycle, Moment, Put,
    Row, RowRule, Type, Value, Walk,
};

use crate::fact::{Claim, Fact, Rule, Says, rules};
use crate::fuel::Tank;
use crate::patterns::Patterns;
use crate::replay::{self, Replay};
use crate::same;
use crate::solver::{Solver, Verdict};

/// An action from one of the states that it leaves.
pub struct Step<'s> {
    entity: Walk<'s, Entity>,
    lifecycle: &'s Lifecycle,
    action: &'s Action,
    from: Expr,
    to: Expr,
    /// What it sets, each value over the row with what was given.
    sets: Vec<(Id<Field>, Expr)>,
}

/// Why a step is never taken.
pub enum Never<'s> {
    /// No row in the state that it leaves allows it.
    Fires {
        /// These rules exclude it.
        rules: Vec<Rule<'s>>,
        /// Whether they do so beside its `when` only: without one, no row is in the state.
        by_guard: bool,
    },
    /// Afterwards a rule would never hold.
    Keeps {
        /// The rule.
        broken: Rule<'s>,
        /// The rules beside which it would not.
        others: Vec<Rule<'s>>,
        /// The field to which the step writes what breaks it: with another value the rules could hold.
        by: Option<Id<Field>>,
    },
}

/// What the facts of a question are about.
#[derive(Clone, Copy)]
pub(crate) enum About {
    Before(usize),
    Guard,
    After(usize),
}

impl<'s> Step<'s> {
    /// The step; None for a field that holds no state.
    pub fn of(
        entity: Walk<'s, Entity>,
        lifecycle: &'s Lifecycle,
        action: &'s Action,
        from: &str,
    ) -> Option<Self> {
        let states = lifecycle.states(entity.spec)?;
        let state = |name: &str| Expr {
            kind: ExprKind::Value(Value::Enum(name.to_owned())),
            ty: Type::Enum(states),
            span: action.span,
        };
        let from = state(from);
        let mut sets: Vec<(Id<Field>, Expr)> = Vec::with_capacity(action.sets.len());
        for set in &action.sets {
            let value = set.value.with(&|field| {
                if field == lifecycle.field {
                    Put::Value(&from)
                } else {
                    written(&sets, field)
                }
            })?;
            sets.push((set.field, value));
        }
        Some(Self {
            entity,
            lifecycle,
            action,
            from,
            to: state(&action.to.name),
            sets,
        })
    }

    pub(crate) fn entity(&self) -> Walk<'s, Entity> {
        self.entity
    }

    /// A proof that no row takes the step; None where one may.
    pub fn never(&self, patterns: &mut Patterns) -> Option<Never<'s>> {
        let rules = self.standing();
        let (facts, about) = self.facts(&rules, None, patterns);
        let after = about
            .iter()
            .position(|about| matches!(about, About::After(_)));
        let fires = after.unwrap_or(facts.len());
        let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
        let spec = self.entity.spec;
        let mut solver = Solver::new(spec, self.entity.id, facts, patterns);
        let mut named = |claims: &[Claim]| {
            let Verdict::Contradiction(proof) = solver.satisfy_somehow(claims) else {
                return None;
            };
            let about = proof.iter().filter_map(|claim| about.get(claim.fact));
            Some(about.copied().collect::<Vec<About>>())
        };
        let first = claims.get(..fires)?;
        if let Some(about) = named(first) {
            return Some(Never::Fires {
                rules: listed(&rules, &about),
                by_guard: about.iter().any(|about| matches!(about, About::Guard)),
            });
        }
        let about = named(&claims)?;
        let broken = about.iter().rev().find_map(|about| match about {
            About::After(place) => rules.get(*place),
            About::Before(_) | About::Guard => None,
        })?;
        let mut others = listed(&rules, &about);
        others.retain(|rule| rule.origin != broken.origin);
        Some(Never::Keeps {
            by: self.breaks_by(&rules, broken, patterns),
            broken: broken.clone(),
            others,
        })
    }

    /// The rules because of which its `when` holds for every row in the state; None where one may break it, or where there is
    /// no such row.
    pub fn always_allows(&self, patterns: &mut Patterns) -> Option<Vec<Rule<'s>>> {
        self.action.when.as_ref()?;
        let rules = self.standing();
        let (facts, about) = self.facts(&rules, None, patterns);
        let after = about
            .iter()
            .position(|about| matches!(about, About::After(_)));
        // The last of what has to hold before.
        let when = after.unwrap_or(facts.len()).checked_sub(1)?;
        let mut claims: Vec<Claim> = (0..when).map(Claim::yes).collect();
        claims.push(Claim::no(when));
        let mut solver = Solver::new(self.entity.spec, self.entity.id, facts, patterns);
        let Verdict::Contradiction(proof) = solver.satisfy_somehow(&claims) else {
            return None;
        };
        let about = proof.iter().filter_map(|claim| about.get(claim.fact));
        let about: Vec<About> = about.copied().collect();
        proof
            .contains(&Claim::no(when))
            .then(|| listed(&rules, &about))
    }

    /// What has to hold so that the step is taken: before it, and after the others what is said of the row afterwards.
    /// Of a field that is left open nothing is known before.
    pub(crate) fn facts(
        &self,
        rules: &[Rule<'s>],
        open: Option<Id<Field>>,
        patterns: &mut Patterns,
    ) -> (Vec<Fact<'s>>, Vec<About>) {
        let is_about_it = |fact: &Fact<'_>| fact.fields().iter().any(|field| Some(*field) == open);
        let mut facts = Vec::new();
        let mut about = Vec::new();
        for (place, rule) in rules.iter().enumerate() {
            if !self.reads_what_is_given(&rule.fact) && !is_about_it(&rule.fact) {
                facts.push(put(&rule.fact, |field| self.before(field)));
                about.push(About::Before(place));
            }
        }
        let guard = self.guard().into_iter();
        for fact in guard.filter(|fact| !is_about_it(fact)) {
            facts.push(fact);
            about.push(About::Guard);
        }
        for (place, rule) in rules.iter().enumerate() {
            if let Some(fact) = self.kept(&rule.fact, patterns) {
                facts.push(fact);
                about.push(About::After(place));
            }
        }
        (facts, about)
    }

    /// The field whose new value is why a rule never holds afterwards.
    fn breaks_by(
        &self,
        rules: &[Rule<'s>],
        broken: &Rule<'s>,
        patterns: &mut Patterns,
    ) -> Option<Id<Field>> {
        let reads = broken.fact.fields();
        let mut sets = self.sets.iter().map(|(field, _)| *field);
        sets.find(|field| {
            reads.contains(field)
                && match broken.origin {
                    RowRule::Bound { .. } => true,
                    RowRule::Invariant(_) | RowRule::Derived(_) => {
                        let (facts, _) = self.without(*field).facts(rules, Some(*field), patterns);
                        let claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
                        let spec = self.entity.spec;
                        let mut solver = Solver::new(spec, self.entity.id, facts, patterns);
                        !matches!(solver.satisfy_somehow(&claims), Verdict::Contradiction(_))
                    }
                }
        })
    }

    /// The step that does not write a field.
    fn without(&self, field: Id<Field>) -> Self {
        let others = self.sets.iter().filter(|(set, _)| *set != field);
        Self {
            entity: self.entity,
            lifecycle: self.lifecycle,
            action: self.action,
            from: self.from.clone(),
            to: self.to.clone(),
            sets: others.cloned().collect(),
        }
    }

    /// Whether rules and its `when` let the step begin only where this condition holds; what is given is not asked.
    pub fn starts_only_where(&self, condition: &Expr, patterns: &mut Patterns) -> bool {
        let reads = condition.fields();
        if reads.iter().any(|field| self.action.needs.contains(field)) {
            return false;
        }
        let mut facts: Vec<Fact<'_>> = Vec::new();
        for rule in self.standing() {
            if !self.reads_what_is_given(&rule.fact) {
                facts.push(put(&rule.fact, |field| self.before(field)));
            }
        }
        facts.extend(self.guard());
        let mut claims: Vec<Claim> = (0..facts.len()).map(Claim::yes).collect();
        claims.push(Claim {
            fact: facts.len(),
            holds: false,
        });
        facts.push(Fact::made(
            condition.truth_with(&|field| self.before(field)),
        ));
        let mut solver = Solver::new(self.entity.spec, self.entity.id, facts, patterns);
        matches!(solver.satisfy_somehow(&claims), Verdict::Contradiction(_))
    }

    /// A row that takes the step.
    pub(crate) fn moved(&self, near: &Row, tank: &Tank, patterns: &mut Patterns) -> Option<Given> {
        self.row(true, true, near, tank, patterns)
    }

    /// A row that its `when` refuses, and nothing else where there is such a row.
    pub(crate) fn refused(
        &self,
        near: &Row,
        tank: &Tank,
        patterns: &mut Patterns,
    ) -> Option<Given> {
        self.row(false, true, near, tank, patterns)
            .or_else(|| self.row(false, false, near, tank, patterns))
    }

    fn row(
        &self,
        fires: bool,
        keeps_rules_after: bool,
        near: &Row,
        tank: &Tank,
        patterns: &mut Patterns,
    ) -> Option<Given> {
        let spec = self.entity.spec;
        let rules = self.standing();
        let changes = self.entity.get().changes.iter();
        let changes = changes.filter(|rule| self.is_asked(rule));
        let mut facts: Vec<Fact<'_>> = Vec::new();
        for rule in &rules {
            facts.push(put(&rule.fact, |field| self.emptied(field)));
            facts.extend(
                keeps_rules_after
                    .then(|| self.kept(&rule.fact, patterns))
                    .flatten(),
            );
        }
        // What a field may only become, it may not become by an action either.
        facts.extend(changes.filter(|_| keeps_rules_after).map(|rule| {
            let was = |field| self.emptied(field);
            let becomes = |field| self.after(field);
            Fact::made(rule.condition.truth_between(&was, &becomes))
        }));
        let guard = self.guard();
        let when = self
            .action
            .when
            .is_some()
            .then(|| facts.len() + guard.len() - 1);
        facts.extend(guard);
        // Of a frozen row nothing changes, whatever else allows it.
        let frozen = self.entity.get().frozen.as_ref();
        let frozen = frozen.map(|frozen| {
            let condition = &frozen.condition;
            facts.push(Fact::made(
                condition.truth_with(&|field| self.emptied(field)),
            ));
            facts.len() - 1
        });
        let claims: Vec<Claim> = (0..facts.len())
            .map(|fact| Claim {
                fact,
                holds: Some(fact) != frozen && (fires || Some(fact) != when),
            })
            .collect();
        let all: Vec<usize> = (0..facts.len()).collect();
        let mut solver = Solver::new(spec, self.entity.id, facts, patterns).drawing_on(tank);
        let Verdict::Satisfiable(row) = solver.satisfy_but(&claims, near, &all) else {
            return None;
        };
        let (mut before, mut given, mut after) = (row.clone(), Row::new(), row.clone());
        set(&mut before, self.lifecycle.field, &self.from);
        set(&mut after, self.lifecycle.field, &self.to);
        for field in &self.action.needs {
            given.set(*field, row.get(*field)?.clone());
            if spec.walk(*field).optional {
                before.clear(*field);
            }
        }
        for (field, value) in &self.sets {
            after.set(*field, replay::value(value, &row)?);
        }
        let replay = Replay { spec };
        let mut keeps = |row: &Row| {
            let mut rules = rules.iter();
            rules.all(|rule| replay.agrees(&rule.fact, true, row, patterns))
        };
        let is_kept = keeps(&before) && (!keeps_rules_after || keeps(&after));
        is_kept.then_some(Given { row: before, given })
    }

    /// What has to be given has values, and the `when` holds; that one comes last.
    fn guard(&self) -> Vec<Fact<'s>> {
        let spec = self.entity.spec;
        let needs = self.action.needs.iter().map(|id| spec.walk(*id));
        let needs = needs.filter(|field| field.optional);
        let mut facts: Vec<Fact<'s>> = needs.map(|field| Fact::made(same::is_set(field))).collect();
        facts.extend(
            self.action
                .when
                .as_ref()
                .map(|condition| Fact::made(condition.truth_with(&|field| self.before(field)))),
        );
        facts
    }

    /// Whether what the step sets to this field is what each row holds that takes it.
    pub fn leaves_as_it_is(&self, field: Id<Field>, patterns: &mut Patterns) -> bool {
        if self.action.needs.contains(&field) {
            return false;
        }
        let Put::Value(value) = written(&self.sets, field) else {
            return false;
        };
        let truth = |kind| Expr {
            kind,
            ty: Type::Bool,
            span: value.span,
        };
        let own = Expr {
            kind: ExprKind::Field(field),
            ..value.clone()
        };
        let same = ExprKind::Compare(Comparison::Equal, Box::new(own), Box::new(value.clone()));
        let is_set = ExprKind::IsSet(field);
        let same = truth(ExprKind::And(vec![truth(is_set), truth(same)]));
        self.starts_only_where(&same, patterns)
    }

    /// The rules that hold at any time.
    pub(crate) fn standing(&self) -> Vec<Rule<'s>> {
        let spec = self.entity.spec;
        let mut all = rules(self.entity);
        all.retain(|rule| match rule.origin {
            RowRule::Invariant(id) => spec.walk(id).moment == Moment::Always,
            RowRule::Bound { .. } | RowRule::Derived(_) => true,
        });
        all
    }

    pub(crate) fn before(&self, field: Id<Field>) -> Put<'_> {
        if field == self.lifecycle.field {
            Put::Value(&self.from)
        } else {
            Put::Own
        }
    }

    /// Before it was given, what can be missing was.
    fn emptied(&self, field: Id<Field>) -> Put<'_> {
        if self.action.needs.contains(&field) && self.entity.spec.walk(field).optional {
            Put::Nothing
        } else {
            self.before(field)
        }
    }

    pub(crate) fn after(&self, field: Id<Field>) -> Put<'_> {
        if field == self.lifecycle.field {
            return Put::Value(&self.to);
        }
        written(&self.sets, field)
    }

    /// Whether it has to be given a field.
    pub(crate) fn asks_for(&self, field: Id<Field>) -> bool {
        self.action.needs.contains(&field)
    }

    /// Whether a field may have another value afterwards.
    pub(crate) fn writes(&self, field: Id<Field>) -> bool {
        let sets = self.sets.iter().any(|(set, _)| *set == field);
        let fills = matches!(self.emptied(field), Put::Nothing);
        field == self.lifecycle.field || sets || fills
    }

    /// What a rule says of the row afterwards; None where no fact says it.
    fn kept(&self, fact: &Fact<'s>, patterns: &mut Patterns) -> Option<Fact<'s>> {
        let (Says::Range { field, .. } | Says::Matches { field, .. }) = &fact.says else {
            return Some(put(fact, |field| self.after(field)));
        };
        match self.after(*field) {
            Put::Value(value) => bound(fact, value, patterns),
            Put::Own | Put::Nothing => Some(fact.clone()),
        }
    }

    /// What is given is new: a fact about what was there before says nothing about it.
    fn reads_what_is_given(&self, fact: &Fact<'_>) -> bool {
        let reads = fact.fields();
        reads.iter().any(|field| self.action.needs.contains(field))
    }
}

/// What a field holds after these were set.
fn written(sets: &[(Id<Field>, Expr)], field: Id<Field>) -> Put<'_> {
    let mut sets = sets.iter().rev();
    match sets.find(|(set, _)| *set == field) {
        Some((_, value)) => Put::Value(value),
        None => Put::Own,
    }
}

fn set(row: &mut Row, field: Id<Field>, state: &Expr) {
    if let ExprKind::Value(value) = &state.kind {
        row.set(field, value.clone());
    }
}

/// The rules of a proof, each once.
fn listed<'s>(rules: &[Rule<'s>], about: &[About]) -> Vec<Rule<'s>> {
    let mut places: Vec<usize> = about
        .iter()
        .filter_map(|about| match about {
            About::Before(place) | About::After(place) => Some(*place),
            About::Guard => None,
        })
        .collect();
    places.sort_unstable();
    places.dedup();
    let rules = places.into_iter().filter_map(|place| rules.get(place));
    rules.cloned().collect()
}

/// What the bound of a field says of a value that is written to it; None where no condition says that.
fn bound<'s>(fact: &Fact<'s>, value: &Expr, patterns: &mut Patterns) -> Option<Fact<'s>> {
    let expr = |kind, ty| Expr {
        kind,
        ty,
        span: fact.span,
    };
    let (low, high) = match &fact.says {
        Says::Range { low, high, .. } => (*low, *high),
        Says::Matches { pattern, .. } => {
            let ExprKind::Value(Value::Text(text)) = &value.kind else {
                return None;
            };
            let fits = Value::Bool(patterns.matches(pattern, text)?);
            return Some(Fact::made(expr(ExprKind::Value(fits), Type::Bool)));
        }
        Says::Condition(_) => return None,
    };
    let measured = match (&value.kind, value.ty) {
        (ExprKind::Value(Value::Text(text)), _) => {
            let length = i128::try_from(text.chars().count()).ok()?;
            expr(ExprKind::Value(Value::Int(length)), Type::Int)
        }
        (_, Type::Text) => {
            let length = ExprKind::Call(Function::Length, vec![value.clone()]);
            expr(length, Type::Int)
        }
        (_, Type::Opaque) => return None,
        _ => value.clone(),
    };
    let ends = [
        (low, Comparison::GreaterOrEqual),
        (high, Comparison::LessOrEqual),
    ];
    let ends = ends.into_iter().filter_map(|(end, how)| {
        let end = expr(ExprKind::Value(end?.clone()), measured.ty);
        let compared = ExprKind::Compare(how, Box::new(measured.clone()), Box::new(end));
        Some(expr(compared, Type::Bool))
    });
    let mut ends: Vec<Expr> = ends.collect();
    let inside = match ends.len() {
        0 | 1 => ends.pop()?,
        _ => expr(ExprKind::And(ends), Type::Bool),
    };
    Some(Fact::made(inside))
}

/// A fact, as it reads once fields hold something else.
fn put<'s, 'e>(fact: &Fact<'s>, put: impl Fn(Id<Field>) -> Put<'e>) -> Fact<'s> {
    match &fact.says {
        Says::Condition(condition) => Fact {
            says: Says::Condition(Cow::Owned(condition.truth_with(&put))),
            span: fact.span,
        },
        Says::Range { .. } | Says::Matches { .. } => fact.clone(),
    }
}
