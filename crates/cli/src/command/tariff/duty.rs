//! `sampan tariff duty`: what a line owes, under which act, and how that follows.

use anyhow::Context as _;
use customs::tariff::{
    Answer, Calculation, Measure, Question, Rate, Rounding, Step, ad_valorem, answer, specific,
};
use customs::terms::{Country, HsCode};
use jiff::civil::Date;
use kernel::{Currency, Money, Quantity};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::spoken;
use crate::exit::Exit;
use crate::output::{self, Format};

/// Says what a line owes on a day, under a scheme, and how that follows.
///
/// A preference is answered as "this with proof, else that". Ends with 1 where no rate is loaded.
///
/// Example: sampan tariff duty --country VN --code 84718090 --origin CN --date 2026-03-01 --scheme ACFTA
#[derive(clap::Args)]
pub(crate) struct Duty {
    /// Whose tariff, by ISO letters.
    #[arg(long)]
    country: String,
    /// The line: eight digits; dots do not matter.
    #[arg(long)]
    code: String,
    /// Origin of the goods, by ISO letters.
    #[arg(long)]
    origin: Option<String>,
    /// The day the duty becomes due; today (UTC) where none is given.
    #[arg(long)]
    date: Option<Date>,
    /// The scheme: MFN, ATIGA, ACFTA, AANZFTA, EVFTA, EXPORT, OUT-OF-QUOTA, VAT.
    #[arg(long, default_value = "MFN")]
    scheme: String,
    /// Customs value of the goods.
    #[arg(long, requires = "currency")]
    value: Option<Decimal>,
    /// Currency of the value, by ISO letters.
    #[arg(long)]
    currency: Option<String>,
    /// Quantity, in the unit of a rate that is money per unit.
    #[arg(long)]
    quantity: Option<Decimal>,
    /// Form of the result: text, or one JSON object.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Duty {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let day =
            self.date.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date());
        let question = Question {
            country: Country::new(self.country.to_uppercase()),
            code: HsCode::new(&self.code)?,
            origin: self.origin.as_ref().map(|origin| Country::new(origin.to_uppercase())),
            day,
            scheme: Some(self.scheme.to_uppercase()),
        };
        let found = answer(&question)
            .with_context(|| format!("{} {} on {day} has no answer", question.country, question.code))?;
        let amount = found.applies.as_ref().map(|applies| self.amount(applies)).transpose()?.flatten();
        let otherwise = found.otherwise.as_ref().map(|measure| self.amount(measure)).transpose()?.flatten();
        let told = Told { question: &question, answer: &found, amount, otherwise };
        match self.format {
            Format::Json => output::json(&told.json()),
            Format::Text => told.print(),
        }
        Ok(Exit::sound_if(found.applies.is_some()))
    }

    /// The amount under a measure, where what it is taken of was given.
    fn amount(&self, measure: &Measure) -> anyhow::Result<Option<Calculation>> {
        let none = Decimal::ZERO;
        match (&measure.rate, self.value, self.quantity) {
            (Rate::Percent { percent }, Some(value), _) => {
                let value = Money::new(value, self.currency.clone().unwrap_or_default().to_uppercase());
                let rounding = Rounding::truncating(&value.currency);
                Ok(Some(ad_valorem(&value, *percent, none, &rounding)?))
            }
            (Rate::Specific { amount, per }, _, Some(quantity)) => {
                let rate = Money { amount: *amount, currency: own_currency(&self.country) };
                let rounding = Rounding::truncating(&rate.currency);
                Ok(Some(specific(&Quantity::new(quantity, per.clone()), &rate, none, &rounding)?))
            }
            _ => Ok(None),
        }
    }
}

/// The currency a country's rates of money per unit are in. Only Indonesia's are loaded.
fn own_currency(country: &str) -> Currency {
    Currency::new(if country.eq_ignore_ascii_case("ID") { "IDR" } else { "" })
}

/// An answer on its way to a person or a program.
struct Told<'a> {
    question: &'a Question,
    answer: &'a Answer,
    amount: Option<Calculation>,
    otherwise: Option<Calculation>,
}

