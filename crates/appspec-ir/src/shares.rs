use std::thread;

/// Does the work in as many threads as there are processors, as long as each has `least` items; the results come in
/// the order of the items.
pub fn in_shares<T: Sync, R: Send>(
    items: &[T],
    least: usize,
    work: impl Fn(&[T]) -> Vec<R> + Sync,
) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(threads).max(least).max(1);
    if items.len() <= share || threads == 1 {
        return work(items);
    }
    let work = &work;
    thread::scope(|scope| {
        let shares: Vec<_> = items
            .chunks(share)
            .map(|chunk| scope.spawn(move || work(chunk)))
            .collect();
        let ended = shares.into_iter().map(|share| match share.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        ended.flatten().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_items() {
        for count in [0, 1, 7, 1000] {
            let items: Vec<usize> = (0..count).collect();
            for least in [0, 1, 64, 5000] {
                let doubled = in_shares(&items, least, |items| {
                    items.iter().map(|item| item * 2).collect()
                });
                assert!(doubled.into_iter().eq((0..count).map(|item| item * 2)));
            }
        }
    }
}
