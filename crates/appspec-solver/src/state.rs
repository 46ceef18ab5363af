use std::rc::Rc;

use crate::affixes;
use crate::definition;
use crate::formula::{Formulas, Literal, Node, NodeId};
use crate::linear::{AtMost, Linear};
use crate::matrix::{Conflict, Matrix};
use crate::problem::{FRESH, Problem};
use crate::slot;

/// How often sums and definitions are drawn from again before the rest is left, which is sound.
const ROUNDS: usize = 40;

/// Numbers with their weights, and the most that they may add up to.
pub(crate) type Sum = (Vec<(usize, i128)>, i128);

/// What is known about a row at one point of the search.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Whether the field of a slot has a value. Shared between states until one of them changes it, like most of this.
    filled: Rc<Vec<Option<bool>>>,
    /// The possible values of symbols; that of a class stands at its first member.
    domains: Rc<Vec<u128>>,
    /// The first symbol of those that are the same.
    class: Rc<Vec<usize>>,
    /// Symbols that differ.
    differ: Rc<Vec<(usize, usize)>>,
    pub(crate) matrix: Matrix,
    sums: Rc<Vec<Sum>>,
    opaque: Rc<Vec<Option<bool>>>,
    /// Whether numbers changed from which more could be drawn.
    unsettled: bool,
    /// Whether symbols did.
    unsettled_symbols: bool,
}

/// What a state says about a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    True,
    False,
    Open,
}

impl State {
    pub(crate) fn new(problem: &Problem<'_>, matrix: Matrix) -> Self {
        let filled = |slot: &crate::problem::Slot| (!slot.optional).then_some(true);
        Self {
            filled: Rc::new(problem.slots.iter().map(filled).collect()),
            domains: Rc::new(problem.symbols.iter().map(|symbol| symbol.domain).collect()),
            class: Rc::new((0..problem.symbols.len()).collect()),
            differ: Rc::default(),
            matrix,
            sums: Rc::default(),
            opaque: Rc::new(vec![None; problem.atoms.len()]),
            unsettled: true,
            unsettled_symbols: true,
        }
    }

    pub(crate) fn filled(&self, slot: usize) -> Option<bool> {
        self.filled.get(slot).copied().flatten()
    }

    pub(crate) fn opaque(&self, atom: usize) -> Option<bool> {
        self.opaque.get(atom).copied().flatten()
    }

    /// The first of the symbols that are the same as this one.
    pub(crate) fn class(&self, symbol: usize) -> usize {
        self.class.get(symbol).copied().unwrap_or(symbol)
    }

    pub(crate) fn domain(&self, symbol: usize) -> u128 {
        self.domains.get(self.class(symbol)).copied().unwrap_or(0)
    }

    /// The sums that are more than differences.
    pub(crate) fn sums(&self) -> &[Sum] {
        &self.sums
    }

    /// The pairs of symbols that differ.
    pub(crate) fn differing(&self) -> &[(usize, usize)] {
        &self.differ
    }

    /// The smallest and largest value of a number.
    pub(crate) fn ends(&self, number: usize) -> (i128, i128) {
        (self.matrix.lower(number), self.matrix.upper(number))
    }

    /// The smallest and largest value of a sum without its shift.
    pub(crate) fn range(&self, sum: &Linear) -> Option<(i128, i128)> {
        sum.range(|number| self.ends(number))
    }

    /// Takes a formula that is no choice for granted; what is one is put aside.
    pub(crate) fn assume(
        &mut self,
        problem: &Problem<'_>,
        node: NodeId,
        choices: &mut Vec<NodeId>,
    ) -> Result<(), Conflict> {
        match problem.formulas.get(node) {
            Node::Never => Err(Conflict),
            Node::Always => Ok(()),
            Node::Literal(literal) => self.take(problem, literal),
            Node::Any(_) => {
                choices.push(node);
                Ok(())
            }
            Node::All(parts) => parts
                .iter()
                .try_for_each(|part| self.assume(problem, *part, choices)),
        }
    }

