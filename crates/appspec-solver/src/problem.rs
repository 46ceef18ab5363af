use std::collections::BTreeMap;
use std::rc::Rc;

use appspec_ir::{Entity, Expr, ExprKind, Field, Id, Spec, Type, Value};

use crate::affixes::Affix;
use crate::automaton::Automaton;
use crate::definition::{Definition, Is};
use crate::fact::{Fact, Says};
use crate::folded::Folded;
use crate::formula::{Formulas, NodeId};
use crate::fuel::{Fuel, Tank};
use crate::linear::Linear;
use crate::matrix::{Matrix, Units};
use crate::patterns::Patterns;
use crate::slot::{self, Class, Kind, Sort};
use crate::state::State;

/// The bit of a symbol that is like none of the constants.
pub(crate) const FRESH: u128 = 1;
/// More constants than this are not told apart.
const MOST_VALUES: usize = 126;

/// Facts that share fields, made ready for the search.
pub(crate) struct Problem<'s> {
    pub(crate) spec: &'s Spec,
    pub(crate) facts: Vec<Lowered<'s>>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) numbers: Vec<Number>,
    pub(crate) units: Units,
    pub(crate) symbols: Vec<Symbol>,
    pub(crate) sorts: Vec<Constants>,
    pub(crate) atoms: Vec<Atom<'s>>,
    pub(crate) definitions: Vec<Definition>,
    /// Whether one of those follows from a symbol.
    pub(crate) measures_symbols: bool,
    pub(crate) formulas: Formulas,
    /// What holds of numbers that stand for parts of expressions, whatever the facts say.
    pub(crate) known: Vec<NodeId>,
    pub(crate) scale: u32,
    /// The number that stands for the current moment, where the facts ask for it.
    pub(crate) now: Option<usize>,
    pub(crate) today: Option<usize>,
    pub(crate) start: Option<State>,
    pub(crate) fuel: Fuel,
    /// Numbers that were made for parts of expressions.
    pub(crate) named: BTreeMap<Name, Option<usize>>,
    /// Opaque parts by their text.
    pub(crate) known_atoms: BTreeMap<String, usize>,
}

/// A fact as formulas.
pub(crate) struct Lowered<'s> {
    pub(crate) fact: Fact<'s>,
    pub(crate) holds: NodeId,
    pub(crate) fails: NodeId,
}

/// A field of the row.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) field: Id<Field>,
    pub(crate) optional: bool,
    pub(crate) kind: Kind,
    /// Its number or symbol.
    pub(crate) variable: usize,
    /// The number of characters, where the facts ask for it.
    pub(crate) length: Option<usize>,
}

/// A part of an expression for which a number was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    /// A product, of which rules have many: it costs more to put into words than to compare.
    Product(Linear, Linear),
    /// Anything else, in words.
    Said(String),
}

impl Name {
    pub(crate) fn said(text: impl Into<String>) -> Self {
        Self::Said(text.into())
    }
}

/// A number of the problem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    pub(crate) low: i128,
    pub(crate) high: i128,
    pub(crate) unit: i128,
}

/// A field whose values are only told apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol {
    pub(crate) slot: usize,
    pub(crate) sort: usize,
    pub(crate) domain: u128,
}

/// The constants that symbols of one sort are compared with; constant `i` is bit `i + 1`.
#[derive(Clone, Debug)]
pub(crate) struct Constants {
    pub(crate) sort: Sort,
    pub(crate) values: Vec<Value>,
}

impl Constants {
    pub(crate) fn bit(&self, value: &Value) -> Option<u128> {
        let place = self.values.iter().position(|known| known == value)?;
        Some(2_u128.checked_shl(u32::try_from(place).ok()?).unwrap_or(0))
    }

    pub(crate) fn of_bit(&self, bit: u32) -> Option<&Value> {
        self.values.get(usize::try_from(bit.checked_sub(1)?).ok()?)
    }
}

