//! Signatures a node must refuse: changed, wrapped, incomplete, or made with what is not on the list.

use exchange::Why;

use crate::forger::{Forgery, between, forged_115, tampered};
use crate::nodes::message;
use crate::verdict::{CLEAR, Edit, SEALED, edited, honest, text, verdict};

/// Places a signed and a forged `eb:Messaging` in an envelope: text, signed, forged.
type Wrap = fn(&str, &str, &str) -> String;

#[test]
fn the_forgers_own_bench_is_sound() {
    assert_eq!(verdict(&forged_115(&message(), CLEAR, &Forgery::default()), CLEAR), Ok(()));
    assert_eq!(verdict(&forged_115(&message(), SEALED, &Forgery::default()), SEALED), Ok(()));
    let renamed = Forgery { messaging: |text| text.replace(">submit<", ">cancel<"), ..Forgery::default() };
    assert_eq!(verdict(&forged_115(&message(), CLEAR, &renamed), CLEAR), Ok(()));
    assert_eq!(verdict(&edited(str::to_owned), CLEAR), Ok(()));
}

#[test]
fn a_change_of_anything_that_is_signed_is_noticed() {
    for (from, to, why) in [
        (">submit<", ">cancel<", Why::DigestMismatch),
        ("<eb:UserMessage>", "<eb:UserMessage> ", Why::DigestMismatch),
        ("wsu:Id=\"body-", "S12:role=\"x\" wsu:Id=\"body-", Why::DigestMismatch),
        ("photo@vn.example\"", "doc@vn.example\"", Why::PartMismatch),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", Why::SignatureWrong),
        ("<ds:SignatureValue>", "<ds:SignatureValue>=", Why::SignatureWrong),
        ("<ds:DigestValue>", "<ds:DigestValue>\n", Why::SignatureWrong),
    ] {
        assert_eq!(verdict(&tampered(&message(), CLEAR, from, to), CLEAR), Err(why), "{from} -> {to}");
    }
    let mut wire = honest();
    let header = b"<photo@vn.example>\r\n\r\n";
    let content =
        wire.body.windows(header.len()).position(|window| window == header).expect("the part is there");
    wire.body[content + header.len() + 12] ^= 1;
    assert_eq!(verdict(&wire, CLEAR), Err(Why::DigestMismatch), "one bit of a part");
}

#[test]
fn a_signature_wrapped_around_a_copy_is_refused_in_every_published_form() {
    let forge = |messaging: &str| messaging.replace("messaging-", "forged-").replace(">submit<", ">cancel<");
    let wrap = |text: &str, place: Wrap| {
        let messaging = between(text, "<eb:Messaging", "</eb:Messaging>");
        place(text, messaging, &forge(messaging))
    };
    let forms: [(&str, Wrap, Why); 7] = [
        ("beside", |text, signed, forged| text.replace(signed, &format!("{forged}{signed}")), Why::NotEbms),
        ("behind", |text, signed, forged| text.replace(signed, &format!("{signed}{forged}")), Why::NotEbms),
        (
            "in another header block",
            |text, signed, forged| text.replace(signed, &format!("{forged}<x>{signed}</x>")),
            Why::NotEbms,
        ),
        (
            "in the security header",
            |text, signed, forged| {
                text.replace(signed, forged).replace("</wsse:Security>", &format!("{signed}</wsse:Security>"))
            },
            Why::NotEbms,
        ),
        (
            "in an object of the signature",
            |text, signed, forged| {
                let object = format!("<ds:Object>{signed}</ds:Object></ds:Signature>");
                text.replace(signed, forged).replace("</ds:Signature>", &object)
            },
            Why::NotEbms,
        ),
        (
            "under the same id",
            |text, signed, forged| {
                let same = forged.replace("forged-", "messaging-").replace("eb:Messaging", "eb:Other");
                let same = same.replace("S12:mustUnderstand=\"true\"", "");
                text.replace(signed, &format!("{same}{signed}"))
            },
            Why::IdTwice,
        ),
        (
            "in a second body",
            |text, _, _| {
                let body = between(text, "<S12:Body", "</S12:Body>");
                text.replace(body, &format!("{}{body}", body.replace("body-", "forged-")))
            },
            Why::NotSoap,
        ),
    ];
    for (name, place, why) in forms {
        assert_eq!(verdict(&edited(|text| wrap(text, place)), CLEAR), Err(why), "{name}");
    }
}

