use std::borrow::Cow;

use appspec_ir::{Field, Id, Row, Spec, Value};

use crate::candidates::{self, Bits, Candidates};
use crate::fact::Fact;
use crate::formula::Literal;
use crate::fuel::EVALUATION;
use crate::linear::AtMost;
use crate::patterns::Patterns;
use crate::plain;
use crate::problem::{FRESH, Problem, Slot};
use crate::replay::{Replay, TODAY};
use crate::slot::{self, Class, DAY, Kind, Sort};
use crate::state::State;
use crate::texts;

/// How many values are tried for one branch of the search.
const MOST_TRIES: usize = 300;

/// A text of one character may be too short for a rule about a part of it, which nothing else says.
const LONGER: i128 = 5;

/// Values for the fields of a problem; the evaluator agrees with them.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) values: Vec<(Id<Field>, Option<Value>)>,
    /// How many fields are not as they were wished.
    pub(crate) cost: usize,
}

/// What a row should look like, and what it has to fulfil.
pub(crate) struct Modeller<'m, 's> {
    pub(crate) spec: &'s Spec,
    pub(crate) patterns: &'m mut Patterns,
    /// A row to stay close to.
    pub(crate) near: Option<&'m Row>,
    /// The facts of the problem by place, and how each should come out.
    pub(crate) claims: &'m [(usize, bool)],
    /// No smaller model is looked for than one of this cost.
    pub(crate) good_enough: usize,
}

/// Something that gets a value.
#[derive(Clone, Copy, Debug)]
enum Variable {
    Number(usize, Option<usize>, Class),
    Symbol(usize),
}

struct Frame {
    state: State,
    candidates: Candidates,
}

