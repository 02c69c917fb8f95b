//! A phytosanitary certificate as plant-health services exchange it (ISPM 12; UN/CEFACT SPSCertificate).
//!
//! Numbers and moments stay the text they came as, because the certificate is another authority's document and must be
//! written again without a change; the questions customs asks of it parse them.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::Quantity;
use serde::{Deserialize, Serialize};

use super::claim::{Claimable, ClaimableLine};
use crate::terms::{Country, HsCode};

/// One certificate, as far as the schema names its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Phyto {
    /// Which mapping guideline its coded notes follow.
    pub mapping: Mapping,
    /// Title; usually empty.
    pub name: String,
    /// Certificate number.
    pub number: String,
    /// 851 phytosanitary certificate, 657 the same for re-export (UNTDID 1001).
    pub kind: String,
    /// 70 issued, 40 withdrawn, 39 approved, 41 rejected.
    pub status: String,
    /// When it was issued, with its own offset.
    pub issued: String,
    /// The plant-health service.
    pub issuer: String,
    /// Coded notes to the whole certificate.
    pub notes: Vec<Note>,
    /// Other documents and attachments.
    pub references: Vec<Referenced>,
    /// Who signed it, where and when.
    pub signature: Signature,
    /// Who sends the goods.
    pub consignor: Trader,
    /// Who receives them.
    pub consignee: Trader,
    /// Country of export.
    pub export: Named,
    /// Country of import.
    pub import: Named,
    /// Countries of transit.
    pub transit: Vec<Named>,
    /// Point of entry.
    pub entry: Named,
    /// Place of examination.
    pub examination: String,
    /// Means of conveyance.
    pub carriage: Vec<Carriage>,
    /// Containers and their seals.
    pub equipment: Vec<Equipment>,
    /// Consignment items; nearly always one.
    pub items: Vec<Item>,
}

/// The mapping guideline a certificate follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mapping {
    /// The IPPC mapping 2.5 the hub uses.
    #[default]
    Ippc25,
    /// The ASEAN guide, aligned to IPPC mapping 1.0.
    Asean10,
}

/// Words with the language they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// The words.
    pub text: String,
    /// ISO 639 letters; empty where not said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
}

impl Words {
    /// Words in no said language.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), language: String::new() }
    }
}

/// A coded note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// The code, such as `ADEDL` or `DMTLIL`.
    pub subject: String,
    /// What it says.
    pub content: Vec<Words>,
}

/// A document the certificate refers to, perhaps attached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Referenced {
    /// Its date or moment.
    pub issued: String,
    /// Its kind (UNTDID 1001).
    pub kind: String,
    /// `ZZZ`, or `AWR` for a copy of the original certificate.
    pub relation: String,
    /// Its number.
    pub number: String,
    /// Name of the attached file.
    pub filename: String,
    /// The file, in base64 as it came.
    pub attachment: String,
    /// What it is.
    pub information: Vec<Words>,
}

/// Signature of the issuing officer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// When.
    pub at: String,
    /// Where.
    pub place: Named,
    /// The authority.
    pub provider: String,
    /// The officer.
    pub person: String,
    /// The certifying statements.
    pub clauses: Vec<Clause>,
}

/// A certifying statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clause {
    /// Number.
    pub id: String,
    /// Words; usually empty, the number says it.
    pub content: String,
}

/// Somebody who sends or receives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trader {
    /// Name.
    pub name: String,
    /// Registration numbers with the list they are in.
    pub codes: Vec<Coded>,
    /// Up to five lines.
    pub address: Vec<String>,
    /// A national addition.
    pub city: String,
}

/// A code with the list it is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coded {
    /// The list's name.
    pub list: String,
    /// The code.
    pub value: String,
}

/// Something with a code and a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    /// Code: ISO letters of a country, UN/LOCODE of a place.
    pub id: String,
    /// The list the code is said to be of; usually not said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scheme: String,
    /// Name.
    pub name: String,
}

/// A means of conveyance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Carriage {
    /// Voyage or flight.
    pub id: String,
    /// UN/ECE Recommendation 19.
    pub mode: String,
    /// The mode's name, where the sender adds it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode_name: String,
    /// Name of the vessel or vehicle.
    pub means: Words,
}

/// A container or the like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Equipment {
    /// Number.
    pub id: String,
    /// Seals.
    pub seals: Vec<String>,
}

/// A consignment item: lines of one cargo nature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Nature of the cargo.
    pub nature: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// One certified line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Line {
    /// Number; some count from 0, some from 1.
    pub number: String,
    /// What it is.
    pub description: Vec<Words>,
    /// Common name.
    pub common: Vec<Words>,
    /// Scientific name.
    pub scientific: Vec<Words>,
    /// Intended use.
    pub intended: Vec<Words>,
    /// Net weight.
    pub net: Option<Measure>,
    /// Gross weight.
    pub gross: Option<Measure>,
    /// Net volume.
    pub net_volume: Option<Measure>,
    /// Gross volume.
    pub gross_volume: Option<Measure>,
    /// Coded notes.
    pub notes: Vec<Note>,
    /// Classifications: `HS`, `IPPCPCVP` plant part, `IPPCPCC` condition.
    pub classes: Vec<Class>,
    /// Packages by level.
    pub packages: Vec<Package>,
    /// Places of origin.
    pub origins: Vec<Origin>,
    /// Treatments.
    pub treatments: Vec<Treatment>,
}

