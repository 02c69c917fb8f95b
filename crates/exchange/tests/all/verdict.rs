//! What Bangkok makes of a message from Hanoi: the one question the refusal tests ask.

use exchange::{Expected, Outgoing, Suite, Why, Wire, open};

use crate::nodes::{limits, message, now, packed, trust};
use crate::streamed;

/// An edit of text.
pub(crate) type Edit = fn(&str) -> String;

pub(crate) const CLEAR: Expected = Expected::Clear;
pub(crate) const SEALED: Expected = Expected::Sealed;

pub(crate) fn verdict(wire: &Wire, expected: Expected) -> Result<(), Why> {
    let trust = trust(Suite::Edelivery115, expected);
    let limits = limits();
    let verified =
        open(&wire.content_type, &wire.body, &limits).and_then(|received| received.verify(&trust, now()));
    let whole = verified.map(|_| ()).map_err(|fault| fault.why);
    let pieces = streamed::verify(wire, &trust, 61, &limits).map(|_| ()).map_err(|fault| fault.why);
    assert_eq!(whole, pieces, "the body at hand, and a piece at a time");
    whole
}

pub(crate) fn text(wire: &Wire) -> String {
    String::from_utf8_lossy(&wire.body).into_owned()
}

pub(crate) fn honest() -> Wire {
    packed(&message(), Suite::Edelivery115, CLEAR)
}

/// An honest message with its text edited after signing.
pub(crate) fn edited(edit: impl Fn(&str) -> String) -> Wire {
    let outgoing = Outgoing { payloads: Vec::new(), ..message() };
    let mut wire = packed(&outgoing, Suite::Edelivery115, CLEAR);
    wire.body = edit(&text(&wire)).into_bytes();
    wire
}
