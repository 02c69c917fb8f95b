//! Trusted traders: own and partners' operators, recognition, benefit.

use super::Area;

pub(super) const AREA: Area =
    Area { name: "trust", endpoints: &[], places: &[], desks: &[], under: &[], homes: &[] };
