//! The story every store must pass: one sequence through the whole contract, told the same way to each.
//!
//! A store that passes [`story`] can stand under the node. The tests of this crate tell it to every implementation.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    ActId, Actor, CaseId, Digest, Edition, EditionHead, Entry, Happening, Reference, Refusal, Role,
    Row as EditionRow, Severity, Summary,
};
use serde_json::{Value, json};

use crate::{Change, Claim, Failure, Look, MessageState, Order, Query, Store, Tally, Work};

/// Tells the whole story. `make` gives an empty store every time it is called.
///
/// # Panics
/// Where the store does not do what the contract says, with the sentence that is not true.
pub fn story(make: impl Fn() -> Box<dyn Store>) {
    for chapter in [
        the_record_grows_by_entries_and_keeps_their_bytes,
        an_act_is_taken_once_a_refusal_does_not_take_it,
        blobs_are_kept_once_under_their_digest,
        an_entry_stands_only_on_blobs_that_are_kept,
        a_case_is_found_as_it_stands,
        lists_come_in_their_order_and_by_pages,
        lists_are_narrowed_by_every_field,
        numbers_open_their_items,
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

fn the_record_grows_by_entries_and_keeps_their_bytes(store: &mut dyn Store) {
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

fn an_act_is_taken_once_a_refusal_does_not_take_it(store: &mut dyn Store) {
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

fn blobs_are_kept_once_under_their_digest(store: &mut dyn Store) {
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

fn an_entry_stands_only_on_blobs_that_are_kept(store: &mut dyn Store) {
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

fn a_case_is_found_as_it_stands(store: &mut dyn Store) {
    let id = CaseId::new("item/TH-1");
    let (first, second) = (summary("arrived", "Lô hàng 1"), summary("read", "Lô hàng 1, đã đọc"));
    let state = json!({"z": 1, "a": [1.5, null, "ữ"], "nested": {"deep": true}});
    change(store, |change| {
        put(change, &id, &json!({}), &first)?;
        Ok(())
    });
    change(store, |change| {
        put(change, &CaseId::new("item/TH-2"), &json!(null), &Summary::default())?;
        put(change, &id, &state, &second)?;
        let row = change.case(&id)?.expect("a change sees its own cases");
        assert_eq!(row.summary, second);
        Ok(())
    });
    let row = look(store).case(&id).expect("answers").expect("is there");
    assert_eq!((row.id, row.state, row.summary), (id.clone(), state, second));
    assert_eq!(
        (row.opened, row.changed),
        (0, 2),
        "the entry that opened it and the one that last changed it"
    );
    assert_eq!(look(store).case(&CaseId::new("item/TH-3")).expect("answers"), None);
    let ahead = refused_change(store, |change| change.put_case(&id, &json!({}), &first, 99));
    assert!(
        matches!(ahead, Failure::Unfit { .. }),
        "no case stands after an entry that is not there: {ahead}"
    );
}

/// Ten open and two closed cases of desk `finding`, one case of desk `item`; case n is changed by entry n.
fn many_cases(store: &mut dyn Store) {
    let severities =
        [None, Some(Severity::Note), Some(Severity::Warning), Some(Severity::Error), Some(Severity::Fatal)];
    change(store, |change| {
        for number in 0..12_u8 {
            let summary = Summary {
                stage: ["open", "at-gate", "decided"][usize::from(number % 3)].into(),
                title: format!("Consignment {number} ĐÀ NẴNG"),
                partner: ["TH", "LA"][usize::from(number % 2)].into(),
                lane: ["TH-VN acdd", "LA-VN acdd"][usize::from(number % 2)].into(),
                rung: number % 7,
                due: (number % 4 != 0).then(|| moment(100 - i64::from(number % 5))),
                severity: severities[usize::from(number % 5)],
                closed: number >= 10,
                references: vec![
                    Reference::new("container", format!("TEMU{}", number % 4)),
                    Reference::new("declaration", format!("10{number}")),
                ],
                shown: json!({"number": number}),
            };
            put(change, &CaseId::of("finding", number), &json!({"number": number}), &summary)?;
        }
        put(change, &CaseId::of("item", 12), &json!({"number": 12}), &summary("open", "an item")).map(drop)
    });
}

fn findings() -> Query {
    Query { desk: Some("finding".into()), ..Query::default() }
}

fn lists_come_in_their_order_and_by_pages(store: &mut dyn Store) {
    many_cases(store);
    let view = look(store);
    let check = |order, expected: [u64; 12]| {
        let query = Query { order, ..findings() };
        assert_eq!(numbers(&*view, &query), expected, "{order:?}");
        for offset in 0..13 {
            let page = view.cases(&Query { offset, limit: 5, ..query.clone() }).expect("answers");
            let there: Vec<_> = expected.iter().copied().skip(offset as usize).take(5).collect();
            assert_eq!(
                page.rows.iter().map(|row| row.changed).collect::<Vec<_>>(),
                there,
                "{order:?} from {offset}"
            );
            assert_eq!(page.total, 12, "the total does not depend on the page");
        }
        let both: Vec<_> = [false, true]
            .map(|closed| numbers(&*view, &Query { closed: Some(closed), ..query.clone() }))
            .concat();
        let apart: Vec<_> = [false, true]
            .iter()
            .flat_map(|closed| expected.iter().copied().filter(move |n| (*n >= 10) == *closed))
            .collect();
        assert_eq!(both, apart, "{order:?}, open and closed apart");
    };
    check(Order::Newest, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    check(Order::Oldest, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    check(Order::Due, [9, 3, 7, 2, 11, 6, 1, 10, 5, 4, 8, 0]);
    check(Order::Severity, [9, 4, 3, 8, 7, 2, 11, 6, 1, 10, 5, 0]);
    for (order, place_of_item) in
        [(Order::Newest, 0), (Order::Oldest, 12), (Order::Due, 11), (Order::Severity, 11)]
    {
        let mut all = numbers(&*view, &Query { order, ..Query::default() });
        assert_eq!(all.remove(place_of_item), 12, "without a desk the list is of all desks, {order:?}");
        assert_eq!(all, numbers(&*view, &Query { order, ..findings() }), "and in the same order, {order:?}");
    }
}

fn lists_are_narrowed_by_every_field(store: &mut dyn Store) {
    many_cases(store);
    let view = look(store);
    let check = |what: &str, query: Query, expected: &[u64]| {
        for desk in [Some("finding".to_owned()), None] {
            for order in [Order::Oldest, Order::Newest, Order::Due, Order::Severity] {
                let mut found = numbers(&*view, &Query { desk: desk.clone(), order, ..query.clone() });
                found.sort_unstable();
                assert_eq!(found, expected, "{what} of {desk:?} by {order:?}");
            }
        }
    };
    let all = Query::default();
    check(
        "stages",
        Query { stages: vec!["at-gate".into(), "decided".into()], ..all.clone() },
        &[1, 2, 4, 5, 7, 8, 10, 11],
    );
    check("partner", Query { partner: Some("LA".into()), ..all.clone() }, &[1, 3, 5, 7, 9, 11]);
    check("lane", Query { lane: Some("TH-VN acdd".into()), ..all.clone() }, &[0, 2, 4, 6, 8, 10]);
    check("rung", Query { rung_min: Some(5), ..all.clone() }, &[5, 6]);
    check("severity", Query { severity_min: Some(Severity::Error), ..all.clone() }, &[3, 4, 8, 9]);
    check("closed", Query { closed: Some(true), ..all.clone() }, &[10, 11]);
    check("due", Query { due_until: Some(moment(97)), ..all.clone() }, &[3, 9]);
    check(
        "due, for ever",
        Query { due_until: Some(Timestamp::MAX), ..all.clone() },
        &[1, 2, 3, 5, 6, 7, 9, 10, 11],
    );
    check(
        "reference",
        Query { reference: Some(("container".into(), "TEMU2".into())), ..all.clone() },
        &[2, 6, 10],
    );
    check("wrong kind", Query { reference: Some(("seal".into(), "TEMU2".into())), ..all.clone() }, &[]);
    check("text", Query { text: Some("7 đà Nẵng".into()), ..all.clone() }, &[7]);
    check("text that is a pattern elsewhere", Query { text: Some("_%".into()), ..all.clone() }, &[]);
    let several = Query {
        stages: vec!["open".into()],
        partner: Some("LA".into()),
        rung_min: Some(1),
        closed: Some(false),
        text: Some("consignment".into()),
        reference: Some(("container".into(), "TEMU1".into())),
        ..all
    };
    check("several at once", several, &[9]);
}

fn numbers_open_their_items(store: &mut dyn Store) {
    many_cases(store);
    let view = look(store);
    let tallies = [Tally::Stage, Tally::Lane, Tally::LaneRung, Tally::Partner, Tally::Desk, Tally::Severity];
    let queries = [
        Query::default(),
        findings(),
        Query { closed: Some(false), ..findings() },
        Query { due_until: Some(moment(98)), ..findings() },
        Query { text: Some("nẵng".into()), ..Query::default() },
        Query { rung_min: Some(3), severity_min: Some(Severity::Note), ..Query::default() },
        Query { reference: Some(("container".into(), "TEMU3".into())), ..Query::default() },
    ];
    for (query, by) in queries.iter().flat_map(|query| tallies.map(|by| (query, by))) {
        let tally = view.tally(&Query { offset: 3, limit: 1, ..query.clone() }, by).expect("answers");
        let mut expected = std::collections::BTreeMap::<String, u64>::new();
        for row in view.cases(query).expect("answers").rows {
            *expected.entry(key_of(&row.id, &row.summary, by)).or_default() += 1;
        }
        assert_eq!(tally, expected.into_iter().collect::<Vec<_>>(), "{by:?} of {query:?}");
    }
    change(store, |change| {
        put(change, &CaseId::of("item", 12), &json!(1), &summary("told", "an item")).map(drop)
    });
    let stages = look(store).tally(&Query { desk: Some("item".into()), ..Query::default() }, Tally::Stage);
    assert_eq!(
        stages.expect("answers"),
        [("told".to_owned(), 1)],
        "counts follow the case, nothing is left behind"
    );
}

fn key_of(id: &CaseId, summary: &Summary, by: Tally) -> String {
    match by {
        Tally::Stage => summary.stage.clone(),
        Tally::Lane => summary.lane.clone(),
        Tally::LaneRung => format!("{}\t{}", summary.lane, summary.rung),
        Tally::Partner => summary.partner.clone(),
        Tally::Desk => id.desk().to_owned(),
        Tally::Severity => match json!(summary.severity) {
            Value::String(code) => code,
            _ => String::new(),
        },
    }
}

fn work_comes_due(store: &mut dyn Store) {
    assert_eq!(look(store).next_due().expect("answers"), None);
    let soon = work("b", moment(5));
    let [sooner, later, never] = [work("c", moment(5)), work("a", moment(9)), work("never", Timestamp::MAX)];
    change(store, |change| {
        [&never, &later, &sooner, &soon].into_iter().try_for_each(|work| change.put_work(work))
    });
    let view = look(store);
    assert_eq!(view.due(moment(4), 10).expect("answers"), []);
    assert_eq!(
        view.due(moment(5), 10).expect("answers"),
        [soon.clone(), sooner.clone()],
        "earliest first, then by key"
    );
    assert_eq!(
        view.due(moment(9), 2).expect("answers"),
        [soon.clone(), sooner.clone()],
        "no more than asked for"
    );
    assert_eq!(view.next_due().expect("answers"), Some(moment(5)));
    assert_eq!(view.work("never").expect("answers"), Some(never), "the moment is kept exactly");
    let moved = Work { at: moment(20), attempts: 3, body: json!({"tried": true}), ..soon.clone() };
    change(store, |change| {
        change.put_work(&moved)?;
        change.drop_work("c")?;
        change.drop_work("there is none")
    });
    let view = look(store);
    assert_eq!(
        view.due(moment(20), 10).expect("answers"),
        [later, moved],
        "work under a known key is replaced"
    );
    assert_eq!(view.work("c").expect("answers"), None);
}

fn a_message_is_accepted_once(store: &mut dyn Store) {
    let (bytes, answer) = (Digest::of(b"bytes"), Digest::of(b"answer"));
    let state = |accepted, answer| MessageState { digest: bytes, accepted, answer };
    assert_eq!(look(store).message("TH", "1").expect("answers"), None);
    let abandoned = refused_change(store, |change| {
        assert_eq!(change.claim("TH", "1", &bytes)?, Claim::New);
        Err(Failure::Unfit { what: "abandoned".into() })
    });
    assert!(abandoned.to_string().contains("abandoned"), "the reason comes back: {abandoned}");
    change(store, |change| {
        assert_eq!(change.claim("TH", "1", &bytes)?, Claim::New, "an abandoned claim was never made");
        assert_eq!(change.claim("TH", "1", &bytes)?, Claim::Known(state(false, None)));
        change.accept("TH", "1", None)
    });
    change(store, |change| {
        assert_eq!(change.claim("TH", "1", &bytes)?, Claim::Known(state(true, None)));
        change.keep_blob(b"answer")?;
        change.accept("TH", "1", Some(&answer))?;
        change.accept("TH", "1", None)
    });
    let other = Digest::of(b"other bytes");
    change(store, |change| {
        let conflict = change.claim("TH", "1", &other)?;
        assert_eq!(conflict, Claim::Conflict(state(true, Some(answer))), "an id is reused with other bytes");
        assert_eq!(change.claim("LA", "1", &other)?, Claim::New, "ids are the sender's own");
        Ok(())
    });
    assert_eq!(look(store).message("TH", "1").expect("answers"), Some(state(true, Some(answer))));
    for (sender, answer) in [("CN", None), ("TH", Some(&other)), ("LA", Some(&other))] {
        let refused = refused_change(store, |change| change.accept(sender, "1", answer));
        assert!(
            matches!(refused, Failure::Unfit { .. }),
            "unclaimed, answered otherwise, or not kept: {refused}"
        );
    }
}

fn editions_are_read_back_whole(store: &mut dyn Store) {
    let row = |key: &str| EditionRow {
        key: key.into(),
        from: jiff::civil::date(2022, 12, 1),
        until: None,
        value: json!({"vi": "Gạo", "rate": "0.05"}),
    };
    let head = |name: &str| EditionHead {
        book: "ahtn".into(),
        name: name.into(),
        source: "own fixture".into(),
        digest: Digest::of(name.as_bytes()),
    };
    let first =
        Edition { head: head("2022"), rows: (0..300).map(|n| row(&format!("{:04}", 300 - n))).collect() };
    let second = Edition { head: head("2017"), rows: Vec::new() };
    change(store, |change| {
        change.publish(&first)?;
        change.publish(&second)?;
        change.publish(&first)
    });
    let view = look(store);
    assert_eq!(
        view.editions().expect("answers"),
        [first.head.clone(), second.head],
        "once each, as they came"
    );
    assert_eq!(
        view.edition(&first.head.digest).expect("answers").as_ref(),
        Some(&first),
        "rows in their order"
    );
    assert_eq!(view.edition(&Digest::of(b"none")).expect("answers"), None);
    let other = Edition { rows: Vec::new(), ..first };
    let refused = refused_change(store, |change| change.publish(&other));
    assert!(matches!(refused, Failure::Unfit { .. }), "one digest, two contents: {refused}");
}

fn small_values_are_kept_and_removed(store: &mut dyn Store) {
    change(store, |change| {
        for key in ["account/linh", "account/an", "accounts", "seen/TH", "account/", "account/ữ"] {
            change.keep(key, Some(key.as_bytes()))?;
        }
        change.keep("seen/TH", Some(b"later"))?;
        change.keep("account/an", None)?;
        change.keep("none", None)
    });
    let view = look(store);
    assert_eq!(view.kept("seen/TH").expect("answers").as_deref(), Some(b"later".as_slice()));
    assert_eq!(view.kept("account/an").expect("answers"), None);
    assert_eq!(view.kept_keys("account/").expect("answers"), ["account/", "account/linh", "account/ữ"]);
    assert_eq!(view.kept_keys("").expect("answers").len(), 5);
    assert!(view.kept_keys("x").expect("answers").is_empty());
}

fn a_mark_is_undone_or_settled(store: &mut dyn Store) {
    change(store, |change| {
        change.keep("outer", Some(b"1"))?;
        change.mark()?;
        change.append(&event("item/a", "1", 1))?;
        change.mark()?;
        put(change, &CaseId::new("item/b"), &json!(1), &summary("open", "b"))?;
        change.claim("TH", "1", &Digest::of(b""))?;
        change.undo()?;
        assert_eq!(
            (change.size()?, change.case(&CaseId::new("item/b"))?),
            (1, None),
            "the inner part is gone"
        );
        change.settle()?;
        change.mark()?;
        change.keep("outer", Some(b"2"))?;
        change.undo()?;
        assert_eq!(change.append(&event("item/a", "2", 2))?, 1, "numbers go on where they were");
        Ok(())
    });
    let view = look(store);
    assert_eq!(view.size().expect("answers"), 2);
    assert_eq!(view.kept("outer").expect("answers").as_deref(), Some(b"1".as_slice()));
    assert_eq!(view.message("TH", "1").expect("answers"), None);
    assert_eq!(view.cases(&Query::default()).expect("answers").total, 0);
    let wrong = [
        refused_change(store, |change| change.undo()),
        refused_change(store, |change| change.settle()),
        refused_change(store, |change| change.mark()),
    ];
    for refused in wrong {
        assert!(
            matches!(refused, Failure::Unfit { .. }),
            "a mark without its end, an end without its mark: {refused}"
        );
    }
}

fn a_change_that_fails_leaves_nothing(store: &mut dyn Store) {
    many_cases(store);
    let before = everything(&*look(store));
    refused_change(store, |change| {
        change.append(&event("item/x", "1", 1))?;
        change.keep_blob(b"bytes")?;
        put(change, &CaseId::of("finding", 1), &json!(0), &summary("gone", "gone"))?;
        change.put_work(&work("k", moment(0)))?;
        change.claim("TH", "9", &Digest::of(b""))?;
        change.keep("k", Some(b""))?;
        Err(Failure::Unfit { what: "no more".into() })
    });
    assert_eq!(everything(&*look(store)), before);
    assert_eq!(look(store).blob(&Digest::of(b"bytes")).expect("answers"), None);
    change(store, |change| change.append(&event("item/x", "1", 1)).map(drop));
    assert_eq!(look(store).size().expect("answers"), 14, "and the store goes on");
}

fn a_view_sees_whole_changes(store: &mut dyn Store) {
    let (early, other) = (look(store), look(store));
    change(store, |change| {
        change.append(&event("item/a", "1", 1))?;
        assert_eq!(early.size()?, 0, "what is not committed is not seen");
        change.append(&event("item/a", "2", 1))?;
        Ok(())
    });
    assert_eq!(
        (early.size().expect("answers"), other.size().expect("answers")),
        (2, 2),
        "what is committed is seen"
    );
    store.rest().expect("comes to rest while views are open");
    assert_eq!(early.size().expect("answers"), 2);
    change(store, |change| change.append(&event("item/a", "3", 1)).map(drop));
    assert_eq!(early.size().expect("answers"), 3, "and goes on after it");
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
    let case = |row: &crate::CaseRow| json!([row.id, row.state, row.summary, row.opened, row.changed]);
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

fn look(store: &dyn Store) -> Box<dyn Look + Send> {
    store.look().expect("gives a view")
}

fn change(store: &mut dyn Store, mut work: impl FnMut(&mut dyn Change) -> Result<(), Failure>) {
    store.change(&mut work).expect("the change is made");
}

fn refused_change(
    store: &mut dyn Store,
    mut work: impl FnMut(&mut dyn Change) -> Result<(), Failure>,
) -> Failure {
    store.change(&mut work).expect_err("the change is refused")
}

fn numbers(view: &dyn Look, query: &Query) -> Vec<u64> {
    let page = view.cases(query).expect("answers");
    assert_eq!(page.total, page.rows.len() as u64, "the total counts what is listed: {query:?}");
    for row in &page.rows {
        assert_eq!(row.state["number"], json!(row.changed), "the row is the case's own");
    }
    page.rows.into_iter().map(|row| row.changed).collect()
}

fn moment(second: i64) -> Timestamp {
    let start = Timestamp::from_second(1_790_000_000).expect("is a moment");
    start + SignedDuration::new(second, 123_456_789)
}

fn officer() -> Actor {
    Actor::new("officer-1", Role::named("gate-officer"))
}

fn event(case: &str, act: &str, event: impl Into<Value>) -> Entry {
    let what = Happening::Event { act: ActId::new(act), name: "open".into(), event: event.into() };
    Entry { at: moment(0), actor: officer(), case: CaseId::new(case), what, blobs: Vec::new() }
}

fn refusal(case: &str, act: &str) -> Entry {
    let refusal = Refusal::new("not-offered", "gate-officer close at open");
    let what = Happening::Refused { act: ActId::new(act), name: "close".into(), refusal };
    Entry { what, ..event(case, act, 0) }
}

fn summary(stage: &str, title: &str) -> Summary {
    Summary { stage: stage.into(), title: title.into(), ..Summary::default() }
}

/// Appends an entry on the case and keeps the case as it stands after it.
fn put(change: &mut dyn Change, id: &CaseId, state: &Value, summary: &Summary) -> Result<u64, Failure> {
    let size = change.size()?;
    let number = change.append(&event(id.as_str(), &size.to_string(), size))?;
    change.put_case(id, state, summary, number)?;
    Ok(number)
}

fn work(key: &str, at: Timestamp) -> Work {
    Work { key: key.into(), sort: "wake".into(), at, attempts: 0, body: json!({"case": key}) }
}
