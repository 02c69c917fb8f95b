//! The story, told to every store there is.

use store::sqlite::Sqlite;
use store::story::story;

use crate::folder::Folder;

#[test]
fn sqlite_in_memory_passes_the_story() {
    story(|| Box::new(Sqlite::in_memory().expect("opens")));
}

#[test]
fn sqlite_in_a_file_passes_the_story() {
    let folder = Folder::new("story");
    let count = std::cell::Cell::new(0);
    story(|| {
        count.set(count.get() + 1);
        Box::new(Sqlite::open(folder.path(&format!("{}/store.sqlite", count.get()))).expect("opens"))
    });
}

#[test]
fn sqlite_that_checkpoints_after_every_change_passes_the_story() {
    let folder = Folder::new("story-checkpoints");
    let count = std::cell::Cell::new(0);
    story(|| {
        count.set(count.get() + 1);
        let path = folder.path(&format!("{}/store.sqlite", count.get()));
        Box::new(Sqlite::open(path).expect("opens").checkpoint_after(0))
    });
}
