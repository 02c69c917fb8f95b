//! Parcels: low-value, express and postal shipments, by the million.
//!
//! Four groups of immediate release (WCO Immediate Release Guidelines), national thresholds with their dates, what is
//! owed by the rule of the day, and the procedures the few worth it become. What a night of lines leads to is worked
//! out by the crate `target`; here is what the law says of one.

mod account;
mod book;
mod category;
mod charge;
mod consolidated;
mod item;
mod referral;

pub use account::Account;
pub use book::{Charges, Flat, Thresholds, low_value, shipped};
pub use category::{Category, category};
pub use charge::{Charge, NoCharge, charge};
pub use consolidated::{Act as ConsolidatedAct, Consolidated};
pub use item::{Contents, Parcel};
pub use referral::{Ask, Referral};
