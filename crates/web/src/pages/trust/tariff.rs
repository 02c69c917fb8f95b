//! The tariff: find a line, and work out what it owes on a day, under a scheme, step by step.

use askama::Template;
use customs::tariff::search::search;
use customs::tariff::{
    Answer, Calculation, Measure, Question, Rate, Rounding, Step, Warning, ad_valorem, answer,
};
use customs::terms::{Country, HsCode};
use kernel::{Currency, Money};
use rust_decimal::Decimal;

use super::super::sentences::dotted;
use super::browse::{Browse, browse};
use crate::ask::{Ask, Problem, Reply};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "trust/tariff.html")]
struct Page {
    frame: Frame,
    asked: String,
    found: Vec<Found>,
    duty: Option<Duty>,
    form: Form,
    browse: Option<Browse>,
}

/// What stands in the calculator's fields.
struct Form {
    country: String,
    code: String,
    origin: String,
    day: String,
    scheme: String,
    value: String,
    currency: String,
}

/// A candidate line.
struct Found {
    code: String,
    shown: String,
    text: String,
    heading: String,
    evidence: String,
}

/// What a line owes.
struct Duty {
    unanswered: String,
    path: Vec<(String, String)>,
    applies: Option<Owed>,
    otherwise: Option<Owed>,
    beside: Vec<Owed>,
    warnings: Vec<String>,
}

impl Duty {
    /// All measures, each with the key of what it is.
    fn rows(&self) -> Vec<(&'static str, &Owed)> {
        let applies = self.applies.iter().map(|owed| ("tariff.applies", owed));
        let otherwise = self.otherwise.iter().map(|owed| ("tariff.otherwise", owed));
        applies.chain(otherwise).chain(self.beside.iter().map(|owed| ("tariff.beside", owed))).collect()
    }
}

/// One measure with what it comes to.
struct Owed {
    scheme: String,
    rate: String,
    source: String,
    proof: String,
    amount: String,
    steps: Vec<String>,
}

/// The page.
///
/// # Errors
/// What the page cannot be drawn for.
pub(crate) fn tariff(ask: &Ask) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let asked: String = ask.query.text("q").trim().chars().take(ASKED_MAX).collect();
    let found = if asked.is_empty() { Vec::new() } else { candidates(&frame, &asked) };
    let form = form(ask);
    let duty = (!form.code.is_empty()).then(|| duty(&frame, &form));
    let browse =
        form.day.parse().ok().and_then(|day| browse(&frame, ask.query.text("at"), (&form.country, day)));
    Ok(Reply::html(Page { asked, found, duty, form, browse, frame }.render()?))
}

fn form(ask: &Ask) -> Form {
    let text = |name: &str, otherwise: &str| {
        let given: String = ask.query.text(name).trim().chars().take(40).collect();
        if given.is_empty() { otherwise.to_owned() } else { given }
    };
    let today = ask.now.to_zoned(ask.app.zone.clone()).date();
    Form {
        country: text("country", "VN").to_uppercase(),
        code: text("code", ""),
        origin: text("origin", "").to_uppercase(),
        day: text("day", &today.to_string()),
        scheme: text("scheme", "MFN").to_uppercase(),
        value: text("value", ""),
        currency: text("currency", "VND").to_uppercase(),
    }
}

pub(super) fn said<'a>(frame: &Frame, texts: &customs::tariff::Texts) -> &'a str
where
    'static: 'a,
{
    let vietnamese = frame.language == crate::Language::Vietnamese;
    let (first, second) = if vietnamese { (texts.vi, texts.en) } else { (texts.en, texts.vi) };
    first.or(second).or(texts.id).unwrap_or_default()
}

fn candidates(frame: &Frame, asked: &str) -> Vec<Found> {
    let found = search(asked, FOUND_MAX).into_iter();
    found
        .map(|candidate| Found {
            code: candidate.code.to_owned(),
            shown: dotted(candidate.code),
            text: candidate
                .path
                .nodes
                .last()
                .map(|node| said(frame, &node.texts).to_owned())
                .unwrap_or_default(),
            heading: candidate
                .path
                .nodes
                .get(1)
                .map(|node| said(frame, &node.texts).to_owned())
                .unwrap_or_default(),
            evidence: candidate.evidence.iter().map(|one| one.found.as_str()).collect::<Vec<_>>().join(", "),
        })
        .collect()
}

