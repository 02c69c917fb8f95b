//! One movement over all countries it touches: where each part of it stands here, what happened in which order and where, what
//! stands before and after it, and what covers it.

use askama::Template;
use customs::transit::{Arrival, Departure, Enquiry, Passage, Spoken, country_of};
use jiff::Timestamp;
use kernel::{CaseId, Entry, Happening, Procedure as _};
use store::{CaseRow, Failure, Look, Query};

use crate::areas::{page_of, plain_page_of};
use crate::ask::{Ask, Problem, Reply};
use crate::draw::land::middle;
use crate::draw::map::{Map, Spot, Way};
use crate::draw::{Labels, Picture};
use crate::fields::path_of;
use crate::frame::Frame;
use crate::pages::{Standing, happened};

#[derive(Template)]
#[template(path = "transit/journey.html")]
struct Page {
    frame: Frame,
    spoken: String,
    parts: Vec<Part>,
    stops: Vec<Stop>,
    map: Picture,
    ends: Vec<End>,
    covers: Vec<Cover>,
    worked: Vec<Worked>,
    total: String,
    steps: Vec<Moved>,
    paper: String,
}

/// What the movement is here, in one role.
struct Part {
    href: String,
    desk: String,
    standing: Standing,
    due: Option<Timestamp>,
    late: &'static str,
}

/// One office of the way.
struct Stop {
    role: &'static str,
    office: String,
    country: String,
    when: String,
    tone: &'static str,
    sign: &'static str,
}

/// A declaration before or after it, and the findings between.
struct End {
    place: &'static str,
    number: String,
    href: String,
    findings: Vec<(String, String, Standing)>,
}

struct Cover {
    grn: String,
    href: String,
    amount: String,
}

/// One step of how the guarantee's amount was worked out.
struct Worked {
    line: String,
    country: String,
    value: String,
    duty: String,
    tax: String,
    owed: String,
}

struct Moved {
    at: Timestamp,
    number: u64,
    place: String,
    sentence: String,
}

/// The journey of a number.
///
/// # Errors
/// [`Problem::NotFound`] where this country has no part in it.
pub(crate) fn journey(ask: &Ask) -> Result<Reply, Problem> {
    let mrn = ask.params.text("number").to_owned();
    let frame = Frame::of(ask)?;
    let page = ask.read(|look| {
        let rows = rows(look, &mrn)?;
        if rows.is_empty() { Ok(None) } else { drawn(frame, look, &mrn, &rows).map(Some) }
    })?;
    Ok(Reply::html(page.ok_or(Problem::NotFound)?.render()?))
}

fn rows(look: &dyn Look, mrn: &str) -> Result<Vec<CaseRow>, Failure> {
    let mut rows = Vec::new();
    for desk in [Departure::NAME, Passage::NAME, Arrival::NAME, Enquiry::NAME] {
        rows.extend(look.case(&CaseId::of(desk, mrn))?);
    }
    Ok(rows)
}

fn drawn(frame: Frame, look: &dyn Look, mrn: &str, rows: &[CaseRow]) -> Result<Page, Failure> {
    let of = |desk: &str| rows.iter().find(|row| row.id.desk() == desk);
    let departure = of(Departure::NAME).and_then(|row| row.state.read::<Departure>().ok());
    let arrival = of(Arrival::NAME).and_then(|row| row.state.read::<Arrival>().ok());
    let stops = stops(&frame, rows, departure.as_deref(), arrival.as_deref());
    let worked = departure.as_deref().and_then(Departure::worked);
    let printable = departure.as_ref().is_some_and(|it| super::paper::statement(it).is_some());
    Ok(Page {
        spoken: Spoken(mrn).to_string(),
        parts: rows.iter().map(|row| part(&frame, row)).collect(),
        map: map(&frame, &stops),
        stops,
        ends: ends(
            &frame,
            look,
            departure.as_deref(),
            arrival.as_deref().map(|it| (Arrival::case_of(mrn), it)),
        )?,
        covers: departure.as_ref().map(|it| covers(&frame, it)).unwrap_or_default(),
        worked: worked
            .map(|it| it.steps.iter().map(|step| step_of(&frame, step)).collect())
            .unwrap_or_default(),
        total: worked
            .map_or_else(String::new, |it| money(&frame, it.amount.amount, it.amount.currency.as_str())),
        steps: steps(&frame, look, rows)?,
        paper: if printable { format!("/transit/papers/{}", path_of(mrn)) } else { String::new() },
        frame,
    })
}

