//! The processing modes of Domibus: one document in which names refer to names.

use roxmltree::{Document, Node};

use super::text::{child, down, escaped};
use super::{PMode, PModeFault, Retries, Side};
use crate::ebms::{Party, PartyId, Service};
use crate::names::ebms::{INITIATOR, RESPONDER};
use crate::names::ns::EB;
use crate::profile::{Compression, Suite};
use crate::trust::Expected;

pub(super) const NAMESPACE: &str = "http://domibus.eu/configuration";

/// Writes all processing modes for the side they are put in. Domibus counts retries in minutes.
pub(super) fn write(modes: &[PMode], side: Side) -> String {
    let Some(first) = modes.first() else { return String::new() };
    let own = match side {
        Side::Initiator => &first.initiator,
        Side::Responder => &first.responder,
    };
    let mut lists = Lists::default();
    let processes: String =
        modes.iter().enumerate().map(|(number, mode)| lists.process(number, mode)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<db:configuration xmlns:db=\"{NAMESPACE}\" party=\"{}\">\n  <mpcs>\n    \
         <mpc name=\"defaultMpc\" qualifiedName=\"{EB}defaultMPC\" enabled=\"true\" default=\"true\" retention_downloaded=\"0\" \
         retention_undownloaded=\"14400\"/>\n  </mpcs>\n  <businessProcesses>\n{}{processes}  </businessProcesses>\n\
         </db:configuration>\n",
        escaped(&own.id.value),
        lists.text()
    )
}

/// Everything the processes refer to, each written once.
#[derive(Default)]
struct Lists {
    roles: Vec<String>,
    types: Vec<String>,
    parties: Vec<String>,
    securities: Vec<String>,
    agreements: Vec<String>,
    services: Vec<String>,
    actions: Vec<String>,
    awareness: Vec<String>,
    legs: Vec<String>,
}

/// The name under which a line of a list is found; a new line gets the next number.
fn named(list: &mut Vec<String>, prefix: &str, line: impl Fn(&str) -> String) -> String {
    for (number, known) in list.iter().enumerate() {
        let name = format!("{prefix}{number}");
        if *known == line(&name) {
            return name;
        }
    }
    let name = format!("{prefix}{}", list.len());
    list.push(line(&name));
    name
}

impl Lists {
    fn process(&mut self, number: usize, mode: &PMode) -> String {
        let agreement = mode.agreement.as_deref().unwrap_or_default();
        let agreement = named(&mut self.agreements, "agreement", |name| {
            format!("      <agreement name=\"{name}\" value=\"{}\" type=\"\"/>\n", escaped(agreement))
        });
        let (from, to) = (self.role(&mode.initiator.role), self.role(&mode.responder.role));
        self.party(&mode.initiator, "");
        self.party(&mode.responder, &mode.address);
        let leg = self.leg(number, mode);
        format!(
            "    <process name=\"{}\" agreement=\"{agreement}\" mep=\"oneway\" binding=\"push\" initiatorRole=\"{from}\" \
             responderRole=\"{to}\">\n      <initiatorParties>\n        <initiatorParty name=\"{}\"/>\n      \
             </initiatorParties>\n      <responderParties>\n        <responderParty name=\"{}\"/>\n      </responderParties>\n      \
             <legs>\n        <leg name=\"{leg}\"/>\n      </legs>\n    </process>\n",
            escaped(&mode.id),
            escaped(&mode.initiator.id.value),
            escaped(&mode.responder.id.value)
        )
    }

    fn role(&mut self, role: &str) -> String {
        named(&mut self.roles, "role", |name| {
            format!("      <role name=\"{name}\" value=\"{}\"/>\n", escaped(role))
        })
    }

