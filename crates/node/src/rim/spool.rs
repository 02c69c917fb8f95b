//! A long message from a partner, a piece at a time: written to the disk as it comes, refused as soon as nobody vouches for
//! it, proved and unfolded from the disk.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use exchange::Fault;
use exchange::stream::{Intake, Opening, Part};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use store::{Failure, Incoming};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::Rim;
use super::receive::Proved;
use crate::content::{Attached, Content, SHORT_MAX};
use crate::envelope::{RECORD_PART, entity};
use crate::transport::{self, Carried, Refused};

/// Why a long message was not taken.
pub(super) enum NotTaken {
    /// It is refused.
    Refused(Refused),
    /// It broke off, or came too slowly.
    Broken,
    /// Our own disk failed.
    Failed(Failure),
}

impl From<Fault> for NotTaken {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}

impl From<Failure> for NotTaken {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A piece of a body, or that it ended as it should.
enum Piece {
    Bytes(Bytes),
    End,
}

/// Takes a body in and proves it. A sender must keep up a slow line's pace all the time, not only on the whole.
pub(super) async fn take(rim: &Rim, content_type: String, mut body: Body) -> Result<Proved, NotTaken> {
    let (pieces, taken) = mpsc::channel(PIECES_AHEAD);
    let worker = {
        let rim = rim.clone();
        tokio::task::spawn_blocking(move || spool(&rim, &content_type, taken))
    };
    let fed = async {
        let (started, mut came) = (Instant::now(), 0_u64);
        loop {
            if started.elapsed() > BEGINNING + Duration::from_secs(came / SLOW_LINE) {
                return;
            }
            let Ok(frame) = timeout(PAUSE_MAX, body.frame()).await else { return };
            let piece = match frame {
                None => Piece::End,
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => {
                        came += bytes.len() as u64;
                        Piece::Bytes(bytes)
                    }
                    Err(_) => continue,
                },
                Some(Err(_)) => return,
            };
            let ended = matches!(piece, Piece::End);
            // Where nobody takes any more, the worker has found a fault and says so.
            if pieces.send(piece).await.is_err() || ended {
                return;
            }
        }
    };
    fed.await;
    drop(pieces);
    worker.await.unwrap_or_else(|error| {
        Err(NotTaken::Failed(Failure::Engine { doing: "take a long message", cause: error.to_string() }))
    })
}

/// A body that is in memory already and unfolds to more than is held there.
pub(super) fn take_bytes(rim: &Rim, content_type: &str, body: &[u8]) -> Result<Proved, NotTaken> {
    let mut spooling = Spooling::new(rim, content_type)?;
    spooling.push(body)?;
    spooling.finish()
}

fn spool(rim: &Rim, content_type: &str, mut pieces: mpsc::Receiver<Piece>) -> Result<Proved, NotTaken> {
    let mut spooling = Spooling::new(rim, content_type)?;
    loop {
        match pieces.blocking_recv() {
            Some(Piece::Bytes(bytes)) => spooling.push(&bytes)?,
            Some(Piece::End) => return spooling.finish(),
            None => return Err(NotTaken::Broken),
        }
    }
}

struct Spooling<'r> {
    rim: &'r Rim,
    wire: Incoming,
    /// Where the body begins in the file.
    start: u64,
    intake: Intake,
    vouched: Vouched,
}

/// Whether a partner was seen to stand behind what comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vouched {
    NotYet,
    Seen,
}

impl<'r> Spooling<'r> {
    fn new(rim: &'r Rim, content_type: &str) -> Result<Self, NotTaken> {
        let intake = Intake::new(content_type, &rim.long_limits)?;
        let mut wire = rim.long_blobs.incoming()?;
        wire.write(&entity(content_type, b""))?;
        let start = wire.length();
        Ok(Self { rim, wire, start, intake, vouched: Vouched::NotYet })
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), NotTaken> {
        self.intake.push(bytes)?;
        self.wire.write(bytes)?;
        if self.vouched == Vouched::NotYet && self.wire.length() > STRANGERS_MAX {
            self.intake.vouch(&self.rim.partners.now().trust, Timestamp::now())?;
            self.vouched = Vouched::Seen;
        }
        Ok(())
    }

    fn finish(self) -> Result<Proved, NotTaken> {
        let Self { rim, wire, start, intake, .. } = self;
        let spooled = intake.finish()?;
        let refused = |fault: Fault| NotTaken::Refused(Refused { fault, from: spooled.claimed() });
        let opening = spooled.open(&rim.partners.now().trust, Timestamp::now()).map_err(refused)?;
        let mut file = wire.reader()?;
        prove(&opening, (&mut file, start))?;
        let carried = unfold(rim, &opening, (&mut file, start))?;
        let verified = opening.conclude();
        let wire = wire.finish()?;
        let delivery = transport::delivery(&rim.partners.now(), &verified, Content::Long(wire), carried);
        let delivery = delivery.map_err(NotTaken::Refused)?;
        Ok(Proved::of(rim, verified, delivery))
    }
}

