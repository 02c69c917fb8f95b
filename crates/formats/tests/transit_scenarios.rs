//! The traders' published scenarios: each message in, and the messages that must come out, in order.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read the corpus from the file system and say what they compared"
)]

mod corpus;
#[allow(dead_code, reason = "shared with other tests")]
mod region;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use customs::transit::{Arrival, Departure, Guarantee, grn};
use formats::transit::{judge_content, project, write_xml};
use jiff::SignedDuration;
use region::{Region, Wanted, declaration, declare};
use serde_json::{Value, json};

const VN: &str = "VN001234";
const TH: &str = "TH005678";
const TRADER: (&str, &str) = ("thang-long", "principal");
const OFFICER: (&str, &str) = ("hanoi-1", "gate-officer");

struct Step {
    sent: String,
    officer: String,
    expected: Vec<String>,
}

struct Scenario {
    mode: String,
    name: String,
    title: String,
    steps: Vec<Step>,
}

fn scenarios() -> Option<Vec<Scenario>> {
    let folder = corpus::folder("SAMPAN_CORPUS", "transit/derived")?;
    let mut reader = csv::Reader::from_path(folder.join("trader_test_scenarios.csv")).expect("the table");
    let mut all: BTreeMap<(String, String), Scenario> = BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("a row");
        let key = (row[0].to_owned(), row[1].to_owned());
        let scenario = all.entry(key).or_insert_with(|| Scenario {
            mode: row[0].into(),
            name: row[1].into(),
            title: row[2].trim().into(),
            steps: Vec::new(),
        });
        let expected = row[6].split('>').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        scenario.steps.push(Step { sent: row[4].into(), officer: row[5].into(), expected });
    }
    Some(all.into_values().collect())
}

/// Rules of the transitional period, which has ended: these declarations are taken now.
fn is_of_the_transition(scenario: &Scenario) -> bool {
    scenario.title.starts_with("Violation of transition rule")
}

struct Play<'s> {
    scenario: &'s Scenario,
    region: Region,
    mrn: String,
    lodged: Value,
    seen: (usize, usize),
}

fn error() -> Value {
    json!({ "list": [{ "code": "transit-condition-missing", "severity": "error", "place": { "path": "/CC170C/Consignment" }, "expected": "C0394" }] })
}

impl<'s> Play<'s> {
    fn new(scenario: &'s Scenario) -> Self {
        let mut region = Region::new(&["VN", "TH"]);
        let number = grn(2026, VN, 7).expect("a number");
        let register = json!({ "act": "register", "registered": { "grn": number, "kind": "1", "holder": "VN0100109106",
            "guarantor": "Bank", "office": VN, "amount": "1000000", "currency": "VND", "from": "2026-01-01",
            "codes": [customs::transit::codes::code_digest(&number, "AC01")] } });
        region.act("VN", OFFICER, &Guarantee::case_of(&number), register).expect("registers");
        let simplified = scenario.name.as_bytes()[1] == b'S' || scenario.name.starts_with('A');
        let fails = scenario.title.contains("guarantee checks failure");
        let wanted = Wanted {
            lrn: &scenario.name,
            departure: VN,
            transit: &[TH],
            destination: TH,
            simplified,
            advance: scenario.name.starts_with('P'),
            grn: &number,
            amount: if fails { "5000000" } else { "250000" },
        };
        let lodged = declaration(&wanted);
        Self { scenario, region, mrn: lodged.mrn.clone(), lodged: lodged.content, seen: (0, 0) }
    }

    fn at_departure(&mut self, who: (&str, &str), act: Value) {
        self.region
            .act("VN", who, &Departure::case_of(&self.mrn), act.clone())
            .unwrap_or_else(|refusal| panic!("{} {act}: {refusal}", self.scenario.name));
        self.region.settle();
    }

    fn at_destination(&mut self, who: (&str, &str), act: Value) {
        self.region
            .act("TH", who, &Arrival::case_of(&self.mrn), act.clone())
            .unwrap_or_else(|refusal| panic!("{} {act}: {refusal}", self.scenario.name));
        self.region.settle();
    }

    fn wait(&mut self, minutes: i64) {
        self.region.after(SignedDuration::from_mins(minutes));
        self.region.settle();
    }

