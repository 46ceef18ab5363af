//! Rules that one row keeps: each expression is made together with what it comes to for the samples of the fields, so that
//! all rules of an entity hold for that row and none contradicts the others.

use super::draft::Draft;
use super::model::{Expr, Field, Id, ItemKind, Kind, MemberKind, OnDelete, Scalar, Target};
use super::scalars;
use super::value::Value;
use super::{names, texts};

/// A member of a row with its value there.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: Id,
    pub(super) class: Class,
    pub(super) optional: bool,
    /// None where it is missing.
    pub(super) value: Option<Value>,
}

/// What rules can ask of a member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Class {
    /// Of this type, whose constants are known.
    Scalar(Scalar),
    Enum(Id),
    /// Only whether it is there.
    Opaque,
}

impl Draft {
    /// What is known of the fields of a row; left out are those that a rule was made about for good, and those that every
    /// write sets to its own moment.
    pub(super) fn known(&self, row: &[(Id, Field)]) -> Vec<Known> {
        let fields = row.iter();
        let fields = fields.filter(|(id, it)| !self.settled.contains(id) && !it.touched);
        fields
            .filter_map(|(id, field)| {
                let class = match &field.kind {
                    Kind::Scalar(
                        scalar @ (Scalar::Json | Scalar::File | Scalar::Image | Scalar::Bytes),
                    ) => {
                        // An empty list or object is a value.
                        (*scalar != Scalar::Json || field.default.is_none())
                            .then_some(Class::Opaque)?
                    }
                    Kind::Scalar(Scalar::Ip | Scalar::Token(_)) => return None,
                    Kind::Scalar(scalar) => Class::Scalar(*scalar),
                    Kind::Enum(id) => Class::Enum(*id),
                    // A deletion that empties it would break what asks for it.
                    Kind::One { on_delete, .. } if *on_delete != Some(OnDelete::SetNull) => {
                        Class::Opaque
                    }
                    _ => return None,
                };
                let is_open = field.optional && field.default.is_none();
                let says_something = field.sample.is_some() || is_open;
                (says_something && (field.optional || class != Class::Opaque)).then(|| Known {
                    id: *id,
                    class,
                    optional: field.optional,
                    value: field.sample.clone(),
                })
            })
            .collect()
    }

    /// A condition that comes to `want`, with operators inside one another.
    pub(super) fn condition(&mut self, row: &[Known], want: bool, depth: usize) -> Option<Expr> {
        if depth == 0 || self.one_in(3) {
            return self.atom(row, want);
        }
        let depth = depth - 1;
        Some(match self.random.below(5) {
            0 => {
                let word = if want { "and" } else { "or" };
                let count = 2 + self.random.below(3);
                let parts: Option<Vec<Expr>> = (0..count)
                    .map(|_| self.condition(row, want, depth))
                    .collect();
                Expr::Chain(word, parts?)
            }
            1 => {
                let word = if want { "or" } else { "and" };
                let other = self.one_in(2);
                let mut parts = vec![
                    self.condition(row, want, depth)?,
                    self.condition(row, other, depth)?,
                ];
                if self.one_in(2) {
                    parts.reverse();
                }
                Expr::Chain(word, parts)
            }
            2 => Expr::Not(Box::new(self.condition(row, !want, depth)?)),
            3 => {
                let premise = !want || self.one_in(2);
                let conclusion = if premise { want } else { self.one_in(2) };
                Expr::Binary(
                    "implies",
                    Box::new(self.condition(row, premise, depth)?),
                    Box::new(self.condition(row, conclusion, depth)?),
                )
            }
            _ => self.atom(row, want)?,
        })
    }

