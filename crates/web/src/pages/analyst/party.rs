//! Everything known about one party, by who said it. Names are compared over scripts and spellings; no two statements are merged.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use customs::terms::{HsCode, Party};
use kernel::CaseId;
use link::resolve::{party_likeness, plain};
use store::{Failure, Look, Query};

use super::super::consignment::see;
use super::super::sentences::{self, dotted};
use super::super::standing::Standing;
use super::gather::{self, Export, Import};
use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::draw::Labels;
use crate::draw::chart::{self, Bar};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "analyst/parties.html")]
struct Page {
    frame: Frame,
    asked: String,
    facts: Vec<(String, String)>,
    picture: Option<crate::draw::Picture>,
    sources: Vec<Source>,
    findings: Vec<(String, String, Standing)>,
    barred: String,
    sample: String,
}

/// What one side said.
struct Source {
    word: String,
    rows: Vec<Row>,
    total: usize,
}

struct Row {
    name: String,
    role: String,
    case: String,
    href: String,
    goods: String,
    likeness: u16,
}

/// One statement that names the party.
struct Named {
    source: String,
    party: Party,
    role: &'static str,
    case: CaseId,
    title: String,
    goods: BTreeSet<String>,
    likeness: u16,
}

/// From this likeness on, in thousandths, two names are shown as one party's.
const ALIKE: u16 = 780;
/// The most statements of one source shown, and the most items of partners opened for one page.
const SHOWN: usize = 40;
const OPENED: usize = 60;

/// The page of a party.
///
/// # Errors
/// What the store says.
pub(crate) fn parties(ask: &Ask) -> Result<Reply, Problem> {
    let asked = ask.query.text("text").chars().take(200).collect::<String>();
    let (mut named, seen) =
        if asked.is_empty() { (Vec::new(), 0) } else { ask.read(|look| search(look, &asked))? };
    let barred = bar(ask, &mut named)?;
    let frame = Frame::of(ask)?;
    let findings = ask.read(|look| findings(&frame, look, &named))?;
    let page = Page {
        facts: facts(&frame, &named),
        picture: picture(&frame, &named),
        sources: sources(&frame, &named),
        findings,
        barred: if barred > 0 {
            frame.say("parties.barred", "count", &frame.count(&barred))
        } else {
            String::new()
        },
        sample: frame.say("parties.sample", "count", &frame.count(&seen)),
        asked,
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// All statements that name a party like the one asked for, the likest first.
fn search(look: &dyn Look, asked: &str) -> Result<(Vec<Named>, u64), Failure> {
    let wanted = Party::named(asked);
    let number = plain(asked);
    let likeness = |party: &Party| {
        let by_number = number.len() >= 4 && party.identifiers.iter().any(|id| plain(&id.value) == number);
        if by_number { 1_000 } else { party_likeness(&wanted, party).unwrap_or(0) }
    };
    let mut named = Vec::new();
    let ours = gather::each(look, &gather::imports(), |row| {
        let Some(import) = Import::of(row) else { return };
        let Some(declaration) = import.declaration() else { return };
        for (role, party) in [
            ("importer", &declaration.importer),
            ("exporter", &declaration.exporter),
            ("agent", &declaration.agent),
        ] {
            let likeness = likeness(party);
            if likeness >= ALIKE {
                let goods = declaration.lines.iter().filter_map(|line| Some(short(line.hs.as_ref()?)));
                named.push(Named {
                    source: String::new(),
                    party: party.clone(),
                    role,
                    case: import.row.id.clone(),
                    title: import.row.summary.title.clone(),
                    goods: goods.collect(),
                    likeness,
                });
            }
        }
    })?;
    let theirs = gather::each(look, &gather::exports(None), |row| {
        let Some(export) = Export::of(row) else { return };
        let Some(acdd) = export.acdd() else { return };
        for (role, party) in
            [("exporter", &acdd.exporter), ("consignee", &acdd.consignee), ("agent", &acdd.agent)]
        {
            let likeness = likeness(party);
            if likeness >= ALIKE {
                let goods = acdd.lines.iter().filter_map(|line| Some(short(line.hs.as_ref()?)));
                named.push(Named {
                    source: export.row.summary.partner.clone(),
                    party: party.clone(),
                    role,
                    case: export.row.id.clone(),
                    title: export.row.summary.title.clone(),
                    goods: goods.collect(),
                    likeness,
                });
            }
        }
    })?;
    named.sort_by_key(|one| (std::cmp::Reverse(one.likeness), one.case.clone()));
    Ok((named, ours.max(theirs)))
}

fn short(hs: &HsCode) -> String {
    hs.prefix(6).to_owned()
}

/// Asks to read what partners said, item by item; what may not be read, or is more than one page opens, is left out and counted.
fn bar(ask: &Ask, named: &mut Vec<Named>) -> Result<u64, Problem> {
    let mut open: BTreeMap<CaseId, bool> = BTreeMap::new();
    for one in named.iter().filter(|one| one.case.desk() == "received") {
        if !open.contains_key(&one.case) {
            let opened = open.len() < OPENED && see(ask, &one.case)?.is_none();
            open.insert(one.case.clone(), opened);
        }
    }
    let before = named.len();
    named.retain(|one| open.get(&one.case).copied().unwrap_or(true));
    Ok((before - named.len()) as u64)
}

/// Names, numbers and addresses, each once, the commonest first.
fn facts(frame: &Frame, named: &[Named]) -> Vec<(String, String)> {
    let common = |values: Vec<String>| -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        values
            .into_iter()
            .filter(|value| !value.is_empty())
            .for_each(|value| *counts.entry(value).or_default() += 1);
        let mut sorted: Vec<_> = counts.into_iter().collect();
        sorted.sort_by_key(|(value, count)| (std::cmp::Reverse(*count), value.clone()));
        sorted.into_iter().take(8).map(|(value, _)| value).collect::<Vec<_>>().join(" · ")
    };
    let names = common(named.iter().map(|one| one.party.name.clone()).collect());
    let numbers =
        common(named.iter().flat_map(|one| &one.party.identifiers).map(|id| id.value.clone()).collect());
    let addresses = common(named.iter().map(|one| sentences::address(&one.party.address)).collect());
    let facts = [("parties.names", names), ("parties.numbers", numbers), ("parties.addresses", addresses)];
    facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (frame.t(key).to_owned(), value))
        .collect()
}

