//! `sampan tariff search`: lines that may be meant, best first, with what speaks for each.

use customs::tariff::search::{Candidate, Evidence, search};

use crate::exit::Exit;
use crate::output::{self, Format};

/// Ranks the lines that a code, words or a description may mean. A person decides.
///
/// English, Indonesian or Vietnamese; case, diacritics and small slips do not matter. Ends with 1 where nothing is
/// found.
///
/// Example: sampan tariff search cotton t-shirts, knitted
#[derive(clap::Args)]
pub(crate) struct Search {
    /// Words of a description, or the digits of a code.
    #[arg(required = true)]
    words: Vec<String>,
    /// At most so many candidates.
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Form of the result: text, or one JSON object per candidate.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Search {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let found = search(&self.words.join(" "), self.limit);
        for candidate in &found {
            match self.format {
                Format::Json => output::json(candidate),
                Format::Text => print(candidate),
            }
        }
        Ok(Exit::sound_if(!found.is_empty()))
    }
}

fn print(candidate: &Candidate) {
    let said = |texts: &customs::tariff::Texts| texts.en.or(texts.vi).unwrap_or_default();
    let mut nodes = candidate.path.nodes.iter().rev();
    let own = nodes.next().map_or("", |node| said(&node.texts));
    let heading = candidate.path.nodes.get(1).map_or("", |node| said(&node.texts));
    let gap = if candidate.path.parent_missing { " […]" } else { "" };
    output::line(format_args!("{}  {heading}{gap} > {own}", candidate.code));
    if !candidate.evidence.is_empty() {
        let words: Vec<String> = candidate.evidence.iter().map(evidence).collect();
        output::line(format_args!("          {}", words.join(", ")));
    }
}

/// `preperation -> preparation (spelling, heading)`.
fn evidence(one: &Evidence) -> String {
    let how = format!("{:?}, {:?}", one.how, one.place).to_lowercase();
    if one.said == one.found {
        format!("{} ({how})", one.said)
    } else {
        format!("{} -> {} ({how})", one.said, one.found)
    }
}
