//! The 33rd meeting of the heads of ASEAN customs: 118 delegates read from the delegations' lists, twelve things on the table, 25
//! bilateral sessions, five of them with the host, and conclusions that become promises with a clock. The counts are those
//! that were published; the days are moved to this week. People are named by their function alone.

use std::fmt::Write as _;

use customs::roles::SECRETARY;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use kernel::CaseId;
use serde_json::{Value, json};

use super::Scene;
use crate::client::Done;
use crate::demo::stage::Stage;

pub(super) const SCENE: Scene = Scene {
    name: "meeting",
    shows: "the 33rd meeting: 118 delegates from lists, 25 bilateral sessions without a clash, conclusions that become promises",
    play,
};

const ID: &str = "DGC-33";
const ZONE: &str = "Asia/Ho_Chi_Minh";

/// Whose delegations came and how many: 26 of the host, 92 of others.
const DELEGATIONS: [(&str, usize); 18] = [
    ("VN", 26),
    ("BN", 6),
    ("KH", 7),
    ("ID", 8),
    ("LA", 7),
    ("MY", 8),
    ("MM", 6),
    ("PH", 8),
    ("SG", 8),
    ("TH", 9),
    ("CN", 6),
    ("JP", 5),
    ("KR", 5),
    ("ASEAN Secretariat", 4),
    ("WCO", 2),
    ("ASEAN-BAC", 1),
    ("EU-ABC", 1),
    ("US-ABC", 1),
];

const AGENDA: [&str; 12] = [
    "Opening and adoption of the agenda",
    "Report of the coordinating committee",
    "Customs procedures and trade facilitation",
    "Customs enforcement and compliance",
    "Capacity building",
    "ASEAN Single Window",
    "ASEAN Customs Transit System",
    "Mutual recognition of authorised operators",
    "Strategic plan 2026-2030",
    "Consultation with China, Japan and Korea",
    "Consultation with business councils",
    "Date and place of the next meeting",
];

/// Who sits with the host, round by round.
const WITH_HOST: [&str; 5] = ["TH", "LA", "CN", "KR", "JP"];
/// The others who sit with each other.
const OTHERS: [&str; 12] = ["BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "CN", "JP", "KR"];
/// Sessions a round has besides the host's.
const TABLES: usize = 4;

fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let case = CaseId::of("meeting", ID);
    let begins = day.tomorrow()?.at(8, 0, 0, 0).to_zoned(TimeZone::get(ZONE)?)?.timestamp();
    let ends = begins.checked_add(SignedDuration::from_hours(52))?;
    let plan = json!({ "act": "plan", "plan": {
        "id": ID, "title": "33rd Meeting of the ASEAN Directors-General of Customs", "forum": "ASEAN DGC",
        "host": "VN", "place": "Viet Nam", "begins": begins, "ends": ends } });
    stage.must("VN", &SECRETARY, &case, &plan)?;
    delegates(stage, &case)?;
    for title in AGENDA {
        stage.must("VN", &SECRETARY, &case, &json!({ "act": "add-item", "title": title }))?;
    }
    bilaterals(stage, &case, begins)?;
    conclusions(stage, &case, ends)?;
    let shown = stage.reaches("VN", &case, &["planned"])?.summary.shown;
    let count = |name: &str| shown[name].as_u64().unwrap_or_default();
    let counts = ["delegates", "of_host", "accredited", "bilaterals", "with_host", "concluded"].map(count);
    anyhow::ensure!(counts == [118, 26, 118, 25, 5, 2], "the meeting counts {counts:?}");
    Ok(json!({ "delegates": counts[0], "of_host": counts[1], "bilaterals": counts[3], "with_host": counts[4],
               "agenda": AGENDA.len(), "begins": begins }))
}

/// The lists as delegations send them, read and taken in; then each party is let in.
fn delegates(stage: &Stage<'_>, case: &CaseId) -> anyhow::Result<()> {
    for (party, count) in DELEGATIONS {
        let (read, findings) = formats::read_delegates(list(party, count).as_bytes());
        anyhow::ensure!(findings.is_empty() && read.len() == count, "the list of {party}: {findings:?}");
        stage.must("VN", &SECRETARY, case, &json!({ "act": "nominate", "delegates": read }))?;
        stage.must("VN", &SECRETARY, case, &json!({ "act": "accredit", "party": party }))?;
    }
    Ok(())
}

fn list(party: &str, count: usize) -> String {
    let mut text = "badge,name,party,office\r\n".to_owned();
    for number in 1..=count {
        let (name, office) = match number {
            1 => ("Head of delegation".to_owned(), "Director-General"),
            2 => ("Deputy head of delegation".to_owned(), "International cooperation"),
            _ => (format!("Delegate {number}"), "Customs"),
        };
        let _ = write!(text, "{}-{number:02},{name},{party},{office}\r\n", party.replace(' ', "-"));
    }
    text
}

/// Five rounds of five tables of half an hour each; a sixth session at the same time with the same party is refused.
fn bilaterals(stage: &Stage<'_>, case: &CaseId, begins: Timestamp) -> anyhow::Result<()> {
    for (round, host_with) in WITH_HOST.into_iter().enumerate() {
        let at = begins.checked_add((40 * i64::try_from(round)?).minutes())?;
        let mut others: Vec<_> = OTHERS.into_iter().filter(|party| *party != host_with).collect();
        others.rotate_left(round);
        let pairs = (0..TABLES).map(|table| (others[table], others[2 * TABLES - 1 - table]));
        for (table, (one, other)) in std::iter::once(("VN", host_with)).chain(pairs).enumerate() {
            stage.must("VN", &SECRETARY, case, &slot(at, table, (one, other))?)?;
        }
        let clash = stage.act("VN", &SECRETARY, case, &slot(at, TABLES + 1, ("VN", "WCO"))?)?;
        anyhow::ensure!(clash == Done::Refused("slot-clash".into()), "two sessions at once: {clash:?}");
    }
    Ok(())
}

fn slot(begins: Timestamp, table: usize, (one, other): (&str, &str)) -> anyhow::Result<Value> {
    let ends = begins.checked_add(30.minutes())?;
    Ok(json!({ "act": "arrange", "one": one, "other": other, "begins": begins, "ends": ends,
               "room": format!("Room {}", table + 1) }))
}

/// What is concluded is owed from then on.
fn conclusions(stage: &Stage<'_>, case: &CaseId, ends: Timestamp) -> anyhow::Result<()> {
    let pledges = [
        (
            "Focal points for verification requests are named and tested",
            "assistance",
            "VN",
            "TH",
            "bilateral TH",
            30,
        ),
        (
            "Each working group reviews its work before the next coordinating committee",
            "working-groups",
            "VN",
            "ASEAN",
            "ASEAN DGC",
            90,
        ),
    ];
    for (number, (text, topic, by, to, forum, days)) in (1..).zip(pledges) {
        let due = ends.checked_add(SignedDuration::from_hours(24 * days))?;
        let pledge = json!({ "text": text, "topic": topic, "forum": forum, "source": ID, "by": by, "to": to, "due": due });
        stage.must("VN", &SECRETARY, case, &json!({ "act": "conclude", "pledge": pledge }))?;
        let commitment = CaseId::of("commitment", format_args!("{}-{number}", case.key()));
        stage.reaches("VN", &commitment, &["open"])?;
    }
    Ok(())
}
