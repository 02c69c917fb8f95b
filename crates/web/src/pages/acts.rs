//! The one form that acts: every button on every page sends its case, its act and the act's values here; the tables decide.

use aws_lc_rs::rand;
use kernel::{CaseId, Digest, Form, Refusal, Wrong};
use serde_json::{Map, Value};

use super::forms::in_zone;
use crate::areas::page_of;
use crate::ask::{Ask, Problem, Reply};
use crate::attach;
use crate::draft::Draft;
use crate::fields::Fields;
use crate::frame::Frame;
use crate::language::Language;
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

/// Takes the act a form asks for and goes back to where the form stood. What cannot be taken as it stands is kept for that page,
/// with what is wrong beside its field.
///
/// # Errors
/// Where the form is not whole or the node failed; a refusal is told on the page the form stood on.
pub(crate) fn act(ask: &Ask) -> Result<Reply, Problem> {
    let case = case_of(&ask.form)?;
    let name = ask.form.text("act").to_owned();
    let form = form_of(ask, &case, &name);
    let given = given(ask, &form);
    let draft = |wrongs, refusal| Draft {
        case: case.clone(),
        act: name.clone(),
        given: given.0.clone(),
        wrongs,
        refusal,
        more: ask.form.text("more").to_owned(),
    };
    if !ask.form.text("more").is_empty() {
        return Ok(ask.again(draft(Vec::new(), None), &back(ask, &case, &form)));
    }
    let act = match act_of(ask, &form, &given) {
        Ok(act) => act,
        Err(wrongs) if form.is_drawn => {
            return Ok(ask.again(draft(wrongs, None), &back(ask, &case, &form)));
        }
        // The page drew its own form: the procedure says what is missing. A file that is not taken is told.
        Err(wrongs) => match wrongs.iter().find(|wrong| wrong.code.starts_with("file-")) {
            Some(wrong) => {
                let refusal = Refusal::new("file-not-taken", wrong.code).remedy(wrong.hint.clone());
                return Ok(ask.tell(Notice::Refused(refusal), &back(ask, &case, &form)));
            }
            None => plain(&ask.form),
        },
    };
    let files = ask.files.iter().map(|file| file.bytes.clone()).collect();
    let wanted = Wanted { id: ask.act_id()?, case: keyed(&case, &form, &act), act, files };
    let opened = wanted.case.clone();
    let told = told(ask.act(wanted).map(drop), case.desk(), &name)?;
    if let (Notice::Refused(refusal), true) = (&told, form.is_drawn) {
        let beside = draft(beside(&form, refusal), Some(refusal.clone()));
        return Ok(ask.again(beside, &back(ask, &case, &form)));
    }
    let to = if opened == case && !form.opens { back(ask, &case, &form) } else { page_of(&opened) };
    Ok(ask.tell(told, &to))
}

/// The form of an act, and how its page stands to it.
struct Asked {
    form: Form,
    /// Whether a page drew the form from the desk's own, and so can draw it again with what was filled in.
    is_drawn: bool,
    /// Whether it opens a case.
    opens: bool,
}

fn form_of(ask: &Ask, case: &CaseId, act: &str) -> Asked {
    let desk = ask.app.node.desks().iter().find(|desk| desk.name() == case.desk());
    let table = desk.map(|desk| desk.table()).unwrap_or_default();
    let line = table.iter().find(|line| line.act == act);
    let form = match (desk, line) {
        (Some(desk), Some(line)) => desk.form(line.act),
        _ => Form::of("", &[]),
    };
    let page = ask.form.text("back").split('?').next().unwrap_or_default().to_owned();
    let opens = page.starts_with("/new/");
    Asked { form, is_drawn: opens || page.starts_with("/cases/"), opens }
}

/// What was filled in, and what is wrong with the files that came.
type Given = (Vec<(String, String)>, Vec<Wrong>);

