//! The trade of a plan: any consignment of it by its number, at once and in any order.

use std::fmt;

use super::consignment::{Consignment, Loading};
use super::firm::{COUNTRIES, Nation};
use super::goods::{Good, catalogue};
use super::plan::Plan;
use super::routes::{Route, network, reaches};
use super::story::Story;
use crate::dice::{Dice, Room};

/// The trade of a plan. A consignment depends on the plan's seed, its lanes, its rates and its own number alone, so a
/// million can be streamed in the memory of one.
#[derive(Clone, Debug)]
pub struct Trade {
    plan: Plan,
    goods: Vec<Good>,
    network: Vec<Route>,
    nations: Vec<Nation>,
}

/// Why there is no trade by this plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanFault {
    /// It has no lanes.
    NoLanes,
    /// All its lanes have no weight.
    NoWeight,
    /// The generator has no places for this country.
    UnknownCountry(String),
    /// A lane leads from a country to itself.
    NoBorder(String),
    /// The things that happen to consignments add up to more than a thousand permille.
    MixOverfull,
}

impl fmt::Display for PlanFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLanes => f.write_str("the plan has no lanes"),
            Self::NoWeight => f.write_str("the lanes of the plan have no weight"),
            Self::UnknownCountry(code) => {
                write!(f, "no places are known for {code}; known are {}", COUNTRIES.join(", "))
            }
            Self::NoBorder(code) => write!(f, "a lane leads from {code} to {code}"),
            Self::MixOverfull => f.write_str("the mix adds up to more than a thousand permille"),
        }
    }
}

impl std::error::Error for PlanFault {}

impl Trade {
    /// Founds the firms of the plan's countries.
    ///
    /// # Errors
    /// [`PlanFault`] where the plan cannot be followed.
    pub fn new(plan: Plan) -> Result<Self, PlanFault> {
        let (goods, network) = (catalogue(), network());
        check(&plan, &network)?;
        let mut codes: Vec<&String> = plan.lanes.iter().flat_map(|lane| [&lane.from, &lane.to]).collect();
        codes.sort();
        codes.dedup();
        let found = |code: &String| {
            Nation::found(plan.seed, code, plan.population(), &goods)
                .ok_or_else(|| PlanFault::UnknownCountry(code.clone()))
        };
        let nations = codes.into_iter().map(found).collect::<Result<_, _>>()?;
        Ok(Self { plan, goods, network, nations })
    }

    /// The plan it follows.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The consignment of this number; numbers beyond the plan's count have one too.
    #[must_use]
    pub fn consignment(&self, number: u64) -> Consignment {
        let mut dice = Dice::of(self.plan.seed, Room::Consignments, number);
        let lane = &self.plan.lanes[dice.weighed(self.plan.lanes.iter().map(|lane| lane.weight))];
        Loading::new(self, lane, number, dice).load()
    }

    /// All consignments of the plan, one after the other.
    pub fn consignments(&self) -> impl Iterator<Item = Consignment> + '_ {
        (0..self.plan.consignments).map(|number| self.consignment(number))
    }

    /// The consignment of this number on the plan's first lane, with this story, arriving on the plan's date.
    pub(crate) fn staged(&self, number: u64, story: Story) -> Consignment {
        let dice = Dice::of(self.plan.seed, Room::Consignments, number);
        Loading::new(self, &self.plan.lanes[0], number, dice)
            .with_story(story)
            .arriving(self.plan.date)
            .load()
    }

    pub(crate) fn nation(&self, code: &str) -> &Nation {
        let found = self.nations.iter().find(|nation| nation.code == code);
        found.expect("the nations of all lanes were founded with the trade")
    }

    pub(crate) fn goods(&self) -> &[Good] {
        &self.goods
    }

    pub(crate) fn network(&self) -> &[Route] {
        &self.network
    }
}

fn check(plan: &Plan, network: &[Route]) -> Result<(), PlanFault> {
    if plan.lanes.is_empty() {
        return Err(PlanFault::NoLanes);
    }
    if plan.lanes.iter().all(|lane| lane.weight == 0) {
        return Err(PlanFault::NoWeight);
    }
    for lane in &plan.lanes {
        if !reaches(network, &lane.to) {
            return Err(PlanFault::UnknownCountry(lane.to.clone()));
        }
        if lane.from == lane.to {
            return Err(PlanFault::NoBorder(lane.to.clone()));
        }
    }
    if plan.mix.sum() > 1000 { Err(PlanFault::MixOverfull) } else { Ok(()) }
}
