use appspec_ir::{Comparison, Expr, ExprKind, Field, Id, Row, Surroundings, Value, holds, print};

use crate::affixes::Affix;
use crate::folded::Folded;
use crate::formula::{Formulas, Literal, NodeId};
use crate::patterns::Patterns;
use crate::problem::{Atom, Opaque, Problem};
use crate::slot::{Kind, Sort};

/// Nothing is known about how long a text is.
const ANY_LENGTH: (i128, i128) = (0, i128::MAX);

impl<'s> Problem<'s> {
    /// Something that is not looked into: it may come out either way, but always the same.
    pub(super) fn opaque(&mut self, condition: &Expr, truth: bool) -> NodeId {
        let (condition, truth) = canonical(condition, truth);
        let reads = condition.fields();
        let asks_clock = condition.calls(appspec_ir::Function::Now)
            || condition.calls(appspec_ir::Function::Today);
        if reads.is_empty() && !asks_clock {
            // Constants alone: the language itself knows the answer.
            return match holds(&condition, &Row::new(), Surroundings::default()) {
                Ok(answer) => Formulas::truth(answer == truth),
                Err(_) => self.nameless(print(self.spec, &condition), truth),
            };
        }
        let filled = self.read(&condition);
        let folded = Folded::of(&condition);
        if folded.as_ref().is_some_and(Folded::is_never) {
            let mut parts = filled;
            parts.push(Formulas::truth(!truth));
            return self.formulas.all(parts);
        }
        let name = print(self.spec, &condition);
        let atom = if let Some(atom) = self.known_atoms.get(&name) {
            *atom
        } else {
            let atom = self.atom(&condition, (&reads, asks_clock), folded);
            self.add_atom(name, atom)
        };
        let mut parts = filled;
        parts.push(self.formulas.literal(Literal::Opaque(atom, truth)));
        self.formulas.all(parts)
    }

    /// Something of which not even an expression is known.
    pub(super) fn nameless(&mut self, name: String, truth: bool) -> NodeId {
        let atom = if let Some(atom) = self.known_atoms.get(&name) {
            *atom
        } else {
            let always = Value::Bool(true);
            let span = appspec_diagnostics::Span::new(appspec_diagnostics::FileId(0), 0, 0);
            self.add_atom(
                name,
                Atom {
                    says: Opaque::Condition(Expr {
                        kind: ExprKind::Value(always),
                        ty: appspec_ir::Type::Bool,
                        span,
                    }),
                    subject: None,
                    holds_for: 0,
                    fails_for: 0,
                    affix: None,
                    folded: None,
                    automaton: None,
                    lengths: ANY_LENGTH,
                    then: Vec::new(),
                    otherwise: Vec::new(),
                },
            )
        };
        self.formulas.literal(Literal::Opaque(atom, truth))
    }

    fn add_atom(&mut self, name: String, mut atom: Atom<'s>) -> usize {
        let place = self.atoms.len();
        for (other, known) in self.atoms.iter_mut().enumerate() {
            if atom.subject != known.subject {
                continue;
            }
            if let (Some(own), Some(folded)) = (&atom.folded, &known.folded)
                && own.excludes(folded)
            {
                atom.then.push((other, false));
                known.then.push((place, false));
            }
            if let Some(has) = decided(&atom, known) {
                // Where it comes out otherwise, the text does not match.
                atom.then.push((other, has));
                known.follow(!has).push((place, false));
            }
            if let Some(has) = decided(known, &atom) {
                known.then.push((place, has));
                atom.follow(!has).push((other, false));
            }
            let (Some(own), Some(affix)) = (&atom.affix, &known.affix) else {
                continue;
            };
            let (ours, theirs) = (own.decides(affix), affix.decides(own));
            atom.then.extend(ours.map(|truth| (other, truth)));
            known.then.extend(theirs.map(|truth| (place, truth)));
            // Where what follows is false, so is that from which it does.
            if ours == Some(true) {
                known.otherwise.push((place, false));
            }
            if theirs == Some(true) {
                atom.otherwise.push((other, false));
            }
        }
        self.atoms.push(atom);
        self.known_atoms.insert(name, place);
        place
    }

