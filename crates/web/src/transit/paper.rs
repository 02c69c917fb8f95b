//! The transit accompanying document and its list of items as a paper, with the movement's number in bars and a signed
//! statement in a square.

use customs::transit::Departure;
use customs::transit::departure::is_printable;
use customs::transit::wire::day;
use kernel::Digest;
use print::{Box, Column, Head, Mark, NotPrinted, Part, Sheet, Table, Text, Words};
use serde_json::Value;

use crate::language::Language;

/// Items on the first page; the list of items has them all where there are more.
const ITEMS_ON_FIRST: usize = 1;

/// What the square says: the movement, its way, its limit, and the digest of what was released; to be signed.
#[must_use]
pub fn statement(departure: &Departure) -> Option<String> {
    let (_, content) = released(departure)?;
    let text = |path: &str| content.pointer(path).and_then(Value::as_str).unwrap_or("-").to_owned();
    let limit = departure.limit().map_or_else(|| "-".to_owned(), |limit| limit.to_string());
    Some(format!(
        "sampan.statement/transit-1\n{}\n{}\n{}\n{limit}\n{}\n",
        departure.mrn(),
        text("/CustomsOfficeOfDeparture/referenceNumber"),
        text("/CustomsOfficeOfDestinationDeclared/referenceNumber"),
        Digest::of(&serde_json::to_vec(&content).unwrap_or_default()),
    ))
}

/// The release message (029), from which the paper is made; `None` before the release and after the end.
fn released(departure: &Departure) -> Option<(String, Value)> {
    let stage = kernel::Procedure::stage(departure)?;
    if !is_printable(stage) {
        return None;
    }
    let at = departure.notices().iter().rposition(|notice| notice.code == "CC029C")?;
    departure.message(at)
}

/// The paper; `None` where the movement is not one that may be printed.
///
/// # Errors
/// [`NotPrinted`].
pub fn accompanying(
    departure: &Departure,
    office: &str,
    language: Language,
    signed: &str,
) -> Result<Option<Vec<u8>>, NotPrinted> {
    let Some((_, content)) = released(departure) else { return Ok(None) };
    let content = Content(&content);
    let t = |key: &str| language.text(key).to_owned();
    let sheet = Sheet {
        head: Head {
            office: office.to_owned(),
            title: t("tad.title"),
            subtitle: t("tad.subtitle"),
            number: departure.mrn().to_owned(),
            language: language.code().to_owned(),
        },
        marks: vec![Mark::Code128(departure.mrn().to_owned()), Mark::Qr(signed.to_owned())],
        parts: parts(departure, &content, language),
        words: Words { page: t("tad.page"), sources: t("tad.sources"), goes_on: t("tad.goes-on") },
    };
    print::print(&sheet).map(Some)
}

struct Content<'c>(&'c Value);

impl Content<'_> {
    fn text(&self, path: &str) -> String {
        text(self.0, path)
    }

    fn list(&self, path: &str) -> Vec<&Value> {
        self.0.pointer(path).and_then(Value::as_array).into_iter().flatten().collect()
    }

    /// A trader as one text.
    fn party(&self, path: &str) -> String {
        let part = |name: &str| self.text(&format!("{path}/{name}"));
        let parts = [
            part("identificationNumber"),
            part("name"),
            part("Address/streetAndNumber"),
            part("Address/postcode"),
            part("Address/city"),
            part("Address/country"),
        ];
        joined(parts)
    }

    fn each(&self, path: &str, of: &str) -> String {
        joined(self.list(path).into_iter().map(|entry| text(entry, of)))
    }
}

