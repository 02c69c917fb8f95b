//! A principal's own pages: what it has under way, how each movement stands, and the ways to declare: a message as a
//! file, or a form. The office enters here what came on paper while the system was down.

use askama::Template;
use customs::roles::GATE;
use customs::transit::Departure;
use formats::transit::write_xml;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Findings, Procedure as _};
use serde::Deserialize as _;
use serde_json::{Value, json};
use store::CaseRow;

use super::{Lodged, named, own_rows, paper, take};
use crate::ask::{Ask, Problem, Reply};
use crate::fields::{Fields, path_of};
use crate::frame::Frame;
use crate::notice::Notice;

#[derive(Template)]
#[template(path = "transit/mine.html")]
struct MinePage {
    frame: Frame,
    office: bool,
    given: Vec<(String, String)>,
    findings: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "transit/movement.html")]
struct MovementPage {
    frame: Frame,
    number: String,
    parts: Vec<PartOf>,
    papers: Vec<String>,
}

struct Row {
    href: String,
    number: String,
    role: String,
    stage: String,
    due: Option<Timestamp>,
}

/// One role of the movement: where it stands and what was told.
struct PartOf {
    role: String,
    stage: String,
    due: Option<Timestamp>,
    told: Vec<Told>,
}

struct Told {
    code: String,
    name: String,
    at: Option<Timestamp>,
    xml: String,
    json: String,
}

impl MinePage {
    /// What was filled in under a name.
    fn value(&self, name: &str) -> &str {
        self.given.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }
}

/// What is under way, and the forms.
///
/// # Errors
/// What the store says.
pub(crate) fn mine(ask: &Ask) -> Result<Reply, Problem> {
    drawn(ask, Vec::new(), Vec::new(), 200)
}

fn drawn(
    ask: &Ask,
    given: Vec<(String, String)>,
    findings: Vec<String>,
    status: u16,
) -> Result<Reply, Problem> {
    let frame = Frame::of(ask)?;
    let rows = own_rows(ask)?.iter().map(|row| row_of(&frame, row)).collect();
    let office = ask.role().is_some_and(|role| role == GATE);
    let page = MinePage { office, given, findings, rows, frame };
    Ok(Reply { status, ..Reply::html(page.render()?) })
}

fn row_of(frame: &Frame, row: &CaseRow) -> Row {
    Row {
        href: format!("/transit/mine/{}", path_of(row.id.key())),
        number: row.summary.title.clone(),
        role: frame.word("desks", row.id.desk()),
        stage: frame.word(&format!("stage.{}", row.id.desk()), &row.summary.stage),
        due: row.summary.due,
    }
}

/// Takes a message that came as a file.
///
/// # Errors
/// As the node says.
pub(crate) fn send(ask: &Ask) -> Result<Reply, Problem> {
    let file = ask.files.first().ok_or(Problem::BadForm)?;
    lodged(ask, &file.bytes, None, Vec::new())
}

/// Takes a declaration that was filled in.
///
/// # Errors
/// As the node says.
pub(crate) fn declare(ask: &Ask) -> Result<Reply, Problem> {
    let given: Vec<(String, String)> =
        NAMES.iter().map(|name| ((*name).to_owned(), ask.form.text(name).trim().to_owned())).collect();
    let bytes =
        write_xml("CC015C", &content(&ask.form, ask.now)).map_err(|why| Problem::Undrawn(why.to_string()))?;
    let stamped = ask.form.text("stamped").parse::<Date>().ok();
    lodged(ask, &bytes, stamped, given)
}

fn lodged(
    ask: &Ask,
    bytes: &[u8],
    on_paper: Option<Date>,
    given: Vec<(String, String)>,
) -> Result<Reply, Problem> {
    match take(ask, bytes, on_paper)? {
        Ok(Lodged { number, case, findings, .. }) => {
            if !findings.is_acceptable() {
                return drawn(ask, given, said(&findings), 200);
            }
            let told = Notice::done("told.lodged").with("number", number);
            Ok(ask.tell(told, &format!("/transit/mine/{}", path_of(case.key()))))
        }
        Err(findings) => drawn(ask, given, said(&findings), 422),
    }
}

