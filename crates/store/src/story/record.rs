//! The story of the record: entries, acts, and the blobs entries stand on.

use kernel::{ActId, CaseId, Digest, Entry};

use super::gzip;
use super::telling::{change, event, look, refusal, refused_change};
use crate::{Blob, Failure, Store};

pub(super) fn the_record_grows_by_entries_and_keeps_their_bytes(store: &mut dyn Store) {
    let view = look(store);
    assert_eq!(view.size().expect("answers"), 0, "an empty record has no entries");
    assert_eq!(view.entry(0).expect("answers"), None);
    let entries: Vec<_> = (0..25).map(|number| event("item/a", &format!("act-{number}"), number)).collect();
    for (number, entry) in (0..).zip(&entries) {
        change(store, |change| {
            assert_eq!(change.append(entry)?, number, "entries are numbered from 0 without gaps");
            assert_eq!(change.size()?, number + 1, "a change sees its own entries");
            Ok(())
        });
    }
    let view = look(store);
    assert_eq!(view.size().expect("answers"), 25);
    assert_eq!(view.entry(7).expect("answers").as_ref(), Some(&entries[7]));
    assert_eq!(view.entry(25).expect("answers"), None);
    let bytes: Vec<_> = entries.iter().map(Entry::to_bytes).collect();
    assert_eq!(view.entry_bytes(0, 100).expect("answers"), bytes, "canonical bytes, in order");
    assert_eq!(view.entry_bytes(20, 3).expect("answers"), bytes[20..23]);
    assert!(view.entry_bytes(25, 3).expect("answers").is_empty());
    let long =
        refused_change(store, |change| change.append(&event("item/a", "long", "x".repeat(70_000))).map(drop));
    assert!(matches!(long, Failure::Unfit { .. }), "an entry over the limit is unfit: {long}");
}

pub(super) fn an_act_is_taken_once_a_refusal_does_not_take_it(store: &mut dyn Store) {
    let (a, b) = (CaseId::new("item/a"), CaseId::new("item/b"));
    let (opened, again, refused) = (event("item/a", "1", 1), event("item/a", "1", 2), refusal("item/a", "2"));
    change(store, |change| {
        for entry in [&opened, &event("item/b", "9", 0), &again, &refused] {
            change.append(entry)?;
        }
        Ok(())
    });
    let view = look(store);
    let taken = |case, act| view.act_taken(case, &ActId::new(act)).expect("answers");
    assert!(taken(&a, "1") && taken(&b, "9"));
    assert!(!taken(&a, "2"), "a refused act was not taken");
    assert!(!taken(&b, "1"), "an act is taken on its own case");
    let history = view.history(&a).expect("answers");
    assert_eq!(
        history,
        [(0, opened), (2, again), (3, refused)],
        "a case's entries with their numbers, in order"
    );
    assert!(view.history(&CaseId::new("item/none")).expect("answers").is_empty());
}

pub(super) fn blobs_are_kept_once_under_their_digest(store: &mut dyn Store) {
    let large = vec![7; 300_000];
    change(store, |change| {
        for bytes in [b"one".as_slice(), b"", &large, b"one"] {
            assert_eq!(change.keep_blob(bytes)?, Digest::of(bytes));
        }
        Ok(())
    });
    let view = look(store);
    for bytes in [b"one".as_slice(), b"", &large] {
        assert_eq!(view.blob(&Digest::of(bytes)).expect("answers").as_deref(), Some(bytes));
    }
    assert_eq!(view.blob(&Digest::of(b"two")).expect("answers"), None);
    let refused =
        refused_change(store, |change| change.keep_blob(&vec![0; crate::BLOB_BYTES_MAX + 1]).map(drop));
    assert!(matches!(refused, Failure::Unfit { .. }), "a blob over the limit is unfit: {refused}");
}

pub(super) fn what_came_folded_is_given_unfolded(store: &mut dyn Store) {
    let (long, short) = (b"forty pallets of rubber, ".repeat(400), b"forty pallets".to_vec());
    let entry = Entry { blobs: vec![Digest::of(&long)], ..event("item/a", "1", 1) };
    change(store, |change| {
        for bytes in [&long, &short] {
            let blob = Blob::folded(bytes.clone(), gzip(bytes));
            assert_eq!(change.keep_made_blob(&blob)?, Digest::of(bytes), "known by its bytes");
            assert_eq!(change.blob(&blob.digest())?.as_ref(), Some(bytes), "the change has it");
        }
        change.keep_blob(&long)?;
        change.append(&entry).map(drop)
    });
    for bytes in [&long, &short] {
        assert_eq!(look(store).blob(&Digest::of(bytes)).expect("answers").as_ref(), Some(bytes));
    }
    let huge = Blob::folded(vec![0; crate::BLOB_BYTES_MAX + 1], gzip(&vec![0; crate::BLOB_BYTES_MAX + 1]));
    let refused = refused_change(store, |change| change.keep_made_blob(&huge).map(drop));
    assert!(matches!(refused, Failure::Unfit { .. }), "over the limit unfolded is unfit: {refused}");
}

pub(super) fn an_entry_stands_only_on_blobs_that_are_kept(store: &mut dyn Store) {
    let entry = Entry { blobs: vec![Digest::of(b"bytes")], ..event("item/a", "1", 1) };
    let refused = refused_change(store, |change| change.append(&entry).map(drop));
    assert!(matches!(refused, Failure::Unfit { .. }), "the blob is not kept: {refused}");
    change(store, |change| {
        change.append(&entry)?;
        change.keep_blob(b"bytes").map(drop)
    });
    change(store, |change| {
        change.mark()?;
        change.append(&Entry { blobs: vec![Digest::of(b"never kept")], ..entry.clone() })?;
        change.undo()
    });
    assert_eq!(look(store).size().expect("answers"), 1, "an undone entry needs no blob");
}

pub(super) fn long_blobs_are_kept_in_files_of_their_own(store: &mut dyn Store) {
    let bytes = vec![9; 300_000];
    let write = |store: &dyn Store, bytes: &[u8]| {
        let mut incoming = store.long_blobs().incoming().expect("a file");
        bytes.chunks(10_000).for_each(|piece| incoming.write(piece).expect("is written"));
        incoming
    };
    drop(write(store, b"given up"));
    let blob = write(store, &bytes).finish().expect("is on the disk");
    assert_eq!((blob.digest, blob.length), (Digest::of(&bytes), 300_000));
    let view = look(store);
    assert_eq!(view.long_blob(&blob.digest).expect("answers"), None, "what no change keeps is not kept");
    let entry = Entry { blobs: vec![blob.digest], ..event("item/a", "1", 1) };
    let refused = refused_change(store, |change| change.append(&entry).map(drop));
    assert!(matches!(refused, Failure::Unfit { .. }), "the blob is not kept: {refused}");
    change(store, |change| {
        change.append(&entry)?;
        change.keep_long_blob(&blob)?;
        change.keep_long_blob(&blob)
    });
    let view = look(store);
    let kept = view.long_blob(&blob.digest).expect("answers").expect("is kept");
    assert!(kept.is_whole().expect("can be read"));
    assert_eq!(view.blob(&blob.digest).expect("answers").as_deref(), Some(bytes.as_slice()));
    let missing = store.long_blobs().at(Digest::of(b"nowhere"), 7);
    let refused = refused_change(store, |change| change.keep_long_blob(&missing));
    assert!(matches!(refused, Failure::Damaged { .. }), "no file, no blob: {refused}");
}
