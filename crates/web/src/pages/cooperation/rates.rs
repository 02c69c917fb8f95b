//! Reply rates and times, both ways, recomputed from the cases: every figure says what it divides by and opens its items.

use std::collections::BTreeMap;

use askama::Template;
use customs::assistance::LEGAL;
use customs::assistance::figures::{Rates, Scope, Way};
use customs::terms::{Figure, Period};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{CaseId, Owed, Summary};
use serde::Deserialize;
use store::{Failure, Look, Query};

use super::published::{self, CLAIMS};
use super::{Item, every, item};
use crate::ask::{Ask, Problem, Reply};
use crate::draw::chart::{Bar, bars};
use crate::draw::{Labels, Picture};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "cooperation/rates.html")]
struct Page {
    frame: Frame,
    partner: String,
    agreement: String,
    from: String,
    until: String,
    partners: Vec<(String, String)>,
    agreements: Vec<String>,
    ways: Vec<WayShown>,
    claims: Vec<published::Shown>,
}

struct WayShown {
    key: &'static str,
    figures: Vec<FigureShown>,
    middle: String,
    picture: Option<Picture>,
}

/// A figure with what it counts and what it divides by.
pub(super) struct FigureShown {
    pub word: String,
    pub percent: String,
    pub share: String,
    pub of: Vec<Item>,
    pub not: Vec<Item>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Agreed {
    agreement: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Clock {
    owed: Option<Owed>,
}

/// The rates.
///
/// # Errors
/// What the store says.
pub(crate) fn rates(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let day = |name: &str| ask.query.text(name).parse::<Date>().ok();
    let start = |day: Option<Date>| {
        day.and_then(|day| day.to_zoned(frame.moments.zone.clone()).ok()).map(|zoned| zoned.timestamp())
    };
    let scope = Scope {
        partner: ask.query.text("partner").to_owned(),
        agreement: ask.query.text("agreement").to_owned(),
        period: Period {
            from: start(day("from")),
            until: start(day("until").and_then(|day| day.tomorrow().ok())),
        },
    };
    let page = ask.read(|look| {
        let mut partners = BTreeMap::new();
        let mut agreements = Vec::new();
        let mut ways = Vec::new();
        for (way, key) in [(Way::Ours, "rates.ours"), (Way::Theirs, "rates.theirs")] {
            let cases = cases(look, way)?;
            for (_, summary) in &cases {
                partners.insert(summary.partner.clone(), frame.word("country", &summary.partner));
                agreements.extend(Agreed::deserialize(&summary.shown).unwrap_or_default().agreement);
            }
            ways.push(shown(&frame, look, (key, &cases), &scope)?);
        }
        agreements.sort();
        agreements.dedup();
        Ok(Page {
            partner: scope.partner.clone(),
            agreement: scope.agreement.clone(),
            from: ask.query.text("from").to_owned(),
            until: ask.query.text("until").to_owned(),
            partners: partners.into_iter().filter(|(id, _)| !id.is_empty()).collect(),
            agreements,
            ways,
            claims: CLAIMS.iter().map(|claim| published::shown(&frame, claim)).collect(),
            frame,
        })
    })?;
    Ok(Reply::html(page.render()?))
}

fn cases(look: &dyn Look, way: Way) -> Result<Vec<(CaseId, Summary)>, Failure> {
    let query = Query { desk: Some(way.desk().to_owned()), ..Query::default() };
    Ok(every(look, &query)?.into_iter().map(|row| (row.id, row.summary)).collect())
}

fn shown(
    frame: &Frame,
    look: &dyn Look,
    (key, cases): (&'static str, &[(CaseId, Summary)]),
    scope: &Scope,
) -> Result<WayShown, Failure> {
    let mut legal: BTreeMap<&CaseId, Timestamp> = BTreeMap::new();
    for (case, _) in cases {
        let row = look.case(&Owed::case_of(LEGAL, case))?;
        let owed = row.and_then(|row| Clock::deserialize(row.state.json()).unwrap_or_default().owed);
        legal.extend(owed.map(|owed| (case, owed.due)));
    }
    let rates = Rates::of(
        cases.iter().map(|(case, summary)| (case, summary)),
        scope,
        |case| legal.get(case).copied(),
        frame.moments.now,
    );
    let titles: BTreeMap<&CaseId, &str> =
        cases.iter().map(|(case, summary)| (case, summary.title.as_str())).collect();
    let figures: Vec<_> = rates.all().iter().map(|one| figure(frame, "rates-figure", one, &titles)).collect();
    Ok(WayShown {
        key,
        picture: picture(frame, key, &rates),
        middle: rates.middle_seconds.map_or_else(|| "–".to_owned(), |seconds| frame.moments.span(seconds)),
        figures,
    })
}

/// A figure as it is shown, with the items it counts and those it divides by besides.
pub(super) fn figure(
    frame: &Frame,
    family: &str,
    figure: &Figure,
    titles: &BTreeMap<&CaseId, &str>,
) -> FigureShown {
    let named = |case: &CaseId| item(case, titles.get(case).copied().unwrap_or_default());
    let percent = figure.percent().map_or_else(|| "–".to_owned(), |share| percent(frame, share));
    FigureShown {
        word: frame.word(family, &figure.code),
        percent,
        share: format!("{} / {}", figure.of.len(), figure.among.len()),
        of: figure.of.iter().map(named).collect(),
        not: figure.among.iter().filter(|case| !figure.of.contains(case)).map(named).collect(),
    }
}

/// A share in percent as the reader's language writes it.
pub(super) fn percent(frame: &Frame, share: rust_decimal::Decimal) -> String {
    let text = format!("{}%", share.normalize());
    if frame.language == crate::Language::Vietnamese { text.replace('.', ",") } else { text }
}

fn picture(frame: &Frame, key: &'static str, rates: &Rates) -> Option<Picture> {
    if rates.settled.among.is_empty() {
        return None;
    }
    let labels = Labels {
        id: if key == "rates.ours" { "rates-ours" } else { "rates-theirs" },
        title: frame.t("rates.picture").to_owned(),
        across: frame.t("rates.requests").to_owned(),
        up: frame.t("rates.figure").to_owned(),
        as_table: frame.t("rates.as-table").to_owned(),
        ..Labels::default()
    };
    let bar = |figure: &&Figure| Bar {
        label: frame.word("rates-figure", &figure.code),
        value: figure.of.len() as f64,
        href: String::new(),
        tone: "",
    };
    Some(bars(frame.language, &labels, &rates.all().iter().map(bar).collect::<Vec<_>>()))
}
