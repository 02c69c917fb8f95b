//! The story every store must pass: one sequence through the whole contract, told the same way to each.
//!
//! A store that passes [`story`] can stand under the node. The tests of this crate tell it to every implementation.

mod beside;
mod cases;
mod changes;
mod record;
mod telling;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{CaseRow, Look, Order, Query, Store, Tally};
use beside::{
    a_message_is_accepted_once, editions_are_read_back_whole, small_values_are_kept_and_removed,
    work_comes_due,
};
use cases::{
    a_case_is_found_as_it_stands, a_reference_finds_what_no_file_has_yet,
    a_sweep_sees_what_its_change_did_and_ends_where_the_taker_does, lists_are_narrowed_by_every_field,
    lists_come_in_their_order_and_by_pages, numbers_open_their_items,
};
use changes::{a_change_that_fails_leaves_nothing, a_mark_is_undone_or_settled, a_view_sees_whole_changes};
use record::{
    an_act_is_taken_once_a_refusal_does_not_take_it, an_entry_stands_only_on_blobs_that_are_kept,
    blobs_are_kept_once_under_their_digest, long_blobs_are_kept_in_files_of_their_own,
    the_record_grows_by_entries_and_keeps_their_bytes, what_came_folded_is_given_unfolded,
};

/// Tells the whole story. `make` gives an empty store every time it is called.
///
/// # Panics
/// Where the store does not do what the contract says, with the sentence that is not true.
pub fn story(make: impl Fn() -> Box<dyn Store>) {
    for chapter in [
        the_record_grows_by_entries_and_keeps_their_bytes,
        an_act_is_taken_once_a_refusal_does_not_take_it,
        blobs_are_kept_once_under_their_digest,
        what_came_folded_is_given_unfolded,
        long_blobs_are_kept_in_files_of_their_own,
        an_entry_stands_only_on_blobs_that_are_kept,
        a_case_is_found_as_it_stands,
        lists_come_in_their_order_and_by_pages,
        a_sweep_sees_what_its_change_did_and_ends_where_the_taker_does,
        lists_are_narrowed_by_every_field,
        numbers_open_their_items,
        a_reference_finds_what_no_file_has_yet,
        work_comes_due,
        a_message_is_accepted_once,
        editions_are_read_back_whole,
        small_values_are_kept_and_removed,
        a_mark_is_undone_or_settled,
        a_change_that_fails_leaves_nothing,
        a_view_sees_whole_changes,
    ] {
        chapter(&mut *make());
    }
}

/// These bytes as a part that was compressed brings them.
///
/// # Panics
/// Never: writing to memory does not fail.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("to memory")
}

/// Everything that can be asked without knowing what is there, as one value to compare.
///
/// # Panics
/// Where the store does not answer.
#[must_use]
pub fn everything(view: &dyn Look) -> Value {
    let size = view.size().expect("answers");
    let entries = (0..size).map(|number| view.entry(number).expect("answers").expect("is there"));
    let entries: Vec<_> = entries.collect();
    let blobs = entries.iter().flat_map(|entry| &entry.blobs);
    let blobs: Vec<_> =
        blobs.map(|digest| view.blob(digest).expect("answers").map(|bytes| bytes.len())).collect();
    let cases =
        view.cases(&Query { order: Order::Oldest, limit: u32::MAX, ..Query::default() }).expect("answers");
    let case = |row: &CaseRow| json!([row.id, row.state, row.summary, row.opened, row.changed]);
    let stages = view.tally(&Query::default(), Tally::Stage).expect("answers");
    let keys = view.kept_keys("").expect("answers");
    let kept: Vec<_> = keys.iter().map(|key| view.kept(key).expect("answers")).collect();
    json!({
        "entries": entries,
        "blobs": blobs,
        "total": cases.total,
        "cases": cases.rows.iter().map(case).collect::<Vec<_>>(),
        "stages": stages,
        "work": view.due(Timestamp::MAX, u32::MAX).expect("answers"),
        "editions": view.editions().expect("answers"),
        "kept": [json!(keys), json!(kept)],
    })
}
