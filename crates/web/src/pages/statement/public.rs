//! What strangers and their machines fetch: our key, our status lists, and everything a phone needs to check without a line.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use ledger::credential::LIST_TYPE;
use node::statements::{StatusFault, Voice, number_of, status_list};
use serde_json::json;

use crate::ask::{Ask, Content, Problem, Reply};
use crate::assets;

/// The status lists signed a moment ago, so that whoever asks often costs nothing.
#[derive(Debug, Default)]
pub(crate) struct Statuses(Mutex<BTreeMap<u64, (Timestamp, String)>>);

/// The node as an issuer.
pub(super) fn voice(ask: &Ask) -> Result<Arc<Voice>, Problem> {
    ask.app.node.voice().ok_or(Problem::NotFound)
}

/// The document with our key, where strangers look for it.
///
/// # Errors
/// [`Problem::NotFound`] where the node has no key for statements.
pub(crate) fn document(ask: &Ask) -> Result<Reply, Problem> {
    Ok(Reply::json(200, voice(ask)?.document()))
}

/// A status list, signed.
///
/// # Errors
/// [`Problem::NotFound`] for one there is not, or what the store says.
pub(crate) fn status(ask: &Ask) -> Result<Reply, Problem> {
    let number: u64 = ask.params.text("list").parse().map_err(|_| Problem::NotFound)?;
    let token = list(ask, &*voice(ask)?, number)?.ok_or(Problem::NotFound)?;
    debug_assert_eq!(LIST_MEDIA.strip_prefix("application/"), Some(LIST_TYPE));
    Ok(Reply::of(200, Content::File { media: LIST_MEDIA, name: None, bytes: token.into_bytes() }))
}

/// Whom we believe, with their lists, ours among them: what the page keeps so that it can check without a line.
///
/// # Errors
/// As [`status`].
pub(crate) fn known(ask: &Ask) -> Result<Reply, Problem> {
    let voice = voice(ask)?;
    let others = voice.others();
    let mut documents = vec![voice.document()];
    documents.extend(others.documents);
    let last = number_of(ask.read(|look| look.size())?);
    let mut lists = others.lists;
    for number in last.saturating_sub(LISTS_MAX - 1)..=last {
        lists.extend(list(ask, &voice, number)?);
    }
    let name = ask.app.node.identity().name.clone();
    Ok(Reply::json(200, json!({ "issuers": documents, "lists": lists, "names": { voice.key.did(): name } })))
}

/// The part of the page that keeps it on the phone. It lies beside the page, since a browser lets it answer only for what lies below it.
///
/// # Errors
/// None.
pub(crate) fn worker(_ask: &Ask) -> Result<Reply, Problem> {
    let files = ["style.css", "page.js", "verify.js", "icon.svg"].map(assets::address);
    let script = format!("const FILES = {};\n{WORKER}", json!(files));
    Ok(Reply::of(
        200,
        Content::File { media: "text/javascript; charset=utf-8", name: None, bytes: script.into_bytes() },
    ))
}

/// A list as it stood at most some seconds ago.
pub(super) fn list(ask: &Ask, voice: &Voice, number: u64) -> Result<Option<String>, Problem> {
    let held = &ask.app.statuses.0;
    let fresh = |(at, token): &(Timestamp, String)| {
        (ask.now.duration_since(*at).as_secs().abs() < FRESH_SECONDS).then(|| token.clone())
    };
    if let Some(token) = held.lock().unwrap_or_else(PoisonError::into_inner).get(&number).and_then(fresh) {
        return Ok(Some(token));
    }
    let mut signed = Ok(None);
    ask.read(|look| {
        signed = status_list(look, voice, number, ask.now);
        Ok(())
    })?;
    let signed = signed.map_err(|fault| match fault {
        StatusFault::Store(failure) => Problem::Failed(failure),
        StatusFault::Unsigned(why) => Problem::Undrawn(why.to_string()),
    })?;
    if let Some(token) = &signed {
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, (at, _)| ask.now.duration_since(*at).as_secs().abs() < FRESH_SECONDS);
        held.insert(number, (ask.now, token.clone()));
    }
    Ok(signed)
}

const WORKER: &str = include_str!("../../../static/worker.js");
/// The media type of a status list.
const LIST_MEDIA: &str = "application/statuslist+jwt";
/// How long a signed list is given again, in seconds.
const FRESH_SECONDS: i64 = 15;
/// How many of our newest lists a phone takes along.
const LISTS_MAX: u64 = 8;
