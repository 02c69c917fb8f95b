//! `sampan act`: an act on a case of a running node.

use std::path::PathBuf;

use anyhow::Context as _;
use kernel::{CaseId, Digest, Wrong};
use serde_json::{Value, json};

use crate::client::Done;
use crate::command::running;
use crate::exit::Exit;
use crate::output;

/// Takes an act on a case of a running node. Ends with 1 where it is refused or not filled in rightly.
///
/// Example: sampan act nodes/vn consignment/VN-IM-1 release reason="papers checked"
#[derive(clap::Args)]
pub(crate) struct Act {
    /// The node's folder.
    dir: PathBuf,
    /// The case.
    case: String,
    /// The act, by its name in the table.
    act: String,
    /// What belongs to the act, field by field as `sampan show CASE --acts` names them: `reason=checked`, `lines.0.hs=847130`.
    fields: Vec<String>,
    /// What belongs to the act, as a JSON object, instead of fields.
    #[arg(long, default_value = "{}", conflicts_with = "fields")]
    with: String,
    /// The act's id; the same id taken twice happens once. Otherwise it follows from the moment.
    #[arg(long)]
    id: Option<String>,
}

impl Act {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let act = if self.fields.is_empty() {
            let with: Value = serde_json::from_str(&self.with).context("--with is no JSON object")?;
            named(&self.act, with)?
        } else {
            match filled(&self.case, &self.act, &self.fields)? {
                Ok(act) => act,
                Err(wrongs) => {
                    for wrong in wrongs {
                        let Wrong { field, code, hint } = wrong;
                        output::line(format_args!("{field}: {code} {hint}"));
                    }
                    return Ok(Exit::Wrong);
                }
            }
        };
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

/// The act that `name=value` pairs say by the form of the case's desk, or what is wrong with them.
fn filled(case: &str, act: &str, fields: &[String]) -> anyhow::Result<Result<Value, Vec<Wrong>>> {
    let name = CaseId::new(case);
    let desk =
        customs::desks::desk(name.desk()).with_context(|| format!("there is no desk {}", name.desk()))?;
    let form = desk.forms().iter().find(|form| form.act == act);
    let form = form.with_context(|| format!("{act} of {} has no fields; use --with", desk.name()))?;
    let pair = |field: &String| {
        let (name, value) = field.split_once('=').with_context(|| format!("{field} is not name=value"))?;
        anyhow::ensure!(
            form.field(name).is_some(),
            "{act} has no field {name}; `sampan show {case} --acts` lists them"
        );
        Ok((name.to_owned(), value.to_owned()))
    };
    let given = fields.iter().map(pair).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(form.act(&given))
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
