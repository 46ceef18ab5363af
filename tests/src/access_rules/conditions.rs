//! Random conditions about a row, about the rows that it is related to, and about who asks.

use std::collections::BTreeMap;

use appspec_ir::{Entity, Id, Spec, Type};
use serde_json::json;

use super::constants;
use super::reach::{Base, Reached};
use super::said::Said;
use crate::Random;

/// What a condition can speak of in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    /// The row whose fields it reads.
    pub(super) base: Base,
    /// Where that is one of several: the row to which they are related. A role's rows know none.
    pub(super) outer: Option<Base>,
    /// The person who asks, where somebody does.
    pub(super) me: Option<Base>,
    /// The row that is asked for, where it has a name.
    pub(super) this: Option<Id<Entity>>,
    /// Whether the row is one of several.
    pub(super) is_one_of_several: bool,
}

/// Draws conditions about the rows of a spec.
pub(super) struct Conditions<'s> {
    pub(super) spec: &'s Spec,
    pub(super) random: Random,
    /// Conditions that have a name in their entity, as they are said there.
    pub(super) predicates: BTreeMap<Id<Entity>, (String, Said)>,
    /// Conditions that have a name in the access block that is drawn.
    pub(super) lets: Vec<(String, Said)>,
}

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

impl Conditions<'_> {
    /// A condition with so many operators inside of one another at most.
    pub(super) fn condition(&mut self, site: Site, depth: usize) -> Said {
        if depth == 0 {
            return self.leaf(site);
        }
        match self.random.below(12) {
            0..=2 => self.several(site, depth, "and"),
            3..=5 => self.several(site, depth, "or"),
            6 => {
                let parts = [
                    self.condition(site, depth - 1),
                    self.condition(site, depth - 1),
                ];
                Said::joined("implies", "implies", &parts)
            }
            7 | 8 => self.condition(site, depth - 1).negated(),
            _ => self.leaf(site),
        }
    }

    fn several(&mut self, site: Site, depth: usize, operator: &str) -> Said {
        let count = 2 + self.random.below(2);
        let parts: Vec<Said> = (0..count)
            .map(|_| self.condition(site, depth - 1))
            .collect();
        Said::joined(operator, operator, &parts)
    }

    fn leaf(&mut self, site: Site) -> Said {
        if !site.is_one_of_several
            && self.random.chance(30)
            && let Some(each) = self.about_several(site)
        {
            return each;
        }
        if self.random.chance(8)
            && let Some((name, said)) = self.predicates.get(&site.base.entity)
        {
            let text = format!("{}{name}", site.base.before);
            return Said::word(text, json!(["own", site.base.name, said.data]));
        }
        if !site.is_one_of_several
            && site.me.is_some()
            && !self.lets.is_empty()
            && self.random.chance(8)
        {
            let (name, said) = self.random.one_of(&self.lets).clone();
            return Said::word(name, said.data);
        }
        let mine = site.me.filter(|_| self.random.chance(12));
        let from = mine.unwrap_or(site.base);
        loop {
            // At the end of some paths stands nothing to compare with.
            if let Some(said) = self.comparison(site, from) {
                return said;
            }
        }
    }

    /// Something about one value, or about two.
    fn comparison(&mut self, site: Site, from: Base) -> Option<Said> {
        let hops = self.random.below(4);
        let left = from.reach(self.spec, &mut self.random, hops, &|_| true)?;
        if left.is_optional && self.random.chance(20) {
            return Some(if self.random.chance(50) {
                left.said.is_set()
            } else {
                left.said.is_not_set()
            });
        }
        let mut guards = Vec::new();
        let value = self.known(&left, &mut guards);
        let said = match left.ty {
            Type::Bool if self.random.chance(70) => value.said.clone(),
            Type::Reference(target) => {
                let other = self.row(site, &left, target, &mut guards)?;
                self.compared(&["==", "!="], value.said, other)
            }
            ty => self.about(site, ty, value.said, &mut guards),
        };
        Some(self.guarded(&guards, said))
    }

    /// A row to compare a reference with.
    fn row(
        &mut self,
        site: Site,
        left: &Reached,
        target: Id<Entity>,
        guards: &mut Vec<Said>,
    ) -> Option<Said> {
        if let Some(me) = site.me
            && me.entity == target
            && self.random.chance(60)
        {
            return Some(Said::word("me", json!(["me"])));
        }
        if site.this == Some(target) && self.random.chance(60) {
            return Some(Said::word("this", json!(["this"])));
        }
        let bases: Vec<Base> = [Some(site.base), site.outer, site.me]
            .into_iter()
            .flatten()
            .collect();
        let base = *self.random.one_of(&bases);
        let hops = self.random.below(3);
        let leads_there = |field: &appspec_ir::Field| field.ty.seen() == Type::Reference(target);
        let other = base.reach(self.spec, &mut self.random, hops, &leads_there)?;
        // One of several knows nothing of what was asked of the row outside.
        let is_outside = site.outer == Some(base);
        if other.said.text == left.said.text || (is_outside && other.is_optional) {
            return None;
        }
        Some(self.known(&other, guards).said)
    }

    /// What a value says of itself or beside another one.
    fn about(&mut self, site: Site, ty: Type, value: Said, guards: &mut Vec<Said>) -> Said {
        if self.random.chance(25) {
            let bases: Vec<Base> = [Some(site.base), site.outer, site.me]
                .into_iter()
                .flatten()
                .collect();
            let base = *self.random.one_of(&bases);
            let other = base.reach(self.spec, &mut self.random, 1, &|it| it.ty.seen() == ty);
            if let Some(other) = other.filter(|it| it.said.text != value.text) {
                let other = if site.outer == Some(base) && other.is_optional {
                    self.otherwise(&other)
                } else {
                    self.known(&other, guards).said
                };
                let is_ordered = matches!(ty, Type::Int | Type::Decimal { .. } | Type::Date);
                let signs = if is_ordered { 6 } else { 2 };
                return self.compared(&COMPARISONS[..signs], value, other);
            }
        }
        let random = &mut self.random;
        match ty {
            Type::Int if random.chance(25) => {
                let more = constants::of(self.spec, random, ty);
                let sum = Said::joined("+", "+", &[value, more]);
                let limit = constants::of(self.spec, random, ty);
                self.compared(&COMPARISONS, sum, limit)
            }
            Type::Int | Type::Date if random.chance(25) => {
                let (low, high) = constants::range(self.spec, random, ty);
                let data = json!(["between", value.data, low.data, high.data]);
                Said::around("{} in {}..{}", &[&value, &low, &high], data)
            }
            Type::Text if random.chance(60) => {
                let (word, tag) = *random.one_of(&[
                    ("starts_with", "starts_with"),
                    ("ends_with", "ends_with"),
                    ("contains", "contains"),
                ]);
                let part = constants::of(self.spec, random, ty);
                let data = json!([tag, value.data, part.data]);
                Said::around(&format!("{word}({{}}, {{}})"), &[&value, &part], data)
            }
            Type::Text if random.chance(40) => {
                let length = json!(["length", value.data]);
                let length = Said::around("length({})", &[&value], length);
                let limit = constants::length(random);
                self.compared(&COMPARISONS, length, limit)
            }
            Type::Enum(_) if random.chance(40) => {
                let some = constants::some_of(self.spec, random, ty);
                let word = *random.one_of(&["in", "not in"]);
                let datas: Vec<_> = some.iter().map(|it| &it.data).collect();
                let data = json!([word.replace(' ', "_"), value.data, datas]);
                let (mut frame, mut parts) = (Vec::new(), vec![&value]);
                for each in &some {
                    frame.push("{}");
                    parts.push(each);
                }
                let frame = format!("{{}} {word} {{{}}}", frame.join(", "));
                Said::around(&frame, &parts, data)
            }
            Type::Date if random.chance(20) => {
                let today = Said::word("today()", json!(["today"]));
                self.compared(&COMPARISONS, value, today)
            }
            Type::Int | Type::Decimal { .. } | Type::Date => {
                let limit = constants::of(self.spec, random, ty);
                self.compared(&COMPARISONS, value, limit)
            }
            _ => {
                let other = constants::of(self.spec, random, ty);
                self.compared(&["==", "!="], value, other)
            }
        }
    }

    fn compared(&mut self, signs: &[&str], left: Said, right: Said) -> Said {
        let sign = *self.random.one_of(signs);
        Said::joined(sign, sign, &[left, right])
    }

    /// A value that may be missing, with what it is then or with the question whether it is there.
    fn known(&mut self, reached: &Reached, guards: &mut Vec<Said>) -> Reached {
        let mut known = reached.clone();
        if !reached.is_optional {
            return known;
        }
        if !matches!(reached.ty, Type::Reference(_)) && self.random.chance(40) {
            known.said = self.otherwise(reached);
        } else {
            guards.push(reached.said.clone());
        }
        known
    }

    /// A value, or a constant where it is missing.
    fn otherwise(&mut self, reached: &Reached) -> Said {
        let other = constants::of(self.spec, &mut self.random, reached.ty);
        let data = json!(["otherwise", reached.said.data, other.data]);
        Said::around("({} otherwise {})", &[&reached.said, &other], data)
    }

    /// What holds of values that may be missing, where they are there or not.
    fn guarded(&mut self, guards: &[Said], said: Said) -> Said {
        if guards.is_empty() {
            return said;
        }
        let set: Vec<Said> = guards.iter().map(Said::is_set).collect();
        match self.random.below(6) {
            0 => Said::joined("implies", "implies", &[Said::and(&set), said]),
            1 => {
                let mut parts: Vec<Said> = guards.iter().map(Said::is_not_set).collect();
                parts.push(said);
                Said::joined("or", "or", &parts)
            }
            _ => {
                let mut parts = set;
                parts.push(said);
                Said::and(&parts)
            }
        }
    }
}
