use std::rc::Rc;

/// No row can be like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conflict;

/// Every number stays within this, so that a sum of a few of them fits into 128 bits.
pub(crate) const LARGEST: i128 = 10_i128.pow(36);

/// How often a matrix of mixed units is tightened again before it is left as it is, which is sound.
const ROUNDS: usize = 64;

/// Up to this size, nothing is allocated to close a matrix.
const FEW: usize = 24;

/// What is known about differences of whole numbers: `x - y <= c` for every pair, always closed.
///
/// Number 0 is the constant zero, so that a bound is a difference too. Strict comparisons of whole numbers are not
/// strict (`x < c` is `x <= c - 1`), so the closed matrix is exact and not an approximation. A number may be known to be
/// a multiple of its unit (a whole number beside decimals): bounds are rounded to it.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    size: usize,
    /// Shared between states until one of them changes it.
    cells: Rc<Vec<i128>>,
    /// How many cells were gone through and not yet paid for.
    cost: usize,
}

/// The units of the numbers of a matrix.
#[derive(Clone, Debug, Default)]
pub(crate) struct Units {
    units: Vec<i128>,
    /// Cells that are multiples of more than 1 while others are not, with what they are multiples of.
    rough: Vec<(usize, usize, i128)>,
}

impl Units {
    /// The units in the order of the numbers.
    pub(crate) fn new(units: impl IntoIterator<Item = i128>) -> Self {
        let mut own = Self {
            units: units.into_iter().collect(),
            rough: Vec::new(),
        };
        let mixed = own.units.windows(2).any(|pair| pair.first() != pair.last());
        // Sums of multiples of one unit are multiples of it: nothing has to be rounded again.
        if mixed {
            for row in 0..=own.units.len() {
                for column in 0..=own.units.len() {
                    let unit = shared(own.of(row), own.of(column));
                    if row != column && unit > 1 {
                        own.rough.push((row, column, unit));
                    }
                }
            }
        }
        own
    }

    /// The unit of the row or column; the constant zero is a multiple of everything.
    fn of(&self, place: usize) -> i128 {
        match place.checked_sub(1) {
            None => 0,
            Some(number) => self.units.get(number).copied().unwrap_or(1),
        }
    }
}

impl Matrix {
    /// Numbers about which nothing is known but their smallest and largest value.
    pub(crate) fn new(bounds: &[(i128, i128)]) -> Self {
        let size = bounds.len() + 1;
        let ends = || std::iter::once((0, 0)).chain(bounds.iter().copied());
        let mut cells = Vec::with_capacity(size * size);
        for (row, (_, high)) in ends().enumerate() {
            for (column, (low, _)) in ends().enumerate() {
                cells.push(if row == column { 0 } else { high - low });
            }
        }
        Self {
            size,
            cells: Rc::new(cells),
            cost: 0,
        }
    }

    fn cell(&self, row: usize, column: usize) -> i128 {
        let cell = self.cells.get(row * self.size + column);
        cell.copied().unwrap_or(4 * LARGEST)
    }

    /// How many cells were gone through since this was asked last.
    pub(crate) fn take_cost(&mut self) -> usize {
        std::mem::take(&mut self.cost)
    }

    /// The largest value of a number.
    pub(crate) fn upper(&self, number: usize) -> i128 {
        self.cell(number + 1, 0)
    }

    /// The smallest value of a number.
    pub(crate) fn lower(&self, number: usize) -> i128 {
        -self.cell(0, number + 1)
    }

    /// The largest value of `x - y`.
    pub(crate) fn difference(&self, x: usize, y: usize) -> i128 {
        self.cell(x + 1, y + 1)
    }

    /// `x <= most`; whether that is news.
    pub(crate) fn at_most(
        &mut self,
        x: usize,
        most: i128,
        units: &Units,
    ) -> Result<bool, Conflict> {
        self.add(x + 1, 0, most, units)
    }

    /// `x >= least`; whether that is news.
    pub(crate) fn at_least(
        &mut self,
        x: usize,
        least: i128,
        units: &Units,
    ) -> Result<bool, Conflict> {
        self.add(0, x + 1, least.checked_neg().ok_or(Conflict)?, units)
    }

    /// `x - y <= most`; whether that is news.
    pub(crate) fn apart(
        &mut self,
        x: usize,
        y: usize,
        most: i128,
        units: &Units,
    ) -> Result<bool, Conflict> {
        self.add(x + 1, y + 1, most, units)
    }

