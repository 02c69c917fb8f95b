//! `sampan log`: what happened on a case, or in the whole record, read from a node's folder.

use std::path::PathBuf;

use anyhow::Context as _;
use kernel::{CaseId, Entry, Happening};
use serde_json::json;
use store::Look;

use crate::command::folder;
use crate::exit::Exit;
use crate::output::{self, Format};

/// Shows what happened on a case, or in the whole record. Works on a node's folder, whether the node runs or not.
///
/// Example: sampan log --dir nodes/vn finding/VN-IM-1-quantity-short-1-ab12cd34ef56
#[derive(clap::Args)]
pub(crate) struct Log {
    /// One case; without it, the whole record.
    case: Option<String>,
    /// The node's folder.
    #[arg(long, env = "SAMPAN_DIR")]
    dir: PathBuf,
    /// From this entry on.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Form of the result: text, or one JSON object per entry.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How many entries are read at a time.
const PAGE: u32 = 500;

impl Log {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let look = folder::look(&self.dir)?;
        match &self.case {
            Some(case) => {
                for (number, entry) in look.history(&CaseId::new(case.clone()))? {
                    self.print(number, &entry);
                }
            }
            None => self.whole(&*look)?,
        }
        Ok(Exit::Sound)
    }

    fn whole(&self, look: &dyn Look) -> anyhow::Result<()> {
        let mut number = self.from;
        loop {
            let page = look.entry_bytes(number, PAGE)?;
            if page.is_empty() {
                return Ok(());
            }
            for bytes in page {
                let entry =
                    Entry::from_bytes(&bytes).with_context(|| format!("entry {number} is not readable"))?;
                self.print(number, &entry);
                number += 1;
            }
        }
    }

    fn print(&self, number: u64, entry: &Entry) {
        match self.format {
            Format::Json => output::json(&json!({ "number": number, "entry": entry })),
            Format::Text => output::line(format_args!(
                "{number:6} {} {}/{} {} {}",
                entry.at,
                entry.actor.role,
                entry.actor.name,
                entry.case,
                what(&entry.what)
            )),
        }
    }
}

fn what(happening: &Happening) -> String {
    match happening {
        Happening::Event { name, event, .. } => {
            format!("{name} -> {}", event.get("event").and_then(|name| name.as_str()).unwrap_or("?"))
        }
        Happening::Refused { name, refusal, .. } => format!("{name} refused: {refusal}"),
        Happening::Witnessed { origin, .. } => format!("witnessed {origin}"),
        Happening::Edition { book, edition, .. } => format!("edition {book} {edition}"),
    }
}