    /// Takes a literal for granted.
    pub(crate) fn take(
        &mut self,
        problem: &Problem<'_>,
        literal: &Literal,
    ) -> Result<(), Conflict> {
        match literal {
            Literal::Filled(slot, filled) => set(&mut self.filled, *slot, *filled),
            Literal::Number(comparison) => self.compare(problem, comparison),
            Literal::Within(symbol, among) => self.restrict(*symbol, *among).map(|_| ()),
            Literal::Same(a, b, true) => self.join(problem, *a, *b),
            Literal::Same(a, b, false) => {
                if self.class(*a) == self.class(*b) {
                    return Err(Conflict);
                }
                Rc::make_mut(&mut self.differ).push((*a, *b));
                self.unsettled_symbols = true;
                Ok(())
            }
            Literal::Opaque(atom, truth) => self.take_opaque(problem, *atom, *truth),
        }
    }

    fn take_opaque(
        &mut self,
        problem: &Problem<'_>,
        place: usize,
        truth: bool,
    ) -> Result<(), Conflict> {
        if self.opaque(place) == Some(truth) {
            return Ok(());
        }
        self.decide(problem, place, truth)?;
        let Some(atom) = problem.atoms.get(place) else {
            return Ok(());
        };
        // What follows from these follows from this one.
        let follow = if truth { &atom.then } else { &atom.otherwise };
        for (other, truth) in follow {
            self.decide(problem, *other, *truth)?;
        }
        let Some(symbol) = atom.subject else {
            return Ok(());
        };
        if !truth {
            return Ok(());
        }
        let least = affixes::least_length(problem, self, symbol).max(atom.lengths.0);
        let most = atom.lengths.1;
        let slot = problem.symbols.get(symbol).map(|own| own.slot);
        let Some(slot) = slot.and_then(|slot| problem.slots.get(slot)) else {
            return Ok(());
        };
        if let Some(length) = slot.length {
            let unit = problem.numbers.get(length).map_or(1, |own| own.unit);
            let ends = (least.saturating_mul(unit), most.saturating_mul(unit));
            self.unsettled |= definition::between(length, ends, problem, self)?;
            return Ok(());
        }
        let (shortest, longest) = slot::lengths(problem.spec.walk(slot.field).get());
        if least > longest || most < shortest {
            return Err(Conflict);
        }
        Ok(())
    }

