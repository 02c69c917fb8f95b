//! `sampan import`: own declarations into a running node.

use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::Value;

use crate::command::running;
use crate::exit::Exit;
use crate::output::{self, Format};

/// Takes own declarations into a running node: WCO XML, CSV or JSON. Ends with 1 where one was not taken.
///
/// Example: sampan import nodes/vn declarations.csv
#[derive(clap::Args)]
pub(crate) struct Import {
    /// The node's folder.
    dir: PathBuf,
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Import {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let client = running::client(&self.dir)?;
        let mut all_taken = true;
        for file in &self.files {
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let report = client.import(&bytes, "application/octet-stream")?;
            let count = |list: &str| report[list].as_array().map_or(0, Vec::len);
            all_taken &= count("refused") == 0 && count("taken") + count("known") > 0;
            match self.format {
                Format::Json => output::json(&report),
                Format::Text => {
                    output::line(format_args!(
                        "{}: {} taken, {} known, {} refused",
                        file.display(),
                        count("taken"),
                        count("known"),
                        count("refused")
                    ));
                    print_findings(&report);
                }
            }
        }
        Ok(Exit::sound_if(all_taken))
    }
}

fn print_findings(report: &Value) {
    for finding in report["findings"]["list"].as_array().into_iter().flatten() {
        let place = &finding["place"];
        output::line(format_args!(
            "  {}:{} {} {} {}",
            place["line"],
            place["column"],
            finding["code"].as_str().unwrap_or_default(),
            place["path"].as_str().unwrap_or_default(),
            finding["seen"].as_str().unwrap_or_default()
        ));
    }
}
