//! What stands where in an SPSCertificate: names, how often, what kind of value, in the schema's order.
//!
//! Cardinalities are those the hub's interface file gives, tightened where every live validator tightens them; the
//! column `must` says which. Sources: the hub's interface file; ISPM 12 Appendix 1; public builder and reader code.

use std::fmt::Write as _;

use super::tree::Element;

/// One element of a section.
#[derive(Debug)]
pub(super) struct Row {
    /// Local name.
    pub(super) name: &'static str,
    /// Whether and by whom it is asked for.
    pub(super) must: Must,
    /// The most that may stand here.
    pub(super) most: usize,
    /// What it holds.
    pub(super) what: What,
}

/// Who asks for an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Must {
    /// Nobody.
    No,
    /// Every live validator.
    Practice,
    /// The schema.
    Schema,
}

/// What an element holds.
#[derive(Debug)]
pub(super) enum What {
    /// Other elements.
    Part(&'static [Row]),
    /// Any text.
    Text,
    /// Digits.
    Int,
    /// A number with a point.
    Number,
    /// A number with a `unitCode`.
    Measure,
    /// A day or a moment, alone or in a `DateTimeString`.
    Moment,
    /// ISO 3166-1 letters.
    Country,
    /// A UN/LOCODE.
    Port,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Base64.
    Base64,
}

use Must::{No, Practice, Schema};
use What::{Base64 as B64, Country, Int, Measure, Moment, Number, OneOf, Part, Port, Text};

const MANY: usize = usize::MAX;

const fn row(name: &'static str, must: Must, most: usize, what: What) -> Row {
    Row { name, must, most, what }
}

/// The whole document.
pub(super) const CERTIFICATE: &[Row] = &[
    row("SPSExchangedDocument", Schema, 1, Part(DOCUMENT)),
    row("SPSConsignment", Schema, 1, Part(CONSIGNMENT)),
];

const DOCUMENT: &[Row] = &[
    row("Name", No, 1, Text),
    row("ID", Practice, 1, Text),
    row("TypeCode", Schema, 1, OneOf(&["851", "657"])),
    row("StatusCode", Schema, 1, OneOf(&["70", "40", "39", "41"])),
    row("IssueDateTime", Practice, 1, Moment),
    row("IssuerSPSParty", No, 1, Part(PARTY)),
    row("IncludedSPSNote", No, MANY, Part(NOTE)),
    row("ReferenceSPSReferencedDocument", No, MANY, Part(REFERENCED)),
    row("SignatorySPSAuthentication", No, 1, Part(SIGNATURE)),
];

const PARTY: &[Row] = &[
    row("Name", No, 1, Text),
    row("TypeCode", No, MANY, Text),
    row("SpecifiedSPSAddress", No, 1, Part(ADDRESS)),
    row("SpecifiedSPSPerson", No, 1, Part(NAMED)),
];

const ADDRESS: &[Row] = &[
    row("LineOne", No, 1, Text),
    row("LineTwo", No, 1, Text),
    row("LineThree", No, 1, Text),
    row("LineFour", No, 1, Text),
    row("LineFive", No, 1, Text),
    row("CityName", No, 1, Text),
];

const NAMED: &[Row] = &[row("ID", No, 1, Text), row("Name", No, 1, Text)];

const NOTE: &[Row] = &[row("Subject", No, 1, Text), row("Content", No, MANY, Text)];

const REFERENCED: &[Row] = &[
    row("IssueDateTime", No, 1, Moment),
    row("TypeCode", No, 1, Text),
    row("RelationshipTypeCode", No, 1, Text),
    row("ID", No, 1, Text),
    row("AttachmentBinaryObject", No, 1, B64),
    row("Information", No, MANY, Text),
];

const SIGNATURE: &[Row] = &[
    row("ActualDateTime", No, 1, Moment),
    row("IssueSPSLocation", No, 1, Part(NAMED)),
    row("ProviderSPSParty", No, 1, Part(PARTY)),
    row("IncludedSPSClause", No, MANY, Part(CLAUSE)),
];

const CLAUSE: &[Row] = &[row("ID", No, 1, Text), row("Content", No, MANY, Text)];

const CONSIGNMENT: &[Row] = &[
    row("ConsignorSPSParty", Practice, 1, Part(PARTY)),
    row("ConsigneeSPSParty", Practice, 1, Part(PARTY)),
    row("ExportSPSCountry", Practice, 1, Part(COUNTRY)),
    row("ImportSPSCountry", Practice, 1, Part(COUNTRY)),
    row("TransitSPSCountry", No, MANY, Part(COUNTRY)),
    row("UnloadingBaseportSPSLocation", No, 1, Part(PORT)),
    row("ExaminationSPSEvent", No, 1, Part(EXAMINATION)),
    row("MainCarriageSPSTransportMovement", No, MANY, Part(CARRIAGE)),
    row("UtilizedSPSTransportEquipment", No, MANY, Part(EQUIPMENT)),
    row("IncludedSPSConsignmentItem", Practice, MANY, Part(ITEM)),
];

const COUNTRY: &[Row] = &[
    row("ID", No, 1, Country),
    row("Name", No, 1, Text),
    row("SubordinateSPSCountrySubDivision", No, MANY, Part(REGION)),
];

const REGION: &[Row] = &[row("Name", No, 1, Text), row("HierarchicalLevelCode", No, 1, Text)];

const PORT: &[Row] = &[row("ID", No, 1, Port), row("Name", No, 1, Text)];

const EXAMINATION: &[Row] = &[row("OccurrenceSPSLocation", No, 1, Part(NAMED))];

const CARRIAGE: &[Row] = &[
    row("ID", No, 1, Text),
    row("ModeCode", Schema, 1, OneOf(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])),
    row("UsedSPSTransportMeans", No, 1, Part(NAMED)),
];

