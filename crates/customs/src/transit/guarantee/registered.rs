//! What is registered of a guarantee, and what movements ask of it.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CaseId, Digest, Field, NodeId, Sort};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::word::Word;

/// The kinds of guarantee that are registered, by the figure the standard gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuaranteeKind {
    /// Waived for a reliable trader.
    #[serde(rename = "0")]
    Waiver,
    /// Several journeys up to a reference amount.
    #[serde(rename = "1")]
    Comprehensive,
    /// One journey.
    #[serde(rename = "2")]
    Individual,
    /// Vouchers of a fixed amount, each for one journey.
    #[serde(rename = "4")]
    Voucher,
    /// One amount, used again after each journey.
    #[serde(rename = "9")]
    Repeated,
}

impl GuaranteeKind {
    /// The figure.
    #[must_use]
    pub const fn figure(self) -> &'static str {
        match self {
            Self::Waiver => "0",
            Self::Comprehensive => "1",
            Self::Individual => "2",
            Self::Voucher => "4",
            Self::Repeated => "9",
        }
    }
}

/// What is registered of a guarantee.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// Its number.
    pub grn: String,
    /// Its kind.
    pub kind: GuaranteeKind,
    /// The principal it is for.
    pub holder: String,
    /// The bank that stands for it; empty for a waiver.
    #[serde(default)]
    pub guarantor: String,
    /// The office that keeps it.
    pub office: String,
    /// The amount it stands for; of a voucher guarantee, of each voucher. None for a waiver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// In which currency.
    #[serde(default)]
    pub currency: String,
    /// First day.
    pub from: Date,
    /// Last day; open where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Countries it is not good in.
    #[serde(default)]
    pub not_in: Vec<NodeId>,
    /// The digests of its access codes.
    #[serde(default)]
    pub codes: Vec<Digest>,
    /// Of a guarantee for one journey: the offices of departure and destination, where it names them.
    #[serde(default)]
    pub offices: Vec<String>,
    /// The commodity codes it is good for, by their beginnings; all where none are named.
    #[serde(default)]
    pub goods: Vec<String>,
}

pub(super) const FORM: &[Field] = &[
    Field::needed("registered.grn", Sort::Text(17)),
    Field::needed("registered.kind", Sort::Choice("guarantee-kind", &["0", "1", "2", "4", "9"])),
    Field::needed("registered.holder", Sort::Text(17)),
    Field::optional("registered.guarantor", Sort::Text(120)),
    Field::needed("registered.office", Sort::Text(8)),
    Field::optional("registered.amount", Sort::Decimal),
    Field::optional("registered.currency", Sort::Text(3)),
    Field::needed("registered.from", Sort::Day),
    Field::optional("registered.until", Sort::Day),
    Field::optional("registered.not_in", Sort::Words(40)),
    Field::optional("registered.codes", Sort::Words(20)),
    Field::optional("registered.offices", Sort::Words(4)),
    Field::optional("registered.goods", Sort::Words(40)),
];

/// What a movement asks of a guarantee.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UseRequest {
    /// The guarantee's number, with a voucher's behind it where it is one.
    pub grn: String,
    /// The kind the declaration says it is.
    pub kind: String,
    /// The movement.
    pub mrn: String,
    /// The principal.
    pub holder: String,
    /// The digest of number and access code, where a code was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Digest>,
    /// How much.
    pub amount: Decimal,
    /// In which currency.
    pub currency: String,
    /// The countries of the way.
    pub route: Vec<NodeId>,
    /// Departure and destination.
    pub offices: (String, String),
    /// The commodity codes of the goods.
    pub goods: Vec<String>,
    /// The case that is to hear the answer.
    pub about: CaseId,
    /// The message of another country that asks; none where the movement departs here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Word>,
}

impl UseRequest {
    /// The voucher's own number; empty where the guarantee is none.
    #[must_use]
    pub fn voucher(&self) -> &str {
        self.grn.get(17..).unwrap_or_default()
    }
}

/// One reliance of a movement on a guarantee.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// How much is covered.
    pub amount: Decimal,
    /// The voucher, where it is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub voucher: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; open where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// How it stands.
    pub state: UsageState,
    /// The case that relies on it.
    pub about: CaseId,
}

/// How a reliance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UsageState {
    /// Reserved.
    Reserved,
    /// Claimed: the movement is not discharged and the money is asked for.
    Claimed,
    /// Given back after discharge or payment.
    GivenBack,
    /// Given back because the movement never began.
    Cancelled,
}

impl Usage {
    /// Whether it still binds money.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, UsageState::Reserved | UsageState::Claimed)
    }
}
