//! Masses that cannot be those of the goods: every declaration of ours is weighed by itself, whatever partners say of it.

use customs::declaration::Declaration;
use customs::gate::{Consignment, ConsignmentAct, Difference, Levied, Stake};
use customs::terms::GoodsLine;
use kernel::{AnyAct, CaseId, Severity, State};
use link::finding::{MassFault, Masses};
use store::Failure;

use crate::act::{Turn, day_of};

impl Turn<'_> {
    /// Weighs a declaration and tells its consignment where what it finds is not what was found before.
    pub(super) fn weigh_goods(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        let Ok(held) = state.read::<Consignment>() else { return Ok(()) };
        let Some(ours) = held.declaration() else { return Ok(()) };
        let today = day_of(self.now);
        let masses = &mut self.ahead().masses;
        let differences: Vec<Difference> =
            ours.lines.iter().filter_map(|line| difference(masses, ours, line, today)).collect();
        ours.lines.iter().for_each(|line| learn_line(masses, line));
        let others = held.own().iter().filter(|own| own.code != IMPOSSIBLE);
        let differences: Vec<Difference> = differences.into_iter().chain(others.cloned()).collect();
        if differences == held.own() {
            return Ok(());
        }
        self.follow(case.clone(), AnyAct::of(ConsignmentAct::Check { differences }), Vec::new())
    }
}

/// Learns what the goods of a consignment weigh.
pub(super) fn learn(masses: &mut Masses, held: &Consignment) {
    let lines = held.declaration().map_or(&[][..], |ours| &ours.lines);
    lines.iter().for_each(|line| learn_line(masses, line));
}

fn learn_line(masses: &mut Masses, line: &GoodsLine) {
    if let (Some(hs), Some(quantity), Some(gross)) = (&line.hs, &line.quantity, &line.gross) {
        masses.learn(hs, quantity, gross);
    }
}

fn difference(
    masses: &Masses,
    ours: &Declaration,
    line: &GoodsLine,
    today: jiff::civil::Date,
) -> Option<Difference> {
    let (hs, quantity, gross) = (line.hs.as_ref()?, line.quantity.as_ref()?, line.gross.as_ref()?);
    let (theirs, own) = match masses.check(hs, quantity, gross)? {
        MassFault::NetAboveGross { net } => (net.to_string(), gross.to_string()),
        MassFault::TooLight { each, usual } | MassFault::TooHeavy { each, usual } => {
            (usual.to_string(), each.to_string())
        }
    };
    let day = ours.arrives.unwrap_or(today);
    let levied = |value| Levied { country: &ours.country, declared: hs, stated: None, value, day };
    Some(Difference {
        code: IMPOSSIBLE.to_owned(),
        item_no: line.item_no,
        theirs,
        ours: own,
        severity: Severity::Warning,
        excess: None,
        stake: line.value.as_ref().and_then(|value| Stake::of(&levied(value))),
        at_stake: line.value.clone(),
        explanations: Vec::new(),
    })
}

/// The finding of a mass that cannot be that of the goods.
const IMPOSSIBLE: &str = "weight-impossible";
