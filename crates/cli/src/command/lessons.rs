//! `sampan model lessons`: what officers found, as a file a model learns from.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use customs::terms::{Column, Gauge};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use node::selecting::{ChosenBy, PastLine, Verdict, past};
use rust_decimal::Decimal;

use crate::command::folder;
use crate::exit::Exit;
use crate::output;

#[derive(clap::Args)]
pub(crate) struct Lessons {
    /// The node's folder, whether the node runs or not.
    #[arg(env = "SAMPAN_DIR")]
    dir: PathBuf,
    /// Where the file goes.
    #[arg(long)]
    out: PathBuf,
}

const COLUMNS: [Column; 8] = [
    Column::Code,
    Column::Origin,
    Column::Departure,
    Column::Regime,
    Column::Office,
    Column::Transport,
    Column::Importer,
    Column::Seller,
];
const GAUGES: [Gauge; 3] = [Gauge::Rate, Gauge::NetMass, Gauge::Value];

impl Lessons {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
        let lines = past(&*folder::look(&self.dir)?, today)?;
        let written = write(&lines, &self.out)?;
        output::say(format_args!("{written} of {} lines were looked at", lines.len()));
        Ok(Exit::sound_if(written > 0))
    }
}

/// Writes every line that was looked at: `wrong` is what was found, `by_chance` whether chance chose it.
fn write(lines: &[PastLine], path: &Path) -> anyhow::Result<usize> {
    let mut file =
        csv::Writer::from_path(path).with_context(|| format!("cannot write {}", path.display()))?;
    let columns = COLUMNS.iter().map(|column| column.code());
    let gauges = GAUGES.iter().map(Gauge::code);
    let head =
        ["line", "day"].into_iter().chain(columns).chain(gauges).chain(["wrong", "by_chance", "recovered"]);
    file.write_record(head)?;
    let mut written = 0;
    for line in lines {
        let Some(found) = &line.found else { continue };
        let goods = &line.goods;
        let mut record = vec![goods.line.clone(), goods.day.to_string()];
        record.extend(COLUMNS.iter().map(|column| goods.text(*column).to_owned()));
        record.extend(GAUGES.iter().map(|gauge| plain(goods.gauge(gauge))));
        record.push(u8::from(found.verdict == Verdict::Wrong).to_string());
        record.push(u8::from(found.chosen == ChosenBy::Chance).to_string());
        record.push(plain(found.recovered.as_ref().map(|money| money.amount)));
        file.write_record(record)?;
        written += 1;
    }
    file.flush()?;
    Ok(written)
}

fn plain(number: Option<Decimal>) -> String {
    number.map_or_else(String::new, |number| number.normalize().to_string())
}
