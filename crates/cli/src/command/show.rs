//! `sampan show`: one case whole, or a list of cases, read from a node's folder.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use customs::desks::desk;
use kernel::{CaseId, Need, Role};
use serde_json::json;
use store::{CaseRow, Look, Order, Query};

use crate::command::folder;
use crate::exit::Exit;
use crate::output::{self, Format};

/// Shows cases: one whole, or a list. Works on a node's folder, whether the node runs or not.
///
/// Example: sampan show --dir nodes/vn --desk finding --open
#[derive(clap::Args)]
pub(crate) struct Show {
    /// One case, such as `consignment/VN-IM-1`; without it, a list.
    case: Option<String>,
    /// The node's folder.
    #[arg(long, env = "SAMPAN_DIR")]
    dir: PathBuf,
    /// Cases of this desk.
    #[arg(long)]
    desk: Option<String>,
    /// Cases in this stage; may be given more than once.
    #[arg(long)]
    stage: Vec<String>,
    /// Cases in this lane, such as `TH-VN acdd`.
    #[arg(long)]
    lane: Option<String>,
    /// Cases with this partner.
    #[arg(long)]
    partner: Option<String>,
    /// Items that got at least this far on the ladder, from 1 (arrived) to 6 (told).
    #[arg(long)]
    rung: Option<u8>,
    /// Cases due at or before this moment.
    #[arg(long)]
    due_until: Option<jiff::Timestamp>,
    /// Also what can be done with the case now, by whom, and what is filled in for it.
    #[arg(long, requires = "case")]
    acts: bool,
    /// Open cases only.
    #[arg(long)]
    open: bool,
    /// At most so many.
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// Form of the result: text, or one JSON object per case.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Show {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let look = folder::look(&self.dir)?;
        match &self.case {
            Some(case) => self.one(&*look, &CaseId::new(case.clone())),
            None => self.list(&*look),
        }
    }

    fn one(&self, look: &dyn Look, id: &CaseId) -> anyhow::Result<Exit> {
        let Some(row) = look.case(id)? else { bail!("there is no case {id}") };
        match self.format {
            Format::Json => output::json(&as_json(&row)),
            Format::Text => print_whole(&row)?,
        }
        if self.acts {
            print_acts(&row, self.format);
        }
        Ok(Exit::Sound)
    }

    fn list(&self, look: &dyn Look) -> anyhow::Result<Exit> {
        let query = Query {
            desk: self.desk.clone(),
            stages: self.stage.clone(),
            lane: self.lane.clone(),
            partner: self.partner.clone(),
            rung_min: self.rung,
            due_until: self.due_until,
            closed: self.open.then_some(false),
            order: Order::Newest,
            limit: self.limit,
            ..Query::default()
        };
        let page = look.cases(&query)?;
        for row in &page.rows {
            match self.format {
                Format::Json => output::json(&as_json(row)),
                Format::Text => output::line(row_line(row)),
            }
        }
        if self.format == Format::Text {
            output::line(format_args!("{} of {}", page.rows.len(), page.total));
        }
        Ok(Exit::Sound)
    }
}

fn row_line(row: &CaseRow) -> String {
    let due = row.summary.due.map_or_else(String::new, |due| format!(" due {due}"));
    let weight = row.summary.severity.map_or("", |severity| match severity {
        kernel::Severity::Note => " note",
        kernel::Severity::Warning => " warning",
        kernel::Severity::Error => " error",
        kernel::Severity::Fatal => " fatal",
    });
    format!("{:11} {:52} {}{weight}{due}", row.summary.stage, row.id.as_str(), row.summary.title)
}

fn print_whole(row: &CaseRow) -> anyhow::Result<()> {
    output::line(row_line(row));
    let shown = serde_json::to_string_pretty(&row.state).context("a state is plain data")?;
    output::line(shown);
    let Some(desk) = desk(row.id.desk()) else { return Ok(()) };
    for role in std::iter::once(Role::NODE).chain(customs::roles::ALL) {
        let offers = desk.offers(Some(&row.state), &role);
        if !offers.is_empty() && role != Role::NODE {
            output::line(format_args!("{role} may: {}", offers.join(", ")));
        }
    }
    Ok(())
}

/// Every act a person may take on the case now, with the fields of its form.
fn print_acts(row: &CaseRow, format: Format) {
    let Some(desk) = desk(row.id.desk()) else { return };
    for role in customs::roles::ALL {
        for act in desk.offers(Some(&row.state), &role) {
            let fields = desk.form(act).fields;
            match format {
                Format::Json => {
                    let fields: Vec<_> = fields.iter().map(|field| json!({
                        "name": field.name, "sort": format!("{:?}", field.sort), "needed": field.need == Need::Needed,
                    })).collect();
                    output::json(&json!({ "role": role, "act": act, "fields": fields }));
                }
                Format::Text => {
                    output::line(format_args!("{role}: {act}"));
                    for field in fields {
                        let need = if field.need == Need::Needed { "needed" } else { "optional" };
                        output::line(format_args!("    {:28} {need:9} {:?}", field.name, field.sort));
                    }
                }
            }
        }
    }
}

fn as_json(row: &CaseRow) -> serde_json::Value {
    json!({
        "case": row.id, "summary": row.summary, "state": row.state, "opened": row.opened, "changed": row.changed,
    })
}
