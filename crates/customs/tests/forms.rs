//! Every act a person may take has its form: filled in, with everything or with only what is needed, it is an act the desk
//! can read.

use std::collections::BTreeSet;

use customs::agreement::Agreement;
use customs::desks::DESKS;
use jiff::Timestamp;
use kernel::{Actor, Attachment, CaseId, Desk, Facts, Field, Form, Need, NodeId, Role, Sort};
use serde_json::{Value, json};

/// How much of a form is filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filled {
    Everything,
    OnlyNeeded,
}

/// Texts that are not free although their field is: bounds of time, parties, a declaration as JSON.
const PARTICULAR: &[(&str, &str)] = &[
    ("after", "2h"),
    ("keep", "30d"),
    ("answer-within", "4h"),
    ("result-within", "30d"),
    ("delivery.waits", "30s\n5m"),
    ("hs", "84713020"),
    ("answer_within", "10d"),
    ("director_after", "2h"),
    ("pledge.director-after", "2h"),
    ("record.answer_within", "10d"),
    ("code", "AEOVN0301234567"),
    ("profile", PROFILE),
    (
        "tried",
        r#"{"draft":1,"lines":100000,"days":30,"hits":40,"new_hits":3,"wrong":3,"looked_at":40,"swamped":[]}"#,
    ),
    (
        "referred",
        r#"{"line":"VN-1/1","office":"VN04","lane":"red","measures":["open"],"causes":[{"by":"control"}],"goods":"tea","due":"2026-11-22T10:00:00Z"}"#,
    ),
    (
        "found",
        r#"{"party":"Nguyen Van Duc","list":"un","entry":"Xi.1","entry_digest":"abababababababababababababababababababababababababababababababab","likeness":930,"reasons":[],"seen_on":"VN-2"}"#,
    ),
    (
        "list",
        r#"{"declarant":"Shopgo","days":["2026-11-21","2026-11-21"],"parcels":1200,"value":{"amount":"480000000","currency":"VND"},"owed":{"amount":"38400000","currency":"VND"},"digest":"abababababababababababababababababababababababababababababababab"}"#,
    ),
    ("plan.operators", "AEOTH0301234567"),
    ("ruling.code", "85176299"),
    ("registered.codes", "0000000000000000000000000000000000000000000000000000000000000000"),
    ("current", "0000000000000000000000000000000000000000000000000000000000000000"),
    ("new", "0000000000000000000000000000000000000000000000000000000000000000"),
];

fn sample(desk: &str, fields: &[Field], prefix: &str, filled: Filled, given: &mut Vec<(String, String)>) {
    for field in fields.iter().filter(|field| filled == Filled::Everything || field.need == Need::Needed) {
        let name = format!("{prefix}{}", field.name);
        let is_picked = matches!(field.sort, Sort::Choice(..) | Sort::Several(..));
        let particular = PARTICULAR.iter().find(|(name, _)| *name == field.name && !is_picked);
        let is_span = matches!(field.sort, Sort::Text(_))
            && ["after", "within"].iter().any(|word| field.name.ends_with(word));
        let text = match particular {
            Some((_, text)) => Some((*text).to_owned()),
            None if is_span => Some("4h".to_owned()),
            None => plain(desk, field.sort),
        };
        match (text, field.sort) {
            (Some(text), _) => given.push((name, text)),
            (None, Sort::Money) => {
                given.push((format!("{name}.amount"), "12.50".into()));
                given.push((format!("{name}.currency"), "USD".into()));
            }
            (None, Sort::Quantity) => {
                given.push((format!("{name}.amount"), "400".into()));
                given.push((format!("{name}.unit"), "NAR".into()));
            }
            (None, Sort::Lines(inner)) => sample(desk, inner, &format!("{name}.0."), filled, given),
            (None, _) => panic!("{name} of {desk} was not filled in"),
        }
    }
}

fn plain(desk: &str, sort: Sort) -> Option<String> {
    Some(match sort {
        Sort::Text(most) | Sort::LongText(most) => "TH-VN-2026".chars().take(most).collect(),
        Sort::Words(_) => "VN\nTH".to_owned(),
        Sort::Whole(least, _) => least.to_string(),
        Sort::Decimal => "12.5".to_owned(),
        Sort::Day => "2026-11-28".to_owned(),
        Sort::Moment => "2026-11-28T04:00:00Z".to_owned(),
        Sort::Choice(_, codes) | Sort::Several(_, codes) => (*codes.first()?).to_owned(),
        Sort::Country => "TH".to_owned(),
        Sort::Partner => "TH".to_owned(),
        Sort::Case(of) => format!("{}/VN-1", if of.is_empty() { "consignment" } else { of }),
        Sort::YesNo => "yes".to_owned(),
        Sort::File => {
            let file = Attachment::of("photo.jpg", "image/jpeg", b"bytes");
            serde_json::to_string(&file).expect("plain data")
        }
        Sort::Json if desk == "declaration" => declaration(),
        Sort::Json if desk == "transit-departure" => transit_declaration(),
        Sort::Json => "{}".to_owned(),
        Sort::Money | Sort::Quantity | Sort::Lines(_) => return None,
    })
}

fn declaration() -> String {
    serde_json::to_string(&customs::declaration::Declaration::default()).expect("plain data")
}

const PROFILE: &str = r#"{"id":"shoes","title":"shoes under value","owner":"risk unit","from":"2026-11-01","until":"2026-12-31",
"standing":"demonstration","tests":[{"test":"code","edition":"HS2022","prefixes":["6404"]}],"lane":"red","measures":["open"],
"reason":"undervaluation"}"#;

