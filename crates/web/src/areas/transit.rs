//! Transit: movements, guarantees, enquiries.

use super::Area;

pub(super) const AREA: Area =
    Area { name: "transit", endpoints: &[], places: &[], desks: &[], under: &[], homes: &[] };