impl Modeller<'_, '_> {
    /// The value that a field should have if nothing speaks against it.
    fn wish(&self, field: Id<Field>) -> Option<Cow<'_, Value>> {
        match self.near {
            Some(near) => near.get(field).map(Cow::Borrowed),
            None => slot::usual(self.spec.walk(field)).map(Cow::Owned),
        }
    }

    /// A row of a branch without choices, if trying finds one.
    pub(crate) fn model(&mut self, problem: &Problem<'_>, state: &State) -> Option<Model> {
        let mut state = state.clone();
        for (place, slot) in problem.slots.iter().enumerate() {
            if state.filled(place).is_none() {
                let filled = self.wants_value(slot);
                state.take(problem, &Literal::Filled(place, filled)).ok()?;
            }
        }
        if let Some(model) = self.near.and_then(|near| self.guess(problem, &state, near)) {
            return Some(model);
        }
        let variables = variables(problem, &state);
        let mut tries = 0;
        let mut frames: Vec<Frame> = Vec::with_capacity(variables.len());
        let mut current = state;
        loop {
            let Some(variable) = variables.get(frames.len()) else {
                if let Some(model) = self.judged(problem, &current) {
                    return Some(model);
                }
                current = self.next(problem, &variables, &mut frames, &mut tries)?;
                continue;
            };
            let candidates = self.candidates(problem, &current, *variable);
            frames.push(Frame {
                state: current,
                candidates,
            });
            current = self.next(problem, &variables, &mut frames, &mut tries)?;
        }
    }

    /// The row to stay close to, with each value moved just as far as its own ends ask: mostly right, and cheap.
    fn guess(&mut self, problem: &Problem<'_>, state: &State, near: &Row) -> Option<Model> {
        let mut values = Vec::with_capacity(problem.slots.len());
        for (place, slot) in problem.slots.iter().enumerate() {
            if state.filled(place) != Some(true) {
                values.push((slot.field, None));
                continue;
            }
            let Some(wish) = near.get(slot.field) else {
                values.push((slot.field, Some(self.first(problem, state, place, slot)?)));
                continue;
            };
            let value = match slot.kind {
                Kind::Presence => wish.clone(),
                Kind::Number(class) => {
                    let number = slot::number(wish, class, problem.scale)?;
                    let (low, high) = state.ends(slot.variable);
                    if (low..=high).contains(&number) {
                        wish.clone()
                    } else {
                        let number = if number < low { low } else { high };
                        slot::value(
                            self.spec.walk(slot.field).get(),
                            class,
                            number,
                            problem.scale,
                        )?
                    }
                }
                Kind::Symbol(_) => {
                    let domain = state.domain(slot.variable);
                    let constants = problem.constants(slot.variable)?;
                    if domain & constants.bit(wish).unwrap_or(FRESH) != 0 {
                        wish.clone()
                    } else {
                        self.constant(slot, constants.of_bit(domain.trailing_zeros())?)?
                    }
                }
            };
            values.push((slot.field, Some(value)));
        }
        self.replayed(problem, values)
    }

    /// The first value worth trying for a field that the row to stay close to leaves empty.
    fn first(
        &self,
        problem: &Problem<'_>,
        state: &State,
        place: usize,
        slot: &Slot,
    ) -> Option<Value> {
        let field = self.spec.walk(slot.field);
        match slot.kind {
            Kind::Presence => plain::value(field, None),
            Kind::Symbol(_) => {
                let domain = state.domain(slot.variable);
                let constants = problem.constants(slot.variable)?;
                self.constant(slot, constants.of_bit(domain.trailing_zeros())?)
            }
            Kind::Number(class) => {
                let variable = Variable::Number(slot.variable, Some(place), class);
                let number = self.candidates(problem, state, variable).next()?;
                slot::value(field.get(), class, number, problem.scale)
            }
        }
    }

    /// The next combination of values that the state does not refuse.
    #[allow(
        clippy::unused_self,
        reason = "belongs to `model`, of which it is a step"
    )]
    fn next(
        &self,
        problem: &Problem<'_>,
        variables: &[Variable],
        frames: &mut Vec<Frame>,
        tries: &mut usize,
    ) -> Option<State> {
        loop {
            let depth = frames.len().checked_sub(1)?;
            let variable = variables.get(depth)?;
            let frame = frames.last_mut()?;
            let Some(candidate) = frame.candidates.next() else {
                frames.pop();
                continue;
            };
            *tries += 1;
            if *tries > MOST_TRIES || !problem.fuel.take() {
                return None;
            }
            let mut state = frame.state.clone();
            if given(problem, &mut state, *variable, candidate) {
                return Some(state);
            }
        }
    }

    fn wants_value(&self, slot: &Slot) -> bool {
        if let Some(near) = self.near {
            near.get(slot.field).is_some()
        } else {
            slot::gets_a_value(self.spec.walk(slot.field).get())
        }
    }

    fn candidates(&self, problem: &Problem<'_>, state: &State, variable: Variable) -> Candidates {
        match variable {
            Variable::Symbol(symbol) => Candidates::Symbols(self.symbols(problem, state, symbol)),
            Variable::Number(number, slot, class) => {
                let slot = slot.and_then(|place| problem.slots.get(place));
                let wish = slot.and_then(|slot| {
                    let value = self.wish(slot.field)?;
                    if let Kind::Number(_) = slot.kind {
                        slot::number(&value, class, problem.scale)
                    } else {
                        let length = crate::problem::characters(&value);
                        length.checked_mul(10_i128.checked_pow(problem.scale)?)
                    }
                });
                let is_length = slot.is_some_and(|slot| matches!(slot.kind, Kind::Symbol(_)));
                let asked = candidates::Asked {
                    class,
                    ends: state.ends(number),
                    unit: problem.numbers.get(number).map_or(1, |number| number.unit),
                    scale: problem.scale,
                    wish,
                    near: self.near.is_some(),
                    timed: problem.now.is_some() || problem.today.is_some(),
                    is_length,
                    kept_below: slot.and_then(|slot| {
                        let field = self.spec.walk(slot.field);
                        slot::kept_below(field.get(), problem.scale)
                    }),
                };
                Candidates::Numbers(candidates::Numbers::of(asked))
            }
        }
    }

    /// The bits of a symbol's domain.
    fn symbols(&self, problem: &Problem<'_>, state: &State, symbol: usize) -> Bits {
        let domain = state.domain(symbol);
        let constants = problem.constants(symbol);
        let wish = problem
            .symbols
            .get(symbol)
            .and_then(|own| problem.slots.get(own.slot))
            .and_then(|slot| self.wish(slot.field))
            .map(|wish| constants.and_then(|own| own.bit(&wish)).unwrap_or(FRESH));
        Bits::of(domain, wish)
    }

    /// A constant of the rules as the value of a field, unless it has not the form that the field's type asks for.
    fn constant(&self, slot: &Slot, constant: &Value) -> Option<Value> {
        let field = self.spec.walk(slot.field);
        texts::could_have_form(&field.get().ty, constant).then(|| constant.clone())
    }

    /// The values of a state in which everything is decided, if the evaluator agrees.
    fn judged(&mut self, problem: &Problem<'_>, state: &State) -> Option<Model> {
        let model = self.judged_of(problem, state, 0);
        let has_texts = || {
            let mut slots = problem.slots.iter();
            slots.any(|slot| slot.kind == Kind::Symbol(Sort::Text))
        };
        if model.is_some() || !has_texts() {
            return model;
        }
        self.judged_of(problem, state, LONGER)
    }

    /// The same, with texts of so many characters where nothing else is known about them.
    fn judged_of(&mut self, problem: &Problem<'_>, state: &State, least: i128) -> Option<Model> {
        let mut values = Vec::with_capacity(problem.slots.len());
        let texts = texts::make(problem, state, self.patterns, self.near, least)?;
        for (place, slot) in problem.slots.iter().enumerate() {
            let value = if state.filled(place) == Some(true) {
                Some(self.value(problem, state, place, slot, &texts)?)
            } else {
                None
            };
            values.push((slot.field, value));
        }
        self.replayed(problem, values)
    }

    /// The values as a model, if the evaluator agrees.
    fn replayed(
        &mut self,
        problem: &Problem<'_>,
        values: Vec<(Id<Field>, Option<Value>)>,
    ) -> Option<Model> {
        let mut row = Row::with_room(values.len());
        for (field, value) in &values {
            if let Some(value) = value {
                row.set(*field, value.clone());
            }
        }
        let replay = Replay { spec: self.spec };
        for (place, holds) in self.claims {
            if !problem.fuel.take_for(1, EVALUATION) {
                return None;
            }
            let fact: &Fact<'_> = &problem.facts.get(*place)?.fact;
            if !replay.agrees(fact, *holds, &row, self.patterns) {
                return None;
            }
        }
        let cost = values.iter().filter(|(field, value)| {
            let wish = self.wish(*field);
            if self.near.is_some() || wish.is_some() {
                return wish.as_deref() != value.as_ref();
            }
            value.is_none() && slot::gets_a_value(self.spec.walk(*field).get())
        });
        let cost = cost.count();
        Some(Model { values, cost })
    }

    fn value(
        &self,
        problem: &Problem<'_>,
        state: &State,
        place: usize,
        slot: &Slot,
        texts: &[(usize, Value)],
    ) -> Option<Value> {
        let field = self.spec.walk(slot.field);
        match slot.kind {
            Kind::Number(class) => {
                let (low, high) = state.ends(slot.variable);
                if low != high {
                    return None;
                }
                slot::value(field.get(), class, low, problem.scale)
            }
            Kind::Symbol(_) => {
                let domain = state.domain(slot.variable);
                if domain == FRESH {
                    let made = texts.iter().find(|(made, _)| *made == place);
                    return made.map(|(_, value)| value.clone());
                }
                let constants = problem.constants(slot.variable)?;
                self.constant(slot, constants.of_bit(domain.trailing_zeros())?)
            }
            Kind::Presence => plain::value(field, self.near),
        }
    }
}

