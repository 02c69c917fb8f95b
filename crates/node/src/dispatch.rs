//! The one door outwards: what a live term releases is written, packed once, kept, and handed to the case that sends it.

use std::collections::BTreeSet;

use customs::agreement::{
    Document, Outgoing, Released, Schedule, Sent, SentAct, Sequence, Way, admit, release,
};
use jiff::Timestamp;
use kernel::{AnyAct, CaseId, Digest, Limit, NodeId, Refusal, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Failure, LongBlob, Work};

use crate::act::{Turn, day_of, plain};
use crate::content::Attached;
use crate::input::{Declined, Outcome};
use crate::pack::{Attachment, Packing};
use crate::paper;
use crate::transport::{Asked, Parcel};

/// The sort of work that posts kept bytes to a partner.
pub(crate) const SEND: &str = "send";

/// The sort of work that packs a long message.
pub(crate) const PACK: &str = "pack";

/// The key of the work that posts an item's bytes.
pub(crate) fn send_key(case: &CaseId) -> String {
    format!("{SEND}/{case}")
}

/// Under which key the number stands that a centre gave an item; empty while nobody knows whether the centre has it.
pub(crate) fn ticket_key(case: &CaseId) -> String {
    format!("ticket/{case}")
}

/// What the sender needs to post an item's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The item's case.
    pub case: CaseId,
    /// Who receives.
    pub to: NodeId,
    /// The message's id.
    pub message_id: String,
    /// The kept MIME entity.
    pub wire: Digest,
    /// What was signed in it, kept beside it.
    pub digests: Digest,
    /// When it is tried again.
    pub schedule: Schedule,
}

/// A message to be packed by the rim, as work keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ToPack {
    /// The item's case.
    case: CaseId,
    /// What is packed.
    pub(crate) packing: Packing,
    /// What goes out then; its wire bytes are not there yet.
    outgoing: Outgoing,
}

