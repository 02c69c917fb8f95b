//! Customs transit: one declaration, one guarantee, one vehicle across several countries.

mod number;

pub use number::{
    MrnParts, Security, Spoken, check_digit, country_of, grn, grn_is_sound, is_grn_shape, is_mrn_shape,
    mrn_is_sound,
};