    /// A party by its id; its address becomes known where it is addressed.
    fn party(&mut self, party: &Party, endpoint: &str) {
        let kind = party.id.kind.as_deref().unwrap_or_default();
        let kind = named(&mut self.types, "type", |name| {
            format!("        <partyIdType name=\"{name}\" value=\"{}\"/>\n", escaped(kind))
        });
        let value = escaped(&party.id.value);
        let line = |endpoint: &str| {
            format!(
                "      <party name=\"{value}\" endpoint=\"{endpoint}\">\n        <identifier partyId=\"{value}\" \
                 partyIdType=\"{kind}\"/>\n      </party>\n"
            )
        };
        let head = format!("      <party name=\"{value}\" ");
        match self.parties.iter_mut().find(|known| known.starts_with(&head)) {
            Some(known) if !endpoint.is_empty() => *known = line(&escaped(endpoint)),
            Some(_) => {}
            None => self.parties.push(line(&escaped(endpoint))),
        }
    }

    fn leg(&mut self, number: usize, mode: &PMode) -> String {
        let service = named(&mut self.services, "service", |name| {
            let kind = mode.service.kind.as_deref().unwrap_or_default();
            let value = escaped(&mode.service.value);
            format!("      <service name=\"{name}\" value=\"{value}\" type=\"{}\"/>\n", escaped(kind))
        });
        let action = named(&mut self.actions, "action", |name| {
            format!("      <action name=\"{name}\" value=\"{}\"/>\n", escaped(&mode.action))
        });
        let (policy, profile, method) = security(mode);
        let security = named(&mut self.securities, "security", |name| {
            format!(
                "      <security name=\"{name}\" policy=\"{policy}\" profile=\"{profile}\" signatureMethod=\"{method}\"/>\n"
            )
        });
        let minutes = (mode.retry.every_seconds.saturating_mul(mode.retry.count)).div_ceil(60);
        let awareness = named(&mut self.awareness, "awareness", |name| {
            let retry = format!("{minutes};{};CONSTANT", mode.retry.count);
            format!(
                "      <receptionAwareness name=\"{name}\" retry=\"{retry}\" duplicateDetection=\"true\"/>\n"
            )
        });
        let name = format!("leg{number}");
        self.legs.push(format!(
            "      <legConfiguration name=\"{name}\" service=\"{service}\" action=\"{action}\" defaultMpc=\"defaultMpc\" \
             reliability=\"reliability\" security=\"{security}\" receptionAwareness=\"{awareness}\" propertySet=\"none\" \
             payloadProfile=\"any\" errorHandling=\"errors\" compressPayloads=\"{}\"/>\n",
            mode.compression == Compression::Gzip
        ));
        name
    }

    fn text(&self) -> String {
        let list = |name: &str, lines: &str| format!("    <{name}>\n{lines}    </{name}>\n");
        let types = format!("      <partyIdTypes>\n{}      </partyIdTypes>\n", self.types.concat());
        let meps = format!(
            "      <mep name=\"oneway\" value=\"{EB}oneWay\"/>\n      <binding name=\"push\" value=\"{EB}push\"/>\n"
        );
        let as4 = format!(
            "{}      <reliability name=\"reliability\" nonRepudiation=\"true\" replyPattern=\"response\"/>\n",
            self.awareness.concat()
        );
        let errors = "      <errorHandling name=\"errors\" errorAsResponse=\"true\" businessErrorNotifyProducer=\"true\" \
                      businessErrorNotifyConsumer=\"true\" deliveryFailureNotifyProducer=\"true\"/>\n";
        [
            list("roles", &self.roles.concat()),
            list("parties", &format!("{types}{}", self.parties.concat())),
            list("meps", &meps),
            list("properties", "      <propertySet name=\"none\"/>\n"),
            list("payloadProfiles", "      <payloadProfile name=\"any\" maxSize=\"0\"/>\n"),
            list("securities", &self.securities.concat()),
            list("errorHandlings", errors),
            list("agreements", &self.agreements.concat()),
            list("services", &self.services.concat()),
            list("actions", &self.actions.concat()),
            list("as4", &as4),
            list("legConfigurations", &self.legs.concat()),
        ]
        .concat()
    }
}