impl Turn<'_> {
    /// Sends a document as far as a live term releases it. What is not released is told as declined; the area that
    /// asked had the same books before it and records why.
    pub(crate) fn dispatch(
        &mut self,
        to: &NodeId,
        kind: &str,
        document: Value,
        about: &CaseId,
    ) -> Result<(), Failure> {
        match self.released(to, kind, &document) {
            Ok(released) => self.send(to, &released, about),
            Err(refusal) => self.not_sent(about, (kind, &document), refusal),
        }
    }

    /// Asked before anything is read: most of what is to leave without a term are responses, one to each document.
    fn released(&self, to: &NodeId, kind: &str, document: &Value) -> Result<Released, Refusal> {
        let day = day_of(self.now);
        admit(&self.world.shelf, kind, &self.world.us, to, day)?;
        let document = Document::read(kind, document.clone())?;
        release(&self.world.shelf, &self.world.us, to, day, &document)
    }

    fn send(&mut self, to: &NodeId, released: &Released, about: &CaseId) -> Result<(), Failure> {
        let document = released.document();
        let case = Sent::case_of(to, document.kind(), document.reference());
        if self.change.case(&case)?.is_some() {
            let refusal = Refusal::new("already-sent", case.as_str());
            self.outputs.declined.push(Declined { case, act: SEND.to_owned(), refusal });
            return Ok(());
        }
        let delivery = &released.admission().term.delivery;
        let asked = Asked { to, kind: document.kind(), delivery, at: self.now };
        let opened = self.transport.refuses(asked).map_or(Ok(()), Err);
        let opened = match opened.and_then(|()| self.with_codes(document, delivery, about)) {
            Ok(opened) => opened,
            Err(refusal) => return self.not_sent(&case, (document.kind(), &document.content()), refusal),
        };
        let attachments = attachments_of(document);
        if let Some(missing) = self.missing(&attachments)? {
            let refusal = Refusal::new("attachment-missing", missing.to_string());
            self.outputs.declined.push(Declined { case, act: SEND.to_owned(), refusal });
            return Ok(());
        }
        let what = (to, released, about);
        if attachments.is_empty() || self.transport.encloses() {
            self.pack_now(case, what, (opened.as_deref(), &attachments))
        } else {
            self.have_packed(&case, what, attachments)
        }
    }

    /// Packs a document, and what goes with it where its way encloses that, and hands the bytes to the item's case.
    fn pack_now(
        &mut self,
        case: CaseId,
        (to, released, about): (&NodeId, &Released, &CaseId),
        (opened, attachments): (Option<&[u8]>, &[Attachment]),
    ) -> Result<(), Failure> {
        let (document, delivery) = (released.document(), &released.admission().term.delivery);
        let payload = paper::write(document);
        let message_id = message_id(&self.world.us, &case, &payload);
        let witness = match delivery.way {
            Way::Direct => self.witness_for(to)?,
            Way::Hub => None,
        };
        let packed = self.transport.pack(&Parcel {
            to,
            message_id: &message_id,
            ref_to: None,
            conversation: document.number(),
            agreement: &released.admission().agreement,
            kind: document.kind(),
            at: self.now,
            payload: opened.unwrap_or(&payload),
            delivery,
            witness: witness.as_deref(),
            enclosed: &self.enclosed(attachments)?,
        })?;
        let wire = self.change.keep_blob(&packed.entity)?;
        let digests = self.change.keep_blob(&packed.digests)?;
        let mut blobs = vec![wire, digests, self.change.keep_blob(&payload)?];
        blobs.extend(attachments.iter().map(|attachment| attachment.digest));
        let outgoing = self.outgoing((to, released, about), message_id, wire);
        let act = AnyAct::of(SentAct::Queue { outgoing: Box::new(outgoing) });
        self.follow(case, act, blobs)
    }

    fn outgoing(
        &self,
        (to, released, about): (&NodeId, &Released, &CaseId),
        message_id: String,
        wire: Digest,
    ) -> Outgoing {
        Outgoing {
            from: self.world.us.clone(),
            to: to.clone(),
            about: about.clone(),
            admission: released.admission().clone(),
            document: released.document().clone(),
            withheld: released.withheld().iter().map(|field| (*field).to_owned()).collect(),
            message_id,
            wire,
        }
    }

    /// The first of what goes with a document that we do not have.
    fn missing(&self, attachments: &[Attachment]) -> Result<Option<Digest>, Failure> {
        for Attachment { digest, .. } in attachments {
            if self.change.long_blob(digest)?.is_none() && self.change.blob(digest)?.is_none() {
                return Ok(Some(*digest));
            }
        }
        Ok(None)
    }

    /// What goes with a document, in memory.
    fn enclosed(&self, attachments: &[Attachment]) -> Result<Vec<Attached>, Failure> {
        let read = |attachment: &Attachment| {
            let bytes = self.change.blob(&attachment.digest)?.unwrap_or_default();
            let (name, media) = (attachment.digest.to_string(), attachment.media.clone());
            Ok(Attached { name, media, content: bytes.into() })
        };
        attachments.iter().map(read).collect()
    }

    /// Puts in the packing of a document with what goes with it, as work for the rim: it may be long, and the heart does
    /// not wait for it.
    fn have_packed(
        &mut self,
        case: &CaseId,
        what: (&NodeId, &Released, &CaseId),
        attachments: Vec<Attachment>,
    ) -> Result<(), Failure> {
        let (to, released, _) = what;
        let key = format!("{PACK}/{case}");
        if self.change.work(&key)?.is_some() {
            return Ok(());
        }
        let document = released.document();
        let bytes = paper::write(document);
        let message_id = message_id(&self.world.us, case, &bytes);
        let packing = Packing {
            to: to.clone(),
            message_id: message_id.clone(),
            conversation: document.number().to_owned(),
            agreement: released.admission().agreement.clone(),
            kind: document.kind().to_owned(),
            delivery: released.admission().term.delivery.clone(),
            payload: self.change.keep_blob(&bytes)?,
            attachments,
        };
        let outgoing = self.outgoing(what, message_id, packing.payload);
        let body = plain(&ToPack { case: case.clone(), packing, outgoing });
        self.put_work(Work { key, sort: PACK.to_owned(), at: self.now, attempts: 0, body })
    }

    /// Takes over a message the rim packed.
    pub(crate) fn packed(&mut self, key: &str, wire: &LongBlob, digests: &[u8]) -> Result<Outcome, Failure> {
        let Some(work) = self.change.work(key)? else { return Ok(Outcome::Done) };
        let asked = ToPack::deserialize(&work.body);
        let ToPack { case, packing, mut outgoing } =
            asked.map_err(|error| Failure::Unfit { what: format!("work {key}: {error}") })?;
        self.change.drop_work(key)?;
        self.change.keep_long_blob(wire)?;
        let mut blobs = vec![wire.digest, self.change.keep_blob(digests)?, packing.payload];
        blobs.extend(packing.attachments.iter().map(|attachment| attachment.digest));
        outgoing.wire = wire.digest;
        self.take_own(&case, AnyAct::of(SentAct::Queue { outgoing: Box::new(outgoing) }), blobs)?;
        Ok(Outcome::Done)
    }

    /// Has a message packed again after a while.
    pub(crate) fn not_packed(&mut self, key: &str) -> Result<Outcome, Failure> {
        if let Some(mut work) = self.change.work(key)? {
            work.attempts += 1;
            work.at = Limit::seconds(60).after(self.now);
            self.put_work(work)?;
        }
        Ok(Outcome::Done)
    }

    /// Where documents of a lane go one after the other: puts this one behind those that wait, and says whether it is the
    /// first.
    fn stand_in_line(&mut self, posting: &Posting, kind: &str) -> Result<Going, Failure> {
        if posting.schedule.sequence == Sequence::Unordered {
            return Ok(Going::Now);
        }
        let key = line_key(&posting.to, kind);
        let mut line = self.line(&key)?;
        if !line.contains(&posting.case) {
            line.push(posting.case.clone());
            self.keep_line(&key, &line)?;
        }
        Ok(if line.first() == Some(&posting.case) { Going::Now } else { Going::Later })
    }

    /// Where documents of this one's lane go one after the other: lets the next one go.
    pub(crate) fn pass_on(&mut self, case: &CaseId) -> Result<(), Failure> {
        let Some(row) = self.change.case(case)? else { return Ok(()) };
        let Ok(sent) = row.state.read::<Sent>() else { return Ok(()) };
        let Some(outgoing) = sent.outgoing() else { return Ok(()) };
        let key = line_key(&outgoing.to, outgoing.document.kind());
        let mut line = self.line(&key)?;
        if line.is_empty() {
            return Ok(());
        }
        line.retain(|waiting| waiting != case);
        self.keep_line(&key, &line)?;
        if let Some(next) = line.first()
            && let Some(mut work) = self.change.work(&send_key(next))?
        {
            work.at = self.now;
            self.put_work(work)?;
        }
        Ok(())
    }

    fn line(&self, key: &str) -> Result<Vec<CaseId>, Failure> {
        let kept = self.change.kept(key)?;
        Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    fn keep_line(&mut self, key: &str, line: &[CaseId]) -> Result<(), Failure> {
        let bytes = serde_json::to_vec(line).expect("ids are plain data");
        self.change.keep(key, (!line.is_empty()).then_some(&bytes))
    }

    /// Puts the posting of an item's kept bytes in as work, due now. The item's own case, as it stands, says to whom.
    pub(crate) fn post(&mut self, case: &CaseId, state: &State, wire: Digest) -> Result<(), Failure> {
        let sent = state.read::<Sent>().map_err(|error| unposted(case, &error.to_string()))?;
        let outgoing = sent.outgoing().ok_or_else(|| unposted(case, "nothing went out"))?;
        let posting = Posting {
            case: case.clone(),
            to: outgoing.to.clone(),
            message_id: outgoing.message_id.clone(),
            wire,
            digests: self.digests_of(case)?,
            schedule: outgoing.admission.term.delivery.clone(),
        };
        let at = match self.stand_in_line(&posting, outgoing.document.kind())? {
            Going::Now => self.now,
            // Nobody looks at it before the one before it is done.
            Going::Later => Timestamp::MAX,
        };
        self.put_posting(&posting, at, 0)
    }

    /// What was signed in an item: the entry that queued it stands on it.
    fn digests_of(&self, case: &CaseId) -> Result<Digest, Failure> {
        let history = self.change.history(case)?;
        let queued = history.first().and_then(|(_, entry)| entry.blobs.get(1));
        queued.copied().ok_or_else(|| unposted(case, "its first entry names no digests"))
    }

    pub(crate) fn put_posting(
        &mut self,
        posting: &Posting,
        at: Timestamp,
        attempts: u32,
    ) -> Result<(), Failure> {
        let (key, body) = (send_key(&posting.case), plain(posting));
        self.put_work(Work { key, sort: SEND.to_owned(), at, attempts, body })
    }
}

