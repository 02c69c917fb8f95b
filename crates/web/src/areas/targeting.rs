//! Targeting: profiles, screening, parcels, models.

use super::Area;

pub(super) const AREA: Area =
    Area { name: "targeting", endpoints: &[], places: &[], desks: &[], under: &[], homes: &[] };
