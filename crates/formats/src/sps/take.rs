//! The certificate out of the tree, by local names, in any order.

use customs::certificate::{
    Carriage, Characteristic, Class, Clause, Coded, Equipment, Item, Line, Mapping, Measure, Named, Note,
    Origin, Package, Phyto, Referenced, Signature, Trader, Treatment, Words,
};

use super::schema::Namespaces;
use super::tree::Element;

/// The certificate a root element holds.
pub(super) fn certificate(root: &Element, namespaces: &Namespaces) -> Phyto {
    let empty = Element::default();
    let document = root.first("SPSExchangedDocument").unwrap_or(&empty);
    let consignment = root.first("SPSConsignment").unwrap_or(&empty);
    let mapping = match namespaces.release() {
        Some(release) if release < CURRENT => Mapping::Asean10,
        _ => Mapping::Ippc25,
    };
    let part = |name: &str| document.first(name).unwrap_or(&empty);
    let of = |name: &str| consignment.first(name).unwrap_or(&empty);
    Phyto {
        mapping,
        name: text(document, "Name"),
        number: trimmed(document, "ID"),
        kind: trimmed(document, "TypeCode"),
        status: trimmed(document, "StatusCode"),
        issued: moment(document, "IssueDateTime"),
        issuer: text(part("IssuerSPSParty"), "Name"),
        notes: document.all("IncludedSPSNote").map(note).collect(),
        references: document.all("ReferenceSPSReferencedDocument").map(referenced).collect(),
        signature: signature(part("SignatorySPSAuthentication")),
        consignor: trader(of("ConsignorSPSParty")),
        consignee: trader(of("ConsigneeSPSParty")),
        export: named(of("ExportSPSCountry")),
        import: named(of("ImportSPSCountry")),
        transit: consignment.all("TransitSPSCountry").map(named).collect(),
        entry: named(of("UnloadingBaseportSPSLocation")),
        examination: of("ExaminationSPSEvent")
            .first("OccurrenceSPSLocation")
            .map(|place| text(place, "Name"))
            .unwrap_or_default(),
        carriage: consignment.all("MainCarriageSPSTransportMovement").map(carriage).collect(),
        equipment: consignment.all("UtilizedSPSTransportEquipment").map(equipment).collect(),
        items: consignment.all("IncludedSPSConsignmentItem").map(item).collect(),
    }
}

/// The release of the schema the current mapping is written for.
const CURRENT: u32 = 17;

fn text(parent: &Element, local: &str) -> String {
    parent.first(local).map(Element::text).unwrap_or_default()
}

fn trimmed(parent: &Element, local: &str) -> String {
    text(parent, local).trim().to_owned()
}

fn moment(parent: &Element, local: &str) -> String {
    parent.first(local).map(|found| found.moment().trim().to_owned()).unwrap_or_default()
}

fn attribute(element: &Element, local: &str) -> String {
    element.attribute(local).unwrap_or_default().to_owned()
}

fn words(element: &Element) -> Words {
    Words { text: element.text(), language: attribute(element, "languageID") }
}

fn said(parent: &Element, local: &str) -> Vec<Words> {
    let said = parent.all(local).map(words);
    said.filter(|words| !words.text.is_empty() || !words.language.is_empty()).collect()
}

fn note(element: &Element) -> Note {
    Note { subject: trimmed(element, "Subject"), content: said(element, "Content") }
}

fn referenced(element: &Element) -> Referenced {
    let attached = element.first("AttachmentBinaryObject");
    Referenced {
        issued: moment(element, "IssueDateTime"),
        kind: trimmed(element, "TypeCode"),
        relation: trimmed(element, "RelationshipTypeCode"),
        number: text(element, "ID"),
        filename: attached.map(|attached| attribute(attached, "filename")).unwrap_or_default(),
        attachment: attached.map(Element::text).unwrap_or_default(),
        information: said(element, "Information"),
    }
}

fn signature(element: &Element) -> Signature {
    let empty = Element::default();
    let provider = element.first("ProviderSPSParty").unwrap_or(&empty);
    Signature {
        at: moment(element, "ActualDateTime"),
        place: element.first("IssueSPSLocation").map(named).unwrap_or_default(),
        provider: text(provider, "Name"),
        person: provider.first("SpecifiedSPSPerson").map(|person| text(person, "Name")).unwrap_or_default(),
        clauses: element.all("IncludedSPSClause").map(clause).collect(),
    }
}

fn clause(element: &Element) -> Clause {
    Clause { id: trimmed(element, "ID"), content: text(element, "Content") }
}

