//! Where a file has mistakes: what they are in is left as it is.

use std::ops::Range;

use appspec_diagnostics::Diagnostics;

/// The places of the mistakes of one file.
pub(super) struct Errors {
    places: Vec<Range<usize>>,
}

impl Errors {
    pub(super) fn new(found: &Diagnostics) -> Self {
        let spans = found.iter().filter_map(|it| it.primary.as_ref());
        let mut places: Vec<_> = spans
            .map(|label| label.span.start as usize..label.span.end as usize)
            .collect();
        places.sort_by_key(|place| (place.start, place.end));
        Self { places }
    }

    /// Whether a mistake begins in this part.
    pub(super) fn any(&self, range: &Range<usize>) -> bool {
        let first = self.places.partition_point(|it| it.start < range.start);
        let rest = self.places.get(first..).unwrap_or_default();
        rest.iter()
            .take_while(|it| it.start <= range.end)
            .any(|it| it.start < range.end || it.is_empty())
    }
}
