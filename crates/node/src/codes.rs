//! Access codes of guarantees in clear: heard with a declaration, kept in memory alone, and put into nothing but bytes
//! that are sealed to the country of the guarantee. What comes from another country is kept without them (ADR 0054).

use std::borrow::Cow;
use std::collections::BTreeMap;

use customs::agreement::{Document, Protection, Schedule, Way};
use customs::transit::Departure;
use customs::transit::codes::{CARRIERS, Codes, codes_of_others, open_codes};
use customs::transit::departure::Stage;
use customs::transit::guarantee::{Reason, unsent};
use kernel::{CaseId, Effect, Procedure as _, Refusal, State};
use serde_json::Value;
use store::Failure;

use crate::act::{Turn, Wanted};
use crate::content::Content;
use crate::dispatch::SEND;
use crate::input::Declined;

/// The codes of movements that may still ask for their guarantees.
pub(crate) type Heard = BTreeMap<CaseId, Codes>;

/// Whether documents of this kind carry a code.
pub(crate) fn carries_code(kind: &str) -> bool {
    CARRIERS.contains(&kind)
}

/// Whether what travels so can be read by nobody but its receiver.
pub(crate) fn is_sealed(way: Way, protection: Protection) -> bool {
    way == Way::Direct && protection == Protection::SignedAndEncrypted
}

/// What is kept of a document that came: all of it, or, where it carries a code, what could be read without the code. Its
/// wire bytes are kept as they came, sealed.
pub(crate) fn kept<'c>(kind: &str, payload: &'c Content) -> Cow<'c, Content> {
    if !carries_code(kind) {
        return Cow::Borrowed(payload);
    }
    let (document, _) = formats::read_paper(kind, payload.bytes().unwrap_or_default());
    let bytes = document.map(|document| formats::write_paper(kind, &document));
    Cow::Owned(bytes.unwrap_or_default().into())
}

/// What a document is read from: from what came, unless that is too long to be a document with a code.
pub(crate) fn read_from<'c>(kind: &str, payload: &'c Content) -> Cow<'c, Content> {
    match payload {
        Content::Long(_) if carries_code(kind) => Cow::Owned(Vec::new().into()),
        _ => Cow::Borrowed(payload),
    }
}

impl Turn<'_> {
    /// Remembers what an act that is taken says of guarantees of other countries.
    pub(crate) fn hear_codes(&mut self, wanted: &Wanted) {
        if wanted.case.desk() != Departure::NAME {
            return;
        }
        let codes = wanted.act.json().get("declaration").map(|said| codes_of_others(said, &self.world.us));
        if let Some(codes) = codes.filter(|codes| !codes.is_empty()) {
            self.world.codes.entry(wanted.case.clone()).or_default().extend(codes);
        }
    }

    /// Forgets the codes of a movement that asks for no guarantee any more.
    pub(crate) fn forget_codes_after(&mut self, case: &CaseId, state: &State) {
        if case.desk() != Departure::NAME || !self.world.codes.contains_key(case) {
            return;
        }
        let stage = state.read::<Departure>().ok().and_then(|movement| movement.stage());
        if !stage.is_some_and(Stage::is_before_release) {
            self.world.codes.remove(case);
        }
    }

    /// The bytes of a document with the codes it carries; nothing for one that carries none.
    pub(crate) fn with_codes(
        &self,
        document: &Document,
        delivery: &Schedule,
        about: &CaseId,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        if !carries_code(document.kind()) {
            return Ok(None);
        }
        if !is_sealed(delivery.way, delivery.protection) {
            return Err(Refusal::new("code-needs-sealing", document.kind()).remedy("signed-and-encrypted"));
        }
        let none = Codes::new();
        let mut content = document.content();
        open_codes(&mut content, self.world.codes.get(about).unwrap_or(&none))
            .map_err(|grn| Refusal::new(FORGOTTEN, grn).remedy("amendment"))?;
        Ok(Some(formats::write_paper(document.kind(), &content)))
    }

    /// Tells that a document did not go; where it asks for a guarantee, the movement hears that nobody will answer.
    pub(crate) fn not_sent(
        &mut self,
        case: &CaseId,
        (kind, content): (&str, &Value),
        refusal: Refusal,
    ) -> Result<(), Failure> {
        let reason = if refusal.code == FORGOTTEN { Reason::G03 } else { Reason::G01 };
        self.outputs.declined.push(Declined { case: case.clone(), act: SEND.to_owned(), refusal });
        if !carries_code(kind) {
            return Ok(());
        }
        for effect in unsent(&kind.to_uppercase(), content, reason) {
            let Effect::Act { case, act } = effect else { continue };
            self.follow(case, act, Vec::new())?;
        }
        Ok(())
    }
}

/// The node was started anew since the code was said, or none was.
const FORGOTTEN: &str = "code-forgotten";