#[test]
fn ids_that_stand_twice_are_refused_whichever_attribute_gives_them() {
    for attribute in ["Id", "id", "ID", "xml:id", "wsu:Id"] {
        let wire = edited(|text| {
            let id = between(text, "messaging-", "\"").trim_end_matches('"').to_owned();
            let declared = "xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\"";
            text.replace("<S12:Header>", &format!("<S12:Header><x {declared} {attribute}=\"{id}\"/>"))
        });
        assert_eq!(verdict(&wire, CLEAR), Err(Why::IdTwice), "{attribute}");
    }
}

/// `ds:SignedInfo` without the reference whose URI starts so.
fn without(signed_info: &str, uri: &str) -> String {
    let start = signed_info.find(&format!("<ds:Reference URI=\"{uri}")).expect("the reference is there");
    signed_info.replace(between(&signed_info[start..], "<ds:Reference", "</ds:Reference>"), "")
}

#[test]
fn a_signature_that_leaves_something_out_is_refused_although_it_is_valid() {
    let leaving: [Edit; 4] = [
        |text| without(text, "#messaging-"),
        |text| without(text, "#body-"),
        |text| without(text, "cid:doc"),
        |text| without(text, "cid:photo"),
    ];
    for signed_info in leaving {
        let wire = forged_115(&message(), CLEAR, &Forgery { signed_info, ..Forgery::default() });
        assert_eq!(verdict(&wire, CLEAR), Err(Why::NotCovered));
    }
}

#[test]
fn references_and_algorithms_outside_the_closed_list_are_refused_although_signed() {
    let exc = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let cases: [(Edit, Why); 10] = [
        (|text| text.replace("URI=\"#body-", "URI=\"#SIG-"), Why::ReferenceRefused),
        (|text| text.replacen("URI=\"#body-", "URI=\"#nowhere-", 1), Why::ReferenceRefused),
        (|text| text.replace(between(text, "URI=\"#body", "\">"), "URI=\"\">"), Why::ReferenceRefused),
        (|text| text.replace("cid:photo@vn.example", "https://example.org/x"), Why::AlgorithmRefused),
        (|text| text.replace("cid:photo@vn.example", "cid:doc%40vn.example"), Why::ReferenceRefused),
        (
            |text| {
                let body = text.find("<ds:Reference URI=\"#body").expect("the reference is there");
                let reference = between(&text[body..], "<ds:Reference", "</ds:Reference>");
                text.replace(reference, &reference.repeat(2))
            },
            Why::ReferenceRefused,
        ),
        (|text| text.replace("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha512"), Why::AlgorithmRefused),
        (|text| text.replace("xmlenc#sha256", "xmldsig#sha1"), Why::AlgorithmRefused),
        (
            |text| text.replace("xml-exc-c14n#\"></ds:Canon", "xml-exc-c14n#WithComments\"></ds:Canon"),
            Why::AlgorithmRefused,
        ),
        (
            |text| {
                let transforms = between(text, "<ds:Transforms>", "</ds:Transforms>");
                text.replacen(transforms, &transforms.replace("</ds:Transforms>", &format!("{}</ds:Transforms>",
                    "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></ds:Transform>")), 1)
            },
            Why::AlgorithmRefused,
        ),
    ];
    assert!(text(&honest()).contains(exc));
    for (number, (signed_info, why)) in cases.into_iter().enumerate() {
        let wire = forged_115(&message(), CLEAR, &Forgery { signed_info, ..Forgery::default() });
        assert_eq!(verdict(&wire, CLEAR), Err(why), "case {number}");
    }
}
