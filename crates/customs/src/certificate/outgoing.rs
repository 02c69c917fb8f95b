//! The documents of the area that pass between nodes, and what each does on arrival.

use jiff::Timestamp;
use kernel::{CaseId, Effect, Facts, Quantity};
use serde::{Deserialize, Serialize};

use super::certificate::Act;
use super::claim::Worth;
use super::origin::{Function, OriginCertificate};
use super::paper::{About, Claimed, Paper};
use super::phyto::{ISSUED, Mapping, Phyto, WITHDRAWN};
use super::verification::{Act as VerificationAct, Verification};
use super::{Issuance, IssuanceAct};
use crate::agreement::{Arrived, Class, FieldClass, Writing, field};
use crate::terms::Country;

/// An e-Phyto as it passes between nodes: the certificate with a reference of this very document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EPhyto {
    /// Number and status: a withdrawal is another document about the same certificate.
    pub reference: String,
    /// The certificate.
    #[serde(flatten)]
    pub certificate: Phyto,
}

impl EPhyto {
    /// The document that sends a certificate as it stands.
    #[must_use]
    pub fn of(certificate: Phyto) -> Self {
        Self { reference: format!("{}-{}", certificate.number, certificate.status), certificate }
    }
}

/// The kind the certificate's own case is filed under.
pub const EPHYTO: &str = "ephyto";

impl Writing for EPhyto {
    const KIND: &'static str = EPHYTO;
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "envelope"),
        field("mapping", Class::Key, "mapping guideline"),
        field("name", Class::Key, "SPSExchangedDocument/Name"),
        field("number", Class::Key, "SPSExchangedDocument/ID"),
        field("kind", Class::Key, "SPSExchangedDocument/TypeCode"),
        field("status", Class::Key, "SPSExchangedDocument/StatusCode"),
        field("issued", Class::Key, "SPSExchangedDocument/IssueDateTime"),
        field("issuer", Class::Key, "IssuerSPSParty"),
        field("notes", Class::Goods, "IncludedSPSNote"),
        field("references", Class::Goods, "ReferenceSPSReferencedDocument"),
        field("signature", Class::Key, "SignatorySPSAuthentication"),
        field("consignor", Class::Trader, "ConsignorSPSParty"),
        field("consignee", Class::Trader, "ConsigneeSPSParty"),
        field("export", Class::Key, "ExportSPSCountry"),
        field("import", Class::Key, "ImportSPSCountry"),
        field("transit", Class::Transport, "TransitSPSCountry"),
        field("entry", Class::Transport, "UnloadingBaseportSPSLocation"),
        field("examination", Class::Transport, "ExaminationSPSEvent"),
        field("carriage", Class::Transport, "MainCarriageSPSTransportMovement"),
        field("equipment", Class::Transport, "UtilizedSPSTransportEquipment"),
        field("items", Class::Goods, "IncludedSPSConsignmentItem"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.certificate.number
    }

    fn arrived(&self, item: &Arrived<'_>, facts: &Facts<'_>) -> Vec<Effect> {
        let phyto = &self.certificate;
        let about = About {
            issuer: issuer(&phyto.export.id, item),
            kind: EPHYTO.into(),
            number: phyto.number.clone(),
        };
        let at = phyto.issued_at().unwrap_or(facts.now);
        match phyto.status.as_str() {
            WITHDRAWN => {
                let reason = phyto.note("ADAOEDL").unwrap_or("withdrawn").to_owned();
                vec![Effect::act(about.case(), &Act::Withdraw { about, reason, at: facts.now })]
            }
            ISSUED => {
                let layout = match phyto.mapping {
                    Mapping::Ippc25 => "ippc-2.5",
                    Mapping::Asean10 => "asean-1.0",
                };
                let paper = paper(phyto.claimable(), layout.to_owned(), Vec::new(), item);
                let replaced = phyto.replaces().map(str::to_owned);
                let mut effects = replaces(replaced, &about, at);
                effects.push(Effect::act(about.case(), &Act::Issue { about, paper }));
                effects
            }
            // Approved or rejected: no certificate anybody could use.
            _ => Vec::new(),
        }
    }
}

/// The country a certificate is filed under: its own statement, or who sent it.
fn issuer(stated: &str, item: &Arrived<'_>) -> String {
    if stated.is_empty() { item.arrival.from.to_string() } else { stated.to_owned() }
}

