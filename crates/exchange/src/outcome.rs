//! What became of one try to send, and whether another may help.
//!
//! A peer's HTTP status says little: errors come under 200, 400 or 500 depending on the product. So the body is looked
//! at first, and the status only where there is no signal in it. Sending again is always safe: the bytes are the same
//! and the receiver knows them.

use jiff::{SignedDuration, Timestamp};

use crate::certificate::sha256;
use crate::ebms::{ErrorSignal, Receipt};
use crate::pack::SentDigests;
use crate::signal::{Signal, check_receipt, read_signal};
use crate::trust::Trust;
use crate::{Fault, Limits, Why};

/// What came back from one try.
#[derive(Clone, Copy, Debug)]
pub enum Attempt<'a> {
    /// Nothing: the peer could not be reached, or the connection broke; the text says how.
    Broken(&'a str),
    /// An HTTP answer.
    Answered {
        /// The status.
        status: u16,
        /// The `Content-Type` header, empty where there was none.
        content_type: &'a str,
        /// The body.
        body: &'a [u8],
    },
}

/// What a try came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Delivered, and proved.
    Receipted(Receipt),
    /// The peer refused the message.
    Refused(ErrorSignal),
    /// Neither is proved.
    Unproved(Fault),
}

/// Whether the same bytes are to be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Yes, when the lane's schedule says so.
    MayHelp,
    /// No: it is done, or a person must look at it.
    Pointless,
}

impl Outcome {
    /// Judges one try.
    #[must_use]
    pub fn of(
        sent: &SentDigests,
        attempt: Attempt<'_>,
        trust: &Trust,
        at: Timestamp,
        limits: &Limits,
    ) -> Self {
        let (status, content_type, body) = match attempt {
            Attempt::Broken(how) => {
                return Self::Unproved(Fault::new(Why::Unreachable, how).about(&sent.message_id));
            }
            Attempt::Answered { status, content_type, body } => (status, content_type, body),
        };
        match read_signal(content_type, body, trust, at, limits) {
            Ok(Signal::Receipt(receipt)) => match check_receipt(sent, &receipt) {
                Ok(()) => Self::Receipted(receipt),
                Err(fault) => Self::Unproved(fault),
            },
            Ok(Signal::Errors(errors)) if errors.is_refusal() => Self::Refused(errors),
            Ok(Signal::Errors(_)) => Self::Unproved(without_signal(sent, status, "warnings and no receipt")),
            Err(fault) if is_no_signal(&fault) => Self::Unproved(without_signal(
                sent,
                status,
                &format!("status {status} and no signal: {fault}"),
            )),
            Err(fault) => {
                let detail = format!("a signal that proves nothing: {fault}");
                Self::Unproved(Fault::new(Why::ReceiptWrong, detail).about(&sent.message_id))
            }
        }
    }

    /// Whether another try may help.
    #[must_use]
    pub fn retry(&self) -> Retry {
        let may_help = match self {
            Self::Receipted(_) => false,
            Self::Refused(errors) => errors.is_retryable(),
            Self::Unproved(fault) => matches!(fault.why, Why::Unreachable | Why::ReceiptMissing),
        };
        if may_help { Retry::MayHelp } else { Retry::Pointless }
    }
}

/// Whether the body was no AS4 signal at all, such as a proxy's page.
fn is_no_signal(fault: &Fault) -> bool {
    let mime = fault.ebms() == crate::Ebms::MimeInconsistency;
    mime || matches!(fault.why, Why::Encoding | Why::NotXml | Why::NotSoap | Why::NotEbms)
}

/// No signal: under success the receipt is missing, under a passing failure the peer was not reached, and any other
/// status says that the address is wrong, which no retry mends.
fn without_signal(sent: &SentDigests, status: u16, detail: &str) -> Fault {
    let why = match status {
        200..=299 => Why::ReceiptMissing,
        408 | 425 | 429 | 500..=599 => Why::Unreachable,
        _ => Why::NotDelivered,
    };
    Fault::new(why, detail).about(&sent.message_id)
}

/// A wait of the lane's schedule spread by up to a tenth either way, so that messages stopped by one outage do not come
/// back in one wave. The spread follows from the message and the number of the try, so it is the same on every run.
#[must_use]
pub fn spread(wait: SignedDuration, message_id: &str, attempt: u32) -> SignedDuration {
    let chance = sha256(format!("{message_id} {attempt}").as_bytes());
    let per_mille = i64::from(u16::from_be_bytes([chance[0], chance[1]])) * 200 / i64::from(u16::MAX) - 100;
    let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 1_000);
    SignedDuration::from_millis(millis.saturating_add(millis / 1_000 * per_mille))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_spread_by_a_tenth_and_always_alike() {
        let wait = SignedDuration::from_secs(600);
        let spreads: Vec<_> = (0..100).map(|attempt| spread(wait, "m@x", attempt)).collect();
        assert!(spreads.iter().all(|seen| (540..=660).contains(&seen.as_secs())));
        assert!(
            spreads.iter().any(|seen| seen.as_secs() < 560)
                && spreads.iter().any(|seen| seen.as_secs() > 640)
        );
        assert_eq!(spreads[7], spread(wait, "m@x", 7));
        assert_eq!(spread(SignedDuration::ZERO, "m@x", 1), SignedDuration::ZERO);
    }
}