fn transit_declaration() -> String {
    serde_json::to_string(&customs::transit::declaration::Declaration::default()).expect("plain data")
}

/// Whether the desk can read an act; what it then says of it is its own business.
fn readable(desk: &dyn Desk, act: &Value) -> Result<(), String> {
    let actor = Actor::new("somebody", Role::named("nobody"));
    let case = CaseId::of(desk.name(), "1");
    let now: Timestamp = "2026-11-28T04:00:00Z".parse().expect("a moment");
    let facts = Facts { now, actor: &actor, case: &case, books: &kernel::facts::NoBooks };
    match desk.take(None, &act.clone().into(), &facts) {
        Err(refusal) if refusal.code == "act-unreadable" => Err(refusal.reason),
        Ok(_) | Err(_) => Ok(()),
    }
}

#[test]
fn every_act_a_person_may_take_has_a_form_that_makes_it() {
    for desk in DESKS {
        let acts: BTreeSet<_> =
            desk.table().into_iter().filter(|line| line.role != "node").map(|line| line.act).collect();
        for act in acts {
            let form = desk.form(act);
            for filled in [Filled::Everything, Filled::OnlyNeeded] {
                let mut given = Vec::new();
                sample(desk.name(), form.fields, "", filled, &mut given);
                let act =
                    form.act(&given).unwrap_or_else(|wrongs| panic!("{act} of {}: {wrongs:?}", desk.name()));
                let read = readable(*desk, &act);
                assert_eq!(read, Ok(()), "{} of {} from its form: {act}", form.act, desk.name());
            }
        }
    }
}

#[test]
fn every_choice_of_a_form_is_an_act_the_desk_can_read() {
    for desk in DESKS {
        for form in desk.forms() {
            for (name, codes) in choices(form.fields, "") {
                for code in codes {
                    let mut given = Vec::new();
                    sample(desk.name(), form.fields, "", Filled::Everything, &mut given);
                    given.retain(|(given, _)| *given != name);
                    given.push((name.clone(), (*code).to_owned()));
                    let act = form.act(&given).expect("a choice it offers");
                    assert_eq!(
                        readable(*desk, &act),
                        Ok(()),
                        "{name}={code} in {} of {}",
                        form.act,
                        desk.name()
                    );
                }
            }
        }
    }
}

fn choices(fields: &[Field], prefix: &str) -> Vec<(String, &'static [&'static str])> {
    let of = |field: &Field| match field.sort {
        Sort::Choice(_, codes) | Sort::Several(_, codes) => vec![(format!("{prefix}{}", field.name), codes)],
        Sort::Lines(inner) => choices(inner, &format!("{prefix}{}.0.", field.name)),
        _ => Vec::new(),
    };
    fields.iter().flat_map(of).collect()
}

#[test]
fn every_form_is_of_an_act_in_the_table_and_names_no_field_twice() {
    for desk in DESKS {
        let acts: BTreeSet<_> = desk.table().into_iter().map(|line| line.act).collect();
        let forms: Vec<_> = desk.forms().iter().map(|form| form.act).collect();
        assert!(forms.iter().all(|act| acts.contains(act)), "{}: {forms:?}", desk.name());
        for Form { act, fields, key } in desk.forms() {
            let names: BTreeSet<_> = fields.iter().map(|field| field.name).collect();
            assert_eq!(names.len(), fields.len(), "{act} of {}", desk.name());
            assert!(key.is_empty() || names.contains(key), "{act} of {}: {key}", desk.name());
        }
    }
}

#[test]
fn every_desk_says_who_may_open_its_cases() {
    for desk in DESKS {
        let readers = desk.readers();
        assert!(!readers.is_empty() && !readers.contains(&Role::NODE), "{}", desk.name());
        let known = |role: &Role| customs::roles::ALL.contains(role);
        assert!(readers.iter().all(known), "{}: {readers:?}", desk.name());
    }
}

#[test]
fn an_agreement_entered_by_its_form_is_the_agreement() {
    let pairs = [
        ("agreement.id", "ACDD-TH-VN"),
        ("agreement.title", "ASEAN Customs Declaration Document"),
        ("agreement.parties", "TH\nVN"),
        ("agreement.route", "treaty"),
        ("agreement.source", "asw.asean.org"),
        ("agreement.from", "2026-01-01"),
        ("agreement.term.0.id", "1"),
        ("agreement.term.0.kind", "acdd"),
        ("agreement.term.0.from", "TH"),
        ("agreement.term.0.to", "VN"),
        ("agreement.term.0.lane", "live"),
        ("agreement.term.0.fields", "exporter\nconsignee"),
        ("agreement.term.0.purposes", "border-control"),
        ("agreement.term.0.purposes", "risk-assessment"),
        ("agreement.term.0.handling", "h0"),
        ("agreement.term.0.consent", "needed"),
        ("agreement.term.0.onward", "never"),
        ("agreement.term.0.keep", "1825d"),
        ("agreement.term.0.delivery.waits", "30s"),
        ("agreement.term.0.escalation.0.after", "2h"),
        ("agreement.term.0.escalation.0.role", "exchange-officer"),
    ];
    let given: Vec<_> = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let desk = customs::desks::desk("agreement").expect("a desk");
    let act = desk.form("enter").act(&given).expect("a whole form");
    let agreement: Agreement = serde_json::from_value(act["agreement"].clone()).expect("an agreement");
    assert_eq!(agreement.terms[0].from, NodeId::new("TH"));
    assert_eq!(act["agreement"]["term"][0]["purposes"], json!(["border-control", "risk-assessment"]));
}