    /// A condition about one or two members.
    fn atom(&mut self, row: &[Known], want: bool) -> Option<Expr> {
        if row.is_empty() {
            return None;
        }
        let known = self.pick(row);
        if !known.optional {
            if self.one_in(2)
                && let Some(found) = self.two(row, &known, want)
            {
                return Some(found);
            }
            let value = known.value.clone()?;
            return self.about(&known, Expr::Member(known.id), &value, want);
        }
        let is_set = known.value.is_some();
        let pivot = known.value.clone().or_else(|| match known.class {
            Class::Scalar(scalar) => scalars::sample(&mut self.random, scalar),
            Class::Enum(id) => {
                let choices = self.choices(id);
                Some(Value::Choice(id, self.pick(&choices)))
            }
            Class::Opaque => None,
        });
        let simple = Expr::IsSet(known.id, is_set == want);
        let Some(pivot) = pivot else {
            return Some(simple);
        };
        let set = Box::new(Expr::IsSet(known.id, true));
        Some(match self.random.below(4) {
            0 if want || is_set => {
                let inner = if is_set { want } else { self.one_in(2) };
                let inner = self.about(&known, Expr::Member(known.id), &pivot, inner)?;
                Expr::Binary("implies", set, Box::new(inner))
            }
            1 if !want || is_set => {
                let inner = if is_set { want } else { self.one_in(2) };
                let inner = self.about(&known, Expr::Member(known.id), &pivot, inner)?;
                Expr::Chain("and", vec![*set, inner])
            }
            2 => {
                let other = match known.class {
                    Class::Scalar(scalar) => scalars::sample(&mut self.random, scalar)?,
                    _ => pivot.clone(),
                };
                let value = known.value.clone().unwrap_or_else(|| other.clone());
                self.about(&known, Expr::Otherwise(known.id, other), &value, want)?
            }
            _ => simple,
        })
    }

    /// A condition about a value that some expression has.
    fn about(&mut self, known: &Known, operand: Expr, value: &Value, want: bool) -> Option<Expr> {
        let boxed = |expr: Expr| Box::new(expr);
        match (known.class, value) {
            (Class::Scalar(_), Value::Bool(is_true)) => Some(if self.one_in(4) {
                let other = self.one_in(2);
                let sign = if (other == *is_true) == want {
                    "=="
                } else {
                    "!="
                };
                Expr::Binary(
                    sign,
                    boxed(operand),
                    boxed(Expr::Constant(Value::Bool(other))),
                )
            } else if *is_true == want {
                operand
            } else {
                Expr::Not(boxed(operand))
            }),
            (Class::Enum(id), Value::Choice(_, name)) => {
                let choices = self.choices(id);
                let other = self.pick(&choices);
                let value = |name: &str| Value::Choice(id, name.to_owned());
                Some(if self.one_in(2) && other != *name {
                    Expr::InSet(boxed(operand), !want, vec![value(name), value(&other)])
                } else {
                    let sign = if (other == *name) == want { "==" } else { "!=" };
                    Expr::Binary(sign, boxed(operand), boxed(Expr::Constant(value(&other))))
                })
            }
            (Class::Scalar(scalar), Value::Text(text)) => {
                self.about_text(scalar, operand, text, want)
            }
            (Class::Scalar(scalar), _) => self.ordered(scalar, operand, value, want),
            _ => None,
        }
    }

