//! The power goes at every step of a journey through three countries, now in one of them, now in another.

use std::time::Duration;

use customs::roles::{GATE, PRINCIPAL};
use customs::transit::{Arrival, Departure, Guarantee, Passage};
use jiff::civil::Date;
use kernel::CaseId;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Scene;
use crate::demo::stage::Stage;
use crate::demo::way::{EACH, LA, TH, Way, Written};

pub(super) const SCENE: Scene = Scene {
    name: "power-cut",
    shows: "a transit journey over three countries survives kill -9 of each node at each step, and its guarantee with it",
    play,
};

/// How long after an act is posted the node goes: before it is taken, while it is, after it was.
const CUTS: [u64; 3] = [0, 4, 15];

/// Each node is the one that goes in a journey of its own. The guarantee has room for one movement: were any leaked, the next
/// journey would not be released.
fn play(stage: &Stage<'_>, day: Date) -> anyhow::Result<Value> {
    let way = Way::under(stage, day, (2, EACH))?;
    let mut kills = 0_u64;
    for victim in ["VN", "LA", "TH"] {
        let mrn = way.journey(victim, &mut kills)?;
        way.agree(&mrn)?;
    }
    Ok(json!({ "journeys": 3, "kills": kills, "guarantee": way.grn }))
}

/// One step: what must be so before it, and who does what.
struct Step {
    before: Option<(CaseId, &'static str)>,
    node: &'static str,
    does: Does,
}

/// A message of the principal, or an act of an officer.
enum Does {
    Lodges(Vec<u8>),
    Acts(CaseId, Value),
}

impl Way<'_> {
    fn journey(&self, victim: &str, kills: &mut u64) -> anyhow::Result<String> {
        let Written { bytes, case, .. } =
            self.written("CC015C", &self.movement(&format!("POWER-CUT-{victim}"), &[]))?;
        let mrn = case.key().to_owned();
        for step in self.steps(&mrn, bytes)? {
            if let Some((case, is)) = &step.before {
                self.stage.reaches(step.node, case, &[is])?;
            }
            let delay = CUTS[usize::try_from(*kills)? % CUTS.len()];
            self.cut(victim, Duration::from_millis(delay), &step)?;
            *kills += 1;
        }
        Ok(mrn)
    }

    fn steps(&self, mrn: &str, declaration: Vec<u8>) -> anyhow::Result<[Step; 6]> {
        let (departure, passage) = (Departure::case_of(mrn), Passage::case_of(mrn));
        let Written { bytes: notice, case: arrival, .. } = self.notice(mrn, TH)?;
        let acts = |case: &CaseId, act| Does::Acts(case.clone(), act);
        let step = |node, does| Step { before: None, node, does };
        let after = |node, case: &CaseId, is, does| Step { before: Some((case.clone(), is)), node, does };
        let conclude = json!({ "act": "conclude", "code": "A2" });
        let pass = json!({ "act": "pass", "office": LA });
        Ok([
            step("VN", Does::Lodges(declaration)),
            step("VN", acts(&departure, json!({ "act": "accept" }))),
            step("VN", acts(&departure, conclude.clone())),
            after("LA", &passage, "expected", acts(&passage, pass)),
            after("TH", &arrival, "expected", Does::Lodges(notice)),
            after("TH", &arrival, "arrived", acts(&arrival, conclude)),
        ])
    }

    /// Takes the step's act while the victim's process is killed and started again.
    fn cut(&self, victim: &str, delay: Duration, step: &Step) -> anyhow::Result<()> {
        let node = self.stage.town().node(victim)?;
        std::thread::scope(|scope| {
            let killer = scope.spawn(move || {
                std::thread::sleep(delay);
                node.crash()
            });
            let acted = match &step.does {
                Does::Lodges(bytes) => self.stage.insist(step.node, &PRINCIPAL, |node| node.lodge(bytes)),
                Does::Acts(case, act) => {
                    let id = self.stage.act_id();
                    self.stage.insist(step.node, &GATE, |node| node.act(&id, case, act))
                }
            };
            let killed = killer.join().map_err(|_| anyhow::anyhow!("the killer fell"))?;
            acted.and(killed)
        })
    }

    /// At rest no country contradicts another, nothing happened twice, and the guarantee is free.
    fn agree(&self, mrn: &str) -> anyhow::Result<()> {
        let departure = Departure::case_of(mrn);
        self.stage.reaches("VN", &departure, &["written-off"])?;
        self.stage.reaches("LA", &Passage::case_of(mrn), &["passed"])?;
        self.stage.reaches("TH", &Arrival::case_of(mrn), &["closed"])?;
        // Word of the crossing may be behind that of the arrival, and still comes.
        let crossings = self.stage.until(&format!("{mrn} to have crossed"), |stage| {
            let row = stage.case("VN", &departure)?;
            let crossings = row.and_then(|row| row.summary.shown["crossings"].as_array().map(Vec::len));
            Ok(crossings.filter(|crossings| *crossings > 0))
        })?;
        anyhow::ensure!(crossings == 1, "{mrn} crossed {crossings} times");
        let row = self.stage.case("VN", &Guarantee::case_of(&self.grn))?;
        let row = row.ok_or_else(|| anyhow::anyhow!("the guarantee is lost"))?;
        let guarantee = row.state.read::<Guarantee>()?;
        anyhow::ensure!(guarantee.exposure() == Decimal::ZERO, "{} is still bound", guarantee.exposure());
        Ok(())
    }
}
