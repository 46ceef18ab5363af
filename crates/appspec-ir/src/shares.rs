use std::sync::OnceLock;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use std::thread;

/// The work is cut into so many parts for each processor: they are not equally long, and who is done early takes another.
const PARTS: usize = 8;

/// How many threads have work. More than there are processors only wait for each other, and each begins with memory of its
/// own. At first there is one; where several begin by themselves, as tests do, those are not counted, and it may be fewer than none.
static WORKING: AtomicIsize = AtomicIsize::new(1);

/// A thread that has work, as long as this is kept.
#[derive(Debug)]
pub struct Working(());

impl Working {
    /// Counts one more.
    pub fn begin() -> Self {
        WORKING.fetch_add(1, Ordering::Relaxed);
        Self(())
    }

    /// Counts one more if some processor is free.
    fn begin_if_free() -> Option<Self> {
        let most = isize::try_from(processors()).unwrap_or(isize::MAX);
        let more = |working: isize| (working < most).then(|| working.saturating_add(1));
        let begun = WORKING.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        begun.is_ok().then_some(Self(()))
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        WORKING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits for other threads, which may have more help meanwhile.
pub fn waiting<R>(wait: impl FnOnce() -> R) -> R {
    /// What goes on to work behind it, whatever happens.
    struct Back;

    impl Drop for Back {
        fn drop(&mut self) {
            WORKING.fetch_add(1, Ordering::Relaxed);
        }
    }

    WORKING.fetch_sub(1, Ordering::Relaxed);
    let _back = Back;
    wait()
}

/// Does the work in as many threads as there are free processors, in parts of at least `least` items; the results come in
/// the order of the items. Work that is shared inside of shared work finds the processors that have become free.
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
        let place = next.fetch_add(1, Ordering::Relaxed);
        let part = parts.get(place)?;
        Some((place, work(part)))
    };
    let mut done = thread::scope(|scope| {
        let mut done = Vec::new();
        let mut helpers = Vec::new();
        loop {
            // One part is for this thread.
            if next.load(Ordering::Relaxed) + 1 < parts.len()
                && let Some(working) = Working::begin_if_free()
            {
                let help = move || {
                    let _working = working;
                    std::iter::from_fn(take).collect::<Vec<_>>()
                };
                // Where no more threads can be had, fewer do all of it.
                helpers.extend(thread::Builder::new().spawn_scoped(scope, help).ok());
            }
            match take() {
                Some(own) => done.push(own),
                None => break,
            }
        }
        for helper in helpers {
            match waiting(|| helper.join()) {
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

    #[test]
    fn shares_have_shares_of_their_own() {
        let items: Vec<usize> = (0..40).collect();
        let sums = in_shares(&items, 1, |outer| {
            let sum = |own: &usize| in_shares(&items, 1, |inner| vec![inner.len() * own]);
            outer.iter().map(|own| sum(own).iter().sum()).collect()
        });
        let sums: Vec<usize> = sums;
        assert!(sums.into_iter().eq((0..40).map(|own| own * 40)));
    }
}
