//! Cooperation: mutual assistance, joint operations, warnings.

use super::Area;

pub(super) const AREA: Area =
    Area { name: "cooperation", endpoints: &[], places: &[], desks: &[], under: &[], homes: &[] };
