//! What is declared goes through what is in force, and what is found feeds back.

use customs::agreement::Received;
use customs::roles::{ANALYST, CLEARANCE, DIRECTOR, GATE};
use customs::targeting::{Control, Model, Plan, Referral, Screening, WatchList};
use kernel::{ActId, Actor, Attachment, CaseId, Procedure as _};
use node::{Input, Outcome};
use serde_json::{Value, json};

use crate::town::{Side, export, import, later, morning, settle, town};

fn rice() -> Value {
    json!({
        "id": "rice", "title": "Rice by sea", "owner": "risk unit", "from": "2026-11-01", "until": "2026-12-31",
        "tests": [
            { "test": "code", "edition": "HS2022", "prefixes": ["1006"] },
            { "test": "within", "gauge": "net-mass", "least": "10000" },
        ],
        "lane": "red", "measures": ["open"], "reason": "rice-quality",
    })
}

/// A profile from its draft into force, by two people.
fn put_in_force(side: &mut Side, profile: &Value) {
    let case = Plan::case(profile["id"].as_str().expect("a name"));
    let tried =
        json!({ "draft": 1, "lines": 100, "days": 10, "hits": 3, "new_hits": 3, "wrong": 0, "looked_at": 0 });
    for (role, act) in [
        (&ANALYST, json!({ "act": "draft", "profile": profile })),
        (&ANALYST, json!({ "act": "note-trial", "tried": tried })),
        (&ANALYST, json!({ "act": "propose", "reason": "" })),
        (&DIRECTOR, json!({ "act": "approve" })),
    ] {
        side.act(morning(), role, &case, act).expect("a step towards force");
    }
}

