//! Give and get: what each side gave the other, and what was used of it.

use std::collections::BTreeMap;

use askama::Template;
use store::{Failure, Look, Query, Tally};

use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "analyst/ledger.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
}

/// One partner.
struct Row {
    partner: String,
    given: Count,
    used_there: Count,
    got: Count,
    used_here: Count,
    balance: String,
    tone: &'static str,
}

/// A number and the list it opens.
struct Count {
    number: String,
    share: String,
    href: String,
}

/// What passed between us and one partner.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Passed {
    given: u64,
    used_there: u64,
    got: u64,
    used_here: u64,
}

/// The ledger.
///
/// # Errors
/// What the store says.
pub(crate) fn ledger(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let us = ask.app.node.identity().id.to_string();
    let passed = ask.read(|look| passed(look, &us))?;
    let rows = passed.iter().map(|(partner, passed)| row(&frame, partner, *passed)).collect();
    Ok(Reply::html(Page { rows, frame }.render()?))
}

/// What passed with each partner: documents that are answers do not count, they are owed.
fn passed(look: &dyn Look, us: &str) -> Result<BTreeMap<String, Passed>, Failure> {
    let mut partners: BTreeMap<String, Passed> = BTreeMap::new();
    for (desk, way) in [("sent", Way::Out), ("received", Way::In)] {
        let all = Query { desk: Some(desk.into()), ..Query::default() };
        for (key, count) in look.tally(&all, Tally::LaneRung)? {
            let Some((lane, rung)) = key.split_once('\t') else { continue };
            let Some((partner, kind)) = partner_of(lane, us) else { continue };
            if kind.ends_with("-response") {
                continue;
            }
            let row = partners.entry(partner.to_owned()).or_default();
            let used = rung.parse::<u8>().is_ok_and(|rung| rung >= USED);
            match way {
                Way::Out => {
                    (row.given, row.used_there) =
                        (row.given + count, row.used_there + if used { count } else { 0 });
                }
                Way::In => {
                    (row.got, row.used_here) =
                        (row.got + count, row.used_here + if used { count } else { 0 });
                }
            }
        }
    }
    Ok(partners)
}

enum Way {
    In,
    Out,
}

/// From this rung on a decision rested on it.
const USED: u8 = 5;

/// The other end of a lane, and its document kind.
fn partner_of<'a>(lane: &'a str, us: &str) -> Option<(&'a str, &'a str)> {
    let (ends, kind) = lane.split_once(' ')?;
    let (from, to) = ends.split_once('-')?;
    Some((if from == us { to } else { from }, kind))
}

fn row(frame: &Frame, partner: &str, passed: Passed) -> Row {
    let count = |number: u64, of: u64, query: String| Count {
        number: frame.count(&number),
        share: if of == number { String::new() } else { frame.language.share(number, of) },
        href: format!("/exchange?{query}"),
    };
    let (key, tone) = balance(passed);
    Row {
        partner: frame.word("country", partner),
        given: count(passed.given, passed.given, format!("way=out&partner={partner}")),
        used_there: count(passed.used_there, passed.given, format!("way=out&partner={partner}&rung={USED}")),
        got: count(passed.got, passed.got, format!("partner={partner}")),
        used_here: count(passed.used_here, passed.got, format!("partner={partner}&rung={USED}")),
        balance: frame.t(key).to_owned(),
        tone,
    }
}

/// Who gives more; a quarter more is about even.
fn balance(passed: Passed) -> (&'static str, &'static str) {
    match (passed.given * 4, passed.got * 4) {
        (given, got) if given > got + passed.got => ("ledger.we-give-more", "wait"),
        (given, got) if got > given + passed.given => ("ledger.they-give-more", "wait"),
        _ => ("ledger.even", "good"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partner_is_the_other_end_of_a_lane() {
        assert_eq!(partner_of("TH-VN acdd", "VN"), Some(("TH", "acdd")));
        assert_eq!(partner_of("VN-TH acdd", "VN"), Some(("TH", "acdd")));
        assert_eq!(partner_of("nonsense", "VN"), None);
    }

    #[test]
    fn a_quarter_more_is_about_even() {
        let of = |given, got| balance(Passed { given, got, ..Passed::default() }).0;
        assert_eq!(
            [of(100, 80), of(100, 60), of(10, 100), of(0, 0)],
            ["ledger.even", "ledger.we-give-more", "ledger.they-give-more", "ledger.even"]
        );
    }
}
