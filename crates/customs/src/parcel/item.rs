//! One parcel line: what an ITMATT message, a CN 22 or CN 23 form, or an express manifest says of it.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the sender says the parcel holds (ITMATT transaction type; the boxes of CN 22 and CN 23).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contents {
    /// Goods that were sold.
    Sale,
    /// Papers without value of their own.
    Documents,
    /// A gift between people.
    Gift,
    /// A sample.
    Sample,
    /// Goods that come back.
    Return,
    /// Something else, or nothing was said.
    #[default]
    Other,
}

impl Contents {
    /// The contents of a code as forms and files write it; what is not known is `Other`.
    #[must_use]
    pub fn of(code: &str) -> Self {
        match code.trim().to_ascii_lowercase().as_str() {
            "sale" | "sale-of-goods" | "31" => Self::Sale,
            "documents" | "document" | "doc" | "11" => Self::Documents,
            "gift" | "21" => Self::Gift,
            "sample" | "commercial-sample" | "32" => Self::Sample,
            "return" | "returned-goods" | "91" => Self::Return,
            _ => Self::Other,
        }
    }
}

/// One parcel line. What is not said is empty; texts are as they stood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parcel<'a> {
    /// The identifier on the parcel (S10 of the UPU, or the carrier's).
    pub id: Cow<'a, str>,
    /// Day of advance data or arrival.
    pub day: Option<Date>,
    /// Customs office.
    pub office: Cow<'a, str>,
    /// Who carries it.
    pub carrier: Cow<'a, str>,
    /// The platform it was bought on.
    pub platform: Cow<'a, str>,
    /// The platform's or vendor's tax registration, where tax was taken at the sale.
    pub vendor_tax_id: Cow<'a, str>,
    /// Who sends it.
    pub sender: Cow<'a, str>,
    /// Country of departure.
    pub departure: Cow<'a, str>,
    /// Who receives it.
    pub receiver: Cow<'a, str>,
    /// Where the receiver lives.
    pub address: Cow<'a, str>,
    /// The receiver's telephone.
    pub phone: Cow<'a, str>,
    /// What it was paid with: a token of the card or wallet.
    pub payment: Cow<'a, str>,
    /// What it is said to hold.
    pub contents: Contents,
    /// The description.
    pub description: Cow<'a, str>,
    /// Commodity code.
    pub code: Cow<'a, str>,
    /// Country of origin.
    pub origin: Cow<'a, str>,
    /// Pieces.
    pub pieces: u32,
    /// Grams.
    pub grams: u64,
    /// Declared value in thousandths of the currency; `None` where none was declared.
    pub value: Option<i64>,
    /// Its currency.
    pub currency: Cow<'a, str>,
    /// What the platform says was ordered, in thousandths of the same currency.
    pub ordered: Option<i64>,
    /// What the payment service says was paid, in thousandths of the same currency.
    pub paid: Option<i64>,
    /// Who paid, as the payment service says.
    pub payer: Cow<'a, str>,
}
