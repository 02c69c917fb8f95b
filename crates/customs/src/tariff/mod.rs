//! The tariff: what goods are called and what they owe, by country and day.
//!
//! A *nomenclature* is a list of codes with texts that holds from a day on: the Harmonized System of six digits, or
//! the ASEAN one of eight. A *measure* is a rate under an act, an annex and a scheme for some days. Both are shipped
//! as compact editions that are inflated chapter by chapter when they are first asked for.
//!
//! What is not known is said: a rate that is not loaded is never zero, a line excluded from a preference is never
//! zero, a code that became several is shown as several, and a preference is always "this with proof, else that".
//! Whether a good belongs under a code is for a person to say: [`search`] ranks candidates and shows why.
//!
//! Where administrations class the same goods otherwise is a register of cases ([`Divergence`]), fed by findings and rulings.
//!
//! What money is in another currency on a day stands in a book of editions ([`rate`], [`ExchangeRates`]).
//!
//! Left to others: proofs of origin (certificates), excise and trade remedies (not loaded).

mod ahtn;
mod amount;
mod answer;
mod blocks;
mod correlation;
mod divergence;
mod exchange;
mod harmonized;
mod manifest;
mod measure;
mod nomenclature;
mod practice;
mod rates;
mod rates_edition;
pub mod search;
mod warning;

pub use ahtn::{Line, lines};
pub use amount::{Calculation, Mode, NotExact, Rounding, Step, ad_valorem, specific};
pub use answer::{Answer, Question, Unanswered, answer};
pub use correlation::{Correlation, Relation, Target, correlate, pairs};
pub(crate) use divergence::told as tell_register;
pub use divergence::{Act as DivergenceAct, Divergence, Event as DivergenceEvent, Stage as DivergenceStage};
pub use exchange::{BASE, Quote, RATES, converted, rate};
pub use manifest::{EditionNote, editions, sound};
pub use measure::{Amendment, Flow, Measure, Rate, Series, Start};
pub use nomenclature::{
    Comparison, InForce, Node, Nomenclature, Path, Stated, Texts, common_level, compare, same_goods,
};
pub use practice::{Pair, Ruling, Settled, Sighting, TakenUp};
pub use rates::{countries, measures};
pub use rates_edition::{
    Act as ExchangeRatesAct, Event as ExchangeRatesEvent, ExchangeRates, Published as RatesPublished,
    Stage as ExchangeRatesStage,
};
pub use warning::Warning;