fn duty(frame: &Frame, form: &Form) -> Duty {
    match question(form).map(|question| answer(&question)) {
        Ok(Ok(answer)) => answered(frame, form, &answer),
        Ok(Err(unanswered)) => nothing(unanswered.code()),
        Err(code) => nothing(code),
    }
}

fn question(form: &Form) -> Result<Question, &'static str> {
    Ok(Question {
        country: Country::new(form.country.clone()),
        code: HsCode::new(&form.code).map_err(|_| "hs-code-wrong")?,
        origin: (!form.origin.is_empty()).then(|| Country::new(form.origin.clone())),
        day: form.day.parse().map_err(|_| "date-wrong-form")?,
        scheme: Some(form.scheme.clone()),
    })
}

fn nothing(code: &str) -> Duty {
    Duty {
        unanswered: code.to_owned(),
        path: Vec::new(),
        applies: None,
        otherwise: None,
        beside: Vec::new(),
        warnings: Vec::new(),
    }
}

fn answered(frame: &Frame, form: &Form, answer: &Answer) -> Duty {
    let path = answer.path.nodes.iter();
    Duty {
        unanswered: String::new(),
        path: path.map(|node| (node.code.clone(), said(frame, &node.texts).to_owned())).collect(),
        applies: answer.applies.as_ref().map(|measure| owed(form, measure)),
        otherwise: answer.otherwise.as_ref().map(|measure| owed(form, measure)),
        beside: answer.beside.iter().map(|measure| owed(form, measure)).collect(),
        warnings: answer.warnings.iter().map(|warning| said_warning(frame, warning)).collect(),
    }
}

fn owed(form: &Form, measure: &Measure) -> Owed {
    let worked = worked_out(form, measure);
    Owed {
        scheme: measure.series.scheme.clone(),
        rate: rate(&measure.rate),
        source: measure.series.source(),
        proof: measure.series.proof.clone().unwrap_or_default(),
        amount: worked.as_ref().map(|found| found.amount.to_string()).unwrap_or_default(),
        steps: worked.iter().flat_map(|found| &found.steps).map(step).collect(),
    }
}

fn worked_out(form: &Form, measure: &Measure) -> Option<Calculation> {
    let value: Decimal = form.value.parse().ok()?;
    let money = Money::new(value, form.currency.clone());
    let rounding = Rounding::truncating(&Currency::new(form.currency.clone()));
    ad_valorem(&money, measure.rate.percent()?, Decimal::ZERO, &rounding).ok()
}

fn rate(rate: &Rate) -> String {
    match rate {
        Rate::Percent { percent } => format!("{} %", percent.normalize()),
        Rate::Specific { amount, per } => format!("{} / {per}", amount.normalize()),
        Rate::Excluded => "*".to_owned(),
        Rate::Conditional { raw } => raw.clone(),
        Rate::NotLoaded => "–".to_owned(),
    }
}

fn step(step: &Step) -> String {
    match step {
        Step::Value { value } => value.to_string(),
        Step::Quantity { quantity } => quantity.to_string(),
        Step::Percent { percent } => format!("× {} %", percent.normalize()),
        Step::PerUnit { amount } => format!("× {amount}"),
        Step::Product { exact } => format!("= {}", exact.normalize()),
        Step::Deducted { deducted, exact } => format!("− {} = {}", deducted.normalize(), exact.normalize()),
        Step::Rounded { amount, .. } => format!("→ {amount}"),
    }
}

/// The warning's sentence; what it names stands behind it.
fn said_warning(frame: &Frame, warning: &Warning) -> String {
    let json = serde_json::to_value(warning).unwrap_or_default();
    let code = json["warning"]
        .as_str()
        .or_else(|| json["code"].as_str())
        .or_else(|| json["kind"].as_str())
        .unwrap_or_default()
        .to_owned();
    let names = ["scheme", "act", "origin", "implied_percent", "raw", "of"]
        .iter()
        .filter_map(|name| json[*name].as_str());
    let named = names.collect::<Vec<_>>().join(" ");
    let word = frame.word("tariff-warning", &code);
    if named.is_empty() { word } else { format!("{word} ({named})") }
}

/// How many candidates are shown.
const FOUND_MAX: usize = 15;
/// The longest question, in characters.
const ASKED_MAX: usize = 300;
