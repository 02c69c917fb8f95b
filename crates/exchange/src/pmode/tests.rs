//! Processing modes written and read again, and what a broken one is refused for.

use super::*;
use crate::ebms::PartyId;

fn mode(number: u32, suite: Suite, sealing: Expected) -> PMode {
    PMode {
        id: format!("acdd-{number}"),
        agreement: Some("ASW-ACDD <VN> & \"TH\"".to_owned()),
        initiator: Party::initiator(PartyId::unregistered("VN")),
        responder: Party::responder(PartyId::unregistered("TH")),
        service: Service { value: "urn:sampan:customs-cooperation:1".to_owned(), kind: Some("t".to_owned()) },
        action: format!("acdd{number}"),
        address: "https://customs.example/as4?a=1&b=2".to_owned(),
        suite,
        sealing,
        compression: Compression::Gzip,
        retry: Retries { count: 5, every_seconds: 120 },
    }
}

/// What a form cannot say is left out of the comparison: Domibus names processes itself.
fn comparable(form: Form, mode: &PMode) -> PMode {
    let id = if form == Form::Domibus { String::new() } else { mode.id.clone() };
    PMode { id, ..mode.clone() }
}

#[test]
fn what_is_written_for_a_product_is_read_from_it_again() {
    let suites = [Suite::Edelivery115, Suite::Edelivery2, Suite::Edelivery2P256];
    for form in [Form::Holodeck, Form::Domibus, Form::Phase4] {
        for (suite, sealing) in
            suites.iter().flat_map(|suite| [(suite, Expected::Clear), (suite, Expected::Sealed)])
        {
            for side in [Side::Initiator, Side::Responder] {
                let modes = [mode(1, *suite, sealing), mode(2, *suite, sealing)];
                let texts = write(form, side, &modes);
                let read: Vec<PMode> = texts
                    .iter()
                    .flat_map(|text| {
                        let (seen, modes) = read(text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
                        assert_eq!(seen, form);
                        modes
                    })
                    .map(|mode| comparable(form, &mode))
                    .collect();
                let wanted: Vec<PMode> = modes.iter().map(|mode| comparable(form, mode)).collect();
                assert_eq!(read, wanted, "{form} {suite:?} {sealing:?}");
            }
        }
    }
}

#[test]
fn a_file_outside_the_profile_is_refused_by_its_parameter() {
    let holodeck =
        write(Form::Holodeck, Side::Initiator, &[mode(1, Suite::Edelivery115, Expected::Sealed)]).remove(0);
    let domibus =
        write(Form::Domibus, Side::Initiator, &[mode(1, Suite::Edelivery115, Expected::Sealed)]).remove(0);
    let phase4 =
        write(Form::Phase4, Side::Initiator, &[mode(1, Suite::Edelivery115, Expected::Sealed)]).remove(0);
    for (text, from, to, parameter) in [
        (&holodeck, "core/200704/push", "core/200704/pull", "MEPbinding"),
        (&holodeck, "xmldsig-more#rsa-sha256", "xmldsig#rsa-sha1", "Security.X509.Signature.Algorithm"),
        (&holodeck, "xmlenc11#aes128-gcm", "xmlenc#aes128-cbc", "Security.X509.Encryption.Algorithm"),
        (&holodeck, "<Action>acdd1</Action>", "", "BusinessInfo.Action"),
        (&holodeck, "2014/10/pmode", "2013/10/pmode", "file"),
        (&domibus, "eDeliveryAS4Policy", "doNothingPolicy", "Security"),
        (&domibus, "RSA_SHA256", "RSA_SHA1", "Security.X509.Signature.Algorithm"),
        (&domibus, "name=\"leg0\" service", "name=\"other\" service", "Leg"),
        (&domibus, "core/200704/oneWay", "core/200704/twoWay", "MEPbinding"),
        (&phase4, "rsa-sha-256", "rsa-sha-1", "Security.X509.Signature.Algorithm"),
        (&phase4, "\"push\"", "\"pull\"", "MEPbinding"),
        (&phase4, "{", "{{", "file"),
    ] {
        assert!(text.contains(from), "{from} in\n{text}");
        let fault = read(&text.replace(from, to)).expect_err(to);
        assert_eq!(fault.parameter, parameter, "{fault}");
    }
    for text in ["", "<a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "{}", "[]", "\u{0}"] {
        assert!(read(text).is_err(), "{text:?}");
    }
}

#[test]
fn no_change_of_a_byte_makes_the_reader_panic() {
    let mut dice: u64 = 7;
    let mut roll = |below: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).expect("31 bits") % below
    };
    for form in [Form::Holodeck, Form::Domibus, Form::Phase4] {
        let text = write(form, Side::Responder, &[mode(1, Suite::Edelivery2, Expected::Sealed)]).remove(0);
        for _ in 0..1_500 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..=roll(3) {
                let at = roll(bytes.len());
                match roll(3) {
                    0 => bytes[at] = b"<>\"&;/={}[]0"[roll(12)],
                    1 => drop(bytes.drain(at..(at + roll(40)).min(bytes.len()))),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            let _ = read(&String::from_utf8_lossy(&bytes));
        }
    }
}