    fn about_text(
        &mut self,
        scalar: Scalar,
        operand: Expr,
        text: &str,
        want: bool,
    ) -> Option<Expr> {
        let text_of = |text: &str| Expr::Constant(Value::Text(text.to_owned()));
        let yes = |expr: Expr| {
            if want {
                expr
            } else {
                Expr::Not(Box::new(expr))
            }
        };
        let same = if want { "==" } else { "!=" };
        if scalar == Scalar::Uuid {
            return Some(Expr::Binary(
                same,
                Box::new(operand),
                Box::new(text_of(text)),
            ));
        }
        let length = text.chars().count();
        Some(match self.random.below(8) {
            0 => Expr::Binary(same, Box::new(operand), Box::new(text_of(text))),
            1 => {
                let number = Value::Int(i128::try_from(length).ok()?);
                let call = Expr::Call("length", vec![operand]);
                let sign = match (want, self.random.below(2)) {
                    (true, 0) => "==",
                    (true, _) => "<=",
                    (false, 0) => "!=",
                    (false, _) => ">",
                };
                Expr::Binary(sign, Box::new(call), Box::new(Expr::Constant(number)))
            }
            2 => {
                let start: String = text.chars().take(1 + self.random.below(3)).collect();
                yes(Expr::Call("starts_with", vec![operand, text_of(&start)]))
            }
            3 => {
                let end: String = text.chars().skip(self.random.below(length)).collect();
                yes(Expr::Call("ends_with", vec![operand, text_of(&end)]))
            }
            4 => {
                let part: String = text
                    .chars()
                    .skip(self.random.below(length))
                    .take(2)
                    .collect();
                yes(Expr::Call("contains", vec![operand, text_of(&part)]))
            }
            5 => {
                let (name, value) = self.pick(&[
                    ("lower", text.to_ascii_lowercase()),
                    ("upper", text.to_ascii_uppercase()),
                ]);
                let call = Expr::Call(name, vec![operand]);
                Expr::Binary(same, Box::new(call), Box::new(text_of(&value)))
            }
            6 => {
                let call = Expr::Call("trim", vec![operand]);
                Expr::Binary(
                    same,
                    Box::new(call),
                    Box::new(text_of(text.trim_matches(' '))),
                )
            }
            _ => {
                let values = vec![
                    Value::Text(text.to_owned()),
                    Value::Text("~other~".to_owned()),
                ];
                if scalars::longest(scalar).is_some_and(|longest| longest < 7)
                    || !matches!(scalar, Scalar::Text(_))
                {
                    Expr::Binary(same, Box::new(operand), Box::new(text_of(text)))
                } else {
                    Expr::InSet(Box::new(operand), !want, values)
                }
            }
        })
    }

    /// A comparison of an ordered value with a constant.
    fn ordered(
        &mut self,
        scalar: Scalar,
        operand: Expr,
        value: &Value,
        want: bool,
    ) -> Option<Expr> {
        let rank = value.rank()?;
        let pool: Vec<Value> = scalars::pool(scalar)
            .into_iter()
            .chain([value.clone()])
            .collect();
        let is_float = scalar == Scalar::Float;
        if self.one_in(5) && !is_float {
            let other = self.pick(&pool);
            let (low, high) = if other.rank()? <= rank {
                (other, value.clone())
            } else {
                (value.clone(), other)
            };
            return Some(Expr::InRange(Box::new(operand), !want, low, high));
        }
        if self.one_in(6) && !is_float {
            let other = self.pick(&pool);
            let mut values = vec![value.clone()];
            if other.rank()? != rank {
                values.push(other);
            }
            return Some(Expr::InSet(Box::new(operand), !want, values));
        }
        if self.one_in(3)
            && let Some(called) = called(self, scalar, &operand, value)
        {
            let (call, constant) = called;
            let sign = if want { "==" } else { "!=" };
            return Some(Expr::Binary(
                sign,
                Box::new(call),
                Box::new(Expr::Constant(constant)),
            ));
        }
        for _ in 0..20 {
            let constant = self.pick(&pool);
            let sign = self.sign(is_float);
            if compares(sign, rank, constant.rank()?) == want {
                return Some(Expr::Binary(
                    sign,
                    Box::new(operand),
                    Box::new(Expr::Constant(constant)),
                ));
            }
        }
        let sign = if want { ">=" } else { "<" };
        Some(Expr::Binary(
            sign,
            Box::new(operand),
            Box::new(Expr::Constant(value.clone())),
        ))
    }

