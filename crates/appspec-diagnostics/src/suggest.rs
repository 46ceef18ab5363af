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
        let Some(distance) = distance(&letters, &theirs, limit) else {
            continue;
        };
        if distance <= 1 && !near.contains(&candidate) {
            near.push(candidate);
        }
        if best.is_none_or(|(smallest, _)| distance < smallest) {
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

/// How many slips lie between two words, if no more than `limit` do. Only what lies so near is compared, so that long words
/// cost little more than reading them.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    let (a, b) = without_common_ends(a, b);
    let mut before_previous = Row::default();
    let mut previous = Row {
        from: 0,
        costs: (0..=b.len().min(limit)).collect(),
    };
    for (i, x) in a.iter().enumerate() {
        let from = (i + 1).saturating_sub(limit);
        let mut row = Row {
            from,
            costs: Vec::with_capacity(2 * limit + 1),
        };
        for j in from..=(i + 1 + limit).min(b.len()) {
            // The letters of the other word up to this place; without any, all of ours are too many.
            let Some(last) = j.checked_sub(1) else {
                row.costs.push(i + 1);
                continue;
            };
            let y = b.get(last);
            let mut cost = (previous.at(last) + usize::from(Some(x) != y))
                .min(previous.at(j) + 1)
                .min(row.at(last) + 1);
            let swapped = i > 0 && last > 0 && a.get(i - 1) == y && b.get(last - 1) == Some(x);
            if swapped {
                cost = cost.min(before_previous.at(last - 1) + 1);
            }
            row.costs.push(cost);
        }
        before_previous = std::mem::replace(&mut previous, row);
    }
    Some(previous.at(b.len())).filter(|found| *found <= limit)
}

/// What beginnings of the other word cost, from one of so many letters.
#[derive(Default)]
struct Row {
    from: usize,
    costs: Vec<usize>,
}

impl Row {
    fn at(&self, letters: usize) -> usize {
        let place = letters.checked_sub(self.from);
        let cost = place.and_then(|place| self.costs.get(place));
        cost.copied().unwrap_or(usize::MAX / 2)
    }
}

fn without_common_ends<'l>(a: &'l [char], b: &'l [char]) -> (&'l [char], &'l [char]) {
    let same = |(x, y): &(&char, &char)| x == y;
    let start = a.iter().zip(b).take_while(same).count();
    let (a, b) = (a.split_at(start).1, b.split_at(start).1);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    (a.split_at(a.len() - end).0, b.split_at(b.len() - end).0)
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

    #[test]
    fn long_words_cost_no_more_than_reading_them() {
        let (before, after) = ("ab".repeat(35_000), "cd".repeat(15_000));
        let long = format!("{before}x{after}");
        let slip = format!("{before}y{after}");
        let other = format!("{after}ab{before}");
        let names = [other.as_str(), slip.as_str()];
        assert_eq!(closest(&long, names).map(|it| it.name), Some(slip.as_str()));
    }
}
