//! What is said of a case, by its desk.

use customs::certificate::{Claimable, Issuance, Ours};
use customs::operator::Operator;
use customs::transit::Departure;
use customs::transit::departure::is_printable;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Digest, Procedure as _};
use ledger::credential::{Credential, Refused, issue};
use serde_json::{Value, json};
use store::CaseRow;

use super::{Voice, place_of};

/// A desk whose cases statements are made of.
#[derive(Debug)]
pub struct Desk {
    /// Its name.
    pub name: &'static str,
    /// The stages in which a statement rests.
    pub suspended: &'static [&'static str],
    /// The stages in which it does not stand any more.
    pub invalid: &'static [&'static str],
}

/// The desks whose cases statements are made of, and which of their stages take a statement's force away.
pub const DESKS: &[Desk] = &[
    Desk { name: Issuance::NAME, suspended: &[], invalid: &["held", "refused", "replaced", "cancelled"] },
    Desk {
        name: Operator::NAME,
        suspended: &["suspended"],
        invalid: &["withdrawn", "refused", "applied", "validating", "validated"],
    },
    Desk {
        name: Departure::NAME,
        suspended: &[],
        invalid: &["invalidated", "not-released", "rejected", "under-recovery", "written-off"],
    },
];

/// The statement of a case as it stands; `None` where the case is none that a statement is made of.
#[must_use]
pub fn credential(voice: &Voice, row: &CaseRow) -> Option<Credential> {
    let said = match row.id.desk() {
        Issuance::NAME => certificate(&*row.state.read::<Issuance>().ok()?)?,
        Operator::NAME => operator(&*row.state.read::<Operator>().ok()?)?,
        Departure::NAME => transit(&*row.state.read::<Departure>().ok()?)?,
        _ => return None,
    };
    let name: String = row.id.as_str().bytes().map(escaped).collect();
    Some(Credential {
        id: format!("{}/statements/case/{name}", voice.address),
        kind: said.kind.to_owned(),
        valid_from: said.from,
        valid_until: said.until,
        subject: said.subject,
        hidden: said.hidden.iter().map(|name| (*name).to_owned()).collect(),
        status: Some(place_of(voice, row.opened)),
    })
}

/// The statement of a case, signed; the seed must be drawn anew for each.
///
/// # Errors
/// Where it cannot be made.
pub fn issue_for(voice: &Voice, row: &CaseRow, seed: &[u8; 32]) -> Result<Option<String>, Refused> {
    let Some(credential) = credential(voice, row) else { return Ok(None) };
    issue(&credential, &voice.key, seed).map(|issued| Some(issued.to_string()))
}

struct Said {
    kind: &'static str,
    from: String,
    until: Option<String>,
    subject: Value,
    hidden: &'static [&'static str],
}

/// A certificate of ours that is out. Both parties and the lines may be kept back by whoever shows it.
fn certificate(issuance: &Issuance) -> Option<Said> {
    let (claimable, kind, exporter, form) = match issuance.paper()? {
        Ours::Phyto { certificate } => {
            (certificate.claimable(), "PhytosanitaryCertificate", &certificate.consignor.name, "ephyto")
        }
        Ours::Origin { certificate } => (
            certificate.claimable(),
            "CertificateOfOrigin",
            &certificate.exporter.name,
            certificate.form.as_str(),
        ),
    };
    let subject = json!({
        "number": claimable.number, "form": form, "country": claimable.issuer, "destination": claimable.destination,
        "exporter": exporter, "importer": claimable.importer, "lines": lines(&claimable),
    });
    Some(Said {
        kind,
        from: second(claimable.issued.unwrap_or(Timestamp::UNIX_EPOCH)),
        until: claimable.valid_until.map(second),
        subject,
        hidden: &["exporter", "importer", "lines"],
    })
}

/// The lines, short enough for a square; how many there are is always said.
fn lines(claimable: &Claimable) -> Value {
    let line = |line: &customs::certificate::ClaimableLine| {
        let words: String =
            line.words.first().map(|words| words.chars().take(60).collect()).unwrap_or_default();
        json!({ "code": line.codes.first(), "goods": words, "quantity": line.quantities.first().map(ToString::to_string) })
    };
    let shown: Vec<Value> = claimable.lines.iter().take(LINES_MAX).map(line).collect();
    json!({ "count": claimable.lines.len(), "first": shown })
}

/// A trusted trader of ours: what a partner's list says of it, for a partner without the list.
fn operator(operator: &Operator) -> Option<Said> {
    let entry = operator.entry()?;
    let subject = json!({
        "code": entry.code, "name": entry.party.name, "roles": entry.roles, "sites": entry.sites,
    });
    let hidden: &[&str] = &["sites"];
    let until = entry.until.map(|day| at(day, "23:59:59"));
    Some(Said { kind: "AuthorisedOperator", from: at(entry.from, "00:00:00"), until, subject, hidden })
}

/// The accompanying document of a movement that is under way.
fn transit(departure: &Departure) -> Option<Said> {
    if !is_printable(departure.stage()?) {
        return None;
    }
    let place = departure.notices().iter().rposition(|notice| notice.code == "CC029C")?;
    let (_, content) = departure.message(place)?;
    let text = |path: &str| content.pointer(path).and_then(Value::as_str).unwrap_or("-").to_owned();
    let subject = json!({
        "mrn": departure.mrn(),
        "departure": text("/CustomsOfficeOfDeparture/referenceNumber"),
        "destination": text("/CustomsOfficeOfDestinationDeclared/referenceNumber"),
        "holder": text("/HolderOfTheTransitProcedure/name"),
        "seals": departure.lodging().declaration.seals(),
        "limit": departure.limit(),
        "release": Digest::of(&serde_json::to_vec(&content).unwrap_or_default()),
    });
    let from = second(departure.released()?);
    Some(Said { kind: "TransitAccompanyingDocument", from, until: None, subject, hidden: &["holder"] })
}

fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn at(day: Date, time: &str) -> String {
    format!("{day}T{time}Z")
}

/// One byte of a case's name as it may stand in an address.
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// The most lines a statement spells out.
const LINES_MAX: usize = 3;
