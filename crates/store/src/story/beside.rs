//! The story of what is kept beside the record: work, messages, editions, small values.

use jiff::Timestamp;
use kernel::{Digest, Edition, EditionHead, Row as EditionRow};
use serde_json::json;

use super::telling::{change, look, moment, refused_change, work};
use crate::{Claim, Failure, MessageState, Store, Work};

pub(super) fn work_comes_due(store: &mut dyn Store) {
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

pub(super) fn a_message_is_accepted_once(store: &mut dyn Store) {
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

pub(super) fn editions_are_read_back_whole(store: &mut dyn Store) {
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

pub(super) fn small_values_are_kept_and_removed(store: &mut dyn Store) {
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
