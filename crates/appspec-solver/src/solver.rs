mod moved;

use appspec_ir::{Entity, Field, Id, Row, Spec, Value, Walk};

use crate::fact::{Claim, Fact};
use crate::fuel::{EVALUATION, Fuel, Tank};
use crate::groups::{self, Group};
use crate::model::Modeller;
use crate::patterns::Patterns;
use crate::plain;
use crate::problem::Problem;
use crate::replay::Replay;
use crate::search::{Beginning, Outcome, Why, is_refuted, search};
use crate::slot;

/// Whether some claims can hold for one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// They do for this row, says the evaluator.
    Satisfiable(Row),
    /// They can't, and without any of these they could (or nobody knows). In the order in which they were asked.
    Contradiction(Vec<Claim>),
    /// Nobody knows.
    Unknown(Why),
}

/// Whether a fact follows from others.
#[derive(Clone, Debug, PartialEq)]
pub enum Implication {
    /// It follows from these; from none, if it always holds.
    Proven(Vec<usize>),
    /// It does not: the others hold for this row, and it does not.
    Refuted(Row),
    /// Nobody knows.
    Unknown(Why),
}

/// Moving rows may cost this part of what questions may cost.
const SHARES_OF_MOVING: usize = 10;

/// What a row should look like.
#[derive(Clone, Copy)]
struct Wish<'r> {
    /// A row to stay close to.
    near: Option<&'r Row>,
    /// As many fields may be otherwise.
    good_enough: usize,
}

impl<'r> Wish<'r> {
    const SMALL: Wish<'static> = Wish {
        near: None,
        good_enough: 0,
    };
    const ANY: Wish<'static> = Wish {
        near: None,
        good_enough: usize::MAX,
    };

    fn near(row: &'r Row) -> Self {
        Self {
            near: Some(row),
            good_enough: 1,
        }
    }

    fn is_any(self) -> bool {
        self.near.is_none() && self.good_enough == usize::MAX
    }
}

/// A group of facts, made ready when it is asked about for the first time.
enum Part<'s> {
    Waiting(Group<'s>),
    Ready(Box<Problem<'s>>, Option<Beginning>),
}

impl<'s> Part<'s> {
    fn fact(&self, place: usize) -> Option<&Fact<'s>> {
        match self {
            Self::Waiting(group) => group.facts.get(place),
            Self::Ready(problem, _) => problem.facts.get(place).map(|own| &own.fact),
        }
    }

    fn fields(&self) -> Vec<Id<Field>> {
        match self {
            Self::Waiting(group) => group.fields.clone(),
            Self::Ready(problem, _) => problem.slots.iter().map(|slot| slot.field).collect(),
        }
    }
}

/// Answers questions about the rows of one entity.
pub struct Solver<'s, 'p> {
    entity: Walk<'s, Entity>,
    problems: Vec<Part<'s>>,
    /// Where each fact went: the problem, and its place there.
    places: Vec<(usize, usize)>,
    /// What each fact reads.
    reads: Vec<Vec<Id<Field>>>,
    /// Fields of which no fact speaks.
    loose: Vec<Id<Field>>,
    /// What most questions claim.
    usual: Vec<Claim>,
    tank: Tank,
    /// What moving rows may cost; kept apart, so that no proof goes without because of it.
    moving: Fuel,
    patterns: &'p mut Patterns,
}

impl<'s, 'p> Solver<'s, 'p> {
    /// Prepares facts about the rows of an entity; a claim names them by their place in the list.
    pub fn new(
        spec: &'s Spec,
        entity: Id<Entity>,
        facts: Vec<Fact<'s>>,
        patterns: &'p mut Patterns,
    ) -> Self {
        let entity = spec.walk(entity);
        let tank = Tank::one_of(spec.entities.len());
        let grouped = groups::of(entity, facts);
        Self {
            entity,
            problems: grouped.groups.into_iter().map(Part::Waiting).collect(),
            places: grouped.places,
            reads: grouped.reads,
            loose: grouped.loose,
            usual: Vec::new(),
            moving: Fuel::shared(&tank, SHARES_OF_MOVING, EVALUATION),
            tank,
            patterns,
        }
    }

    /// The same, with what others left for the entity.
    pub(crate) fn drawing_on(mut self, tank: &Tank) -> Self {
        self.tank = tank.clone();
        self
    }

    /// Whether the claims can hold together for a row of small, round values.
    pub fn satisfy(&mut self, claims: &[Claim]) -> Verdict {
        self.answer(claims, Wish::SMALL)
    }

    /// The same, for the first row that comes along.
    pub fn satisfy_somehow(&mut self, claims: &[Claim]) -> Verdict {
        self.answer(claims, Wish::ANY)
    }

