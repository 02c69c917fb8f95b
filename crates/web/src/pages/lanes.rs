//! Lanes with the use ladder: of what arrived, how much was read, linked, seen, acted on, told. Every number opens its items.

use std::collections::BTreeMap;

use askama::Template;
use customs::agreement::{LaneState, Term};
use kernel::Severity;
use store::{Failure, Look, Query, Tally};

use super::agreements::terms_in_force;
use super::exchange::lane_name;
use super::standing::Standing;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::Fields;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "lanes.html")]
struct Page {
    frame: Frame,
    figures: Vec<Figure>,
    rungs: Vec<String>,
    inwards: Vec<Lane>,
    outwards: Vec<Lane>,
}

/// One number at the top, with what it divides by and the list it opens.
struct Figure {
    number: String,
    word: String,
    note: String,
    href: String,
    tone: &'static str,
}

/// One lane with its ladder.
struct Lane {
    mark: String,
    name: String,
    href: String,
    agreement: String,
    standing: Standing,
    steps: Vec<Rung>,
    quarantined: String,
    quarantined_href: String,
}

/// How many items reached a rung.
struct Rung {
    word: String,
    count: String,
    share: String,
    width: u64,
    href: String,
    label: String,
}

/// Counts per rung of one lane: at index `n`, how many are exactly on rung `n`.
type Counts = [u64; 7];

/// The lanes.
///
/// # Errors
/// What the store says.
pub(crate) fn lanes(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let terms = terms_in_force(look, &ask.app.zone, ask.now)?;
        let us = ask.app.node.identity().id.as_str().to_owned();
        let (came, went) = (ladder(look, "received")?, ladder(look, "sent")?);
        Ok(Page {
            figures: figures(&frame, look, &came)?,
            rungs: (1..=6).map(|rung: u8| frame.word("rung", &rung.to_string())).collect(),
            inwards: drawn(&frame, &terms, &came, |term| term.to.as_str() == us, "in"),
            outwards: drawn(&frame, &terms, &went, |term| term.from.as_str() == us, "out"),
            frame,
        })
    })?;
    Ok(Reply::html(page.render()?))
}

/// How many items of a desk stand on which rung, by lane.
fn ladder(look: &dyn Look, desk: &str) -> Result<BTreeMap<String, Counts>, Failure> {
    let mut lanes: BTreeMap<String, Counts> = BTreeMap::new();
    for (key, count) in look.tally(&Query { desk: Some(desk.into()), ..Query::default() }, Tally::LaneRung)? {
        let Some((lane, rung)) = key.split_once('\t') else { continue };
        let counts = lanes.entry(lane.to_owned()).or_default();
        if let Some(place) = rung.parse::<usize>().ok().and_then(|rung| counts.get_mut(rung)) {
            *place += count;
        }
    }
    Ok(lanes)
}

/// How many are on this rung or further up.
fn reached(counts: &Counts, rung: usize) -> u64 {
    counts[rung.min(6)..].iter().sum()
}

fn figures(frame: &Frame, look: &dyn Look, came: &BTreeMap<String, Counts>) -> Result<Vec<Figure>, Failure> {
    let total = |rung: usize| came.values().map(|counts| reached(counts, rung)).sum::<u64>();
    let (arrived, told) = (total(1), total(6));
    let count = |query: Query| look.cases(&Query { limit: 1, ..query }).map(|page| page.total);
    let flagged = count(Query {
        desk: Some("consignment".into()),
        stages: vec!["flagged".into()],
        ..Query::default()
    })?;
    let broken = count(Query {
        desk: Some("received".into()),
        severity_min: Some(Severity::Error),
        ..Query::default()
    })?;
    let late = count(Query {
        desk: Some("obligation".into()),
        closed: Some(false),
        due_until: Some(frame.moments.now),
        ..Query::default()
    })?;
    let figure = |number: String, key: &str, note: String, href: &str, tone| Figure {
        number,
        word: frame.t(key).to_owned(),
        note,
        href: href.to_owned(),
        tone,
    };
    let of = |part: u64, whole: u64| {
        let (part, whole) = (frame.count(&part), frame.count(&whole));
        frame.language.say("lanes.of", &[("part", &part), ("whole", &whole)])
    };
    let alarm = |count: u64| if count > 0 { "bad" } else { "good" };
    Ok(vec![
        figure(
            frame.language.share(told, arrived),
            "lanes.told",
            of(told, arrived),
            "/exchange?rung=6",
            "calm",
        ),
        figure(
            frame.count(&flagged),
            "lanes.flagged",
            String::new(),
            "/arrivals?stage=flagged",
            alarm(flagged),
        ),
        figure(frame.count(&broken), "lanes.broken", String::new(), "/exchange?trouble=yes", alarm(broken)),
        figure(frame.count(&late), "lanes.late", String::new(), "/obligations?stage=late", alarm(late)),
    ])
}

