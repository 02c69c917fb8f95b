//! What passes between customs and the tax authority, period by period.

use jiff::civil::Date;
use kernel::{CaseId, Effect, Facts, Money};
use serde::{Deserialize, Serialize};

use super::check::{Act, PeriodCheck};
use super::given::{Act as GivenAct, FiguresGiven};
use crate::agreement::{Arrived, Class, Dispatched, FieldClass, ReceivedAct, Writing, field};
use crate::macros::codes;

codes! {
    /// What a firm booked.
    BookedKind:
    /// Purchases from abroad, as booked in its accounts: beside the value of its imports.
    Purchases = "purchases",
    /// The base of the VAT refund it claims for goods sent abroad: beside the value of its exports.
    RefundBase = "refund-base",
}

/// What one firm booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// The firm's tax number.
    pub party: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What was booked.
    pub what: BookedKind,
    /// How much.
    pub value: Money,
}

/// What firms booked for a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeriodFigures {
    /// The giver's own number.
    pub reference: String,
    /// First day of the period.
    pub from: Option<Date>,
    /// Last day of the period.
    pub until: Option<Date>,
    /// Firm by firm.
    pub lines: Vec<Booked>,
}

/// The most lines of one exchange; what is more comes in another.
const LINES_MAX: usize = 5_000;
const GUIDE: &str = "WCO customs-tax guidelines 2016";

impl Writing for PeriodFigures {
    const KIND: &'static str = "period-figures";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, GUIDE),
        field("from", Class::Key, GUIDE),
        field("until", Class::Key, GUIDE),
        field("lines", Class::Trader, GUIDE),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.reference
    }

    fn receipted(&self, sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        vec![Effect::act(sent.about.clone(), &GivenAct::Deliver { evidence: sent.case.clone() })]
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let (Some(from), Some(until)) = (self.from, self.until) else { return Vec::new() };
        let check = |(number, booked): (usize, &Booked)| -> Vec<Effect> {
            let key = format!("{}-{}-{number}", item.arrival.from, self.reference);
            let case = CaseId::of(<PeriodCheck as kernel::Procedure>::NAME, key);
            let act = Act::Receive {
                giver: item.arrival.from.clone(),
                us: item.arrival.to.clone(),
                reference: self.reference.clone(),
                line: number,
                period: (from, until),
                booked: booked.clone(),
                item: item.case.clone(),
                admission: Box::new(item.admission.clone()),
            };
            let link = ReceivedAct::Link { consignment: case.clone() };
            let first = (number == 1).then(|| Effect::act(item.case.clone(), &link));
            std::iter::once(Effect::act(case, &act)).chain(first).collect()
        };
        (1..).zip(self.lines.iter().take(LINES_MAX)).flat_map(check).collect()
    }
}

/// What came of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeriodResult {
    /// Our own number.
    pub reference: String,
    /// The giver's number of the exchange.
    pub figures: String,
    /// The line, from 1.
    pub line: usize,
    /// What came of it, as a code.
    pub outcome: String,
    /// What we have ourselves.
    pub declared: Option<Money>,
    /// More, in words.
    pub text: String,
}

impl Writing for PeriodResult {
    const KIND: &'static str = "period-result";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, GUIDE),
        field("figures", Class::Key, GUIDE),
        field("line", Class::Key, GUIDE),
        field("outcome", Class::Key, GUIDE),
        field("declared", Class::Trader, GUIDE),
        field("text", Class::Conclusion, GUIDE),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.figures
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = GivenAct::Hear {
            result: Box::new(self.clone()),
            item: item.case.clone(),
            from: item.arrival.from.clone(),
        };
        item.moves(FiguresGiven::case_of(&self.figures), &act)
    }
}
