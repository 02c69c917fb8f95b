//! What of a night goes to a node as cases: the few lines somebody must look at, questions to carriers, split orders, and the
//! lists that are declared together afterwards. Handing over twice is handing over once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use customs::parcel::Parcel;
use jiff::Timestamp;
use kernel::{CaseId, Digest, Money};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use target::triage::Desk;

use super::input::{BlockSize, each_block, parcels};
use super::rules::Night;
use crate::client::{Client, Done};
use crate::output;

/// A decided line that goes to the node.
struct Line {
    id: String,
    measures: Vec<String>,
    causes: Vec<Value>,
    is_red: bool,
    ask: String,
    cluster: usize,
}

/// What of a parcel is handed over with it.
struct Told {
    office: String,
    goods: String,
    carrier: String,
    parcel: Value,
    threshold: i64,
}

/// What was handed over.
#[derive(Default)]
struct Handed {
    taken: BTreeMap<&'static str, u64>,
    refused: BTreeMap<String, u64>,
    left: u64,
}

/// Hands a decided night to a node, at most so many lines of each kind.
pub(super) fn hand(
    input: &Path,
    night: &Night,
    out: &Path,
    client: &Client,
    most: usize,
) -> anyhow::Result<Value> {
    let name = Digest::of(&fs::read(out.join("head.json")).context("the night is not decided")?).short();
    let mut handed = Handed::default();
    let lines = decided(out, most, &mut handed)?;
    let told = told(input, night, &lines.keys().copied().collect())?;
    let due = Timestamp::now() + night.look_within;
    for (number, line) in &lines {
        let Some(of) = told.get(number) else { continue };
        if line.is_red {
            let case = CaseId::of("referral", &line.id);
            handed.note(
                "referral",
                client.act(&act_id(&name, number, "red"), &case, &referred(line, of, due))?,
            );
        }
        if !line.ask.is_empty() {
            let case = CaseId::of("carrier-referral", &line.id);
            handed.note(
                "carrier-referral",
                client.act(&act_id(&name, number, "ask"), &case, &asked(line, of, due))?,
            );
        }
    }
    let mut clusters: BTreeMap<usize, Vec<&Told>> = BTreeMap::new();
    for (number, line) in lines.iter().filter(|(_, line)| line.cluster > 0) {
        clusters.entry(line.cluster).or_default().extend(told.get(number));
    }
    for (cluster, parcels) in clusters {
        let key = format!("split-{name}-{cluster}");
        let act = split(&key, &parcels, due);
        handed.note(
            "split",
            client.act(&act_id(&name, &cluster, "split"), &CaseId::of("referral", &key), &act)?,
        );
    }
    for list in lists(out)? {
        let case = case_of_list(&name, &list);
        let act = consolidated(&list);
        handed.note("list", client.act(&act_id(&name, &case.key(), "list"), &case, &act)?);
    }
    if handed.left > 0 {
        output::say(format_args!("{} more lines are to be looked at and were not handed over", handed.left));
    }
    Ok(json!({ "handed": handed.taken, "refused": handed.refused, "left": handed.left }))
}

impl Handed {
    fn note(&mut self, what: &'static str, done: Done) {
        match done {
            Done::Taken => *self.taken.entry(what).or_default() += 1,
            Done::Refused(code) => *self.refused.entry(code).or_default() += 1,
        }
    }
}

/// An act's id that is the same whenever the same night is handed over.
fn act_id(night: &str, number: &impl std::fmt::Display, what: &str) -> String {
    format!("night-{night}-{number}-{what}")
}