/// What the party trades most often.
fn picture(frame: &Frame, named: &[Named]) -> Option<crate::draw::Picture> {
    let mut goods: BTreeMap<&str, u64> = BTreeMap::new();
    named.iter().flat_map(|one| &one.goods).for_each(|hs| *goods.entry(hs.as_str()).or_default() += 1);
    let mut sorted: Vec<_> = goods.into_iter().collect();
    sorted.sort_by_key(|(hs, count)| (std::cmp::Reverse(*count), *hs));
    let bars: Vec<Bar> = sorted
        .into_iter()
        .take(8)
        .map(|(hs, count)| Bar {
            label: dotted(hs),
            value: count as f64,
            href: format!("/mirror?hs={hs}"),
            tone: "",
        })
        .collect();
    let labels = Labels {
        id: "goods",
        title: frame.t("parties.goods").to_owned(),
        across: frame.t("parties.count").to_owned(),
        up: frame.t("field.hs").to_owned(),
        as_table: frame.t("lane-page.numbers").to_owned(),
        ..Labels::default()
    };
    (bars.len() > 1).then(|| chart::bars(frame.language, &labels, &bars))
}

fn sources(frame: &Frame, named: &[Named]) -> Vec<Source> {
    let mut by_source: BTreeMap<&str, Vec<&Named>> = BTreeMap::new();
    named.iter().for_each(|one| by_source.entry(one.source.as_str()).or_default().push(one));
    let source = |(source, named): (&str, Vec<&Named>)| Source {
        word: if source.is_empty() {
            frame.t("parties.own").to_owned()
        } else {
            frame.say("parties.partner", "partner", &frame.word("country", source))
        },
        total: named.len(),
        rows: named.iter().take(SHOWN).map(|one| row(frame, one)).collect(),
    };
    by_source.into_iter().map(source).collect()
}

fn row(frame: &Frame, one: &Named) -> Row {
    Row {
        name: sentences::party(&one.party),
        role: frame.word("parties", one.role),
        case: one.title.clone(),
        href: page_of(&one.case),
        goods: one.goods.iter().take(3).map(|hs| dotted(hs)).collect::<Vec<_>>().join(", "),
        likeness: one.likeness / 10,
    }
}

/// The findings on our consignments of the party, with where they stand.
fn findings(
    frame: &Frame,
    look: &dyn Look,
    named: &[Named],
) -> Result<Vec<(String, String, Standing)>, Failure> {
    let cases: BTreeSet<&CaseId> =
        named.iter().map(|one| &one.case).filter(|case| case.desk() == "consignment").collect();
    let mut found = Vec::new();
    for case in cases.into_iter().take(SHOWN) {
        let reference = Some(("consignment".to_owned(), case.to_string()));
        let query = Query { desk: Some("finding".into()), reference, limit: 10, ..Query::default() };
        for finding in look.cases(&query)?.rows {
            let word = frame.word("finding", &finding.summary.title);
            let standing = Standing::of(frame, "finding", &finding.summary.stage);
            found.push((format!("{word} · {}", case.key()), page_of(case), standing));
        }
    }
    Ok(found)
}
