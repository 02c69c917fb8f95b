//! Plays the transcripts in `stories/*.txt` and compares what they say with what happens.
//!
//! A story is a list of lines: `at MOMENT`, `as NAME ROLE`, `CASE ACT-JSON`, `wake CASE NAME`. Everything that
//! follows from a line stands indented under it. `SAMPAN_BLESS=1` writes the indented lines anew; the change is a diff
//! that an officer can read.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that reads and writes transcripts"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use customs::agreement::{Document, release};
use customs::desks::desk;
use jiff::Timestamp;
use kernel::book::Shelf;
use kernel::{Actor, CaseId, Effect, Facts, NodeId, Role, State};
use serde_json::Value;

/// One administration with all its cases, in memory, without wire, store or matcher.
struct Stage {
    us: NodeId,
    now: Timestamp,
    actor: Actor,
    cases: BTreeMap<CaseId, State>,
    wakes: BTreeMap<(CaseId, String), (Timestamp, Value)>,
    shelf: Shelf,
}

impl Stage {
    fn new() -> Self {
        Self {
            us: NodeId::new("VN"),
            now: "2026-11-22T00:00:00Z".parse().unwrap(),
            actor: Actor::node("VN"),
            cases: BTreeMap::new(),
            wakes: BTreeMap::new(),
            shelf: Shelf::default(),
        }
    }

    fn line(&mut self, line: &str, out: &mut String) {
        if let Some(moment) = line.strip_prefix("at ") {
            self.now = moment.parse().unwrap();
        } else if let Some(actor) = line.strip_prefix("as ") {
            let (name, role) = actor.split_once(' ').unwrap();
            self.actor = Actor::new(name, Role::new(role));
        } else if let Some(wake) = line.strip_prefix("wake ") {
            let (case, name) = wake.split_once(' ').unwrap();
            let (_, act) = self.wakes.remove(&(CaseId::new(case), name.to_owned())).expect(line);
            let officer = std::mem::replace(&mut self.actor, Actor::node("VN"));
            self.take(&CaseId::new(case), &act, 1, out);
            self.actor = officer;
        } else {
            let (case, act) = line.split_once(' ').unwrap();
            self.take(&CaseId::new(case), &serde_json::from_str(act).expect(line), 1, out);
        }
    }

    fn take(&mut self, case: &CaseId, act: &Value, depth: usize, out: &mut String) {
        let indent = "    ".repeat(depth);
        let state = self.cases.get(case);
        let taken = {
            let facts = Facts { now: self.now, actor: &self.actor, case, books: &self.shelf };
            desk(case.desk()).unwrap().take(state, &act.clone().into(), &facts)
        };
        let taken = match taken {
            Ok(taken) => taken,
            Err(refusal) => return writeln!(out, "{indent}refused {case}: {refusal}").unwrap(),
        };
        if taken.events.is_empty() {
            return;
        }
        let events: Vec<_> = taken.events.iter().map(|event| event["event"].as_str().unwrap()).collect();
        let weight = taken.summary.severity.map_or(String::new(), |severity| format!(" ({severity:?})"));
        writeln!(out, "{indent}{case}: {} -> {}{weight}", events.join(", "), taken.summary.stage).unwrap();
        self.cases.insert(case.clone(), taken.state);
        let officer = std::mem::replace(&mut self.actor, Actor::node("VN"));
        for effect in taken.effects {
            self.carry(case, effect, depth + 1, out);
        }
        self.actor = officer;
    }

    fn carry(&mut self, case: &CaseId, effect: Effect, depth: usize, out: &mut String) {
        let indent = "    ".repeat(depth);
        match effect {
            Effect::Act { case, act } => self.take(&case, &act, depth, out),
            Effect::Wake { name, at, act } => {
                writeln!(out, "{indent}wake {name} at {at}").unwrap();
                self.wakes.insert((case.clone(), name.into_owned()), (at, act));
            }
            Effect::Rest { name } => {
                if self.wakes.remove(&(case.clone(), name.to_string())).is_some() {
                    writeln!(out, "{indent}no wake {name}").unwrap();
                }
            }
            Effect::Send { to, kind, document, about } => {
                self.send(&to, &kind, document, &about, &indent, out);
            }
            Effect::Post { .. } => writeln!(out, "{indent}post").unwrap(),
            Effect::Publish { edition } => {
                writeln!(out, "{indent}publish {} {}", edition.head.book, edition.head.name).unwrap();
                self.shelf.publish(&edition);
            }
            Effect::Admit { case, .. } => writeln!(out, "{indent}admit {case} again").unwrap(),
        }
    }

    fn send(&self, to: &NodeId, kind: &str, document: Value, about: &CaseId, indent: &str, out: &mut String) {
        let facts = Facts { now: self.now, actor: &self.actor, case: about, books: &self.shelf };
        let released = Document::read(kind, document)
            .and_then(|document| release(&self.shelf, &self.us, to, facts.day(), &document));
        match released {
            Ok(released) => {
                let document = serde_json::to_value(released.document()).unwrap();
                let by = released.admission().cite();
                writeln!(
                    out,
                    "{indent}send {to} {} by {by}, withheld {:?}",
                    brief(&document),
                    released.withheld()
                )
            }
            Err(refusal) => writeln!(out, "{indent}not sent to {to}: {refusal}"),
        }
        .unwrap();
    }
}

/// A document in a few words: kind, function or outcome, number, remarks.
fn brief(document: &Value) -> String {
    let content = &document["document"];
    let word = |field: &str| content[field].as_str().unwrap_or_default().to_owned();
    let remarks = content["remarks"].as_array().into_iter().flatten();
    let remarks: Vec<_> = remarks
        .map(|remark| format!("{} {}", remark["code"].as_str().unwrap(), remark["text"].as_str().unwrap()))
        .collect();
    let parts = [
        document["kind"].as_str().unwrap().to_owned(),
        word("function") + &word("outcome"),
        word("number"),
        remarks.join("; "),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn play(script: &str) -> String {
    let (mut stage, mut out) = (Stage::new(), String::new());
    for line in script.lines().filter(|line| !line.starts_with("    ")) {
        out.push_str(line);
        out.push('\n');
        if !line.is_empty() && !line.starts_with('#') {
            stage.line(line, &mut out);
        }
    }
    out
}

fn stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_story_happens_as_it_is_told() {
    assert!(!stories().is_empty());
    for path in stories() {
        let told = std::fs::read_to_string(&path).unwrap();
        let happened = play(&told);
        if std::env::var("SAMPAN_BLESS").is_ok() {
            std::fs::write(&path, &happened).unwrap();
        } else {
            assert_eq!(told, happened, "{}", path.display());
        }
    }
}