/// Whether a document may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    Now,
    Later,
}

/// What a document names as going with it, each once: the files that stand in its fields, and what its field `attachments`
/// lists with digest and media type. A field that was not released is not there, so what it names stays.
fn attachments_of(document: &Document) -> Vec<Attachment> {
    let Document::Paper(paper) = document else { return Vec::new() };
    let mut found = Vec::new();
    files_in(paper.content(), &mut found);
    let listed = paper.content().get("attachments").and_then(Value::as_array);
    found.extend(listed.into_iter().flatten().filter_map(listed_file));
    let mut known = BTreeSet::new();
    found.retain(|attachment| known.insert(attachment.digest));
    found
}

pub(crate) fn files_in(value: &Value, found: &mut Vec<Attachment>) {
    match value {
        Value::Object(fields) => match kernel::Attachment::deserialize(value) {
            Ok(file) => found.push(Attachment { digest: file.digest, media: file.media }),
            Err(_) => fields.values().for_each(|value| files_in(value, found)),
        },
        Value::Array(values) => values.iter().for_each(|value| files_in(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn listed_file(each: &Value) -> Option<Attachment> {
    let digest = Digest::parse(each.get("digest")?.as_str()?)?;
    let media = each.get("media").and_then(Value::as_str).unwrap_or("application/octet-stream");
    Some(Attachment { digest, media: media.to_owned() })
}

/// The key of those that wait in a lane where documents go one after the other.
fn line_key(to: &NodeId, kind: &str) -> String {
    format!("line/{to}/{kind}")
}

/// The message's id: follows from who sends what in which case, so that nothing is drawn by lot.
fn message_id(us: &NodeId, case: &CaseId, payload: &[u8]) -> String {
    let about = format!("{us}\n{case}\n{}", Digest::of(payload));
    let digest = Digest::of(about.as_bytes()).to_string();
    let host: String = us.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}@{}.sampan", &digest[..32], host.to_ascii_lowercase())
}

fn unposted(case: &CaseId, why: &str) -> Failure {
    Failure::Unfit { what: format!("posting of {case}: {why}") }
}
