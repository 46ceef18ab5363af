//! Things after what they need.

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Positions in an order in which everything comes after what it needs, otherwise in the order given.
///
/// Each circle is given to `report` once; its members still come, in some order. Works with a list instead of
/// recursion: a chain can be as long as the input.
pub(crate) fn order(needs: &[Vec<usize>], mut report: impl FnMut(&[usize])) -> Vec<usize> {
    let mut states = vec![State::New; needs.len()];
    let mut sorted = Vec::with_capacity(needs.len());
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for start in 0..needs.len() {
        if states.get(start) == Some(&State::New) {
            stack.push((start, 0));
        }
        while let Some((at, next)) = stack.last().copied() {
            if let Some(state) = states.get_mut(at) {
                *state = State::Open;
            }
            let needed = needs.get(at).and_then(|needs| needs.get(next)).copied();
            if let Some(top) = stack.last_mut() {
                top.1 += 1;
            }
            match needed.map(|needed| (needed, states.get(needed).copied())) {
                Some((needed, Some(State::New))) => stack.push((needed, 0)),
                Some((needed, Some(State::Open))) => {
                    let open = stack.iter().map(|(at, _)| *at);
                    let circle: Vec<usize> = open.skip_while(|at| *at != needed).collect();
                    report(&circle);
                }
                Some(_) => {}
                None => {
                    if let Some(state) = states.get_mut(at) {
                        *state = State::Done;
                    }
                    sorted.push(at);
                    stack.pop();
                }
            }
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn what_is_needed_comes_first_and_circles_are_told() {
        let mut circles = Vec::new();
        let sorted = order(&[vec![1], vec![2], vec![], vec![4], vec![3]], |circle| {
            circles.push(circle.to_vec());
        });
        assert_eq!(sorted, [2, 1, 0, 4, 3]);
        assert_eq!(circles, [vec![3, 4]]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let length = 200_000;
        let needs: Vec<Vec<usize>> = (0..length).map(|at| vec![at + 1]).collect();
        assert_eq!(order(&needs, |_| {}).len(), length);
    }
}
