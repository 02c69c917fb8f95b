//! `sampan act`: an act on a case of a running node.

use std::path::PathBuf;

use anyhow::Context as _;
use kernel::{CaseId, Digest};
use serde_json::{Value, json};

use crate::client::Done;
use crate::command::running;
use crate::exit::Exit;
use crate::output;

/// Takes an act on a case of a running node. Ends with 1 where it is refused.
///
/// Example: sampan act nodes/vn consignment/VN-IM-1 release --with '{"reason":"checked"}'
#[derive(clap::Args)]
pub(crate) struct Act {
    /// The node's folder.
    dir: PathBuf,
    /// The case.
    case: String,
    /// The act, by its name in the table.
    act: String,
    /// What belongs to the act, as a JSON object.
    #[arg(long, default_value = "{}")]
    with: String,
    /// The act's id; the same id taken twice happens once. Otherwise it follows from the moment.
    #[arg(long)]
    id: Option<String>,
}

impl Act {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let with: Value = serde_json::from_str(&self.with).context("--with is no JSON object")?;
        let act = named(&self.act, with)?;
        let id = self.id.unwrap_or_else(|| fresh(&self.case));
        match running::client(&self.dir)?.act(&id, &CaseId::new(self.case), &act)? {
            Done::Taken => {
                output::line("taken");
                Ok(Exit::Sound)
            }
            Done::Refused(code) => {
                output::line(format_args!("refused: {code}"));
                Ok(Exit::Wrong)
            }
        }
    }
}

/// An act of this name with these members.
pub(crate) fn named(name: &str, with: Value) -> anyhow::Result<Value> {
    let Value::Object(mut members) = with else { anyhow::bail!("what belongs to an act is a JSON object") };
    members.insert("act".to_owned(), json!(name));
    Ok(Value::Object(members))
}

/// An id nobody has used: the digest of the case and the moment.
pub(crate) fn fresh(case: &str) -> String {
    let now = jiff::Timestamp::now().as_nanosecond();
    format!("command-line-{}", Digest::of(format!("{case} {now}").as_bytes()).short())
}