/// Policy, security profile and signature method as Domibus names them.
fn security(mode: &PMode) -> (&'static str, &'static str, &'static str) {
    let policy = match mode.sealing {
        Expected::Clear => "signOnly.xml",
        Expected::Sealed | Expected::Either => "eDeliveryAS4Policy.xml",
    };
    match mode.suite {
        Suite::Edelivery115 => (policy, "RSA", "RSA_SHA256"),
        Suite::Edelivery2 => (policy, "ECC", "EDDSA_ED25519"),
        Suite::Edelivery2P256 => (policy, "ECC", "ECDSA_SHA256"),
    }
}

/// Reads every pair of parties of every process, for every leg.
pub(super) fn read(document: &Document<'_>) -> Result<Vec<PMode>, PModeFault> {
    let root = document.root_element();
    let book =
        Book { processes: child(root, "businessProcesses").ok_or_else(|| missing("businessProcesses"))? };
    let processes = book.processes.children().filter(|node| node.tag_name().name() == "process");
    let mut modes = Vec::new();
    for process in processes {
        for from in names(process, "initiatorParties") {
            for to in names(process, "responderParties").filter(|to| *to != from) {
                for leg in names(process, "legs") {
                    modes.push(book.mode(process, (from, to), leg)?);
                    if modes.len() > MODES_MAX {
                        return Err(PModeFault::new("file", "too many processing modes"));
                    }
                }
            }
        }
    }
    if modes.is_empty() { Err(missing("process")) } else { Ok(modes) }
}

fn missing(parameter: &'static str) -> PModeFault {
    PModeFault::new(parameter, "missing")
}

/// The names of the children of a list.
fn names<'a>(process: Node<'a, '_>, list: &str) -> impl Iterator<Item = &'a str> {
    let children = child(process, list).into_iter().flat_map(|list| list.children());
    children.filter_map(|node| node.attribute("name"))
}

struct Book<'a, 'i> {
    processes: Node<'a, 'i>,
}

impl<'a, 'i> Book<'a, 'i> {
    /// The element of a list with this name.
    fn find(
        &self,
        path: &str,
        parameter: &'static str,
        name: Option<&str>,
    ) -> Result<Node<'a, 'i>, PModeFault> {
        let name = name.ok_or_else(|| missing(parameter))?;
        let (list, element) = path.rsplit_once('/').unwrap_or(("", path));
        let list = down(self.processes, list).ok_or_else(|| missing(parameter))?;
        list.children()
            .find(|node| node.tag_name().name() == element && node.attribute("name") == Some(name))
            .ok_or_else(|| PModeFault::new(parameter, name))
    }

    fn mode(&self, process: Node<'_, '_>, (from, to): (&str, &str), leg: &str) -> Result<PMode, PModeFault> {
        let binding = self.find("meps/binding", "MEPbinding", process.attribute("binding"))?;
        let mep = self.find("meps/mep", "MEP", process.attribute("mep"))?;
        if mep.attribute("value") != Some(&format!("{EB}oneWay"))
            || binding.attribute("value") != Some(&format!("{EB}push"))
        {
            return Err(PModeFault::new("MEPbinding", binding.attribute("value").unwrap_or_default()));
        }
        let configuration = self.find("legConfigurations/legConfiguration", "Leg", Some(leg))?;
        let service =
            self.find("services/service", "BusinessInfo.Service", configuration.attribute("service"))?;
        let action = self.find("actions/action", "BusinessInfo.Action", configuration.attribute("action"))?;
        let (suite, sealing) = self.security(configuration)?;
        let agreement = process.attribute("agreement").filter(|name| !name.is_empty());
        let agreement =
            agreement.map(|name| self.find("agreements/agreement", "Agreement", Some(name))).transpose()?;
        Ok(PMode {
            id: format!("{}/{from}/{to}/{leg}", process.attribute("name").unwrap_or("process")),
            agreement: agreement.and_then(|node| filled(node, "value")),
            initiator: self.party(from, process.attribute("initiatorRole"), INITIATOR)?.0,
            responder: self.party(to, process.attribute("responderRole"), RESPONDER)?.0,
            service: Service {
                value: filled(service, "value").ok_or_else(|| missing("BusinessInfo.Service"))?,
                kind: filled(service, "type"),
            },
            action: filled(action, "value").ok_or_else(|| missing("BusinessInfo.Action"))?,
            address: self.party(to, process.attribute("responderRole"), RESPONDER)?.1,
            suite,
            sealing,
            compression: match configuration.attribute("compressPayloads") {
                Some("true") => Compression::Gzip,
                _ => Compression::None,
            },
            retry: self.retry(configuration)?,
        })
    }

