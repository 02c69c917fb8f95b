//! Statements strangers check: made of a case as it stands, and taken back by the list when it stands no more.

use customs::roles::{DIRECTOR, TRUSTED};
use kernel::CaseId;
use ledger::credential::{IssuerKey, Lists, Standing, Trusted, verify};
use node::statements::{Voice, issue_for, place_of, status_list};
use serde_json::json;

use crate::town::{Side, later, morning};

#[test]
fn a_trusted_trader_s_statement_holds_rests_and_ends_as_its_case_does() {
    let key = IssuerKey::from_secret("did:web:customs.example", [7; 32]);
    let trusted = Trusted::default().with(&key.did(), key.public());
    let voice = Voice::new("https://customs.example", key, std::path::Path::new("nowhere"));
    let mut vn = Side::new("VN");
    let case = CaseId::of("operator", "MST-1");
    let application = json!({ "party": { "name": "Hoa Phat" }, "roles": ["exporter"], "sites": ["VNHPH"] });
    for (role, act) in [
        (TRUSTED, json!({ "act": "apply", "application": application })),
        (TRUSTED, json!({ "act": "plan-validation", "planned": "2026-11-22", "team": ["Mai"] })),
        (TRUSTED, json!({ "act": "report-validation", "outcome": "met", "report": "In order" })),
    ] {
        vn.act(morning(), &role, &case, act).expect("is taken");
    }
    let row = vn.look().case(&case).expect("read").expect("is there");
    assert_eq!(issue_for(&voice, &row, &[1; 32]), Ok(None), "nothing is stated of who is not authorised");
    let authorise = json!({ "act": "authorise", "code": "AEOVN0301234567", "from": "2026-01-01" });
    vn.act(later(1), &DIRECTOR, &case, authorise).expect("is authorised");
    let row = vn.look().case(&case).expect("read").expect("is there");
    let text = issue_for(&voice, &row, &[1; 32]).expect("signed").expect("is stated");
    let shown = verify(&text, &trusted, "2026-11-22T02:00:00Z").expect("it holds");
    assert_eq!(
        (shown.kind.as_str(), &shown.subject["code"]),
        ("AuthorisedOperator", &json!("AEOVN0301234567"))
    );
    assert_eq!(shown.status, [place_of(&voice, row.opened)]);
    let standing = |vn: &Side, minute: i64| {
        let token =
            status_list(&*vn.look(), &voice, 0, later(minute)).expect("signed").expect("the first list");
        let now = later(minute).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let lists = Lists::default().with(&token, &trusted, &now).expect("it holds");
        lists.standing(&shown.issuer, shown.status.first().expect("a place"))
    };
    assert_eq!(standing(&vn, 2), Some(Standing::Valid));
    vn.act(later(3), &TRUSTED, &case, json!({ "act": "suspend", "reason": "security" })).expect("rests");
    assert_eq!(standing(&vn, 4), Some(Standing::Suspended));
    vn.act(later(5), &DIRECTOR, &case, json!({ "act": "withdraw", "reason": "security" })).expect("ends");
    assert_eq!(standing(&vn, 6), Some(Standing::Invalid));
    assert_eq!(
        status_list(&*vn.look(), &voice, 7, later(6)).expect("read"),
        None,
        "no list beyond the record"
    );
}
