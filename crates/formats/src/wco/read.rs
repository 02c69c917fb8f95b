//! Declarations and responses from the tree of a WCO document.

use customs::declaration::{Declaration, Flow, Function, Outcome, Remark, Response};
use customs::terms::{
    Country, CustomsProcedure, GoodsLine, HsCode, Party, Place, QuotedCertificate, TransportMode,
};

use crate::acdd::read_pointer;
use crate::model::Node;
use crate::terms::{KILOGRAM, Terms, moment, party, text};

/// UN/EDIFACT 1001: goods declaration for exportation.
const GOODS_DECLARATION_EXPORT: &str = "830";

/// The declaration in a `MetaData`, or the bare one; `None` where there is none.
pub(crate) fn declaration(root: Node<'_, '_>, terms: &mut Terms<'_, '_>) -> Option<Declaration> {
    let node = if root.tag() == "Declaration" { root } else { root.child("Declaration")? };
    let country = text(root, &["ResponsibleCountryCode"]);
    let shipment = node.child("GoodsShipment");
    let below =
        |path: &[&'static str]| shipment.and_then(|shipment| shipment.text_at(path)).map(str::to_owned);
    let flow = flow(node);
    let reference = text(node, &["FunctionalReferenceID"]);
    let items = shipment.into_iter().flat_map(|shipment| shipment.children("GovernmentAgencyGoodsItem"));
    Some(Declaration {
        flow,
        function: function(&text(node, &["FunctionCode"])),
        number: node.text_at(&["ID"]).unwrap_or(&reference).to_owned(),
        reference,
        exporter: exporter(node, &country),
        importer: importer(node, flow, &country),
        agent: first(&[node.child("Agent"), node.child("Declarant")], &country),
        export_country: below(&["ExportCountry", "ID"]).map(Country::new),
        destination: below(&["Destination", "CountryCode"]).map(Country::new),
        departs: terms.day(shipment.and_then(|shipment| shipment.child("ExitDateTime"))),
        arrives: None,
        mode: node.text_at(&["BorderTransportMeans", "ModeCode"]).map(TransportMode::new),
        place: below(&["Consignment", "UnloadingLocation", "ID"]).map(Place::new),
        lines: items.map(|item| line(item, terms)).collect(),
        consent: None,
        country: Country::new(country),
    })
}

/// Which way the goods go: by the type of the declaration, else by whether an office of exit is named.
fn flow(declaration: Node<'_, '_>) -> Flow {
    let kind = declaration.text_at(&["TypeCode"]).unwrap_or_default();
    match kind.get(..2) {
        Some("EX" | "CO") => Flow::Export,
        Some("IM") => Flow::Import,
        _ if kind == GOODS_DECLARATION_EXPORT || declaration.child("ExitOffice").is_some() => Flow::Export,
        _ => Flow::Import,
    }
}

/// What a message does to an earlier one; notices of arrival (14) and the like speak of an original.
fn function(code: &str) -> Function {
    match code.trim_start_matches('0') {
        "1" => Function::Cancel,
        "4" | "5" => Function::Replace,
        "13" => Function::Request,
        _ => Function::Original,
    }
}

/// The first party anything is known of.
fn first(nodes: &[Option<Node<'_, '_>>], scheme: &str) -> Party {
    nodes.iter().map(|node| party(*node, scheme)).find(|party| !party.is_empty()).unwrap_or_default()
}

fn exporter(declaration: Node<'_, '_>, scheme: &str) -> Party {
    let below = |tag| declaration.down(&["GoodsShipment", tag]);
    let item = |tag| declaration.down(&["GoodsShipment", "GovernmentAgencyGoodsItem", tag]);
    let nodes = [
        declaration.child("Exporter"),
        below("Consignor"),
        below("Seller"),
        item("Consignor"),
        item("Seller"),
    ];
    first(&nodes, scheme)
}

fn importer(declaration: Node<'_, '_>, flow: Flow, scheme: &str) -> Party {
    let below = |tag| declaration.down(&["GoodsShipment", tag]);
    let item = declaration.down(&["GoodsShipment", "GovernmentAgencyGoodsItem", "Consignee"]);
    match flow {
        Flow::Export => first(&[below("Consignee"), item, below("Importer"), below("Buyer")], scheme),
        Flow::Import => first(&[below("Importer"), below("Consignee"), item, below("Buyer")], scheme),
    }
}

fn line(item: Node<'_, '_>, terms: &mut Terms<'_, '_>) -> GoodsLine {
    let commodity = item.child("Commodity");
    let measure = |tag| commodity.and_then(|commodity| commodity.down(&["GoodsMeasure", tag]));
    let tariff = terms.quantity(measure("TariffQuantity"), "");
    // Where the tariff's unit is the kilogram, declarations give the net mass and no further quantity; where the
    // unit of a further quantity is left to the tariff, the net mass is the one that can be compared.
    let with_unit = tariff.clone().filter(|quantity| !quantity.unit.as_str().is_empty());
    let quantity = with_unit.or_else(|| terms.quantity(measure("NetNetWeightMeasure"), KILOGRAM)).or(tariff);
    let price = commodity.and_then(|commodity| commodity.down(&["InvoiceLine", "ItemChargeAmount"]));
    let value = terms.money(price).or_else(|| terms.money(item.child("StatisticalValueAmount")));
    GoodsLine {
        item_no: item
            .text_at(&["SequenceNumeric"])
            .and_then(|number| number.parse().ok())
            .unwrap_or_default(),
        hs: hs(item, terms),
        description: text(item, &["Commodity", "Description"]),
        quantity,
        origin: item.text_at(&["Origin", "CountryCode"]).map(Country::new),
        gross: terms.quantity(measure("GrossMassMeasure"), KILOGRAM),
        value,
        quoted_export: quoted_export(item),
        certificates: certificates(item),
        scheme: None,
        procedure: procedure(item),
    }
}

/// The procedure of an item: the first that is one, since additional codes stand in further ones.
fn procedure(item: Node<'_, '_>) -> Option<CustomsProcedure> {
    let stated = item.child("GovernmentProcedure")?;
    let code = |tag| stated.text_at(&[tag]).unwrap_or_default().trim();
    let current = CustomsProcedure::read(code("CurrentCode"))?;
    match CustomsProcedure::read(code("PreviousCode")) {
        Some(previous) if previous.current != "00" => {
            Some(CustomsProcedure { previous: previous.current, ..current })
        }
        _ => Some(current),
    }
}

/// The phytosanitary and origin certificates an item quotes, by their UNTDID 1001 codes.
fn certificates(item: Node<'_, '_>) -> Vec<QuotedCertificate> {
    let documents = item.children("AdditionalDocument");
    let quoted = documents.filter_map(|document| {
        let code = document.text_at(&["TypeCode"])?;
        let (_, kind) = CERTIFICATES.iter().find(|(known, _)| *known == code)?;
        let number = document.text_at(&["ID"]).filter(|number| !number.is_empty())?;
        Some(QuotedCertificate { kind: (*kind).to_owned(), number: number.to_owned(), issuer: None })
    });
    quoted.collect()
}

/// UNTDID 1001: phytosanitary certificate, the same for re-export, certificate of origin, preference certificate.
const CERTIFICATES: &[(&str, &str)] =
    &[("851", "ephyto"), ("657", "ephyto"), ("861", "origin"), ("864", "form-d")];

/// The first of an item's classifications that is a commodity code.
fn hs(item: Node<'_, '_>, terms: &mut Terms<'_, '_>) -> Option<HsCode> {
    let commodity = item.child("Commodity")?;
    let ids = || commodity.children("Classification").filter_map(|class| class.child("ID"));
    ids().find_map(|id| HsCode::new(id.text()).ok()).or_else(|| terms.hs(ids().next()))
}

/// The foreign export declaration an item quotes as its previous document.
fn quoted_export(item: Node<'_, '_>) -> Option<String> {
    let mut documents = item.children("PreviousDocument");
    let export =
        documents.find(|document| document.text_at(&["TypeCode"]) == Some(GOODS_DECLARATION_EXPORT))?;
    export.text_at(&["ID"]).map(str::to_owned)
}

/// The responses in a `MetaData`, or the bare one.
pub(crate) fn responses(root: Node<'_, '_>) -> Vec<Response> {
    let country = text(root, &["ResponsibleCountryCode"]);
    if root.tag() == "Response" {
        return vec![response(root, &country)];
    }
    root.children("Response").map(|node| response(node, &country)).collect()
}

fn response(node: Node<'_, '_>, country: &str) -> Response {
    let errors = node.children("Error").map(|error| Remark {
        code: text(error, &["ValidationCode"]),
        pointer: read_pointer(error.children("Pointer")),
        text: text(error, &["Description"]),
    });
    let statements = node.children("AdditionalInformation").map(|statement| Remark {
        code: text(statement, &["StatementCode"]),
        pointer: read_pointer(statement.children("Pointer")),
        text: text(statement, &["StatementDescription"]),
    });
    Response {
        outcome: outcome(&text(node, &["FunctionCode"])),
        reference: text(node, &["FunctionalReferenceID"]),
        issued: node.text_at(&["IssueDateTime"]).and_then(moment),
        country: Country::new(country),
        number: text(node, &["Declaration", "ID"]),
        answers: text(node, &["Declaration", "FunctionalReferenceID"]),
        version: node.text_at(&["Declaration", "VersionID"]).and_then(|version| version.parse().ok()),
        remarks: errors.chain(statements).collect(),
    }
}

/// What a national notification says, in our words: 3 rejected, 10 invalidated, 5 to 9 and later a decision.
fn outcome(code: &str) -> Outcome {
    match code.trim_start_matches('0') {
        "3" | "27" => Outcome::Rejected,
        "10" => Outcome::Cancelled,
        "1" | "2" | "11" => Outcome::Accepted,
        _ => Outcome::Used,
    }
}
