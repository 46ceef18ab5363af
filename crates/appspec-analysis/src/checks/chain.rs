//! A contradiction between comparisons, told as one: `a < b <= c < a`.

use std::collections::{BTreeSet, VecDeque};
use std::mem::discriminant;

use appspec_ir::{
    Comparison, Expr, ExprKind, Field, FieldType, Scalar, Spec, Value, print_as_written,
};
use appspec_solver::{Rule, Says};

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
struct Side {
    text: String,
    /// What it is, if it is always the same.
    constant: Option<Value>,
}

/// `from < to`, `from <= to` or `from == to`, and the place of the rule that says so.
#[derive(Clone, Copy, Debug)]
struct Edge {
    from: usize,
    to: usize,
    sign: Sign,
    rule: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Less,
    AtMost,
    Equal,
}

#[derive(Default)]
struct Chain {
    sides: Vec<Side>,
    edges: Vec<Edge>,
}

/// The chain of comparisons that these rules make together, if every one of them is part of it.
pub(super) fn told(spec: &Spec, rules: &[&Rule<'_>]) -> Option<String> {
    let mut chain = Chain::default();
    for (place, rule) in rules.iter().enumerate() {
        match &rule.fact.says {
            Says::Condition(condition) => chain.condition(spec, condition, place),
            Says::Range { field, low, high } => {
                let (low, high) = spec.written.ends(rule.fact.span, *low, *high);
                chain.range(spec.walk(*field).get(), low, high, place);
            }
            Says::Matches { .. } => return None,
        }
    }
    let whole = |way: &Vec<Edge>| {
        let used: BTreeSet<usize> = way.iter().map(|edge| edge.rule).collect();
        used.len() == rules.len()
    };
    let ways = chain.circles().into_iter().chain(chain.between_constants());
    let shortest = ways.filter(whole).min_by_key(Vec::len)?;
    chain.printed(&shortest)
}

impl Chain {
    fn side(&mut self, text: String, constant: Option<Value>) -> usize {
        let side = Side { text, constant };
        let known = self.sides.iter().position(|known| *known == side);
        known.unwrap_or_else(|| {
            self.sides.push(side);
            self.sides.len() - 1
        })
    }

    fn expr(&mut self, spec: &Spec, expr: &Expr) -> usize {
        let constant = match &expr.kind {
            ExprKind::Value(value) => Some(value.clone()),
            _ => None,
        };
        self.side(print_as_written(spec, expr), constant)
    }

    fn edge(&mut self, from: usize, to: usize, sign: Sign, rule: usize) {
        self.edges.push(Edge {
            from,
            to,
            sign,
            rule,
        });
    }

    fn condition(&mut self, spec: &Spec, condition: &Expr, rule: usize) {
        match &condition.kind {
            ExprKind::And(parts) => {
                for part in parts {
                    self.condition(spec, part, rule);
                }
            }
            ExprKind::Compare(comparison, a, b) => {
                let (a, b) = (self.expr(spec, a), self.expr(spec, b));
                match comparison {
                    Comparison::Less => self.edge(a, b, Sign::Less, rule),
                    Comparison::LessOrEqual => self.edge(a, b, Sign::AtMost, rule),
                    Comparison::Greater => self.edge(b, a, Sign::Less, rule),
                    Comparison::GreaterOrEqual => self.edge(b, a, Sign::AtMost, rule),
                    Comparison::Equal => {
                        self.edge(a, b, Sign::Equal, rule);
                        self.edge(b, a, Sign::Equal, rule);
                    }
                    Comparison::NotEqual => {}
                }
            }
            ExprKind::Between(value, low, high) => {
                let value = self.expr(spec, value);
                let (low, high) = (self.expr(spec, low), self.expr(spec, high));
                self.edge(low, value, Sign::AtMost, rule);
                self.edge(value, high, Sign::AtMost, rule);
            }
            _ => {}
        }
    }

    /// The bounds of a number or a moment; those of a text are about its length.
    fn range(&mut self, field: &Field, low: Option<&Value>, high: Option<&Value>, rule: usize) {
        let is_ordered = matches!(
            field.ty,
            FieldType::Scalar(
                Scalar::Int
                    | Scalar::BigInt
                    | Scalar::Float
                    | Scalar::Decimal { .. }
                    | Scalar::Date
                    | Scalar::Time
                    | Scalar::DateTime
                    | Scalar::Duration
            )
        );
        if !is_ordered {
            return;
        }
        let own = self.side(field.name.clone(), None);
        let mut end =
            |value: &Value| self.side(appspec_ir::print_value(value), Some(value.clone()));
        let (low, high) = (low.map(&mut end), high.map(&mut end));
        if let Some(low) = low {
            self.edge(low, own, Sign::AtMost, rule);
        }
        if let Some(high) = high {
            self.edge(own, high, Sign::AtMost, rule);
        }
    }

    /// Ways from a side back to itself by which it would be smaller than itself.
    fn circles(&self) -> Vec<Vec<Edge>> {
        let strict = self.edges.iter().filter(|edge| edge.sign == Sign::Less);
        let closed = strict.filter_map(|edge| {
            let mut way = vec![*edge];
            way.extend(self.way(edge.to, edge.from)?);
            Some(way)
        });
        closed.collect()
    }

    /// Ways from a constant up to a smaller one.
    fn between_constants(&self) -> Vec<Vec<Edge>> {
        let mut found = Vec::new();
        for (from, larger) in self.sides.iter().enumerate() {
            for (to, smaller) in self.sides.iter().enumerate() {
                if let (Some(larger), Some(smaller)) = (&larger.constant, &smaller.constant)
                    && discriminant(larger) == discriminant(smaller)
                    && smaller < larger
                {
                    found.extend(self.way(from, to));
                }
            }
        }
        found
    }

    /// The shortest way from one side up to another.
    fn way(&self, from: usize, to: usize) -> Option<Vec<Edge>> {
        let mut came: Vec<Option<Edge>> = vec![None; self.sides.len()];
        let mut open = VecDeque::from([from]);
        while let Some(at) = open.pop_front() {
            if at == to {
                break;
            }
            for edge in self.edges.iter().filter(|edge| edge.from == at) {
                let slot = came.get_mut(edge.to)?;
                if slot.is_none() && edge.to != from {
                    *slot = Some(*edge);
                    open.push_back(edge.to);
                }
            }
        }
        let mut way = Vec::new();
        let mut at = to;
        while at != from {
            let edge = (*came.get(at)?)?;
            way.push(edge);
            at = edge.from;
        }
        way.reverse();
        Some(way)
    }

    fn printed(&self, way: &[Edge]) -> Option<String> {
        let mut text = self.sides.get(way.first()?.from)?.text.clone();
        for edge in way {
            text.push_str(match edge.sign {
                Sign::Less => " < ",
                Sign::AtMost => " <= ",
                Sign::Equal => " == ",
            });
            text.push_str(&self.sides.get(edge.to)?.text);
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::helps;

    fn help(members: &str) -> Vec<String> {
        helps(&format!(
            "entity E {{\n a: int\n b: int\n c: int\n d: decimal(8, 2) in 0..10\n at: datetime\n to: datetime\n{members}\n}}"
        ))
    }

    fn together(chain: &str) -> [String; 1] {
        [format!("together they say `{chain}`: change one of them")]
    }

    #[test]
    fn comparisons_between_fields_become_one_chain() {
        let rules = " invariant x: a < b\n invariant y: c >= b\n invariant z: c <= a";
        assert_eq!(help(rules), together("a < b <= c <= a"));
        assert_eq!(
            help(" invariant x: a == b\n invariant y: b < a"),
            together("b < a == b")
        );
    }

    #[test]
    fn bounds_and_constants_close_it_too() {
        assert_eq!(help(" invariant x: d > 10"), together("10 < d <= 10"));
        assert_eq!(
            help(" invariant x: a > 7\n invariant y: a < b\n invariant z: b in 1..5"),
            together("7 < a < b <= 5")
        );
    }

    #[test]
    fn what_has_no_order_is_one_thing_and_another() {
        let spec = |members: &str| {
            helps(&format!(
                "enum S {{ aa, bb }}\nentity E {{\n s: S\n t: text\n{members}\n}}"
            ))
        };
        assert_eq!(
            spec(" invariant x: s == aa\n invariant y: s == bb"),
            together("bb == s == aa")
        );
        assert_eq!(
            spec(" invariant x: t == \"x\"\n invariant y: t == \"y\""),
            together("\"y\" == t == \"x\"")
        );
    }

    #[test]
    fn what_is_no_chain_is_told_by_its_rules() {
        assert_eq!(
            help(" invariant x: a + b > 7\n invariant y: a < 3\n invariant z: b < 3"),
            ["change one of them; without any one of them the others can hold"]
        );
        assert_eq!(
            help(" invariant x: a == 1\n invariant y: a != 1"),
            ["change one of the two; each can hold without the other"]
        );
    }
}
