//! Messages a piece at a time: the same verdicts and the same payloads as with the whole body at hand, and foreign to
//! memory on both sides.

use exchange::stream::{Folding, Head, Intake, LargeWire, pack};
use exchange::{
    Expected, Fault, Limits, Outgoing, Payload, Profile, Sealing, Suite, Trust, Verified, Wire, open,
};
use proptest::prelude::*;

use crate::nodes::{BANGKOK, HANOI, limits, message, now, packed, trust};

const SUITES: [Suite; 3] = [Suite::Edelivery115, Suite::Edelivery2, Suite::Edelivery2P256];

/// What the way in pieces makes of a body.
pub(crate) fn verify(
    wire: &Wire,
    trust: &Trust,
    piece: usize,
    limits: &Limits,
) -> Result<(Verified, Vec<Payload>), Fault> {
    let mut intake = Intake::new(&wire.content_type, limits)?;
    wire.body.chunks(piece).try_for_each(|chunk| intake.push(chunk))?;
    let opening = intake.finish()?.open(trust, now())?;
    let bytes_of = |part: &exchange::stream::Part| {
        let range = part.range();
        &wire.body[usize::try_from(range.start).expect("fits")..usize::try_from(range.end).expect("fits")]
    };
    let named = |fault: Fault| fault.about(&opening.message().message_id);
    for part in opening.parts() {
        let mut proof = part.proof();
        bytes_of(part).chunks(piece).try_for_each(|chunk| proof.feed(chunk)).map_err(named)?;
        proof.finish().map_err(named)?;
    }
    let mut payloads = Vec::new();
    for part in opening.parts() {
        let mut bytes = Vec::new();
        let mut unfolding = part.unfold();
        let mut take = |plain: &[u8]| {
            bytes.extend_from_slice(plain);
            Ok(())
        };
        bytes_of(part).chunks(piece).try_for_each(|chunk| unfolding.feed(chunk, &mut take)).map_err(named)?;
        unfolding.finish(&mut take).map_err(named)?;
        let (content_id, mime) = (part.content_id().to_owned(), part.mime().to_owned());
        payloads.push(Payload { content_id, mime, bytes, properties: part.properties().to_vec() });
    }
    Ok((opening.conclude(), payloads))
}

/// A message packed a piece at a time.
fn poured(outgoing: &Outgoing, suite: Suite, sealing: Sealing, piece: usize) -> Wire {
    let profile = Profile { suite, sealing, ..Profile::default() };
    let mut contents = Vec::new();
    let heads: Vec<Head> = outgoing
        .payloads
        .iter()
        .map(|payload| {
            let mut folding = Folding::default();
            let mut content: Vec<u8> =
                payload.bytes.chunks(piece).flat_map(|chunk| folding.feed(chunk)).collect();
            let (rest, folded) = folding.finish();
            content.extend(rest);
            assert_eq!(content.len() as u64, folded.length);
            contents.push(content);
            Head {
                content_id: payload.content_id.clone(),
                mime: payload.mime.clone(),
                properties: payload.properties.clone(),
                folded,
            }
        })
        .collect();
    let large = pack(outgoing, &heads, &HANOI.identity(suite), &profile).expect("packed");
    let LargeWire { content_type, begin, parts, between, end, sent } = large;
    let mut body = begin;
    for ((head, mut pouring), content) in parts.into_iter().zip(&contents) {
        body.extend(head);
        body.extend_from_slice(pouring.start());
        for chunk in content.chunks(piece) {
            body.extend_from_slice(pouring.pour(chunk).expect("poured"));
        }
        body.extend(pouring.finish());
        body.extend_from_slice(&between);
    }
    body.extend(end);
    Wire { content_type, body, sent }
}

#[test]
fn what_is_packed_whole_is_proved_in_pieces_and_the_other_way_round() {
    for suite in SUITES {
        for expected in [Expected::Clear, Expected::Sealed] {
            let sealing = match expected {
                Expected::Sealed => Sealing::To(BANGKOK.sealing_certificate(suite)),
                Expected::Clear | Expected::Either => Sealing::Clear,
            };
            let (sent, trust) = (message(), trust(suite, expected));
            for piece in [1, 7, 64, 100_000] {
                let whole = packed(&sent, suite, expected);
                let (verified, payloads) = verify(&whole, &trust, piece, &limits()).expect("proved");
                assert_eq!(payloads, sent.payloads, "{suite:?} {expected:?} {piece}");
                assert_eq!(verified.references(), whole.sent.references);
                assert_eq!(verified.is_sealed(), expected == Expected::Sealed);
                let pieces = poured(&sent, suite, sealing.clone(), piece);
                let received = open(&pieces.content_type, &pieces.body, &limits()).expect("taken apart");
                let again = received.verify(&trust, now()).expect("proved");
                assert_eq!(again.payloads(), sent.payloads);
                assert_eq!(again.references(), pieces.sent.references);
            }
        }
    }
}

proptest! {
    /// Whatever happens to a body on its way, both ways of reading it say the same.
    #[test]
    fn both_ways_agree_on_damaged_bodies(
        sealed: bool,
        at in 0.0..1.0_f64,
        cut in 0_usize..12,
        put in proptest::collection::vec(any::<u8>(), 0..12),
        piece in 1_usize..200,
    ) {
        let expected = if sealed { Expected::Sealed } else { Expected::Clear };
        let mut wire = packed(&message(), Suite::Edelivery2, expected);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short body")]
        let at = (wire.body.len() as f64 * at) as usize;
        let end = (at + cut).min(wire.body.len());
        wire.body.splice(at..end, put);
        let trust = trust(Suite::Edelivery2, expected);
        let whole = open(&wire.content_type, &wire.body, &limits()).and_then(|it| it.verify(&trust, now()));
        let pieces = verify(&wire, &trust, piece, &limits());
        match (whole, pieces) {
            (Ok(whole), Ok((verified, payloads))) => {
                prop_assert_eq!(whole.payloads(), payloads);
                prop_assert_eq!(whole.digest(), verified.digest());
            }
            (Err(whole), Err(pieces)) => prop_assert_eq!(whole.ebms(), pieces.ebms(), "{} {}", whole, pieces),
            (whole, pieces) => prop_assert!(false, "{:?} {:?}", whole.map(|_| ()), pieces.map(|_| ())),
        }
    }
}
