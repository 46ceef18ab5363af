/// The name that was most likely meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion<'a> {
    /// The name.
    pub name: &'a str,
    /// It is one slip away, and no other candidate is: nothing else can be meant.
    pub is_certain: bool,
}

/// The candidate that was most likely meant, for "did you mean".
///
/// Optimal string alignment distance (Damerau–Levenshtein with adjacent swaps) over characters,
/// case ignored; at most two edits, and one for every three letters: `Fooo` is not `bool`. Of equally close
/// candidates the first wins, so the order of `candidates` decides and stays deterministic.
pub fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<Suggestion<'a>> {
    let letters_of = |text: &str| -> Vec<char> { text.to_lowercase().chars().collect() };
    let letters = letters_of(word);
    let limit = (letters.len() / LETTERS_PER_SLIP).min(2);
    let mut best: Option<(usize, &str)> = None;
    let mut near: Vec<&str> = Vec::new();
    for candidate in candidates {
        let theirs = letters_of(candidate);
        if theirs.len().abs_diff(letters.len()) > limit {
            continue;
        }
        let distance = distance(&letters, &theirs);
        if distance <= 1 && !near.contains(&candidate) {
            near.push(candidate);
        }
        if distance <= limit && best.is_none_or(|(smallest, _)| distance < smallest) {
            best = Some((distance, candidate));
        }
    }
    let (distance, name) = best?;
    let is_slip = distance == 0 || letters.len() >= SHORTEST_SLIP && digits(word) == digits(name);
    Some(Suggestion {
        name,
        is_certain: is_slip && near == [name],
    })
}

/// With more slips than that, what is left of a word is too little to know it by.
const LETTERS_PER_SLIP: usize = 3;

/// In shorter words one letter makes another word: `day` and `say`.
const SHORTEST_SLIP: usize = 4;

/// `line_1` is no slip for `line_2`.
fn digits(word: &str) -> String {
    word.chars().filter(char::is_ascii_digit).collect()
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
        let meant = |word| closest(word, names).map(|meant| (meant.name, meant.is_certain));
        assert_eq!(meant("Custmer"), Some(("Customer", true)));
        assert_eq!(meant("Odrer"), Some(("Order", true)));
        assert_eq!(meant("customer"), Some(("Customer", true)));
        assert_eq!(meant("Cstmer"), Some(("Customer", false)));
        assert_eq!(meant("Banana"), None);
        assert_eq!(meant("x"), None);
    }

    #[test]
    fn half_of_a_short_word_is_no_slip() {
        let meant = |word| closest(word, ["bool", "text", "date"]).map(|meant| meant.name);
        for stranger in ["Fooo", "Food", "Blood", "at", "to"] {
            assert_eq!(meant(stranger), None, "{stranger}");
        }
        for (slip, name) in [("bol", "bool"), ("txt", "text"), ("datte", "date")] {
            assert_eq!(meant(slip), Some(name));
        }
    }

    #[test]
    fn a_guess_is_certain_when_nothing_else_can_be_meant() {
        let certain = |word, names: &[&'static str]| {
            closest(word, names.iter().copied()).is_some_and(|meant| meant.is_certain)
        };
        assert!(certain("starts_att", &["starts_at", "ends_at"]));
        assert!(!certain("stars", &["starts", "stark"]));
        assert!(!certain("sat", &["cat"]));
        assert!(certain("Day", &["day"]));
        assert!(!certain("Day", &["day", "days"]));
        assert!(!certain("line_1", &["line_2"]));
        assert!(certain("title", &["titel", "titel"]));
    }
}