fn said(findings: &Findings) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

/// How a movement stands, and what was told.
///
/// # Errors
/// [`Problem::NotFound`], also for another's.
pub(crate) fn one(ask: &Ask) -> Result<Reply, Problem> {
    let number = ask.params.text("number");
    let rows = named(ask, number)?;
    if rows.is_empty() {
        return Err(Problem::NotFound);
    }
    let frame = Frame::of(ask)?;
    let parts = rows.iter().map(|row| part_of(&frame, row, number)).collect();
    let departures = rows.iter().filter(|row| row.id.desk() == Departure::NAME);
    let printable = departures.filter(|row| {
        Departure::deserialize(&row.state).is_ok_and(|departure| paper::statement(&departure).is_some())
    });
    let papers = printable.map(|row| format!("/transit/papers/{}", path_of(row.id.key()))).collect();
    let page = MovementPage { number: number.to_owned(), parts, papers, frame };
    Ok(Reply::html(page.render()?))
}

fn part_of(frame: &Frame, row: &CaseRow, number: &str) -> PartOf {
    let told = super::told(row).into_iter().enumerate().map(|(at, notice)| {
        let code = notice["code"].as_str().unwrap_or_default().to_owned();
        let xml = format!("/transit/mine/{}/{at}", path_of(number));
        Told {
            name: frame.word("transit-message", &code),
            at: notice["at"].as_str().and_then(|at| at.parse().ok()),
            json: format!("{xml}?format=json"),
            xml,
            code,
        }
    });
    PartOf {
        role: frame.word("desks", row.id.desk()),
        stage: frame.word(&format!("stage.{}", row.id.desk()), &row.summary.stage),
        due: row.summary.due,
        told: told.collect(),
    }
}

/// The accompanying document.
///
/// # Errors
/// [`Problem::NotFound`] where there is none, also for another's.
pub(crate) fn accompanying(ask: &Ask) -> Result<Reply, Problem> {
    let rows = named(ask, ask.params.text("number"))?;
    let row = rows.iter().find(|row| row.id.desk() == Departure::NAME).ok_or(Problem::NotFound)?;
    let departure = Departure::deserialize(&row.state).map_err(|_| Problem::NotFound)?;
    let statement = paper::statement(&departure).ok_or(Problem::NotFound)?;
    let signed = ask.app.node.vouch(&statement).unwrap_or(statement);
    let name = &ask.app.node.identity().name;
    let printed = paper::accompanying(&departure, name, ask.language, &signed)
        .map_err(|why| Problem::Undrawn(why.to_string()))?;
    let bytes = printed.ok_or(Problem::NotFound)?;
    Ok(Reply::file("application/pdf", format!("{}.pdf", departure.mrn()), bytes))
}

/// The fields of the form.
const NAMES: &[&str] = &[
    "lrn",
    "departure",
    "transit",
    "destination",
    "holder",
    "grn",
    "code",
    "amount",
    "currency",
    "vehicle",
    "nationality",
    "container",
    "seals",
    "place",
    "lines",
    "stamped",
];

