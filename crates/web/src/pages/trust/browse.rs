//! The tariff's own order: chapters, headings, subheadings, lines, of the nomenclature a country uses on a day.

use customs::tariff::Nomenclature;
use customs::terms::Country;
use jiff::civil::Date;

use super::super::sentences::dotted;
use super::tariff::said;
use crate::frame::Frame;

/// Where the reader stands, and what lies below.
pub(super) struct Browse {
    /// Which nomenclature it is.
    pub(super) nomenclature: &'static str,
    /// The way down, each with its address.
    pub(super) way: Vec<Step>,
    /// One level deeper.
    pub(super) below: Vec<Step>,
    /// A text between two levels is in no source.
    pub(super) parent_missing: bool,
}

/// A code with its text.
pub(super) struct Step {
    pub(super) code: String,
    pub(super) text: String,
    pub(super) href: String,
}

/// What stands at a code; the chapters where none is named or there is none such.
pub(super) fn browse(frame: &Frame, at: &str, (country, day): (&str, Date)) -> Option<Browse> {
    let force = Nomenclature::in_force(&Country::new(country), day)?;
    let nomenclature = force.nomenclature;
    let step = |code: &str| {
        let path = nomenclature.path(code)?;
        let text = path.nodes.last().map(|node| said(frame, &node.texts).to_owned())?;
        let href = if code.len() >= nomenclature.digits() {
            format!("/tariff?country={country}&day={day}&code={code}#duty")
        } else {
            format!("/tariff?country={country}&day={day}&at={code}#browse")
        };
        Some(Step { code: dotted(code), text, href })
    };
    let here = nomenclature.path(at);
    let below = match &here {
        Some(_) => nomenclature.below(at),
        None => (1..=97_u8).map(|chapter| format!("{chapter:02}")).collect(),
    };
    let parent_missing = here.as_ref().is_some_and(|path| path.parent_missing);
    let way =
        here.map(|path| path.nodes.iter().filter_map(|node| step(&node.code)).collect()).unwrap_or_default();
    Some(Browse {
        nomenclature: nomenclature.name(),
        way,
        below: below.iter().filter_map(|code| step(code)).collect(),
        parent_missing,
    })
}