fn part(frame: &Frame, row: &CaseRow) -> Part {
    let due = row.summary.due.filter(|_| !row.summary.closed);
    Part {
        href: plain_page_of(&row.id),
        desk: frame.word("desk", row.id.desk()),
        standing: Standing::of(frame, row.id.desk(), &row.summary.stage),
        late: if due.is_some_and(|due| due < frame.moments.now) { "late" } else { "" },
        due,
    }
}

/// The offices of the way in their order, and what is known of each.
fn stops(
    frame: &Frame,
    rows: &[CaseRow],
    departure: Option<&Departure>,
    arrival: Option<&Arrival>,
) -> Vec<Stop> {
    departure.map_or_else(|| from_records(frame, rows, arrival), |departure| from_departure(frame, departure))
}

/// The office of departure hears of every frontier.
fn from_departure(frame: &Frame, departure: &Departure) -> Vec<Stop> {
    let moment = |at: Option<Timestamp>| at.map(|at| frame.short(&at));
    let declaration = &departure.lodging().declaration;
    let declared = &declaration.destination.reference_number;
    let first = stop(frame, "from", &declaration.departure.reference_number, moment(departure.released()));
    let through = declaration.transit.iter().map(|office| &office.reference_number);
    let through = through.filter(|office| *office != declared).map(|office| {
        let near = departure.crossings().iter().find(|(of, _)| country_of(of) == country_of(office));
        stop(frame, "through", office, near.map(|(_, day)| frame.moments.near_day(*day)))
    });
    let mut all: Vec<Stop> = std::iter::once(first).chain(through).collect();
    match departure.arrived() {
        Some((office, at)) if office != declared => {
            all.push(stop(frame, "declared-to", declared, None));
            all.push(stop(frame, "to", office, moment(Some(*at))));
        }
        Some((_, at)) => all.push(stop(frame, "to", declared, moment(Some(*at)))),
        None => all.push(stop(frame, "to", declared, None)),
    }
    all
}

/// Other countries know what the record said and what happened at home.
fn from_records(frame: &Frame, rows: &[CaseRow], arrival: Option<&Arrival>) -> Vec<Stop> {
    let shown = |desk: &str, name: &str| {
        let row = rows.iter().find(|row| row.id.desk() == desk);
        row.and_then(|row| row.summary.shown[name].as_str()).unwrap_or_default().to_owned()
    };
    let named = |offices: [String; 2]| offices.into_iter().find(|office| !office.is_empty());
    let from = named([shown(Arrival::NAME, "departure"), shown(Passage::NAME, "departure")]);
    let through = named([shown(Passage::NAME, "office"), String::new()]);
    let to = named([shown(Arrival::NAME, "office"), shown(Passage::NAME, "destination")]);
    let passed = shown(Passage::NAME, "passed").parse().ok().map(|day| frame.moments.near_day(day));
    let arrived = arrival.and_then(Arrival::arrived).map(|at| frame.short(&at));
    let stops = [
        from.map(|office| stop(frame, "from", &office, Some(String::new()))),
        through.map(|office| stop(frame, "through", &office, passed)),
        to.map(|office| stop(frame, "to", &office, arrived)),
    ];
    stops.into_iter().flatten().collect()
}

fn stop(frame: &Frame, role: &'static str, office: &str, when: Option<String>) -> Stop {
    let (tone, sign) = if when.is_some() { ("good", "tick") } else { ("calm", "clock") };
    Stop {
        role,
        office: office.to_owned(),
        country: frame.word("country", country_of(office)),
        when: when.unwrap_or_default(),
        tone,
        sign,
    }
}

/// The way on the map, from country to country.
fn map(frame: &Frame, stops: &[Stop]) -> Picture {
    let mut through: Vec<(f64, f64)> = Vec::new();
    let mut points: Vec<Spot> = Vec::new();
    for stop in stops.iter().filter(|stop| stop.role != "declared-to") {
        let Some(at) = middle(country_of(&stop.office)) else { continue };
        if through.last() != Some(&at) {
            through.push(at);
        }
        if points.iter().all(|known| known.at != at) {
            points.push(Spot {
                at,
                name: stop.country.clone(),
                says: vec![stop.office.clone(), stop.when.clone()],
                size: 0.5,
                tone: stop.tone,
                href: String::new(),
            });
        }
    }
    let name = stops.iter().map(|stop| stop.office.as_str()).collect::<Vec<_>>().join(" – ");
    let says = vec![String::new(), String::new()];
    let way = Way { through, name, says, weight: 0.6, tone: "good", is_planned: false };
    let labels = Labels {
        id: "way",
        title: frame.t("journey.map").to_owned(),
        as_table: frame.t("journey.as-table").to_owned(),
        ..Labels::default()
    };
    let heads = ["transit.way", "journey.office", "transit.when"].map(|key| frame.t(key).to_owned());
    Map { points, lines: vec![way] }.picture(&labels, heads.into())
}