/// What was filled in, as a declaration (015). What is missing stays away and is found by the reader.
fn content(form: &Fields, now: Timestamp) -> Value {
    let at = TimeZone::UTC.to_datetime(now).strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let text = |name: &str| form.text(name).trim().to_owned();
    let (departure, destination) = (text("departure"), text("destination"));
    let country = |office: &str| office.get(..2).unwrap_or_default().to_owned();
    let lines: Vec<Value> =
        (1..).zip(form.text("lines").lines().filter(|line| !line.trim().is_empty())).map(line).collect();
    let mass = lines.iter().filter_map(|line| {
        line["Commodity"]["GoodsMeasure"]["grossMass"].as_str()?.parse::<rust_decimal::Decimal>().ok()
    });
    let mass = mass.sum::<rust_decimal::Decimal>().normalize().to_string();
    let offices: Vec<Value> = (1..)
        .zip(text("transit").split_whitespace())
        .map(|(at, office)| json!({ "sequenceNumber": at.to_string(), "referenceNumber": office }))
        .collect();
    let seals: Vec<Value> = (1..)
        .zip(text("seals").split_whitespace())
        .map(|(at, seal)| json!({ "sequenceNumber": at.to_string(), "identifier": seal }))
        .collect();
    let mut consignment = json!({ "countryOfDispatch": country(&departure), "countryOfDestination": country(&destination),
        "containerIndicator": if text("container").is_empty() { "0" } else { "1" }, "inlandModeOfTransport": "3",
        "modeOfTransportAtTheBorder": "3", "grossMass": mass,
        "LocationOfGoods": { "typeOfLocation": "A", "qualifierOfIdentification": "V",
            "CustomsOffice": { "referenceNumber": departure } },
        "DepartureTransportMeans": [{ "sequenceNumber": "1", "typeOfIdentification": "30",
            "identificationNumber": text("vehicle"), "nationality": text("nationality") }],
        "PlaceOfLoading": { "UNLocode": text("place") },
        "HouseConsignment": [{ "sequenceNumber": "1", "grossMass": mass, "ConsignmentItem": lines }] });
    if !text("container").is_empty() || !seals.is_empty() {
        let mut equipment = json!({ "sequenceNumber": "1", "numberOfSeals": seals.len().to_string() });
        if !text("container").is_empty() {
            equipment["containerIdentificationNumber"] = json!(text("container"));
        }
        if !seals.is_empty() {
            equipment["Seal"] = json!(seals);
        }
        consignment["TransportEquipment"] = json!([equipment]);
    }
    let holder = text("holder");
    let mut content = json!({ "@PhaseID": "NCTS5.1", "messageSender": holder, "messageRecipient": format!("NTA.{}", country(&departure)),
        "preparationDateAndTime": at, "messageIdentification": text("lrn"), "messageType": "CC015C",
        "TransitOperation": { "LRN": text("lrn"), "declarationType": "T1", "additionalDeclarationType": "A", "security": "0",
            "reducedDatasetIndicator": "0", "bindingItinerary": "0" },
        "CustomsOfficeOfDeparture": { "referenceNumber": departure },
        "CustomsOfficeOfDestinationDeclared": { "referenceNumber": destination },
        "HolderOfTheTransitProcedure": { "identificationNumber": holder },
        "Guarantee": [{ "sequenceNumber": "1", "guaranteeType": "1", "GuaranteeReference": [{ "sequenceNumber": "1",
            "GRN": text("grn"), "accessCode": text("code"), "amountToBeCovered": text("amount"), "currency": text("currency") }] }],
        "Consignment": consignment });
    if !offices.is_empty() {
        content["CustomsOfficeOfTransitDeclared"] = json!(offices);
    }
    content
}

/// One line of goods as it is written in the form: `code; what; how many; packed as; kilograms`.
fn line((at, text): (u32, &str)) -> Value {
    let mut parts = text.split(';').map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let (code, what, count, packed, mass) = (next(), next(), next(), next(), next());
    json!({ "goodsItemNumber": at.to_string(), "declarationGoodsItemNumber": at.to_string(),
        "Commodity": { "descriptionOfGoods": what,
            "CommodityCode": { "harmonizedSystemSubHeadingCode": code },
            "GoodsMeasure": { "grossMass": mass } },
        "Packaging": [{ "sequenceNumber": "1", "typeOfPackages": packed, "numberOfPackages": count, "shippingMarks": "-" }] })
}