/// A condition that is not looked into.
pub(crate) struct Atom<'s> {
    pub(crate) says: Opaque<'s>,
    /// The one symbol that it is about, if it is about a single text.
    pub(crate) subject: Option<usize>,
    /// The constants for which it is certainly true, and certainly false.
    pub(crate) holds_for: u128,
    pub(crate) fails_for: u128,
    /// The part of the text that it says is there, if it says nothing else.
    pub(crate) affix: Option<Affix>,
    /// The text that it says this one becomes, if it says nothing else.
    pub(crate) folded: Option<Folded>,
    /// The pattern that it says the text matches.
    pub(crate) automaton: Option<Rc<Automaton>>,
    /// How many characters a text has for which it is true.
    pub(crate) lengths: (i128, i128),
    /// What other atoms are where this one is true, and where it is false.
    pub(crate) then: Vec<(usize, bool)>,
    pub(crate) otherwise: Vec<(usize, bool)>,
}

pub(crate) enum Opaque<'s> {
    Condition(Expr),
    Matches(&'s str),
}

impl<'s> Problem<'s> {
    /// The fields are those that the facts read, in the order of the entity.
    pub(crate) fn new(
        spec: &'s Spec,
        fields: &[Id<Field>],
        facts: Vec<Fact<'s>>,
        (tank, problems): (&Tank, usize),
        patterns: &mut Patterns,
    ) -> Self {
        let constants = Seen::of(spec, fields, &facts);
        let mut problem = Self {
            spec,
            facts: Vec::with_capacity(facts.len()),
            slots: Vec::with_capacity(fields.len()),
            numbers: Vec::new(),
            units: Units::default(),
            symbols: Vec::new(),
            sorts: Vec::new(),
            atoms: Vec::new(),
            definitions: Vec::new(),
            measures_symbols: false,
            formulas: Formulas::new(),
            known: Vec::new(),
            scale: constants.scale,
            now: None,
            today: None,
            start: None,
            fuel: Fuel::shared(tank, problems, 0),
            named: BTreeMap::new(),
            known_atoms: BTreeMap::new(),
        };
        for field in fields {
            problem.add_slot(*field, &constants);
        }
        let contradicting = problem.contradicting_bounds(&facts, patterns);
        for fact in facts {
            let holds = problem.fact(&fact, true, &contradicting, patterns);
            let fails = problem.fact(&fact, false, &contradicting, patterns);
            problem.facts.push(Lowered { fact, holds, fails });
        }
        problem.units = Units::new(problem.numbers.iter().map(|number| number.unit));
        let is_length = |definition: &Definition| matches!(definition.is, Is::Length { .. });
        problem.measures_symbols = problem.definitions.iter().any(is_length);
        problem.start = problem.first_state();
        let cells = problem.cells() + problem.symbols.len();
        // Each definition asks for two ends of some numbers, in each of several rounds.
        let drawn = problem.definitions.len().saturating_mul(64);
        problem.fuel = Fuel::shared(tank, problems, cells.saturating_add(drawn));
        problem
    }

    /// How many differences of numbers are known at once.
    pub(crate) fn cells(&self) -> usize {
        (self.numbers.len() + 1).saturating_pow(2)
    }

    /// The formulas that claims ask for.
    pub(crate) fn wanted(&self, claims: &[(usize, bool)]) -> Vec<NodeId> {
        let wanted = claims.iter().filter_map(|(place, holds)| {
            let fact = self.facts.get(*place)?;
            Some(if *holds { fact.holds } else { fact.fails })
        });
        wanted.collect()
    }

    /// What is known before any fact; `None` when the types alone leave no value.
    fn first_state(&self) -> Option<State> {
        let bounds: Vec<_> = self
            .numbers
            .iter()
            .map(|number| (number.low, number.high))
            .collect();
        let mut state = State::new(self, Matrix::new(&bounds));
        let mut choices = Vec::new();
        for known in &self.known {
            // Comparisons, so that nothing is left to be chosen.
            state.assume(self, *known, &mut choices).ok()?;
        }
        state.settle(self).ok()?;
        Some(state)
    }

