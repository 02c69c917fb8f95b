//! A certificate into bytes: the schema's order, no empty elements, one way to write each thing.

use customs::certificate::{
    Carriage, Characteristic, Class, Clause, Equipment, Item, Line, Measure, Named, Note, Origin, Package,
    Phyto, Referenced, Signature, Trader, Treatment, Words,
};

use super::schema::Namespaces;
use super::take::LINES;
use super::tree::{Element, Piece};

/// The canonical bytes of a certificate, in these namespaces.
#[must_use]
pub fn write(certificate: &Phyto, namespaces: &Namespaces) -> Vec<u8> {
    let mut root = Element { prefix: "rsm".into(), local: super::ROOT.into(), ..Element::default() };
    root.attributes = vec![
        ("xmlns:ram".into(), namespaces.entities.clone()),
        ("xmlns:rsm".into(), namespaces.certificate.clone()),
        ("xmlns:udt".into(), namespaces.types.clone()),
    ];
    let parts =
        [("SPSExchangedDocument", document(certificate)), ("SPSConsignment", consignment(certificate))];
    for (local, mut part) in parts {
        part.prefix = "rsm".into();
        part.local = local.into();
        root.content.push(Piece::Element(part));
    }
    root.write()
}

/// Builds an element child by child; what is empty is left out.
#[derive(Default)]
struct Build(Element);

impl Build {
    fn text(self, local: &str, text: &str) -> Self {
        self.attributed(local, &[], text)
    }

    fn attributed(mut self, local: &str, attributes: &[(&str, &str)], text: &str) -> Self {
        let attributes: Vec<_> = attributes
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        if text.is_empty() && attributes.is_empty() {
            return self;
        }
        let content = if text.is_empty() { Vec::new() } else { vec![Piece::Text(text.to_owned())] };
        let (prefix, local) = (String::from("ram"), local.to_owned());
        self.0.content.push(Piece::Element(Element { prefix, local, attributes, content, at: 0 }));
        self
    }

    fn words(self, local: &str, all: &[Words]) -> Self {
        all.iter().fold(self, |build, words| {
            build.attributed(local, &[("languageID", &words.language)], &words.text)
        })
    }

    fn measure(self, local: &str, measure: Option<&Measure>) -> Self {
        match measure {
            Some(measure) => self.attributed(local, &[("unitCode", &measure.unit)], &measure.value),
            None => self,
        }
    }

    fn moment(mut self, local: &str, text: &str) -> Self {
        if !text.is_empty() {
            let inner = Element {
                prefix: "udt".into(),
                local: "DateTimeString".into(),
                content: vec![Piece::Text(text.to_owned())],
                ..Element::default()
            };
            let content = vec![Piece::Element(inner)];
            let outer =
                Element { prefix: "ram".into(), local: local.to_owned(), content, ..Element::default() };
            self.0.content.push(Piece::Element(outer));
        }
        self
    }

    fn part(mut self, local: &str, mut part: Element) -> Self {
        if !part.content.is_empty() {
            part.prefix = "ram".into();
            part.local = local.to_owned();
            self.0.content.push(Piece::Element(part));
        }
        self
    }

    fn parts<T>(self, local: &str, all: &[T], write: impl Fn(&T) -> Element) -> Self {
        all.iter().fold(self, |build, one| build.part(local, write(one)))
    }
}

fn document(certificate: &Phyto) -> Element {
    Build::default()
        .text("Name", &certificate.name)
        .text("ID", &certificate.number)
        .text("TypeCode", &certificate.kind)
        .text("StatusCode", &certificate.status)
        .moment("IssueDateTime", &certificate.issued)
        .part("IssuerSPSParty", Build::default().text("Name", &certificate.issuer).0)
        .parts("IncludedSPSNote", &certificate.notes, note)
        .parts("ReferenceSPSReferencedDocument", &certificate.references, referenced)
        .part("SignatorySPSAuthentication", signature(&certificate.signature))
        .0
}

fn note(note: &Note) -> Element {
    Build::default().text("Subject", &note.subject).words("Content", &note.content).0
}

fn referenced(one: &Referenced) -> Element {
    Build::default()
        .text("IssueDateTime", &one.issued)
        .text("TypeCode", &one.kind)
        .text("RelationshipTypeCode", &one.relation)
        .text("ID", &one.number)
        .attributed("AttachmentBinaryObject", &[("filename", &one.filename)], &one.attachment)
        .words("Information", &one.information)
        .0
}

fn signature(signature: &Signature) -> Element {
    let person = Build::default().text("Name", &signature.person).0;
    let provider = Build::default().text("Name", &signature.provider).part("SpecifiedSPSPerson", person).0;
    Build::default()
        .moment("ActualDateTime", &signature.at)
        .part("IssueSPSLocation", named(&signature.place))
        .part("ProviderSPSParty", provider)
        .parts("IncludedSPSClause", &signature.clauses, clause)
        .0
}

fn clause(clause: &Clause) -> Element {
    Build::default().text("ID", &clause.id).text("Content", &clause.content).0
}