const EQUIPMENT: &[Row] = &[row("ID", No, 1, Text), row("AffixedSPSSeal", No, MANY, Part(SEAL))];

const SEAL: &[Row] = &[row("ID", No, 1, Text)];

const ITEM: &[Row] = &[
    row("NatureIdentificationSPSCargo", No, 1, Part(NATURE)),
    row("IncludedSPSTradeLineItem", Practice, MANY, Part(LINE)),
];

const NATURE: &[Row] = &[row("TypeCode", No, 1, Text)];

const LINE: &[Row] = &[
    row("SequenceNumeric", Schema, 1, Int),
    row("Description", Practice, MANY, Text),
    row("CommonName", No, MANY, Text),
    row("ScientificName", No, MANY, Text),
    row("IntendedUse", No, MANY, Text),
    row("NetWeightMeasure", No, 1, Measure),
    row("GrossWeightMeasure", No, 1, Measure),
    row("NetVolumeMeasure", No, 1, Measure),
    row("GrossVolumeMeasure", No, 1, Measure),
    row("AdditionalInformationSPSNote", No, MANY, Part(NOTE)),
    row("ApplicableSPSClassification", No, MANY, Part(CLASS)),
    row("PhysicalSPSPackage", No, MANY, Part(PACKAGE)),
    row("OriginSPSCountry", Practice, MANY, Part(COUNTRY)),
    row("AppliedSPSProcess", No, MANY, Part(TREATMENT)),
];

const CLASS: &[Row] =
    &[row("SystemName", No, 1, Text), row("ClassCode", No, 1, Text), row("ClassName", No, MANY, Text)];

const PACKAGE: &[Row] =
    &[row("LevelCode", Schema, 1, Int), row("TypeCode", No, 1, Text), row("ItemQuantity", Schema, 1, Number)];

const TREATMENT: &[Row] = &[
    row("TypeCode", No, 1, Text),
    row("CompletionSPSPeriod", No, 1, Part(PERIOD)),
    row("ApplicableSPSProcessCharacteristic", No, MANY, Part(CHARACTERISTIC)),
    row("AdditionalInformationSPSNote", No, MANY, Part(NOTE)),
];

const PERIOD: &[Row] = &[
    row("StartDateTime", No, 1, Moment),
    row("EndDateTime", No, 1, Moment),
    row("DurationMeasure", No, 1, Measure),
];

const CHARACTERISTIC: &[Row] = &[row("Description", No, MANY, Text), row("ValueMeasure", No, 1, Measure)];

/// Attributes the schema or real certificates have; others are told and kept in the tree.
pub(super) const ATTRIBUTES: &[&str] =
    &["languageID", "unitCode", "filename", "listName", "name", "schemeID", "mimeCode", "format"];

/// The namespaces a certificate is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespaces {
    /// Of the document: `…:SPSCertificate:17`, or of an older release.
    pub certificate: String,
    /// Of what stands in it.
    pub entities: String,
    /// Of dates.
    pub types: String,
}

impl Default for Namespaces {
    /// Those the hub and TRACES use.
    fn default() -> Self {
        Self {
            certificate: format!("{CERTIFICATE_NAMESPACE}17"),
            entities: format!("{ENTITY_NAMESPACE}21"),
            types: format!("{TYPE_NAMESPACE}21"),
        }
    }
}

impl Namespaces {
    /// Those a received document declares anywhere, so that an answer can be written in its sender's own.
    #[must_use]
    pub fn of(root: &Element) -> Self {
        let mut found = Self { certificate: String::new(), entities: String::new(), types: String::new() };
        found.look(root);
        found
    }

    fn look(&mut self, element: &Element) {
        for (name, value) in element.attributes.iter().filter(|(name, _)| name.starts_with("xmlns")) {
            let _ = name;
            for (slot, start) in [
                (&mut self.certificate, CERTIFICATE_NAMESPACE),
                (&mut self.entities, ENTITY_NAMESPACE),
                (&mut self.types, TYPE_NAMESPACE),
            ] {
                if slot.is_empty() && value.starts_with(start) {
                    slot.clone_from(value);
                }
            }
        }
        if self.certificate.is_empty() || self.entities.is_empty() || self.types.is_empty() {
            element.elements().for_each(|child| self.look(child));
        }
    }

    /// The release number of the document's namespace; `None` where it has none.
    #[must_use]
    pub fn release(&self) -> Option<u32> {
        self.certificate.strip_prefix(CERTIFICATE_NAMESPACE)?.parse().ok()
    }
}

pub(super) const CERTIFICATE_NAMESPACE: &str = "urn:un:unece:uncefact:data:standard:SPSCertificate:";
const ENTITY_NAMESPACE: &str =
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:";
const TYPE_NAMESPACE: &str = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:";

/// The table of the manual.
pub(super) fn page() -> String {
    let mut out = String::from("| element | must | most | value |\n|---|---|---|---|\n");
    list(CERTIFICATE, 0, &mut out);
    out
}

fn list(rows: &[Row], depth: usize, out: &mut String) {
    for row in rows {
        let most = if row.most == MANY { "n".to_owned() } else { row.most.to_string() };
        let value = match &row.what {
            Part(_) => String::new(),
            OneOf(values) => values.join(", "),
            other => format!("{other:?}").to_lowercase(),
        };
        let must = match row.must {
            No => "",
            Practice => "validators",
            Schema => "schema",
        };
        let _ = writeln!(out, "| {}{} | {must} | {most} | {value} |", ". ".repeat(depth), row.name);
        if let Part(below) = &row.what {
            list(below, depth + 1, out);
        }
    }
}