    fn party(&self, name: &str, role: Option<&str>, default: &str) -> Result<(Party, String), PModeFault> {
        let party = self.find("parties/party", "Party", Some(name))?;
        let identifier = child(party, "identifier").ok_or_else(|| missing("PartyId"))?;
        let value = filled(identifier, "partyId").ok_or_else(|| missing("PartyId"))?;
        let kind = filled(identifier, "partyIdType");
        let kind = kind
            .map(|kind| self.find("parties/partyIdTypes/partyIdType", "PartyId.type", Some(&kind)))
            .transpose()?;
        let id = PartyId { value, kind: kind.and_then(|node| filled(node, "value")) };
        let role = role.map(|role| self.find("roles/role", "Role", Some(role))).transpose()?;
        let role = role.and_then(|node| filled(node, "value")).unwrap_or_else(|| default.to_owned());
        Ok((Party { id, role }, party.attribute("endpoint").unwrap_or_default().to_owned()))
    }

    fn security(&self, configuration: Node<'_, '_>) -> Result<(Suite, Expected), PModeFault> {
        let security = self.find("securities/security", "Security", configuration.attribute("security"))?;
        let policy = security.attribute("policy").unwrap_or_default();
        let sealing = match policy.trim_end_matches(".xml") {
            "signOnly" => Expected::Clear,
            known if known.starts_with("eDeliveryAS4Policy") => Expected::Sealed,
            _ => return Err(PModeFault::new("Security", policy)),
        };
        let suite = match (security.attribute("signatureMethod"), security.attribute("profile")) {
            (Some("RSA_SHA256"), _) | (None, Some("RSA")) => Suite::Edelivery115,
            (Some("ECDSA_SHA256"), _) => Suite::Edelivery2P256,
            (Some("EDDSA_ED25519"), _) | (None, Some("ECC")) => Suite::Edelivery2,
            (other, _) => {
                return Err(PModeFault::new("Security.X509.Signature.Algorithm", other.unwrap_or("missing")));
            }
        };
        Ok((suite, sealing))
    }

    /// `minutes;count;CONSTANT`: so many tries spread over so many minutes.
    fn retry(&self, configuration: Node<'_, '_>) -> Result<Retries, PModeFault> {
        let name = configuration.attribute("receptionAwareness");
        let awareness = self.find("as4/receptionAwareness", "ReceptionAwareness", name)?;
        let Some(text) = awareness.attribute("retry") else {
            return Ok(Retries { count: 0, every_seconds: 0 });
        };
        let numbers: Vec<u32> = text.split(';').map_while(|part| part.trim().parse().ok()).collect();
        match numbers.as_slice() {
            [minutes, count, ..] => {
                let seconds = minutes.saturating_mul(60).checked_div(*count).unwrap_or_default();
                Ok(Retries { count: *count, every_seconds: seconds })
            }
            _ => Err(PModeFault::new("ReceptionAwareness.Retry", text)),
        }
    }
}

fn filled(node: Node<'_, '_>, attribute: &str) -> Option<String> {
    node.attribute(attribute).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// The most processing modes read from one file.
const MODES_MAX: usize = 4_096;