    fn add_slot(&mut self, id: Id<Field>, constants: &Seen) {
        let field = self.spec.walk(id).get();
        let place = self.slots.len();
        let (kind, variable) = match slot::kind(field) {
            Kind::Number(class) => match slot::range(field, self.scale) {
                Some((low, high, unit)) => (
                    Kind::Number(class),
                    self.add_number(Number { low, high, unit }),
                ),
                None => (Kind::Presence, 0),
            },
            Kind::Symbol(sort) => match self.sort(sort, constants) {
                Some(sort_place) => {
                    let domain = self.first_domain(field, sort_place);
                    self.symbols.push(Symbol {
                        slot: place,
                        sort: sort_place,
                        domain,
                    });
                    (Kind::Symbol(sort), self.symbols.len() - 1)
                }
                None => (Kind::Presence, 0),
            },
            Kind::Presence => (Kind::Presence, 0),
        };
        self.slots.push(Slot {
            field: id,
            optional: field.optional,
            kind,
            variable,
            length: None,
        });
    }

    pub(crate) fn add_number(&mut self, number: Number) -> usize {
        self.numbers.push(number);
        self.numbers.len() - 1
    }

    /// The constants of a sort; `None` when there are too many.
    fn sort(&mut self, sort: Sort, seen: &Seen) -> Option<usize> {
        if let Some(place) = self.sorts.iter().position(|known| known.sort == sort) {
            return Some(place);
        }
        let values: Vec<Value> = match sort {
            Sort::Bool => vec![Value::Bool(false), Value::Bool(true)],
            Sort::Enum(id) => {
                let choices = self.spec.walk(id).get().choices.iter();
                choices
                    .map(|choice| Value::Enum(choice.name.clone()))
                    .collect()
            }
            Sort::Text => seen.texts.clone(),
            Sort::Uuid => seen.uuids.clone(),
            Sort::Key(target) => seen.keys(target),
        };
        if values.len() > MOST_VALUES {
            return None;
        }
        self.sorts.push(Constants { sort, values });
        Some(self.sorts.len() - 1)
    }

    fn first_domain(&self, field: &Field, sort: usize) -> u128 {
        let Some(constants) = self.sorts.get(sort) else {
            return FRESH;
        };
        let all = (0..constants.values.len()).fold(0_u128, |all, place| all | (2 << place));
        match constants.sort {
            Sort::Bool | Sort::Enum(_) => all,
            Sort::Uuid | Sort::Key(_) => all | FRESH,
            Sort::Text => {
                let (shortest, longest) = slot::lengths(field);
                let fitting = constants.values.iter().enumerate();
                fitting
                    .filter(|(_, value)| (shortest..=longest).contains(&characters(value)))
                    .fold(FRESH, |all, (place, _)| all | (2 << place))
            }
        }
    }

    /// The slot of a field.
    pub(crate) fn slot(&self, field: Id<Field>) -> Option<(usize, &Slot)> {
        let mut slots = self.slots.iter().enumerate();
        slots.find(|(_, slot)| slot.field == field)
    }

    pub(crate) fn constants(&self, symbol: usize) -> Option<&Constants> {
        self.sorts.get(self.symbols.get(symbol)?.sort)
    }

