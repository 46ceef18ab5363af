use std::thread;

/// Below this many, starting threads costs more than it saves.
const WORTH_THREADS: usize = 64;

/// Does the work in as many threads as there are processors; the results come in the order of the items.
pub(crate) fn in_shares<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&[T]) -> Vec<R> + Sync,
) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if items.len() < WORTH_THREADS || threads == 1 {
        return work(items);
    }
    let share = items.len().div_ceil(threads).max(1);
    let work = &work;
    thread::scope(|scope| {
        let shares: Vec<_> = items
            .chunks(share)
            .map(|chunk| (chunk, scope.spawn(move || work(chunk))))
            .collect();
        shares
            .into_iter()
            .flat_map(|(chunk, share)| share.join().unwrap_or_else(|_| work(chunk)))
            .collect()
    })
}