/// Proves every part. What cannot be decrypted is said before what is not as signed, as it is for bodies in memory.
fn prove(opening: &Opening, (file, start): (&mut File, u64)) -> Result<(), NotTaken> {
    let mut first = None;
    for part in opening.parts() {
        let mut proof = part.proof();
        let outcome = fed(file, start, part, &mut |bytes| proof.feed(bytes).map_err(NotTaken::from));
        let outcome = outcome.and_then(|()| proof.finish().map_err(NotTaken::from));
        match outcome {
            Err(NotTaken::Refused(refused)) => {
                let worse = refused.fault.why == exchange::Why::NotDecrypted;
                if worse || first.is_none() {
                    first = Some(refused);
                }
            }
            Err(other) => return Err(other),
            Ok(()) => {}
        }
    }
    let message_id = &opening.message().message_id;
    first.map_or(Ok(()), |Refused { fault, .. }| {
        let from = Some(opening.from().clone());
        Err(NotTaken::Refused(Refused { fault: fault.about(message_id), from }))
    })
}

fn unfold(rim: &Rim, opening: &Opening, (file, start): (&mut File, u64)) -> Result<Carried, NotTaken> {
    let mut carried = Carried { document: Vec::new().into(), witness: None, attached: Vec::new() };
    for (at, part) in opening.parts().iter().enumerate() {
        let content = unfolded(rim, part, (file, start)).map_err(|not_taken| match not_taken {
            NotTaken::Refused(Refused { fault, .. }) => {
                let fault = fault.about(&opening.message().message_id);
                NotTaken::Refused(Refused { fault, from: Some(opening.from().clone()) })
            }
            other => other,
        })?;
        if at == 0 {
            carried.document = content;
        } else if part.content_id().starts_with(RECORD_PART) {
            carried.witness = content.bytes().map(<[u8]>::to_vec);
        } else {
            let (name, media) = (part.content_id().to_owned(), part.mime().to_owned());
            carried.attached.push(Attached { name, media, content });
        }
    }
    Ok(carried)
}

/// One part's payload: in memory while it is short, in a file from then on.
fn unfolded(rim: &Rim, part: &Part, (file, start): (&mut File, u64)) -> Result<Content, NotTaken> {
    let mut short = Vec::new();
    let mut long: Option<Incoming> = None;
    let mut failure = None;
    let mut unfolding = part.unfold();
    let mut take = |plain: &[u8]| -> Result<(), Fault> {
        let written = match &mut long {
            Some(incoming) => incoming.write(plain),
            None if short.len() + plain.len() <= SHORT_MAX => {
                short.extend_from_slice(plain);
                Ok(())
            }
            None => rim.long_blobs.incoming().and_then(|mut incoming| {
                incoming.write(&std::mem::take(&mut short))?;
                incoming.write(plain)?;
                long = Some(incoming);
                Ok(())
            }),
        };
        written.map_err(|error| {
            let fault = Fault::new(exchange::Why::NotDelivered, error.to_string());
            failure = Some(error);
            fault
        })
    };
    let fed = fed(file, start, part, &mut |bytes| unfolding.feed(bytes, &mut take).map_err(NotTaken::from));
    let ended = fed.and_then(|()| unfolding.finish(&mut take).map(drop).map_err(NotTaken::from));
    match (failure, ended) {
        (Some(failure), _) => Err(NotTaken::Failed(failure)),
        (None, Err(not_taken)) => Err(not_taken),
        (None, Ok(())) => Ok(match long {
            Some(incoming) => Content::Long(incoming.finish()?),
            None => short.into(),
        }),
    }
}

/// Gives a part's bytes from the file, a piece at a time.
fn fed(
    file: &mut File,
    start: u64,
    part: &Part,
    take: &mut dyn FnMut(&[u8]) -> Result<(), NotTaken>,
) -> Result<(), NotTaken> {
    let failed = |error: std::io::Error| {
        NotTaken::Failed(Failure::Engine { doing: "read a long message back", cause: error.to_string() })
    };
    let range = part.range();
    file.seek(SeekFrom::Start(start + range.start)).map_err(failed)?;
    let mut left = range.end - range.start;
    let mut room = vec![0; PIECE];
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        file.read_exact(&mut room[..wanted]).map_err(failed)?;
        take(&room[..wanted])?;
        left -= wanted as u64;
    }
    Ok(())
}

/// How much is taken from anybody before a partner must be seen to stand behind it.
const STRANGERS_MAX: u64 = 2 << 20;
/// How much is read from the disk at once.
const PIECE: usize = 64 << 10;
/// How many pieces wait between the line and the disk.
const PIECES_AHEAD: usize = 8;
/// How long a sender may take before its pace counts.
const BEGINNING: Duration = Duration::from_secs(20);
/// The slowest line messages are taken over, in bytes a second.
const SLOW_LINE: u64 = 64 << 10;
/// How long a sender may pause.
const PAUSE_MAX: Duration = Duration::from_secs(20);
