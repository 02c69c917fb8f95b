//! One long message beside the outbox, for tools: packed from a file to a file, posted from there, its receipt proved.

use std::io::Read as _;
use std::path::Path;

use axum::http::Uri;
use exchange::{Limits, Signal};
use jiff::Timestamp;
use kernel::NodeId;
use store::sqlite::Sqlite;
use store::{LongBlobs, Store as _};

use super::line;
use crate::config::Config;
use crate::envelope::{digests, split};
use crate::keys::Keys;
use crate::pack::{Attachment, Packing, pack};
use crate::partners::Partners;
use crate::tls;
use customs::agreement::Schedule;

/// What a tool sends.
#[derive(Clone, Copy, Debug)]
pub struct Long<'a> {
    /// Who receives it.
    pub to: &'a NodeId,
    /// The message's id.
    pub message_id: &'a str,
    /// The document kind.
    pub kind: &'a str,
    /// The agreement it goes under.
    pub agreement: &'a str,
    /// The document's bytes.
    pub document: &'a [u8],
    /// The file that goes with it.
    pub attachment: &'a Path,
}

/// Sends a document with a file of any length as the node in a folder would, once, and proves the receipt. Gives the
/// digest the file is known by.
///
/// # Errors
/// Why it was not receipted, in words.
pub async fn send_long(folder: &Path, long: Long<'_>) -> Result<kernel::Digest, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let (config, keys) =
        (Config::load(folder).map_err(|e| said(&e))?, Keys::load(folder).map_err(|e| said(&e))?);
    let partners = Partners::load(folder, &config.id, &keys.wallet).map_err(|e| said(&e))?;
    let mut store = Sqlite::in_memory().map_err(|e| said(&e))?;
    let blobs = store.long_blobs();
    let (digest, packing) = prepared(&mut store, &blobs, long).map_err(|e| said(&e))?;
    let look = store.look().map_err(|e| said(&e))?;
    let packed = pack(&packing, &config.id, (&partners, &blobs, &*look), Timestamp::now());
    let packed = packed.map_err(|e| said(&e))?;
    let known = partners.now();
    let to = known.descriptors.get(long.to).ok_or("the partner is not known")?;
    let uri: Uri = to.endpoint.parse().map_err(|_| "not an address")?;
    let tls = tls::client(&to.tls_certificates(), Some(&keys.tls)).map_err(|e| said(&e))?;
    let mut file = packed.wire.open().map_err(|e| said(&e))?;
    let mut head = [0; 1_024];
    let count = file.read(&mut head).map_err(|e| said(&e))?;
    let (content_type, body) = split(&head[..count]).ok_or("no media type")?;
    let load = line::file_load(file, (count - body.len()) as u64, packed.wire.length);
    let request = line::post(&uri, content_type, load)?;
    let mut line = line::connect(&uri, tls).await?;
    let answered = line::ask(&mut line, request, Limits::default().body_max).await?;
    let (limits, now) = (Limits::default(), Timestamp::now());
    let signal = exchange::read_signal(&answered.content_type, &answered.body, &known.trust, now, &limits);
    match signal.map_err(|e| said(&e))? {
        Signal::Receipt(receipt) => {
            let sent = digests(&packed.digests).ok_or("no digests")?;
            exchange::check_receipt(&sent, &receipt).map_err(|e| said(&e)).map(|()| digest)
        }
        Signal::Errors(errors) => {
            let codes = errors.errors.iter().map(|error| format!("{} {:?}", error.code, error.detail));
            Err(codes.collect::<Vec<_>>().join(", "))
        }
    }
}

fn prepared(
    store: &mut Sqlite,
    blobs: &LongBlobs,
    long: Long<'_>,
) -> Result<(kernel::Digest, Packing), store::Failure> {
    let failed = |error: std::io::Error| store::Failure::Engine {
        doing: "read what is to be sent",
        cause: error.to_string(),
    };
    let mut incoming = blobs.incoming()?;
    let mut file = std::fs::File::open(long.attachment).map_err(failed)?;
    let mut room = vec![0; 64 << 10];
    loop {
        match file.read(&mut room).map_err(failed)? {
            0 => break,
            count => incoming.write(&room[..count])?,
        }
    }
    let attached = incoming.finish()?;
    let mut payload = None;
    store.change(&mut |change| {
        change.keep_long_blob(&attached)?;
        payload = Some(change.keep_blob(long.document)?);
        Ok(())
    })?;
    let packing = Packing {
        to: long.to.clone(),
        message_id: long.message_id.to_owned(),
        conversation: long.message_id.to_owned(),
        agreement: long.agreement.to_owned(),
        kind: long.kind.to_owned(),
        delivery: Schedule::default(),
        payload: payload.expect("it was kept just now"),
        attachments: vec![Attachment {
            digest: attached.digest,
            media: "application/octet-stream".to_owned(),
        }],
    };
    Ok((attached.digest, packing))
}
