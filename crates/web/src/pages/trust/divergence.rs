//! A classification divergence on the page of its case: what each side's text says, the findings that saw it, the rulings.

use askama::Template;
use customs::tariff::{Divergence, Nomenclature};
use customs::terms::{HsCode, Verdict};
use store::CaseRow;

use super::super::sentences::{dotted, money};
use crate::areas;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "trust/divergence.html")]
struct Section<'f> {
    frame: &'f Frame,
    sides: Vec<Side>,
    sightings: Vec<Seen>,
    rulings: Vec<Cited>,
}

/// One side's subheading.
struct Side {
    who: String,
    code: String,
    path: Vec<String>,
}

/// A finding that saw it.
struct Seen {
    href: String,
    consignment: String,
    export: String,
    codes: String,
    at: jiff::Timestamp,
    stake: String,
    verdict: String,
    after: &'static str,
}

/// A ruling.
struct Cited {
    side: String,
    reference: String,
    day: String,
    code: String,
    goods: String,
}

/// The section.
///
/// # Errors
/// What it cannot be drawn for.
pub(crate) fn divergence(frame: &Frame, row: &CaseRow) -> Result<String, askama::Error> {
    let Ok(held) = row.state.read::<Divergence>() else { return Ok(String::new()) };
    let Some(about) = held.about() else { return Ok(String::new()) };
    let sides = vec![
        side(frame, frame.word("country", about.partner.as_str()), &about.theirs),
        side(frame, frame.node.name.clone(), &about.ours),
    ];
    let after: Vec<_> = held.after_settlement().map(|(finding, _)| finding).collect();
    let mut sightings: Vec<_> = held.sightings().iter().collect();
    sightings.sort_by_key(|(_, one)| std::cmp::Reverse(one.at));
    let sightings = sightings.into_iter().map(|(finding, one)| Seen {
        href: areas::page_of(finding),
        consignment: one.consignment.key().to_owned(),
        export: one.export.clone(),
        codes: format!("{} / {}", dotted(&one.theirs), dotted(&one.ours)),
        at: one.at,
        stake: one.at_stake.as_ref().map(|stake| money(frame, stake)).unwrap_or_default(),
        verdict: one.verdict.map_or_else(
            || frame.t("divergence.undecided").to_owned(),
            |verdict: Verdict| frame.word("verdict", verdict.code()),
        ),
        after: if after.contains(&finding) { "bad" } else { "calm" },
    });
    let rulings = held.rulings().iter().map(|ruling| Cited {
        side: frame.word("ruling-side", &ruling.side),
        reference: ruling.reference.clone(),
        day: frame.moments.day(ruling.day),
        code: dotted(ruling.code.as_str()),
        goods: ruling.goods.clone(),
    });
    Section { frame, sides, sightings: sightings.collect(), rulings: rulings.collect() }.render()
}

fn side(frame: &Frame, who: String, code: &HsCode) -> Side {
    let nodes = Nomenclature::Hs2022.path(code.as_str()).map(|path| path.nodes).unwrap_or_default();
    let path = nodes
        .iter()
        .map(|node| format!("{} {}", dotted(&node.code), super::tariff::said(frame, &node.texts)));
    Side { who, code: dotted(code.as_str()), path: path.collect() }
}
