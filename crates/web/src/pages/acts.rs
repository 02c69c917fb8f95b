//! The one form that acts: every button on every page sends its case, its act and the act's values here; the tables decide.

use aws_lc_rs::rand;
use kernel::{CaseId, Digest};
use serde_json::{Map, Value};

use crate::ask::{Ask, Problem, Reply};
use crate::fields::{Fields, path_of};
use crate::frame::Frame;
use crate::node_side::Wanted;
use crate::notice::Notice;

/// What a form on a page starts from.
#[derive(Clone, Debug)]
pub(super) struct FormSeed {
    /// The act's id: a form sent twice is one act.
    pub act_id: String,
    /// The case it acts on.
    pub case: String,
}

impl FormSeed {
    /// A form on this case.
    #[must_use]
    pub(super) fn on(frame: &Frame, case: &CaseId) -> Self {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).expect("the machine has randomness");
        let session = frame.person.as_ref().map_or("", |person| person.session.as_str());
        Self {
            act_id: format!("web-{session}-{}", Digest::from_bytes(bytes).short()),
            case: case.to_string(),
        }
    }
}

/// Takes the act a form asks for and goes back to where the form stood.
///
/// # Errors
/// Where the form is not whole or the node failed; a refusal is told on the page the form stood on.
pub(crate) fn act(ask: &Ask) -> Result<Reply, Problem> {
    let case = case_of(&ask.form)?;
    let name = ask.form.text("act").to_owned();
    let wanted = Wanted { id: ask.act_id()?, case: case.clone(), act: act_of(&ask.form) };
    let told = told(ask.act(wanted).map(drop), case.desk(), &name)?;
    Ok(ask.tell(told, &back(ask, &case)))
}

/// Sends a received item through the door again.
///
/// # Errors
/// As [`act`].
pub(crate) fn replay(ask: &Ask) -> Result<Reply, Problem> {
    let case = case_of(&ask.form)?;
    let actor = ask.actor().ok_or(Problem::Forbidden)?;
    let taken = ask.app.node.replay(actor, ask.act_id()?, case.clone()).map_err(Problem::from);
    let told = told(taken.map(drop), "received", "replay")?;
    Ok(ask.tell(told, &back(ask, &case)))
}

/// What the next page says of it; only what is neither done nor refused is a problem.
fn told(taken: Result<(), Problem>, desk: &str, name: &str) -> Result<Notice, Problem> {
    match taken {
        Ok(()) => Ok(Notice::done(done_key(desk, name))),
        Err(Problem::Refused(refusal)) => Ok(Notice::Refused(refusal)),
        Err(Problem::Busy) => Ok(Notice::Failed),
        Err(problem) => Err(problem),
    }
}

fn done_key(desk: &str, name: &str) -> &'static str {
    match (desk, name) {
        ("finding", "inspect") => "done.inspect",
        ("finding", "record-result") => "done.record-result",
        ("finding", "decide") => "done.decide",
        ("consignment", "hold") => "done.hold",
        ("consignment", "release") => "done.release",
        ("consignment", "unlink") => "done.unlink",
        ("obligation", "waive") => "done.waive",
        ("received", "replay") => "done.replay",
        ("sent", "resend") => "done.resend",
        _ => "done.act",
    }
}

fn case_of(form: &Fields) -> Result<CaseId, Problem> {
    let case = CaseId::new(form.text("case"));
    if case.key().is_empty() || form.text("act").is_empty() { Err(Problem::BadForm) } else { Ok(case) }
}

/// The act in its desk's own JSON: its name and every field called `with.…`.
fn act_of(form: &Fields) -> Value {
    let mut act = Map::new();
    act.insert("act".into(), form.text("act").into());
    for (name, value) in form.iter() {
        if let Some(name) = name.strip_prefix("with.") {
            act.insert(name.into(), value.trim().into());
        }
    }
    Value::Object(act)
}

fn back(ask: &Ask, case: &CaseId) -> String {
    ask.back_to(&format!("/record/{}", path_of(case.as_str()))).to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_becomes_the_act_its_fields_say() {
        let form = Fields::read(
            b"case=finding%2F1&act=decide&with.verdict=confirmed&with.reason=counted-short&back=%2F",
        );
        let expected = json!({"act": "decide", "verdict": "confirmed", "reason": "counted-short"});
        assert_eq!(act_of(&form), expected);
        assert!(case_of(&form).is_ok());
        assert!(matches!(case_of(&Fields::read(b"case=finding&act=x")), Err(Problem::BadForm)));
    }
}
