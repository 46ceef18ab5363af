//! Rows that are found without a search.

use appspec_ir::{Field, Id, Row};

use super::{Part, Solver, Values, plainest};
use crate::fact::Claim;
use crate::moves::Moves;
use crate::repair::{Told, repaired};

impl<'s> Solver<'s, '_> {
    /// A row for which the claims hold, if moving a few fields of another one is enough. That one keeps every claim but
    /// those about some facts. None proves nothing.
    pub fn moved(&mut self, claims: &[Claim], near: &Row, but: &[usize]) -> Option<Row> {
        let moves = self.moves(claims, near.clone(), but);
        moves.ok().map(Moves::done)
    }

    /// The same, for a row that is given back as it was when nothing is found.
    pub(crate) fn moves(
        &mut self,
        claims: &[Claim],
        near: Row,
        but: &[usize],
    ) -> Result<Moves<'s>, Row> {
        // Nothing that other problems are about is moved.
        let touched = self.touched(but);
        let near_them = |claim: &&Claim| {
            let place = self.places.get(claim.fact);
            place.is_some_and(|(problem, _)| touched.binary_search(problem).is_ok())
        };
        let told = claims.iter().filter(near_them).filter_map(|claim| {
            let open = but.contains(&claim.fact);
            told(&self.problems, &self.places, &self.reads, *claim, open)
        });
        let told: Vec<_> = told.collect();
        repaired(self.entity.spec, &told, near, &self.moving, self.patterns)
    }

    /// Values that keep the claims about one problem, close to the plainest ones.
    pub(super) fn plainly(&mut self, place: usize, claims: &[Claim]) -> Option<Values> {
        let spec = self.entity.spec;
        let fields = self.problems.get(place)?.fields();
        let row = plainest(spec, fields.iter().copied());
        let own = claims
            .iter()
            .filter(|claim| self.places.get(claim.fact).map(|(own, _)| *own) == Some(place));
        let told: Vec<_> = own
            .filter_map(|claim| told(&self.problems, &self.places, &self.reads, *claim, true))
            .collect();
        let found = repaired(spec, &told, row, &self.moving, self.patterns);
        let mut row = found.ok()?.done();
        let values = fields.into_iter().map(|field| (field, row.take(field)));
        Some(values.collect())
    }
}

/// A claim with its fact; `open` where the row may not fulfil it.
fn told<'f, 's>(
    problems: &'f [Part<'s>],
    places: &[(usize, usize)],
    reads: &'f [Vec<Id<Field>>],
    claim: Claim,
    open: bool,
) -> Option<Told<'f, 's>> {
    let (place, own) = places.get(claim.fact)?;
    Some(Told {
        fact: problems.get(*place)?.fact(*own)?,
        holds: claim.holds,
        reads: reads.get(claim.fact)?,
        open,
    })
}
