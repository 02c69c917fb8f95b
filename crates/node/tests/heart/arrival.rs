//! What happens at the door: duplicates, reused ids, items no term lets in, items nobody can read.

use node::Delivered;

use crate::town::{Side, agreement, carry, export, later, morning, receipt, settle, town};
use customs::roles::EXCHANGE;
use serde_json::json;

#[test]
fn a_duplicate_is_delivered_once_and_answered_with_the_same_receipt() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let posting = th.postings(morning()).remove(0);
    assert_eq!(carry(morning(), &mut th, &mut vn, &posting), Delivered::Accepted);
    let size = vn.look().size().expect("a size");
    let delivery = th.delivery(&posting);
    assert_eq!(vn.deliver(later(1), &delivery), Delivered::Answered(receipt(&delivery)));
    assert_eq!(vn.look().size().expect("a size"), size, "nothing was recorded again");
    assert_eq!(vn.cases("received").len(), 1);
}

#[test]
fn a_message_id_used_again_for_something_else_is_refused_and_changes_nothing() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000), export("TH-2", 10_000)]);
    let postings = th.postings(morning());
    let (first, second) = (th.delivery(&postings[0]), th.delivery(&postings[1]));
    assert_eq!(vn.deliver(morning(), &first), Delivered::Accepted);
    let forged = node::Delivery { message_id: first.message_id.clone(), ..second };
    assert_eq!(vn.deliver(morning(), &forged), Delivered::Conflict);
    assert_eq!(vn.cases("received").len(), 1);
}

#[test]
fn an_item_without_a_live_term_is_kept_out_and_the_giver_is_told() {
    let (mut th, mut vn) = (Side::new("TH"), Side::new("VN"));
    th.agree(morning(), &agreement());
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let posting = th.postings(morning()).remove(0);
    let Delivered::Refused(refusal) = carry(morning(), &mut th, &mut vn, &posting) else { panic!("no term") };
    assert_eq!(refusal.code, "no-live-term");
    assert_eq!(vn.cases("received")[0].summary.stage, "quarantined");
    assert_eq!(th.stage(&posting.case), "failed");
    assert!(crate::town::documents(&vn).is_empty(), "what is not let in is not read");
}

#[test]
fn a_quarantined_item_is_let_in_by_replay_once_there_is_a_term() {
    let (mut th, mut vn) = (Side::new("TH"), Side::new("VN"));
    th.agree(morning(), &agreement());
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let posting = th.postings(morning()).remove(0);
    carry(morning(), &mut th, &mut vn, &posting);
    let item = vn.cases("received").remove(0).id;
    vn.agree(later(1), &agreement());
    vn.act(later(2), &EXCHANGE, &item, json!({ "act": "replay" })).expect("may be replayed");
    assert_eq!(vn.stage(&item), "readable");
    assert_eq!(vn.cases("received").len(), 1);
}

#[test]
fn a_quarantined_item_that_is_sent_again_knocks_again() {
    let (mut th, mut vn) = (Side::new("TH"), Side::new("VN"));
    th.agree(morning(), &agreement());
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let posting = th.postings(morning()).remove(0);
    carry(morning(), &mut th, &mut vn, &posting);
    vn.agree(later(1), &agreement());
    th.act(later(2), &EXCHANGE, &posting.case, json!({ "act": "resend" })).expect("may be sent again");
    settle(later(2), &mut th, &mut vn);
    assert_eq!(vn.cases("received").len(), 1);
    assert_eq!(th.stage(&posting.case), "answered");
}

#[test]
fn an_item_nobody_can_read_is_kept_shown_and_answered() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let posting = th.postings(morning()).remove(0);
    let mut delivery = th.delivery(&posting);
    let whole = delivery.payload.bytes().expect("short").to_vec();
    delivery.payload = whole[..whole.len() / 2].to_vec().into();
    assert_eq!(vn.deliver(morning(), &delivery), Delivered::Accepted, "kept, so receipted");
    let item = vn.cases("received").remove(0);
    assert_eq!(item.summary.stage, "faulty");
    assert!(item.summary.shown["findings"].as_u64() > Some(0), "{:?}", item.summary);
    assert_eq!(vn.cases("sent")[0].summary.partner, "TH", "an answer is on its way");
}

#[test]
fn a_partner_cannot_speak_for_another_country() {
    let (mut th, mut vn) = town();
    th.import(morning(), vec![export("TH-1", 20_000)]);
    let posting = th.postings(morning()).remove(0);
    let mut delivery = th.delivery(&posting);
    let text = String::from_utf8(delivery.payload.bytes().expect("short").to_vec()).expect("XML");
    let other = text.replace(">TH</ResponsibleCountryCode", ">LA</ResponsibleCountryCode");
    let other = if other == text {
        text.replacen("ResponsibleCountryCode>TH<", "ResponsibleCountryCode>LA<", 1)
    } else {
        other
    };
    assert_ne!(other, text, "the country stands in the document");
    delivery.payload = other.into_bytes().into();
    vn.deliver(morning(), &delivery);
    assert_eq!(vn.cases("received")[0].summary.stage, "faulty");
}

#[test]
fn a_document_too_long_for_an_entry_is_kept_beside_it_and_folds_again() {
    let (mut th, mut vn) = town();
    let mut long = export("TH-1", 20_000);
    let line = long.lines[0].clone();
    long.lines = (1..=900).map(|item_no| customs::terms::GoodsLine { item_no, ..line.clone() }).collect();
    th.import(morning(), vec![long]);
    settle(morning(), &mut th, &mut vn);
    let row = vn.cases("received").remove(0);
    assert_eq!(row.summary.stage, "readable");
    let look = vn.look();
    let events: Vec<_> = look
        .history(&row.id)
        .expect("a history")
        .into_iter()
        .filter_map(|(_, entry)| match entry.what {
            kernel::Happening::Event { event, .. } => {
                Some(node::whole_event(&*look, &event).expect("is kept"))
            }
            _ => None,
        })
        .collect();
    let (state, _) = customs::desks::desk("received").expect("the desk").replay(&events).expect("folds");
    assert_eq!(&state, row.state.json());
}