fn drawn(
    frame: &Frame,
    terms: &[(String, Term)],
    counted: &BTreeMap<String, Counts>,
    ours: impl Fn(&Term) -> bool,
    way: &str,
) -> Vec<Lane> {
    let climbs = |name: &str| name.ends_with(" acdd");
    let mut lanes: BTreeMap<String, Option<&(String, Term)>> =
        counted.keys().map(|name| (name.clone(), None)).collect();
    for standing in terms.iter().filter(|(_, term)| ours(term)) {
        lanes.insert(Term::lane_of(&standing.1.kind, &standing.1.from, &standing.1.to), Some(standing));
    }
    let nothing = Counts::default();
    let rows = lanes.iter().filter(|(name, _)| climbs(name));
    rows.map(|(name, term)| lane(frame, name, *term, counted.get(name).unwrap_or(&nothing), way)).collect()
}

fn lane(frame: &Frame, name: &str, term: Option<&(String, Term)>, counts: &Counts, way: &str) -> Lane {
    let picked = Fields::read(format!("way={way}").as_bytes()).with("lane", name);
    let list = |rest: &str| format!("/exchange?{picked}&{rest}");
    let arrived = reached(counts, 1);
    let steps = (1..=6_usize).map(|rung| {
        let count = reached(counts, rung);
        let word = frame.word("rung", &rung.to_string());
        let (number, share) = (frame.count(&count), frame.language.share(count, arrived));
        Rung {
            label: frame
                .language
                .say("lanes.step", &[("rung", &word), ("count", &number), ("share", &share)]),
            width: if arrived == 0 { 0 } else { (count * 100).div_ceil(arrived) },
            href: list(&format!("rung={rung}")),
            count: number,
            share,
            word,
        }
    });
    Lane {
        mark: format!("l-{}", kernel::Digest::of(name.as_bytes()).short()),
        name: lane_name(frame, name),
        href: if way == "in" { format!("/lanes/{}", crate::fields::path_of(name)) } else { String::new() },
        agreement: term
            .map_or_else(|| frame.t("lanes.no-term").to_owned(), |(agreement, _)| agreement.clone()),
        standing: lane_standing(frame, term.map(|(_, term)| term.lane)),
        steps: steps.collect(),
        quarantined: if counts[0] > 0 && way == "in" { frame.count(&counts[0]) } else { String::new() },
        quarantined_href: list("stage=quarantined"),
    }
}

fn lane_standing(frame: &Frame, state: Option<LaneState>) -> Standing {
    let (tone, sign, key) = match state {
        Some(LaneState::Live) => ("good", "check", "lane.live"),
        Some(LaneState::Test) => ("wait", "half", "lane.test"),
        Some(LaneState::Stopped) => ("bad", "hand", "lane.stopped"),
        None => ("bad", "hand", "lane.none"),
    };
    Standing { tone, sign, word: frame.t(key).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_counts_on_every_rung_below_the_one_it_reached() {
        let counts: Counts = [9, 1, 0, 2, 0, 0, 4];
        assert_eq!((1..=6).map(|rung| reached(&counts, rung)).collect::<Vec<_>>(), [7, 6, 6, 4, 4, 4]);
    }
}
