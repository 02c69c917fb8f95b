//! The list of a desk's cases: by stage, partner, weight, what is due, and a text; in pages.

use askama::Template;
use jiff::{Timestamp, ToSpan as _};
use kernel::{Desk, Severity};
use store::{CaseRow, Failure, Look, Order, Query, Tally};

use super::super::arrivals::mark;
use super::super::chips::{self, Chip, Pages, here};
use super::super::standing::{self, Standing};
use super::desk_of;
use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::{Fields, path_of};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "cases/list.html")]
struct Page {
    frame: Frame,
    desk: &'static str,
    title: String,
    lead: String,
    opens: Vec<(String, String)>,
    stages: Vec<Chip>,
    narrow: Vec<(&'static str, Vec<Chip>)>,
    searched: String,
    kept: Vec<(String, String)>,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    mark: String,
    case: String,
    href: String,
    title: String,
    standing: Standing,
    severity: Option<Standing>,
    partner: String,
    due: Option<Timestamp>,
    until: String,
    late: &'static str,
}

/// The list.
///
/// # Errors
/// [`Problem::NotFound`] for a desk there is not, [`Problem::Forbidden`] for one that is not this role's, or what the
/// store says.
pub(crate) fn cases(ask: &Ask) -> Result<Reply, Problem> {
    let desk = desk_of(ask)?;
    let frame = Frame::of(ask)?;
    let picked = &ask.query;
    let (found, stages, narrow) = ask.read(|look| {
        let found = look.cases(&narrowed(desk, picked, ask.now))?;
        let stages = stage_chips(&frame, look, desk, (picked, ask.now))?;
        Ok((found, stages, narrowing(&frame, look, desk, (picked, ask.now))?))
    })?;
    let page = Page {
        desk: desk.name(),
        title: frame.word("desks", desk.name()),
        lead: frame.language.find(&format!("desk-lead.{}", desk.name())).unwrap_or_default().to_owned(),
        opens: openings(ask, &frame, desk),
        stages,
        narrow,
        searched: picked.text("text").to_owned(),
        kept: kept(picked),
        rows: found.rows.iter().map(|row| shown(&frame, row)).collect(),
        pages: Pages::of(&frame, picked, found.total),
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// The acts with which this role opens a case, each with its form's address.
fn openings(ask: &Ask, frame: &Frame, desk: &dyn Desk) -> Vec<(String, String)> {
    let Some(role) = ask.role() else { return Vec::new() };
    let open = |act: &'static str| {
        (act_word(frame, desk.name(), act), format!("/new/{}/{act}", path_of(desk.name())))
    };
    desk.offers(None, &role).into_iter().map(open).collect()
}

/// What an act is called on its button.
pub(in crate::pages) fn act_word(frame: &Frame, desk: &str, act: &str) -> String {
    let own = format!("act.{desk}.{act}");
    capital(&frame.language.find(&own).map_or_else(|| frame.word("act", act), str::to_owned))
}

/// A word with its first letter large.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// All the desk's cases that the picked words leave, without the picked stage.
fn whole(desk: &dyn Desk, picked: &Fields, now: Timestamp) -> Query {
    let text = |name: &str| Some(picked.text(name).to_owned()).filter(|text| !text.is_empty());
    Query {
        desk: Some(desk.name().into()),
        partner: text("partner"),
        lane: text("lane"),
        rung_min: picked.number("rung").and_then(|rung| u8::try_from(rung).ok()),
        reference: reference(picked.text("reference")),
        text: text("text"),
        severity_min: severity(picked.text("severity")),
        due_until: due_until(picked.text("due"), now),
        ..Query::default()
    }
}

fn narrowed(desk: &dyn Desk, picked: &Fields, now: Timestamp) -> Query {
    let stage = picked.text("stage");
    let (stages, closed) = match stage {
        "" => (Vec::new(), Some(false)),
        ALL => (Vec::new(), None),
        OPEN => (Vec::new(), Some(false)),
        stages => (stages.split(',').map(str::to_owned).collect(), None),
    };
    let order = if closed.is_some() { Order::Due } else { Order::Newest };
    chips::paged(Query { stages, closed, order, ..whole(desk, picked, now) }, picked)
}

fn stage_chips(
    frame: &Frame,
    look: &dyn Look,
    desk: &dyn Desk,
    (picked, now): (&Fields, Timestamp),
) -> Result<Vec<Chip>, Failure> {
    let whole = whole(desk, picked, now);
    let counts = look.tally(&whole, Tally::Stage)?;
    let open = look.cases(&Query { closed: Some(false), limit: 1, ..whole })?.total;
    let all = counts.iter().map(|(_, count)| count).sum();
    let chosen = picked.text("stage");
    let rest = Fields::read(picked.with("page", "").as_bytes());
    let chip = |word: String, count: u64, stage: &str, look: (&'static str, &'static str)| Chip {
        word,
        count: frame.count(&count),
        href: format!("?{}", rest.with("stage", stage)),
        tone: look.0,
        sign: look.1,
        chosen: here(chosen == stage),
    };
    let mut chips = vec![
        chip(frame.t("chips.waiting").to_owned(), open, "", ("calm", "")),
        chip(frame.t("chips.everything").to_owned(), all, ALL, ("calm", "")),
    ];
    let mut stages = counts;
    let order = order_of(desk);
    stages.sort_by_key(|(stage, _)| order.iter().position(|known| known == stage).unwrap_or(usize::MAX));
    let family = format!("stage.{}", desk.name());
    chips.extend(stages.iter().map(|(stage, count)| {
        chip(frame.word(&family, stage), *count, stage, standing::look(desk.name(), stage))
    }));
    Ok(chips)
}

/// The stages of a desk in the order of its table.
fn order_of(desk: &dyn Desk) -> Vec<String> {
    desk.table().iter().map(|line| kebab(&line.stage)).collect()
}

/// `InForce` as `in-force`.
pub(crate) fn kebab(name: &str) -> String {
    let mut word = String::with_capacity(name.len() + 4);
    for (place, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && place > 0 {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

type Narrowing = Vec<(&'static str, Vec<Chip>)>;

/// The chips that narrow by partner, by weight and by what is due; groups with nothing to choose from are left out.
fn narrowing(
    frame: &Frame,
    look: &dyn Look,
    desk: &dyn Desk,
    (picked, now): (&Fields, Timestamp),
) -> Result<Narrowing, Failure> {
    let rest = Fields::read(picked.with("page", "").as_bytes());
    let chip = |name: &str, value: &str, word: String, count: String| {
        let chosen = picked.text(name) == value;
        let href = format!("?{}", rest.with(name, if chosen { "" } else { value }));
        Chip { word, count, href, tone: "calm", sign: "", chosen: here(chosen) }
    };
    let of_desk = Query { desk: Some(desk.name().into()), closed: Some(false), ..Query::default() };
    let partners =
        look.tally(&of_desk, Tally::Partner)?.into_iter().filter(|(partner, _)| !partner.is_empty());
    let partners: Vec<_> = partners
        .take(PARTNERS_SHOWN)
        .map(|(partner, count)| {
            chip("partner", &partner, frame.word("country", &partner), frame.count(&count))
        })
        .collect();
    let mut due = Vec::new();
    for span in SPANS {
        let query = Query { due_until: due_until(span, now), limit: 1, ..of_desk.clone() };
        let count = look.cases(&query)?.total;
        if count > 0 || picked.text("due") == span {
            due.push(chip("due", span, frame.word("due", span), frame.count(&count)));
        }
    }
    let weights = look.tally(&of_desk, Tally::Severity)?.into_iter().filter(|(code, _)| !code.is_empty());
    let weights: Vec<_> = weights
        .map(|(code, count)| chip("severity", &code, frame.word("severity", &code), frame.count(&count)))
        .collect();
    let groups = [("cases.by-due", due), ("cases.by-weight", weights), ("cases.by-partner", partners)];
    Ok(groups.into_iter().filter(|(_, chips)| !chips.is_empty()).collect())
}

fn severity(code: &str) -> Option<Severity> {
    serde_json::from_value(code.into()).ok()
}

/// A reference as an address names it: `forum:ASEAN DGC`.
fn reference(text: &str) -> Option<(String, String)> {
    text.split_once(':').map(|(kind, value)| (kind.to_owned(), value.to_owned()))
}

/// The list of what a query finds, as an address; the same query gives the same list.
pub(in crate::pages) fn address_of(query: &Query) -> String {
    let stage = match (query.stages.is_empty(), query.closed) {
        (false, _) => query.stages.join(","),
        (true, Some(false)) => OPEN.to_owned(),
        (true, Some(true) | None) => ALL.to_owned(),
    };
    let values = [
        ("stage", Some(stage)),
        ("partner", query.partner.clone()),
        ("lane", query.lane.clone()),
        ("rung", query.rung_min.map(|rung| rung.to_string())),
        ("reference", query.reference.as_ref().map(|(kind, value)| format!("{kind}:{value}"))),
        ("due", query.due_until.map(|until| until.to_string())),
    ];
    let mut address = form_urlencoded::Serializer::new(String::new());
    for (name, value) in values {
        if let Some(value) = value {
            address.append_pair(name, &value);
        }
    }
    format!("/cases/{}?{}", path_of(query.desk.as_deref().unwrap_or_default()), address.finish())
}

/// Until when a span reaches: what is late, due within a day, within a week, or until a moment.
fn due_until(span: &str, now: Timestamp) -> Option<Timestamp> {
    let hours = match span {
        "late" => 0,
        "day" => 24,
        "week" => 168,
        moment => return moment.parse().ok(),
    };
    now.checked_add(hours.hours()).ok()
}

/// The picked values a search keeps.
fn kept(picked: &Fields) -> Vec<(String, String)> {
    let kept = picked.iter().filter(|(name, value)| !matches!(*name, "text" | "page") && !value.is_empty());
    kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn shown(frame: &Frame, row: &CaseRow) -> Row {
    let summary = &row.summary;
    let due = summary.due.filter(|_| !summary.closed);
    let title = if summary.title.is_empty() { row.id.key() } else { &summary.title };
    Row {
        mark: mark(row),
        case: row.id.to_string(),
        href: areas::page_of(&row.id),
        title: titled(frame, row.id.desk(), title),
        standing: Standing::of(frame, row.id.desk(), &summary.stage),
        severity: summary.severity.map(|severity| Standing::of_severity(frame, severity)),
        partner: frame.word("country", &summary.partner),
        until: due.map_or_else(String::new, |due| frame.moments.until(due)),
        late: if due.is_some_and(|due| due < frame.moments.now) { "late" } else { "" },
        due,
    }
}

/// A case's title as people read it: data as it stands, codes in words.
pub(super) fn titled(frame: &Frame, desk: &str, title: &str) -> String {
    match desk {
        "finding" => frame.word("finding", title),
        "obligation" => frame.owed(title),
        _ => frame.word(&format!("title.{desk}"), title),
    }
}

/// The stage that stands for all in which something is expected to happen; the same as none.
const OPEN: &str = "open-ones";
/// The stage that stands for all of them, closed ones too.
const ALL: &str = "all";
/// The spans a list can be narrowed to.
const SPANS: [&str; 3] = ["late", "day", "week"];
/// The most partners that have a chip.
const PARTNERS_SHOWN: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_has_one_word_in_table_and_summary() {
        assert_eq!([kebab("InForce"), kebab("Due"), kebab("-")], ["in-force", "due", "-"]);
    }

    #[test]
    fn a_span_reaches_from_the_moment_of_the_question() {
        let now: Timestamp = "2026-11-28T04:00:00Z".parse().expect("a moment");
        assert_eq!(due_until("late", now), Some(now));
        assert_eq!(due_until("day", now), "2026-11-29T04:00:00Z".parse().ok());
        assert_eq!(due_until("", now), None);
    }
}
