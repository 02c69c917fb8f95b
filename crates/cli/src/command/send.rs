//! `sampan send`: a message that was not delivered is tried again.

use std::path::PathBuf;

use kernel::CaseId;
use serde_json::json;

use crate::client::Done;
use crate::command::{act, running};
use crate::exit::Exit;
use crate::output;

/// Has the stored bytes of an undelivered item sent again. What goes out by itself needs no command: an export is
/// shared when it is imported, as far as a term allows.
///
/// Example: sampan send nodes/vn sent/TH-acdd-VN-EX-3-1
#[derive(clap::Args)]
pub(crate) struct Send {
    /// The node's folder.
    dir: PathBuf,
    /// The item's case.
    case: String,
}

impl Send {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let id = act::fresh(&self.case);
        let done =
            running::client(&self.dir)?.act(&id, &CaseId::new(self.case), &json!({ "act": "resend" }))?;
        match &done {
            Done::Taken => output::line("on its way again"),
            Done::Refused(code) => output::line(format_args!("refused: {code}")),
        }
        Ok(Exit::sound_if(done == Done::Taken))
    }
}