    fn decide(&mut self, problem: &Problem<'_>, place: usize, truth: bool) -> Result<(), Conflict> {
        set(&mut self.opaque, place, truth)?;
        let Some(atom) = problem.atoms.get(place) else {
            return Ok(());
        };
        let refused = if truth {
            atom.fails_for
        } else {
            atom.holds_for
        };
        match atom.subject {
            Some(symbol) => self.restrict(symbol, !refused).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Without fuel less is known, which excludes nothing.
    fn compare(&mut self, problem: &Problem<'_>, comparison: &AtMost) -> Result<(), Conflict> {
        if problem.fuel.is_empty() {
            return Ok(());
        }
        let units = &problem.units;
        self.unsettled |= match comparison {
            AtMost::Always => false,
            AtMost::Never => return Err(Conflict),
            AtMost::Upper(x, most) => self.matrix.at_most(*x, *most, units)?,
            AtMost::Lower(x, least) => self.matrix.at_least(*x, *least, units)?,
            AtMost::Difference(x, y, most) => self.matrix.apart(*x, *y, *most, units)?,
            AtMost::Sum(terms, most) => {
                Rc::make_mut(&mut self.sums).push((terms.clone(), *most));
                true
            }
        };
        problem.fuel.take_for(1 + self.matrix.take_cost(), 1);
        Ok(())
    }

    /// Leaves a symbol only these values; whether that is news.
    pub(crate) fn restrict(&mut self, symbol: usize, among: u128) -> Result<bool, Conflict> {
        let class = self.class(symbol);
        let before = self.domain(symbol);
        let now = before & among;
        if now == 0 {
            return Err(Conflict);
        }
        if now == before {
            return Ok(false);
        }
        if let Some(domain) = Rc::make_mut(&mut self.domains).get_mut(class) {
            *domain = now;
        }
        self.unsettled_symbols = true;
        Ok(true)
    }

    fn join(&mut self, problem: &Problem<'_>, a: usize, b: usize) -> Result<(), Conflict> {
        let (a_class, b_class) = (self.class(a), self.class(b));
        if a_class == b_class {
            return Ok(());
        }
        self.unsettled = true;
        self.unsettled_symbols = true;
        let (first, second) = (a_class.min(b_class), a_class.max(b_class));
        let domain = self.domain(second);
        self.restrict(first, domain)?;
        for class in Rc::make_mut(&mut self.class) {
            if *class == second {
                *class = first;
            }
        }
        let apart = |(x, y): &(usize, usize)| self.class(*x) == self.class(*y);
        if self.differ.iter().any(apart) {
            return Err(Conflict);
        }
        let length = |symbol: usize| {
            let slot = problem.symbols.get(symbol)?.slot;
            problem.slots.get(slot)?.length
        };
        if let (Some(x), Some(y)) = (length(a), length(b)) {
            self.matrix.apart(x, y, 0, &problem.units)?;
            self.matrix.apart(y, x, 0, &problem.units)?;
        }
        Ok(())
    }

    /// Draws from sums, definitions and differing symbols until nothing new follows.
    pub(crate) fn settle(&mut self, problem: &Problem<'_>) -> Result<(), Conflict> {
        let numbers = self.unsettled && !(self.sums.is_empty() && problem.definitions.is_empty());
        let symbols =
            self.unsettled_symbols && (problem.measures_symbols || !self.differ.is_empty());
        if !numbers && !symbols {
            self.unsettled = false;
            self.unsettled_symbols = false;
            return Ok(());
        }
        for _ in 0..ROUNDS {
            let mut news = self.draw_from_sums(problem)?;
            for definition in &problem.definitions {
                news |= definition.draw(problem, self)?;
            }
            news |= self.draw_from_differing()?;
            let has_fuel = problem.fuel.take_for(1 + self.matrix.take_cost(), 1);
            if !news || !has_fuel {
                self.unsettled = false;
                self.unsettled_symbols = false;
                break;
            }
        }
        Ok(())
    }

    fn draw_from_sums(&mut self, problem: &Problem<'_>) -> Result<bool, Conflict> {
        let sums = Rc::clone(&self.sums);
        let mut news = false;
        for (terms, most) in sums.iter() {
            news |= self.draw_from_sum(problem, terms, *most)?;
        }
        Ok(news)
    }

    fn draw_from_sum(
        &mut self,
        problem: &Problem<'_>,
        terms: &[(usize, i128)],
        most: i128,
    ) -> Result<bool, Conflict> {
        let Some(smallest) = self.smallest(terms) else {
            return Ok(false);
        };
        let Some(slack) = most.checked_sub(smallest) else {
            return Ok(false);
        };
        if slack < 0 {
            return Err(Conflict);
        }
        let mut news = false;
        for (number, weight) in terms {
            // The number may move away from its cheapest end by so much.
            let way = slack.div_euclid(weight.abs());
            let (low, high) = self.ends(*number);
            news |= if *weight > 0 {
                self.matrix
                    .at_most(*number, low.saturating_add(way), &problem.units)?
            } else {
                self.matrix
                    .at_least(*number, high.saturating_sub(way), &problem.units)?
            };
        }
        Ok(news)
    }

    /// The smallest value of a sum, if 128 bits hold it.
    fn smallest(&self, terms: &[(usize, i128)]) -> Option<i128> {
        terms.iter().try_fold(0_i128, |sum, (number, weight)| {
            let (low, high) = self.ends(*number);
            let end = if *weight > 0 { low } else { high };
            sum.checked_add(end.checked_mul(*weight)?)
        })
    }

    /// The same for the largest one.
    fn largest(&self, terms: &[(usize, i128)]) -> Option<i128> {
        terms.iter().try_fold(0_i128, |sum, (number, weight)| {
            let (low, high) = self.ends(*number);
            let end = if *weight > 0 { high } else { low };
            sum.checked_add(end.checked_mul(*weight)?)
        })
    }

    fn draw_from_differing(&mut self) -> Result<bool, Conflict> {
        let mut news = false;
        for (a, b) in Rc::clone(&self.differ).iter().copied() {
            for (one, other) in [(a, b), (b, a)] {
                let domain = self.domain(one);
                // Two that are like no constant can still differ.
                if domain.is_power_of_two() && domain != FRESH {
                    news |= self.restrict(other, !domain)?;
                }
            }
        }
        Ok(news)
    }

    /// What is already known about a formula.
    pub(crate) fn judge(&self, problem: &Problem<'_>, node: NodeId) -> Known {
        match problem.formulas.get(node) {
            Node::Never => Known::False,
            Node::Always => Known::True,
            Node::Literal(literal) => self.judge_literal(literal),
            Node::All(parts) => self.judge_parts(problem, parts, Known::True, Known::False),
            Node::Any(parts) => self.judge_parts(problem, parts, Known::False, Known::True),
        }
    }

    fn judge_parts(
        &self,
        problem: &Problem<'_>,
        parts: &[NodeId],
        neutral: Known,
        decisive: Known,
    ) -> Known {
        let mut all = neutral;
        for part in parts {
            let known = self.judge(problem, *part);
            if known == decisive {
                return decisive;
            }
            if known == Known::Open {
                all = Known::Open;
            }
        }
        all
    }

    fn judge_literal(&self, literal: &Literal) -> Known {
        let wanted = |known: Option<bool>, wanted: bool| match known {
            Some(known) if known == wanted => Known::True,
            Some(_) => Known::False,
            None => Known::Open,
        };
        match literal {
            Literal::Filled(slot, filled) => wanted(self.filled(*slot), *filled),
            Literal::Opaque(atom, truth) => wanted(self.opaque(*atom), *truth),
            Literal::Within(symbol, among) => {
                let domain = self.domain(*symbol);
                if domain & !among == 0 {
                    Known::True
                } else if domain & among == 0 {
                    Known::False
                } else {
                    Known::Open
                }
            }
            Literal::Same(a, b, same) => wanted(self.same(*a, *b), *same),
            Literal::Number(comparison) => self.judge_comparison(comparison),
        }
    }

    fn same(&self, a: usize, b: usize) -> Option<bool> {
        if self.class(a) == self.class(b) {
            return Some(true);
        }
        let (x, y) = (self.domain(a), self.domain(b));
        if x & y == 0 {
            return Some(false);
        }
        if x == y && x.is_power_of_two() && x != FRESH {
            return Some(true);
        }
        let (x, y) = (self.class(a), self.class(b));
        let differ = self.differ.iter().any(|(one, other)| {
            let pair = (self.class(*one), self.class(*other));
            pair == (x, y) || pair == (y, x)
        });
        differ.then_some(false)
    }

    fn judge_comparison(&self, comparison: &AtMost) -> Known {
        let (smallest, largest, most) = match comparison {
            AtMost::Always => return Known::True,
            AtMost::Never => return Known::False,
            AtMost::Upper(x, most) => (self.matrix.lower(*x), self.matrix.upper(*x), *most),
            AtMost::Lower(x, least) => {
                let (low, high) = self.ends(*x);
                (-high, -low, least.saturating_neg())
            }
            AtMost::Difference(x, y, most) => (
                -self.matrix.difference(*y, *x),
                self.matrix.difference(*x, *y),
                *most,
            ),
            AtMost::Sum(terms, most) => match (self.smallest(terms), self.largest(terms)) {
                (Some(low), Some(high)) => (low, high, *most),
                _ => return Known::Open,
            },
        };
        if largest <= most {
            Known::True
        } else if smallest > most {
            Known::False
        } else {
            Known::Open
        }
    }
}

fn set(places: &mut Rc<Vec<Option<bool>>>, place: usize, value: bool) -> Result<(), Conflict> {
    match places.get(place).copied().flatten() {
        Some(known) if known == value => Ok(()),
        Some(_) => Err(Conflict),
        None => {
            if let Some(known) = Rc::make_mut(places).get_mut(place) {
                *known = Some(value);
            }
            Ok(())
        }
    }
}

impl Formulas {
    /// The alternatives of a choice.
    pub(crate) fn alternatives(&self, node: NodeId) -> &[NodeId] {
        match self.get(node) {
            Node::Any(parts) => parts,
            _ => &[],
        }
    }
}
