//! What profiles, lists, the model and chance together say of a consignment's lines.

use std::collections::BTreeSet;

use customs::targeting::Listed;
use customs::terms::{Gauge, Lane, Measure};
use serde_json::{Value, json};
use target::batch::{Lines, SCALE};
use target::model::Sheet;
use target::sample::drawn;
use target::screen::Found;
use target::select::outcome;

use super::goods::Goods;
use super::held::{Scorer, Selector};

/// A line that is to be looked at.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) goods: Goods,
    pub(super) lane: Lane,
    pub(super) measures: BTreeSet<Measure>,
    /// Every cause with the evidence it saw.
    pub(super) causes: Vec<Value>,
    /// The champion's probability, and the challenger's.
    pub(super) scores: [Option<u16>; 2],
}

/// What stands on a list: the entry, and the party it was found for.
#[derive(Debug)]
pub(super) struct OnList {
    pub(super) party: String,
    pub(super) found: Found,
    pub(super) entry: Listed,
}

/// The lines that are to be looked at; chance is drawn by the secret of the day.
pub(super) fn chosen(
    selector: &mut Selector,
    mut goods: Vec<Goods>,
    listed: &[OnList],
    secret: Option<&[u8; 32]>,
) -> Vec<Chosen> {
    for goods in &mut goods {
        selector.recent.count(goods);
        selector.recent.put_into(goods);
    }
    let mut lines = Goods::batch(&goods);
    let sheet = Sheet::of(&lines);
    let [champion, challenger] =
        [&selector.champion, &selector.challenger].map(|scorer| permilles(scorer.as_ref(), &sheet));
    if let Some(scores) = &champion {
        lines.put(Gauge::Score, scores.iter().map(|score| i64::from(*score) * SCALE).collect());
    }
    let asked = Asked { selector, lines: &lines, sheet: &sheet, listed, secret };
    let of_row = |(row, goods): (usize, Goods)| {
        let scores = [&champion, &challenger].map(|scores| scores.as_ref().map(|scores| scores[row]));
        asked.line(row, goods, scores)
    };
    goods.into_iter().enumerate().filter_map(of_row).collect()
}

/// Probabilities in parts per thousand.
fn permilles(scorer: Option<&Scorer>, sheet: &Sheet) -> Option<Vec<u16>> {
    let scores = scorer?.model.score(sheet);
    Some(scores.into_iter().map(|score| (score.clamp(0.0, 1.0) * 1_000.0).round() as u16).collect())
}

struct Asked<'a> {
    selector: &'a Selector,
    lines: &'a Lines,
    sheet: &'a Sheet,
    listed: &'a [OnList],
    secret: Option<&'a [u8; 32]>,
}

impl Asked<'_> {
    fn line(&self, row: usize, goods: Goods, scores: [Option<u16>; 2]) -> Option<Chosen> {
        let holding = self.selector.selection.of_line(self.lines, row);
        let by_profile = outcome(holding.iter().map(|(profile, _)| *profile));
        let mut chosen = Chosen {
            goods,
            lane: by_profile.lane,
            measures: by_profile.measures,
            causes: holding.iter().map(|(_, explained)| with("profile", json!(explained))).collect(),
            scores,
        };
        let is_green = chosen.lane == Lane::Green;
        if is_green {
            chosen.causes.clear();
        }
        self.lists(&mut chosen);
        self.score(&mut chosen, row);
        self.chance(&mut chosen, row);
        (!chosen.causes.is_empty()).then_some(chosen)
    }

    fn lists(&self, chosen: &mut Chosen) {
        for OnList { party, found, .. } in self.listed {
            let cause = json!({
                "by": "list", "list": found.list, "entry": found.id, "party": party, "name": found.name,
                "likeness": found.likeness, "why": found.why,
            });
            chosen.ask(Lane::Yellow, Measure::Documents, cause);
        }
    }

    /// The score is one reason among others; what it asks for is that somebody looks.
    fn score(&self, chosen: &mut Chosen, row: usize) {
        let Some((scorer, permille)) = self.selector.champion.as_ref().zip(chosen.scores[0]) else { return };
        if permille >= scorer.proposed.refer_from {
            let reasons = scorer.model.reasons(self.sheet, row, REASONS);
            let moved: Vec<Value> = reasons
                .moved_by
                .iter()
                .map(|(what, _, by)| json!({ "what": what, "by": (by * 1_000.0).round() as i64 }))
                .collect();
            let cause = json!({
                "by": "score", "permille": permille, "model": scorer.digest,
                "same": [reasons.same.0, reasons.same.1], "moved": moved,
            });
            chosen.ask(Lane::Yellow, Measure::Documents, cause);
        }
    }

    /// The control sample, drawn by lane and office; and exploration, drawn the more often the less is known of such lines.
    fn chance(&self, chosen: &mut Chosen, row: usize) {
        let Some(secret) = self.secret else { return };
        let line = chosen.goods.line.clone();
        if let Some(shares) = self.selector.shares.as_ref().filter(|_| chosen.lane != Lane::Red) {
            let stratum = format!("{}/{}", chosen.lane.code(), chosen.goods.office);
            if drawn(secret, &stratum, &line, shares.of(chosen.lane, &chosen.goods.office)) {
                chosen.ask(Lane::Red, Measure::Open, with("control", json!({ "stratum": stratum })));
            }
        }
        if let Some(scorer) = &self.selector.champion {
            let doubt = scorer.model.doubt(self.sheet, row);
            let share = (f32::from(scorer.proposed.explore) * 2.0 * doubt).round().min(10_000.0) as u16;
            if drawn(secret, "exploration", &line, share) {
                let doubt = (doubt * 1_000.0).round() as u16;
                chosen.ask(Lane::Red, Measure::Open, with("exploration", json!({ "doubt": doubt })));
            }
        }
    }
}

impl Chosen {
    fn ask(&mut self, lane: Lane, measure: Measure, cause: Value) {
        self.lane = self.lane.max(lane);
        self.measures.insert(measure);
        self.causes.push(cause);
    }
}

fn with(by: &str, mut evidence: Value) -> Value {
    evidence["by"] = json!(by);
    evidence
}

/// So many of the score's reasons are told.
const REASONS: usize = 5;
