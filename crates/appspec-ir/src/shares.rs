use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The work is cut into so many parts for each processor: they are not equally long, and who is done early takes another.
const PARTS: usize = 8;

/// Does the work in as many threads as there are processors, in parts of at least `least` items; the results come in the
/// order of the items.
pub fn in_shares<T: Sync, R: Send>(
    items: &[T],
    least: usize,
    work: impl Fn(&[T]) -> Vec<R> + Sync,
) -> Vec<R> {
    let threads = processors();
    let share = items.len().div_ceil(threads * PARTS).max(least).max(1);
    if items.len() <= share || threads == 1 {
        return work(items);
    }
    let parts: Vec<&[T]> = items.chunks(share).collect();
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(place) else {
                return done;
            };
            done.push((place, work(part)));
        }
    };
    let mut done = thread::scope(|scope| {
        // Where no more threads can be had, fewer do all of it.
        let helpers: Vec<_> = (1..threads.min(parts.len()))
            .filter_map(|_| thread::Builder::new().spawn_scoped(scope, take).ok())
            .collect();
        let mut done = take();
        for helper in helpers {
            match helper.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

/// Frees something large, which may take as long as making it did, while the work goes on.
pub fn let_go<T: Send + 'static>(value: T) {
    // Where no thread can be had, the value is freed here.
    let _ = thread::Builder::new().spawn(move || drop(value));
}

/// How many threads can run at once. Asked once: the system reads files to tell.
fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
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