impl Told<'_> {
    fn json(&self) -> Value {
        let applies = self.answer.applies.as_ref();
        let warned = |warning| {
            let mut value = json!(warning);
            value["says"] = json!(spoken::warning(warning));
            value
        };
        let warnings: Vec<Value> = self.answer.warnings.iter().map(warned).collect();
        json!({
            "country": self.question.country, "code": self.question.code, "origin": self.question.origin,
            "date": self.question.day, "scheme": self.question.scheme,
            "scheme_applied": applies.map(|measure| &measure.series.scheme),
            "rate_percent": applies.and_then(percent), "rate": applies.map(|measure| &measure.rate),
            "source_act": applies.map(|measure| measure.series.source()),
            "proof": applies.and_then(|measure| measure.series.proof.as_ref()),
            "says": self.says(), "measure": applies,
            "otherwise": self.answer.otherwise.as_ref().map(|measure| json!({
                "scheme": measure.series.scheme, "rate_percent": percent(measure), "rate": measure.rate,
                "source_act": measure.series.source(), "amount": self.otherwise.as_ref().map(|found| &found.amount),
                "steps": self.otherwise.as_ref().map(|found| &found.steps),
            })),
            "amount": self.amount.as_ref().map(|found| &found.amount),
            "steps": self.steps(), "calculation": self.amount.as_ref().map(|found| &found.steps),
            "beside": self.answer.beside, "path": self.answer.path, "warnings": warnings,
        })
    }

    fn print(&self) {
        for (number, step) in (1..).zip(self.steps()) {
            output::line(format_args!("{number}. {step}"));
        }
        for measure in &self.answer.beside {
            output::line(format_args!("beside the duty: {}", spoken::measure(measure)));
        }
        for warning in &self.answer.warnings {
            output::line(format_args!("warning {}", spoken::warning(warning)));
        }
        output::line(self.says());
    }

    /// The answer in one sentence.
    fn says(&self) -> String {
        let owed = |measure: &Measure, amount: &Option<Calculation>| match amount {
            Some(found) => format!("{}: {}", spoken::rate(&measure.rate), found.amount),
            None => spoken::rate(&measure.rate),
        };
        let Some(applies) = &self.answer.applies else { return "no rate loaded (not zero)".to_owned() };
        let first = owed(applies, &self.amount);
        match (&applies.series.proof, &self.answer.otherwise) {
            (Some(proof), Some(general)) => {
                format!("{first} with {proof}, else {}", owed(general, &self.otherwise))
            }
            (Some(proof), None) => format!("{first} with {proof}, else no rate loaded (not zero)"),
            (None, _) => first,
        }
    }

    fn steps(&self) -> Vec<String> {
        let Question { country, code, day, .. } = self.question;
        let path = &self.answer.path;
        let text = path.nodes.last().and_then(|node| node.texts.en).unwrap_or_default();
        let mut steps =
            vec![format!("{country} uses {} on {day}; {code} is: {text}", path.nomenclature.name())];
        steps.extend(
            self.answer.applies.iter().map(|measure| format!("applies: {}", spoken::measure(measure))),
        );
        steps.extend(self.amount.iter().flat_map(|found| &found.steps).map(step));
        steps.extend(
            self.answer.otherwise.iter().map(|measure| format!("else: {}", spoken::measure(measure))),
        );
        steps.extend(self.otherwise.iter().flat_map(|found| &found.steps).map(step));
        steps
    }
}

/// A percentage as a JSON number; it has a few decimals at most.
fn percent(measure: &Measure) -> Option<serde_json::Number> {
    measure.rate.percent()?.normalize().to_string().parse().ok()
}

fn step(step: &Step) -> String {
    match step {
        Step::Value { value } => format!("value {value}"),
        Step::Quantity { quantity } => format!("quantity {} {}", quantity.amount.normalize(), quantity.unit),
        Step::Percent { percent } => format!("by {} %", percent.normalize()),
        Step::PerUnit { amount } => format!("by {amount} a unit"),
        Step::Product { exact } => format!("gives {} exactly", exact.normalize()),
        Step::Deducted { deducted, exact } => {
            format!("less {} leaves {} exactly", deducted.normalize(), exact.normalize())
        }
        Step::Rounded { rounding, amount } => {
            let mode = format!("{:?}", rounding.mode).to_lowercase();
            format!("{amount} {} by {mode} at {} decimals", rounding.currency, rounding.decimals)
        }
    }
}