fn paper(
    claimable: super::claim::Claimable,
    layout: String,
    faults: Vec<String>,
    item: &Arrived<'_>,
) -> Box<Paper> {
    let (case, from) = (item.case.clone(), item.arrival.from.clone());
    Box::new(Paper { claimable, item: Some(case), from, layout, faults })
}

/// The certificate another one is issued in the place of is replaced.
fn replaces(number: Option<String>, about: &About, at: Timestamp) -> Vec<Effect> {
    let old = number.filter(|number| !number.is_empty()).map(|number| About { number, ..about.clone() });
    let replace = Act::Replace { by: about.number.clone(), at };
    old.map(|old| Effect::act(old.case(), &replace)).into_iter().collect()
}

impl Writing for OriginCertificate {
    const KIND: &'static str = "origin-certificate";
    const FIELDS: &'static [FieldClass] = &[
        field("function", Class::Key, "WCO 017"),
        field("version", Class::Key, "WCO 383"),
        field("reference", Class::Key, "WCO D026"),
        field("country", Class::Key, "envelope"),
        field("number", Class::Key, "reference number"),
        field("form", Class::Key, "form"),
        field("layout", Class::Key, "form layout"),
        field("scheme", Class::Key, "agreement"),
        field("issued", Class::Key, "box 12"),
        field("valid-until", Class::Key, "operational procedure"),
        field("exporter", Class::Trader, "box 1"),
        field("consignee", Class::Trader, "box 2"),
        field("destination", Class::Key, "box 2"),
        field("departs", Class::Transport, "box 3"),
        field("route", Class::Transport, "box 3"),
        field("lines", Class::Goods, "boxes 5 to 10"),
        field("marks", Class::Key, "box 13"),
        field("original", Class::Key, "box 13"),
        field("replaces", Class::Key, "box 13"),
        field("reason", Class::Key, "WCO 225"),
        field("authority", Class::Key, "box 12"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn giver(&self) -> Option<&Country> {
        Some(&self.country)
    }

    fn arrived(&self, item: &Arrived<'_>, facts: &Facts<'_>) -> Vec<Effect> {
        let about = self.about();
        if self.function == Function::Cancel {
            let withdraw = Act::Withdraw { reason: self.reason.clone(), at: facts.now, about };
            return vec![Effect::act(self.about().case(), &withdraw)];
        }
        let findings = self.check(facts.books, facts.day());
        let faults =
            findings.iter().map(|finding| format!("{} {}", finding.code, finding.place.path)).collect();
        let layout = format!("{}-{}", self.form, self.layout);
        let paper = paper(self.claimable(), layout, faults, item);
        let replaced = Some(self.replaces.clone());
        let mut effects = replaces(replaced, &about, self.issued.unwrap_or(facts.now));
        effects.push(Effect::act(about.case(), &Act::Issue { about, paper }));
        effects
    }
}

impl OriginCertificate {
    /// Which certificate it is.
    #[must_use]
    pub fn about(&self) -> About {
        About { issuer: self.country.to_string(), kind: self.form.clone(), number: self.number.clone() }
    }
}

/// What became of a certificate at the border it was presented at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CertificateUse {
    /// The sender's reference.
    pub reference: String,
    /// Who says it.
    pub country: Country,
    /// The issuing country.
    pub issuer: String,
    /// The certificate's kind.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// What became of it as a whole.
    pub outcome: UseOutcome,
    /// What became of its lines.
    pub lines: Vec<UsedLine>,
    /// When.
    pub at: Option<Timestamp>,
}

/// What became of a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UseOutcome {
    /// The goods were let go on it; a preference it proves was given.
    #[default]
    Accepted,
    /// Of several lines, some were.
    PartlyAccepted,
    /// It was not accepted; the reasons stand with the lines.
    Refused,
}

/// What became of one line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UsedLine {
    /// The certificate's line.
    pub line: Option<String>,
    /// What was drawn.
    pub drawn: Option<Quantity>,
    /// What was left before.
    pub left: Option<Quantity>,
    /// Why it was not accepted, as codes.
    pub reasons: Vec<String>,
}