    fn sign(&mut self, is_float: bool) -> &'static str {
        let signs = ["<", "<=", ">", ">=", "==", "!="];
        signs[self.random.below(if is_float { 4 } else { 6 })]
    }

    /// A condition about two members of one type, or a calculation with them.
    fn two(&mut self, row: &[Known], first: &Known, want: bool) -> Option<Expr> {
        let Class::Scalar(scalar) = first.class else {
            return None;
        };
        let partners: Vec<Known> = row
            .iter()
            .filter(|other| {
                other.id != first.id && !other.optional && together(first.class, other.class)
            })
            .cloned()
            .collect();
        if partners.is_empty() {
            return None;
        }
        let second = self.pick(&partners);
        let (a, b) = (Expr::Member(first.id), Expr::Member(second.id));
        let (left, right) = (first.value.as_ref()?, second.value.as_ref()?);
        if matches!(scalar, Scalar::Text(_)) {
            let sign = if (left == right) == want { "==" } else { "!=" };
            return Some(Expr::Binary(sign, Box::new(a), Box::new(b)));
        }
        let (x, y, places) = aligned(left, right)?;
        if self.one_in(2) {
            for _ in 0..12 {
                let sign = self.sign(scalar == Scalar::Float);
                if compares(sign, x, y) == want {
                    return Some(Expr::Binary(sign, Box::new(a), Box::new(b)));
                }
            }
        }
        self.computed(scalar, (a, x), (b, y), places, want)
    }

    fn computed(
        &mut self,
        scalar: Scalar,
        (a, x): (Expr, i128),
        (b, y): (Expr, i128),
        places: u32,
        want: bool,
    ) -> Option<Expr> {
        let (expr, rank, constant) = match scalar {
            Scalar::Int | Scalar::BigInt | Scalar::Decimal(..) => {
                let (sign, rank) = match self.random.below(3) {
                    0 => ("+", x.checked_add(y)?),
                    1 => ("-", x.checked_sub(y)?),
                    _ => {
                        let call = if self.one_in(2) {
                            ("min", x.min(y))
                        } else {
                            ("max", x.max(y))
                        };
                        let constant = number(call.1, places)?;
                        let sign = self.sign(false);
                        let is_true = compares(sign, call.1, call.1);
                        let found = Expr::Binary(
                            sign,
                            Box::new(Expr::Call(call.0, vec![a, b])),
                            Box::new(Expr::Constant(constant)),
                        );
                        return Some(if is_true == want {
                            found
                        } else {
                            Expr::Not(Box::new(found))
                        });
                    }
                };
                let delta = i128::try_from(self.random.below(3)).ok()? - 1;
                (
                    Expr::Binary(sign, Box::new(a), Box::new(b)),
                    rank,
                    rank.checked_add(delta)?,
                )
            }
            Scalar::DateTime => match self.random.below(3) {
                0 => (Expr::Call("minutes_between", vec![a, b]), y - x, y - x),
                // Whole hours; what is left over does not count, whichever moment comes first.
                1 => {
                    let hours = (y - x) / 60;
                    (Expr::Call("hours_between", vec![a, b]), hours, hours)
                }
                _ => {
                    let millis = (y - x).checked_mul(60_000)?;
                    let length = Expr::Binary("-", Box::new(b), Box::new(a));
                    let constant = Value::Duration(i64::try_from(millis).ok()?);
                    let sign = self.sign(false);
                    let found =
                        Expr::Binary(sign, Box::new(length), Box::new(Expr::Constant(constant)));
                    return Some(if compares(sign, 0, 0) == want {
                        found
                    } else {
                        Expr::Not(Box::new(found))
                    });
                }
            },
            Scalar::Date => {
                let call = Expr::Call("days_between", vec![a, b]);
                (call, y - x, y - x)
            }
            _ => return None,
        };
        let constant_value = match scalar {
            Scalar::DateTime | Scalar::Date => Value::Int(constant),
            _ => number(constant, places)?,
        };
        let sign = self.sign(false);
        let found = Expr::Binary(
            sign,
            Box::new(expr),
            Box::new(Expr::Constant(constant_value)),
        );
        Some(if compares(sign, rank, constant) == want {
            found
        } else {
            Expr::Not(Box::new(found))
        })
    }

    /// Invariants, predicates, derived values, unique sets and indexes for a declaration with these fields.
    pub(super) fn add_rules(
        &mut self,
        item: Id,
        rows: &[Id],
        fields: &[(Id, Field)],
        count: usize,
    ) {
        let known = self.known(fields);
        for _ in 0..count {
            match self.random.below(8) {
                0 => self.add_derive(item, rows, &known),
                1 => self.add_predicate(item, rows, &known),
                2 | 3 => self.add_set(item, rows, fields, &known),
                _ => self.add_invariant(item, rows, &known),
            }
        }
    }

    /// A rule of a row.
    pub(super) fn add_invariant(&mut self, item: Id, rows: &[Id], known: &[Known]) {
        let depth = self.random.below(4);
        if let Some(condition) = self.condition(known, true, depth) {
            self.add_named_invariant(item, rows, condition, false);
        }
    }

    pub(super) fn add_named_invariant(
        &mut self,
        item: Id,
        rows: &[Id],
        condition: Expr,
        on_create: bool,
    ) {
        let name = names::rule(&mut self.random);
        let Some(name) = self.rule_name(rows, &name) else {
            return;
        };
        let message = texts::sometimes(&mut self.random, 2);
        self.add(
            item,
            MemberKind::Invariant {
                name,
                on_create,
                condition,
                message,
            },
        );
    }

    fn rule_name(&mut self, rows: &[Id], name: &str) -> Option<String> {
        (0..30).find_map(|number| {
            let name = if number == 0 {
                name.to_owned()
            } else {
                names::numbered(name, number, 120)
            };
            let free = rows.iter().all(|row| !self.has_rule(*row, &name));
            (free && self.take_both(rows, &name)).then_some(name)
        })
    }

    fn add_predicate(&mut self, item: Id, rows: &[Id], known: &[Known]) {
        let want = self.one_in(2);
        let Some(condition) = self.condition(known, want, 2) else {
            return;
        };
        let name = self.pick(&[
            "late",
            "running",
            "is_fine",
            "objects_to",
            "select",
            "holds",
        ]);
        let name = self.free_name(rows, name, 63, false);
        let id = self.add(item, MemberKind::Predicate { name, condition });
        let asked = Expr::Member(id);
        let mut condition = if want {
            asked
        } else {
            Expr::Not(Box::new(asked))
        };
        if let Some(other) = self.condition(known, true, 1)
            && self.one_in(2)
        {
            condition = Expr::Chain("and", vec![condition, other]);
        }
        self.add_named_invariant(item, rows, condition, false);
    }

    fn add_derive(&mut self, item: Id, rows: &[Id], known: &[Known]) {
        let Some((ty, value)) = self.derived(known) else {
            return;
        };
        let name = names::field(&mut self.random, 63);
        let name = self.free_name(rows, &name, 63, false);
        self.add(
            item,
            MemberKind::Derive {
                name,
                ty: Kind::Scalar(ty),
                value,
            },
        );
    }

    /// An expression with its type, which holds what it comes to.
    fn derived(&mut self, known: &[Known]) -> Option<(Scalar, Expr)> {
        if self.one_in(4) {
            let want = self.one_in(2);
            return Some((Scalar::Bool, self.condition(known, want, 2)?));
        }
        let plain: Vec<Known> = known.iter().filter(|it| !it.optional).cloned().collect();
        if plain.is_empty() {
            return None;
        }
        let first = self.pick(&plain);
        let Class::Scalar(scalar) = first.class else {
            return None;
        };
        let value = first.value.as_ref()?;
        let member = Expr::Member(first.id);
        let two = Expr::Constant(Value::Int(2));
        Some(match scalar {
            Scalar::Int => (
                Scalar::BigInt,
                Expr::Binary("*", Box::new(member), Box::new(two)),
            ),
            Scalar::Decimal(digits, places) if digits < 15 => {
                let double = Expr::Binary("*", Box::new(member), Box::new(two));
                (Scalar::Decimal(15, places), double)
            }
            Scalar::Text(_) => match self.random.below(3) {
                0 => (Scalar::Int, Expr::Call("length", vec![member])),
                1 => (Scalar::Text(None), Expr::Call("upper", vec![member])),
                _ => (
                    Scalar::Text(None),
                    Expr::Call("trim", vec![Expr::Call("lower", vec![member])]),
                ),
            },
            Scalar::Date if self.one_in(2) => (Scalar::Int, Expr::Call("year", vec![member])),
            Scalar::Date if matches!(value, Value::Date(year, ..) if (2..9999).contains(year)) => {
                let week = Expr::Constant(Value::Duration(7 * 86_400_000));
                (
                    Scalar::Date,
                    Expr::Binary("+", Box::new(member), Box::new(week)),
                )
            }
            Scalar::DateTime => {
                let others: Vec<Known> = plain
                    .iter()
                    .filter(|it| it.class == first.class)
                    .cloned()
                    .collect();
                let other = Expr::Member(self.pick(&others).id);
                match self.random.below(4) {
                    0 => (
                        Scalar::BigInt,
                        Expr::Call("minutes_between", vec![member, other]),
                    ),
                    1 => (
                        Scalar::Duration,
                        Expr::Binary("-", Box::new(member), Box::new(other)),
                    ),
                    2 => (Scalar::Int, Expr::Call("hour", vec![member])),
                    _ => (
                        Scalar::BigInt,
                        Expr::Call("hours_between", vec![member, other]),
                    ),
                }
            }
            Scalar::Time => (Scalar::Int, Expr::Call("hour", vec![member])),
            _ => return None,
        })
    }

    /// A unique set or an index.
    fn add_set(&mut self, item: Id, rows: &[Id], fields: &[(Id, Field)], known: &[Known]) {
        let mut columns: Vec<(Id, Field)> = fields
            .iter()
            .filter(|(_, field)| match &field.kind {
                Kind::Scalar(scalar) => scalars::is_lookup(*scalar),
                Kind::Enum(_) | Kind::One { .. } => true,
                _ => false,
            })
            .cloned()
            .collect();
        let wanted = [1, 2, 2, 3, 6][self.random.below(5)];
        let mut chosen: Vec<(Id, Field)> = Vec::new();
        while chosen.len() < wanted && !columns.is_empty() {
            let at = self.random.below(columns.len());
            chosen.push(columns.remove(at));
        }
        if chosen.is_empty() {
            return;
        }
        let names: Vec<&str> = chosen
            .iter()
            .map(|(_, field)| field.name.as_str())
            .collect();
        let name = names.join("_");
        let is_seeded = rows.iter().any(|row| self.seeded.contains_key(row));
        let extra = self.one_in(3);
        let (want, depth) = (self.one_in(2), self.random.below(2));
        let extra = if extra {
            self.condition(known, want, depth)
        } else {
            None
        };
        if self.one_in(2) || is_seeded {
            if self.take_both(rows, &format!("{name}_index")) {
                let keys = chosen.iter().map(|(id, _)| (*id, self.one_in(3))).collect();
                self.add(
                    item,
                    MemberKind::Index {
                        keys,
                        condition: extra,
                    },
                );
            }
            return;
        }
        if !self.take_both(rows, &format!("{name}_unique")) {
            return;
        }
        let set = chosen
            .iter()
            .filter(|(_, field)| field.optional)
            .map(|(id, _)| Expr::IsSet(*id, true));
        let mut parts: Vec<Expr> = set.chain(extra).collect();
        let condition = match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Expr::Chain("and", parts)),
        };
        let message = texts::sometimes(&mut self.random, 2);
        self.add(
            item,
            MemberKind::Unique {
                fields: chosen.iter().map(|(id, _)| *id).collect(),
                condition,
                message,
            },
        );
    }

    /// A moment of its own, and a rule about it when the row is made.
    pub(super) fn add_rule_on_create(&mut self, entity: Id) {
        let kind = if self.one_in(3) {
            Scalar::Date
        } else {
            Scalar::DateTime
        };
        let name = self.member_name(&[entity], &Kind::Scalar(kind));
        let optional = self.one_in(3);
        let id = self.add(
            entity,
            MemberKind::Field(Field {
                name,
                optional,
                ..super::fields::plain(Kind::Scalar(kind))
            }),
        );
        self.settled.insert(id);
        let now = Expr::Call(
            if kind == Scalar::Date { "today" } else { "now" },
            Vec::new(),
        );
        let later = Expr::Binary(">", Box::new(Expr::Member(id)), Box::new(now));
        let condition = if optional {
            Expr::Binary("implies", Box::new(Expr::IsSet(id, true)), Box::new(later))
        } else {
            later
        };
        self.add_named_invariant(entity, &[entity], condition, true);
    }

    /// A rule that says in which direction a value may go.
    pub(super) fn add_change_rule(&mut self, entity: Id) {
        let fields: Vec<(Id, bool)> = self
            .row(entity)
            .iter()
            .filter(|(_, field)| {
                matches!(
                    field.kind,
                    Kind::Scalar(
                        Scalar::Int
                            | Scalar::BigInt
                            | Scalar::Float
                            | Scalar::Decimal(..)
                            | Scalar::Date
                            | Scalar::Time
                            | Scalar::DateTime
                            | Scalar::Duration
                    )
                )
            })
            .map(|(id, field)| (*id, field.optional))
            .collect();
        let name = names::rule(&mut self.random);
        if fields.is_empty() {
            return;
        }
        let (field, optional) = self.pick(&fields);
        let sign = self.pick(&[">", ">=", "<", "<="]);
        let message = texts::sometimes(&mut self.random, 2);
        if let Some(name) = self.rule_name(&[entity], &name) {
            self.add(
                entity,
                MemberKind::ChangeRule {
                    name,
                    field,
                    optional,
                    sign,
                    message,
                },
            );
        }
    }

    /// A rule that reads the rows to which a reference leads, or of their entity those that point there.
    pub(super) fn add_across(&mut self, entity: Id) {
        let row = self.row(entity);
        let references: Vec<(Id, Id, bool, bool)> = row
            .iter()
            .filter_map(|(id, field)| match &field.kind {
                Kind::One {
                    target: Target::Entity(target),
                    inverse,
                    ..
                } if field.unique.is_none() => {
                    Some((*id, *target, inverse.is_some(), field.optional))
                }
                _ => None,
            })
            .collect();
        if references.is_empty() {
            return;
        }
        let (reference, target, has_inverse, optional) = self.pick(&references);
        let known = self.known(&row);
        if has_inverse && self.one_in(2) {
            let Some(condition) = self.condition(&known, true, 1) else {
                return;
            };
            let word = self.pick(&["all", "count"]);
            let rows = Expr::Rows(word, reference, Box::new(condition));
            let condition = match word {
                "all" => rows,
                _ => Expr::Binary(
                    "<=",
                    Box::new(rows),
                    Box::new(Expr::Constant(Value::Int(500))),
                ),
            };
            self.add_named_invariant(target, &[target], condition, false);
            return;
        }
        let texts: Vec<Id> = self
            .row(target)
            .iter()
            .filter(|(_, field)| {
                let is_text = matches!(field.kind, Kind::Scalar(Scalar::Text(None | Some(20..))));
                is_text && !field.optional && field.bounds.is_empty()
            })
            .map(|(id, _)| *id)
            .collect();
        if texts.is_empty() {
            return;
        }
        let text = self.pick(&texts);
        let behind = Expr::Behind(reference, text);
        let other = Expr::Constant(Value::Text("nothing of the kind".to_owned()));
        let differs = Expr::Binary("!=", Box::new(behind), Box::new(other));
        let condition = if optional {
            let is_set = Expr::IsSet(reference, true);
            Expr::Binary("implies", Box::new(is_set), Box::new(differs))
        } else {
            differs
        };
        self.add_named_invariant(entity, &[entity], condition, false);
    }

    /// A predicate of the top level, in any module, and a rule that asks it.
    pub(super) fn add_top_predicate(&mut self, entity: Id) {
        let row = self.row(entity);
        let known = self.known(&row);
        let want = self.one_in(2);
        let Some(condition) = self.condition(&known, want, 2) else {
            return;
        };
        let module = self.module();
        let name = self.pick(&["late", "order", "fits", "is_a", "objects", "all_is_well"]);
        let name = self.predicate_name(name);
        let row = self.pick(&["x", "it", "row", "self", "objects"]);
        let id = self.declare(
            module,
            name,
            ItemKind::Predicate {
                row: row.to_owned(),
                entity,
                condition,
            },
        );
        let asked = Expr::Predicate(id);
        let condition = if want {
            asked
        } else {
            Expr::Not(Box::new(asked))
        };
        self.add_named_invariant(entity, &[entity], condition, false);
    }
}