    fn atom(
        &self,
        condition: &Expr,
        (reads, asks_clock): (&[Id<Field>], bool),
        folded: Option<Folded>,
    ) -> Atom<'s> {
        let mut atom = Atom {
            says: Opaque::Condition(condition.clone()),
            subject: None,
            holds_for: 0,
            fails_for: 0,
            affix: None,
            folded: None,
            automaton: None,
            lengths: ANY_LENGTH,
            then: Vec::new(),
            otherwise: Vec::new(),
        };
        if let ([field], false) = (reads, asks_clock)
            && let Some((_, slot)) = self.slot(*field)
            && slot.kind == Kind::Symbol(Sort::Text)
        {
            atom.subject = Some(slot.variable);
            atom.affix = Affix::of(condition).map(|(_, affix)| affix);
            if let Some(folded) = folded {
                atom.lengths = folded.lengths();
                atom.folded = Some(folded);
            }
            let constants = self.constants(slot.variable);
            let values = constants.iter().flat_map(|own| own.values.iter());
            for (place, value) in values.enumerate() {
                let mut row = Row::new();
                row.set(*field, value.clone());
                match holds(condition, &row, Surroundings::default()) {
                    Ok(true) => atom.holds_for |= 2 << place,
                    Ok(false) => atom.fails_for |= 2 << place,
                    Err(_) => {}
                }
            }
        }
        atom
    }

    /// The whole text of a field matches a pattern, or does not.
    pub(super) fn matches(
        &mut self,
        field: Id<Field>,
        pattern: &'s str,
        truth: bool,
        patterns: &mut Patterns,
    ) -> NodeId {
        let name = format!("{field:?} matches {pattern}");
        let atom = if let Some(atom) = self.known_atoms.get(&name) {
            *atom
        } else {
            let subject = self.symbol(field);
            let mut atom = Atom {
                says: Opaque::Matches(pattern),
                subject,
                holds_for: 0,
                fails_for: 0,
                affix: None,
                folded: None,
                automaton: patterns.automaton(pattern),
                lengths: patterns.lengths(pattern),
                then: Vec::new(),
                otherwise: Vec::new(),
            };
            let constants = subject.and_then(|symbol| self.constants(symbol));
            let values = constants.iter().flat_map(|own| own.values.iter());
            for (place, value) in values.enumerate() {
                if let Value::Text(text) = value {
                    match patterns.matches(pattern, text) {
                        Some(true) => atom.holds_for |= 2 << place,
                        Some(false) => atom.fails_for |= 2 << place,
                        None => {}
                    }
                }
            }
            self.add_atom(name, atom)
        };
        self.formulas.literal(Literal::Opaque(atom, truth))
    }

    /// The optional fields that an expression certainly reads have to have a value.
    pub(super) fn read(&mut self, expr: &Expr) -> Vec<NodeId> {
        let mut fields = Vec::new();
        certain_reads(expr, &mut fields);
        fields
            .into_iter()
            .map(|field| self.is_set(field, true))
            .collect()
    }
}

impl Atom<'_> {
    /// What other atoms are where this one comes out like this.
    fn follow(&mut self, truth: bool) -> &mut Vec<(usize, bool)> {
        if truth {
            &mut self.then
        } else {
            &mut self.otherwise
        }
    }
}

/// Whether all texts that match a pattern have a part, or none does.
fn decided(pattern: &Atom<'_>, part: &Atom<'_>) -> Option<bool> {
    pattern.automaton.as_ref()?.decides(part.affix.as_ref()?)
}

/// The fields that are read whenever the expression has a value.
fn certain_reads(expr: &Expr, found: &mut Vec<Id<Field>>) {
    match &expr.kind {
        ExprKind::Field(field) if !found.contains(field) => found.push(*field),
        ExprKind::Not(inner) | ExprKind::Negate(inner) | ExprKind::In(inner, _) => {
            certain_reads(inner, found);
        }
        ExprKind::Compare(_, a, b) | ExprKind::Arithmetic(_, a, b) => {
            certain_reads(a, found);
            certain_reads(b, found);
        }
        // The upper end is not looked at where the lower one decides.
        ExprKind::Between(inner, low, high) => {
            certain_reads(inner, found);
            certain_reads(low, found);
            certain_reads(high, found);
        }
        ExprKind::Call(_, arguments) => {
            for argument in arguments {
                certain_reads(argument, found);
            }
        }
        // What is behind `otherwise`, `and`, `or` and `implies` may never be looked at.
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            if let Some(first) = parts.first() {
                certain_reads(first, found);
            }
        }
        ExprKind::Implies(first, _) => certain_reads(first, found),
        // Other rows are no fields of this one.
        ExprKind::Field(_)
        | ExprKind::Value(_)
        | ExprKind::IsSet(_)
        | ExprKind::Otherwise(..)
        | ExprKind::Behind(..)
        | ExprKind::Fallback(..)
        | ExprKind::Each(_)
        | ExprKind::Outer(_)
        | ExprKind::Old(_)
        | ExprKind::This
        | ExprKind::Me
        | ExprKind::Mine(_) => {}
    }
}

/// `a != b` is `not a == b`, and the like: so that an opaque comparison and its opposite are one thing.
fn canonical(condition: &Expr, truth: bool) -> (Expr, bool) {
    let ExprKind::Compare(comparison, a, b) = &condition.kind else {
        return (condition.clone(), truth);
    };
    let (comparison, a, b, truth) = match comparison {
        Comparison::Equal => (Comparison::Equal, a, b, truth),
        Comparison::NotEqual => (Comparison::Equal, a, b, !truth),
        Comparison::Less => (Comparison::Less, a, b, truth),
        Comparison::GreaterOrEqual => (Comparison::Less, a, b, !truth),
        Comparison::Greater => (Comparison::Less, b, a, truth),
        Comparison::LessOrEqual => (Comparison::Less, b, a, !truth),
    };
    let canonical = Expr {
        kind: ExprKind::Compare(comparison, a.clone(), b.clone()),
        ty: condition.ty,
        span: condition.span,
    };
    (canonical, truth)
}