fn given(ask: &Ask, asked: &Asked) -> Given {
    let (mut given, mut wrongs) = (Vec::new(), Vec::new());
    for (name, value) in ask.form.iter() {
        if let Some(name) = name.strip_prefix("with.") {
            given.push((name.to_owned(), in_zone(ask, &asked.form, name, value.trim())));
        }
    }
    for file in &ask.files {
        let name = file.field.strip_prefix("with.").unwrap_or(&file.field).to_owned();
        match attach::attachment(file) {
            Ok(kept) => {
                given.push((name, serde_json::to_string(&kept).expect("an attachment is plain data")));
            }
            Err(wrong) => wrongs.push(Wrong { field: name, ..wrong }),
        }
    }
    (given, wrongs)
}

/// The act in its desk's own JSON.
fn act_of(ask: &Ask, asked: &Asked, (given, wrongs): &Given) -> Result<Value, Vec<Wrong>> {
    if !wrongs.is_empty() {
        return Err(wrongs.clone());
    }
    if asked.form.fields.is_empty() { Ok(plain(&ask.form)) } else { asked.form.act(given) }
}

/// The act of a desk that declares no form: its name and every field called `with.…`.
fn plain(form: &Fields) -> Value {
    let mut act = Map::new();
    act.insert("act".into(), form.text("act").into());
    for (name, value) in form.iter() {
        if let Some(name) = name.strip_prefix("with.") {
            act.insert(name.into(), value.trim().into());
        }
    }
    Value::Object(act)
}

/// The case an act opens: by the key somebody chose, or by the field that names it.
fn keyed(case: &CaseId, asked: &Asked, act: &Value) -> CaseId {
    let named =
        asked.form.key.split('.').try_fold(act, |value, part| value.get(part)).and_then(Value::as_str);
    match named {
        Some(key) if asked.opens && !asked.form.key.is_empty() => CaseId::of(case.desk(), key),
        _ => case.clone(),
    }
}

/// A refusal beside the field that would help, where the form has one of that name.
fn beside(asked: &Asked, refusal: &Refusal) -> Vec<Wrong> {
    let named = refusal.remedy.split(',').map(str::trim);
    let fields = named.filter(|name| asked.form.fields.iter().any(|field| field.name == *name));
    fields.map(|name| Wrong { field: name.to_owned(), code: "refused", hint: String::new() }).collect()
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
    Ok(ask.tell(told, ask.back_to(&page_of(&case))))
}

/// What the next page says of it; only what is neither done nor refused is a problem.
fn told(taken: Result<(), Problem>, desk: &str, name: &str) -> Result<Notice, Problem> {
    match taken {
        Ok(()) => Ok(Notice::Done { key: done_key(desk, name).into(), values: Vec::new() }),
        Err(Problem::Refused(refusal)) => Ok(Notice::Refused(refusal)),
        Err(Problem::Busy) => Ok(Notice::Failed),
        Err(problem) => Err(problem),
    }
}

/// The sentence for what was done: the desk's own, the act's, or the one for all.
fn done_key(desk: &str, name: &str) -> String {
    let keys = [format!("done.{desk}.{name}"), format!("done.{name}")];
    let known = keys.into_iter().find(|key| Language::English.find(key).is_some());
    known.unwrap_or_else(|| "done.act".to_owned())
}

fn case_of(form: &Fields) -> Result<CaseId, Problem> {
    let case = CaseId::new(form.text("case"));
    let case = match form.text("key") {
        "" => case,
        key => CaseId::of(case.desk(), key),
    };
    if case.key().is_empty() || form.text("act").is_empty() { Err(Problem::BadForm) } else { Ok(case) }
}

/// The page the form stood on, at the form itself.
fn back(ask: &Ask, case: &CaseId, asked: &Asked) -> String {
    let page = ask.back_to(&page_of(case)).to_owned();
    if asked.is_drawn && !asked.opens { format!("{page}#act-{}", asked.form.act) } else { page }
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
        assert_eq!(plain(&form), expected);
        assert!(case_of(&form).is_ok());
        assert!(matches!(case_of(&Fields::read(b"case=finding&act=x")), Err(Problem::BadForm)));
    }
}