impl CertificateUse {
    /// What became of a certificate in one consignment.
    #[must_use]
    pub fn of<'a>(
        about: &About,
        by: &CaseId,
        claims: impl Iterator<Item = &'a Claimed>,
        facts: &Facts<'_>,
    ) -> Self {
        let claims: Vec<&Claimed> = claims.collect();
        let accepted = claims.iter().filter(|one| one.judged.worth != Worth::Fails).count();
        let outcome = match accepted {
            0 => UseOutcome::Refused,
            all if all == claims.len() => UseOutcome::Accepted,
            _ => UseOutcome::PartlyAccepted,
        };
        let line = |one: &&Claimed| UsedLine {
            line: one.judged.line.clone(),
            drawn: one.judged.drawn.clone(),
            left: one.judged.left.clone(),
            reasons: one.judged.differences.iter().map(|difference| difference.code.clone()).collect(),
        };
        Self {
            reference: format!("{}-{}-{}", about.kind, about.number, by.key()),
            country: Country::default(),
            issuer: about.issuer.clone(),
            kind: about.kind.clone(),
            number: about.number.clone(),
            outcome,
            lines: claims.iter().map(line).collect(),
            at: Some(facts.now),
        }
    }
}

impl Writing for CertificateUse {
    const KIND: &'static str = "certificate-use";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "WCO D026"),
        field("country", Class::Key, "envelope"),
        field("issuer", Class::Key, "reference number"),
        field("kind", Class::Key, "form"),
        field("number", Class::Key, "reference number"),
        field("outcome", Class::Conclusion, "box 4"),
        field("lines", Class::Conclusion, "box 4"),
        field("at", Class::Conclusion, "box 4"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let case = Issuance::case_of(&self.kind, &self.number);
        let act = IssuanceAct::NoteUse { told: Box::new(self.clone()), item: item.case.clone() };
        vec![Effect::act(case, &act)]
    }
}

/// A question about a certificate: is it ours, is it true?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CertificateQuery {
    /// The sender's reference; the reply names it.
    pub reference: String,
    /// Who asks.
    pub country: Country,
    /// The issuing country.
    pub issuer: String,
    /// The certificate's kind.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Why it is asked.
    pub reason: QueryReason,
    /// What is asked, in words.
    pub questions: Vec<String>,
}

/// Why a certificate is looked into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueryReason {
    /// At random.
    #[default]
    Random,
    /// Its authenticity is doubted.
    Authenticity,
    /// What it says of the goods is doubted.
    Origin,
    /// A scheme's rule on time or form was not kept.
    Formal,
}

impl Writing for CertificateQuery {
    const KIND: &'static str = "certificate-query";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "WCO D026"),
        field("country", Class::Key, "envelope"),
        field("issuer", Class::Key, "reference number"),
        field("kind", Class::Key, "form"),
        field("number", Class::Key, "reference number"),
        field("reason", Class::Key, "retroactive check"),
        field("questions", Class::Conclusion, "retroactive check"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn giver(&self) -> Option<&Country> {
        Some(&self.country)
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = VerificationAct::Receive {
            query: Box::new(self.clone()),
            from: item.arrival.from.clone(),
            us: item.arrival.to.clone(),
            item: item.case.clone(),
        };
        vec![Effect::act(Verification::case_of(&item.arrival.from, &self.reference), &act)]
    }
}

/// The answer of the issuing side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CertificateReply {
    /// The sender's reference.
    pub reference: String,
    /// Who answers.
    pub country: Country,
    /// The reference of the query.
    pub answers: String,
    /// The certificate's number.
    pub number: String,
    /// What was established.
    pub outcome: Verified,
    /// More, in words.
    pub text: String,
}

/// What a verification established.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// Issued by us, and true.
    Genuine,
    /// Issued by us, and what it says does not hold.
    GenuineUntrue,
    /// Not issued by us.
    Forged,
    /// Could not be established.
    #[default]
    Unknown,
}

impl Writing for CertificateReply {
    const KIND: &'static str = "certificate-reply";
    const FIELDS: &'static [FieldClass] = &[
        field("reference", Class::Key, "WCO D026"),
        field("country", Class::Key, "envelope"),
        field("answers", Class::Key, "WCO D026"),
        field("number", Class::Key, "reference number"),
        field("outcome", Class::Conclusion, "retroactive check"),
        field("text", Class::Conclusion, "retroactive check"),
    ];

    fn reference(&self) -> &str {
        &self.reference
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn giver(&self) -> Option<&Country> {
        Some(&self.country)
    }

    fn arrived(&self, item: &Arrived<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        let act = VerificationAct::Answer { reply: Box::new(self.clone()), item: item.case.clone() };
        vec![Effect::act(Verification::case_of(&item.arrival.to, &self.answers), &act)]
    }
}
