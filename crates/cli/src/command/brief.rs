//! `sampan brief`: what stands between us and a partner, each figure with the question that gives it again.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kernel::NodeId;
use node::Config;
use node::brief::{Chapter, Figure, brief};
use serde_json::json;
use store::Query;

use crate::command::folder;
use crate::exit::Exit;
use crate::output::{self, Format};

/// Writes the brief for a partner from a node's folder, whether the node runs or not.
///
/// Example: sampan brief TH --dir nodes/vn --date 2026-12-05
#[derive(clap::Args)]
pub(crate) struct Brief {
    /// The partner.
    partner: String,
    /// The node's folder.
    #[arg(long, env = "SAMPAN_DIR")]
    dir: PathBuf,
    /// The day it looks ahead to, in the node's zone; a week from now where it is not said.
    #[arg(long)]
    date: Option<Date>,
    /// Form of the result: text, or one JSON object per figure.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Brief {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let config = Config::load(&self.dir)?;
        let look = folder::look(&self.dir)?;
        let partner = NodeId::new(self.partner.clone());
        if partner == config.id {
            bail!("{partner} is this node itself");
        }
        let at = self.until(&config.zone)?;
        let found = brief(&*look, &config.id, &partner, at)?;
        for chapter in &found.chapters {
            self.chapter(chapter);
        }
        if self.format == Format::Text && found.chapters.is_empty() {
            output::line(format_args!("nothing stands between {} and {partner}", config.id));
        }
        Ok(Exit::Sound)
    }

    /// The end of the day.
    fn until(&self, zone: &str) -> anyhow::Result<Timestamp> {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let day = match self.date {
            Some(day) => day,
            None => Timestamp::now().checked_add((7 * 24).hours())?.to_zoned(zone.clone()).date(),
        };
        Ok(day.tomorrow().context("the calendar ends there")?.to_zoned(zone)?.timestamp())
    }

    fn chapter(&self, chapter: &Chapter) {
        if self.format == Format::Text {
            output::line(format_args!("\n{}", chapter.key.trim_start_matches("brief.")));
        }
        for figure in &chapter.figures {
            match self.format {
                Format::Text => output::line(text(figure)),
                Format::Json => output::json(&as_json(chapter, figure)),
            }
        }
    }
}

fn text(figure: &Figure) -> String {
    let of = figure.whole.as_ref().map_or_else(String::new, |(count, _)| format!(" of {count}"));
    let what = figure.key.trim_start_matches("brief.");
    let number = format!("{}{of}", figure.count);
    format!("  {what:24} {:18} {number:>14}   {}", figure.of_what, asked(&figure.query))
}

fn as_json(chapter: &Chapter, figure: &Figure) -> serde_json::Value {
    json!({
        "chapter": chapter.key, "figure": figure.key, "of": figure.of_what, "count": figure.count,
        "asked": asked(&figure.query), "whole": figure.whole.as_ref().map(|(count, _)| count),
        "whole_asked": figure.whole.as_ref().map(|(_, query)| asked(query)),
    })
}

/// The question as `sampan show` takes it.
fn asked(query: &Query) -> String {
    let mut words = vec!["show".to_owned()];
    let mut option = |name: &str, value: Option<String>| {
        words.extend(value.map(|value| format!("--{name} '{value}'")));
    };
    option("desk", query.desk.clone());
    query.stages.iter().for_each(|stage| option("stage", Some(stage.clone())));
    option("partner", query.partner.clone());
    option("lane", query.lane.clone());
    option("rung", query.rung_min.map(|rung| rung.to_string()));
    option("due-until", query.due_until.map(|until| until.to_string()));
    words.extend((query.closed == Some(false)).then(|| "--open".to_owned()));
    words.join(" ")
}
