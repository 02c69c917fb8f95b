//! The profile editor: a profile is written, and beside it stands what it would have chosen, office by office, while it is
//! written. Kept as a draft together with its trial, it goes the way of every profile.

use askama::Template;
use customs::targeting::{Lift, Plan, Tried, WatchList};
use customs::terms::{Lane, Profile};
use kernel::{ActId, CaseId, Procedure as _};
use serde::Deserialize as _;
use serde_json::json;
use store::Query;
use target::select::{Capacity, History, OfficeDay, Trial, try_profile};

use super::past::{Past, past};
use super::written::{self, TESTS, Wrong};
use crate::ask::{Ask, Problem, Reply};
use crate::draw::chart::{Bar, bars};
use crate::draw::{Labels, Picture};
use crate::fields::{Fields, path_of};
use crate::frame::{Frame, Here};
use crate::node_side::Wanted;
use crate::notice::Notice;

#[derive(Template)]
#[template(path = "targeting/editor.html")]
struct Page {
    frame: Frame,
    texts: Vec<Text>,
    lanes: Vec<Choice>,
    measures: Vec<Choice>,
    tests: Vec<TestLine>,
    tried: Option<TrialShown>,
    /// Fields as an address, so that what was written can be kept.
    act_id: String,
    can: String,
    /// How many offices have a number of their own.
    offices: String,
    /// Watch lists in force, as tests name them.
    lists: String,
    started: Here,
}

struct Text {
    name: &'static str,
    label: String,
    kind: &'static str,
    value: String,
    wrong: String,
}

struct Choice {
    code: String,
    word: String,
    chosen: Here,
}

struct TestLine {
    at: usize,
    looks: Vec<Choice>,
    none: Here,
    values: String,
    least: String,
    most: String,
    wrong: String,
}

/// A trial as people read it.
struct TrialShown {
    hits: String,
    of: String,
    new_hits: String,
    rate: String,
    chance: String,
    lift: String,
    tone: &'static str,
    overlap: Vec<(String, String)>,
    swamped: Vec<String>,
    workload: Picture,
}

/// Lines a day an office can look at, where nobody says otherwise; and how much of its day one profile may take.
const CAN: u32 = 40;
const SHARE_MAX: u32 = 30;