    fn add(
        &mut self,
        row: usize,
        column: usize,
        most: i128,
        units: &Units,
    ) -> Result<bool, Conflict> {
        if row == column {
            return if most < 0 { Err(Conflict) } else { Ok(false) };
        }
        if most >= self.cell(row, column) {
            return Ok(false);
        }
        if most < -4 * LARGEST {
            return Err(Conflict);
        }
        let most = rounded_down(most, shared(units.of(row), units.of(column)));
        self.close(row, column, most)?;
        if !units.rough.is_empty() {
            self.round(units)?;
        }
        Ok(true)
    }

    /// Enters one cell and all that follows from it.
    ///
    /// The matrix is closed, so that a way through the new cell can only be shorter where it is so at both of its ends.
    fn close(&mut self, row: usize, column: usize, most: i128) -> Result<(), Conflict> {
        if self.cell(column, row) + most < 0 {
            return Err(Conflict);
        }
        let onwards = |other: usize| {
            let way = most + self.cell(column, other);
            (way < self.cell(row, other)).then_some((other, way))
        };
        let mut few = [(0, 0); FEW];
        let many: Vec<(usize, i128)>;
        let shorter = if self.size <= FEW {
            let mut count = 0;
            for (slot, way) in few.iter_mut().zip((0..self.size).filter_map(onwards)) {
                *slot = way;
                count += 1;
            }
            few.get(..count).unwrap_or_default()
        } else {
            many = (0..self.size).filter_map(onwards).collect();
            &many
        };
        let size = self.size;
        // Another state may hold the same cells, which are copied then.
        let is_shared = Rc::strong_count(&self.cells) > 1;
        self.cost += 2 * size + if is_shared { size * size } else { 0 };
        let cells = Rc::make_mut(&mut self.cells);
        let cell = |cells: &[i128], row: usize, column: usize| {
            cells.get(row * size + column).copied().unwrap_or(0)
        };
        for other in 0..size {
            let before = cell(cells, other, row);
            if before + most >= cell(cells, other, column) {
                continue;
            }
            self.cost += shorter.len();
            let start = other * size;
            let Some(line) = cells.get_mut(start..start + size) else {
                continue;
            };
            for (place, way) in shorter {
                if let Some(cell) = line.get_mut(*place) {
                    *cell = (*cell).min(before + way);
                }
            }
        }
        Ok(())
    }

    /// What follows is rounded to units as well, until nothing changes.
    fn round(&mut self, units: &Units) -> Result<(), Conflict> {
        for _ in 0..ROUNDS {
            let mut changed = false;
            for (row, column, unit) in &units.rough {
                let cell = self.cell(*row, *column);
                let rounded = rounded_down(cell, *unit);
                if rounded < cell {
                    self.close(*row, *column, rounded)?;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        Ok(())
    }
}

/// The largest unit of which both are multiples; 0 is a multiple of everything.
pub(crate) fn shared(a: i128, b: i128) -> i128 {
    if a == 1 || b == 1 {
        return 1;
    }
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

/// The largest multiple of a unit that is not above.
pub(crate) fn rounded_down(number: i128, unit: i128) -> i128 {
    if unit <= 1 {
        return number;
    }
    number
        .checked_sub(number.rem_euclid(unit))
        .unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_smaller_ones_is_refused_at_its_last_part() {
        let units = Units::new([1; 3]);
        let mut matrix = Matrix::new(&[(0, 100); 3]);
        assert_eq!(matrix.apart(0, 1, -1, &units), Ok(true));
        assert_eq!(matrix.apart(1, 2, -1, &units), Ok(true));
        assert_eq!(matrix.difference(0, 2), -2);
        assert_eq!((matrix.upper(0), matrix.lower(2)), (98, 2));
        assert_eq!(matrix.apart(2, 0, -1, &units), Err(Conflict));
        assert_eq!(matrix.apart(0, 2, -2, &units), Ok(false));
    }

    #[test]
    fn whole_numbers_beside_decimals_stay_whole() {
        // x counts cents, y whole units: y < x and x <= 1.50 leave y <= 1.
        let units = Units::new([1, 100]);
        let mut matrix = Matrix::new(&[(0, 1000), (0, 1000)]);
        matrix.at_most(0, 150, &units).unwrap();
        matrix.apart(1, 0, -1, &units).unwrap();
        assert_eq!(matrix.upper(1), 100);
        assert_eq!(matrix.at_least(1, 101, &units), Err(Conflict));
    }
}
