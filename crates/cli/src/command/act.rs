//! `sampan act`: an act on a case of a running node.

use std::path::PathBuf;

use anyhow::Context as _;
use kernel::{Attachment, CaseId, Digest, Sort, Wrong};
use serde_json::{Value, json};

use crate::client::{Done, SentFile};
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
    /// What belongs to the act, field by field as `sampan show CASE --acts` names them: `reason=checked`, `lines.0.hs=847130`,
    /// `file=@values.txt` for a file.
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
        let mut files = Vec::new();
        let act = if self.fields.is_empty() {
            let with: Value = serde_json::from_str(&self.with).context("--with is no JSON object")?;
            named(&self.act, with)?
        } else {
            match filled((&self.case, &self.act), &self.fields, &mut files)? {
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
        match running::client(&self.dir)?.act_with(&id, &CaseId::new(self.case), (&act, &files))? {
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

/// The act that `name=value` pairs say by the form of the case's desk, or what is wrong with them. Files that fields name by
/// `@path` are read.
fn filled(
    (case, act): (&str, &str),
    fields: &[String],
    files: &mut Vec<SentFile>,
) -> anyhow::Result<Result<Value, Vec<Wrong>>> {
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
        let is_file = form.field(name).is_some_and(|field| field.sort == Sort::File);
        let value = match value.strip_prefix('@').filter(|_| is_file) {
            Some(path) => read(name, path, files)?,
            None => value.to_owned(),
        };
        Ok((name.to_owned(), value))
    };
    let given = fields.iter().map(pair).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(form.act(&given))
}

/// Reads a file that belongs to an act, and says what stands in the act for it.
fn read(field: &str, path: &str, files: &mut Vec<SentFile>) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {path}"))?;
    // Its media type is for the node to find out; here it only has to stand for something.
    let file = Attachment::of(path, "application/octet-stream", &bytes);
    let text = serde_json::to_string(&file)?;
    files.push(SentFile { field: field.to_owned(), name: file.name, bytes });
    Ok(text)
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
