//! `sampan tariff show`: a code with its texts, what lies below, its correlations and its measures.

use anyhow::{Context as _, bail};
use customs::tariff::{Correlation, Measure, Node, Nomenclature, correlate, measures};
use customs::terms::{Country, HsCode};
use jiff::civil::Date;
use serde_json::json;

use super::spoken;
use crate::exit::Exit;
use crate::output::{self, Format};

/// Shows a code: its texts, what lies below, what it was in other editions, its measures on a day.
///
/// Example: sampan tariff show 8471.80.90 --country VN --date 2026-03-01
#[derive(clap::Args)]
pub(crate) struct Show {
    /// Two to eight digits; dots do not matter.
    code: String,
    /// Whose nomenclature and rates, by ISO letters.
    #[arg(long)]
    country: Option<String>,
    /// On which day; today (UTC) where none is given.
    #[arg(long)]
    date: Option<Date>,
    /// A nomenclature instead of the country's: ahtn-2022, hs-2022, hs-2017, hs-2012.
    #[arg(long, value_parser = nomenclature)]
    nomenclature: Option<Nomenclature>,
    /// Form of the result: text, or one JSON object.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Show {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let day =
            self.date.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date());
        let nomenclature = self.used(day)?;
        let code = digits(&self.code)?;
        let Some(path) = nomenclature.path(&code) else {
            bail!("unknown-code: {code} is not one of {}", nomenclature.name())
        };
        let others = Nomenclature::ALL.into_iter().filter(|other| *other != Nomenclature::Ahtn2022);
        let correlations: Vec<Correlation> =
            others.filter_map(|other| correlate(&code, nomenclature, other)).collect();
        let country = self.country.as_deref().unwrap_or_default();
        let measures = measures(country, &code, day).unwrap_or_default();
        let below = nomenclature.below(&code);
        match self.format {
            Format::Json => output::json(&json!({
                "code": code, "date": day, "path": path, "below": below, "correlations": correlations,
                "measures": measures,
            })),
            Format::Text => {
                path.nodes.iter().for_each(print_node);
                if path.parent_missing {
                    output::line("(a text above the last step carries no code and is in no source)");
                }
                print_rest(nomenclature, &below, &correlations, &measures);
            }
        }
        Ok(Exit::Sound)
    }

    fn used(&self, day: Date) -> anyhow::Result<Nomenclature> {
        match (self.nomenclature, &self.country) {
            (Some(named), _) => Ok(named),
            (None, Some(country)) => Nomenclature::in_force(&Country::new(country.clone()), day)
                .map(|found| found.nomenclature)
                .with_context(|| format!("no-nomenclature: none is loaded for {country} on {day}")),
            (None, None) => Ok(Nomenclature::Ahtn2022),
        }
    }
}

/// The digits of a chapter, or of a longer code.
fn digits(text: &str) -> anyhow::Result<String> {
    let short = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if short { Ok(text.to_owned()) } else { Ok(HsCode::new(text)?.as_str().to_owned()) }
}

fn nomenclature(name: &str) -> Result<Nomenclature, String> {
    let known = || Nomenclature::ALL.map(Nomenclature::name).join(", ");
    Nomenclature::of(name).ok_or_else(|| format!("not a nomenclature; known are {}", known()))
}

fn print_node(node: &Node) {
    let texts = [("en", node.texts.en), ("id", node.texts.id), ("vi", node.texts.vi)];
    for (language, text) in texts.into_iter().filter_map(|(language, text)| Some((language, text?))) {
        output::line(format_args!("{:8}  {language}  {text}", node.code));
    }
}

fn print_rest(nomenclature: Nomenclature, below: &[String], correlations: &[Correlation], found: &[Measure]) {
    for code in below {
        let path = nomenclature.path(code);
        let text = path.as_ref().and_then(|path| path.nodes.last()).and_then(|node| node.texts.en);
        output::line(format_args!("  below {code}  {}", text.unwrap_or_default()));
    }
    for one in correlations {
        let codes: Vec<&str> = one.targets.iter().map(|target| target.code).collect();
        let relation = format!("{:?}", one.relation).to_lowercase();
        output::line(format_args!("  {} {relation}: {}", one.to.name(), codes.join(" ")));
    }
    for one in found {
        output::line(format_args!("  {}", spoken::measure(one)));
    }
}
