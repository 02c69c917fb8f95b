//! Customs transit: one declaration, one guarantee, one vehicle across several countries.
//!
//! Sources: Protocol 7 of the ASEAN Framework Agreement on the Facilitation of Goods in Transit (AFAFGIT) and its
//! Technical Appendix; phase 5 of the common transit standard, from which ACTS was built; Decree 46/2020/ND-CP. Each
//! country plays its own role: departure, passage, arrival, guarantee, enquiry. They speak only by messages.

pub mod amount;
pub mod arrival;
pub mod codes;
pub mod declaration;
pub mod departure;
pub mod ends;
pub mod enquiry;
pub mod guarantee;
mod number;
pub mod papers;
pub mod passage;
pub mod policy;
pub mod recovery;
pub mod register;
pub mod wire;

pub use arrival::Arrival;
pub use departure::Departure;
pub use enquiry::Enquiry;
pub use guarantee::Guarantee;
pub use number::{
    MrnParts, Security, Spoken, check_digit, country_of, end_of_day, grn, grn_is_sound, is_grn_shape,
    is_mrn_shape, mrn_is_sound, mrn_of,
};
pub use passage::Passage;
pub use recovery::Recovery;
pub use register::Entered;