    /// The same, for a row that differs from another one as little as possible.
    pub fn satisfy_near(&mut self, claims: &[Claim], near: &Row) -> Verdict {
        self.answer(claims, Wish::near(near))
    }

    /// The same where the other row is known to fulfil every claim but those about some facts: only what has to do with
    /// those is looked at.
    pub fn satisfy_but(&mut self, claims: &[Claim], near: &Row, but: &[usize]) -> Verdict {
        let mut row = near.clone();
        for place in self.touched(but) {
            let own = self.claims_of(place, claims);
            match self.solve(place, &own, Wish::near(near)) {
                Outcome::Found(values) => put(&mut row, values),
                Outcome::None => {
                    return Verdict::Contradiction(self.contradiction(place, own, claims));
                }
                Outcome::Open(why) => return Verdict::Unknown(why),
            }
        }
        Verdict::Satisfiable(row)
    }

    /// Says how most of the questions to come begin. No answer depends on it; those of
    /// [`refute_but`](Self::refute_but) come sooner.
    pub fn expect(&mut self, claims: &[Claim]) {
        self.usual = claims.to_vec();
        for part in &mut self.problems {
            if let Part::Ready(_, beginning) = part {
                *beginning = None;
            }
        }
    }

    /// Claims that exclude each other, as [`satisfy_but`](Self::satisfy_but) would find them. No row is looked for, so that
    /// this costs a fraction.
    pub fn refute_but(&mut self, claims: &[Claim], but: &[usize]) -> Option<Vec<Claim>> {
        self.touched(but).into_iter().find_map(|place| {
            let own = self.claims_of(place, claims);
            self.is_refuted(place, &own)
                .then(|| self.contradiction(place, own, claims))
        })
    }

    /// Whether a fact follows from others.
    pub fn implies(&mut self, given: &[usize], then: usize) -> Implication {
        let mut claims: Vec<Claim> = given.iter().copied().map(Claim::yes).collect();
        claims.push(Claim::no(then));
        match self.satisfy(&claims) {
            Verdict::Satisfiable(row) => Implication::Refuted(row),
            Verdict::Unknown(why) => Implication::Unknown(why),
            Verdict::Contradiction(core) => {
                let core = core.into_iter().filter(|claim| *claim != Claim::no(then));
                Implication::Proven(core.map(|claim| claim.fact).collect())
            }
        }
    }

    /// Whether a fact holds for every row.
    pub fn always_true(&mut self, fact: usize) -> Implication {
        self.implies(&[], fact)
    }

    fn answer(&mut self, claims: &[Claim], wish: Wish<'_>) -> Verdict {
        let mut row = Row::with_room(self.entity.get().fields.len());
        let mut unknown = None;
        for place in 0..self.problems.len() {
            if wish.is_any()
                && let Some(values) = self.plainly(place, claims)
            {
                put(&mut row, values);
                continue;
            }
            let own = self.claims_of(place, claims);
            match self.solve(place, &own, wish) {
                Outcome::Found(values) => put(&mut row, values),
                Outcome::None => {
                    return Verdict::Contradiction(self.contradiction(place, own, claims));
                }
                Outcome::Open(why) => unknown = Some(why),
            }
        }
        if let Some(why) = unknown {
            return Verdict::Unknown(why);
        }
        for field in &self.loose {
            if let Some(value) = loose_value(self.entity.spec.walk(*field), wish.near) {
                row.set(*field, value);
            }
        }
        Verdict::Satisfiable(row)
    }

    fn contradiction(
        &mut self,
        place: usize,
        own: Vec<(usize, bool)>,
        claims: &[Claim],
    ) -> Vec<Claim> {
        let core = self.minimal(place, own);
        let in_core = |claim: &&Claim| {
            let place_of = self.places.get(claim.fact).copied();
            core.iter()
                .any(|(fact, holds)| place_of == Some((place, *fact)) && *holds == claim.holds)
        };
        claims.iter().filter(in_core).copied().collect()
    }