fn causes(side: &Side, line: &str) -> Vec<String> {
    let row = side.look().case(&Referral::case_of(line)).expect("a look");
    let shown = row.map(|row| row.summary.shown).unwrap_or_default();
    shown["causes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|cause| cause["by"].as_str().unwrap_or("?").to_owned())
        .collect()
}

#[test]
fn a_declaration_that_meets_a_profile_is_referred_once_with_what_was_seen() {
    let mut vn = Side::new("VN");
    put_in_force(&mut vn, &rice());
    vn.import(morning(), vec![import("I1", "E1", 18_000), import("I2", "E2", 500)]);
    assert_eq!(vn.stages(Referral::NAME), [("referred".to_owned(), "I1-1".to_owned())]);
    let row = vn.look().case(&Referral::case_of("I1-1")).expect("a look").expect("a referral");
    let cause = &row.summary.shown["causes"][0];
    assert_eq!((cause["profile"].as_str(), cause["reason"].as_str()), (Some("rice"), Some("rice-quality")));
    assert_eq!(cause["seen"][0]["text"]["by"], "1006", "the digits that fitted: {cause}");
    vn.import(later(1), vec![import("I1", "E1", 18_000)]);
    assert_eq!(vn.cases(Referral::NAME).len(), 1, "the same declaration again changes nothing");
    let taken = vn.act(
        later(2),
        &GATE,
        &Referral::case_of("I1-1"),
        json!({ "act": "result", "outcome": "undervalued" }),
    );
    assert!(taken.is_ok(), "{taken:?}");
    assert_eq!(vn.stage(&Referral::case_of("I1-1")), "done");
}

#[test]
fn a_suspended_profile_chooses_nothing_on_any_later_day() {
    let mut vn = Side::new("VN");
    put_in_force(&mut vn, &rice());
    vn.act(later(1), &ANALYST, &Plan::case("rice"), json!({ "act": "suspend", "reason": "harvest" }))
        .expect("stops");
    vn.import(later(2), vec![import("I1", "E1", 18_000)]);
    vn.import(later(2 * 24 * 60), vec![import("I2", "E2", 18_000)]);
    assert!(vn.cases(Referral::NAME).is_empty());
    vn.act(later(2 * 24 * 60 + 1), &ANALYST, &Plan::case("rice"), json!({ "act": "resume" }))
        .expect("goes on");
    vn.import(later(2 * 24 * 60 + 2), vec![import("I3", "E3", 18_000)]);
    assert_eq!(vn.stages(Referral::NAME), [("referred".to_owned(), "I3-1".to_owned())]);
}

#[test]
fn what_a_partner_says_later_widens_the_referral_and_a_withdrawal_closes_it() {
    let (mut th, mut vn) = town();
    let mut short = rice();
    short["id"] = json!("short");
    short["tests"] =
        json!([{ "test": "has", "bag": "foreign", "values": ["quantity-over", "quantity-short"] }]);
    put_in_force(&mut vn, &rice());
    put_in_force(&mut vn, &short);
    vn.import(morning(), vec![import("I1", "E1", 18_000)]);
    assert_eq!(causes(&vn, "I1-1"), ["profile"]);
    th.import(later(1), vec![export("E1", 12_000)]);
    settle(later(2), &mut th, &mut vn);
    assert_eq!(vn.stages(Received::NAME).len(), 1);
    assert_eq!(causes(&vn, "I1-1"), ["profile", "profile"], "both profiles now");
    let mut gone = import("I1", "E1", 18_000);
    gone.function = customs::declaration::Function::Cancel;
    vn.import(later(3), vec![gone]);
    assert_eq!(vn.stage(&Referral::case_of("I1-1")), "waived");
}

#[test]
fn chance_chooses_its_share_and_the_same_lines_again() {
    let mut vn = Side::new("VN");
    vn.give(morning(), &Input::Keep { key: node::selecting::SECRET.into(), value: Some(vec![7; 32]) });
    let shares = json!({ "green": 2_000, "yellow": 2_000 });
    let case = CaseId::of(Control::NAME, "control");
    vn.act(morning(), &DIRECTOR, &case, json!({ "act": "begin", "shares": shares })).expect("begins");
    let declarations = (0..100).map(|at| import(&format!("I{at}"), &format!("E{at}"), 500)).collect();
    vn.import(later(1), declarations);
    let drawn = vn.stages(Referral::NAME);
    assert!((8..=35).contains(&drawn.len()), "{} of 100 at a fifth", drawn.len());
    let waived = vn.act(
        later(2),
        &GATE,
        &Referral::case_of(&drawn[0].1),
        json!({ "act": "waive", "because": "office-full" }),
    );
    assert_eq!(waived.err().as_deref(), Some("control-sample-kept"));
    let mut again = Side::new("VN");
    again.give(morning(), &Input::Keep { key: node::selecting::SECRET.into(), value: Some(vec![7; 32]) });
    again
        .act(
            morning(),
            &DIRECTOR,
            &case,
            json!({ "act": "begin", "shares": { "green": 2_000, "yellow": 2_000 } }),
        )
        .expect("begins");
    again.import(later(9), (0..100).map(|at| import(&format!("I{at}"), &format!("E{at}"), 500)).collect());
    assert_eq!(again.stages(Referral::NAME), drawn, "whoever holds the secret of the day can draw again");
}

/// An act with a file.
fn with_file(side: &mut Side, role: &kernel::Role, case: &CaseId, act: Value, bytes: &[u8]) {
    let input = Input::ActWith {
        actor: Actor::new(format!("the {role}"), role.clone()),
        id: ActId::new(format!("file-{case}")),
        case: case.clone(),
        act,
        files: vec![bytes.to_vec().into()],
    };
    let Outcome::Act(Ok(_)) = side.give(morning(), &input).0 else { panic!("the file is taken in") };
}

#[test]
fn a_listed_party_is_raised_and_once_dismissed_speaks_no_more_until_the_entry_changes() {
    let mut vn = Side::new("VN");
    let publish = |side: &mut Side, edition: &str, bytes: &[u8]| {
        let file = Attachment::of("list.csv", "text/csv", bytes);
        let act = json!({ "act": "publish", "edition": edition, "form": "table", "entries": file, "from": "2026-11-01", "source": "own list" });
        let input = Input::ActWith {
            actor: Actor::new("the analyst", ANALYST),
            id: ActId::new(format!("list-{edition}")),
            case: WatchList::case_of("own"),
            act,
            files: vec![bytes.to_vec().into()],
        };
        let Outcome::Act(answer) = side.give(morning(), &input).0 else { panic!("an act") };
        answer.expect("the list is taken in");
    };
    publish(&mut vn, "1", b"id,name\n1,Siam Rice Mill Co Ltd\n2,Somebody Else\n");
    vn.import(morning(), vec![import("I1", "E1", 500)]);
    assert_eq!(causes(&vn, "I1-1"), ["list"]);
    let [match_] = &vn.cases(Screening::NAME)[..] else {
        panic!("one match: {:?}", vn.stages(Screening::NAME))
    };
    let case = match_.id.clone();
    vn.act(later(1), &ANALYST, &case, json!({ "act": "dismiss", "reason": "name-common" }))
        .expect("dismissed");
    vn.import(later(2), vec![import("I2", "E2", 500)]);
    assert!(causes(&vn, "I2-1").is_empty(), "it was judged to be another");
    publish(&mut vn, "2", b"id,name,countries\n1,Siam Rice Mill Co Ltd,TH\n");
    vn.import(later(3), vec![import("I3", "E3", 500)]);
    assert_eq!(causes(&vn, "I3-1"), ["list"], "the entry is another one");
    assert_eq!(vn.stage(&case), "raised");
}

#[test]
fn a_model_is_used_only_when_a_second_person_put_it_in_force_and_its_file_can_be_read() {
    let mut vn = Side::new("VN");
    let case = Model::case_of("2026-11");
    let file = Attachment::of("m.model", "application/json", b"no model");
    let act = json!({ "act": "propose", "model": file, "report": file, "refer_from": 500, "explore": 0, "source": "own verdicts" });
    with_file(&mut vn, &ANALYST, &case, act, b"no model");
    let own = vn.act(later(1), &ANALYST, &case, json!({ "act": "approve" }));
    assert_eq!(own.err().as_deref(), Some("second-person-needed"));
    vn.act(later(2), &DIRECTOR, &case, json!({ "act": "approve" })).expect("another person may");
    vn.import(later(3), vec![import("I1", "E1", 500)]);
    assert!(vn.cases(Referral::NAME).is_empty(), "what cannot be read chooses nothing");
    let refused = vn.act(later(4), &CLEARANCE, &case, json!({ "act": "retire", "reason": "?" }));
    assert!(refused.is_err());
}

/// Publishes an edition of the list `own` at a moment, for a first day.
fn publish_list(side: &mut Side, at: jiff::Timestamp, (edition, from): (&str, &str), bytes: &[u8]) {
    let file = Attachment::of("list.csv", "text/csv", bytes);
    let act = json!({ "act": "publish", "edition": edition, "form": "table", "entries": file, "from": from, "source": "own list" });
    let input = Input::ActWith {
        actor: Actor::new("the analyst", ANALYST),
        id: ActId::new(format!("list-{edition}")),
        case: WatchList::case_of("own"),
        act,
        files: vec![bytes.to_vec().into()],
    };
    let Outcome::Act(answer) = side.give(at, &input).0 else { panic!("an act") };
    answer.expect("the list is taken in");
}

#[test]
fn an_edition_asks_open_consignments_anew_for_what_it_changed_alone() {
    let mut vn = Side::new("VN");
    let many = (0..250).map(|at| import(&format!("I{at}"), &format!("E{at}"), 500)).collect();
    vn.import(morning(), many);
    let other = |name: &str, at: usize| {
        let mut declared = import(&format!("O{at}"), &format!("F{at}"), 500);
        declared.exporter = customs::terms::Party::named(name);
        declared
    };
    vn.import(later(1), (0..3).map(|at| other("Golden Lotus Trading", at)).collect());
    publish_list(&mut vn, later(2), ("1", "2026-11-01"), b"id,name\n1,Golden Lotus Trading\n");
    for minute in 3..10 {
        vn.wake(later(minute));
    }
    let raised = |side: &Side| side.cases(Referral::NAME).len();
    assert_eq!(raised(&vn), 3, "the consignments of the one that is listed");
    publish_list(
        &mut vn,
        later(20),
        ("2", "2026-11-01"),
        b"id,name\n1,Golden Lotus Trading\n2,Siam Rice Mill Co Ltd\n",
    );
    vn.wake(later(21));
    assert!(raised(&vn) < 253, "some at a time");
    for minute in 22..30 {
        vn.wake(later(minute));
    }
    assert_eq!(raised(&vn), 253, "and all in the end, those before a page's end and those after");
    let entries = vn.look().size().expect("a size");
    vn.wake(later(40));
    assert_eq!(vn.look().size().expect("a size"), entries, "then nothing is left to ask");
}

#[test]
fn an_edition_of_tomorrow_asks_tomorrow() {
    let mut vn = Side::new("VN");
    vn.import(morning(), vec![import("I1", "E1", 500)]);
    let tomorrow =
        jiff::tz::TimeZone::UTC.to_datetime(morning()).date().tomorrow().expect("a day").to_string();
    publish_list(&mut vn, later(1), ("1", &tomorrow), b"id,name\n1,Siam Rice Mill Co Ltd\n");
    vn.wake(later(2));
    assert!(vn.cases(Referral::NAME).is_empty(), "it is not in force yet");
    vn.wake(later(2 * 24 * 60));
    assert_eq!(causes(&vn, "I1-1"), ["list"]);
}

#[test]
fn a_profile_over_a_list_holds_for_who_stands_on_it() {
    let mut vn = Side::new("VN");
    let mut listed = rice();
    listed["tests"] = json!([{ "test": "listed", "column": "seller", "list": "own" }]);
    put_in_force(&mut vn, &listed);
    vn.import(later(1), vec![import("I1", "E1", 500)]);
    assert!(vn.cases(Referral::NAME).is_empty());
    publish_list(&mut vn, later(2), ("1", "2026-11-01"), b"id,name\n1,Siam Rice Mill Co Ltd\n");
    vn.import(later(3), vec![import("I2", "E2", 500)]);
    assert_eq!(causes(&vn, "I2-1"), ["profile", "list"]);
}

#[test]
fn a_model_bears_the_signature_of_who_is_named_or_nobody_puts_it_in_force() {
    let mut vn = Side::new("VN");
    let signer =
        |seed: u8| ledger::Signer::generate("risk.example", ledger::Purpose::Log, [seed; 32]).expect("a key");
    let named = signer(1).verifier().to_string();
    vn.give(
        morning(),
        &Input::Keep { key: node::selecting::MODEL_SIGNERS.into(), value: Some(named.into_bytes()) },
    );
    let model = b"no model".to_vec();
    let note = |signer: &ledger::Signer, of: &[u8]| {
        let text = format!("sampan-model\n{}\nwrong 2026-01-01..2026-06-30\n", kernel::Digest::of(of));
        let signature = signer.sign(&text).expect("signed");
        ledger::Note::new(text).expect("a note").with(signature).to_string().into_bytes()
    };
    let mut proposed = |name: &str, note: Option<Vec<u8>>| {
        let file = |bytes: &[u8]| Attachment::of("m", "application/octet-stream", bytes);
        let mut act = json!({ "act": "propose", "model": file(&model), "report": file(&model), "refer_from": 500, "explore": 0, "source": "own" });
        let mut files = vec![model.clone()];
        if let Some(note) = note {
            act["note"] = json!(file(&note));
            files.push(note);
        }
        let input = Input::ActWith {
            actor: Actor::new("the analyst", ANALYST),
            id: ActId::new(format!("model-{name}")),
            case: Model::case_of(name),
            act,
            files: files.into_iter().map(Into::into).collect(),
        };
        let Outcome::Act(answer) = vn.give(morning(), &input).0 else { panic!("an act") };
        answer.expect("proposed");
        vn.act(later(1), &DIRECTOR, &Model::case_of(name), json!({ "act": "approve" })).err()
    };
    let wrong = Some("model-signature-wrong".to_owned());
    assert_eq!(proposed("without", None), wrong);
    assert_eq!(proposed("another-s", Some(note(&signer(2), &model))), wrong);
    assert_eq!(proposed("another-file", Some(note(&signer(1), b"another model"))), wrong);
    assert_eq!(proposed("signed", Some(note(&signer(1), &model))), None);
}
