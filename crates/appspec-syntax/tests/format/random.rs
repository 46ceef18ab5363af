/// A small generator: the same numbers on every machine and in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }

    pub(crate) fn pick<'p>(&mut self, of: &[&'p str]) -> &'p str {
        of.get(self.below(of.len())).expect("one of them")
    }

    pub(crate) fn some_of(&mut self, of: &[usize], count: usize) -> Vec<usize> {
        (0..count)
            .filter_map(|_| of.get(self.below(of.len())).copied())
            .collect()
    }
}
