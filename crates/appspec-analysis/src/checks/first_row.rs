use std::collections::VecDeque;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Expr, ExprKind, Field, Id, RelationGraph, Spec, Type, Walk};
use appspec_solver::{Claim, Fact, Patterns, Rule, Solver, Study, Verdict};

use super::{required_cycle, solved};

/// Entities of which no row can be the first, because rules ask for a reference that could be empty, and what it points
/// to needs such a row in turn. Circles in which every reference is required are told by another check.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut rows = FirstRows {
        spec,
        studies,
        possible: vec![false; spec.entities.len()],
        patterns: Patterns::new(),
    };
    let told = RelationGraph::required(spec).cycles();
    for field in told.iter().flatten() {
        rows.allow(spec.walk(*field).entity);
    }
    rows.spread(RelationGraph::required(spec).order());
    while let Some(circle) = rows.circle() {
        if let Some(finding) = finding(spec, &circle) {
            found.push(finding);
        }
        for step in &circle {
            rows.allow(step.field.entity);
        }
        rows.spread(circle.iter().map(|step| step.field.entity).collect());
    }
}

/// Of which entities there can be a first row, as far as anybody knows.
struct FirstRows<'a, 's> {
    spec: &'s Spec,
    studies: &'a [Study<'s>],
    possible: Vec<bool>,
    patterns: Patterns,
}

/// A reference that a first row would need.
struct Step<'a, 's> {
    field: Walk<'s, Field>,
    /// The rules that ask for it; none where it is required by itself.
    rules: Vec<&'a Rule<'s>>,
}

impl<'a, 's> FirstRows<'a, 's> {
    fn is_possible(&self, entity: Id<Entity>) -> bool {
        self.possible.get(entity.index()).copied().unwrap_or(true)
    }

    fn allow(&mut self, entity: Id<Entity>) {
        if let Some(possible) = self.possible.get_mut(entity.index()) {
            *possible = true;
        }
    }

    /// Allows what can come first among these entities, and whatever can come after it.
    fn spread(&mut self, entities: Vec<Id<Entity>>) {
        let mut after: Vec<Vec<Id<Entity>>> = vec![Vec::new(); self.spec.entities.len()];
        for (_, field) in self.spec.fields.iter() {
            if let Some(relation) = field.relation()
                && let Some(after) = after.get_mut(relation.target.index())
            {
                after.push(field.entity);
            }
        }
        let mut open = VecDeque::from(entities);
        while let Some(entity) = open.pop_front() {
            if !self.is_possible(entity) && self.missing(entity).is_none() {
                self.allow(entity);
            }
            if self.is_possible(entity)
                && let Some(after) = after.get_mut(entity.index())
            {
                open.extend(std::mem::take(after));
            }
        }
    }

    /// A reference that a first row of the entity would need, and to which no row can be there yet.
    fn missing(&mut self, entity: Id<Entity>) -> Option<Step<'a, 's>> {
        let entity = self.spec.walk(entity);
        let mut empty = Vec::new();
        for field in entity.fields() {
            let Some(relation) = field.get().relation() else {
                continue;
            };
            if self.is_possible(relation.target) {
                continue;
            }
            if !field.get().optional {
                let rules = Vec::new();
                return Some(Step { field, rules });
            }
            empty.push(field);
        }
        let study: &'a Study<'s> = self.studies.get(entity.id.index())?;
        let read = |field: &Walk<'_, Field>| {
            let mut facts = study.rules.iter().map(|rule| &rule.fact);
            facts.any(|fact| fact.fields().contains(&field.id))
        };
        empty.retain(read);
        // Rules that no row keeps are told as such.
        let Verdict::Satisfiable(row) = &study.all else {
            return None;
        };
        // Nothing has to be asked where a row without those references is known.
        if empty.iter().all(|field| row.get(field.id).is_none()) {
            return None;
        }
        let rules = study.rules.len();
        let mut facts = solved::facts(study);
        facts.extend(empty.iter().map(|field| is_set(*field)));
        let mut claims: Vec<Claim> = (0..rules).map(Claim::yes).collect();
        claims.extend((rules..facts.len()).map(Claim::no));
        let mut solver = Solver::new(self.spec, entity.id, facts, &mut self.patterns);
        let Verdict::Contradiction(proof) = solver.satisfy(&claims) else {
            return None;
        };
        let mut blamed = proof
            .iter()
            .filter_map(|claim| empty.get(claim.fact.checked_sub(rules)?));
        Some(Step {
            field: *blamed.next()?,
            rules: solved::rules(study, &proof, None),
        })
    }

    /// References that lead back to where they began, each of which a first row would need.
    fn circle(&mut self) -> Option<Vec<Step<'a, 's>>> {
        let start = self.possible.iter().position(|possible| !possible)?;
        let mut next = Id::from_index(start);
        let mut way: Vec<Step<'a, 's>> = Vec::new();
        loop {
            let began = way.iter().position(|step| step.field.entity == next);
            if let Some(began) = began {
                return Some(way.split_off(began));
            }
            let step = self.missing(next)?;
            next = step.field.target()?.id;
            way.push(step);
        }
    }
}

