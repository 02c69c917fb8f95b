//! The evidence of one message, as a file anybody can check without this node.

use kernel::CaseId;

use crate::ask::{Ask, Problem, Reply};
use crate::pages::consignment::see;

/// The evidence. What a partner said is in it, so taking it away is reading it, for a purpose.
///
/// # Errors
/// [`Problem::NotFound`] also while the message's entry is under no checkpoint yet; the refusal of the reading.
pub(crate) fn evidence(ask: &Ask) -> Result<Reply, Problem> {
    let case = CaseId::new(ask.params.text("case"));
    if !matches!(case.desk(), "received" | "sent") {
        return Err(Problem::NotFound);
    }
    ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)?;
    if case.desk() == "received" {
        see(ask, &case)?.map_or(Ok(()), |refusal| Err(Problem::Refused(refusal)))?;
    }
    let bytes = ask.app.node.evidence(&case).map_err(Problem::from)?.ok_or(Problem::NotFound)?;
    Ok(Reply::file("application/octet-stream", format!("{}.evidence", case.key()), bytes))
}
