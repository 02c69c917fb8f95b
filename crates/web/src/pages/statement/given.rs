//! The statement of a case for its holder, and the address in the square on its paper.

use aws_lc_rs::rand;
use node::statements::{DESKS, issue_for};
use store::CaseRow;

use super::public::voice;
use crate::ask::{Ask, Problem, Reply};
use crate::fields::path_of;
use crate::pages::cases::opened;

/// The statement of a case, as a file.
///
/// # Errors
/// As the page of the case; [`Problem::NotFound`] where nothing can be said of it.
pub(crate) fn given(ask: &Ask) -> Result<Reply, Problem> {
    let (row, barred) = opened(ask)?;
    if let Some(refusal) = barred.into_iter().next() {
        return Err(Problem::Refused(refusal));
    }
    let text = made(ask, &row)?.ok_or(Problem::NotFound)?;
    let name = format!("{}.sd-jwt", row.id.as_str().replace('/', "-"));
    Ok(Reply::file("application/vc+sd-jwt", name, text.into_bytes()))
}

/// Where a case's statement is had; empty where none can be.
pub(crate) fn link(ask: &Ask, row: &CaseRow) -> String {
    let is_said = DESKS
        .iter()
        .any(|desk| desk.name == row.id.desk() && !desk.invalid.contains(&row.summary.stage.as_str()));
    let has_voice = is_said && ask.app.node.voice().is_some();
    if has_voice { format!("/statement/{}", path_of(row.id.as_str())) } else { String::new() }
}

/// The address that opens the page with this statement in it. The part after `#` never leaves the phone.
pub(crate) fn square(ask: &Ask, row: &CaseRow) -> Option<String> {
    let text = made(ask, row).ok().flatten()?;
    let address = ask.app.node.voice()?.address.clone();
    Some(format!("{address}/check/document#{text}"))
}

fn made(ask: &Ask, row: &CaseRow) -> Result<Option<String>, Problem> {
    let voice = voice(ask)?;
    let mut seed = [0; 32];
    rand::fill(&mut seed).map_err(|_| Problem::Undrawn("no randomness".to_owned()))?;
    issue_for(&voice, row, &seed).map_err(|why| Problem::Undrawn(why.to_string()))
}