/// A function of an ordered value, with what it comes to.
fn called(
    draft: &mut Draft,
    scalar: Scalar,
    operand: &Expr,
    value: &Value,
) -> Option<(Expr, Value)> {
    let call = |name: &'static str| Expr::Call(name, vec![operand.clone()]);
    Some(match (scalar, value) {
        (Scalar::Int | Scalar::BigInt, Value::Int(number)) => {
            (call("abs"), Value::Int(number.checked_abs()?))
        }
        (Scalar::Decimal(..), Value::Decimal(units, places)) => {
            let one = 10_i128.checked_pow(*places)?;
            if draft.one_in(2) {
                (call("floor"), Value::Int(units.div_euclid(one)))
            } else {
                (call("ceil"), Value::Int(-(-units).div_euclid(one)))
            }
        }
        (Scalar::Date, Value::Date(year, month, day)) => match draft.next_of(3) {
            0 => (call("year"), Value::Int(i128::from(*year))),
            1 => (call("month"), Value::Int(i128::from(*month))),
            _ => (call("day"), Value::Int(i128::from(*day))),
        },
        (Scalar::Time, Value::Time(hour, ..)) => (call("hour"), Value::Int(i128::from(*hour))),
        _ => return None,
    })
}

fn compares(sign: &str, left: i128, right: i128) -> bool {
    match sign {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        "==" => left == right,
        _ => left != right,
    }
}

