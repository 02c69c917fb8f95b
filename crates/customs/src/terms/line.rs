//! What a profile may look at: the columns of one goods line, by their names.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// All there are, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The name in profiles, files and addresses.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The one of this name.
            #[must_use]
            pub fn of(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// Its place among all.
            #[must_use]
            pub const fn place(self) -> usize {
                self as usize
            }
        }
    };
}

named! {
    /// What a goods line has one of.
    Column {
        /// Commodity code (WCO 145).
        Code = "code",
        /// Country of origin (WCO 063).
        Origin = "origin",
        /// Country of departure or export (WCO 062).
        Departure = "departure",
        /// Country of destination.
        Destination = "destination",
        /// Customs office.
        Office = "office",
        /// Procedure or process type (WCO 166).
        Procedure = "procedure",
        /// Kind of import or transaction.
        Kind = "kind",
        /// What the goods are for.
        Purpose = "purpose",
        /// Method of payment (WCO 116).
        Payment = "payment",
        /// Mode of transport (WCO 183).
        Transport = "transport",
        /// Regime of the duty rate, such as a free-trade agreement.
        Regime = "regime",
        /// How the origin is marked on the goods.
        OriginMark = "origin-mark",
        /// Who declares.
        Declarant = "declarant",
        /// Who imports.
        Importer = "importer",
        /// Who sells or exports.
        Seller = "seller",
        /// Who carries.
        Carrier = "carrier",
        /// Trusted-trader state of the importer: `none`, `valid`, `suspended`, `recognised`.
        Trust = "trust",
        /// Day of the week, `1` (Monday) to `7`.
        Weekday = "weekday",
    }
}

named! {
    /// What a goods line may have several of.
    Bag {
        /// Words of the description, folded.
        Words = "words",
        /// Codes of findings that stand on it.
        Findings = "findings",
        /// What partners said of it: `none`, `awaited`, `agrees`, or codes of differences.
        Foreign = "foreign",
        /// States of certificates and permits, as `kind:state`.
        Papers = "papers",
        /// Watch lists a party, vessel or container of it stands on.
        Lists = "lists",
    }
}

/// What a goods line has a number of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gauge {
    /// Value of the line in the currency of the administration.
    Value,
    /// Net mass in kilograms.
    NetMass,
    /// Gross mass in kilograms.
    GrossMass,
    /// Quantity in the tariff's unit.
    Quantity,
    /// Value by kilogram of net mass.
    UnitValue,
    /// Unit value in parts per thousand of the median of its peers (same code and origin).
    AgainstPeers,
    /// Rate of duty in per cent.
    Rate,
    /// Value times rate: the duty at stake.
    Duty,
    /// Lines with the same value in `column` on the `days` days up to this one, this one included.
    Frequency {
        /// Whose lines are counted.
        column: Column,
        /// Over how many days.
        days: u16,
    },
    /// Calibrated probability of the model in force, in parts per thousand.
    Score,
}

impl Gauge {
    /// The name in profiles, files and addresses; the window of a frequency is not part of it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::NetMass => "net-mass",
            Self::GrossMass => "gross-mass",
            Self::Quantity => "quantity",
            Self::UnitValue => "unit-value",
            Self::AgainstPeers => "against-peers",
            Self::Rate => "rate",
            Self::Duty => "duty",
            Self::Frequency { .. } => "frequency",
            Self::Score => "score",
        }
    }
}

/// One goods line as a profile sees it. What is not known is absent: an empty text, no number.
pub trait Line {
    /// The value of a column; empty where there is none.
    fn text(&self, column: Column) -> &str;
    /// The values of a bag.
    fn bag(&self, bag: Bag) -> Vec<&str>;
    /// A number, where there is one.
    fn gauge(&self, gauge: &Gauge) -> Option<Decimal>;
}
