//! Requests in their bytes.

use super::call::Call;
use super::model::{Envelope, Header, HubFault};
use super::{ENTITIES, HUB, SOAP11};
use crate::xml::{Canonical, canonical_element, parse};
use crate::{Fault, Limits};

/// A request as it goes over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The `SOAPAction` header, without its quotation marks.
    pub action: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The `Content-Type` header of every request.
    pub const CONTENT_TYPE: &'static str = "text/xml; charset=utf-8";
}

/// Writes a request.
///
/// # Errors
/// [`HubFault::Unwritable`] for a document that is not XML, or text no XML can hold.
pub fn request(call: &Call) -> Result<Request, HubFault> {
    let unwritable = |fault: Fault| HubFault::Unwritable(fault.to_string());
    let mut out = Canonical::default();
    out.fragment("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    out.open("soap:Envelope", &[("xmlns:soap", Some(SOAP11))]).open("soap:Body", &[]);
    let attributes = [("xmlns:h", Some(HUB)), ("xmlns:e", Some(ENTITIES))];
    out.open(qualified(call), &attributes);
    arguments(&mut out, call)?;
    let body = out.finish().map_err(unwritable)?.into_bytes();
    Ok(Request { action: call.action(), body })
}

fn arguments(out: &mut Canonical, call: &Call) -> Result<(), HubFault> {
    match call {
        Call::Deliver(envelope) => with_content(out, "h:env", envelope),
        Call::ValidateAndDeliver(envelope) => with_content(out, "h:envelope", envelope),
        Call::DeliverPhyto { header, certificate } => {
            with_document(out, "h:ePhytoEnvelope", header, certificate)?;
        }
        Call::DeliverResponse { header, acknowledgement } => {
            with_document(out, "h:CountryResponseEnvelope", header, acknowledgement)?;
        }
        Call::ImportHeaders { country } => {
            if let Some(country) = country {
                out.leaf("h:countryCode", &[], country);
            }
        }
        Call::Pull(delivery) | Call::Acknowledge(delivery) | Call::TrackingOf(delivery) => {
            out.leaf("h:hubTrackingNumber", &[], delivery);
        }
        Call::AcknowledgeWithWarning { delivery, warning } => {
            out.leaf("h:hubTrackingNumber", &[], delivery).leaf("h:warningMessage", &[], warning);
        }
        Call::AcknowledgeFailed { delivery, message } => {
            out.leaf("h:hubTrackingNumber", &[], delivery).leaf("h:message", &[], message);
        }
        Call::SetTracking(given) => {
            out.open("h:header", &[]);
            header(out, given);
            out.close();
        }
        Call::Validate(certificate) => {
            out.leaf("h:ePhytoXML", &[], certificate);
        }
        Call::PullAll
        | Call::UnderDelivery
        | Call::Profile
        | Call::ActiveNppos
        | Call::Channels
        | Call::Codes(_) => {}
    }
    Ok(())
}

fn with_content(out: &mut Canonical, name: &'static str, envelope: &Envelope) {
    out.open(name, &[]);
    header(out, &envelope.header);
    out.leaf("e:Content", &[], &envelope.content).close();
}

fn with_document(
    out: &mut Canonical,
    name: &'static str,
    given: &Header,
    document: &[u8],
) -> Result<(), HubFault> {
    let unwritable = |what: String| HubFault::Unwritable(what);
    let text = std::str::from_utf8(document).map_err(|error| unwritable(error.to_string()))?;
    let limits = Limits { envelope_max: DOCUMENT_MAX, nodes_max: 500_000, ..Limits::default() };
    let parsed = parse(text, &limits).map_err(|fault| unwritable(fault.to_string()))?;
    let element = String::from_utf8(canonical_element(parsed.root_element(), &[]));
    let element = element.map_err(|error| unwritable(error.to_string()))?;
    out.open(name, &[]);
    header(out, given);
    out.fragment(&element).close();
    Ok(())
}

/// A header's elements, in the order of the hub's description.
fn header(out: &mut Canonical, header: &Header) {
    out.leaf("e:From", &[], &header.from).leaf("e:To", &[], &header.to);
    out.leaf("e:CertificateType", &[], &header.certificate_type.to_string());
    out.leaf("e:CertificateStatus", &[], &header.certificate_status.to_string());
    out.leaf("e:NPPOCertificateNumber", &[], &header.number);
    for (name, value) in [
        ("e:hubDeliveryNumber", &header.delivery),
        ("e:HUBTrackingInfo", &header.tracking),
        ("e:hubDeliveryErrorMessage", &header.error),
    ] {
        if let Some(value) = value {
            out.leaf(name, &[], value);
        }
    }
    if header.forwardings.is_empty() {
        return;
    }
    out.open("e:Forwardings", &[]);
    for each in &header.forwardings {
        out.open("e:EnvelopeForwarding", &[]).leaf("e:Code", &[], &each.code);
        if let Some(delivery) = &each.delivery {
            out.leaf("e:HubDeliveryNumber", &[], delivery);
        }
        out.close();
    }
    out.close();
}

/// The operation's element under the prefix of the operations.
fn qualified(call: &Call) -> &'static str {
    let name = call.operation();
    OPERATIONS.iter().copied().find(|known| known.strip_prefix("h:") == Some(name)).unwrap_or("h:GetProfile")
}

/// Every operation's element.
pub(super) const OPERATIONS: [&str; 27] = [
    "h:DeliverEnvelope",
    "h:ValidateAndDeliverEnvelope",
    "h:DeliverPhytoEnvelope",
    "h:DeliverCountryResponseEnvelope",
    "h:GetImportEnvelopeHeaders",
    "h:PULLSingleImportEnvelope",
    "h:PULLImportEnvelope",
    "h:GetUnderDeliveryEnvelope",
    "h:AcknowledgeEnvelopeReceipt",
    "h:AdvancedAcknowledgeEnvelopeReceipt",
    "h:AcknowledgeFailedEnvelopeReceipt",
    "h:SetTrackingInfoUpdate",
    "h:GetEnvelopeTrackingInfo",
    "h:ValidatePhytoXML",
    "h:GetProfile",
    "h:GetActiveNppos",
    "h:GetAvailableChannels",
    "h:GetTreatmentTypes",
    "h:GetAdditionalDeclarations",
    "h:GetStatements",
    "h:GetConditions",
    "h:GetIntendedUses",
    "h:GetProductDescriptions",
    "h:GetPackageTypes",
    "h:GetMeanOfTransports",
    "h:GetUnitMeasures",
    "h:GetPesticides",
];

/// The longest document handed over as XML.
const DOCUMENT_MAX: usize = 16 << 20;
