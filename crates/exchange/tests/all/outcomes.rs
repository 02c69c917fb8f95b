//! One try to send: delivered, refused, or unproved, and whether the same bytes are sent again.

use exchange::{Attempt, Expected, Fault, Outcome, Retry, SentDigests, Suite, Why, Wire, fault_signal, open};

use crate::nodes::{BANGKOK, HANOI, limits, message, now, packed, trust};

const SUITE: Suite = Suite::Edelivery115;

fn outcome(sent: &SentDigests, attempt: Attempt<'_>) -> Outcome {
    Outcome::of(sent, attempt, &HANOI.trusting(BANGKOK.as_partner(SUITE)), now(), &limits())
}

fn answered(status: u16, wire: &Wire) -> Attempt<'_> {
    Attempt::Answered { status, content_type: &wire.content_type, body: &wire.body }
}

fn receipt_for(wire: &Wire) -> Wire {
    let limits = limits();
    let received = open(&wire.content_type, &wire.body, &limits).expect("taken apart");
    let verified = received.verify(&trust(SUITE, Expected::Clear), now()).expect("proved");
    verified.receipt(&BANGKOK.identity(SUITE), "r@th.example", now()).expect("signed")
}

#[test]
fn a_receipt_counts_under_any_status_and_ends_the_sending() {
    let wire = packed(&message(), SUITE, Expected::Clear);
    for status in [200, 202, 400, 500] {
        let seen = outcome(&wire.sent, answered(status, &receipt_for(&wire)));
        assert!(matches!(seen, Outcome::Receipted(_)), "{seen:?}");
        assert_eq!(seen.retry(), Retry::Pointless);
    }
}

#[test]
fn a_refusal_is_sent_again_only_where_it_is_a_passing_one() {
    let wire = packed(&message(), SUITE, Expected::Clear);
    for (why, retry) in [
        (Why::NotDelivered, Retry::MayHelp),
        (Why::Unreachable, Retry::MayHelp),
        (Why::SignatureWrong, Retry::Pointless),
        (Why::NotAgreed, Retry::Pointless),
    ] {
        let fault = Fault::new(why, "seen").about(&wire.sent.message_id);
        let signal = fault_signal(&fault, &BANGKOK.identity(SUITE), "e@th.example", now()).expect("signed");
        let seen = outcome(&wire.sent, answered(500, &signal));
        assert!(matches!(seen, Outcome::Refused(_)), "{seen:?}");
        assert_eq!(seen.retry(), retry, "{why:?}");
    }
}

#[test]
fn what_proves_nothing_is_sent_again_where_that_may_help() {
    let wire = packed(&message(), SUITE, Expected::Clear);
    let other = exchange::Outgoing { message_id: "another@vn.example".to_owned(), ..message() };
    let foreign = receipt_for(&packed(&other, SUITE, Expected::Clear));
    let page = |status| Attempt::Answered { status, content_type: "text/html", body: b"<html>" };
    let empty = |status| Attempt::Answered { status, content_type: "", body: b"" };
    for (attempt, why, retry) in [
        (Attempt::Broken("refused"), Why::Unreachable, Retry::MayHelp),
        (empty(200), Why::ReceiptMissing, Retry::MayHelp),
        (empty(202), Why::ReceiptMissing, Retry::MayHelp),
        (page(200), Why::ReceiptMissing, Retry::MayHelp),
        (page(429), Why::Unreachable, Retry::MayHelp),
        (page(503), Why::Unreachable, Retry::MayHelp),
        (page(404), Why::NotDelivered, Retry::Pointless),
        (answered(200, &foreign), Why::ReceiptWrong, Retry::Pointless),
        (answered(200, &wire), Why::ReceiptWrong, Retry::Pointless),
    ] {
        let seen = outcome(&wire.sent, attempt);
        let Outcome::Unproved(fault) = &seen else { panic!("{seen:?}") };
        assert_eq!((fault.why, seen.retry()), (why, retry), "{attempt:?}");
        assert_eq!(fault.message_id.as_deref(), Some(wire.sent.message_id.as_str()));
    }
}