    fn send(&mut self, message: &str, step: &Step) {
        let bad = step.expected.first().is_some_and(|it| it == "IE056" || it == "IE057");
        match message {
            "IE015" => {
                let act = declare(&region::Lodged { mrn: self.mrn.clone(), content: self.lodged.clone() });
                self.at_departure(TRADER, act);
            }
            "IE013" => {
                let mut content = self.lodged.clone();
                content["Consignment"]["referenceNumberUCR"] = json!("UCR-2");
                let mut act = declare(&region::Lodged { mrn: self.mrn.clone(), content });
                act["act"] = json!("amend");
                self.at_departure(TRADER, act);
            }
            "IE014" => self.at_departure(
                TRADER,
                json!({ "act": "ask-invalidation", "justification": "order withdrawn" }),
            ),
            "IE170" => {
                for _ in 0..step.expected.iter().filter(|it| *it == "IE056").count().max(1) {
                    let findings = if bad { error() } else { json!({ "list": [] }) };
                    self.at_departure(TRADER, json!({ "act": "present", "findings": findings }));
                }
            }
            "IE007" => {
                let simplified = step.expected.first().is_some_and(|it| it == "IE043");
                self.at_destination(
                    ("siam", "principal"),
                    json!({ "act": "notify", "office": TH, "trader": "TH0105536000315",
                    "simplified": if simplified { "yes" } else { "no" } }),
                );
                if simplified {
                    self.wait(2);
                }
            }
            "IE044" => {
                let conform =
                    !["Major discrepancies resolved", "Major discrepancies confirmed", "Non-conformance"]
                        .contains(&self.scenario.title.as_str());
                let findings = if bad { error() } else { json!({ "list": [] }) };
                self.at_destination(("siam", "principal"), json!({ "act": "remark", "conform": if conform { "yes" } else { "no" },
                    "complete": "yes", "seals": "yes", "text": if conform { "" } else { "890 packages instead of 900" }, "findings": findings }));
            }
            other => panic!("{other}"),
        }
    }

    /// What an officer does so that the expected messages can come.
    fn officer(&mut self, step: &Step) {
        let expects = |code: &str| step.expected.iter().any(|it| it == code);
        if expects("IE028") {
            self.at_departure(OFFICER, json!({ "act": "accept" }));
        }
        if expects("IE060") {
            self.at_departure(OFFICER, json!({ "act": "control", "notice": "0", "kinds": ["40"] }));
        }
        if expects("IE029") || expects("IE051") {
            let code = if expects("IE060") && expects("IE051") {
                "B1"
            } else if expects("IE060") {
                "A1"
            } else {
                "A2"
            };
            self.at_departure(OFFICER, json!({ "act": "conclude", "code": code, "text": if code == "B1" { "other goods" } else { "" } }));
        }
        if expects("IE009") {
            self.at_departure(OFFICER, json!({ "act": "invalidate", "justification": "by the office" }));
        }
        if expects("IE025") {
            let code = if expects("IE019") {
                "B1"
            } else if self.scenario.title == "Non-conformance" {
                "A5"
            } else {
                "A2"
            };
            self.at_destination(("rig", "gate-officer"), json!({ "act": "conclude", "code": code, "text": if code == "A2" { "" } else { "890 packages instead of 900" } }));
        }
        if expects("IE019") {
            let solved = if expects("IE035") { "no" } else { "yes" };
            self.at_departure(OFFICER, json!({ "act": "solve", "solved": solved }));
        }
    }

    /// What was told since last asked, by office.
    fn told(&mut self) -> (Vec<String>, Vec<String>) {
        let number = |code: &str| format!("IE{}", &code[2..5]);
        let departure = self
            .region
            .departure(&self.mrn)
            .map(|it| it.notices().iter().map(|it| number(&it.code)).collect::<Vec<_>>())
            .unwrap_or_default();
        let arrival = self
            .region
            .arrival("TH", &self.mrn)
            .map(|it| it.notices().iter().map(|(code, ..)| number(code)).collect::<Vec<_>>())
            .unwrap_or_default();
        let new = (departure[self.seen.0..].to_vec(), arrival[self.seen.1..].to_vec());
        self.seen = (departure.len(), arrival.len());
        new
    }

