//! Work shared between threads: the parts of a list, each worked off on its own, in the list's order.

use std::thread;

/// Calculates `work` for every chunk of at most `size` items, on up to `workers` threads, and gives the results in order.
/// The chunk's number goes with it, so that what is drawn by lot does not depend on the threads.
pub(crate) fn chunks<T: Sync, R: Send>(
    items: &[T],
    size: usize,
    workers: usize,
    work: impl Fn(u64, &[T]) -> R + Sync,
) -> Vec<R> {
    let chunks: Vec<_> = items.chunks(size.max(1)).zip(0_u64..).collect();
    let each = chunks.len().div_ceil(workers.max(1)).max(1);
    thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> = chunks
            .chunks(each)
            .map(|part| {
                scope.spawn(move || {
                    part.iter().map(|(chunk, number)| work(*number, chunk)).collect::<Vec<R>>()
                })
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("the calculation does not panic")).collect()
    })
}
