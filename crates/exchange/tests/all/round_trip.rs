//! A message goes out, is proved, receipted, and the receipt is checked: in every suite, encrypted and not.

use crate::nodes::{BANGKOK, HANOI, limits, message, now, packed, trust};
use exchange::{
    Compression, Expected, Profile, Signal, Suite, Token, check_receipt, open, pack, read_signal,
};

const SUITES: [Suite; 3] = [Suite::Edelivery115, Suite::Edelivery2, Suite::Edelivery2P256];

#[test]
fn a_message_arrives_whole_and_its_receipt_proves_it_in_every_suite() {
    for suite in SUITES {
        for expected in [Expected::Clear, Expected::Sealed] {
            let sent = message();
            let wire = packed(&sent, suite, expected);
            let received = open(&wire.content_type, &wire.body, &limits()).expect("taken apart");
            let verified = received.verify(&trust(suite, expected), now()).expect("proved");
            assert_eq!(verified.payloads(), sent.payloads, "{suite:?} {expected:?}");
            assert_eq!(verified.message().ref_to, sent.ref_to);
            assert_eq!(verified.message().conversation_id, sent.conversation_id);
            assert_eq!(verified.message().properties, sent.properties);
            assert_eq!(verified.references(), wire.sent.references);

            let receipt =
                verified.receipt(&BANGKOK.identity(suite), "r-1@th.example", now()).expect("signed");
            let trust = HANOI.trusting(BANGKOK.as_partner(suite));
            let signal =
                read_signal(&receipt.content_type, &receipt.body, &trust, now(), &limits()).expect("read");
            let Signal::Receipt(receipt) = signal else { panic!("an error: {signal:?}") };
            assert_eq!(check_receipt(&wire.sent, &receipt), Ok(()));
        }
    }
}

#[test]
fn packing_the_same_message_again_gives_the_same_bytes() {
    for suite in [Suite::Edelivery115, Suite::Edelivery2] {
        assert_eq!(packed(&message(), suite, Expected::Clear), packed(&message(), suite, Expected::Clear));
    }
}

#[test]
fn uncompressed_payloads_and_certificate_paths_are_accepted() {
    let suite = Suite::Edelivery115;
    let profile = Profile { token: Token::PkiPath, compression: Compression::None, ..Profile::default() };
    let wire = pack(&message(), &HANOI.identity(suite), &profile).expect("packed");
    let received = open(&wire.content_type, &wire.body, &limits()).expect("taken apart");
    let verified = received.verify(&trust(suite, Expected::Clear), now()).expect("proved");
    assert_eq!(verified.payloads(), message().payloads);
}