/// Whether rules compare the two.
fn together(a: Class, b: Class) -> bool {
    let is_number = |class: Class| {
        matches!(
            class,
            Class::Scalar(Scalar::Int | Scalar::BigInt | Scalar::Decimal(..))
        )
    };
    let is_text = |class: Class| matches!(class, Class::Scalar(Scalar::Text(_)));
    a == b && matches!(a, Class::Scalar(scalar) if scalars::is_ordered(scalar))
        || is_number(a) && is_number(b)
        || is_text(a) && is_text(b)
}

/// Two values in the same smallest steps, with the places of these.
fn aligned(left: &Value, right: &Value) -> Option<(i128, i128, u32)> {
    let places = |value: &Value| match value {
        Value::Decimal(_, places) => *places,
        _ => 0,
    };
    let most = places(left).max(places(right));
    let scaled = |value: &Value| {
        value
            .rank()?
            .checked_mul(10_i128.checked_pow(most - places(value))?)
    };
    Some((scaled(left)?, scaled(right)?, most))
}

/// A number as a constant, if one can be that long.
fn number(units: i128, places: u32) -> Option<Value> {
    if units.unsigned_abs() >= 10_u128.pow(28) {
        return None;
    }
    Some(if places == 0 {
        Value::Int(units)
    } else {
        Value::Decimal(units, places)
    })
}
