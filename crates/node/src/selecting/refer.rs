//! Lines that were chosen become cases: referred once, widened when more speaks for them, let go with their declaration.

use std::collections::BTreeMap;

use customs::gate::{Consignment, Levied, Stake};
use customs::targeting::{Referral, ReferralAct, ReferralStage, Referred};
use customs::terms::Column;
use jiff::{Span, Timestamp};
use kernel::{AnyAct, CaseId, Money};
use serde_json::Value;
use store::Failure;

use super::outcome::Chosen;
use crate::act::{Turn, day_of};

impl Turn<'_> {
    /// Refers a line, or widens its referral.
    pub(super) fn refer(
        &mut self,
        about: &CaseId,
        consignment: &Consignment,
        chosen: Chosen,
    ) -> Result<(), Failure> {
        let case = Referral::case_of(&chosen.goods.line);
        let known = self.change.case(&case)?.and_then(|row| row.state.read::<Referral>().ok());
        let act = match known {
            Some(known) => widened(&known, chosen),
            None => Some(self.referred(about, consignment, chosen)),
        };
        act.map_or(Ok(()), |act| self.follow(case, AnyAct::of(act), Vec::new()))
    }

    fn referred(&self, about: &CaseId, consignment: &Consignment, chosen: Chosen) -> ReferralAct {
        let at_stake = at_stake(consignment, &chosen, day_of(self.now));
        let [score, challenger] = chosen.scores;
        let referred = Referred {
            line: chosen.goods.line.clone(),
            about: Some(about.clone()),
            office: chosen.goods.office.clone(),
            lane: chosen.lane,
            measures: chosen.measures,
            causes: chosen.causes,
            goods: chosen.goods.words.clone(),
            at_stake,
            score,
            challenger,
            due: due(&chosen.goods, self.now),
        };
        ReferralAct::Refer { referred: Box::new(referred) }
    }

    /// The referrals of a declaration that was withdrawn are closed.
    pub(super) fn let_go(&mut self, about: &CaseId, consignment: &Consignment) -> Result<(), Failure> {
        let lines = consignment
            .declaration()
            .into_iter()
            .flat_map(|ours| ours.lines.iter().map(|line| format!("{}-{}", ours.number, line.item_no)));
        for line in lines {
            let case = Referral::case_of(&line);
            let known = self.change.case(&case)?.and_then(|row| row.state.read::<Referral>().ok());
            let open = known.is_some_and(|known| is_open(&known));
            if open {
                let act = ReferralAct::Waive { because: "withdrawn".into(), note: about.to_string() };
                self.follow(case, AnyAct::of(act), Vec::new())?;
            }
        }
        Ok(())
    }
}

const fn is_open(referral: &Referral) -> bool {
    matches!(referral.stands(), Some(ReferralStage::Referred | ReferralStage::Taken))
}

/// What was known stays; causes of the same name are told as they are seen now. Nothing where nothing is new.
fn widened(known: &Referral, chosen: Chosen) -> Option<ReferralAct> {
    let referred = known.referred().filter(|_| is_open(known))?;
    let mut causes: BTreeMap<String, Value> = BTreeMap::new();
    for cause in referred.causes.iter().cloned().chain(chosen.causes) {
        causes.insert(name(&cause), cause);
    }
    let causes: Vec<Value> = causes.into_values().collect();
    let lane = referred.lane.max(chosen.lane);
    let measures = referred.measures.union(&chosen.measures).copied().collect();
    let same =
        causes.len() == referred.causes.len() && lane == referred.lane && measures == referred.measures;
    (!same).then_some(ReferralAct::Widen { lane, measures, causes })
}

/// What tells one cause from another.
fn name(cause: &Value) -> String {
    let of = ["by", "profile", "list", "entry"].map(|field| cause[field].as_str().unwrap_or_default());
    of.join("/")
}

/// Duty and tax on the line, where the tariff is loaded.
fn at_stake(consignment: &Consignment, chosen: &Chosen, today: jiff::civil::Date) -> Option<Money> {
    let country = &consignment.declaration()?.country;
    let declared = customs::terms::HsCode::new(chosen.goods.text(Column::Code)).ok()?;
    let value = chosen.goods.value.as_ref()?;
    let day = chosen.goods.day.max(today);
    Some(Stake::of(&Levied { country, declared: &declared, stated: None, value, day })?.whole())
}

/// Before the goods are there, else within a day.
fn due(goods: &super::Goods, now: Timestamp) -> Timestamp {
    let arrives = goods.day.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp());
    let within = now.saturating_add(Span::new().hours(WITHIN_HOURS)).unwrap_or(now);
    arrives.ok().filter(|arrives| *arrives > within).unwrap_or(within)
}

/// Goods that are there already are looked at within so many hours.
const WITHIN_HOURS: i64 = 24;
