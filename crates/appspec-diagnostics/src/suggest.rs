/// The candidate that was most likely meant, for "did you mean".
///
/// Optimal string alignment distance (Damerau–Levenshtein with adjacent swaps) over characters,
/// case ignored; at most two edits, and fewer than half of the word's length. Of equally close
/// candidates the first wins, so the order of `candidates` decides and stays deterministic.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().collect();
    let limit = (word.len() / 2).min(2);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().collect();
        if letters.len().abs_diff(word.len()) > limit {
            continue;
        }
        let distance = distance(&word, &letters);
        if distance <= limit && best.is_none_or(|(smallest, _)| distance < smallest) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_previous: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at =
                |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&previous, j) + usize::from(x != y))
                .min(at(&previous, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(at(&before_previous, j - 1) + 1);
            }
            row.push(cost);
        }
        before_previous = std::mem::replace(&mut previous, row);
    }
    previous.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_a_slip_and_keeps_quiet_about_strangers() {
        let names = ["Customer", "Order", "Invoice"];
        assert_eq!(closest("Custmer", names), Some("Customer"));
        assert_eq!(closest("Odrer", names), Some("Order"));
        assert_eq!(closest("customer", names), Some("Customer"));
        assert_eq!(closest("Banana", names), None);
        assert_eq!(closest("x", names), None);
    }
}
