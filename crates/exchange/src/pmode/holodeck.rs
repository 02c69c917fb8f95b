//! The processing modes of Holodeck B2B, namespace of 2014/10.

use roxmltree::{Document, Node};

use super::text::{child, down, escaped, expect_aes128_gcm, expect_sha256, suite_of, text_of};
use super::{PMode, PModeFault, Retries, Side};
use crate::ebms::{Party, PartyId, Service};
use crate::names::algorithm;
use crate::names::ebms::{INITIATOR, RESPONDER};
use crate::names::ns::EB;
use crate::profile::{Compression, Suite};
use crate::trust::Expected;

pub(super) const NAMESPACE: &str = "http://holodeck-b2b.org/schemas/2014/10/pmode";

/// The alias under which each side keeps its own key, and the other's certificate.
const OURS: &str = "own";

/// Writes one processing mode for the side it is put in.
pub(super) fn write(mode: &PMode, side: Side) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PMode xmlns=\"{NAMESPACE}\">\n  <id>{}</id>\n  <mep>{EB}oneWay</mep>\n  \
         <mepBinding>{EB}push</mepBinding>\n",
        escaped(&mode.id)
    );
    let initiator =
        signing(mode.suite, if side == Side::Initiator { OURS } else { &mode.initiator.id.value });
    let responder = match mode.sealing {
        Expected::Clear => String::new(),
        Expected::Sealed | Expected::Either => {
            encryption(mode.suite, if side == Side::Responder { OURS } else { &mode.responder.id.value })
        }
    };
    let receipts = signing(mode.suite, if side == Side::Responder { OURS } else { &mode.responder.id.value });
    out += &party("Initiator", &mode.initiator, &initiator);
    out += &party("Responder", &mode.responder, &format!("{receipts}{responder}"));
    if let Some(agreement) = &mode.agreement {
        out += &format!("  <Agreement>\n    <name>{}</name>\n  </Agreement>\n", escaped(agreement));
    }
    out + &leg(mode) + "</PMode>\n"
}

fn party(name: &str, party: &Party, security: &str) -> String {
    let kind =
        party.id.kind.as_deref().map(|kind| format!(" type=\"{}\"", escaped(kind))).unwrap_or_default();
    format!(
        "  <{name}>\n    <PartyId{kind}>{}</PartyId>\n    <Role>{}</Role>\n    <SecurityConfiguration>\n{security}    \
         </SecurityConfiguration>\n  </{name}>\n",
        escaped(&party.id.value),
        escaped(&party.role)
    )
}

fn signing(suite: Suite, alias: &str) -> String {
    format!(
        "      <Signing>\n        <KeystoreAlias>{}</KeystoreAlias>\n        \
         <KeyReferenceMethod>BSTReference</KeyReferenceMethod>\n        <Algorithm>{}</Algorithm>\n        \
         <HashFunction>{}</HashFunction>\n      </Signing>\n",
        escaped(alias),
        suite.signature().uri(),
        algorithm::SHA256
    )
}

fn encryption(suite: Suite, alias: &str) -> String {
    let key = match suite {
        Suite::Edelivery115 => format!(
            "        <KeyTransport>\n          <Algorithm>{}</Algorithm>\n          <MGFAlgorithm>{}</MGFAlgorithm>\n          \
             <DigestAlgorithm>{}</DigestAlgorithm>\n          <KeyReferenceMethod>BSTReference</KeyReferenceMethod>\n        \
             </KeyTransport>\n",
            algorithm::RSA_OAEP,
            algorithm::MGF1_SHA256,
            algorithm::SHA256
        ),
        Suite::Edelivery2 => agreement(algorithm::X25519),
        Suite::Edelivery2P256 => agreement(algorithm::ECDH_ES),
    };
    format!(
        "      <Encryption>\n        <KeystoreAlias>{}</KeystoreAlias>\n        <Algorithm>{}</Algorithm>\n{key}      \
         </Encryption>\n",
        escaped(alias),
        algorithm::AES128_GCM
    )
}

fn agreement(method: &str) -> String {
    format!(
        "        <KeyAgreement>\n          <KeyEncryptionAlgorithm>{}</KeyEncryptionAlgorithm>\n          \
         <AgreementMethod>{method}</AgreementMethod>\n          <KeyDerivationMethod>\n            \
         <Algorithm>{}</Algorithm>\n            <DigestAlgorithm>{}</DigestAlgorithm>\n          </KeyDerivationMethod>\n        \
         </KeyAgreement>\n",
        algorithm::KW_AES128,
        algorithm::HKDF,
        algorithm::SHA256
    )
}

