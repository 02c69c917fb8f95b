//! A table of product-specific rules is handed in, read in the same step, and what certificates are held against from its first day.

use customs::certificate::{OriginCertificate, OriginLine, OriginRules, PRODUCT_RULES};
use customs::roles::{DIRECTOR, TRUSTED};
use customs::terms::HsCode;
use jiff::civil::{Date, date};
use kernel::book::Shelf;
use kernel::{ActId, Actor, Attachment, Money};
use node::{Input, Outcome};
use serde_json::json;

use crate::town::{Side, later, morning};

fn publish(side: &mut Side, (edition, from): (&str, &str), table: &str) {
    let file = Attachment::of("rules.csv", "text/csv", table.as_bytes());
    let act = json!({
        "act": "publish", "edition": edition, "table": file, "from": from, "source": "an annex made up for a test",
        "standing": "demonstration",
    });
    let input = Input::ActWith {
        actor: Actor::new("the officer", TRUSTED),
        id: ActId::new(format!("rules-{edition}")),
        case: OriginRules::case_of("ATIGA"),
        act,
        files: vec![table.as_bytes().to_vec().into()],
    };
    let Outcome::Act(answer) = side.give(morning(), &input).0 else { panic!("an act") };
    answer.expect("the table is taken in");
}

/// What is found in a certificate that claims this criterion for shoes, on a day.
fn found(side: &Side, criterion: &str, day: Date) -> Vec<String> {
    let look = side.look();
    let mut shelf = Shelf::default();
    for head in look.editions().expect("a list") {
        shelf.publish(&look.edition(&head.digest).expect("a look").expect("an edition"));
    }
    let line = OriginLine {
        hs: HsCode::new("640399").ok(),
        criterion: criterion.into(),
        fob: Some(Money::new(rust_decimal::Decimal::ONE, "USD")),
        ..OriginLine::default()
    };
    let certificate =
        OriginCertificate { scheme: "ATIGA".into(), lines: vec![line], ..OriginCertificate::default() };
    certificate.check(&shelf, day).iter().map(|finding| finding.code.to_string()).collect()
}

#[test]
fn rules_hold_from_their_first_day_until_the_next_edition_or_their_end() {
    let mut vn = Side::new("VN");
    let case = OriginRules::case_of("ATIGA");
    assert_eq!(found(&vn, "CTH", date(2026, 11, 20)), ["product-rule-not-loaded"]);
    publish(&mut vn, ("1", "2026-11-01"), "hs,rule\n64.03,CC\nnonsense,CC\n*,RVC40 or CTH\n");
    assert_eq!(vn.stage(&case), "in-force");
    let row = vn.look().case(&case).expect("a look").expect("the rules");
    assert_eq!(
        (row.summary.shown["rules"].as_u64(), row.summary.shown["faulty"].as_u64()),
        (Some(2), Some(1))
    );
    assert_eq!(found(&vn, "CTH", date(2026, 10, 31)), ["product-rule-not-loaded"]);
    assert_eq!(found(&vn, "CTH", date(2026, 11, 20)), ["product-rule-not-met"]);
    assert!(found(&vn, "CC", date(2026, 11, 20)).is_empty());
    publish(&mut vn, ("2", "2026-12-01"), "hs,rule\n*,RVC40 or CTH\n");
    assert_eq!(found(&vn, "CTH", date(2026, 11, 20)), ["product-rule-not-met"], "the day decides");
    assert!(found(&vn, "CTH", date(2026, 12, 1)).is_empty(), "the heading has no rule of its own any more");
    publish(&mut vn, ("3", "2026-12-02"), "no table at all");
    assert_eq!(vn.stage(&case), "faulty");
    assert!(
        found(&vn, "CTH", date(2026, 12, 2)).is_empty(),
        "what cannot be read takes nothing out of force"
    );
    publish(&mut vn, ("4", "2026-12-02"), "hs,rule\n*,CTH\n");
    vn.act(later(5), &DIRECTOR, &case, json!({ "act": "end", "reason": "replaced" })).expect("ended");
    assert_eq!(found(&vn, "CTH", date(2026, 12, 3)), ["product-rule-not-loaded"]);
    let books: Vec<String> = vn
        .look()
        .editions()
        .expect("a list")
        .into_iter()
        .map(|head| head.book)
        .filter(|book| book == PRODUCT_RULES)
        .collect();
    assert_eq!(books.len(), 4, "three tables and an end");
}

#[test]
fn a_file_that_did_not_come_with_the_act_is_not_taken_by_its_digest() {
    let mut vn = Side::new("VN");
    let secret = "hs,rule\n*,CTH\n";
    publish(&mut vn, ("1", "2026-11-01"), secret);
    let file = Attachment::of("mine.csv", "text/csv", secret.as_bytes());
    let act = json!({
        "act": "publish", "edition": "1", "table": file, "from": "2026-11-01", "source": "somebody else's file",
        "standing": "demonstration",
    });
    let other = OriginRules::case_of("ACFTA");
    let refusal = vn.act(later(1), &TRUSTED, &other, act.clone()).expect_err("nobody brought the file");
    assert!(refusal.starts_with("file-not-brought"), "{refusal}");
    let again = vn.act(later(2), &TRUSTED, &OriginRules::case_of("ATIGA"), act);
    assert!(
        again.as_ref().err().is_none_or(|refusal| !refusal.starts_with("file-not-brought")),
        "its own case names it already: {again:?}"
    );
}
