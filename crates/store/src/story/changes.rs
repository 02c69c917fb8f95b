//! The story of changes: whole or not at all, and seen whole.

use kernel::{CaseId, Digest};
use serde_json::json;

use super::everything;
use super::telling::{change, event, look, many_cases, moment, put, refused_change, summary, work};
use crate::{Failure, Query, Store};

pub(super) fn a_mark_is_undone_or_settled(store: &mut dyn Store) {
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

pub(super) fn a_change_that_fails_leaves_nothing(store: &mut dyn Store) {
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

pub(super) fn a_view_sees_whole_changes(store: &mut dyn Store) {
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