/// Everything that needs a value, in order: the clock, symbols, lengths, numbers.
fn variables(problem: &Problem<'_>, state: &State) -> Vec<Variable> {
    let mut found = Vec::new();
    let slots = || {
        let slots = problem.slots.iter().enumerate();
        slots.filter(|(place, _)| state.filled(*place) == Some(true))
    };
    for (_, slot) in slots() {
        if let Kind::Symbol(_) = slot.kind
            && state.class(slot.variable) == slot.variable
        {
            found.push(Variable::Symbol(slot.variable));
        }
    }
    // A class may begin with the symbol of an empty field.
    for (_, slot) in slots() {
        if let Kind::Symbol(_) = slot.kind
            && state.class(slot.variable) != slot.variable
        {
            found.push(Variable::Symbol(slot.variable));
        }
    }
    for (place, slot) in slots() {
        if let (Kind::Symbol(Sort::Text), Some(length)) = (slot.kind, slot.length) {
            found.push(Variable::Number(length, Some(place), Class::Number));
        }
    }
    for (place, slot) in slots() {
        if let Kind::Number(class) = slot.kind {
            found.push(Variable::Number(slot.variable, Some(place), class));
        }
    }
    found
}

/// Gives a variable a value; whether nothing speaks against it.
fn given(problem: &Problem<'_>, state: &mut State, variable: Variable, candidate: i128) -> bool {
    let taken = match variable {
        Variable::Symbol(symbol) => {
            let bit = u32::try_from(candidate).map_or(0, |bit| 1 << bit);
            state.restrict(symbol, bit).map(|_| ())
        }
        Variable::Number(number, ..) => {
            let upper = Literal::Number(AtMost::Upper(number, candidate));
            let lower = Literal::Number(AtMost::Lower(number, candidate));
            state
                .take(problem, &upper)
                .and_then(|()| state.take(problem, &lower))
        }
    };
    taken.is_ok() && fixed_clock(problem, state) && state.settle(problem).is_ok()
}

/// The current moment is the one at which rows are replayed.
fn fixed_clock(problem: &Problem<'_>, state: &mut State) -> bool {
    let today = i128::from(TODAY);
    let moments = [
        (problem.now, today * DAY + DAY * 9 / 24),
        (problem.today, today),
    ];
    moments.into_iter().all(|(number, moment)| {
        let Some(number) = number else { return true };
        let upper = Literal::Number(AtMost::Upper(number, moment));
        let lower = Literal::Number(AtMost::Lower(number, moment));
        state.take(problem, &upper).is_ok() && state.take(problem, &lower).is_ok()
    })
}