    fn play(mut self) -> Result<Region, String> {
        for (at, step) in self.scenario.steps.iter().enumerate() {
            let message = step.sent.split(' ').next().unwrap_or_default();
            if !message.is_empty() && (at == 0 || message != "IE015") {
                self.send(message, step);
            }
            if !step.officer.is_empty() {
                self.officer(step);
            }
            let expects = |code: &str| step.expected.iter().any(|it| it == code);
            if expects("IE029") {
                self.wait(46);
            }
            if expects("IE055") {
                self.wait(if expects("IE029") { 1 } else { 46 });
                self.wait(6 * 24 * 60);
            }
            let is_arrival = |code: &&String| ["IE043", "IE025", "IE057"].contains(&code.as_str());
            let wanted: (Vec<_>, Vec<_>) =
                step.expected.clone().into_iter().partition(|code| !is_arrival(&code));
            let told = self.told();
            if told != wanted {
                return Err(format!(
                    "{} step {}: expected {wanted:?}, told {told:?}",
                    self.scenario.name,
                    at + 1
                ));
            }
        }
        Ok(self.region)
    }
}

#[test]
fn every_published_scenario_gives_its_messages_in_their_order() {
    let Some(scenarios) = scenarios() else { return };
    assert_eq!(scenarios.len(), 107);
    let (mut played, mut other, mut wrong) = (0, 0, Vec::new());
    for scenario in &scenarios {
        if is_of_the_transition(scenario) {
            assert_eq!(scenario.mode, "test-scenarios-transition-mode-only");
            other += 1;
            continue;
        }
        played += 1;
        if let Err(what) = Play::new(scenario).play() {
            wrong.push(what);
        }
    }
    println!("{played} played, {other} of a period that has ended");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((played, other), (79, 28));
}

fn schema(code: &str) -> Option<PathBuf> {
    let corpus = corpus::folder("SAMPAN_CORPUS", "transit/xsd/p5")?;
    Some(corpus.join(format!("{}.xsd", code.to_lowercase()))).filter(|path| path.exists())
}

fn is_valid(code: &str, bytes: &[u8]) -> Option<Result<(), String>> {
    let file = std::env::temp_dir().join(format!("sampan-{}-{code}.xml", std::process::id()));
    std::fs::write(&file, bytes).expect("is kept");
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema(code)?)
        .arg(&file)
        .output()
        .ok()?;
    Some(if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    })
}

#[test]
fn every_message_that_is_written_is_valid() {
    let Some(scenarios) = scenarios() else { return };
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    let mut by_schema = 0;
    for scenario in scenarios.iter().filter(|it| !is_of_the_transition(it)) {
        let play = Play::new(scenario);
        let mrn = play.mrn.clone();
        let region = play.play().unwrap_or_else(|what| panic!("{what}"));
        let departure = region.departure(&mrn).expect("a departure");
        let mut messages: Vec<_> =
            (0..departure.notices().len()).filter_map(|at| departure.message(at)).collect();
        if let Some(arrival) = region.arrival("TH", &mrn) {
            messages.extend((0..arrival.notices().len()).filter_map(|at| arrival.message(&mrn, at)));
        }
        for (code, content) in messages {
            let content = project(&code, &content);
            let structure: Vec<_> = judge_content(&code, &content)
                .iter()
                .filter(|it| it.code.starts_with("element") || it.code.starts_with("value"))
                .map(ToString::to_string)
                .collect();
            assert_eq!(structure, [""; 0], "{code}");
            let times = written.entry(code.clone()).or_default();
            *times += 1;
            if *times <= 3 {
                let bytes = write_xml(&code, &content).expect("is written");
                if let Some(verdict) = is_valid(&code, &bytes) {
                    by_schema += 1;
                    assert_eq!(verdict, Ok(()), "{}", String::from_utf8_lossy(&bytes));
                }
            }
        }
        for (code, bytes) in &region.letters {
            *written.entry(code.clone()).or_default() += 1;
            let checked = formats::check(bytes);
            assert_eq!(checked.verdict, formats::Verdict::Clean, "{code} {:?}", checked.findings);
        }
    }
    println!("{written:?}, {by_schema} held against the published schemas");
    assert!(written.len() >= 18);
}