fn is_set<'s>(field: Walk<'_, Field>) -> Fact<'s> {
    Fact::made(Expr {
        kind: ExprKind::IsSet(field.id),
        ty: Type::Bool,
        span: field.get().span,
    })
}

fn finding(spec: &Spec, circle: &[Step<'_, '_>]) -> Option<Diagnostic> {
    let asked = circle.iter().find(|step| !step.rules.is_empty())?;
    let (last, others) = asked.rules.split_last()?;
    let names: Vec<String> = circle
        .iter()
        .map(|step| format!("`{}`", step.field.entity().get().name))
        .collect();
    let way = required_cycle::way_round(&names)?;
    let name = &asked.field.get().name;
    let mut finding = Diagnostic::new(
        &codes::relation::REQUIRED_CYCLE,
        solved::place(spec, last),
        format!("no first row can be made: {way}"),
    )
    .label(format!("asks for `{name}`"));
    finding = solved::shown(spec, finding, others);
    let mut required = circle.iter().filter(|step| step.rules.is_empty());
    let allow = format!("let the rule allow a row whose `{name}` is empty");
    let help = if let Some(step) = required.next() {
        finding = finding.note(step.field.get().span, required_cycle::needs(step.field));
        let optional = required_cycle::optional(step.field);
        format!("{allow}, or make the way back optional: {optional}")
    } else {
        allow
    };
    for step in required {
        finding = finding.note(step.field.get().span, required_cycle::needs(step.field));
    }
    Some(finding.help(help))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

    #[test]
    fn a_rule_can_close_a_circle() {
        let spec = "entity Team {\n captain: Player? on delete protect inverse captain_of\n invariant c: captain is set\n}\n\
             entity Player { team: Team inverse players }";
        assert_eq!(
            findings(spec),
            ["relation::required_cycle: no first row can be made: `Team` → `Player` → `Team`"]
        );
        assert_eq!(
            helps(spec),
            [
                "let the rule allow a row whose `captain` is empty, or make the way back optional: `team: Team?`"
            ]
        );
    }

    #[test]
    fn several_references_and_several_rules_can_close_it_together() {
        let either = "entity X {\n y: Y? on delete protect\n z: Z? on delete protect\n invariant r: y is set or z is set\n}\n\
             entity Y { x: X }\nentity Z { x: X }";
        assert_eq!(codes(either), ["relation::required_cycle"]);
        let split = "enum Rank { top, low }\nentity Worker {\n rank: Rank\n boss: Worker? on delete protect\n \
             invariant a: rank == top implies boss is set\n invariant b: rank == low implies boss is set\n}";
        assert_eq!(codes(split), ["relation::required_cycle"]);
    }

    #[test]
    fn a_way_out_is_enough() {
        let spec = "entity X {\n y: Y? on delete protect\n z: Z? on delete protect\n invariant r: y is set or z is set\n}\n\
             entity Y { x: X }\nentity Z { n: int }";
        assert_eq!(codes(spec), [""; 0]);
        let spec = "entity Worker {\n is_head: bool\n boss: Worker? on delete protect\n \
             invariant a: not is_head implies boss is set\n}";
        assert_eq!(codes(spec), [""; 0]);
    }

    #[test]
    fn a_circle_of_required_references_is_told_once() {
        let spec = "entity A {\n b: B\n c: C? on delete protect\n invariant r: c is set\n}\nentity B { a: A }\n\
             entity C { a: A }";
        assert_eq!(codes(spec), ["relation::required_cycle"]);
    }
}
