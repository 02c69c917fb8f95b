//! The brief that writes itself: what stands between us and one partner, every figure a query anybody can ask again.
//!
//! Nothing here is kept: each figure is the number of cases a [`Query`] finds, beside the number it is a part of, so that a
//! page can open it and a command can repeat it.

use customs::agreement::{Received, Sent};
use customs::programme::{Commitment, Negotiation};
use jiff::Timestamp;
use kernel::{NodeId, Obligation, Procedure as _};
use store::{Failure, Look, Query, Tally};

/// What stands between us and a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Whose brief it is.
    pub us: NodeId,
    /// With whom.
    pub partner: NodeId,
    /// The moment it looks ahead to, such as the day of the meeting.
    pub at: Timestamp,
    /// Its chapters, in their order.
    pub chapters: Vec<Chapter>,
}

/// One chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The key of its heading.
    pub key: &'static str,
    /// Its figures.
    pub figures: Vec<Figure>,
}

/// One figure: how many cases a query finds, and of how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The key of what it counts.
    pub key: &'static str,
    /// What it is of besides, such as a lane; empty where nothing.
    pub of_what: String,
    /// How many.
    pub count: u64,
    /// The question that gives the number.
    pub query: Query,
    /// What it is a part of; nothing where it is a number of its own.
    pub whole: Option<(u64, Query)>,
}

/// Writes the brief for a partner, looking ahead to a moment.
///
/// # Errors
/// What the store says.
pub fn brief(look: &dyn Look, us: &NodeId, partner: &NodeId, at: Timestamp) -> Result<Brief, Failure> {
    let writer = Writer { look, partner };
    let chapters = vec![
        writer.promises("brief.we-owe", format!("{us}>{partner}"), at)?,
        writer.promises("brief.they-owe", format!("{partner}>{us}"), at)?,
        writer.chapter("brief.assistance", ASSISTANCE)?,
        writer.lanes("brief.received", Received::NAME)?,
        writer.lanes("brief.sent", Sent::NAME)?,
        writer.chapter("brief.border", BORDER)?,
        writer.chapter("brief.trust", TRUST)?,
        writer.chapter("brief.steering", STEERING)?,
    ];
    let chapters = chapters.into_iter().filter(|chapter| !chapter.figures.is_empty()).collect();
    Ok(Brief { us: us.clone(), partner: partner.clone(), at, chapters })
}

/// One line of a chapter: a figure of a desk with this partner, narrowed, of all of that desk with this partner.
struct Line {
    key: &'static str,
    desk: &'static str,
    stages: &'static [&'static str],
    closed: Option<bool>,
}

const fn line(
    key: &'static str,
    desk: &'static str,
    stages: &'static [&'static str],
    closed: Option<bool>,
) -> Line {
    Line { key, desk, stages, closed }
}

const ASSISTANCE: &[Line] = &[
    line("brief.requests-ours", "request", &[], Some(false)),
    line("brief.requests-theirs", "requested", &[], Some(false)),
    line("brief.information-in", "spontaneous-in", &[], Some(false)),
    line("brief.information-out", "spontaneous-out", &[], Some(false)),
    line("brief.warnings-ours", "warning", &[], Some(false)),
    line("brief.warnings-theirs", "warned", &[], Some(false)),
];

const BORDER: &[Line] = &[
    line("brief.findings-open", "finding", &["raised", "inspecting", "inspected", "proposed"], None),
    line("brief.findings-told", "finding", &["told"], None),
    line("brief.findings-explained", "finding", &["explained"], None),
];

const TRUST: &[Line] = &[
    line("brief.operator-lists", "partner-list", &[], None),
    line("brief.benefits", "benefit", &[], Some(false)),
    line("brief.verifications", "verification", &[], Some(false)),
];