fn leg(mode: &PMode) -> String {
    let kind = mode.service.kind.as_deref().map(|kind| format!("<type>{}</type>", escaped(kind)));
    format!(
        "  <Leg>\n    <Protocol>\n      <Address>{}</Address>\n      <SoapVersion>1.2</SoapVersion>\n    </Protocol>\n    \
         <Receipt>\n      <ReplyPattern>RESPONSE</ReplyPattern>\n      \
         <NotifyReceiptToBusinessApplication>true</NotifyReceiptToBusinessApplication>\n    </Receipt>\n    \
         <ReceptionAwareness>\n      <MaxRetries>{}</MaxRetries>\n      <RetryInterval>{}</RetryInterval>\n      \
         <UseDuplicateElimination>true</UseDuplicateElimination>\n    </ReceptionAwareness>\n    <UserMessageFlow>\n      \
         <BusinessInfo>\n        <Action>{}</Action>\n        <Service><name>{}</name>{}</Service>\n      </BusinessInfo>\n      \
         <ErrorHandling>\n        <ReplyPattern>RESPONSE</ReplyPattern>\n        \
         <NotifyErrorToBusinessApplication>true</NotifyErrorToBusinessApplication>\n      </ErrorHandling>\n      \
         <PayloadProfile>\n        <UseAS4Compression>{}</UseAS4Compression>\n      </PayloadProfile>\n    \
         </UserMessageFlow>\n  </Leg>\n",
        escaped(&mode.address),
        mode.retry.count,
        u64::from(mode.retry.every_seconds) * 1_000,
        escaped(&mode.action),
        escaped(&mode.service.value),
        kind.unwrap_or_default(),
        mode.compression == Compression::Gzip,
    )
}

/// Reads one processing mode.
pub(super) fn read(document: &Document<'_>) -> Result<PMode, PModeFault> {
    let root = document.root_element();
    let needed =
        |path: &str, parameter| text_of(root, path).ok_or_else(|| PModeFault::new(parameter, "missing"));
    expect(root, "mep", "MEP", &format!("{EB}oneWay"))?;
    expect(root, "mepBinding", "MEPbinding", &format!("{EB}push"))?;
    let service = text_of(root, "Leg/UserMessageFlow/BusinessInfo/Service/name");
    Ok(PMode {
        id: needed("id", "PMode.ID")?,
        agreement: text_of(root, "Agreement/name"),
        initiator: party_of(root, "Initiator", INITIATOR)?,
        responder: party_of(root, "Responder", RESPONDER)?,
        service: Service {
            value: service.ok_or_else(|| PModeFault::new("BusinessInfo.Service", "missing"))?,
            kind: text_of(root, "Leg/UserMessageFlow/BusinessInfo/Service/type"),
        },
        action: needed("Leg/UserMessageFlow/BusinessInfo/Action", "BusinessInfo.Action")?,
        address: needed("Leg/Protocol/Address", "Protocol.Address")?,
        suite: suite(root)?,
        sealing: sealing(root)?,
        compression: match text_of(root, "Leg/UserMessageFlow/PayloadProfile/UseAS4Compression").as_deref() {
            Some("true" | "1") => Compression::Gzip,
            _ => Compression::None,
        },
        retry: retry(root)?,
    })
}

fn expect(root: Node<'_, '_>, path: &str, parameter: &'static str, wanted: &str) -> Result<(), PModeFault> {
    match text_of(root, path) {
        Some(seen) if seen == wanted => Ok(()),
        seen => Err(PModeFault::new(parameter, seen.unwrap_or_else(|| "missing".to_owned()))),
    }
}

fn party_of(root: Node<'_, '_>, name: &'static str, role: &str) -> Result<Party, PModeFault> {
    let party = child(root, name).ok_or_else(|| PModeFault::new(name, "missing"))?;
    let id = child(party, "PartyId").ok_or_else(|| PModeFault::new(name, "no PartyId"))?;
    let value = text_of(party, "PartyId").ok_or_else(|| PModeFault::new(name, "an empty PartyId"))?;
    let id = PartyId { value, kind: id.attribute("type").map(str::to_owned) };
    Ok(Party { id, role: text_of(party, "Role").unwrap_or_else(|| role.to_owned()) })
}

/// The suite by the sender's signature; Holodeck leaves the algorithm out where it is the RSA one.
fn suite(root: Node<'_, '_>) -> Result<Suite, PModeFault> {
    let signing = down(root, "Initiator/SecurityConfiguration/Signing");
    let signing = signing.ok_or_else(|| PModeFault::new("Security.X509.Sign", "not signed"))?;
    expect_sha256(text_of(signing, "HashFunction").as_deref())?;
    text_of(signing, "Algorithm").map_or_else(|| Ok(Suite::default()), |uri| suite_of(&uri))
}

fn sealing(root: Node<'_, '_>) -> Result<Expected, PModeFault> {
    let Some(encryption) = down(root, "Responder/SecurityConfiguration/Encryption") else {
        return Ok(Expected::Clear);
    };
    expect_aes128_gcm(text_of(encryption, "Algorithm").as_deref())?;
    Ok(Expected::Sealed)
}

fn retry(root: Node<'_, '_>) -> Result<Retries, PModeFault> {
    let number = |path: &str| text_of(root, path).map_or(Ok(0), |text| text.parse::<u32>());
    let wrong = |_| PModeFault::new("ReceptionAwareness.Retry", "not a number");
    let count = number("Leg/ReceptionAwareness/MaxRetries").map_err(wrong)?;
    let every = number("Leg/ReceptionAwareness/RetryInterval").map_err(wrong)?;
    Ok(Retries { count, every_seconds: every.div_ceil(1_000) })
}
