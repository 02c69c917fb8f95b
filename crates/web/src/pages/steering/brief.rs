//! The brief for a partner: every figure beside what it is a part of, and each opens what it counts.

use askama::Template;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::NodeId;
use node::brief::{Brief as Found, Chapter as Counts, Figure as Counted};
use store::Query;

use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::frame::Frame;
use crate::pages::cases::address_of;
use crate::pages::exchange::lane_name;

#[derive(Template)]
#[template(path = "steering/brief.html")]
struct Page {
    frame: Frame,
    partner: String,
    paper: String,
    day: String,
    chapters: Vec<Chapter>,
}

struct Chapter {
    title: String,
    figures: Vec<Figure>,
}

struct Figure {
    word: String,
    count: String,
    href: String,
    whole: String,
    whole_href: String,
    share: u64,
}

#[derive(Template)]
#[template(path = "steering/briefs.html")]
struct Choice {
    frame: Frame,
    partners: Vec<(String, String)>,
}

/// The partners there can be a brief for.
///
/// # Errors
/// What the store says.
pub(crate) fn briefs(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let others = ask.app.node.partners().into_iter().filter(|partner| partner.id != frame.node.id);
    let partners = others.map(|one| (frame.word("country", one.id.as_str()), one.id.to_string())).collect();
    Ok(Reply::html(Choice { partners, frame }.render()?))
}

/// The brief for one partner.
///
/// # Errors
/// [`Problem::NotFound`] for a partner nobody knows, or what the store says.
pub(crate) fn brief(ask: &Ask) -> Result<Reply, Problem> {
    let (partner, day, found) = asked(ask)?;
    let frame = Frame::of(ask)?;
    let page = Page {
        partner: frame.word("country", partner.as_str()),
        paper: format!("/brief-paper/{}?day={day}", path_of(partner.as_str())),
        day: day.to_string(),
        chapters: found.chapters.iter().map(|chapter| shown(ask, &frame, chapter)).collect(),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// The partner a path names, the day it is asked for, and the brief.
///
/// # Errors
/// [`Problem::NotFound`] for a partner nobody knows, or what the store says.
pub(super) fn asked(ask: &Ask) -> Result<(NodeId, Date, Found), Problem> {
    let partner = NodeId::new(ask.params.text("partner"));
    if !ask.app.node.partners().iter().any(|known| known.id == partner) {
        return Err(Problem::NotFound);
    }
    let day = ask.query.text("day").parse().unwrap_or_else(|_| today(ask));
    let end = day.tomorrow().ok().and_then(|next| next.to_zoned(ask.app.zone.clone()).ok());
    let at = end.map_or(ask.now, |end| end.timestamp());
    let us = ask.app.node.identity().id.clone();
    let found = ask.read(|look| node::brief::brief(look, &us, &partner, at))?;
    Ok((partner, day, found))
}

/// A week ahead, as far as a meeting is usually prepared.
fn today(ask: &Ask) -> Date {
    let ahead = ask.now.checked_add((7 * 24).hours()).unwrap_or(ask.now);
    ahead.to_zoned(ask.app.zone.clone()).date()
}

fn shown(ask: &Ask, frame: &Frame, chapter: &Counts) -> Chapter {
    Chapter {
        title: frame.t(chapter.key).to_owned(),
        figures: chapter.figures.iter().map(|figure| figure_of(ask, frame, figure)).collect(),
    }
}

fn figure_of(ask: &Ask, frame: &Frame, figure: &Counted) -> Figure {
    let (of, whole_href) =
        figure.whole.as_ref().map_or((0, String::new()), |(of, query)| (*of, opened(ask, query)));
    Figure {
        word: word_of(frame, figure),
        count: frame.count(&figure.count),
        href: opened(ask, &figure.query),
        whole: if figure.whole.is_some() { frame.count(&of) } else { String::new() },
        whole_href,
        share: (figure.count * 100).checked_div(of).unwrap_or_default(),
    }
}

/// What a figure counts, in the reader's words.
pub(super) fn word_of(frame: &Frame, figure: &Counted) -> String {
    let word = frame.t(figure.key);
    if figure.of_what.is_empty() {
        word.to_owned()
    } else {
        format!("{} · {word}", lane_name(frame, &figure.of_what))
    }
}

/// The list behind a number; empty where the reader may not open that desk.
fn opened(ask: &Ask, query: &Query) -> String {
    let desk = ask.app.node.desks().iter().find(|desk| Some(desk.name()) == query.desk.as_deref());
    let may = desk.is_some_and(|desk| ask.role().is_some_and(|role| desk.readers().contains(&role)));
    if may { address_of(query) } else { String::new() }
}
