//! What two lines may come to by rows alone: no less than what they weigh once all of them is compared.

use super::evidence::Limits;
use super::judge::{CHANCE, Judge};
use super::weighing::Weighing;
use super::{Field, Level, Millibits, levels, most, receiver};
use crate::held::{Head, LineRow, PartyRow, Terms};

/// Documents beside each other by their rows: the way of the goods, and the most their parties may weigh.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outlook<'a> {
    way: Weighing<'a>,
    parties: Millibits,
    siblings: Millibits,
}

/// An export's row beside an import's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facing<'r> {
    pub(crate) heads: (Head, Head),
    pub(crate) consignees: (&'r PartyRow, &'r PartyRow),
    pub(crate) exporters: (&'r PartyRow, &'r PartyRow),
    /// Whether both documents have more than one line.
    pub(crate) siblings: bool,
}

impl<'a> Judge<'a> {
    /// The outlook of two documents; `None` where no two of their lines are a pair, if none quotes better than this.
    pub(crate) fn outlook(
        &mut self,
        terms: &Terms,
        facing: &Facing<'_>,
        limits: Limits,
        quoted: Level,
    ) -> Option<Outlook<'a>> {
        let model = self.model();
        let way = self.way(terms, facing.heads, limits);
        let siblings =
            if facing.siblings { self.most.siblings } else { model.weight(Field::Siblings, Level::Absent) };
        let open = self.most.line + self.most.quantity + siblings + model.weight(Field::Quoted, quoted);
        let most = self.most;
        if way.weight() + open + most.receiver + most.exporter <= CHANCE {
            return None;
        }
        let parties = self.parties_most(facing);
        (way.weight() + open + parties > CHANCE).then_some(Outlook { way, parties, siblings })
    }

    /// The most two lines may weigh; `None` where that is too little for a pair whatever their quantities.
    pub(crate) fn prospect(
        &mut self,
        outlook: &Outlook<'a>,
        lines: (LineRow, LineRow),
        quoted: Level,
    ) -> Option<Millibits> {
        let mut all = outlook.way;
        self.line(lines, quoted, &mut all);
        let most = all.weight() + outlook.parties + outlook.siblings;
        let quantity = levels::quantity_level(lines.0.amount, lines.1.amount);
        (most + self.most.quantity > CHANCE).then(|| most + self.model().weight(Field::Quantity, quantity))
    }

    fn parties_most(&self, facing: &Facing<'_>) -> Millibits {
        let model = self.model();
        let (left, right) = facing.consignees;
        let addresses = levels::address_of_rows(left, right);
        let receiver = receiver::most(model, levels::glance_at_rows(left, right).levels(), addresses);
        let (left, right) = facing.exporters;
        receiver + most::of_exporter(model, &levels::glance_at_rows(left, right))
    }
}