/// The editor.
///
/// # Errors
/// What the store says.
pub(crate) fn editor(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let fields = started_from(ask)?;
    let is_started = !fields.text("id").is_empty() || !fields.text("look0").is_empty();
    let read = written::read(&fields);
    let wrongs = if is_started { read.as_ref().err().cloned().unwrap_or_default() } else { Vec::new() };
    let can = fields.number("can").map_or(CAN, |can| can.clamp(1, 100_000) as u32);
    let past = past(ask)?;
    let tried = lax(&fields, &read).map(|profile| shown(&frame, &tried(&past, &profile, can)));
    let page = Page {
        texts: texts(&frame, &fields, &wrongs),
        lanes: choices(&frame, "lane", Lane::ALL.iter().map(|lane| lane.code()), &fields, "lane"),
        measures: choices(&frame, "measure", MEASURES.into_iter(), &fields, "measure"),
        tests: (0..TESTS).map(|at| test_line(&frame, &fields, &wrongs, at)).collect(),
        tried,
        act_id: crate::pages::acts::FormSeed::on(&frame, &CaseId::of("profile", "")).act_id,
        can: can.to_string(),
        offices: match past.offices.len() as u64 {
            0 => String::new(),
            count => frame.say("editor.offices", "count", &frame.count(&count)),
        },
        lists: lists(ask)?,
        started: if is_started { Here::Yes } else { Here::No },
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// Keeps what was written as a draft, with what its trial said.
///
/// # Errors
/// [`Problem::BadForm`] where it is no profile; refusals are told on the next page.
pub(crate) fn keep(ask: &Ask) -> Result<Reply, Problem> {
    let Ok(profile) = written::read(&ask.form) else {
        return Ok(Reply::see(format!("/targeting/editor?{}", ask.form.with("form_token", ""))));
    };
    let case = Plan::case(&profile.id);
    let id = ask.act_id()?;
    let act = json!({ "act": "draft", "profile": profile });
    let wanted = Wanted { id: id.clone(), case: case.clone(), act, files: Vec::new() };
    let to = format!("/cases/profile/{}", path_of(case.key()));
    if let Err(problem) = ask.act(wanted) {
        let Problem::Refused(refusal) = problem else { return Err(problem) };
        let back = format!("/targeting/editor?{}", written::fields(&profile).with("", ""));
        return Ok(ask.tell(Notice::Refused(refusal), &back));
    }
    let can = ask.form.number("can").map_or(CAN, |can| can.clamp(1, 100_000) as u32);
    let past = past(ask)?;
    let trial = tried(&past, &profile, can);
    let row = ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    let draft = row.summary.shown["draft"].as_u64().unwrap_or(1) as u32;
    let act = json!({ "act": "note-trial", "tried": noted(&trial, draft) });
    let noting = ActId::new(format!("{id}-trial"));
    ask.act(Wanted { id: noting, case, act, files: Vec::new() })?;
    Ok(ask.tell(Notice::Done { key: "done.profile.draft".into(), values: Vec::new() }, &to))
}

const MEASURES: [&str; 6] = ["documents", "scan", "open", "sample", "ask", "audit"];

/// The watch lists in force, by the names tests ask for them.
fn lists(ask: &Ask) -> Result<String, Problem> {
    let query = Query {
        desk: Some(WatchList::NAME.into()),
        closed: Some(false),
        limit: LISTS_SHOWN,
        ..Query::default()
    };
    let rows = ask.read(|look| look.cases(&query))?.rows;
    let mut names: Vec<&str> = rows.iter().map(|row| row.id.key()).collect();
    names.sort_unstable();
    Ok(names.join(", "))
}

/// The most lists named beside the tests.
const LISTS_SHOWN: u32 = 40;

/// What the form begins with: what was written, or the profile that is to be changed.
fn started_from(ask: &Ask) -> Result<Fields, Problem> {
    let of = ask.query.text("of");
    if of.is_empty() {
        return Ok(ask.query.clone());
    }
    let row = ask.read(|look| look.case(&Plan::case(of)))?.ok_or(Problem::NotFound)?;
    let profile = Profile::deserialize(&row.summary.shown["profile"]).map_err(|_| Problem::NotFound)?;
    Ok(written::fields(&profile))
}

/// A profile that can be tried though its name or days are still missing: live counts need the tests alone.
fn lax(fields: &Fields, read: &Result<Profile, Vec<Wrong>>) -> Option<Profile> {
    if let Ok(profile) = read {
        return Some(profile.clone());
    }
    let mut lax = fields.clone();
    for (name, text) in [
        ("id", "-"),
        ("title", "-"),
        ("owner", "-"),
        ("reason", "-"),
        ("from", "2000-01-01"),
        ("until", "2100-01-01"),
    ] {
        if lax.text(name).is_empty() {
            lax = Fields::read(lax.with(name, text).as_bytes());
        }
    }
    written::read(&lax).ok()
}

fn tried(past: &Past, profile: &Profile, can: u32) -> Trial {
    let mut lines = past.lines.clone();
    lines.count(profile.tests.iter().filter_map(|test| match test {
        customs::terms::Test::Within { gauge, .. } => Some(gauge.clone()),
        _ => None,
    }));
    let capacity = Capacity { offices: past.offices.clone(), other: can, share_max: SHARE_MAX };
    try_profile(profile, &History::new(lines), &past.in_force, &past.verdicts, &capacity)
}

fn noted(trial: &Trial, draft: u32) -> Tried {
    Tried {
        draft,
        lines: trial.lines as u64,
        days: trial.days as u32,
        hits: trial.hits as u64,
        new_hits: trial.new_hits as u64,
        wrong: trial.rate.wrong,
        looked_at: trial.rate.looked_at,
        swamped: trial.swamped.iter().map(|of| (of.office.clone(), of.lines)).collect(),
    }
}

fn shown(frame: &Frame, trial: &Trial) -> TrialShown {
    let share = |rate: customs::targeting::Rate| match rate.looked_at {
        0 => "–".to_owned(),
        of => frame.language.share(u64::from(rate.wrong), u64::from(of)),
    };
    let (lift, tone) = match trial.lift {
        Lift::Times(hundredths) => (format!("{}.{:02}×", hundredths / 100, hundredths % 100), "good"),
        Lift::NoBetter => (frame.t("targeting.no-better").to_owned(), "wait"),
        Lift::Unknown => (frame.t("targeting.unknown").to_owned(), "calm"),
    };
    let count = |number: usize| frame.count(&(number as u64));
    let swamped = trial.swamped.iter().map(|of| swamps(frame, of));
    TrialShown {
        hits: count(trial.hits),
        of: frame.language.say(
            "editor.of-lines",
            &[("lines", count(trial.lines).as_str()), ("days", count(trial.days).as_str())],
        ),
        new_hits: count(trial.new_hits),
        rate: share(trial.rate),
        chance: share(trial.control),
        lift,
        tone,
        overlap: trial.overlap.iter().map(|(profile, lines)| (profile.clone(), count(*lines))).collect(),
        swamped: swamped.collect(),
        workload: workload(frame, trial),
    }
}

fn swamps(frame: &Frame, of: &OfficeDay) -> String {
    let (lines, can) = (frame.count(&u64::from(of.lines)), frame.count(&u64::from(of.can)));
    let day = of.day.to_string();
    let values = [
        ("office", of.office.as_str()),
        ("lines", lines.as_str()),
        ("can", can.as_str()),
        ("day", day.as_str()),
    ];
    frame.language.say("editor.swamps", &values)
}

/// The heaviest day of each office, beside what it can look at.
fn workload(frame: &Frame, trial: &Trial) -> Picture {
    let all: Vec<Bar> = trial
        .workload
        .iter()
        .take(12)
        .map(|of| Bar {
            label: if of.office.is_empty() { "–".to_owned() } else { of.office.clone() },
            value: f64::from(of.lines),
            tone: if of.lines > of.can { "bad" } else { "" },
            ..Bar::default()
        })
        .collect();
    let labels = Labels {
        id: "workload",
        title: frame.t("editor.workload").to_owned(),
        lead: frame.t("editor.workload-lead").to_owned(),
        as_table: frame.t("targeting.as-table").to_owned(),
        ..Labels::default()
    };
    bars(frame.language, &labels, &all)
}

fn texts(frame: &Frame, fields: &Fields, wrongs: &[Wrong]) -> Vec<Text> {
    let of = [
        ("id", "text"),
        ("title", "text"),
        ("owner", "text"),
        ("area", "text"),
        ("from", "date"),
        ("until", "date"),
        ("reason", "text"),
    ];
    let text = |(name, kind): (&'static str, &'static str)| Text {
        name,
        label: frame.word("editor-field", name),
        kind,
        value: fields.text(name).to_owned(),
        wrong: told(frame, wrongs, name),
    };
    of.into_iter().map(text).collect()
}

fn told(frame: &Frame, wrongs: &[Wrong], name: &str) -> String {
    let wrong = wrongs.iter().find(|wrong| wrong.field == name);
    wrong.map_or_else(String::new, |wrong| frame.t(wrong.key).to_owned())
}

fn choices<'a>(
    frame: &Frame,
    family: &str,
    codes: impl Iterator<Item = &'a str>,
    fields: &Fields,
    name: &str,
) -> Vec<Choice> {
    let chosen = |code: &str| if fields.all(name).any(|value| value == code) { Here::Yes } else { Here::No };
    codes
        .map(|code| Choice { code: code.to_owned(), word: frame.word(family, code), chosen: chosen(code) })
        .collect()
}

fn test_line(frame: &Frame, fields: &Fields, wrongs: &[Wrong], at: usize) -> TestLine {
    let name = |part: &str| format!("{part}{at}");
    let text = |part: &str| fields.text(&name(part)).to_owned();
    let looks = written::looks();
    let parts = ["look", "values", "least", "most"].map(|part| told(frame, wrongs, &name(part)));
    TestLine {
        at,
        looks: choices(frame, "look-at", looks.iter().map(String::as_str), fields, &name("look")),
        none: if fields.text(&name("sense")) == "none" { Here::Yes } else { Here::No },
        values: text("values"),
        least: text("least"),
        most: text("most"),
        wrong: parts.into_iter().find(|wrong| !wrong.is_empty()).unwrap_or_default(),
    }
}
