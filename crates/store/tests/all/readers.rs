//! Readers in other threads, while the store is written and its commits are moved into the database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use store::sqlite::Sqlite;
use store::{Order, Query, Store};

use crate::folder::Folder;
use crate::script;

const STEPS: u64 = 60;

#[test]
fn readers_always_see_whole_changes_and_never_stop_the_writer() {
    let folder = Folder::new("readers");
    let mut store = Sqlite::open(folder.path("store.sqlite")).expect("opens").checkpoint_after(100_000);
    script::take(&mut store, 0).expect("is taken");
    let views: Vec<_> = (0..3).map(|_| store.look().expect("gives a view")).collect();
    let done = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let readers: Vec<_> = views
            .into_iter()
            .map(|view| {
                let done = &done;
                scope.spawn(move || {
                    let (mut looks, mut last) = (0_u64, 0);
                    while !done.load(Ordering::Relaxed) {
                        let query = Query { limit: 10_000, order: Order::Due, ..Query::default() };
                        let page = view.cases(&query).expect("answers");
                        assert_eq!(
                            page.total,
                            page.rows.len() as u64,
                            "the count and the list are of one moment"
                        );
                        let size = view.size().expect("answers");
                        let newest = page.rows.iter().map(|row| row.changed).max().expect("some");
                        assert!(
                            newest >= last && newest < size,
                            "nothing goes back: {last}, {newest}, {size}"
                        );
                        (looks, last) = (looks + 1, newest);
                    }
                    looks
                })
            })
            .collect();
        for step in 1..STEPS {
            script::take(&mut store, step).expect("is taken");
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().expect("ends well")).collect::<Vec<_>>()
    });
    assert!(seen.iter().all(|looks| *looks > 10), "they really read meanwhile: {seen:?}");
    assert_eq!(script::all(&*store.look().expect("gives a view")), script::expected(STEPS));
}