fn trader(element: &Element) -> Trader {
    let empty = Element::default();
    let address = element.first("SpecifiedSPSAddress").unwrap_or(&empty);
    let mut lines: Vec<String> = LINES.iter().map(|line| text(address, line)).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let codes = element.all("TypeCode");
    Trader {
        name: text(element, "Name"),
        codes: codes.map(|code| Coded { list: attribute(code, "listName"), value: code.text() }).collect(),
        address: lines,
        city: text(address, "CityName"),
    }
}

/// The names of the address lines, in order.
pub(super) const LINES: [&str; 5] = ["LineOne", "LineTwo", "LineThree", "LineFour", "LineFive"];

fn named(element: &Element) -> Named {
    let id = element.first("ID");
    Named {
        id: trimmed(element, "ID"),
        scheme: id.map(|id| attribute(id, "schemeID")).unwrap_or_default(),
        name: text(element, "Name"),
    }
}

fn carriage(element: &Element) -> Carriage {
    let mode = element.first("ModeCode");
    let means = element.first("UsedSPSTransportMeans").and_then(|means| means.first("Name"));
    Carriage {
        id: text(element, "ID"),
        mode: trimmed(element, "ModeCode"),
        mode_name: mode.map(|mode| attribute(mode, "name")).unwrap_or_default(),
        means: means.map(words).unwrap_or_default(),
    }
}

fn equipment(element: &Element) -> Equipment {
    let seals = element.all("AffixedSPSSeal").map(|seal| text(seal, "ID"));
    Equipment { id: text(element, "ID"), seals: seals.filter(|seal| !seal.is_empty()).collect() }
}

fn item(element: &Element) -> Item {
    let nature = element.first("NatureIdentificationSPSCargo").map(|nature| text(nature, "TypeCode"));
    Item {
        nature: nature.unwrap_or_default(),
        lines: element.all("IncludedSPSTradeLineItem").map(line).collect(),
    }
}

fn line(element: &Element) -> Line {
    let measured = |local: &str| element.first(local).and_then(measure);
    Line {
        number: trimmed(element, "SequenceNumeric"),
        description: said(element, "Description"),
        common: said(element, "CommonName"),
        scientific: said(element, "ScientificName"),
        intended: said(element, "IntendedUse"),
        net: measured("NetWeightMeasure"),
        gross: measured("GrossWeightMeasure"),
        net_volume: measured("NetVolumeMeasure"),
        gross_volume: measured("GrossVolumeMeasure"),
        notes: element.all("AdditionalInformationSPSNote").map(note).collect(),
        classes: element.all("ApplicableSPSClassification").map(class).collect(),
        packages: element.all("PhysicalSPSPackage").map(package).collect(),
        origins: element.all("OriginSPSCountry").flat_map(origin).collect(),
        treatments: element.all("AppliedSPSProcess").map(treatment).collect(),
    }
}

fn measure(element: &Element) -> Option<Measure> {
    let value = element.text().trim().to_owned();
    (!value.is_empty()).then(|| Measure { value, unit: attribute(element, "unitCode") })
}

fn class(element: &Element) -> Class {
    Class {
        system: trimmed(element, "SystemName"),
        code: trimmed(element, "ClassCode"),
        name: said(element, "ClassName"),
    }
}

fn package(element: &Element) -> Package {
    Package {
        level: trimmed(element, "LevelCode"),
        kind: trimmed(element, "TypeCode"),
        quantity: trimmed(element, "ItemQuantity"),
    }
}

/// One origin for each region a country of origin names, or one for the country alone.
fn origin(element: &Element) -> Vec<Origin> {
    let country = named(element);
    let regions = element.all("SubordinateSPSCountrySubDivision");
    let mut origins: Vec<Origin> = regions
        .map(|region| Origin {
            country: country.clone(),
            region: text(region, "Name"),
            level: trimmed(region, "HierarchicalLevelCode"),
        })
        .collect();
    if origins.is_empty() {
        origins.push(Origin { country, ..Origin::default() });
    }
    origins
}

fn treatment(element: &Element) -> Treatment {
    let empty = Element::default();
    let period = element.first("CompletionSPSPeriod").unwrap_or(&empty);
    Treatment {
        kind: trimmed(element, "TypeCode"),
        start: moment(period, "StartDateTime"),
        end: moment(period, "EndDateTime"),
        duration: period.first("DurationMeasure").and_then(measure),
        characteristics: element.all("ApplicableSPSProcessCharacteristic").map(characteristic).collect(),
        notes: element.all("AdditionalInformationSPSNote").map(note).collect(),
    }
}

fn characteristic(element: &Element) -> Characteristic {
    Characteristic {
        description: said(element, "Description"),
        value: element.first("ValueMeasure").and_then(measure),
    }
}
