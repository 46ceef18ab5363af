//! Symbols that differ from each other, of which there are more than values: three switches, no two of them alike.

use crate::fuel::NODE;
use crate::problem::{FRESH, Problem};
use crate::state::State;

/// With more symbols that have too few values, nothing is tried.
const MOST_SYMBOLS: usize = 24;
/// How many values are tried before nobody knows.
const MOST_STEPS: usize = 2_000;

/// Whether no values are left for all symbols of a state; `false` when nobody knows.
pub(crate) fn exclude_each_other(problem: &Problem<'_>, state: &State) -> bool {
    if state.differing().len() < 3 {
        return false;
    }
    let mut crowd = Crowd::of(state);
    crowd.let_go();
    if crowd.symbols.is_empty() || crowd.symbols.len() > MOST_SYMBOLS {
        return false;
    }
    let mut steps = 0;
    let domains = crowd.symbols.iter().map(|symbol| Some(symbol.domain));
    let fits = crowd.fits(&domains.collect::<Vec<_>>(), &mut steps);
    problem.fuel.take_for(steps, NODE) && steps < MOST_STEPS && !fits
}

/// A symbol, what it may be, and from which others it differs.
struct Symbol {
    class: usize,
    domain: u128,
    others: Vec<usize>,
}

/// Symbols that differ.
struct Crowd {
    symbols: Vec<Symbol>,
}

impl Crowd {
    fn of(state: &State) -> Self {
        let mut crowd = Self {
            symbols: Vec::new(),
        };
        for (a, b) in state.differing() {
            let (a, b) = (crowd.place(state, *a), crowd.place(state, *b));
            for (one, other) in [(a, b), (b, a)] {
                if let Some(symbol) = crowd.symbols.get_mut(one)
                    && !symbol.others.contains(&other)
                {
                    symbol.others.push(other);
                }
            }
        }
        crowd
    }

    fn place(&mut self, state: &State, symbol: usize) -> usize {
        let class = state.class(symbol);
        let known = self.symbols.iter().position(|own| own.class == class);
        known.unwrap_or_else(|| {
            self.symbols.push(Symbol {
                class,
                domain: state.domain(symbol),
                others: Vec::new(),
            });
            self.symbols.len() - 1
        })
    }

    /// Lets go of those that find a value whatever the others are: they have more than others to differ from, or one of
    /// which there are many.
    fn let_go(&mut self) {
        loop {
            let is_free = |symbol: &Symbol| {
                let values = usize::try_from(symbol.domain.count_ones()).unwrap_or(0);
                symbol.domain & FRESH != 0 || values > symbol.others.len()
            };
            let Some(place) = self.symbols.iter().position(is_free) else {
                return;
            };
            self.symbols.remove(place);
            for symbol in &mut self.symbols {
                symbol.others.retain(|other| *other != place);
                for other in &mut symbol.others {
                    *other -= usize::from(*other > place);
                }
            }
        }
    }

    /// Whether there is a value for each; also where nobody knows. As deep as there are symbols.
    fn fits(&self, domains: &[Option<u128>], steps: &mut usize) -> bool {
        let open = domains.iter().enumerate();
        let open = open.filter_map(|(place, domain)| Some((place, (*domain)?)));
        let Some((place, domain)) = open.min_by_key(|(_, domain)| domain.count_ones()) else {
            return true;
        };
        let mut left = domain;
        while left != 0 {
            *steps += 1;
            if *steps >= MOST_STEPS {
                return true;
            }
            let value = left & left.wrapping_neg();
            left &= !value;
            let mut rest = domains.to_vec();
            if let Some(own) = rest.get_mut(place) {
                *own = None;
            }
            let others = self
                .symbols
                .get(place)
                .map(|symbol| symbol.others.as_slice());
            for other in others.unwrap_or_default() {
                if let Some(Some(domain)) = rest.get_mut(*other) {
                    *domain &= !value;
                }
            }
            if rest.iter().all(|domain| *domain != Some(0)) && self.fits(&rest, steps) {
                return true;
            }
        }
        false
    }
}