    /// The problems that facts belong to, each once.
    fn touched(&self, facts: &[usize]) -> Vec<usize> {
        let problems = facts.iter().filter_map(|fact| self.places.get(*fact));
        let mut touched: Vec<usize> = problems.map(|(problem, _)| *problem).collect();
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    /// The claims about facts of one problem, by their places there.
    fn claims_of(&self, problem: usize, claims: &[Claim]) -> Vec<(usize, bool)> {
        let places = claims.iter().filter_map(|claim| {
            let (own, place) = self.places.get(claim.fact)?;
            (*own == problem).then_some((place, claim.holds))
        });
        places.map(|(place, holds)| (*place, holds)).collect()
    }

    fn make_ready(&mut self, place: usize) {
        let problems = self.problems.len();
        let Some(part) = self.problems.get_mut(place) else {
            return;
        };
        if let Part::Waiting(group) = part {
            let Group { fields, facts } = std::mem::take(group);
            let problem = Problem::new(
                self.entity.spec,
                &fields,
                facts,
                (&self.tank, problems),
                self.patterns,
            );
            *part = Part::Ready(Box::new(problem), None);
        }
    }

    /// Whether claims about the facts of one problem exclude each other.
    fn is_refuted(&mut self, place: usize, claims: &[(usize, bool)]) -> bool {
        self.make_ready(place);
        if let Some(Part::Ready(problem, None)) = self.problems.get(place) {
            let usual = self.claims_of(place, &self.usual);
            let new = Beginning::new(problem, problem.wanted(&usual));
            if let Some(Part::Ready(_, beginning)) = self.problems.get_mut(place) {
                *beginning = Some(new);
            }
        }
        let Some(Part::Ready(problem, Some(beginning))) = self.problems.get(place) else {
            return false;
        };
        is_refuted(problem, beginning, &problem.wanted(claims))
    }

    fn solve(&mut self, place: usize, claims: &[(usize, bool)], wish: Wish<'_>) -> Outcome<Values> {
        self.make_ready(place);
        let Some(Part::Ready(problem, _)) = self.problems.get(place) else {
            return Outcome::Open(Why::Theory);
        };
        let spec = self.entity.spec;
        if let Some(values) = obvious(spec, problem, claims, wish.near, self.patterns) {
            return Outcome::Found(values);
        }
        let mut modeller = Modeller {
            spec,
            patterns: self.patterns,
            near: wish.near,
            claims,
            good_enough: wish.good_enough,
        };
        match search(problem, &problem.wanted(claims), &mut modeller) {
            Outcome::Found(model) => Outcome::Found(model.values),
            Outcome::None => Outcome::None,
            Outcome::Open(why) => Outcome::Open(why),
        }
    }

    /// Leaves out what is not needed for the contradiction, the last claims first.
    fn minimal(&mut self, place: usize, claims: Vec<(usize, bool)>) -> Vec<(usize, bool)> {
        let mut core = claims;
        loop {
            let before = core.len();
            // Of many claims few are needed, so that whole stretches go at once. What is left is the same as if each claim
            // was tried by itself.
            let mut stretches = vec![(0, before)];
            while let Some((start, end)) = stretches.pop() {
                let mut without = core.clone();
                without.drain(start..end);
                if self.is_refuted(place, &without) {
                    core = without;
                } else if end - start > 1 {
                    let middle = usize::midpoint(start, end);
                    stretches.push((start, middle));
                    stretches.push((middle, end));
                }
            }
            // A few claims may be refuted where more of them were given up.
            if core.len() == before || core.len() < 2 {
                return core;
            }
        }
    }
}

/// A value for a field of which no fact speaks, if it should have one.
fn loose_value(field: Walk<'_, Field>, near: Option<&Row>) -> Option<Value> {
    let filled = match near {
        Some(near) => near.get(field.id).is_some(),
        None => !field.optional || slot::gets_a_value(field.get()),
    };
    filled.then(|| plain::value(field, near)).flatten()
}

/// A row of the plainest values of these fields.
fn plainest(spec: &Spec, fields: impl ExactSizeIterator<Item = Id<Field>>) -> Row {
    let mut row = Row::with_room(fields.len());
    for field in fields {
        if let Some(value) = loose_value(spec.walk(field), None) {
            row.set(field, value);
        }
    }
    row
}

type Values = Vec<(Id<Field>, Option<Value>)>;

fn put(row: &mut Row, values: Values) {
    for (field, value) in values {
        match value {
            Some(value) => row.set(field, value),
            None => row.clear(field),
        }
    }
}

/// Values that need no search: those of the row to stay close to, or the plainest ones.
fn obvious(
    spec: &Spec,
    problem: &Problem<'_>,
    claims: &[(usize, bool)],
    near: Option<&Row>,
    patterns: &mut Patterns,
) -> Option<Values> {
    let fields = problem.slots.iter().map(|slot| slot.field);
    let plain = match near {
        Some(_) => Row::new(),
        None => plainest(spec, fields.clone()),
    };
    let row = near.unwrap_or(&plain);
    let replay = Replay { spec };
    // What should not hold is mostly what the row to stay close to says otherwise.
    let broken = claims.iter().filter(|(_, holds)| !holds);
    let kept = claims.iter().filter(|(_, holds)| *holds);
    for (place, holds) in broken.chain(kept).copied() {
        if !problem.fuel.take_for(1, EVALUATION) {
            return None;
        }
        let fact = &problem.facts.get(place)?.fact;
        if !replay.agrees(fact, holds, row, patterns) {
            return None;
        }
    }
    let values = fields.map(|field| (field, row.get(field).cloned()));
    Some(values.collect())
}