fn named(named: &Named) -> Element {
    Build::default().attributed("ID", &[("schemeID", &named.scheme)], &named.id).text("Name", &named.name).0
}

fn consignment(certificate: &Phyto) -> Element {
    let examined = Build::default().text("Name", &certificate.examination).0;
    Build::default()
        .part("ConsignorSPSParty", trader(&certificate.consignor))
        .part("ConsigneeSPSParty", trader(&certificate.consignee))
        .part("ExportSPSCountry", named(&certificate.export))
        .part("ImportSPSCountry", named(&certificate.import))
        .parts("TransitSPSCountry", &certificate.transit, named)
        .part("UnloadingBaseportSPSLocation", named(&certificate.entry))
        .part("ExaminationSPSEvent", Build::default().part("OccurrenceSPSLocation", examined).0)
        .parts("MainCarriageSPSTransportMovement", &certificate.carriage, carriage)
        .parts("UtilizedSPSTransportEquipment", &certificate.equipment, equipment)
        .parts("IncludedSPSConsignmentItem", &certificate.items, item)
        .0
}

fn trader(trader: &Trader) -> Element {
    let lines = LINES.iter().zip(&trader.address);
    let address = lines.fold(Build::default(), |build, (local, line)| build.text(local, line));
    let build = trader.codes.iter().fold(Build::default().text("Name", &trader.name), |build, code| {
        build.attributed("TypeCode", &[("listName", &code.list)], &code.value)
    });
    build.part("SpecifiedSPSAddress", address.text("CityName", &trader.city).0).0
}

fn carriage(carriage: &Carriage) -> Element {
    let means = Build::default().words("Name", std::slice::from_ref(&carriage.means)).0;
    Build::default()
        .text("ID", &carriage.id)
        .attributed("ModeCode", &[("name", &carriage.mode_name)], &carriage.mode)
        .part("UsedSPSTransportMeans", means)
        .0
}

fn equipment(equipment: &Equipment) -> Element {
    Build::default()
        .text("ID", &equipment.id)
        .parts("AffixedSPSSeal", &equipment.seals, |seal| Build::default().text("ID", seal).0)
        .0
}

fn item(item: &Item) -> Element {
    Build::default()
        .part("NatureIdentificationSPSCargo", Build::default().text("TypeCode", &item.nature).0)
        .parts("IncludedSPSTradeLineItem", &item.lines, line)
        .0
}

fn line(line: &Line) -> Element {
    let build = Build::default()
        .text("SequenceNumeric", &line.number)
        .words("Description", &line.description)
        .words("CommonName", &line.common)
        .words("ScientificName", &line.scientific)
        .words("IntendedUse", &line.intended)
        .measure("NetWeightMeasure", line.net.as_ref())
        .measure("GrossWeightMeasure", line.gross.as_ref())
        .measure("NetVolumeMeasure", line.net_volume.as_ref())
        .measure("GrossVolumeMeasure", line.gross_volume.as_ref())
        .parts("AdditionalInformationSPSNote", &line.notes, note)
        .parts("ApplicableSPSClassification", &line.classes, class)
        .parts("PhysicalSPSPackage", &line.packages, package);
    origins(build, &line.origins).parts("AppliedSPSProcess", &line.treatments, treatment).0
}

fn class(class: &Class) -> Element {
    Build::default()
        .text("SystemName", &class.system)
        .text("ClassCode", &class.code)
        .words("ClassName", &class.name)
        .0
}

fn package(package: &Package) -> Element {
    Build::default()
        .text("LevelCode", &package.level)
        .text("TypeCode", &package.kind)
        .text("ItemQuantity", &package.quantity)
        .0
}

/// Regions of one country that follow each other stand in one element.
fn origins(build: Build, all: &[Origin]) -> Build {
    let runs = all.chunk_by(|one, next| {
        one.country == next.country && !next.region.is_empty() && !one.region.is_empty()
    });
    runs.fold(build, |build, run| {
        let Some(first) = run.first() else { return build };
        let country = Build::default()
            .attributed("ID", &[("schemeID", &first.country.scheme)], &first.country.id)
            .text("Name", &first.country.name);
        let country = run.iter().fold(country, |country, one| {
            let region =
                Build::default().text("Name", &one.region).text("HierarchicalLevelCode", &one.level).0;
            country.part("SubordinateSPSCountrySubDivision", region)
        });
        build.part("OriginSPSCountry", country.0)
    })
}

fn treatment(treatment: &Treatment) -> Element {
    let period = Build::default()
        .moment("StartDateTime", &treatment.start)
        .moment("EndDateTime", &treatment.end)
        .measure("DurationMeasure", treatment.duration.as_ref())
        .0;
    Build::default()
        .text("TypeCode", &treatment.kind)
        .part("CompletionSPSPeriod", period)
        .parts("ApplicableSPSProcessCharacteristic", &treatment.characteristics, characteristic)
        .parts("AdditionalInformationSPSNote", &treatment.notes, note)
        .0
}

fn characteristic(one: &Characteristic) -> Element {
    Build::default().words("Description", &one.description).measure("ValueMeasure", one.value.as_ref()).0
}
