//! Captured traffic of phase4, Holodeck and AS4.NET gets the right verdict, and no file is left unopened.

use exchange::doctor::{Verdict, examine};
use exchange::{Limits, Why, open};

use crate::corpus::{files, folder};
use crate::nodes::{BANGKOK, HANOI, now};

/// File, verdict, kind, and the reason where it is not sound.
const TABLE: &[(&str, Verdict, &str, Option<Why>)] = &[
    ("as4net-as4-soap-pullrequest.xml", Verdict::Refused, "other", Some(Why::Unsigned)),
    ("as4net-as4-soap-signed-message.txt", Verdict::Sound, "user-message", None),
    ("as4net-as4-soap-signed-pullrequest.xml", Verdict::Sound, "other", None),
    ("as4net-as4-soap-user-receipt-message.xml", Verdict::Refused, "other", Some(Why::Bundled)),
    ("as4net-as4-soap-wrong-encrypted-message", Verdict::Refused, "user-message", Some(Why::Unsigned)),
    (
        "as4net-as4-soap-wrong-encrypted-no-encrypteddata-for-attachment.as4",
        Verdict::Refused,
        "user-message",
        Some(Why::Unsigned),
    ),
    (
        "as4net-as4-soap-wrong-signed-message.txt",
        Verdict::Refused,
        "user-message",
        Some(Why::ReferenceRefused),
    ),
    ("as4net-as4-soap-wrong-signed-pullrequest.xml", Verdict::Refused, "other", Some(Why::SignatureWrong)),
    ("dataport1-mustunderstand.as4in", Verdict::Sound, "receipt", None),
    ("dump-raw.as4out", Verdict::Sound, "user-message", None),
    ("helger.as4in", Verdict::Sound, "receipt", None),
    ("phase4-ErrorMessage.xml", Verdict::Refused, "errors", Some(Why::Unsigned)),
    ("phase4-ErrorMessageWithFault.xml", Verdict::Refused, "errors", Some(Why::Unsigned)),
    ("phase4-NoResponder.xml", Verdict::Refused, "other", Some(Why::HeaderIncomplete)),
    ("phase4-PushPull.xml", Verdict::Unreadable, "other", Some(Why::NotSoap)),
    ("phase4-TestReceipt12.xml", Verdict::Sound, "receipt", None),
    ("phase4-TwoUserMessages.xml", Verdict::Refused, "other", Some(Why::Bundled)),
    ("phase4-UserMessageNoPartyID.xml", Verdict::Refused, "other", Some(Why::HeaderIncomplete)),
    ("phase4-WrongCompression.mime", Verdict::Refused, "user-message", Some(Why::Unsigned)),
    ("phase4-WrongSigningAlgorithm.xml", Verdict::Refused, "other", Some(Why::BodyNotEmpty)),
];

#[test]
fn every_captured_message_gets_its_verdict() {
    let Some(folder) = folder("exchange") else { return };
    let files = files(&folder);
    for (name, ..) in TABLE {
        assert!(files.iter().any(|(known, _)| known == name), "{name} is missing");
    }
    for (name, bytes) in &files {
        let seen = examine(bytes, &Limits::default());
        let why = seen.fault.as_ref().map(|fault| fault.why);
        match TABLE.iter().find(|(known, ..)| known == name) {
            Some((_, verdict, kind, reason)) => {
                assert_eq!((seen.verdict, seen.kind, why), (*verdict, *kind, *reason), "{name}");
            }
            None => println!("not in the table: {name} is {:?} {why:?}", seen.verdict),
        }
    }
}

#[test]
fn no_captured_message_is_accepted_as_a_partners() {
    let Some(folder) = folder("exchange") else { return };
    let trust = BANGKOK.trusting(HANOI.as_partner(exchange::Suite::Edelivery115));
    for (name, bytes) in files(&folder) {
        for content_type in ["application/soap+xml", "multipart/related; boundary=\"x\""] {
            let limits = Limits::default();
            let accepted =
                open(content_type, &bytes, &limits).and_then(|received| received.verify(&trust, now()));
            assert!(accepted.is_err(), "{name}");
        }
    }
}