/// The lines to hand over, by their numbers.
fn decided(out: &Path, most: usize, handed: &mut Handed) -> anyhow::Result<BTreeMap<usize, Line>> {
    let mut files: Vec<_> = fs::read_dir(out.join("decisions"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    files.sort();
    let (mut lines, mut clusters) = (BTreeMap::new(), BTreeSet::new());
    for path in files {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(&path)?;
        for record in reader.records() {
            let record = record?;
            let field = |at: usize| record.get(at).unwrap_or_default();
            let cluster = field(11).parse().unwrap_or(0);
            let is_red = field(6) == "red";
            let known = clusters.contains(&cluster);
            if !is_red && field(10).is_empty() && cluster == 0 {
                continue;
            }
            if lines.len() >= most && !known {
                handed.left += 1;
                continue;
            }
            if cluster > 0 {
                clusters.insert(cluster);
            }
            let line = Line {
                id: field(1).to_owned(),
                measures: parts(field(7)).map(str::to_owned).collect(),
                causes: parts(field(8)).map(cause).collect(),
                is_red,
                ask: field(10).to_owned(),
                cluster,
            };
            lines.insert(field(0).parse::<usize>().context("a line without a number")?, line);
        }
    }
    Ok(lines)
}

fn parts(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').filter(|part| !part.is_empty())
}

/// A cause as decisions tell it, as referrals tell it.
fn cause(text: &str) -> Value {
    let mut parts = text.splitn(3, ':');
    let (by, first, second) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    match by {
        "profile" => json!({ "by": by, "profile": first, "reason": second }),
        "list" => json!({ "by": by, "list": first, "entry": second }),
        "score" => json!({ "by": by, "permille": first.and_then(|permille| permille.parse::<u16>().ok()) }),
        "mandatory" => json!({ "by": by, "basis": first }),
        "foreign" => json!({ "by": by, "code": first }),
        _ => json!({ "by": by }),
    }
}

/// What the input says of these lines.
fn told(input: &Path, night: &Night, wanted: &BTreeSet<usize>) -> anyhow::Result<BTreeMap<usize, Told>> {
    let desk = Desk::new(&night.rules);
    let mut told = BTreeMap::new();
    let mut first = 1;
    each_block(input, BlockSize::default(), |_, table, block| {
        let parcels = parcels(table, block);
        for (number, parcel) in (first..).zip(&parcels).filter(|(number, _)| wanted.contains(number)) {
            told.insert(number, of_parcel(&desk, parcel));
        }
        first += parcels.len();
        Ok(())
    })?;
    Ok(told)
}

fn of_parcel(desk: &Desk<'_>, parcel: &Parcel<'_>) -> Told {
    let (value, threshold) = desk.weighed(parcel).unwrap_or_default();
    Told {
        office: parcel.office.to_string(),
        goods: parcel.description.chars().take(120).collect(),
        carrier: parcel.carrier.to_string(),
        threshold,
        parcel: json!({
            "id": parcel.id, "day": parcel.day, "value": Decimal::new(value, 3).normalize(),
            "receiver": parcel.receiver, "address": parcel.address, "phone": parcel.phone,
            "payment": parcel.payment,
        }),
    }
}

fn referred(line: &Line, of: &Told, due: Timestamp) -> Value {
    json!({ "act": "refer", "referred": {
        "line": line.id, "office": of.office, "lane": "red", "measures": line.measures, "causes": line.causes,
        "goods": of.goods, "due": due,
    }})
}

fn asked(line: &Line, of: &Told, due: Timestamp) -> Value {
    let reason: Vec<&str> = line.causes.iter().filter_map(|cause| cause["by"].as_str()).collect();
    json!({
        "act": "ask", "ask": line.ask, "parcel": line.id, "carrier": of.carrier, "reason": reason.join(", "), "due": due,
    })
}

/// Parcels that together are one order, as one case.
fn split(key: &str, parcels: &[&Told], due: Timestamp) -> Value {
    let shown: Vec<&Value> = parcels.iter().take(PARCELS_SHOWN).map(|told| &told.parcel).collect();
    let first = parcels.first();
    let threshold = Decimal::new(first.map_or(0, |told| told.threshold), 3).normalize();
    json!({ "act": "refer", "referred": {
        "line": key, "office": first.map_or("", |told| told.office.as_str()), "lane": "red",
        "measures": ["documents"], "goods": first.map_or("", |told| told.goods.as_str()), "due": due,
        "causes": [{ "by": "split", "count": parcels.len(), "threshold": threshold, "parcels": shown }],
    }})
}

/// The lists of a night.
fn lists(out: &Path) -> anyhow::Result<Vec<Value>> {
    let bytes = fs::read(out.join("consolidated.json")).context("the night is not decided to its end")?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// The case of a list: its night, who declares, the day, and the currency.
fn case_of_list(night: &str, list: &Value) -> CaseId {
    let part = |name: &str| {
        let text = list[name].as_str().unwrap_or_default().to_lowercase();
        let plain: String =
            text.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
        if plain.is_empty() { "unnamed".to_owned() } else { plain }
    };
    CaseId::of("consolidated", format!("{night}-{}-{}-{}", part("declarant"), part("day"), part("currency")))
}

fn consolidated(list: &Value) -> Value {
    let amount =
        |name: &str| list[name].as_str().and_then(|text| text.parse::<Decimal>().ok()).unwrap_or_default();
    let currency = list["currency"].as_str().unwrap_or_default();
    json!({ "act": "list", "list": {
        "declarant": list["declarant"], "days": [list["day"], list["day"]], "parcels": list["parcels"],
        "value": Money::new(amount("value"), currency), "owed": Money::new(amount("duty") + amount("tax"), currency),
        "digest": list["digest"],
    }})
}

/// So many parcels of a split order are told with it.
const PARCELS_SHOWN: usize = 30;

#[cfg(test)]
mod tests {
    use customs::parcel::ConsolidatedAct;

    use super::*;

    #[test]
    fn a_list_of_a_night_is_what_the_node_takes() {
        let list = json!({
            "declarant": "Tao/mart", "day": "2026-03-01", "currency": "VND", "parcels": 3, "value": "1200000.5",
            "duty": "100", "tax": "22.5", "digest": Digest::of(b"its lines"),
        });
        let act: ConsolidatedAct = serde_json::from_value(consolidated(&list)).expect("the node's own form");
        let ConsolidatedAct::List { list: taken } = act else { panic!("a list") };
        assert_eq!((taken.parcels, taken.owed.to_string()), (3, "122.5 VND".to_owned()));
        assert_eq!(case_of_list("n1", &list).as_str(), "consolidated/n1-tao-mart-2026-03-01-vnd");
        let unnamed = json!({ "declarant": "", "day": "2026-03-01", "currency": "VND" });
        assert_eq!(case_of_list("n1", &unnamed).key(), "n1-unnamed-2026-03-01-vnd");
    }
}
