//! The form that opens a case.

use askama::Template;
use aws_lc_rs::rand;
use kernel::{CaseId, Desk, Digest};

use super::super::forms::{self, ActForm};
use super::desk_of;
use super::list::act_word;
use crate::areas;
use crate::ask::{Ask, Problem, Reply};
use crate::draft::Draft;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "cases/new.html")]
struct Page {
    frame: Frame,
    list: String,
    list_word: String,
    title: String,
    lead: String,
    form: ActForm,
}

/// The form.
///
/// # Errors
/// [`Problem::NotFound`] for an act that opens no case of the desk, [`Problem::Forbidden`] where it is not this role's.
pub(crate) fn new_case(ask: &Ask) -> Result<Reply, Problem> {
    let desk = desk_of(ask)?;
    let act = act_of(ask, desk)?;
    let draft = ask.take_draft(|draft| draft.case.desk() == desk.name() && draft.act == act);
    let draft = draft.or_else(|| filled(ask, desk, act));
    let frame = Frame::of(ask)?;
    let case = draft.as_ref().map_or_else(|| fresh(ask, desk), |draft| draft.case.clone());
    let form = ask.read(|look| forms::opening(ask, &frame, look, (desk, act, &case, draft.as_ref())))?;
    let page = Page {
        list: areas::list_of(desk.name()),
        list_word: frame.word("desks", desk.name()),
        title: act_word(&frame, desk.name(), act),
        lead: frame.language.find(&format!("act-lead.{}.{act}", desk.name())).unwrap_or_default().to_owned(),
        form,
        frame,
    };
    Ok(Reply::html(page.render()?))
}

/// The form as a link fills it in beforehand (`?with.subject.name=…`): a finding that becomes a request, a sight that
/// becomes a concern.
fn filled(ask: &Ask, desk: &dyn Desk, act: &str) -> Option<Draft> {
    let given = ask.query.iter().filter_map(|(name, value)| Some((name.strip_prefix("with.")?, value)));
    let given: Vec<_> = given.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let case = fresh(ask, desk);
    let blank =
        Draft { case, act: act.to_owned(), given, wrongs: Vec::new(), refusal: None, more: String::new() };
    (!blank.given.is_empty()).then_some(blank)
}

fn act_of(ask: &Ask, desk: &dyn Desk) -> Result<&'static str, Problem> {
    let (role, wanted) = (ask.role().ok_or(Problem::Forbidden)?, ask.params.text("act"));
    let opens = |line: &kernel::desk::TableLine| line.stage == "-" && line.act == wanted;
    if !desk.table().iter().any(opens) {
        return Err(Problem::NotFound);
    }
    desk.offers(None, &role).into_iter().find(|act| *act == wanted).ok_or(Problem::Forbidden)
}

/// A case nobody has: our node, the day, six signs by lot.
fn fresh(ask: &Ask, desk: &dyn Desk) -> CaseId {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the machine has randomness");
    let lot = Digest::from_bytes(bytes).to_string()[..6].to_uppercase();
    let day = ask.app.zone.to_datetime(ask.now).date().strftime("%y%m%d").to_string();
    CaseId::of(desk.name(), format_args!("{}-{day}-{lot}", ask.app.node.identity().id))
}