    /// Optional fields whose bounds leave no value: there, a bound must not be taken for granted.
    fn contradicting_bounds(&self, facts: &[Fact<'s>], patterns: &mut Patterns) -> Vec<Id<Field>> {
        let mut found = Vec::new();
        for slot in self.slots.iter().filter(|slot| slot.optional) {
            let mut ends: Option<(i128, i128)> = None;
            for fact in facts {
                let (field, low, high) = match &fact.says {
                    Says::Range { field, low, high } => (field, low, high),
                    Says::Matches { field, pattern } if *field == slot.field => {
                        let (from, to) = ends.unwrap_or_else(|| self.widest(slot));
                        let unit = 10_i128.checked_pow(self.scale).unwrap_or(1);
                        let (low, high) = patterns.lengths(pattern);
                        let (low, high) = (low.saturating_mul(unit), high.saturating_mul(unit));
                        ends = Some((from.max(low), to.min(high)));
                        continue;
                    }
                    _ => continue,
                };
                if *field != slot.field {
                    continue;
                }
                let class = match slot.kind {
                    Kind::Number(class) => class,
                    _ => Class::Number,
                };
                let end = |value: Option<&Value>| {
                    value.and_then(|value| slot::number(value, class, self.scale))
                };
                let (low, high) = (
                    end(*low).unwrap_or(i128::MIN),
                    end(*high).unwrap_or(i128::MAX),
                );
                let (from, to) = ends.unwrap_or_else(|| self.widest(slot));
                ends = Some((from.max(low), to.min(high)));
            }
            if ends.is_some_and(|(low, high)| low > high) {
                found.push(slot.field);
            }
        }
        found
    }

    fn widest(&self, slot: &Slot) -> (i128, i128) {
        if let Kind::Number(_) = slot.kind {
            self.numbers
                .get(slot.variable)
                .map_or((i128::MIN, i128::MAX), |number| (number.low, number.high))
        } else {
            let (low, high) = slot::lengths(self.spec.walk(slot.field).get());
            let unit = 10_i128.checked_pow(self.scale).unwrap_or(1);
            (low.saturating_mul(unit), high.saturating_mul(unit))
        }
    }
}

/// The number of characters of a text constant.
pub(crate) fn characters(value: &Value) -> i128 {
    match value {
        Value::Text(text) => i128::try_from(text.chars().count()).unwrap_or(i128::MAX),
        _ => 0,
    }
}

/// What the constants of the facts ask for.
struct Seen {
    scale: u32,
    texts: Vec<Value>,
    uuids: Vec<Value>,
    keys: Vec<(Id<Entity>, Value)>,
}

impl Seen {
    fn keys(&self, target: Id<Entity>) -> Vec<Value> {
        let keys = self.keys.iter().filter(|(entity, _)| *entity == target);
        keys.map(|(_, key)| key.clone()).collect()
    }

    fn of(spec: &Spec, fields: &[Id<Field>], facts: &[Fact<'_>]) -> Self {
        let mut seen = Self {
            scale: 0,
            texts: Vec::new(),
            uuids: Vec::new(),
            keys: Vec::new(),
        };
        for field in fields {
            seen.scale = seen.scale.max(slot::places(spec.walk(*field).get()));
        }
        for fact in facts {
            match &fact.says {
                Says::Condition(condition) => condition.visit(&mut |part| match &part.kind {
                    ExprKind::Value(value) => seen.add(value, part.ty),
                    ExprKind::In(inner, values) => {
                        for value in values {
                            seen.add(value, inner.ty);
                        }
                    }
                    _ => {}
                }),
                Says::Range { low, high, .. } => {
                    for value in [low, high].into_iter().flatten() {
                        seen.add(value, Type::Int);
                    }
                }
                Says::Matches { .. } => {}
            }
        }
        seen
    }

    fn add(&mut self, value: &Value, ty: Type) {
        if let Type::Reference(target) = ty {
            let key = (target, value.clone());
            if !self.keys.contains(&key) {
                self.keys.push(key);
            }
            return;
        }
        let list = match value {
            Value::Decimal(number) if ty != Type::Float => {
                self.scale = self.scale.max(number.normalize().scale());
                return;
            }
            Value::Text(_) => &mut self.texts,
            Value::Uuid(_) => &mut self.uuids,
            _ => return,
        };
        if !list.contains(value) {
            list.push(value.clone());
        }
    }
}