/// What stands before it and after it, with the findings between.
fn ends(
    frame: &Frame,
    look: &dyn Look,
    departure: Option<&Departure>,
    arrival: Option<(CaseId, &Arrival)>,
) -> Result<Vec<End>, Failure> {
    let mut ends = Vec::new();
    for tie in departure.into_iter().flat_map(Departure::ends) {
        let own = tie.item.desk() == Departure::NAME;
        let number = tie.export.split_once(':').map_or(tie.export.as_str(), |(_, number)| number);
        ends.push(End {
            place: if own { "told" } else { "before" },
            number: number.to_owned(),
            href: page_of(&tie.item),
            findings: findings(frame, look, &tie.item, departure.map(Departure::mrn))?,
        });
    }
    if let Some((case, arrival)) = arrival {
        for (import, _) in arrival.imports() {
            ends.push(End {
                place: "after",
                number: import.key().to_owned(),
                href: page_of(import),
                findings: findings(frame, look, &case, Some(import.key()))?,
            });
        }
    }
    Ok(ends)
}

/// The findings that stand on something, raised on the case of this key.
fn findings(
    frame: &Frame,
    look: &dyn Look,
    item: &CaseId,
    on: Option<&str>,
) -> Result<Vec<(String, String, Standing)>, Failure> {
    let reference = Some(("item".to_owned(), item.to_string()));
    let query = Query { desk: Some("finding".into()), reference, limit: 50, ..Query::default() };
    let rows = look.cases(&query)?.rows;
    let of = |row: &&CaseRow| {
        row.summary.shown["consignment"].as_str().and_then(|it| it.split_once('/')).map(|it| it.1) == on
    };
    let each = rows.iter().filter(of);
    Ok(each
        .map(|row| {
            let standing = Standing::of(frame, "finding", &row.summary.stage);
            (plain_page_of(&row.id), frame.word("finding", &row.summary.title), standing)
        })
        .collect())
}

fn covers(frame: &Frame, departure: &Departure) -> Vec<Cover> {
    let references = departure.lodging().declaration.guarantees.iter().flat_map(|it| &it.references);
    let named = references.filter(|reference| !reference.grn.is_empty());
    named
        .map(|reference| Cover {
            grn: reference.grn.clone(),
            href: format!("/transit/guarantees/{}", path_of(&reference.grn)),
            amount: reference
                .amount_to_be_covered
                .map_or_else(String::new, |it| money(frame, it, &reference.currency)),
        })
        .collect()
}

pub(super) fn money(frame: &Frame, amount: rust_decimal::Decimal, currency: &str) -> String {
    format!("{} {currency}", frame.language.decimal(amount.normalize()))
}

fn step_of(frame: &Frame, step: &customs::transit::amount::Step) -> Worked {
    let taken = |it: &customs::transit::amount::Taken| {
        format!("{} % · {}", frame.language.decimal(it.percent.normalize()), it.source)
    };
    Worked {
        line: step.line.to_string(),
        country: frame.word("country", step.country.as_str()),
        value: frame.language.decimal(step.value.normalize()),
        duty: taken(&step.duty),
        tax: taken(&step.tax),
        owed: frame.language.decimal(step.owed.normalize()),
    }
}

/// Everything that happened, in the order of time, with the place it happened at.
fn steps(frame: &Frame, look: &dyn Look, rows: &[CaseRow]) -> Result<Vec<Moved>, Failure> {
    let mut steps = Vec::new();
    for row in rows {
        for (number, entry) in look.history(&row.id)? {
            steps.push(Moved {
                at: entry.at,
                number,
                place: place(frame, &entry),
                sentence: happened(frame, &entry),
            });
        }
    }
    steps.sort_by_key(|step| step.number);
    Ok(steps)
}

/// Where something happened: at the office the event names, else here.
fn place(frame: &Frame, entry: &Entry) -> String {
    let Happening::Event { event, .. } = &entry.what else { return frame.node.id.to_string() };
    let office = event["office"].as_str().filter(|office| office.len() == 8);
    office.map_or_else(
        || frame.node.id.to_string(),
        |office| format!("{} {office}", frame.word("country", country_of(office))),
    )
}