const STEERING: &[Line] = &[
    line("brief.commitments-open", Commitment::NAME, &["open", "under-way"], None),
    line("brief.commitments-done", Commitment::NAME, &["done"], None),
    line("brief.negotiations", Negotiation::NAME, &["talks", "authorised", "signed"], None),
    line("brief.pilots", "pilot", &["running"], None),
];

struct Writer<'a> {
    look: &'a dyn Look,
    partner: &'a NodeId,
}

impl Writer<'_> {
    /// What one side promised the other: all that is open, what is late, what falls due before the moment.
    fn promises(&self, key: &'static str, lane: String, at: Timestamp) -> Result<Chapter, Failure> {
        let all = Query { desk: Some(Obligation::NAME.into()), lane: Some(lane), ..Query::default() };
        let open = Query { closed: Some(false), ..all.clone() };
        let late = Query { stages: vec!["late".into()], ..open.clone() };
        let soon = Query { due_until: Some(at), ..open.clone() };
        let in_time = Query { stages: vec!["met".into()], ..all.clone() };
        let settled = Query { stages: vec!["met".into(), "met-late".into(), "late".into()], ..all };
        let figures = [
            self.figure("brief.open", open.clone(), None),
            self.figure("brief.late", late, Some(open.clone())),
            self.figure("brief.due-by-then", soon, Some(open)),
            self.figure("brief.kept-in-time", in_time, Some(settled)),
        ];
        self.with(key, figures)
    }

    fn chapter(&self, key: &'static str, lines: &[Line]) -> Result<Chapter, Failure> {
        self.with(key, lines.iter().map(|line| self.of_line(line)))
    }

    fn of_line(&self, line: &Line) -> Result<Figure, Failure> {
        let whole = self.of_desk(line.desk);
        let stages = line.stages.iter().map(|stage| (*stage).to_owned()).collect();
        let query = Query { stages, closed: line.closed, ..whole.clone() };
        let narrowed = query != whole;
        self.figure(line.key, query, narrowed.then_some(whole))
    }

    /// Every lane with this partner: how much got as far as being told, of all that went over it.
    fn lanes(&self, key: &'static str, desk: &'static str) -> Result<Chapter, Failure> {
        let lanes = self.look.tally(&self.of_desk(desk), Tally::Lane)?;
        let figure = |(lane, _): (String, u64)| {
            let whole = Query { lane: Some(lane.clone()), ..self.of_desk(desk) };
            let told = Query { rung_min: Some(TOLD), ..whole.clone() };
            let figure = self.figure("brief.told", told, Some(whole))?;
            Ok(Figure { of_what: lane, ..figure })
        };
        self.with(key, lanes.into_iter().map(figure))
    }

    fn of_desk(&self, desk: &str) -> Query {
        let partner = Some(self.partner.to_string());
        Query { desk: Some(desk.to_owned()), partner, ..Query::default() }
    }

    /// A chapter of the figures that have something behind them.
    fn with(
        &self,
        key: &'static str,
        figures: impl IntoIterator<Item = Result<Figure, Failure>>,
    ) -> Result<Chapter, Failure> {
        let figures: Vec<Figure> = figures.into_iter().collect::<Result<_, _>>()?;
        let figures = figures
            .into_iter()
            .filter(|figure| figure.whole.as_ref().map_or(figure.count, |whole| whole.0) > 0);
        Ok(Chapter { key, figures: figures.collect() })
    }

    fn figure(&self, key: &'static str, query: Query, whole: Option<Query>) -> Result<Figure, Failure> {
        let whole = whole.map(|query| Ok::<_, Failure>((count(self.look, &query)?, query))).transpose()?;
        Ok(Figure { key, of_what: String::new(), count: count(self.look, &query)?, query, whole })
    }
}

/// How many cases a query finds.
///
/// # Errors
/// What the store says.
pub fn count(look: &dyn Look, query: &Query) -> Result<u64, Failure> {
    look.cases(&Query { limit: 1, ..query.clone() }).map(|page| page.total)
}

/// The highest rung of the ladder.
const TOLD: u8 = 6;