fn text(value: &Value, path: &str) -> String {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn parts(departure: &Departure, content: &Content<'_>, language: Language) -> Vec<Part> {
    let items: Vec<Value> = content
        .list("/Consignment/HouseConsignment")
        .into_iter()
        .flat_map(|house| house["ConsignmentItem"].as_array().cloned().unwrap_or_default())
        .collect();
    let shelf = Shelf { language };
    let mut parts = vec![
        Part::Boxes(shelf.of_movement(departure, content, items.len())),
        Part::Heading(language.text("tad.list").to_owned()),
    ];
    if items.len() > ITEMS_ON_FIRST {
        parts.push(Part::Small(language.text("tad.see-list").into()));
    }
    let empty = |key: &str, lines: u8| shelf.of(key, String::new(), 1.0, lines);
    parts.push(Part::Boxes(vec![
        vec![empty("incidents", 4), empty("seals-new", 4)],
        vec![empty("passage", 3), empty("arrival", 3)],
    ]));
    if items.len() > ITEMS_ON_FIRST {
        parts.push(Part::NewPage);
        parts.push(Part::Heading(language.text("tad.list").to_owned()));
    }
    parts.push(Part::Table(list(&items, language)));
    parts
}

/// Makes the labelled boxes of the document.
struct Shelf {
    language: Language,
}

impl Shelf {
    fn of(&self, key: &str, value: String, share: f32, lines: u8) -> Box {
        Box {
            label: self.language.text(&format!("tad.{key}")).to_owned(),
            value: if value.is_empty() { "–".into() } else { value.into() },
            share,
            lines,
        }
    }

    /// What identifies the movement: numbers, offices, parties, route, means of transport, guarantee.
    fn of_movement(&self, departure: &Departure, content: &Content<'_>, items: usize) -> Vec<Vec<Box>> {
        let declaration = &departure.lodging().declaration;
        let limit = departure.limit().map_or_else(String::new, |limit| limit.to_string());
        let released = departure.released().map_or_else(String::new, |at| day(at).to_string());
        let route = joined(declaration.route().iter().map(ToString::to_string));
        let line = |key: &str, value: String, share: f32| self.of(key, value, share, 1);
        let text = |path: &str| content.text(path);
        let each = |list: &str, name: &str| content.each(list, name);
        vec![
            vec![
                line("lrn", text("/TransitOperation/LRN"), 1.0),
                line("type", text("/TransitOperation/declarationType"), 0.6),
                line("items", items.to_string(), 0.5),
                line("mass", text("/Consignment/grossMass"), 0.7),
            ],
            vec![
                line("departure", text("/CustomsOfficeOfDeparture/referenceNumber"), 1.0),
                line("transit", each("/CustomsOfficeOfTransitDeclared", "/referenceNumber"), 1.4),
                line("destination", text("/CustomsOfficeOfDestinationDeclared/referenceNumber"), 1.0),
            ],
            vec![self.of("holder", content.party("/HolderOfTheTransitProcedure"), 1.0, 2)],
            vec![
                self.of("consignor", content.party("/Consignment/Consignor"), 1.0, 2),
                self.of("consignee", content.party("/Consignment/Consignee"), 1.0, 2),
            ],
            vec![line("route", route, 1.0), line("released", released, 0.7), line("limit", limit, 0.7)],
            vec![
                line("vehicle", each("/Consignment/DepartureTransportMeans", "/identificationNumber"), 1.0),
                line(
                    "container",
                    each("/Consignment/TransportEquipment", "/containerIdentificationNumber"),
                    1.0,
                ),
                line("seals", joined(declaration.seals()), 1.0),
            ],
            vec![line("guarantee", guarantees(content), 1.0)],
        ]
    }
}

/// The references; what they cover is not printed (printing guidelines of the standard).
fn guarantees(content: &Content<'_>) -> String {
    let one = |guarantee: &Value| {
        let references = guarantee["GuaranteeReference"].as_array().cloned().unwrap_or_default();
        let each = references.iter().map(|it| text(it, "/GRN"));
        format!("{}: {}", text(guarantee, "/guaranteeType"), joined(each))
    };
    joined(content.list("/Guarantee").into_iter().map(one))
}

/// The list of items.
fn list(items: &[Value], language: Language) -> Table {
    let head = |key: &str, share: f32, is_number: bool| Column {
        head: language.text(&format!("tad.{key}")).to_owned(),
        share,
        is_number,
    };
    let rows = items.iter().map(|item| {
        let packages = item["Packaging"].as_array().cloned().unwrap_or_default();
        let packages = packages.iter().map(|it| {
            joined([text(it, "/numberOfPackages"), text(it, "/typeOfPackages"), text(it, "/shippingMarks")])
        });
        let code = format!(
            "{}{}",
            text(item, "/Commodity/CommodityCode/harmonizedSystemSubHeadingCode"),
            text(item, "/Commodity/CommodityCode/combinedNomenclatureCode"),
        );
        let documents = item["PreviousDocument"].as_array().cloned().unwrap_or_default();
        vec![
            Text::from(text(item, "/declarationGoodsItemNumber")),
            text(item, "/Commodity/descriptionOfGoods").into(),
            code.into(),
            joined(packages).into(),
            text(item, "/Commodity/GoodsMeasure/grossMass").into(),
            joined(documents.iter().map(|it| text(it, "/referenceNumber"))).into(),
        ]
    });
    Table {
        columns: vec![
            head("number", 0.4, true),
            head("goods", 2.4, false),
            head("code", 0.8, false),
            head("packages", 1.6, false),
            head("item-mass", 0.8, true),
            head("before", 1.0, false),
        ],
        rows: rows.collect(),
    }
}