/// A number with its unit, as they stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measure {
    /// The number's text.
    pub value: String,
    /// UN/ECE Recommendation 20.
    pub unit: String,
}

impl Measure {
    /// The quantity, where the text is a number.
    #[must_use]
    pub fn quantity(&self) -> Option<Quantity> {
        let amount = self.value.trim().parse().ok()?;
        Some(Quantity::new(amount, self.unit.clone()))
    }
}

/// A classification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Class {
    /// The system.
    pub system: String,
    /// The code.
    pub code: String,
    /// The name.
    pub name: Vec<Words>,
}

/// Packages of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Package {
    /// Level of packing, from 1.
    pub level: String,
    /// UN/ECE Recommendation 21.
    pub kind: String,
    /// How many.
    pub quantity: String,
}

/// A place of origin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// Country.
    pub country: Named,
    /// Name of the region.
    pub region: String,
    /// Its level.
    pub level: String,
}

/// A treatment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Treatment {
    /// Kind; always `ZZZ`.
    pub kind: String,
    /// Begin.
    pub start: String,
    /// End.
    pub end: String,
    /// Duration.
    pub duration: Option<Measure>,
    /// What was done: the first words are a key such as `TTCH`.
    pub characteristics: Vec<Characteristic>,
    /// Notes; a national addition.
    pub notes: Vec<Note>,
}

/// One statement on a treatment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Characteristic {
    /// Key first, then its value in one or more languages.
    pub description: Vec<Words>,
    /// A measured value.
    pub value: Option<Measure>,
}

/// Status: issued.
pub const ISSUED: &str = "70";
/// Status: withdrawn.
pub const WITHDRAWN: &str = "40";

impl Phyto {
    /// All certified lines.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.items.iter().flat_map(|item| &item.lines)
    }

    /// The note under this code.
    #[must_use]
    pub fn note(&self, subject: &str) -> Option<&str> {
        note(&self.notes, subject)
    }

    /// The number of the certificate it replaces, where it does (ADRP, ADRPN).
    #[must_use]
    pub fn replaces(&self) -> Option<&str> {
        self.note("ADRPN").filter(|number| !number.is_empty())
    }

    /// Whether it is for re-export.
    #[must_use]
    pub fn is_re_export(&self) -> bool {
        self.kind == "657"
    }

    /// The moment of issue; a bare date is the start of that day in UTC.
    #[must_use]
    pub fn issued_at(&self) -> Option<Timestamp> {
        moment(&self.issued)
    }

    /// What a declaration can draw on.
    #[must_use]
    pub fn claimable(&self) -> Claimable {
        Claimable {
            number: self.number.clone(),
            issuer: Country::new(self.export.id.clone()),
            importer: self.consignee.name.clone(),
            destination: Country::new(self.import.id.clone()),
            issued: self.issued_at(),
            valid_until: None,
            lines: self.lines().map(Line::claimable).collect(),
        }
    }
}

impl Line {
    /// The commodity codes it is classified under.
    pub fn codes(&self) -> impl Iterator<Item = HsCode> {
        self.classes
            .iter()
            .filter(|class| class.system.eq_ignore_ascii_case("HS"))
            .filter_map(|class| HsCode::new(&class.code).ok())
    }

    fn claimable(&self) -> ClaimableLine {
        let other = note(&self.notes, "OQV").zip(note(&self.notes, "OQU"));
        let other = other.map(|(value, unit)| Measure { value: value.into(), unit: unit.into() });
        let measures = [&self.net, &self.gross, &self.net_volume, &self.gross_volume, &other];
        let words = self.scientific.iter().chain(&self.common).chain(&self.description);
        ClaimableLine {
            number: self.number.clone(),
            codes: self.codes().collect(),
            quantities: measures.into_iter().flatten().filter_map(Measure::quantity).collect(),
            words: words.map(|words| words.text.trim().to_owned()).filter(|text| !text.is_empty()).collect(),
            origins: self.origins.iter().map(|origin| Country::new(origin.country.id.clone())).collect(),
            value: None,
            criterion: String::new(),
        }
    }
}

fn note<'a>(notes: &'a [Note], subject: &str) -> Option<&'a str> {
    let found = notes.iter().find(|note| note.subject == subject)?;
    found.content.first().map(|words| words.text.trim())
}

/// A moment with its offset, a local moment (taken as UTC), or a day.
#[must_use]
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let utc = |at: jiff::civil::DateTime| at.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp());
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    text.parse::<jiff::civil::DateTime>()
        .ok()
        .or_else(|| text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0)))
        .and_then(utc)
}
