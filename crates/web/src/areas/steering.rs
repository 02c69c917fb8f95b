//! Steering: meetings, commitments, action plans, briefs.

use super::Area;

pub(super) const AREA: Area =
    Area { name: "steering", endpoints: &[], places: &[], desks: &[], under: &[], homes: &[] };
