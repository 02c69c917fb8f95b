//! Whole lives of transit movements per second, and how long the longest declaration takes to judge.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use customs::roles::{GATE, PRINCIPAL};
use customs::transit::codes::code_digest;
use customs::transit::{Arrival, Departure, Guarantee, grn, mrn_of};
use formats::transit::{intake, write_xml};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kernel::{ActId, Actor, CaseId, NodeId};
use node::{Heart, Input, Letters, Outcome};
use serde_json::{Value, json};
use store::sqlite::Sqlite;

use super::Measured;
use crate::movement::{CODE, HOLDER, Movement, arrival};

const DEPARTURE: &str = "VN001234";
const DESTINATION: &str = "VN005678";
/// Movements that lean on one guarantee, one after the other.
const PER_GUARANTEE: u64 = 100;
/// Batches that are read before the heart takes them.
const READ_AHEAD: usize = 2;

#[derive(clap::Args)]
pub(super) struct Transit {
    /// How many movements.
    #[arg(long, default_value_t = 3_000)]
    movements: u64,
    /// How many stand at the same point at once; what comes together is committed together, as the node does.
    #[arg(long, default_value_t = 32)]
    together: u64,
    /// How many items the longest declaration has.
    #[arg(long, default_value_t = 1_999)]
    items: usize,
    /// Where the node's store is made; removed afterwards.
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// Movements from the bytes of the declaration to the write-off, and the longest declaration.
pub(super) fn measure(wanted: &Transit) -> anyhow::Result<Measured> {
    let folder = wanted.folder.clone().unwrap_or_else(std::env::temp_dir);
    let folder = folder.join(format!("sampan-transit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let lived = lives(wanted, &folder);
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    let (rate, acts) = lived?;
    let longest = longest(wanted.items)?;
    Ok(Measured {
        name: "transit",
        ours: rate,
        unit: "movements/s",
        peer: None,
        aims: vec![
            ("at least 300 movements a second, durable".into(), rate >= 300.0),
            (format!("a declaration of {} items judged in 50 ms", wanted.items), longest.judged_ms < 50.0),
        ],
        seen: json!({ "movements": wanted.movements, "acts": acts, "together": wanted.together,
            "longest": { "items": wanted.items, "bytes": longest.bytes, "judged_ms": longest.judged_ms } }),
    })
}

struct Longest {
    bytes: usize,
    judged_ms: f64,
}

/// The median of eleven judgements: structure, code lists, conditions and rules, as the office would.
fn longest(items: usize) -> anyhow::Result<Longest> {
    let bytes = write_xml("CC015C", &declaration("LONGEST", &number(0)?, items))?;
    let checked = formats::judge(&bytes);
    ensure!(checked.findings.is_acceptable(), "the longest declaration is faulty: {:?}", checked.findings);
    let mut times: Vec<f64> = (0..11)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(formats::judge(std::hint::black_box(&bytes)));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    Ok(Longest { bytes: bytes.len(), judged_ms: (times[5] * 100.0).round() / 100.0 })
}

fn lives(wanted: &Transit, folder: &Path) -> anyhow::Result<(f64, u64)> {
    let store = Sqlite::open(folder.join("node.db"))?;
    let mut node = Node {
        heart: Heart::new(
            NodeId::new("VN"),
            customs::desks::DESKS,
            Box::new(store),
            Box::new(Letters::new(NodeId::new("VN"))),
        )?,
        acts: 0,
    };
    let officer = Actor::new("office", GATE);
    for at in 0..wanted.movements.div_ceil(PER_GUARANTEE) {
        let grn = number(at)?;
        let act = json!({ "act": "register", "registered": { "grn": grn, "kind": "1", "holder": HOLDER, "guarantor": "Bank",
            "office": DEPARTURE, "amount": "999999999", "currency": "VND", "from": "2026-01-01",
            "codes": [code_digest(&grn, CODE)] } });
        node.take(&[(officer.clone(), Guarantee::case_of(&grn), act)])?;
    }
    let declarations = (0..wanted.movements)
        .map(|at| {
            Ok(write_xml("CC015C", &declaration(&format!("BENCH-{at}"), &number(at / PER_GUARANTEE)?, 1))?)
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    node.acts = 0;
    let together = usize::try_from(wanted.together.max(1))?;
    let start = Instant::now();
    thread::scope(|scope| {
        let (batches, waiting) = sync_channel(READ_AHEAD);
        scope.spawn(|| read_all(&declarations, together, batches));
        waiting.into_iter().try_for_each(|batch| node.live(batch?))
    })?;
    let seconds = start.elapsed().as_secs_f64();
    node.check(wanted.movements)?;
    Ok((wanted.movements as f64 / seconds, node.acts))
}

struct Node {
    heart: Heart,
    acts: u64,
}

impl Node {
    /// One act of each in one transaction.
    fn take(&mut self, wishes: &[(Actor, CaseId, Value)]) -> anyhow::Result<()> {
        let inputs: Vec<_> = wishes
            .iter()
            .map(|(actor, case, act)| {
                self.acts += 1;
                let id = ActId::new(format!("bench-{}", self.acts));
                Input::Act { actor: actor.clone(), id, case: case.clone(), act: act.clone() }
            })
            .collect();
        let inputs: Vec<_> = inputs.iter().collect();
        for worked in self.heart.work(&Timestamp::now, &inputs)? {
            let (outcome, outputs) = worked?;
            if let Outcome::Act(Err(refusal)) = outcome {
                bail!("refused: {refusal}");
            }
            ensure!(outputs.declined.is_empty(), "declined: {:?}", outputs.declined);
        }
        Ok(())
    }

    /// Movements from their declarations to the write-off, side by side.
    fn live(&mut self, batch: Batch) -> anyhow::Result<()> {
        let trader = || Actor::new(HOLDER, PRINCIPAL);
        let officer = || Actor::new("office", GATE);
        let by_trader = |taken: Vec<(CaseId, Value)>| -> Vec<_> {
            taken.into_iter().map(|(case, act)| (trader(), case, act)).collect()
        };
        let movements: Vec<CaseId> = batch.declared.iter().map(|(case, _)| case.clone()).collect();
        self.take(&by_trader(batch.declared))?;
        for act in [json!({ "act": "accept" }), json!({ "act": "conclude", "code": "A2" })] {
            let each = movements.iter().map(|case| (officer(), case.clone(), act.clone()));
            self.take(&each.collect::<Vec<_>>())?;
        }
        self.take(&by_trader(batch.arrived))?;
        let ends = movements.iter().map(|case| {
            (officer(), Arrival::case_of(case.key()), json!({ "act": "conclude", "code": "A1" }))
        });
        self.take(&ends.collect::<Vec<_>>())
    }

    /// Every movement is written off and every guarantee free again.
    fn check(&self, movements: u64) -> anyhow::Result<()> {
        let look = self.heart.look()?;
        for at in 0..movements {
            let lrn = format!("BENCH-{at}");
            let year = TimeZone::UTC.to_datetime(Timestamp::now()).year();
            let mrn = mrn_of(year, DEPARTURE, (HOLDER, &lrn), "0").context("no number")?;
            let row = look.case(&Departure::case_of(&mrn))?.with_context(|| format!("{mrn} is missing"))?;
            ensure!(row.summary.stage == "written-off", "{mrn} is {}", row.summary.stage);
        }
        for at in 0..movements.div_ceil(PER_GUARANTEE) {
            let row = look.case(&Guarantee::case_of(&number(at)?))?.context("a guarantee is missing")?;
            let guarantee = row.state.read::<Guarantee>()?;
            ensure!(guarantee.exposure().is_zero(), "a guarantee is still bound");
        }
        Ok(())
    }
}

/// What traders send of movements that stand at the same point, read.
struct Batch {
    declared: Vec<(CaseId, Value)>,
    arrived: Vec<(CaseId, Value)>,
}

/// Reads what traders send in a thread of its own, as a node's listeners do beside its heart.
fn read_all(declarations: &[Vec<u8>], together: usize, batches: SyncSender<anyhow::Result<Batch>>) {
    let day = TimeZone::UTC.to_datetime(Timestamp::now()).date();
    for (number, declarations) in declarations.chunks(together).enumerate() {
        if batches.send(read_batch(number * together, declarations, day)).is_err() {
            return;
        }
    }
}

fn read_batch(first: usize, declarations: &[Vec<u8>], day: jiff::civil::Date) -> anyhow::Result<Batch> {
    let mut batch = Batch { declared: Vec::new(), arrived: Vec::new() };
    for (at, bytes) in (first..).zip(declarations) {
        let (movement, act) = read(bytes, day)?;
        let arrival = write_xml("CC007C", &arrival(movement.key(), DESTINATION, &format!("A{at}")))?;
        batch.declared.push((movement, act));
        batch.arrived.push(read(&arrival, day)?);
    }
    Ok(batch)
}

fn read(bytes: &[u8], day: jiff::civil::Date) -> anyhow::Result<(CaseId, Value)> {
    let taken = intake(bytes, day).map_err(|refused| anyhow::anyhow!("not taken: {:?}", refused.findings))?;
    ensure!(taken.findings.is_acceptable(), "faulty: {:?}", taken.findings);
    Ok((taken.cases.into_iter().next().context("no movement")?, taken.act))
}

fn number(at: u64) -> anyhow::Result<String> {
    grn(2026, DEPARTURE, at + 1).context("no number")
}

fn declaration(lrn: &str, grn: &str, items: usize) -> Value {
    let movement = Movement {
        lrn,
        departure: DEPARTURE,
        transit: &[],
        destination: DESTINATION,
        grn,
        amount: "2500",
        items,
        exports: &[],
    };
    movement.declaration()
}
