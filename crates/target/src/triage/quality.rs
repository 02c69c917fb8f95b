//! What is wrong with what was said of a parcel, and who says such things: a score per sender and platform.

use std::collections::BTreeMap;

use customs::parcel::{Contents, Parcel};
use serde::Serialize;

use super::Vague;

/// A fault of the data of a parcel line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The description says nothing.
    VagueWords,
    /// No value, or none above nothing, for goods.
    ValueMissing,
    /// The value is a token one: 0.01 to 1 of the currency, or all the same digits.
    ValueAbsurd,
    /// More than the heaviest thing of this value, or no weight at all.
    WeightAbsurd,
    /// No receiver, or no address.
    ReceiverMissing,
    /// No commodity code where goods are sold.
    CodeMissing,
    /// Said to be a gift, and bought on a platform.
    GiftSold,
    /// Said to be documents, and worth something.
    DocumentsOfValue,
    /// The day is missing.
    DayMissing,
    /// The currency has no rate on the day.
    CurrencyUnknown,
    /// The platform says something else was ordered.
    OrderDiffers,
    /// The payment service says something else was paid.
    PaymentDiffers,
    /// Somebody else paid.
    PayerDiffers,
}

impl Fault {
    /// The code in findings, files and texts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::VagueWords => "vague-words",
            Self::ValueMissing => "value-missing",
            Self::ValueAbsurd => "value-absurd",
            Self::WeightAbsurd => "weight-absurd",
            Self::ReceiverMissing => "receiver-missing",
            Self::CodeMissing => "code-missing",
            Self::GiftSold => "gift-sold",
            Self::DocumentsOfValue => "documents-of-value",
            Self::DayMissing => "day-missing",
            Self::CurrencyUnknown => "currency-unknown",
            Self::OrderDiffers => "order-differs",
            Self::PaymentDiffers => "payment-differs",
            Self::PayerDiffers => "payer-differs",
        }
    }
}

/// Adds what is wrong with a line by itself.
pub(super) fn faults(parcel: &Parcel<'_>, vague: &Vague, out: &mut Vec<Fault>) {
    let value = parcel.value.unwrap_or(0);
    let is_documents = parcel.contents == Contents::Documents;
    let mut add = |fault, is_so: Seen| {
        if is_so == Seen::Yes {
            out.push(fault);
        }
    };
    add(Fault::DayMissing, Seen::when(parcel.day.is_none()));
    add(Fault::VagueWords, Seen::when(!is_documents && vague.is(&parcel.description)));
    add(Fault::ValueMissing, Seen::when(!is_documents && value <= 0));
    add(Fault::ValueAbsurd, Seen::when(value > 0 && value <= VALUE_TOKEN_MAX));
    add(Fault::WeightAbsurd, Seen::when(parcel.grams == 0 || parcel.grams > GRAMS_MAX));
    add(Fault::ReceiverMissing, Seen::when(parcel.receiver.is_empty() || parcel.address.is_empty()));
    add(Fault::CodeMissing, Seen::when(parcel.contents == Contents::Sale && parcel.code.len() < 6));
    add(Fault::GiftSold, Seen::when(parcel.contents == Contents::Gift && !parcel.platform.is_empty()));
    add(Fault::DocumentsOfValue, Seen::when(is_documents && value > 0));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Yes,
    No,
}

impl Seen {
    const fn when(is_so: bool) -> Self {
        if is_so { Self::Yes } else { Self::No }
    }
}

/// A value up to one unit of its currency is a token.
const VALUE_TOKEN_MAX: i64 = 1_000;
/// The post takes no more (UPU: 31.5 kg for most services), express rarely.
const GRAMS_MAX: u64 = 70_000;

/// How well somebody's lines are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Lines.
    pub lines: u64,
    /// Lines with a fault.
    pub faulty: u64,
    /// Faults by kind.
    pub faults: BTreeMap<Fault, u64>,
}

impl Score {
    /// Lines without fault, in parts per thousand.
    #[must_use]
    pub fn permille(&self) -> u64 {
        ((self.lines - self.faulty) * 1_000).checked_div(self.lines).unwrap_or(1_000)
    }
}

/// Scores by sender or platform, as many as are kept.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    by_name: BTreeMap<String, Score>,
    /// Lines of names past [`Scores::MAX`].
    pub others: Score,
}

impl Scores {
    /// The most names kept apart; further ones are counted together.
    pub const MAX: usize = 200_000;

    /// Counts a line.
    pub fn count(&mut self, name: &str, faults: &[Fault]) {
        if !self.by_name.contains_key(name) && self.by_name.len() < Self::MAX {
            self.by_name.insert(name.to_owned(), Score::default());
        }
        let score = self.by_name.get_mut(name).unwrap_or(&mut self.others);
        score.lines += 1;
        score.faulty += u64::from(!faults.is_empty());
        for fault in faults {
            *score.faults.entry(*fault).or_default() += 1;
        }
    }

    /// All names with at least so many lines, the worst first.
    #[must_use]
    pub fn worst(&self, lines_min: u64) -> Vec<(&str, &Score)> {
        let mut all: Vec<_> = self
            .by_name
            .iter()
            .filter(|(_, score)| score.lines >= lines_min)
            .map(|(name, score)| (name.as_str(), score))
            .collect();
        all.sort_by_key(|(name, score)| (score.permille(), std::cmp::Reverse(score.lines), *name));
        all
    }
}
