//! The story of cases: as they stand, in lists, and counted.

use jiff::Timestamp;
use kernel::{CaseId, Reference, Severity, Summary};
use serde_json::{Value, json};

use super::telling::{change, look, many_cases, moment, put, refused_change, summary};
use crate::{Change, Failure, Look, Order, Query, Store, Tally};

pub(super) fn a_case_is_found_as_it_stands(store: &mut dyn Store) {
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
    assert_eq!((row.id, row.state, row.summary), (id.clone(), state.into(), second));
    assert_eq!(
        (row.opened, row.changed),
        (0, 2),
        "the entry that opened it and the one that last changed it"
    );
    assert_eq!(look(store).case(&CaseId::new("item/TH-3")).expect("answers"), None);
    let ahead = refused_change(store, |change| change.put_case(&id, &json!({}).into(), &first, 99));
    assert!(
        matches!(ahead, Failure::Unfit { .. }),
        "no case stands after an entry that is not there: {ahead}"
    );
}

pub(super) fn lists_come_in_their_order_and_by_pages(store: &mut dyn Store) {
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
            for limit in [0, 4] {
                let swept = swept(&*view, &Query { offset, limit, ..query.clone() });
                let most = if limit == 0 { usize::MAX } else { limit as usize };
                let all: Vec<_> = expected.iter().copied().skip(offset as usize).take(most).collect();
                assert_eq!(swept, all, "a sweep by {order:?} from {offset}, {limit}");
            }
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

/// A sweep gives what a list gives, without bound where none is set.
fn swept(view: &dyn Look, query: &Query) -> Vec<u64> {
    let mut swept = Vec::new();
    view.each_case(query, &mut |row| swept.push(row.changed)).expect("answers");
    swept
}

pub(super) fn a_sweep_sees_what_its_change_did_and_ends_where_the_taker_does(store: &mut dyn Store) {
    let id = |number: u64| CaseId::new(format!("item/{number:03}"));
    change(store, |change| {
        for number in 0..150 {
            put(change, &id(number), &json!({ "n": number }), &Summary::default())?;
        }
        let query = Query { desk: Some("item".into()), order: Order::Oldest, ..Query::default() };
        assert_eq!(swept(change, &query).len(), 150, "more than a page, and not committed yet");
        let mut left = 3;
        let ended = change.sweep(&query, &mut |kept| {
            assert_eq!(kept.id, id(3 - left));
            left -= 1;
            if left == 0 { Err(Failure::Unfit { what: "enough".into() }) } else { Ok(()) }
        });
        assert!(matches!(ended, Err(Failure::Unfit { .. })) && left == 0, "{ended:?}");
        Ok(())
    });
    let nothing = Query { desk: Some("nobody".into()), ..Query::default() };
    assert!(swept(&*look(store), &nothing).is_empty());
}

pub(super) fn lists_are_narrowed_by_every_field(store: &mut dyn Store) {
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
    let except = Some(CaseId::of("finding", 6));
    check(
        "any but one",
        Query { except: except.clone(), lane: Some("TH-VN acdd".into()), ..all.clone() },
        &[0, 2, 4, 8, 10],
    );
    check(
        "any of a reference but one",
        Query { except, reference: Some(("container".into(), "TEMU2".into())), ..all.clone() },
        &[2, 10],
    );
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

pub(super) fn numbers_open_their_items(store: &mut dyn Store) {
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
        Query { except: Some(CaseId::of("finding", 6)), ..findings() },
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

fn findings() -> Query {
    Query { desk: Some("finding".into()), ..Query::default() }
}

fn numbers(view: &dyn Look, query: &Query) -> Vec<u64> {
    let page = view.cases(query).expect("answers");
    assert_eq!(page.total, page.rows.len() as u64, "the total counts what is listed: {query:?}");
    for row in &page.rows {
        assert_eq!(row.state.json()["number"], json!(row.changed), "the row is the case's own");
    }
    page.rows.into_iter().map(|row| row.changed).collect()
}

pub(super) fn a_reference_finds_what_no_file_has_yet(store: &mut dyn Store) {
    many_cases(store);
    let sealed = |seal: &str| Summary {
        references: vec![Reference::new("seal", seal)],
        ..summary("open", "a consignment")
    };
    let found = |change: &dyn Change, seal: &str| {
        let query = Query { reference: Some(("seal".into(), seal.into())), ..findings() };
        change.cases(&query).map(|page| page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>())
    };
    let id = CaseId::of("finding", 3);
    change(store, |change| {
        put(change, &id, &json!(1), &sealed("A"))?;
        assert_eq!((found(change, "A")?, found(change, "B")?), (vec![id.clone()], vec![]));
        put(change, &id, &json!(2), &sealed("B"))?;
        assert_eq!((found(change, "A")?, found(change, "B")?), (vec![], vec![id.clone()]));
        Ok(())
    });
    change(store, |change| {
        put(change, &id, &json!(3), &summary("open", "a consignment"))?;
        assert_eq!(found(change, "B")?, vec![], "what it was known by it is not found by any more");
        Ok(())
    });
    let other = CaseId::of("finding", 4);
    change(store, |change| {
        let sealed_c = Some(("seal".into(), "C".into()));
        let but =
            |one: &CaseId| Query { reference: sealed_c.clone(), except: Some(one.clone()), ..findings() };
        put(change, &id, &json!(4), &sealed("C"))?;
        assert_eq!(change.cases(&but(&id))?.total, 0, "nothing but itself bears it");
        put(change, &other, &json!(5), &sealed("C"))?;
        let rows = change.cases(&but(&id))?.rows;
        assert_eq!(rows.iter().map(|row| &row.id).collect::<Vec<_>>(), [&other]);
        Ok(())
    });
}
